"""Simulates a meeting in which 200 phones answer an open round by its poster: one address, one process."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import sqlalchemy as sa

from bench.load import percentile
from bench.report import Report
from engage.assessment.models import Answer, Guest
from engage.extensions import db
from tests.faults.browsers import UNANSWERED, Browser

ROW = "200 phones answering at once"
PHONES, QUESTIONS = 200, 5


class _Phone:
    """A browser, with the milliseconds of its answers and what went wrong."""

    def __init__(self, port: int) -> None:
        self._browser = Browser(port)
        self.milliseconds: list[float] = []
        self.errors: list[str] = []

    def ask(self, path: str, **fields: str) -> None:
        began = time.perf_counter()
        answer = self._browser.post(path, **fields) if fields else self._browser.get(path)
        self.milliseconds.append((time.perf_counter() - began) * 1000)
        if answer.status != (303 if fields else 200):
            self.errors.append(f"{path}: {answer.status}")

    def answer_all(self, path: str, keys: list[str], number: int, at_once: threading.Barrier) -> None:
        """Scans the poster within 20 seconds, then answers; all phones press for the last question at one instant."""
        time.sleep(number / 10)
        try:
            self.ask(path)
            self.ask(f"{path}/start", sector="residents", code="")
            for place, key in enumerate(keys):
                self.ask(f"{path}/questions/{key}")
                if key == keys[-1]:
                    at_once.wait(60)
                else:
                    time.sleep(6 + number % 5)
                self.ask(f"{path}/questions/{key}", answer=str((number + place) % 5))
        except (*UNANSWERED, threading.BrokenBarrierError) as error:
            self.errors.append(repr(error))
        self._browser.close()


def meet(report: Report, port: int, round_id: int, path: str, keys: list[str]) -> None:
    """Runs all phones, and counts those that do not have exactly the answers that they sent."""
    phones, at_once = [_Phone(port) for _number in range(PHONES)], threading.Barrier(PHONES)
    with ThreadPoolExecutor(PHONES) as pool:
        list(pool.map(lambda n: phones[n].answer_all(path, keys[:QUESTIONS], n, at_once), range(PHONES)))
    each = db.session.scalars(
        sa.select(sa.func.count(Answer.id))
        .join(Guest, Guest.response_id == Answer.response_id)
        .where(Guest.round_id == round_id)
        .group_by(Guest.id)
    ).all()
    errors = [error for phone in phones for error in phone.errors]
    wrong = abs(PHONES - len(each)) + sum(many != QUESTIONS for many in each) + len(errors)
    taken = [milliseconds for phone in phones for milliseconds in phone.milliseconds]
    report.add(f"{ROW}: p95", percentile(taken, 95), "ms", 1000)
    report.add(f"{ROW}: wrong", wrong, "", 0, more="; ".join(sorted(set(errors))[:3]))
