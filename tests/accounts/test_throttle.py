"""Guessing is slowed in the database: per account always, per address only by failures."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.accounts import passwords, throttle
from engage.accounts.models import Throttle, User
from engage.config import TestConfig
from engage.extensions import db
from tests import databases
from tests.client import EngageClient
from tests.factories import PASSWORD, make_membership

ADDRESS = "192.0.2.7"


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(datetime(2026, 3, 1, 12, tzinfo=UTC), tick=False) as travel:
        yield travel


@pytest.fixture
def user(app: Flask) -> User:
    made = make_membership().user
    assert made is not None
    return made


def test_the_eleventh_try_within_a_minute_waits_and_keeps_the_address(
    client: EngageClient, user: User, clock: time_machine.Traveller
) -> None:
    for _try in range(10):
        assert client.send("/sign-in", email=user.email, password="wrong").status == 422
    page = client.send("/sign-in", email=user.email.upper(), password=PASSWORD)
    assert page.status == 429
    assert 1 <= int(page.headers["Retry-After"]) <= 60
    assert page.value("email") == user.email.upper()
    assert page.has("Too many tries. Wait 1 minute and try again.")
    clock.shift(timedelta(seconds=61))
    assert client.send("/sign-in", email=user.email, password=PASSWORD).status == 303


def test_a_minute_gives_one_try_not_ten(
    client: EngageClient, user: User, clock: time_machine.Traveller
) -> None:
    for _try in range(11):
        client.send("/sign-in", email=user.email, password="wrong")
    clock.shift(timedelta(seconds=61))
    answers = [client.send("/sign-in", email=user.email, password="wrong").status for _try in range(2)]
    assert answers == [422, 429]


def test_the_right_password_gives_all_tries_back(client: EngageClient, user: User) -> None:
    for _try in range(9):
        client.send("/sign-in", email=user.email, password="wrong")
    assert client.send("/sign-in", email=user.email, password=PASSWORD).status == 303
    client.send("/sign-out")
    answers = [client.send("/sign-in", email=user.email, password="wrong").status for _try in range(10)]
    assert answers == [422] * 10


def test_one_account_does_not_slow_another(client: EngageClient, user: User) -> None:
    for _try in range(11):
        client.send("/sign-in", email="somebody@example.org", password="wrong")
    assert client.send("/sign-in", email=user.email, password=PASSWORD).status == 303


def test_whoever_guesses_at_an_account_keeps_no_one_out_who_signed_in_with_this_browser_before(
    app: Flask, client: EngageClient, user: User
) -> None:
    client.send("/sign-in", email=user.email, password=PASSWORD)
    client.send("/sign-out")
    guesser = app.test_client()
    assert isinstance(guesser, EngageClient)
    guessed = [guesser.send("/sign-in", email=user.email, password="wrong").status for _try in range(11)]
    assert guessed == [422] * 10 + [429]
    assert client.send("/sign-in", email=user.email, password=PASSWORD).status == 303
    client.send("/sign-out")
    answers = [client.send("/sign-in", email=user.email, password="wrong").status for _try in range(11)]
    assert answers == [422] * 10 + [429]


@pytest.mark.parametrize(("failures", "status"), [(199, 303), (200, 429)])
def test_an_address_is_blocked_by_200_failures_not_by_199(
    app: Flask, user: User, failures: int, status: int
) -> None:
    db.session.commit()  # the test's own session must not hold the write lock
    for _failure in range(failures):
        throttle.count_failure(ADDRESS)
    client = app.test_client()
    assert isinstance(client, EngageClient)
    client.environ_base["REMOTE_ADDR"] = ADDRESS
    assert client.send("/sign-in", email=user.email, password=PASSWORD).status == status
    client.environ_base["REMOTE_ADDR"] = "192.0.2.8"
    client.send("/sign-out")
    assert client.send("/sign-in", email=user.email, password=PASSWORD).status == 303


@pytest.mark.parametrize(
    ("failed", "asks", "status"),
    [
        ("2001:db8:1:2::7", "2001:db8:1:2:a:b:c:d", 429),
        ("2001:db8:1:2::7", "2001:db8:1:3::7", 303),
        ("192.0.2.7", "::ffff:192.0.2.7", 429),
    ],
)
def test_the_addresses_of_one_ipv6_network_are_one(
    app: Flask, user: User, failed: str, asks: str, status: int
) -> None:
    client = app.test_client()
    assert isinstance(client, EngageClient)
    client.environ_base["REMOTE_ADDR"] = failed
    assert client.send("/sign-in", email=user.email, password="wrong").status == 422
    db.session.execute(sa.update(Throttle).where(Throttle.key.startswith("address")).values(tokens=0))
    db.session.commit()
    client.environ_base["REMOTE_ADDR"] = asks
    assert client.send("/sign-in", email=user.email, password=PASSWORD).status == status


def test_forty_phones_behind_one_address_all_sign_in(app: Flask) -> None:
    people = [make_membership().user for _phone in range(40)]
    for person in people:
        assert person is not None
        client = app.test_client()
        assert isinstance(client, EngageClient)
        assert client.send("/sign-in", email=person.email, password=PASSWORD).status == 303
    tokens = db.session.scalars(sa.select(Throttle.tokens).where(Throttle.key.startswith("address"))).all()
    assert set(tokens) == {200.0}


def test_tries_at_once_are_counted_one_by_one(app: Flask) -> None:
    together = threading.Barrier(4)

    def many(_thread: int) -> list[bool]:
        with app.app_context():
            together.wait()
            return [throttle.take_try("one@example.org", ADDRESS) is None for _try in range(5)]

    with ThreadPoolExecutor(4) as pool:
        answers = [answer for thread in pool.map(many, range(4)) for answer in thread]
    assert sum(answers) == 10


def test_another_process_sees_the_same_count(
    app: Flask, tmp_path: Path, user: User, client: EngageClient
) -> None:
    for _try in range(10):
        client.send("/sign-in", email=user.email, password="wrong")
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    other = databases.another_app(TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI=uri))
    other.test_client_class = EngageClient
    second = other.test_client()
    email = user.email
    db.session.commit()
    with other.app_context():
        assert second.send("/sign-in", email=email, password=PASSWORD).status == 429
        db.session.remove()
        db.engine.dispose()


def test_an_unknown_address_costs_the_same_hash_and_the_same_words(
    client: EngageClient, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    hashed: list[str | None] = []
    real = passwords.matches

    def noting(stored: str | None, password: str) -> bool:
        hashed.append(stored)
        return real(stored, password)

    monkeypatch.setattr(passwords, "matches", noting)
    known = client.send("/sign-in", email=user.email, password="wrong")
    unknown = client.send("/sign-in", email="nobody@example.org", password="wrong")
    assert len(hashed) == 2 and hashed[1] is None
    assert known.text(".error-summary") == unknown.text(".error-summary")
    assert known.status == unknown.status == 422


def test_an_unknown_account_really_computes_a_hash(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[str] = []
    monkeypatch.setattr("argon2.PasswordHasher.hash", lambda _self, password: calls.append(password) or "")
    assert passwords.matches(None, "any words here") is False
    assert calls == ["any words here"]


def test_no_address_is_kept_in_clear(client: EngageClient) -> None:
    client.send("/sign-in", email="somebody@example.org", password="wrong")
    keys = db.session.scalars(sa.select(Throttle.key)).all()
    assert {key.partition(":")[0] for key in keys} == {"account", "address"}
    assert not any("somebody" in key or "127.0.0.1" in key for key in keys)


def test_old_hashes_are_made_anew_at_sign_in(
    client: EngageClient, user: User, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    before = user.password_hash
    monkeypatch.setitem(app.config, "ARGON2", (2, 16, 1))
    assert client.send("/sign-in", email=user.email, password=PASSWORD).status == 303
    after = db.session.get_one(User, user.id).password_hash
    assert after != before and "m=16,t=2" in after


def test_asking_the_password_again_is_slowed_too(member: EngageClient) -> None:
    page = "/account/password"
    fields = {"password": "wrong", "new_password": "eleven copper kettles"}
    for _try in range(10):
        assert member.send(page, **fields).errors == ["That password is not right. Check it and try again."]
    assert member.send(page, **fields).errors == ["Too many tries. Wait 1 minute and try again."]
