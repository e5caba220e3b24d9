"""Reads and writes reviews of a plan: what was agreed at one, and notes on each goal."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage import clock, history, versions
from engage.coalitions.models import Membership
from engage.database import along
from engage.extensions import db
from engage.meetings.held import keep_meeting
from engage.plan.changes.rules import ChangePeriod
from engage.plan.models import Plan
from engage.plan.review.models import Review, ReviewNote


class ReviewLine(Struct, frozen=True):
    """A review in a list."""

    id: int
    plan_id: int
    plan: str
    since: date
    until: date
    held_on: date

    @property
    def period(self) -> ChangePeriod:
        return ChangePeriod(self.since, self.until)


def reviews_of(membership: Membership) -> list[ReviewLine]:
    """Returns the coalition's reviews, latest first, in one query."""
    return _lines(membership)


def reviews_at(membership: Membership, meeting_id: int) -> list[ReviewLine]:
    """Returns the reviews that this meeting made."""
    return _lines(membership, Review.meeting_id == meeting_id)


def _lines(membership: Membership, *where: sa.ColumnElement[bool]) -> list[ReviewLine]:
    rows = (
        sa.select(
            Review.id, Review.plan_id, Plan.title.label("plan"), Review.since, Review.until, Review.held_on
        )
        .join(Plan, along(Review.plan_id, Plan))
        .where(Review.coalition_id == membership.coalition_id, *where)
        .order_by(Review.held_on.desc(), Review.id.desc())
    )
    return [ReviewLine(**row._mapping) for row in db.session.execute(rows)]


def review_of(membership: Membership, review_id: int) -> Review | None:
    """Returns this coalition's review with this id."""
    return db.session.scalar(
        sa.select(Review).where(Review.coalition_id == membership.coalition_id, Review.id == review_id)
    )


def notes_of(review: Review) -> dict[int, str]:
    """Returns the review's notes by the goal's id."""
    rows = sa.select(ReviewNote.goal_id, ReviewNote.text).where(
        ReviewNote.coalition_id == review.coalition_id, ReviewNote.review_id == review.id
    )
    return {row.goal_id: row.text for row in db.session.execute(rows)}


# -- writing


def hold(
    membership: Membership,
    plan: Plan,
    period: ChangePeriod,
    fields: Mapping[str, Any],
    notes: Mapping[int, str],
) -> Review:
    """Records a review with its notes by goal; leaves out empty ones. Raises WrongState if its meeting is gone."""
    keep_meeting(membership, fields["meeting_id"])
    review = Review(
        coalition_id=plan.coalition_id,
        plan_id=plan.id,
        since=period.since,
        until=period.until,
        created_at=clock.now(),
        created_by_id=membership.id,
        **fields,
    )
    history.add(membership, review, "created", new=review.held_on)
    _write_notes(membership, review, {}, notes)
    return review


def edit(
    membership: Membership, review: Review, version: int, fields: Mapping[str, Any], notes: Mapping[int, str]
) -> None:
    """Edits a review. Raises WrongState, StaleVersion."""
    keep_meeting(membership, fields["meeting_id"])
    versions.change(membership, review, version, fields, kept=fields)
    _write_notes(membership, review, notes_of(review), notes)


def _write_notes(
    membership: Membership, review: Review, now: Mapping[int, str], notes: Mapping[int, str]
) -> None:
    """Writes the notes on the given goals; other notes stay as they are."""
    changed = [goal_id for goal_id, text in notes.items() if now.get(goal_id, "") != text]
    if not changed:
        return
    db.session.execute(
        sa.delete(ReviewNote).where(ReviewNote.review_id == review.id, ReviewNote.goal_id.in_(changed))
    )
    written = [
        {"coalition_id": review.coalition_id, "review_id": review.id, "goal_id": key, "text": notes[key]}
        for key in changed
        if notes[key]
    ]
    if written:
        db.session.execute(sa.insert(ReviewNote), written)
    history.note(membership, review, "notes")
