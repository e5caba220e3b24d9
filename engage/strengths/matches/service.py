"""Writes of matches: where one stands, whom to ask and how, untying; and a need for which none was found."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.service import lock
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.history import Value
from engage.strengths.models import Match, Need
from engage.strengths.rules import MatchState
from engage.versions import claim_version

# Of the others history notes that they changed, and not what they say.
_KEPT = frozenset({"state", "asked_on", "ask_id"})


def move(membership: Membership, match: Match, version: int, to: MatchState) -> None:
    """Any state to any other. Raises StaleVersion."""
    edit(membership, match, version, {"state": to, "asked_on": match.asked_on})


def edit(membership: Membership, match: Match, version: int, values: Mapping[str, object]) -> None:
    """New values of fields by name. What has been asked has a date: today where none is given. Raises
    StaleVersion."""
    claim_version(match, version)
    fields = dict(values)
    state = fields.get("state", match.state)
    if state is MatchState.TO_ASK:
        fields["asked_on"] = None
    elif fields.get("asked_on", match.asked_on) is None:
        fields["asked_on"] = clock.today(membership.coalition.time_zone)
    for field, new in fields.items():
        _set(membership, match, field, new)


def _set(membership: Membership, match: Match, field: str, new: object) -> None:
    old = getattr(match, field)
    if old == new:
        return
    kept: dict[str, Value] = {"old": old, "new": new} if field in _KEPT else {}  # type: ignore[dict-item]
    history.record(match.coalition_id, membership.id, Match.__tablename__, match.id, field, **kept)
    setattr(match, field, new)


def may_untie(membership: Membership, match: Match) -> bool:
    """Coordinators any, a member what they tied."""
    return membership.role is Role.COORDINATOR or match.created_by_id == membership.id


def untie(membership: Membership, match: Match) -> None:
    """The two are no longer tied together; both stay. Raises WrongState."""
    if not may_untie(membership, match):
        raise WrongState(_("Somebody else tied these together. Ask them or a coordinator to untie them."))
    coalition_id, key = match.coalition_id, match.id
    try:
        with db.session.begin_nested():
            db.session.execute(sa.delete(Match).where(Match.coalition_id == coalition_id, Match.id == key))
    except IntegrityError:
        raise WrongState(_("An action of the plan came from this match, so it stays.")) from None
    history.record(coalition_id, membership.id, Match.__tablename__, key, "untied")


def hand_over(from_: Membership, to: Membership | None, actor: Membership) -> int:
    """The matches about which `from_` was to be asked, or has not answered yet: another is, or nobody is named.
    How many moved."""
    found = list(db.session.scalars(sa.select(Match).where(*_waits_for(from_))))
    for match in found:
        _set(actor, match, "ask_id", to.id if to is not None else None)
        match.version += 1
    return len(found)


def needs_waiting_for(person: Membership) -> list[Need]:
    """The needs for which this person is to be asked, or has not answered yet, by number."""
    rows = sa.select(Need).join(Match, along(Match.need_id, Need)).where(*_waits_for(person))
    return list(db.session.scalars(rows.order_by(Need.number, Match.id)))


def _waits_for(person: Membership) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Match.coalition_id == person.coalition_id,
        Match.ask_id == person.id,
        Match.state.in_([MatchState.TO_ASK, MatchState.ASKED]),
    )


def has_live_match(need: Need) -> bool:
    """Whether a strength is tied to it that was not declined."""
    live = sa.exists().where(
        Match.coalition_id == need.coalition_id,
        Match.need_id == need.id,
        Match.state != MatchState.DECLINED,
    )
    return bool(db.session.scalar(sa.select(live)))


def note_none_found(membership: Membership, need: Need) -> None:
    """The coalition looked and found no strength, today. Raises WrongState where one is tied to the need."""
    lock(need.coalition_id)
    if has_live_match(need):
        raise WrongState(
            _("A strength is tied to this need already. Untie it first, or say that they declined.")
        )
    if need.no_strength_on is None:
        _note(membership, need, clock.today(membership.coalition.time_zone))


def look_again(membership: Membership, need: Need) -> None:
    """Taken back: the coalition looks for a strength again."""
    if need.no_strength_on is not None:
        _note(membership, need, None)


def _note(membership: Membership, need: Need, day: date | None) -> None:
    history.record(
        need.coalition_id,
        membership.id,
        Need.__tablename__,
        need.id,
        "no_strength_on",
        old=need.no_strength_on,
        new=day,
    )
    need.no_strength_on = day
