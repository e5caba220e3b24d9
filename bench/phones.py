"""Simulates a meeting in which 200 phones answer an open round by its poster: one address, one process."""

import http.client
import re
import threading
import time
from urllib.parse import urlencode

import sqlalchemy as sa

from bench.load import connect, percentile, together
from bench.report import Report
from engage.assessment.channels import queries as channels_queries
from engage.assessment.channels import service as channels_service
from engage.assessment.models import Answer, Guest, Round
from engage.assessment.questions import QuestionSet
from engage.assessment.rules import ChannelKind
from engage.coalitions.models import Membership
from engage.extensions import db

ROW = "200 phones answering at once"
PHONES, QUESTIONS = 200, 5


def open_door(round_: Round) -> tuple[str, list[str]]:
    """Opens the link of a round that takes answers; returns its path and the keys of the first questions."""
    person = db.session.get_one(Membership, round_.opened_by_id)
    token = channels_queries.token_of(channels_service.open_channel(person, round_, ChannelKind.LINK))
    areas = QuestionSet.from_json(round_.questions).areas
    return f"/answer/{token}", [each.key for area in areas for each in area.questions][:QUESTIONS]


class _Phone:
    """A browser with its cookies, and a connection for each request, as after a pause."""

    def __init__(self, port: int) -> None:
        self._port, self._cookies = port, dict[str, str]()
        self.milliseconds: list[float] = []
        self.errors: list[str] = []

    def ask(self, path: str, **fields: str) -> str:
        began, connection = time.perf_counter(), connect(self._port)
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST" if fields else "GET", path, urlencode(fields), headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        connection.close()
        self.milliseconds.append((time.perf_counter() - began) * 1000)
        if answer.status != (303 if fields else 200):
            self.errors.append(f"{path}: {answer.status}")
        for each in answer.headers.get_all("Set-Cookie", []):
            name, _equals, rest = each.partition("=")
            self._cookies[name] = rest.split(";")[0]
        return page

    def answer_all(self, path: str, keys: list[str], number: int, at_once: threading.Barrier) -> None:
        """Scans the poster within 20 seconds, then answers; all phones press for the last question at one instant."""
        time.sleep(number / 10)
        try:
            token = re.findall(r'name="csrf_token"[^>]* value="([^"]+)"', self.ask(path))[0]
            self.ask(f"{path}/start", csrf_token=token, sector="residents", code="")
            for place, key in enumerate(keys):
                self.ask(f"{path}/questions/{key}")
                if key == keys[-1]:
                    at_once.wait(60)
                else:
                    time.sleep(6 + number % 5)
                self.ask(f"{path}/questions/{key}", csrf_token=token, answer=str((number + place) % 5))
        except (OSError, http.client.HTTPException, IndexError, threading.BrokenBarrierError) as error:
            self.errors.append(repr(error))


def meet(report: Report, port: int, round_id: int, path: str, keys: list[str]) -> None:
    """Runs all phones, and counts those that do not have exactly the answers that they sent."""
    phones, at_once = [_Phone(port) for _number in range(PHONES)], threading.Barrier(PHONES)
    together(
        threading.Thread(target=phone.answer_all, args=(path, keys, number, at_once))
        for number, phone in enumerate(phones)
    )
    each = db.session.scalars(
        sa.select(sa.func.count(Answer.id))
        .join(Guest, Guest.response_id == Answer.response_id)
        .where(Guest.round_id == round_id)
        .group_by(Guest.id)
    ).all()
    errors = [error for phone in phones for error in phone.errors]
    wrong = abs(PHONES - len(each)) + sum(many != QUESTIONS for many in each) + len(errors)
    times = [taken for phone in phones for taken in phone.milliseconds]
    report.value(f"{ROW}: p95", percentile(times, 95), "ms", 1000)
    report.value(f"{ROW}: wrong", wrong, "", 0, more="; ".join(sorted(set(errors))[:3]))
