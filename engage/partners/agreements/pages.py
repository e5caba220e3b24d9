"""Builds the list of agreements and an agreement's page."""

from datetime import date

import sqlalchemy as sa
from msgspec import Struct, field

from engage.coalitions import queries as coalitions_queries
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.content import loader
from engage.database import along
from engage.dates import medium_day
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.agreements import labels, rules, service
from engage.partners.agreements.models import Agreement, AgreementMove
from engage.partners.agreements.rules import CurrentState
from engage.partners.models import Organization
from engage.partners.rules import AgreementState


class AgreementMoveWords(Struct, frozen=True):
    """A line of an agreement's history: what happened, until when, and the note."""

    what: str
    day: date
    note: str
    who: str


class MoveChoice(Struct, frozen=True):
    to: str
    label: str


class AgreementSheet(Struct, frozen=True):
    name: str
    organization: str
    organization_id: int
    standing: str
    tag: str
    # This sentence describes the agreement's dates; it is empty if there is nothing to say.
    ahead: str
    facts: list[tuple[str, str]]
    promises: list[tuple[str, str]] = field(default_factory=list)
    moves: list[AgreementMoveWords] = field(default_factory=list)
    choices: list[MoveChoice] = field(default_factory=list)
    sees_all: bool = False
    may_edit: bool = False
    may_renew: bool = False
    is_renewal_due: bool = False
    may_delete: bool = False
    naming: str = ""
    may_be_named: bool = False


def agreement_of(membership: Membership, number: int) -> Agreement | None:
    """Returns one of the coalition's agreements by its number."""
    row = sa.select(Agreement).where(
        Agreement.coalition_id == membership.coalition_id, Agreement.number == number
    )
    return db.session.scalar(row)


def sheet_of(membership: Membership, agreement: Agreement, today: date) -> AgreementSheet:
    """Returns everything on the agreement's page that this person may see."""
    organization = db.session.get_one(Organization, agreement.organization_id)
    stands = rules.current_state(agreement.state, agreement.ends_on, today)
    sees_all = may(membership.role, Permission.SEE_ALL)
    name = labels.name_of(agreement.kind, agreement.title if sees_all else "", organization.name)
    shown = {
        "name": name,
        "organization": organization.name,
        "organization_id": organization.id,
        "standing": str(labels.CURRENT_STATE_LABELS[stands]),
        "tag": labels.CURRENT_STATE_TAGS[stands],
        "ahead": _ahead(agreement, stands, today) if sees_all else "",
        "facts": [(label, text) for label, text in _facts(membership, agreement, organization) if text],
    }
    if not sees_all:
        return AgreementSheet(**shown)  # type: ignore[arg-type]
    may_edit = may(membership.role, Permission.EDIT_AGREEMENTS)
    return AgreementSheet(
        **shown,  # type: ignore[arg-type]
        promises=[
            (_("What we promised"), agreement.we_promised),
            (_("What %(organization)s promised", organization=organization.name), agreement.they_promised),
        ],
        moves=_moves(agreement),
        choices=_choices(agreement) if may_edit else [],
        sees_all=True,
        may_edit=may_edit,
        may_renew=may_edit and agreement.state is AgreementState.SIGNED,
        is_renewal_due=rules.is_time_to_renew(agreement.notice_on, agreement.ends_on, today),
        may_delete=may_edit and service.may_delete(agreement),
        naming=naming_words(agreement),
        may_be_named=agreement.may_be_named,
    )


def _facts(membership: Membership, agreement: Agreement, organization: Organization) -> list[tuple[str, str]]:
    sector = loader.content().sector(organization.sector).name
    found = [
        (_("Kind"), str(labels.KIND_LABELS[agreement.kind])),
        (_("Sector"), sector),
        (_("Signed on"), medium_day(agreement.signed_on)),
        (_("Ends on"), medium_day(agreement.ends_on)),
    ]
    if may(membership.role, Permission.SEE_ALL):
        begins = rules.renewal_begins(agreement.notice_on, agreement.ends_on)
        found += [
            (_("Review on"), medium_day(agreement.review_on)),
            (_("Renewal begins on"), medium_day(begins)),
            (
                _("Person responsible"),
                coalitions_queries.name_of(membership, agreement.owner_id) or _("No one yet"),
            ),
        ]
    return found


def _ahead(agreement: Agreement, stands: CurrentState, today: date) -> str:
    ends_on, review_on = agreement.ends_on, agreement.review_on
    if stands is CurrentState.EXPIRED and ends_on is not None:
        return _(
            "It ended on %(day)s (%(when)s). Renew it, or mark it as ended.",
            day=medium_day(ends_on),
            when=labels.until(ends_on, today),
        )
    if stands is not CurrentState.SIGNED:
        return ""
    begins = rules.renewal_begins(agreement.notice_on, ends_on)
    if ends_on is not None and begins is not None and begins <= today:
        return _(
            "It ends on %(day)s (%(when)s). Renew it now, or let it end.",
            day=medium_day(ends_on),
            when=labels.until(ends_on, today),
        )
    if review_on is not None and review_on <= today:
        return _("Its review was due on %(day)s.", day=medium_day(review_on))
    return ""


def naming_words(agreement: Agreement) -> str:
    """Says whether the organization may be named publicly, who allowed it and since when."""
    if agreement.named_on is None:
        return _("They have not given permission to be named publicly.")
    values = {"who": agreement.named_by, "day": medium_day(agreement.named_on)}
    if agreement.unnamed_on is None:
        return _("They may be named publicly: %(who)s said so on %(day)s.", **values)
    return _(
        "They may no longer be named publicly, since %(since)s. %(who)s gave permission on %(day)s.",
        since=medium_day(agreement.unnamed_on),
        **values,
    )


def _choices(agreement: Agreement) -> list[MoveChoice]:
    """Returns the possible moves, in the order in which an agreement usually goes."""
    return [
        MoveChoice(to.value, str(labels.MOVE_LABELS[to]))
        for to in AgreementState
        if to in rules.MOVES[agreement.state]
    ]


def _moves(agreement: Agreement) -> list[AgreementMoveWords]:
    """Returns the moves, newest first."""
    rows = (
        sa.select(AgreementMove, Membership.name)
        .outerjoin(Membership, along(AgreementMove.written_by_id, Membership))
        .where(
            AgreementMove.coalition_id == agreement.coalition_id, AgreementMove.agreement_id == agreement.id
        )
        .order_by(AgreementMove.id.desc())
    )
    return [
        AgreementMoveWords(_moved(move), move.happened_on, move.note, name or _("Former member"))
        for move, name in db.session.execute(rows)
    ]


def _moved(move: AgreementMove) -> str:
    if move.after is AgreementState.SIGNED:
        renewed = move.before is AgreementState.SIGNED
        if move.ends_on is None:
            return _("Renewed, with no end date") if renewed else _("Signed, with no end date")
        day = medium_day(move.ends_on)
        return _("Renewed until %(day)s", day=day) if renewed else _("Signed until %(day)s", day=day)
    if move.before is AgreementState.SIGNED and move.after is not AgreementState.ENDED:
        return _("Signature withdrawn: %(state)s", state=labels.STATE_LABELS[move.after])
    return str(labels.STATE_LABELS[move.after])
