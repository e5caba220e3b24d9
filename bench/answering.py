"""Simulates a meeting in which 200 phones answer an open round by its poster: one address, one process."""

import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa

from bench.phones import Browser, Room
from engage.assessment.doors import queries as doors_queries
from engage.assessment.doors import service as doors_service
from engage.assessment.models import Answer, Guest, Round
from engage.assessment.questions import QuestionSet
from engage.assessment.rules import DoorKind
from engage.coalitions.models import Membership
from engage.extensions import db

ROW = "200 phones answering at once from one address"
PHONES, QUESTIONS = 200, 6
# They scan the poster within this time, and then read each question for this long.
SCANNING, READING = 15.0, (6.0, 10.0)


@dataclass(frozen=True)
class OpenDoor:
    """An open link of a round: its round, its address, and the keys of the questions in their order."""

    round_id: int
    path: str
    keys: list[str]


def open_door(round_id: int) -> OpenDoor:
    """Opens the link of a round that takes answers."""
    round_ = db.session.get_one(Round, round_id)
    person = db.session.get_one(Membership, round_.opened_by_id)
    token = doors_queries.token_of(doors_service.open_door(person, round_, DoorKind.LINK))
    areas = QuestionSet.from_json(round_.questions).areas
    return OpenDoor(round_id, f"/answer/{token}", [each.key for area in areas for each in area.questions])


def _phone(
    port: int, door: OpenDoor, room: Room, number: int, start: float, together: threading.Barrier
) -> None:
    """Begins, and answers questions as a browser with JavaScript does: saved at the choice, then at Continue.

    All of them press for the last question at the same instant.
    """
    chance, browser = random.Random(number), Browser(port, room)
    time.sleep(max(0.0, start + chance.uniform(0, SCANNING) - time.monotonic()))
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', browser.ask(door.path))
    assert token is not None
    browser.ask(f"{door.path}/start", {"csrf_token": token[1], "sector": "residents", "code": ""})
    for place, key in enumerate(door.keys[:QUESTIONS]):
        path = f"{door.path}/questions/{key}"
        browser.ask(path)
        answer = {"csrf_token": token[1], "answer": str((number + place) % 5)}
        time.sleep(chance.uniform(*READING))
        if place == QUESTIONS - 1:
            together.wait()
        else:
            browser.ask(path, answer, piece=True)
            time.sleep(1)
        browser.ask(path, answer)


def together(port: int, door: OpenDoor) -> Room:
    room, start = Room(), time.monotonic() + 1
    barrier = threading.Barrier(PHONES)
    phones = [
        threading.Thread(target=_phone, args=(port, door, room, number, start, barrier))
        for number in range(PHONES)
    ]
    for thread in phones:
        thread.start()
    for thread in phones:
        thread.join()
    return room


def miscounted(door: OpenDoor) -> int:
    """Returns how many phones do not have exactly the answers that they sent."""
    each = db.session.execute(
        sa.select(sa.func.count(Answer.id), sa.func.count(Answer.answered_at))
        .join(Guest, Guest.response_id == Answer.response_id)
        .where(Guest.round_id == door.round_id)
        .group_by(Guest.id)
    ).all()
    return abs(PHONES - len(each)) + sum(tuple(row) != (QUESTIONS, 0) for row in each)


Report = Callable[..., None]


def report_to(value: Report, room: Room, wrong: int) -> None:
    """Adds the rows; `value` prints one with its limit."""
    for error in sorted(set(room.errors))[:5]:
        print(f"  {error}", flush=True)
    print(f"  {len(room.latencies)} requests, p50 {room.percentile(50):.1f} ms")
    value(f"{ROW}: errors", len(room.errors), "", 0)
    value(f"{ROW}: p95", room.percentile(95), "ms", 1000)
    value(f"{ROW}: miscounted", wrong, "", 0)
