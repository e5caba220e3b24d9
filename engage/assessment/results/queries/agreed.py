"""Reads what the group did with a closed round: its agreed values, and the indicators it wants to talk about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from msgspec import Struct

from engage.assessment.languages import as_read
from engage.assessment.models import AgreedValue, DiscussionPoint, Round
from engage.coalitions.models import Membership
from engage.database import along
from engage.extensions import db
from engage.meetings.held import MeetingRef
from engage.meetings.models import Meeting


def agreed_row(round_: Round, indicator: str) -> AgreedValue | None:
    """Returns the row of an indicator's agreed value, with its version, even if the value was withdrawn."""
    return db.session.scalar(
        sa.select(AgreedValue).where(
            AgreedValue.coalition_id == round_.coalition_id,
            AgreedValue.round_id == round_.id,
            AgreedValue.indicator == indicator,
        )
    )


class Agreed(Struct, frozen=True):
    """A value that the group settled on for an indicator: 0 to 4 in halves, why, when, where, and who recorded it."""

    value: float
    reason: str
    agreed_on: date
    set_by: str | None
    meeting: MeetingRef | None = None


def agreed_of(round_: Round) -> dict[str, Agreed]:
    """Returns a round's agreed values by indicator."""
    return agreed_in([round_]).get(round_.id, {})


def agreed_in(rounds: Sequence[Round]) -> dict[int, dict[str, Agreed]]:
    """Returns the agreed values of several rounds, by the round's id and by indicator."""
    rows = (
        sa.select(
            AgreedValue.round_id,
            AgreedValue.indicator,
            AgreedValue.value,
            AgreedValue.reason,
            AgreedValue.agreed_on,
            Membership.name,
            AgreedValue.meeting_id,
            Meeting.title,
            Meeting.starts_at,
        )
        .outerjoin(Membership, along(AgreedValue.set_by_id, Membership))
        .outerjoin(Meeting, along(AgreedValue.meeting_id, Meeting))
        .where(
            AgreedValue.round_id.in_([round_.id for round_ in rounds]),
            AgreedValue.value.is_not(None),
        )
    )
    found: dict[int, dict[str, Agreed]] = {}
    for row in db.session.execute(rows):
        met = MeetingRef(row.meeting_id, row.title, row.starts_at) if row.meeting_id is not None else None
        agreed = Agreed(row.value, row.reason, row.agreed_on, row.name, met)
        found.setdefault(row.round_id, {})[row.indicator] = agreed
    return found


class AgreedAtMeeting(Struct, frozen=True):
    """A value that a meeting settled on.

    Area and title are in the round's own words. If the round is open, there are no results to link to.
    """

    round_id: int
    round_title: str
    indicator: str
    area_key: str
    title: str
    value: float
    is_shown: bool

    @property
    def number(self) -> str:
        return f"{self.value:.1f}"


def agreed_at(membership: Membership, meeting_id: int) -> list[AgreedAtMeeting]:
    """Returns the values that this meeting settled on, the latest round first, in the order of its questions."""
    rows = sa.select(AgreedValue.round_id, AgreedValue.indicator, AgreedValue.value).where(
        AgreedValue.coalition_id == membership.coalition_id,
        AgreedValue.meeting_id == meeting_id,
        AgreedValue.value.is_not(None),
    )
    values = {(round_id, key): value for round_id, key, value in db.session.execute(rows)}
    if not values:
        return []
    rounds = sa.select(Round.id, Round.title, Round.closed_at, Round.questions).where(
        Round.coalition_id == membership.coalition_id, Round.id.in_({id_ for id_, _key in values})
    )
    return [
        AgreedAtMeeting(
            round_.id, round_.title, each.key, area.key, each.title, value, round_.closed_at is not None
        )
        for round_ in db.session.execute(rounds.order_by(Round.id.desc()))
        for area in as_read(round_.questions).areas
        for each in area.questions
        if (value := values.get((round_.id, each.key))) is not None
    ]


class ToDiscuss(Struct, frozen=True):
    """An indicator that someone wants to talk about. Area and title are in the round's own words."""

    round_id: int
    round_title: str
    indicator: str
    area: str
    title: str
    added_by_id: int | None
    added_by: str | None


def discussion_points(membership: Membership) -> list[ToDiscuss]:
    """Returns the indicators for the next meeting to discuss, the latest round first, in the order of questions."""
    marks = _marks(DiscussionPoint.coalition_id == membership.coalition_id)
    rounds = sa.select(Round).where(Round.coalition_id == membership.coalition_id, Round.id.in_(marks))
    found = []
    for round_ in db.session.scalars(rounds.order_by(Round.closed_at.desc(), Round.id.desc())):
        of_round = marks[round_.id]
        for area in as_read(round_.questions).areas:
            for each in area.questions:
                if (mark := of_round.get(each.key)) is not None:
                    title = round_.title
                    found.append(ToDiscuss(round_.id, title, each.key, area.name, each.title, *mark))
    return found


Mark = tuple[int | None, str | None]


def to_discuss(round_: Round) -> dict[str, Mark]:
    """Returns by indicator who put it on the list to talk about, as (membership id, name)."""
    return _marks(DiscussionPoint.round_id == round_.id).get(round_.id, {})


def _marks(*where: sa.ColumnElement[bool]) -> dict[int, dict[str, Mark]]:
    rows = (
        sa.select(
            DiscussionPoint.round_id, DiscussionPoint.indicator, DiscussionPoint.added_by_id, Membership.name
        )
        .outerjoin(Membership, along(DiscussionPoint.added_by_id, Membership))
        .where(*where)
    )
    found: dict[int, dict[str, Mark]] = {}
    for round_id, indicator, added_by_id, name in db.session.execute(rows):
        found.setdefault(round_id, {})[indicator] = (added_by_id, name)
    return found
