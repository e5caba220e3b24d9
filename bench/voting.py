"""Simulates a room that votes over HTTP for two minutes: forty phones behind one address and a screen."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from bench.phones import Browser, Room
from engage.coalitions.models import Coalition, Membership
from engage.extensions import db
from engage.strengths.models import Need
from engage.strengths.votes import queries as votes_queries
from engage.strengths.votes import service as votes_service
from engage.strengths.votes.models import Ballot, BallotRating, Vote
from engage.strengths.votes.rules import VoteAccess, VoteMethod

ROW = "40 voters polling and voting two minutes"
VOTERS, NEEDS, SECONDS = 40, 10, 120
PHONE_POLLS, SCREEN_POLLS = 3.0, 2.0


@dataclass(frozen=True)
class OpenVote:
    """An open vote on ten needs: its ids, the token of its link, and the names of the fields on a ballot."""

    id: int
    slug: str
    token: str
    fields: list[tuple[str, str]]

    @property
    def path(self) -> str:
        return f"/vote/{self.token}"

    def marks(self, needs: int, value: int) -> dict[str, str]:
        """Returns a ballot that gives this value to the first so many needs."""
        return {name: str(value) for pair in self.fields[:needs] for name in pair}


def open_vote(made: Coalition) -> OpenVote:
    """Opens a vote on the first needs of the coalition, by importance and feasibility, for anyone with the link."""
    person = db.session.scalars(sa.select(Membership).where(Membership.coalition_id == made.id)).first()
    assert person is not None
    needs = db.session.scalars(sa.select(Need.id).where(Need.coalition_id == made.id).limit(NEEDS))
    values = {"title": "What first?", "method": VoteMethod.RATING, "access": VoteAccess.OPEN}
    vote = votes_service.prepare(person, values, [(need, False) for need in needs])
    votes_service.open_vote(person, vote)
    db.session.commit()
    keys = votes_queries.phone_needs(made.id, vote.id)
    return OpenVote(
        vote.id, made.slug, vote.token, [(f"importance-{key}", f"feasibility-{key}") for key in keys]
    )


def _asks_with(page: str, path: str) -> str:
    """Returns the address that the page requests by itself, or its earlier one if nothing was new."""
    found = re.search(r'data-hx-get="([^"]+)"', page)
    return found[1].replace("&amp;", "&") if found else path


def _phone(port: int, vote: OpenVote, room: Room, number: int, start: float) -> None:
    """Opens the ballot, and sends it again for each need that the facilitator calls, with that need marked."""
    browser, path = Browser(port, room), f"{vote.path}/in"
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', browser.ask(vote.path))
    assert token is not None
    for needs in range(1, len(vote.fields) + 1):
        called = start + (needs - 1) * SECONDS / len(vote.fields)
        time.sleep(max(0.0, called - time.monotonic()))
        browser.ask(vote.path, {"csrf_token": token[1], **vote.marks(needs, 1 + (number + needs) % 5)})
        path = _asks_with(browser.ask(f"{vote.path}/in"), path)
        until = called + SECONDS / len(vote.fields) - PHONE_POLLS
        while time.monotonic() < until:
            time.sleep(PHONE_POLLS)
            path = _asks_with(browser.ask(path, piece=True), path)


def _screen(port: int, vote: OpenVote, room: Room, cookie: str, stop: threading.Event) -> None:
    name, _equals, value = cookie.partition("=")
    browser, path = Browser(port, room, {name: value}), f"/c/{vote.slug}/strengths/votes/{vote.id}/screen"
    while True:
        page = browser.ask(path, piece=True)
        path = _asks_with(page, path)
        if shown := re.search(r"<strong>(\d+ ballots?)</strong>", page):
            room.wall = shown[1]
        if stop.wait(SCREEN_POLLS):
            return


def together(port: int, vote: OpenVote, cookie: str) -> Room:
    """Runs all of them: at each call forty ballots arrive at the same instant."""
    room, stop, start = Room(), threading.Event(), time.monotonic() + 2
    phones = [
        threading.Thread(target=_phone, args=(port, vote, room, number, start)) for number in range(VOTERS)
    ]
    wall = threading.Thread(target=_screen, args=(port, vote, room, cookie, stop))
    for thread in (*phones, wall):
        thread.start()
    for thread in phones:
        thread.join()
    time.sleep(SCREEN_POLLS)
    stop.set()
    wall.join()
    return room


def miscounted(vote: OpenVote) -> int:
    """Returns how many ballots are missing, counted twice, or not as they were sent last."""
    ballots = db.session.execute(
        sa.select(Ballot.revision, sa.func.count(BallotRating.id))
        .join(BallotRating, BallotRating.ballot_id == Ballot.id)
        .where(Ballot.vote_id == vote.id)
        .group_by(Ballot.id, Ballot.revision)
    ).all()
    there = db.session.scalar(sa.select(sa.func.count(Ballot.id)).where(Ballot.vote_id == vote.id)) or 0
    wrong = sum(tuple(row) != (NEEDS, NEEDS) for row in ballots)
    return abs(there - VOTERS) + wrong


def close(vote: OpenVote) -> int:
    """Closes the vote and returns how many ballots its result counts."""
    row = db.session.get_one(Vote, vote.id)
    person = db.session.get_one(Membership, row.created_by_id)
    votes_service.close(person, row)
    db.session.commit()
    return row.ballots or 0


Report = Callable[..., None]


def report_to(value: Report, room: Room, wrong: int, counted: int) -> None:
    """Adds the rows; `value` prints one with its limit."""
    for error in sorted(set(room.errors))[:5]:
        print(f"  {error}", flush=True)
    print(f"  {len(room.latencies)} requests, p50 {room.percentile(50):.1f} ms; the wall shows {room.wall}")
    value(f"{ROW}: errors", len(room.errors), "", 0)
    value(f"{ROW}: p95", room.percentile(95), "ms", 1000)
    value(f"{ROW}: miscounted", wrong + abs(counted - VOTERS), "", 0)
