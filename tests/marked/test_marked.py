"""Walks every page in a language in which each text stands in marks: what stands outside of them is English for good.

A finding is a text that comes neither from the catalog nor from the content nor from a row: wrap it in `_()`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from engage import clock, languages
from engage.accounts import throttle
from engage.accounts.rules import NoticeKind
from engage.coalitions.models import Membership
from engage.config import TestConfig, in_folder
from engage.directory.people.routes import own_profile
from engage.extensions import db, in_language
from engage.messages.account.letters import AccountLetters
from engage.messages.digest import service as digest_service
from engage.messages.letters import links
from engage.messages.letters.outbox import Letters
from engage.messages.mail.digests import Digests
from engage.messages.mail.event_confirmations import EventConfirmations
from engage.messages.mail.meeting_reminders import MeetingReminders
from engage.messages.mail.post import Post
from engage.messages.rules import Frequency
from tests import client as client_module
from tests import databases, rows
from tests.client import EngageClient
from tests.days import NOW
from tests.files import told_to_the_typesetter
from tests.isolation.forms_read import SOMETHING, Form, forms_of, pages_of
from tests.isolation.world import OURS, World, write_texts
from tests.marked.marks import CLOSE, LANGUAGE, OPEN, of_a_row, spoken
from tests.marked.reading import Bare, bare, in_answer, in_mail
from tests.messages.smtp import server_at

# What is read by programs as well, or comes from elsewhere: its words are the same in every language.
SAME_EVERYWHERE = {
    r"/plan/example\.csv$": "a city's own plan, as published",
    r"/settings/audit\.csv$": "the codes beside the words are for programs",
    r"^/live/": "formulas in sheets name the columns, and the other words are in the coalition's language",
    r"/assessment/questions/\d+/$": "a coalition's set is edited in its own language",
}
_SKIPPED = re.compile("|".join(SAME_EVERYWHERE))
# A form without anything in its fields, and with what none of them takes.
NOTHING, NONSENSE, TYPED = "", f"{OPEN}unheard-of{CLOSE}", f"{OPEN}typed{CLOSE}"
HTMX = {"HX-Request": "true"}


class Found:
    """The findings of a walk, by their words."""

    def __init__(self) -> None:
        self.places: dict[str, set[str]] = defaultdict(set)
        self.read = 0

    def note(self, response: TestResponse) -> None:
        if response.status_code // 100 == 3 or _SKIPPED.search(response.request.path):
            return
        self.read += 1
        asked = f"{response.request.method} {response.request.path} ({response.status_code})"
        self.add(in_answer(response), asked)

    def add(self, found: Iterator[Bare], asked: str) -> None:
        for words, where in found:
            self.places[words].add(f"{asked} {where}")

    def __repr__(self) -> str:
        return "\n" + "\n".join(
            f"{words[:200]!r}: {sorted(places)[0]}"
            + (f" and {len(places) - 1} more" if len(places) > 1 else "")
            for words, places in sorted(self.places.items(), key=lambda each: -len(each[1]))
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Returns one coalition with a row of everything, each of its texts in marks, and its kinds of people."""
    folder = tmp_path_factory.mktemp("marked")
    app: Flask = databases.app_of(TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=in_folder(Path(folder))))
    app.test_client_class = EngageClient
    databases.migrate(app)
    with app.app_context():
        with time_machine.travel(NOW, tick=False), spoken(), in_language(LANGUAGE):
            made = World(app, of_a_row)
            _mark_names(made)
        yield made
        databases.close(app)


def _mark_names(world: World) -> None:
    """Marks what the two coalitions of the tests of isolation leave as it is; its coordinator runs the site, too."""
    tables = db.metadata.tables
    db.session.execute(sa.update(tables["coalitions_coalition"]).values(name=f"{OPEN}coalition{CLOSE}"))
    db.session.execute(sa.update(tables["accounts_user"]).values(name=f"{OPEN}person{CLOSE}"))
    places = tables["coalitions_membership"]
    runs = sa.select(places.c.user_id).where(places.c.id == world.places["coordinator"]).scalar_subquery()
    users = tables["accounts_user"]
    db.session.execute(sa.update(users).where(users.c.id == runs).values(is_admin=True))
    write_texts(world.their_id, of_a_row)
    copies = tables["reports_funder_copy"]
    for key, paper in db.session.execute(sa.select(copies.c.id, copies.c.paper)).all():
        db.session.execute(sa.update(copies).where(copies.c.id == key).values(paper=_marked_leaves(paper)))
    world.keep()


def _marked_leaves(paper: Any) -> Any:
    if isinstance(paper, dict):
        return {name: _marked_leaves(value) for name, value in paper.items()}
    return f"{OPEN}{paper}{CLOSE}" if isinstance(paper, str) and paper else paper


@pytest.fixture
def found(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Found]:
    """Reads every answer of the test."""
    found = Found()
    opened = EngageClient.open

    def read(client: EngageClient, *args: Any, **kwargs: Any) -> TestResponse:
        response = opened(client, *args, **kwargs)
        found.note(response)
        return response

    monkeypatch.setattr(EngageClient, "open", read)
    # It asks for some words of ours, which stand in marks here.
    monkeypatch.setattr(client_module, "check", lambda _response: None)
    told_to_the_typesetter(monkeypatch)
    world.restore()
    with spoken():
        yield found


def test_every_page_and_file_of_a_coordinator_is_translated(world: World, found: Found) -> None:
    for path in [*pages_of(world.app), *letters()]:
        world.people["coordinator"].get(path)
    assert found.read > 300
    assert not found.places, found


def test_what_opens_without_an_account_is_translated(world: World, found: Found) -> None:
    nobody = world.people["no one"]
    for path in [*world.channels, *pages_of(world.app)]:
        nobody.get(path)
    for path in (*world.channels, "/sign-in", "/reset/ask"):
        for form in forms_of(nobody, [path]):
            send(nobody, form, dict.fromkeys(form.names, NOTHING))
    assert found.read > 30
    assert not found.places, found


def test_what_goes_wrong_is_said_in_the_language(
    world: World, found: Found, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator, app = world.people["coordinator"], world.app
    search, profile = "/c/riverbend/search/?q=beds", "/c/riverbend/people/me"
    token = coordinator.csrf_token()
    statuses = [
        coordinator.get("/c/riverbend/nowhere").status_code,
        world.people["viewer"].get("/c/riverbend/settings/").status_code,
        coordinator.post(f"{profile}/disciplines", data={"name": "Maria"}).status_code,
        coordinator.delete(profile).status_code,
        coordinator.post(
            f"{profile}/disciplines", data={"name": "x" * 4_000_000, "csrf_token": token}
        ).status_code,
        world.people["no one"].post(f"{profile}/disciplines", data={"name": "Maria"}).status_code,
    ]
    monkeypatch.setitem(app.config, "LIMITS", True)
    monkeypatch.setattr(throttle, "take", lambda _kind, _account: timedelta(seconds=9))
    statuses.append(coordinator.get(search).status_code)
    monkeypatch.setitem(app.config, "LIMITS", False)
    for error in (RuntimeError("broken"), OperationalError("SELECT", {}, Exception("database is locked"))):
        monkeypatch.setattr(own_profile, "render_template", _raising(error))
        monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        statuses += [coordinator.get(profile, headers=headers).status_code for headers in ({}, HTMX)]
    assert statuses == [404, 403, 400, 405, 413, 401, 429, 500, 500, 503, 503]
    assert not found.places, found


def _raising(error: Exception) -> Callable[..., str]:
    def fail(*_args: object, **_values: object) -> str:
        raise error

    return fail


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize("who", ["member", "viewer"])
def test_what_others_see_is_translated(world: World, found: Found, who: str) -> None:
    for path in pages_of(world.app):
        world.people[who].get(path)
    assert found.read > 300
    assert not found.places, found


def letters() -> list[str]:
    """Returns where a letter about each kind of thing is begun."""
    numbered = [f"{kind}:{OURS}" for kind in links.KINDS]
    return [f"/c/riverbend/people/write?to=everyone&about={about}" for about in (*links.KINDS, *numbered)]


def send(client: EngageClient, form: Form, values: dict[str, str]) -> TestResponse:
    sent = [(name, TYPED if value == SOMETHING else value) for name, value in form.sent]
    fields = MultiDict([pair for pair in sent if pair[0] not in values])
    fields.update(values)
    fields.setlist("csrf_token", [client.csrf_token()])
    return client.post(form.action, data=fields)


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_what_a_form_answers_is_translated(world: World, found: Found) -> None:
    """Each is sent as it stands, with and without scripts, with nothing in it and with nonsense."""
    coordinator = world.people["coordinator"]
    for form in forms_of(coordinator, pages_of(world.app)):
        if form.method != "POST" or form.action in {"/sign-out", "/leave"}:
            continue
        for values in ({}, dict.fromkeys(form.names, NOTHING), dict.fromkeys(form.names, NONSENSE)):
            world.restore()
            answer = send(coordinator, form, values)
            if answer.status_code == 303:
                coordinator.get(answer.headers["Location"])  # what is said once, is said there
    assert found.read > 600
    assert not found.places, found


def test_every_mail_is_translated(world: World, found: Found, monkeypatch: pytest.MonkeyPatch) -> None:
    mails: list[EmailMessage] = []
    monkeypatch.setattr(Post, "__enter__", lambda post: post)
    monkeypatch.setattr(Post, "__exit__", lambda *_of: None)
    monkeypatch.setattr(Post, "send", lambda _post, mail, _address: mails.append(mail))
    _have_something_to_say(world)
    server = server_at(0)
    for kind in (AccountLetters, EventConfirmations, MeetingReminders, Digests, Letters):
        before = len(mails)
        with world.app.app_context():  # as a thread or the command has: the test's own remembers English
            kind(server).run()
        assert len(mails) > before, kind
    for mail in mails:
        found.add(in_mail(mail), "a mail")
    subjects = {bare(str(mail["Subject"])) for mail in mails}
    assert subjects == {""}
    assert not found.places, found


def _have_something_to_say(world: World) -> None:
    tables = db.metadata.tables
    user = db.session.get_one(Membership, world.places["coordinator"]).user
    assert user is not None
    for kind in NoticeKind:
        values = {"user_id": user.id, "kind": kind, "letter": "waiting", "address": "someone@a.example"}
        rows.insert(tables["accounts_notice"], {**values, "browser": "", "system": "", "about_id": user.id})
    digest_service.want(user, Frequency.DAILY)
    for table in ("accounts_user", "plan_signup"):
        db.session.execute(sa.update(tables[table]).values(language=LANGUAGE))
    soon = clock.now() + timedelta(hours=5)
    long_ago = clock.now() - timedelta(days=9)
    for table, values in {
        "plan_signup": {"mail": "waiting", "tries": 0, "email": "someone@a.example"},
        "plan_activity": {"happened_on": soon.date(), "state": "planned"},
        "plan_action": {"owner_id": world.places["coordinator"], "due_on": long_ago.date()},
        "meetings_meeting": {"starts_at": soon, "closed_at": None},
        "meetings_reply": {
            "wants_reminder": True,
            "answer": "online",
            "answered_at": long_ago,
            "remind_tries": 0,
        },
        "messages_letter_to": {
            "state": "waiting",
            "way": "mail",
            "claimed_at": None,
            "queued_at": clock.now(),
            "membership_id": world.places["coordinator"],
        },
        "messages_letter": {
            "about": "home",
            "kind": "test",
            "written_by_id": world.places["coordinator"],
            "emptied_at": None,
        },
    }.items():
        here = tables[table].c.coalition_id == world.our_id
        db.session.execute(sa.update(tables[table]).where(here).values(values))
    db.session.commit()


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize("language", languages.offered()[1:])
def test_every_page_opens_in_each_language_that_there_is(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(client_module, "check", lambda _response: None)
    told_to_the_typesetter(monkeypatch)
    world.restore()
    coordinator, others = world.people["coordinator"], []
    for path in pages_of(world.app):
        answer = coordinator.get(path, headers={"Accept-Language": language})
        is_page = answer.mimetype == "text/html" and "<!doctype html>" in answer.text[:50].lower()
        if answer.status_code >= 500:
            others.append(f"{path}: {answer.status_code}")
        elif is_page and answer.status_code // 100 != 3 and f'<html lang="{language}"' not in answer.text:
            others.append(f"{path} is in another language")
    assert others == []
