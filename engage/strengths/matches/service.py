"""Writes matches: their state, whom to ask and how, unmatching; and needs for which no strength was found."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.service import lock
from engage.database import SelectedRow, along
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.strengths.models import Match, Need
from engage.strengths.rules import MatchState
from engage.versions import claim_version

# For other fields, history stores only that they changed.
_KEPT = frozenset({"state", "asked_on", "ask_id"})


def move(membership: Membership, match: Match, version: int, to: MatchState) -> None:
    """Moves the match from any state to any other. Raises StaleVersion."""
    edit(membership, match, version, {"state": to, "asked_on": match.asked_on})


def edit(membership: Membership, match: Match, version: int, values: Mapping[str, object]) -> None:
    """Sets new values of fields by name. Raises StaleVersion.

    A match that was asked about gets a date: today if none is given.
    """
    claim_version(match, version)
    fields = dict(values)
    state = fields.get("state", match.state)
    if state is MatchState.TO_ASK:
        fields["asked_on"] = None
    elif fields.get("asked_on", match.asked_on) is None:
        fields["asked_on"] = clock.today(membership.coalition.time_zone)
    history.set_fields(membership, match, fields, _KEPT)


def may_unmatch(membership: Membership, match: Match) -> bool:
    """Returns whether the person may remove the match: coordinators any, members their own."""
    return membership.role is Role.COORDINATOR or match.created_by_id == membership.id


def unmatch(membership: Membership, match: Match) -> None:
    """Removes the match; the need and the strength stay. Raises WrongState."""
    if not may_unmatch(membership, match):
        raise WrongState(_("Someone else made this match. Ask them or a coordinator to remove it."))
    coalition_id, key = match.coalition_id, match.id
    try:
        with db.session.begin_nested():
            db.session.execute(sa.delete(Match).where(Match.coalition_id == coalition_id, Match.id == key))
    except IntegrityError:
        raise WrongState(_("An action in the plan came from this match, so it stays.")) from None
    history.record(coalition_id, membership.id, Match.__tablename__, key, "untied")


def hand_over(from_: Membership, to: Membership, actor: Membership, only: Collection[int]) -> int:
    """Changes the person to ask in those of the matches `only` that are open. Returns how many.

    A match is open while `from_` has yet to be asked or to answer.
    """
    waiting = sa.select(Match).where(*_waits_for(from_))
    found = [each for each in db.session.scalars(waiting) if each.id in only]
    for match in found:
        history.set_fields(actor, match, {"ask_id": to.id}, _KEPT)
        match.version += 1
    return len(found)


def matches_waiting_for(person: Membership) -> Sequence[SelectedRow]:
    """Returns the matches in which this person is to be asked or to answer: id, and the need's number and title."""
    rows = sa.select(Match.id, Need.number, Need.title).join(Need, along(Match.need_id, Need))
    return db.session.execute(rows.where(*_waits_for(person)).order_by(Need.number, Match.id)).all()


def _waits_for(person: Membership) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Match.coalition_id == person.coalition_id,
        Match.ask_id == person.id,
        Match.state.in_([MatchState.TO_ASK, MatchState.ASKED]),
    )


def has_live_match(need: Need) -> bool:
    """Returns whether the need has a match that was not declined."""
    live = sa.exists().where(
        Match.coalition_id == need.coalition_id,
        Match.need_id == need.id,
        Match.state != MatchState.DECLINED,
    )
    return bool(db.session.scalar(sa.select(live)))


def note_none_found(membership: Membership, need: Need) -> None:
    """Records that the coalition looked today and found no strength. Raises WrongState if the need has a match."""
    lock(need.coalition_id)
    if has_live_match(need):
        raise WrongState(_("This need already has a match. Remove it first, or mark it as declined."))
    if need.no_strength_on is None:
        _note(membership, need, clock.today(membership.coalition.time_zone))


def look_again(membership: Membership, need: Need) -> None:
    """Removes the note that no strength was found, so that the coalition looks for one again."""
    if need.no_strength_on is not None:
        _note(membership, need, None)


def _note(membership: Membership, need: Need, day: date | None) -> None:
    history.note(membership, need, "no_strength_on", old=need.no_strength_on, new=day)
    need.no_strength_on = day
