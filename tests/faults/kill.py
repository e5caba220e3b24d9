"""Kills with kill -9 while people write: what was acknowledged is there after the restart, and nothing in part."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from engage.checklist.models import Item
from engage.checklist.rules import ItemState
from engage.content.loader import content
from engage.extensions import db
from engage.plan.models import Action, Update
from engage.snapshots import Snapshot
from tests import factories
from tests.faults.browsers import UNANSWERED, Browser
from tests.faults.installations import Installation, installation, letters, people
from tests.faults.rows import Row, row

WRITERS = 4
MOVES = ("under_way", "not_started")
# How long a server lives before it is killed, in seconds: also in the middle of its first requests.
SHORTEST, LONGEST = 0.3, 5.0


@dataclass
class Writer:
    """A person at work on an action and an item of their own, and what the server said is saved."""

    browser: Browser
    email: str
    action: int
    item: str
    version: int = 1
    updates: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)
    # Each tick is acknowledged as it was wanted; one without an answer may have come through or not.
    ticked: set[bool] = field(default_factory=lambda: {False})
    refused: Counter[int] = field(default_factory=Counter)
    turns: Iterator[int] = field(default_factory=count)
    acknowledged: int = 0

    def work(self) -> None:
        """Makes one change after another, until the server stops answering."""
        try:
            for turn in self.turns:
                (self._update, self._move, self.tick, self._add)[turn % 4](turn)
        except UNANSWERED:
            self.browser.close()

    def _post(self, path: str, **fields: str) -> bool:
        answer = self.browser.post(f"/c/riverbend/{path}", **fields)
        saved = answer.status == 303
        self.acknowledged += saved
        self.refused[answer.status] += not saved
        return saved

    def _update(self, turn: int) -> None:
        text = f"How it goes {letters(self.action)} {letters(turn)}"
        if self._post(f"plan/actions/{self.action}/updates", text=text):
            self.updates.add(text)

    def _move(self, _turn: int) -> None:
        # By the version: a move to where it stands already would change nothing.
        fields = {"version": str(self.version), "status": MOVES[(self.version - 1) % 2]}
        if self._post(f"plan/actions/{self.action}/move", **fields):
            self.version += 1

    def tick(self, turn: int) -> None:
        wanted = (turn // 4) % 2 == 0
        self.ticked.add(wanted)
        if self._post(f"checklist/items/{self.item}/tick", wanted="done" if wanted else "open"):
            self.ticked = {wanted}

    def _add(self, turn: int) -> None:
        title = f"Something new {letters(self.action)} {letters(turn)}"
        if self._post("plan/actions/line", title=title):
            self.titles.add(title)

    def lost(self) -> list[str]:
        """Returns what was acknowledged and is not in the database; then continues from what is there."""
        action = db.session.scalars(sa.select(Action).where(Action.number == self.action)).one()
        updates = set(db.session.scalars(sa.select(Update.text).where(Update.action_id == action.id)))
        titles = set(db.session.scalars(sa.select(Action.title)))
        item = db.session.scalar(sa.select(Item).where(Item.key == self.item))
        done = item is not None and item.state is ItemState.DONE
        lost = [*(self.updates - updates), *(self.titles - titles)]
        lost += [f"a move of action {self.action}"] * max(0, self.version - action.version)
        lost += [] if done in self.ticked else [f"the tick of {self.item}"]
        self.version, self.ticked = action.version, {done}
        return lost

    def halves(self) -> int:
        """Counts moves without their undo copy, or the other way round: half of a write."""
        action = db.session.scalars(sa.select(Action).where(Action.number == self.action)).one()
        copies = sa.select(sa.func.count()).select_from(Snapshot).where(Snapshot.thing_id == action.id)
        return abs((action.version - 1) - (db.session.scalar(copies) or 0))


def writers(made: Installation, many: int) -> list[Writer]:
    """Makes people with an action and an item each, not signed in yet."""
    with made.app.app_context():
        plan = factories.make_plan()
        keys = [item.key for tip in content().tips for item in tip.items]
        found = []
        for turn, (_person, email) in enumerate(people(made, many)):
            factories.make_action(plan, number=turn + 1)
            found.append(Writer(made.browser(), email, turn + 1, keys[turn]))
        return found


def under_load(made: Installation, workers: list[Writer], seconds: float) -> None:
    """Lets everyone work; after so many seconds it kills the server, and no one is answered any more."""
    threads = [threading.Thread(target=each.work) for each in workers]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    made.kill()
    for thread in threads:
        thread.join()


def run(writes: int, folder: Path | None = None, database: str | None = None, seed: int = 1) -> Row:
    """Kills and restarts until so many writes are acknowledged; compares after each kill."""
    chance = random.Random(seed)
    kind = "PostgreSQL" if database else "SQLite"
    with row(f"kill -9 under load, {kind}") as made_row, installation(folder, database) as made:
        workers = writers(made, WRITERS)
        made.start()
        for each in workers:
            made_row.must(each.browser.sign_in(each.email).status == 303, "nobody could sign in")
        lost: list[str] = []
        while sum(each.acknowledged for each in workers) < writes and not made_row.broken:
            under_load(made, workers, chance.uniform(SHORTEST, LONGEST))
            made_row.count("kills")
            compare(made, workers, made_row, lost)
            made.start()
        made_row.done = f"{WRITERS} people write, the server is killed at random moments"
        report(workers, made_row, lost)
    return made_row


def compare(made: Installation, workers: list[Writer], made_row: Row, lost: list[str]) -> None:
    with made.app.app_context():
        for each in workers:
            lost += each.lost()
            made_row.must(each.halves() == 0, "half of a write is there")
        db.session.remove()
        db.engine.dispose()
    made_row.must(not made.damage(), "the file is damaged")


def report(workers: list[Writer], made_row: Row, lost: list[str]) -> None:
    refused = sum((each.refused for each in workers), Counter())
    made_row.counts |= {
        "acknowledged": sum(each.acknowledged for each in workers),
        "lost": len(lost),
        "refused": sum(refused.values()),
    }
    made_row.must(not lost, f"lost: {', '.join(lost[:3])}")
    made_row.must(not refused, f"refused: {dict(refused)}")
