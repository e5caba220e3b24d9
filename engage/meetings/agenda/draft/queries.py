"""Reads what meetings and partners propose for an agenda: unreached lines, decisions to review, agreements.

Each list has only the most urgent ones, with the total number.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.coalitions.models import Membership
from engage.database import SelectedRow, Selection, along
from engage.extensions import db
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.meetings.rules import Outcome
from engage.partners.agreements.models import Agreement
from engage.partners.models import Organization
from engage.partners.rules import AgreementState

# An agreement is proposed if it ends within this many days after the meeting.
RUNNING_OUT_DAYS = 60
# More rows than any agenda has, so that rows already on the agenda can be removed afterwards.
FETCHED = 120


class NotReached(Struct, frozen=True):
    """A line of an earlier agenda that was not reached and is not yet on another agenda."""

    id: int
    title: str
    minutes: int
    about: str
    output: str


class LastMeeting(Struct, frozen=True):
    """The previous meeting that was held: the last one of the same kind and group, else the last one of any kind."""

    id: int
    title: str
    starts_at: datetime
    lines: tuple[NotReached, ...]


class DueDecision(Struct, frozen=True):
    number: int
    text: str
    review_on: date


class DueAgreement(Struct, frozen=True):
    """A signed agreement for which a date is due: its end, the day to give notice, or its review."""

    number: int
    organization: str
    ends_on: date | None
    notice_on: date | None
    review_on: date | None


def last_meeting(meeting: Meeting, now: datetime) -> LastMeeting | None:
    """Returns the last meeting, with the lines that were not reached and not put on another agenda since."""
    alike = sa.and_(
        Meeting.kind == meeting.kind, sa.func.coalesce(Meeting.group_id, 0) == (meeting.group_id or 0)
    )
    earlier = (
        sa.select(Meeting.id, Meeting.title, Meeting.starts_at)
        .where(Meeting.coalition_id == meeting.coalition_id, Meeting.starts_at < meeting.starts_at)
        .where(Meeting.starts_at <= now)
        .order_by(sa.case((alike, 0), else_=1), Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(1)
    )
    found = db.session.execute(earlier).first()
    if found is None:
        return None
    carried = aliased(AgendaItem)
    rows = (
        sa.select(AgendaItem.id, AgendaItem.title, AgendaItem.minutes, AgendaItem.about, AgendaItem.output)
        .where(
            AgendaItem.coalition_id == meeting.coalition_id,
            AgendaItem.meeting_id == found.id,
            AgendaItem.outcome == Outcome.NOT_REACHED,
            ~sa.exists().where(carried.carried_from_id == AgendaItem.id),
        )
        .order_by(AgendaItem.position, AgendaItem.id)
    )
    lines = tuple(NotReached(**row._mapping) for row in db.session.execute(rows))
    return LastMeeting(**found._mapping, lines=lines)


def _counted(rows: Selection) -> tuple[Sequence[SelectedRow], int]:
    """Returns the first rows and the total number in one query."""
    found = db.session.execute(rows.add_columns(sa.func.count().over().label("total")).limit(FETCHED)).all()
    return found, found[0].total if found else 0


def due_decisions(membership: Membership, on: date) -> tuple[list[DueDecision], int]:
    """Returns decisions due for review by this day, the longest due first, and their total number."""
    rows, total = _counted(
        sa.select(Decision.number, Decision.text, Decision.review_on)
        .where(Decision.coalition_id == membership.coalition_id, Decision.review_on <= on)
        .order_by(Decision.review_on, Decision.number)
    )
    return [DueDecision(row.number, row.text, row.review_on) for row in rows], total


def due_agreements(membership: Membership, on: date) -> tuple[list[DueAgreement], int]:
    """Returns signed agreements that ended or end soon, or whose notice or review is due by this day."""
    soon = on + timedelta(days=RUNNING_OUT_DAYS)
    due = sa.or_(Agreement.ends_on <= soon, Agreement.notice_on <= on, Agreement.review_on <= on)
    rows, total = _counted(
        sa.select(
            Agreement.number,
            Organization.name,
            Agreement.ends_on,
            Agreement.notice_on,
            Agreement.review_on,
        )
        .join(Organization, along(Agreement.organization_id, Organization))
        .where(
            Agreement.coalition_id == membership.coalition_id, Agreement.state == AgreementState.SIGNED, due
        )
        .order_by(
            sa.func.coalesce(Agreement.ends_on, Agreement.notice_on, Agreement.review_on), Agreement.number
        )
    )
    return [
        DueAgreement(row.number, row.name, row.ends_on, row.notice_on, row.review_on) for row in rows
    ], total
