"""A monitor with the token learns whether the site does its work; no one else learns anything."""

import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.accounts.models import User
from engage.config import Config, ConfigError, MailServer
from engage.extensions import db
from engage.messages.models import Mail
from engage.messages.rules import MailState
from engage.operations.models import Run
from engage.operations.ready import rules
from engage.operations.rules import RunKind
from tests.client import EngageClient
from tests.databases import is_one_file
from tests.factories import make_user, saved

TOKEN = "0123456789abcdef0123456789abcdef"
SERVER = MailServer(host="mail.example.org", port=25, sender="engage@example.org")


@pytest.fixture(autouse=True)
def token(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "READY_TOKEN", TOKEN)


def done(kind: RunKind, days_ago: float) -> None:
    saved(Run(kind=kind, ended_at=clock.now() - timedelta(days=days_ago), counts={}))


@pytest.fixture
def sound(app: Flask) -> User:
    """An installation that did all of its work this night."""
    user = make_user()
    done(RunKind.TICK, 0.2)
    done(RunKind.BACKUP, 0.2)
    db.session.commit()
    return user


def asked(client: EngageClient, given: str = f"Bearer {TOKEN}") -> tuple[int, dict[str, Any]]:
    answer = client.get("/healthz/ready", headers={"Authorization": given})
    return answer.status_code, answer.json if answer.is_json else {}


def test_a_sound_site_is_ready(client: EngageClient, sound: User) -> None:
    status, said = asked(client)
    assert (status, said["ready"]) == (200, True)
    assert {name: said[name]["ok"] for name in ("write", "mail", "backup", "daily")} == dict.fromkeys(
        ("write", "mail", "backup", "daily"), True
    )
    assert said["mail"]["on"] is False
    assert clock.now() - datetime.fromisoformat(said["backup"]["at"]) < timedelta(days=1)
    assert sound.email not in str(said)


@pytest.mark.parametrize("given", ["", "Bearer ", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN}x", "Bearer \xff"])
def test_without_the_token_it_says_nothing(client: EngageClient, sound: User, given: str) -> None:
    answer = client.get("/healthz/ready", headers={"Authorization": given})
    assert (answer.status_code, answer.text) == (401, "the token is missing or wrong")
    assert "Set-Cookie" not in answer.headers


def test_a_host_who_set_no_token_has_no_such_page(
    app: Flask, client: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "READY_TOKEN", "")
    assert client.get("/healthz/ready", headers={"Authorization": "Bearer "}).status_code == 404


def test_it_writes_to_know_that_it_can(client: EngageClient, sound: User) -> None:
    for _time in range(2):
        assert asked(client)[1]["write"] == {"ok": True}
    written = sa.text("SELECT count(*) FROM accounts_throttle WHERE key = 'ready'")
    assert db.session.scalar(written) == 1


def test_it_is_not_ready_while_nothing_can_be_written(
    client: EngageClient, sound: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    db.session.remove()
    if is_one_file():
        with closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            status, said = asked(client)
    else:
        with db.engine.connect() as other, other.begin():
            other.exec_driver_sql("LOCK TABLE accounts_throttle IN ACCESS EXCLUSIVE MODE")
            status, said = asked(client)
    assert (status, said["ready"], said["write"], said["daily"]["ok"]) == (503, False, {"ok": False}, True)


@pytest.mark.parametrize(
    ("kind", "days_ago", "part"),
    [
        (RunKind.TICK, 3, "daily"),
        (RunKind.TICK, None, "daily"),
        (RunKind.TICK, -1, "daily"),
        (RunKind.BACKUP, 8, "backup"),
        (RunKind.BACKUP, -1, "backup"),
    ],
)
def test_work_that_was_not_done_is_named(
    client: EngageClient, sound: User, kind: RunKind, days_ago: float | None, part: str
) -> None:
    db.session.execute(sa.delete(Run).where(Run.kind == kind))
    if days_ago is not None:
        done(kind, days_ago)
    db.session.commit()
    status, said = asked(client)
    assert (status, said["ready"], said[part]["ok"]) == (503, False, False)
    assert said["write"]["ok"]


def test_a_new_site_has_a_week_for_its_first_backup() -> None:
    now = clock.now()
    assert rules.backup_of(None, now - timedelta(days=6), now).ok
    assert not rules.backup_of(None, now - timedelta(days=8), now).ok


@pytest.mark.parametrize(
    ("states", "ok"),
    [
        ([], True),
        ([MailState.SENT, MailState.FAILED], True),  # one address may be wrong
        ([MailState.FAILED, MailState.FAILED], False),
    ],
)
def test_mail_that_does_not_go_out_is_named(
    app: Flask,
    client: EngageClient,
    sound: User,
    monkeypatch: pytest.MonkeyPatch,
    states: list[MailState],
    ok: bool,
) -> None:
    monkeypatch.setitem(app.config, "MAIL", SERVER)
    now = clock.now()
    for state in states:
        saved(Mail(user_id=make_user().id, day=now.date(), state=state, claimed_at=now - timedelta(hours=1)))
    saved(
        Mail(
            user_id=sound.id,
            day=now.date() - timedelta(days=5),
            state=MailState.FAILED,
            claimed_at=now - timedelta(days=5),
        )
    )
    db.session.commit()
    status, said = asked(client)
    assert (status, said["mail"]["ok"], said["mail"]["on"]) == (200 if ok else 503, ok, True)


def test_letters_that_wait_for_hours_are_mail_that_does_not_go_out() -> None:
    assert rules.mail_of(sent=3, failed=0, waiting=0).ok
    assert not rules.mail_of(sent=3, failed=0, waiting=1).ok


@pytest.mark.parametrize("given", ["short", "with spaces in it and long enough", "a" * 201])
def test_a_token_that_could_be_guessed_or_not_sent_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any, given: str
) -> None:
    (tmp_path / "secret_key").write_text("x" * 40)
    monkeypatch.setenv("ENGAGE_DATA", str(tmp_path))
    monkeypatch.setenv("ENGAGE_READY_TOKEN", given)
    with pytest.raises(ConfigError, match="ENGAGE_READY_TOKEN must be 20 to 200 letters"):
        Config.from_environment()
    monkeypatch.setenv("ENGAGE_READY_TOKEN", TOKEN)
    assert Config.from_environment().READY_TOKEN == TOKEN
