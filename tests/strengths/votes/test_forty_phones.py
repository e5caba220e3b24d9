"""Forty phones behind one address, at once, on one process of four threads as we recommend it: real HTTP."""

import http.client
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from urllib.parse import urlencode

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.extensions import db
from engage.strengths.votes.models import Ballot, BallotRating, Vote
from tests import served
from tests.factories import make_membership
from tests.strengths.votes.rows import make_vote

pytestmark = [pytest.mark.slow, pytest.mark.real_clock]

PHONES = 40
# Far more than it takes, far less than whoever waits for a dead server.
SECONDS = 45


@dataclass
class Phone:
    """A browser: its cookies and the page that it last read."""

    port: int
    cookies: dict[str, str]
    page: str = ""

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request(method, path, urlencode(fields or {}), headers)
        answer = connection.getresponse()
        self.page = answer.read().decode()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                key, _equals, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        connection.close()
        return answer.status

    def marks(self, value: int) -> dict[str, str]:
        """Returns a form that marks this number for every question of the page it has read."""
        names = set(re.findall(r'name="((?:importance|feasibility)-\d+)"', self.page))
        token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', self.page)
        assert token is not None and names
        return {"csrf_token": token[1], **{name: str(value) for name in names}}


@pytest.fixture
def vote(app: Flask) -> Vote:
    return make_vote(make_membership())


@pytest.fixture
def port(app: Flask, vote: Vote) -> Iterator[int]:
    with served.running(app) as port:
        yield port


def all_at_once(posts: list[tuple[Phone, dict[str, str]]], path: str) -> list[int]:
    start = Barrier(len(posts))

    def post(each: tuple[Phone, dict[str, str]]) -> int:
        phone, fields = each
        start.wait(timeout=SECONDS)
        return phone.ask("POST", path, fields)

    with ThreadPoolExecutor(len(posts)) as pool:
        return list(pool.map(post, posts))


def count(model: type[Ballot] | type[BallotRating]) -> int:
    found = db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    db.session.rollback()  # outside a request even reading holds SQLite's one write lock
    return found


def test_forty_ballots_at_the_same_instant_are_all_counted_once(vote: Vote, port: int) -> None:
    path = f"/vote/{vote.token}"
    phones = [Phone(port, {}) for _number in range(PHONES)]
    with ThreadPoolExecutor(PHONES) as pool:
        assert list(pool.map(lambda phone: phone.ask("GET", path), phones)) == [200] * PHONES
    assert all_at_once([(phone, phone.marks(4)) for phone in phones], path) == [303] * PHONES
    assert (count(Ballot), count(BallotRating)) == (PHONES, 2 * PHONES)
    # Everyone changes it, each phone pressing twice: still forty, each as it was sent last or with it.
    for phone in phones:
        phone.ask("GET", path)
    twice = [(Phone(port, dict(phone.cookies)), phone.marks(2)) for phone in phones for _press in range(2)]
    assert all_at_once(twice, path) == [303] * (2 * PHONES)
    assert (count(Ballot), count(BallotRating)) == (PHONES, 2 * PHONES)
    assert set(db.session.scalars(sa.select(BallotRating.importance))) == {2}
