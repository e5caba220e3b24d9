"""Finds what meetings and partners propose for an agenda: lines not reached, decisions to review, agreements.

Each list holds the most urgent ones, with the total number.
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

# An agreement that ends within this many days after the meeting is proposed for it.
RUNNING_OUT_DAYS = 60
# This is more rows than any agenda holds, so that those already on the agenda can be left out afterwards.
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
    """A signed agreement with a date that is due: its end, the day to give notice, or its review."""

    number: int
    organization: str
    ends_on: date | None
    notice_on: date | None
    review_on: date | None


def last_meeting(meeting: Meeting, now: datetime) -> LastMeeting | None:
    """Returns the last meeting, without lines that were already carried over or put on another agenda."""
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
    return LastMeeting(*found, tuple(NotReached(*row) for row in db.session.execute(rows)))


def _counted(rows: Selection) -> tuple[Sequence[SelectedRow], int]:
    """Returns the first rows and the total number in one query."""
    found = db.session.execute(rows.add_columns(sa.func.count().over().label("total")).limit(FETCHED)).all()
    return found, found[0].total if found else 0


def due_decisions(membership: Membership, on: date) -> tuple[list[DueDecision], int]:
    """Returns decisions to review by this day, the longest due first, and their total number."""
    rows, total = _counted(
        sa.select(Decision.number, Decision.text, Decision.review_on)
        .where(Decision.coalition_id == membership.coalition_id, Decision.review_on <= on)
        .order_by(Decision.review_on, Decision.number)
    )
    return [DueDecision(row.number, row.text, row.review_on) for row in rows], total


def due_agreements(membership: Membership, on: date) -> tuple[list[DueAgreement], int]:
    """Returns signed agreements that have ended or end soon, or whose notice or review is due by this day."""
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
