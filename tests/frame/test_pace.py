"""Tests that accounts that ask for files and searches faster than a person does wait for a moment."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.exc import OperationalError

from engage import clock
from engage.accounts import throttle
from engage.accounts.rules import PACES, Bucket, Dear
from engage.coalitions.audit.labels import DOWNLOAD_LABELS
from engage.coalitions.rules import Role
from engage.config import TestConfig
from engage.extensions import db
from engage.frame import pace
from tests import databases
from tests.client import EngageClient
from tests.factories import make_action, make_membership, make_plan, signed_in_client

HERE = "/c/riverbend/"


def counting_beside(app: Flask) -> Flask:
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
def counting(app: Flask) -> Flask:
    return counting_beside(app)


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Allows as few as a test can wait for: two at once, then one every ten seconds."""
    two = Bucket(capacity=2, refill=timedelta(seconds=10))
    for dear in Dear:
        monkeypatch.setitem(PACES, dear, two)


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
        answer = mine.get(HERE + path)
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "10")
        assert f"You can {what} up to " in answer.text
        assert "Wait 10 seconds, then load this page again." in answer.text
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
    for path, done in (("/account/export", 200), ("/admin/accounts/", 303)):
        sent = {"csrf_token": client.csrf_token(), "text": "maria"}
        answers = [client.post(path, data=sent) for _time in range(3)]
        assert [each.status_code for each in answers] == [done, done, 429], path


@pytest.mark.usefixtures("few")
def test_links_that_let_someone_in_are_counted_and_what_was_typed_stays(counting: Flask) -> None:
    client = signed_in_client(counting, make_membership(role=Role.COORDINATOR))
    sent = {"csrf_token": client.csrf_token(), "name": "Ana Ruiz", "role": "member"}
    answers = [client.post(f"{HERE}people/invitations/bound", data=sent) for _time in range(3)]
    assert [each.status_code == 429 for each in answers] == [False, False, True]
    assert "You can make up to " in answers[2].text
    assert "Ana Ruiz" in answers[2].text
    assert client.get(f"{HERE}people/invitations/").status_code == 200


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
        kinds = {view: pace.dear_of(view) for view in DOWNLOAD_LABELS}
        assert set(kinds.values()) == {Dear.TABLE, Dear.PAPER}
        assert all(
            (kinds[view] is Dear.PAPER) is ("PDF" in words or "ZIP" in words)
            for view, words in DOWNLOAD_LABELS.items()
        )
        assert pace.dear_of("accounts.download") is Dear.TABLE
        assert pace.dear_of("plan.index") is None
    with app.test_request_context("/?text=++&q="):
        assert pace.dear_of("plan.index") is None
    with app.test_request_context("/?q=x"):
        assert pace.dear_of("plan.index") is Dear.SEARCH
    assert {"accounts.download", *pace._SEARCHES, *pace._LINKS} <= set(app.view_functions)


@pytest.mark.usefixtures("few")
def test_two_processes_count_together(counting: Flask, app: Flask) -> None:
    place, path = make_membership(), f"{HERE}plan/?text=beds"
    make_plan()
    here, there = (signed_in_client(each, place) for each in (counting, counting_beside(app)))
    with time_machine.travel(clock.now(), tick=False):
        assert [each.get(path).status_code for each in (here, there, here, there)] == [200, 200, 429, 429]


@pytest.mark.usefixtures("few")
def test_what_is_posted_from_a_searched_list_is_no_search(counting: Flask) -> None:
    action = make_action(make_plan())
    client = signed_in_client(counting, make_membership())
    for _time in range(4):
        answer = client.post(f"{HERE}plan/actions/{action.number}/change?text=beds", data={})
        assert answer.status_code != 429


def test_a_file_can_be_saved_while_nothing_can_be_counted(
    counting: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(dear: Dear, user_id: int) -> None:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    monkeypatch.setattr(throttle, "take", full)
    client = signed_in_client(counting, make_membership(role=Role.COORDINATOR))
    make_plan()
    assert client.get(f"{HERE}plan/activities.csv").status_code == 200


def test_a_person_at_work_never_meets_it_and_a_program_does_within_seconds(app: Flask) -> None:
    """Twenty searches a minute for a quarter of an hour, and forty tables at once; a loop is slowed."""
    with time_machine.travel(clock.now(), tick=False) as moment:
        for _third_second in range(15 * 20):
            assert throttle.take(Dear.SEARCH, 1) is None
            moment.shift(3)
        assert [throttle.take(Dear.TABLE, 1) for _time in range(40)] == [None] * 40
        assert throttle.take(Dear.TABLE, 1) == PACES[Dear.TABLE].refill
    for bucket in PACES.values():
        assert bucket.full_after == timedelta(minutes=1)
