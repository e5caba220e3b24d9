"""Writes rows to measure with, beside those of `engage seed`."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa

from bench.floor import texts
from engage import clock
from engage.accounts import passwords, service
from engage.accounts.models import User
from engage.assessment.answering import service as answering
from engage.assessment.models import Round
from engage.assessment.rounds import service as rounds
from engage.coalitions.models import Coalition, Membership
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.meetings.rules import MeetingKind
from engage.operations import seeding
from engage.plan.models import Action, Update


def coalition(slug: str, *, actions: int, people: int = 50) -> Coalition:
    """Writes a coalition as `engage seed` does, with so many people and actions."""
    return seeding.coalition(slug, actions=actions, people=people, password_hash=passwords.hash_of("x"))


def first_person(made: Coalition) -> Membership:
    of = sa.select(Membership).where(Membership.coalition_id == made.id).order_by(Membership.id)
    return db.session.scalars(of.limit(1)).one()


def signed_in(made: Coalition) -> str:
    """Returns the token of a live session of the coalition's first person."""
    return service.start_session(db.session.get_one(User, first_person(made).user_id))


def open_round(made: Coalition) -> Round:
    """Writes an open round that the first person answers."""
    person = first_person(made)
    around = rounds.open_round(person, title="Open round", k=3, closes_on=None)
    answering.start(person, around, "en")
    return around


def searched(made: Coalition) -> None:
    """Writes the texts that are searched into the coalition's actions and what is told below these."""
    for action, title, text in zip(_actions(made), texts(0), texts(1), strict=True):
        action.title = title
        db.session.add(Update(coalition_id=made.id, action_id=action.id, written_at=clock.now(), text=text))


def calendar(made: Coalition, *, entries: int) -> None:
    """Writes so many meetings and due dates, on all days of the current month."""
    first = clock.today().replace(day=1)
    days = [first + timedelta(days=n % 28) for n in range(entries)]
    for n, day in enumerate(days[::2]):
        begins = datetime.combine(day, time(14 + n % 8), UTC)
        about = {"title": f"Meeting number {n} of the coalition", "starts_at": begins, "minutes": 90}
        kept = {"coalition_id": made.id, "kind": MeetingKind.GENERAL, "created_at": clock.now(), "version": 1}
        db.session.add(Meeting(**about, **kept))
    for action, day in zip(_actions(made), days[1::2], strict=False):
        action.start_on, action.due_on = None, day


def _actions(made: Coalition) -> Sequence[Action]:
    of = sa.select(Action).where(Action.coalition_id == made.id)
    return db.session.scalars(of.order_by(Action.number)).all()
