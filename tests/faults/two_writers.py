"""Runs two server processes on one database, and people who change the same things at the same moment.

Each reads, then writes what it read. The second one is told (409) or waits; nothing is lost, no number is
given twice, no use of a link is counted twice.
"""

import re
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import sqlalchemy as sa

from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.models import Action
from engage.strengths.votes.models import Ballot
from tests import factories
from tests.faults.browsers import Answer, Browser
from tests.faults.installations import Installation, installation, letters, people
from tests.faults.kill import MOVES
from tests.faults.rows import Row, row
from tests.strengths.votes.rows import make_vote

PEOPLE, TURNS, USES = 8, 40, 5
PLAN = "/c/riverbend/plan"


@dataclass
class Room:
    """Browsers over two processes, and how each of their requests was answered."""

    installations: tuple[Installation, Installation]
    emails: list[str]
    browsers: list[Browser] = field(default_factory=list)
    answers: dict[str, Counter[int]] = field(default_factory=dict)

    def together(
        self, what: str, browsers: list[Browser], turn: Callable[[Browser, int], Answer]
    ) -> Counter[int]:
        """Lets everyone act at once; returns how many answers had each status."""
        begin, found = threading.Barrier(len(browsers)), self.answers.setdefault(what, Counter())

        def one(number: int) -> None:
            begin.wait(timeout=60)
            found[turn(browsers[number], number).status] += 1

        threads = [threading.Thread(target=one, args=(number,)) for number in range(len(browsers))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    def strangers(self, many: int) -> list[Browser]:
        """Returns browsers, half of them at each process."""
        return [self.installations[number % 2].browser() for number in range(many)]


def run(database: str | None = None, turns: int = TURNS) -> Row:
    kind = "PostgreSQL" if database else "SQLite"
    with row(f"two writers, {kind}") as made_row, installation(database=database) as made:
        made_row.done = f"{PEOPLE} people at two processes change the same things, {turns} times each"
        with made.app.app_context():
            factories.make_action(factories.make_plan(), number=1)
            found = people(made, PEOPLE)
            room = Room((made, made.beside()), [email for _person, email in found])
            link, vote = _link(found[0][0]), make_vote(found[0][0]).token
        for each in room.installations:
            each.start()
        room.browsers = room.strangers(PEOPLE)
        for browser, email in zip(room.browsers, room.emails, strict=True):
            made_row.must(browser.sign_in(email).status == 303, "nobody could sign in")
        for _turn in range(turns):
            room.together("moves", room.browsers, _move)
            room.together("actions", room.browsers, _add)
        _join(room, link)
        _vote(room, vote)
        with made.app.app_context():
            _judge(room, made_row)
        made_row.must(not made.damage(), "the file is damaged")
    return made_row


def _move(browser: Browser, _number: int) -> Answer:
    """Reads the action's status, then moves it."""
    version = re.search(r'name="version"[^>]* value="(\d+)"', browser.get(f"{PLAN}/actions/1").text)
    assert version is not None
    status = MOVES[(int(version[1]) - 1) % 2]
    return browser.post(f"{PLAN}/actions/1/move", version=version[1], status=status)


def _add(browser: Browser, number: int) -> Answer:
    return browser.post(f"{PLAN}/actions/line", title=f"Something new {letters(number)}")


def _link(by: Membership) -> str:
    """Makes an invitation with few uses."""
    made = invitations_service.invite_openly(by, Role.MEMBER, days=7, uses=USES)
    db.session.commit()
    token = invitations_service.token_of(made)
    assert token is not None
    return token


def _join(room: Room, link: str) -> None:
    """Lets twice as many people join as the link allows, at the same moment."""
    newcomers = room.strangers(2 * USES)
    for browser in newcomers:
        browser.get(f"/join/{link}")
        browser.get("/join")

    def join(browser: Browser, number: int) -> Answer:
        name = f"Newcomer {letters(number)}"
        email = f"newcomer-{letters(number)}@example.org"
        return browser.post("/join", name=name, email=email, password=factories.PASSWORD)

    room.together("joins", newcomers, join)


def _vote(room: Room, token: str) -> None:
    """Votes twice from every phone: the second ballot replaces the first, at both processes at once."""
    phones = room.strangers(PEOPLE)
    fields: dict[str, str] = {}
    for phone in phones:
        page = phone.get(f"/vote/{token}").text
        fields = dict.fromkeys(re.findall(r'name="((?:importance|feasibility)-\d+)"', page), "3")
    again = [room.installations[(number + 1) % 2].browser(phone) for number, phone in enumerate(phones)]
    for phone, twin in zip(phones, again, strict=True):
        twin.cookies, twin.token = dict(phone.cookies), phone.token
    room.together("ballots", [*phones, *again], lambda browser, _n: browser.post(f"/vote/{token}", **fields))


def _judge(room: Room, made_row: Row) -> None:
    moves, actions, joins = (room.answers[each] for each in ("moves", "actions", "joins"))
    action = db.session.scalars(sa.select(Action).where(Action.number == 1)).one()
    numbers = list(db.session.scalars(sa.select(Action.number)))
    newcomers = sa.select(sa.func.count()).select_from(Membership).where(Membership.name.like("Newcomer%"))
    invitation = db.session.scalars(sa.select(Invitation)).one()
    statuses = sa.select(sa.func.count()).select_from(HistoryEntry)
    written = db.session.scalar(
        statuses.where(HistoryEntry.thing_id == action.id, HistoryEntry.field == "status")
    )
    made_row.counts |= {
        "moves saved": moves[303],
        "told that it changed meanwhile": moves[409],
        "updates lost": abs(action.version - 1 - moves[303]) + abs((written or 0) - moves[303]),
        "actions added": actions[303],
        "numbers given twice": len(numbers) - len(set(numbers)),
        f"of {2 * USES} at once let in by a link for {USES}": db.session.scalar(newcomers) or 0,
        "ballots of 8 phones": db.session.scalar(sa.select(sa.func.count()).select_from(Ballot)) or 0,
        "refused as busy": sum(each[503] for each in room.answers.values()),
    }
    made_row.must(made_row.counts["updates lost"] == 0, "an update is lost")
    made_row.must(len(numbers) == len(set(numbers)) == actions[303] + 1, "a number is given twice or lost")
    made_row.must(
        joins[303] == db.session.scalar(newcomers) == USES, f"a link for {USES} let in {dict(joins)}"
    )
    made_row.must(invitation.uses_left == 0, "uses of a link are counted wrong")
    made_row.must(made_row.counts["ballots of 8 phones"] == PEOPLE, "a phone has no ballot or two")
    strange = {
        each: dict(found) for each, found in room.answers.items() if found.keys() - {303, 409, 410, 503}
    }
    made_row.must(not strange, f"answers: {strange}")
