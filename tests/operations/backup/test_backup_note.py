"""Tests what coordinators and admins are told if no one makes backups, and what the health page says of them."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.coalitions.rules import Role
from engage.config import TestConfig
from engage.extensions import db
from engage.operations.daily import runs
from engage.operations.rules import RunKind
from tests import databases
from tests.client import EngageClient
from tests.factories import make_membership, make_user, signed_in_client

BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)
NOTE = "There has been no backup in a week."


@pytest.fixture
def watching(app: Flask) -> Flask:
    """Runs one more process that serves the same database, as in production."""
    made = databases.another_app(
        TestConfig(
            DATA=app.config["DATA"], SQLALCHEMY_DATABASE_URI=app.config["SQLALCHEMY_DATABASE_URI"], DAILY=True
        )
    )
    made.test_client_class = EngageClient
    return made


def is_told(client: EngageClient, url: str) -> bool:
    """Returns whether it is told on the second page: a process reads what it knows after an answer."""
    answer = client.get(url)
    assert answer.status_code == 200, answer.headers.get("Location")
    answer.close()
    return client.page(url).has(NOTE)


def test_coordinators_are_told_after_a_week_and_no_more_when_one_was_made(
    app: Flask, watching: Flask
) -> None:
    with time_machine.travel(BEGAN, tick=False) as clock:
        place = make_membership(role=Role.COORDINATOR)
        url = f"/c/{place.coalition.slug}/plan/"
        member = make_membership(role=Role.MEMBER)
        db.session.commit()
        clock.move_to(BEGAN + timedelta(days=6))
        assert not is_told(signed_in_client(watching, place), url)
        clock.move_to(BEGAN + timedelta(days=8))
        client = signed_in_client(watching, place)
        assert is_told(client, url)
        assert not is_told(signed_in_client(watching, member), url)
        db.session.execute(
            runs.noting(db.engine.dialect.name, RunKind.BACKUP, BEGAN + timedelta(days=8), {"bytes": 1})
        )
        db.session.commit()
        clock.shift(61)
        assert not is_told(client, url)


def test_a_backup_of_a_clock_that_was_a_year_ahead_is_none(app: Flask, watching: Flask) -> None:
    with time_machine.travel(BEGAN, tick=False):
        place = make_membership(role=Role.COORDINATOR)
        wrong = runs.noting(db.engine.dialect.name, RunKind.BACKUP, BEGAN + timedelta(days=365), {"bytes": 1})
        db.session.execute(wrong)
        db.session.commit()
        assert is_told(signed_in_client(watching, place), f"/c/{place.coalition.slug}/plan/")


def hosting(app: Flask) -> EngageClient:
    """Returns an admin who coordinates nothing."""
    return signed_in_client(app, make_membership(user=make_user(is_admin=True), role=Role.MEMBER))


def test_an_admin_is_told_too(watching: Flask) -> None:
    with time_machine.travel(BEGAN, tick=False) as clock:
        make_user()
        db.session.commit()
        clock.move_to(BEGAN + timedelta(days=8))
        client = hosting(watching)
        assert is_told(client, f"/c/{client.membership.coalition.slug}/plan/")


def test_an_admin_without_a_coalition_is_told_on_every_page_of_the_administration(watching: Flask) -> None:
    with time_machine.travel(BEGAN, tick=False) as clock:
        user = make_user(is_admin=True)
        place = make_membership()
        place.user = user
        place.left_on = BEGAN.date()
        db.session.commit()
        clock.move_to(BEGAN + timedelta(days=8))
        client = signed_in_client(watching, place)
        assert is_told(client, "/admin/")
        for path in ("accounts/", "health", "coalitions/new", f"accounts/{user.id}/"):
            assert client.page(f"/admin/{path}").has(NOTE), path
        assert client.page("/admin/").one(".banner a").attributes["href"] == "/admin/health"


def test_health_says_that_the_last_backup_is_old(app: Flask) -> None:
    admin = hosting(app)
    with time_machine.travel(datetime.now(UTC), tick=False):
        for days, old in ((6, False), (8, True)):
            moment = datetime.now(UTC) - timedelta(days=days)
            db.session.execute(runs.noting(db.engine.dialect.name, RunKind.BACKUP, moment, {"bytes": 1}))
            db.session.commit()
            assert ("More than a week ago" in admin.page("/admin/health").text("#operations-backup")) is old


def test_pages_ask_nothing_for_it(app: Flask, watching: Flask) -> None:
    place = make_membership(role=Role.COORDINATOR)
    db.session.commit()
    ours, theirs = signed_in_client(app, place), signed_in_client(watching, place)
    url = f"/c/{place.coalition.slug}/plan/"
    for client in (ours, theirs):
        client.page(url)
    with databases.counted_queries() as plain:
        ours.page(url)
    seen: list[str] = []
    with watching.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", lambda _c, _k, said, *_r: seen.append(said))
    theirs.page(url)
    assert len([said for said in seen if said.startswith("SELECT")]) == len(
        [said for said in plain if said.startswith("SELECT")]
    )


def test_the_demo_is_never_told(app: Flask) -> None:
    made = databases.another_app(
        TestConfig(
            DATA=app.config["DATA"],
            SQLALCHEMY_DATABASE_URI=app.config["SQLALCHEMY_DATABASE_URI"],
            DAILY=True,
            DEMO=True,
        )
    )
    assert "backup_note" not in made.extensions


def test_health_says_when_a_backup_was_made_and_when_one_was_tried(app: Flask) -> None:
    admin = hosting(app)
    assert admin.page("/admin/health").has("The person who runs the server makes one with: engage backup")
    for kind, counts in ((RunKind.BACKUP, {"bytes": 3_400_000}), (RunKind.CHECK, {"pages": 13})):
        db.session.execute(runs.noting(db.engine.dialect.name, kind, BEGAN, counts))
    db.session.commit()
    words = admin.page("/admin/health").text("#operations-backup")
    assert "Mar 2, 2026" in words
    assert "3.4 MB" in words
    assert "13 pages answered" in words
