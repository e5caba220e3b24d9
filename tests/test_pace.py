"""Whoever asks for files and searches faster than a person does waits for a moment."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from engage import clock, pace
from engage.coalitions.audit_words import DOWNLOAD_WORDS
from engage.coalitions.rules import Role
from engage.config import TestConfig
from engage.extensions import db
from engage.pace import PACES, Counted, Dear
from tests import databases
from tests.client import EngageClient
from tests.factories import make_membership, make_plan, signed_in_client

HERE = "/c/riverbend/"


@pytest.fixture
def counting(app: Flask) -> Flask:
    """Serves the same database, and counts as in production."""
    made = databases.another_app(
        TestConfig(
            DATA=app.config["DATA"],
            SQLALCHEMY_DATABASE_URI=app.config["SQLALCHEMY_DATABASE_URI"],
            LIMITS=True,
        )
    )
    made.test_client_class = EngageClient
    return made


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as a test can wait for: two at once, then one every ten seconds."""
    two = {dear: pace.Bucket(capacity=2, refill=timedelta(seconds=10)) for dear in Dear}
    monkeypatch.setattr(pace, "PACES", two)


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("plan/?text=beds", "search"),
        ("partners/?text=grace", "search"),
        ("plan/activities.csv", "download"),
        ("reports/plan.pdf", "download"),
        ("reports/handover.zip", "download"),
    ],
)
@pytest.mark.usefixtures("few")
def test_whoever_asks_too_often_is_told_when_to_try_again(counting: Flask, path: str, what: str) -> None:
    make_plan()
    mine = signed_in_client(counting, make_membership(role=Role.COORDINATOR))
    theirs = signed_in_client(counting, make_membership(role=Role.COORDINATOR))
    with time_machine.travel(clock.now(), tick=False) as moment:
        for _time in range(2):
            assert mine.head(HERE + path).status_code == 200
        with databases.counted_queries() as statements:
            answer = mine.get(HERE + path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")
        assert f"You may {what} " in answer.text
        assert "Wait 10 seconds, then load this page again." in answer.text
        # Reading stays reading.
        assert [each for each in statements if not each.startswith("SELECT")] == []
        assert theirs.head(HERE + path).status_code == 200
        assert mine.get(f"{HERE}plan/").status_code == 200
        moment.shift(11)
        assert mine.head(HERE + path).status_code == 200
        assert mine.head(HERE + path).status_code == 429


@pytest.mark.usefixtures("few")
def test_ones_own_data_and_the_search_for_accounts_are_counted_too(counting: Flask) -> None:
    place = make_membership(role=Role.COORDINATOR)
    assert place.user is not None
    place.user.is_admin = True
    db.session.commit()
    client = signed_in_client(counting, place)
    for path in ("/account/export", "/admin/accounts/"):
        sent = {"csrf_token": client.csrf_token(), "text": "maria"}
        answers = [client.post(path, data=sent) for _time in range(3)]
        assert [each.status_code for each in answers] == [200, 200, 429], path


@pytest.mark.usefixtures("few")
def test_a_search_that_htmx_sends_keeps_the_list_and_says_it_in_the_status(counting: Flask) -> None:
    client = signed_in_client(counting, make_membership())
    make_plan()
    for _time in range(2):
        client.get(f"{HERE}plan/?text=a")
    answer = client.get(f"{HERE}plan/?text=a", headers={"HX-Request": "true"})
    assert answer.status_code == 429
    assert "<html" not in answer.text
    assert "Wait " in answer.text


def test_every_file_that_the_log_knows_is_counted(app: Flask) -> None:
    with app.test_request_context("/"):
        kinds = {view: pace.dear_of(view) for view in DOWNLOAD_WORDS}
        assert set(kinds.values()) == {Dear.TABLE, Dear.PAPER}
        assert all(
            (kinds[view] is Dear.PAPER) is ("PDF" in words or "ZIP" in words)
            for view, words in DOWNLOAD_WORDS.items()
        )
        assert pace.dear_of("accounts.download") is Dear.TABLE
        assert pace.dear_of("plan.index") is None
    with app.test_request_context("/?text=++&q="):
        assert pace.dear_of("plan.index") is None
    with app.test_request_context("/?q=x"):
        assert pace.dear_of("plan.index") is Dear.SEARCH
    assert {"accounts.download", *pace._SEARCHES} <= set(app.view_functions)


def test_a_person_at_work_never_meets_it_and_a_program_does_within_seconds() -> None:
    """Twenty searches a minute for an hour, and forty tables at once; a loop without a pause is slowed."""
    counted, now = Counted(), clock.now()
    for minute in range(60):
        for second in range(0, 60, 3):
            at = now + timedelta(minutes=minute, seconds=second)
            assert counted.take(Dear.SEARCH, 1, at) is None
    assert [counted.take(Dear.TABLE, 1, now) for _time in range(40)] == [None] * 40
    assert counted.take(Dear.TABLE, 1, now) == PACES[Dear.TABLE].refill
    for bucket in PACES.values():
        assert bucket.full_after == timedelta(minutes=1)


def test_what_is_counted_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "_MOST_KEPT", 3)
    counted, now = Counted(), clock.now()
    for account in range(3):
        counted.take(Dear.PAPER, account, now)
    later = now + timedelta(minutes=2)
    counted.take(Dear.PAPER, 9, later)
    assert set(counted._left) == {(Dear.PAPER, 9)}
