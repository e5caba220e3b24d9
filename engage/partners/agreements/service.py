"""Writes agreements: recording, editing, moving, renewing, and allowing to name the organization publicly."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from engage import clock, history, snapshots
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.agreements import rules
from engage.partners.agreements.labels import STATE_LABELS
from engage.partners.agreements.models import Agreement, AgreementMove
from engage.partners.agreements.rules import AgreementDates, AgreementOrder
from engage.partners.rules import AgreementKind, AgreementState
from engage.snapshots import Snapshot
from engage.versions import claim_version

# The trash stores the numbers of agreements under this key.
NUMBERS = "agreement_numbers"
# History stores old and new values of these columns (states, dates and people). For texts it stores only that
# they changed.
_KEPT = frozenset(
    {
        "organization_id",
        "kind",
        "state",
        "owner_id",
        "signed_on",
        "review_on",
        "notice_on",
        "ends_on",
        "named_on",
        "unnamed_on",
    }
)


def free_number(coalition_id: int) -> int:
    """Returns the number of the next agreement, skipping those in the trash; the caller locks the coalition."""
    return snapshots.free_number(coalition_id, Agreement)


def create_agreement(
    membership: Membership,
    *,
    organization_id: int,
    kind: AgreementKind,
    state: AgreementState,
    since: date,
    **more: object,
) -> Agreement:
    """Records an agreement that is in `state` since a day; for a signed one, that is the day of signing.

    `more` are other columns by name. Raises FieldRefused on a date.
    """
    signed_on = since if state is AgreementState.SIGNED else None
    _not_later(membership, "since", since)
    _check_dates({**more, "signed_on": signed_on}, membership, signed="since")
    lock(membership.coalition_id)
    agreement = Agreement(
        coalition_id=membership.coalition_id,
        number=free_number(membership.coalition_id),
        organization_id=organization_id,
        kind=kind,
        state=state,
        signed_on=signed_on,
        created_at=clock.now(),
        created_by_id=membership.id,
        **more,
    )
    db.session.add(agreement)
    db.session.flush()
    _note_move(membership, agreement, None, since, "")
    return agreement


def edit_agreement(
    membership: Membership, agreement: Agreement, version: int, values: Mapping[str, object]
) -> None:
    """Sets new values of columns by name. Raises StaleVersion, and FieldRefused on a date."""
    if version == agreement.version:
        _check_dates(_with(agreement, values), membership)
    claim_version(agreement, version)
    signed_before = agreement.signed_on
    _set_all(membership, agreement, values)
    if agreement.signed_on is not None and agreement.signed_on != signed_before:
        _date_last_signature(agreement)


def move_agreement(
    membership: Membership,
    agreement: Agreement,
    version: int,
    to: AgreementState,
    happened_on: date,
    note: str = "",
    dates: Mapping[str, date | None] | None = None,
) -> None:
    """Moves the agreement to another state on a day; signing also sets `dates` (review, notice, end).

    Dates are given by name. Raises WrongState, StaleVersion, and FieldRefused on `happened_on`, `note` or a
    date.
    """
    before = agreement.state
    values: dict[str, object] = {"state": to, **(dates or {})}
    if to is AgreementState.SIGNED:
        values["signed_on"] = happened_on
    elif to is not AgreementState.ENDED:
        # The agreement is no longer signed; its moves still say that it was, and when.
        values["signed_on"] = None
    if version == agreement.version:
        _check_move(membership, agreement, to, happened_on, note)
        _check_dates(_with(agreement, values), membership, signed="happened_on")
    claim_version(agreement, version)
    _set_all(membership, agreement, values)
    _note_move(membership, agreement, before, happened_on, note)


def renew_agreement(
    membership: Membership,
    agreement: Agreement,
    version: int,
    signed_on: date,
    dates: Mapping[str, date | None],
    note: str = "",
) -> None:
    """Renews the signature, until a later day or without an end. Raises WrongState, FieldRefused, StaleVersion."""
    values = {"signed_on": signed_on, **dates}
    if version == agreement.version:
        still_signed(agreement)
        _check_day(membership, agreement, signed_on)
        ends_on = dates.get("ends_on")
        if ends_on is not None and agreement.ends_on is not None and ends_on <= agreement.ends_on:
            raise FieldRefused("ends_on", _("Choose a day after its current end."))
        _check_dates(_with(agreement, values), membership, signed="happened_on")
    claim_version(agreement, version)
    _set_all(membership, agreement, values)
    _note_move(membership, agreement, AgreementState.SIGNED, signed_on, note)


def allow_naming(
    membership: Membership, agreement: Agreement, version: int, named_by: str, named_on: date
) -> None:
    """Records who in the organization allowed it to be named, and when. Raises StaleVersion, FieldRefused."""
    _not_later(membership, "named_on", named_on)
    claim_version(agreement, version)
    values = {"named_by": named_by, "named_on": named_on, "unnamed_on": None}
    _set_all(membership, agreement, values)


def withdraw_naming(membership: Membership, agreement: Agreement, version: int, unnamed_on: date) -> None:
    """Records the day from which the organization may no longer be named; who allowed it stays on record.

    Raises WrongState, FieldRefused, StaleVersion.
    """
    if version == agreement.version:
        still_named(agreement)
        _not_later(membership, "unnamed_on", unnamed_on)
        if agreement.named_on is not None and unnamed_on < agreement.named_on:
            message = _("This is before they gave permission. Choose that day or a later one.")
            raise FieldRefused("unnamed_on", message)
    claim_version(agreement, version)
    _set_all(membership, agreement, {"unnamed_on": unnamed_on})


def may_delete(agreement: Agreement) -> bool:
    """Returns whether the agreement was never signed. A signed agreement is ended instead."""
    signed = sa.exists().where(
        AgreementMove.coalition_id == agreement.coalition_id,
        AgreementMove.agreement_id == agreement.id,
        AgreementMove.after == AgreementState.SIGNED,
    )
    return not db.session.scalar(sa.select(signed))


def delete_agreement(membership: Membership, agreement: Agreement) -> Snapshot:
    """Moves the agreement to the trash, with its links. Raises WrongState."""
    lock(agreement.coalition_id)
    if not may_delete(agreement):
        raise WrongState(_("It was signed once, so it stays on record. Say that it has ended instead."))
    return trash_service.put(membership, agreement)


def agreements_held_by(person: Membership) -> list[Agreement]:
    """Returns the current agreements that this person looks after, by number."""
    rows = sa.select(Agreement).where(
        Agreement.coalition_id == person.coalition_id,
        Agreement.owner_id == person.id,
        Agreement.state.in_(rules.CURRENT),
    )
    return list(db.session.scalars(rows.order_by(Agreement.number)))


def hand_over(from_: Membership, to: Membership, actor: Membership, only: Collection[int]) -> int:
    """Gives those of the agreements `only` that `from_` looks after to another person. Returns their number."""
    found = [each for each in agreements_held_by(from_) if each.id in only]
    for agreement in found:
        _set_all(actor, agreement, {"owner_id": to.id})
        agreement.version += 1
    return len(found)


# -- shared parts


def check_way(agreement: Agreement, to: AgreementState) -> None:
    """Raises WrongState if no move leads to that state."""
    if to not in rules.MOVES[agreement.state]:
        old, new = STATE_LABELS[agreement.state], STATE_LABELS[to]
        raise WrongState(_("The agreement cannot change from %(old)s to %(new)s.", old=old, new=new))


def still_signed(agreement: Agreement) -> Agreement:
    """Returns the agreement. Raises WrongState if it is not signed."""
    if agreement.state is not AgreementState.SIGNED:
        raise WrongState(_("Only a signed agreement can be renewed."))
    return agreement


def still_named(agreement: Agreement) -> Agreement:
    """Returns the agreement. Raises WrongState if it may not be named publicly."""
    if not agreement.may_be_named:
        raise WrongState(
            _("They have not given permission to be named publicly, so there is nothing to withdraw.")
        )
    return agreement


def _set_all(membership: Membership, agreement: Agreement, values: Mapping[str, object]) -> None:
    # All changes are in one flush, because the database would refuse a state without its date.
    with db.session.no_autoflush:
        history.set_fields(membership, agreement, values, _KEPT)


def _note_move(
    membership: Membership, agreement: Agreement, before: AgreementState | None, day: date, note: str
) -> None:
    db.session.add(
        AgreementMove(
            coalition_id=agreement.coalition_id,
            agreement_id=agreement.id,
            before=before,
            after=agreement.state,
            happened_on=day,
            ends_on=agreement.ends_on if agreement.state is AgreementState.SIGNED else None,
            note=note,
            written_at=clock.now(),
            written_by_id=membership.id,
        )
    )


def _last_move(agreement: Agreement, *where: sa.ColumnElement[bool]) -> AgreementMove | None:
    rows = (
        sa.select(AgreementMove)
        .where(
            AgreementMove.coalition_id == agreement.coalition_id,
            AgreementMove.agreement_id == agreement.id,
            *where,
        )
        .order_by(AgreementMove.id.desc())
        .limit(1)
    )
    with db.session.no_autoflush:
        return db.session.scalar(rows)


def _date_last_signature(agreement: Agreement) -> None:
    """Corrects a wrong date of the last signature, also in the agreement's moves."""
    move = _last_move(agreement, AgreementMove.after == AgreementState.SIGNED)
    if move is not None and agreement.signed_on is not None:
        move.happened_on, move.ends_on = agreement.signed_on, agreement.ends_on


def _check_day(membership: Membership, agreement: Agreement, day: date) -> None:
    """Checks that a move is neither later than today nor before the last one."""
    _not_later(membership, "happened_on", day)
    last = _last_move(agreement)
    if last is not None and day < last.happened_on:
        raise FieldRefused(
            "happened_on", _("This is before the last change. Choose the same day or a later one.")
        )


def _check_move(
    membership: Membership, agreement: Agreement, to: AgreementState, day: date, note: str
) -> None:
    check_way(agreement, to)
    if rules.asks_why(agreement.state, to) and not note.strip():
        raise FieldRefused("note", _("Say why, so that it is clear later."))
    _check_day(membership, agreement, day)


def _not_later(membership: Membership, field: str, day: date) -> None:
    if day > clock.today(membership.coalition.time_zone):
        raise FieldRefused(field, _("This day is in the future. Choose today or an earlier day."))


def _with(agreement: Agreement, values: Mapping[str, object]) -> dict[str, object]:
    """Returns the dates that the agreement would have with these values."""
    names = ("signed_on", "review_on", "notice_on", "ends_on")
    return {name: values.get(name, getattr(agreement, name)) for name in names}


def _check_dates(values: Mapping[str, Any], membership: Membership, signed: str = "signed_on") -> None:
    """Raises FieldRefused on an impossible date; `signed` names the field of the signature's day.

    It runs before anything is set, so that a page with an error finds the row unchanged.
    """
    names = ("signed_on", "review_on", "notice_on", "ends_on")
    dates = AgreementDates(*(values.get(name) for name in names))
    wrong = dates.wrong(clock.today(membership.coalition.time_zone))
    if wrong is None:
        return
    field, message = {
        AgreementOrder.SIGNED_LATER: (
            signed,
            _("This day is in the future. Choose today or an earlier day."),
        ),
        AgreementOrder.ENDS_BEFORE_SIGNING: (
            "ends_on",
            _("It would end before it was signed. Choose a later day, or check the date it was signed."),
        ),
        AgreementOrder.REVIEW_BEFORE_SIGNING: (
            "review_on",
            _("The review would be before it was signed. Choose a later day."),
        ),
        AgreementOrder.NOTICE_WITHOUT_END: (
            "ends_on",
            _("Enter the end date first: the renewal starts before it."),
        ),
        AgreementOrder.NOTICE_AFTER_END: ("notice_on", _("This is after the end. Choose a day before it.")),
    }[wrong]
    raise FieldRefused(field, message)
