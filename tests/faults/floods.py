"""Sends what is dear to read, over four connections at once, while someone else reads and writes.

Each flood holds what is refused at sight and what just stays within the bounds (engage/limits.py).
"""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from statistics import quantiles

from bench.processes import Running
from engage.assessment.sets.rules import MOST_QUESTIONS
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.limits import MOST_FIELDS, MOST_NODES, MOST_ROWS
from tests import factories
from tests.faults.browsers import UNANSWERED, Browser
from tests.faults.installations import Installation, installation, people
from tests.faults.rows import Row, row

CONNECTIONS = 4
SECONDS = 15.0
# What others may wait (the 95th of a hundred requests), and what the server may take.
PATIENCE = 0.3
MEMORY = 400
BOUNDARY = "part-of-a-flood"
URLENCODED = "application/x-www-form-urlencoded"


def empty_fields() -> list[bytes]:
    return [b"a=&" * 680_000, b"&".join([b"a="] * MOST_FIELDS)]


def questions() -> list[bytes]:
    return [
        f"format: 1\nareas: [{','.join(['a'] * 350_000)}]\n".encode(),
        f"format: 1\nareas: [{','.join(['a'] * (MOST_NODES - 10))}]\n".encode(),
        f"format: 1\nareas: {'[' * 90_000}\n".encode(),
        full_set().encode(),
    ]


def full_set() -> str:
    """Returns a file that is taken in whole: 500 questions, nearly as long as a file may be."""
    words = "Someone here knows whom to call at any hour, and says so where people look. "
    texts = [f"statement: {words}", f"why: {words * 4}", f"levels: [{', '.join(['One who cares'] * 5)}]"]
    questions = (
        f"  - key: own-{n}\n    title: {words}\n    " + "\n    ".join(texts) + "\n"
        for n in range(MOST_QUESTIONS)
    )
    return "format: 1\nareas:\n- key: own-area\n  name: Ours\n  questions:\n" + "".join(questions)


def plans() -> list[bytes]:
    """Returns a plan of more goals than there may be, and one of as many actions as there may be."""
    whole = {"format": "engage-plan", "version": 1, "goals": [], "objectives": [], "actions": []}
    goals = [
        {"number": n, "title": f"Goal {n}", "focus_area": None, "why": "", "needs": []} for n in range(10_000)
    ]
    objectives = [
        {"number": f"{n}.1", "goal": n, "title": f"See {n}", "measure": "", "due": None}
        for n in range(10_000)
    ]
    title = "Ask the hotels about their training and write down who came " * 5
    actions = [{"goal": None, "objective": None, "title": f"{title}{n}"} for n in range(MOST_ROWS)]
    return [
        json.dumps({**whole, "goals": goals, "objectives": objectives}).encode(),
        json.dumps({**whole, "actions": actions}).encode(),
    ]


def uploaded(file: bytes, token: str) -> bytes:
    def part(name: str, more: str = "") -> bytes:
        return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n'.encode()

    return b"".join(
        (
            *(part("csrf_token"), token.encode(), b"\r\n", part("file", '; filename="file.txt"'), file),
            f"\r\n--{BOUNDARY}--\r\n".encode(),
        )
    )


@contextmanager
def flood(port: int, path: str, kind: str, bodies: list[bytes], cookie: str, made_row: Row) -> Iterator[None]:
    """Sends them over and over, until the end."""
    stop = threading.Event()

    def one() -> None:
        for body in cycle(bodies):
            if stop.is_set():
                return
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            with suppress(*UNANSWERED):
                connection.request("POST", path, body, {"Content-Type": kind, "Cookie": cookie})
                answer = connection.getresponse()
                answer.read()
                made_row.count(f"answered {answer.status}")
                made_row.must(answer.status < 500, f"a flood is answered with {answer.status}")
            connection.close()

    threads = [threading.Thread(target=one, daemon=True) for _each in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def waits(someone: Browser, seconds: float, most: Callable[[], float]) -> tuple[float, float]:
    """Returns what someone waits who reads and writes in turns (the 95th of a hundred), and the most memory."""
    waited, memory, until = [], 0.0, time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        assert someone.get("/c/riverbend/plan/actions/1").status == 200
        waited.append(time.monotonic() - began)
        began = time.monotonic()
        assert someone.post("/c/riverbend/plan/actions/1/updates", text="We called.").status == 303
        waited.append(time.monotonic() - began)
        memory = max(memory, most())
        time.sleep(0.05)
    return quantiles(waited, n=20)[-1], memory


def _prepared(made: Installation) -> tuple[Browser, Browser]:
    """Returns someone who works, and a coordinator who brings files."""
    with made.app.app_context():
        factories.make_action(factories.make_plan(), number=1)
        email = people(made, 1)[0][1]
        coordinator = factories.make_membership(name="Flood", role=Role.COORDINATOR)
        theirs = coordinator.user.email
        db.session.commit()
    made.start()
    browsers = (made.browser(), made.browser())
    for browser, address in zip(browsers, (email, theirs), strict=True):
        browser.sign_in(address)
    return browsers


def _measured(
    name: str, done: str, path: str, bodies: list[bytes], seconds: float, *, signed_in: bool
) -> Row:
    with row(name) as made_row, installation() as made:
        made_row.done = f"{done}, over {CONNECTIONS} connections"
        someone, coordinator = _prepared(made)
        server = Running(made.port, made.process.pid if made.process else 0, 0)
        alone, _memory = waits(someone, seconds / 3, server.memory)
        kind, cookie = URLENCODED, ""
        if signed_in:
            kind = f"multipart/form-data; boundary={BOUNDARY}"
            cookie = "; ".join(f"{key}={value}" for key, value in coordinator.cookies.items())
            bodies = [uploaded(each, coordinator.token) for each in bodies]
        with flood(made.port, path, kind, bodies, cookie, made_row):
            waited, memory = waits(someone, seconds, server.memory)
        made_row.counts["others' p95 alone"] = f"{alone * 1000:.0f} ms"
        made_row.counts["others' p95"] = f"{waited * 1000:.0f} ms"
        made_row.counts["memory"] = f"{memory:.0f} MB"
        made_row.must(waited < PATIENCE, "others wait")
        made_row.must(memory < MEMORY, "it takes too much memory")
        made_row.must(not made.crashed, "an error of ours")
    return made_row


def run_fields(seconds: float = SECONDS) -> Row:
    path, done = "/c/nobody/settings/", "2 MB of empty fields, signed out"
    return _measured("empty fields", done, path, empty_fields(), seconds, signed_in=False)


def run_questions(seconds: float = SECONDS) -> Row:
    path, done = (
        "/c/riverbend/assessment/questions/load",
        "question files of 700 KB, of 13,000 nodes, of brackets, of 500 questions",
    )
    return _measured("question files", done, path, questions(), seconds, signed_in=True)


def run_plans(seconds: float = SECONDS) -> Row:
    path, done = "/c/riverbend/plan/import/", "plans of 2 MB: 10,000 goals, and 5,000 actions"
    return _measured("plan files", done, path, plans(), seconds, signed_in=True)
