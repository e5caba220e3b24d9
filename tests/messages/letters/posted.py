"""Writes letters as the pages do, and sends them to a server on the loopback."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask

from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.messages.letters.models import Letter, LetterTo
from engage.messages.letters.outbox import Letters
from engage.messages.letters.rules import LetterState, Way
from engage.messages.mail import queue
from engage.messages.mail.queue import Sent
from tests import factories
from tests.client import EngageClient
from tests.html import Page
from tests.messages.smtp import Taken, server_at, taking

WRITE = "/c/riverbend/people/write"
TEXT = "Hello [name],\n\nwe meet on Friday.\n\n[link]\n\nMaria"


def make_people(count: int = 3) -> list[Membership]:
    """Makes people without accounts: Ana One, Ben Two, ..."""
    names = ["Ana One", "Ben Two", "Cyd Three"] + [f"Person {number:03}" for number in range(4, count + 1)]
    return [
        factories.make_membership(name=name, user=None, email=f"{name.split()[-1].lower()}@example.org")
        for name in names[:count]
    ]


def hidden(page: Page) -> dict[str, Any]:
    """Returns what the check's form carries, but its token."""
    body = page.response.get_data(as_text=True)
    form = body[body.index('action="/c/riverbend/people/write"') :]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
        found.setdefault(name, []).append(value)
    found.pop("csrf_token", None)
    return found


def write_page(client: EngageClient) -> str:
    return f"/c/{client.membership.coalition.slug}/people/write"


def checked(client: EngageClient, **fields: Any) -> tuple[Page, dict[str, Any]]:
    """Sends the form to be checked; returns the check, and the fields with which it is sent.

    It goes to everyone but coordinators, unless `to` says otherwise.
    """
    if "to" not in fields:
        here = Membership.coalition_id == client.membership.coalition_id
        others = sa.select(Membership.id).where(here, Membership.role != Role.COORDINATOR)
        fields = {"to": "chosen", "people": sorted(db.session.scalars(others)), **fields}
    page = client.page(write_page(client))
    press = page.one("input[name=press]").attributes["value"]
    given = {"subject": "Friday", "text": TEXT, "about": "", "press": press, **fields}
    check = client.send(write_page(client), do="check", **given)
    if check.status != 200:
        return check, given
    return check, {**given, "seen": check.one("input[name=seen]").attributes["value"]}


def written(client: EngageClient, **fields: Any) -> Letter:
    """Writes a letter and presses Send."""
    check, given = checked(client, **fields)
    assert check.status == 200, check.text("main")
    assert client.send(write_page(client), do="send", **given).status == 303
    found = db.session.scalar(sa.select(Letter).order_by(Letter.id.desc()).limit(1))
    assert found is not None
    return found


@contextmanager
def mailing(app: Flask, monkeypatch: Any) -> Iterator[Taken]:
    """Sets a mail server that takes mail; nothing is sent until a test says so."""
    monkeypatch.setattr(queue, "begin", lambda *_args: None)
    with taking() as post:
        monkeypatch.setitem(app.config, "MAIL", server_at(post.port))
        yield post


def run(port: int, **settings: Any) -> Sent:
    """Sends as the thread does: the test's own session is closed."""
    db.session.commit()
    try:
        return Letters(server_at(port, **settings)).run()
    finally:
        db.session.expire_all()


def states() -> list[LetterState]:
    """Returns those of all who can be reached, in their order."""
    rows = sa.select(LetterTo.state).where(LetterTo.way != Way.NONE)
    return list(db.session.scalars(rows.order_by(LetterTo.id)))
