"""Tests where one is signed in: told in plain words, and ended one by one or all at once."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.accounts.models import SignedIn, User
from engage.accounts.rules import Browser, browser_of
from engage.coalitions.rules import Role
from engage.config import ConfigError, _limits
from engage.extensions import db
from engage.limits import KEY_HOLDERS, MEMBERS
from tests.accounts.test_sessions import copy_of, is_signed_in
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import PASSWORD, make_membership, signed_in_client

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.0 Mobile/15E148 Safari/604.1"
)


@pytest.mark.parametrize(
    ("header", "browser"),
    [
        (FIREFOX, Browser("Firefox", "Windows")),
        (IPHONE, Browser("Safari", "iPhone")),
        (
            "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0"
            " Mobile Safari/537.36",
            Browser("Chrome", "Android"),
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0"
            " Chrome/130.0 Mobile Safari/537.36",
            Browser("Samsung Internet", "Android"),
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0"
            " Safari/537.36 Edg/140.0",
            Browser("Edge", "Windows"),
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
            " Version/18.0 Safari/605.1.15",
            Browser("Safari", "Mac"),
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 16000.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0"
            " Safari/537.36",
            Browser("Chrome", "ChromeOS"),
        ),
        ("curl/8.0", Browser()),
        ("", Browser()),
    ],
)
def test_a_browser_is_two_plain_words(header: str, browser: Browser) -> None:
    assert browser_of(header) == browser


def test_each_browser_stands_on_the_page_and_this_one_is_marked(app: Flask, client: EngageClient) -> None:
    person = make_membership()
    other = signed_in_client(app, person)
    signed_in_client(app, make_membership())
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    assert person.user is not None
    client.send("/sign-in", email=person.user.email, password=PASSWORD)
    page = client.page("/account/sessions")
    assert page.texts(".account-session strong") == [
        "Firefox on Windows",
        "Unknown browser",
    ]
    assert page.texts(".account-session .tag") == ["This browser", "Shared"]
    assert len(page.all(".account-session form")) == 1
    assert client.page("/account/").has("Where you are signed in")
    assert is_signed_in(other)


def test_nothing_of_the_header_or_the_address_is_kept(client: EngageClient) -> None:
    person = make_membership()
    assert person.user is not None
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX + " Canary/77"
    client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    client.send("/sign-in", email=person.user.email, password=PASSWORD)
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(sa.select(table)):
            assert "Canary" not in repr(row) and "203.0.113.77" not in repr(row) and "rv:140" not in repr(row)


def test_one_browser_is_ended_with_every_copy_of_its_cookie(app: Flask, member: EngageClient) -> None:
    phone = signed_in_client(app, member.membership)
    thief = copy_of(app, phone)
    assert is_signed_in(thief)
    action = member.page("/account/sessions").one(".account-session form").attributes["action"]
    page = member.send(action or "")
    assert (page.status, page.location) == (303, "/account/sessions")
    assert not is_signed_in(phone) and not is_signed_in(thief)
    assert is_signed_in(member)
    assert member.send(action or "").status == 404


def test_all_others_are_ended_at_once(app: Flask, member: EngageClient) -> None:
    others = [signed_in_client(app, member.membership) for _each in range(3)]
    thief = copy_of(app, others[0])
    stranger = signed_in_client(app, make_membership())
    assert member.send("/account/sessions/end").status == 303
    assert not any(is_signed_in(each) for each in (*others, thief))
    assert is_signed_in(member) and is_signed_in(stranger)
    assert member.page("/account/sessions").has("You are not signed in anywhere else.")


def test_no_one_ends_anothers_session(app: Flask, member: EngageClient) -> None:
    other = signed_in_client(app, make_membership())
    theirs = db.session.scalar(sa.select(SignedIn.id).where(SignedIn.user_id == other.membership.user_id))
    assert member.send(f"/account/sessions/{theirs}/end").status == 404
    assert is_signed_in(other)


def test_the_page_takes_as_many_queries_for_one_browser_as_for_forty(
    app: Flask, member: EngageClient
) -> None:
    with counted_queries() as few:
        member.page("/account/sessions")
    for _each in range(40):
        signed_in_client(app, member.membership)
    with counted_queries() as many:
        member.page("/account/sessions")
    assert len(few) == len(many)


def test_becoming_a_coordinator_brings_the_shorter_limits_with_the_next_page(app: Flask) -> None:
    person = make_membership(role=Role.MEMBER)
    client = signed_in_client(app, person)
    person.role = Role.COORDINATOR
    db.session.commit()
    start = clock.now()
    with time_machine.travel(start, tick=False) as travel:
        client.page("/c/riverbend/")
        travel.move_to(start + (MEMBERS.idle + KEY_HOLDERS.idle) / 2)
        assert not is_signed_in(client)


def test_the_installations_admin_has_the_shorter_limits_too(app: Flask, member: EngageClient) -> None:
    db.session.get_one(User, member.membership.user_id).is_admin = True
    db.session.commit()
    with time_machine.travel(clock.now() + (MEMBERS.idle + KEY_HOLDERS.idle) / 2, tick=False):
        assert not is_signed_in(member)


def test_a_page_of_the_coalition_still_asks_the_session_once(member: EngageClient) -> None:
    with counted_queries() as statements:
        member.page("/c/riverbend/start/")
    assert len([each for each in statements if "accounts_" in each]) == 1


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_wrong_clock_neither_locks_out_nor_prolongs(app: Flask, client: EngageClient, days: int) -> None:
    """Signed in while the clock was wrong by so many days; then it is set right."""
    person = make_membership()
    assert person.user is not None
    right = clock.now()
    wrong = right + timedelta(days=days)
    with time_machine.travel(wrong, tick=False) as travel:
        client.send("/sign-in", email=person.user.email, password=PASSWORD, sign_in_browser="own")
        assert is_signed_in(client)
        travel.move_to(right)
        assert is_signed_in(client) is (days == -1)
        client.send("/sign-in", email=person.user.email, password=PASSWORD)
        assert is_signed_in(client)
        travel.move_to(right + MEMBERS.idle * 2)
        assert not is_signed_in(client)


def test_a_clock_that_steps_back_a_little_signs_no_one_out(app: Flask, client: EngageClient) -> None:
    person = make_membership()
    assert person.user is not None
    now = clock.now()
    with time_machine.travel(now, tick=False) as travel:
        client.send("/sign-in", email=person.user.email, password=PASSWORD)
        for seconds in (2, 60, 1800):
            travel.move_to(now - timedelta(seconds=seconds))
            assert is_signed_in(client)


def test_a_forged_cookie_is_no_one(client: EngageClient) -> None:
    client.set_cookie("session", "eyJfdXNlcl9pZCI6IngifQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb")
    assert client.get("/account/").status_code == 303


@pytest.mark.parametrize("raw", ["3", "x/y", "0/3", "14/3", "3/14/1", "-1/4", "9999/9999"])
def test_limits_that_make_no_sense_stop_the_start_in_words(raw: str) -> None:
    with pytest.raises(ConfigError, match="days without use and days in all, such as 45/180"):
        _limits({"ENGAGE_SESSION_DAYS": raw}, "ENGAGE_SESSION_DAYS", MEMBERS)
    limits = _limits({"ENGAGE_SESSION_DAYS": "2/5"}, "ENGAGE_SESSION_DAYS", MEMBERS)
    assert (limits.idle.days, limits.life.days) == (2, 5)
