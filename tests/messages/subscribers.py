"""Makes people who want the digest, with something to say to them."""

from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

from engage.accounts.models import User
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.messages.digest import service as digest_service
from engage.messages.mail.digests import Digests
from engage.messages.mail.queue import Sent
from engage.messages.models import Mail
from engage.messages.rules import Frequency, MailState
from engage.plan.models import Plan
from tests import factories
from tests.messages.smtp import server_at

# A Wednesday morning in Chicago.
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)


def make_subscriber(
    name: str = "Dan Reyes",
    frequency: Frequency = Frequency.DAILY,
    title: str | None = "Print cards & posters",
    **overrides: Any,
) -> Membership:
    """Makes someone with an action that is three days late; `title=None` makes one with nothing."""
    person = factories.make_membership(name=name, **overrides)
    digest_service.want(user_of(person), frequency)
    db.session.commit()
    if title is not None:
        make_late(person, title)
    return person


def user_of(person: Membership) -> User:
    assert person.user is not None
    return person.user


def make_late(person: Membership, title: str, due_on: date = date(2026, 11, 22)) -> None:
    plan = db.session.scalar(sa.select(Plan).where(Plan.coalition_id == person.coalition_id))
    plan = plan or factories.make_plan(coalition=person.coalition)
    factories.make_action(plan, title=title, owner_id=person.id, due_on=due_on)


def run(port: int, *, dry: bool = False, **settings: Any) -> Sent:
    """Runs as the command does: the test's own session is closed."""
    db.session.commit()
    try:
        return Digests(server_at(port, **settings)).run(dry=dry)
    finally:
        db.session.expire_all()


def states() -> list[MailState]:
    return list(db.session.scalars(sa.select(Mail.state).order_by(Mail.day, Mail.id)))
