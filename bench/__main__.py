"""Runs `make bench`: one row per measure beside the floor and the last recorded run; the last line counts the OVERs.

It takes about six minutes, two of them for a room of forty that votes. `python -m bench --only "one answer"`
measures the latencies whose row has these words, in seconds; `--only voters` measures the room that votes, in
two minutes, `--only phones` the meeting that answers by a poster, in one, `--only memory` what the server
takes, and `--only Spanish` what Spanish costs beside English. It is a benchmark: it never fails because of a
time. What tests assert is exact: numbers of queries, bytes.
"""

import argparse
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import answering, floor, growth, languages, memory, processes, recorded, voting
from bench.engage_side import Engage
from bench.load import Measured, Request, measure
from bench.report import Report, machine
from engage.stories import story_in

Make = Callable[[int], Request]
FLOOR_COMMAND = (
    "-m gunicorn -w 1 --threads 4 --no-control-socket --log-level error"
    " -b 127.0.0.1:{} bench.floor:create_app()"
)


def slowest(port: int, asked: dict[str, Make], requests: int) -> tuple[str, Measured]:
    """Returns the slowest of several requests, which is the only one that counts."""
    measured = [
        (name, measure(port, make, requests=max(40, requests // len(asked)))) for name, make in asked.items()
    ]
    return max(measured, key=lambda each: each[1].p50)


@contextlib.contextmanager
def bare_floor() -> Iterator[tuple[int, floor.Session]]:
    """Serves the floor, and yields it with a browser of its own."""
    with tempfile.TemporaryDirectory() as folder:
        floor.seed(Path(folder))
        port = processes.free_port()
        command = FLOOR_COMMAND.format(port).split()
        with processes.serving(command, port, "/sign-in", {"FLOOR_DATA": folder}):
            yield port, floor.Session(port)


def compare(report: Report, engage: Engage, only: str = "") -> None:
    """Measures row by row the floor and then Engage, at nearly the same moment, so that other load weighs on both.

    The idle one takes no processor time of their core. `only` keeps the rows with these words, and measures
    nothing but latencies.
    """
    wanted = engage.requests()
    limits = {name: limit for name, limit in LIMITS.items() if only in name}
    with bare_floor() as (port, bare), engage.serving() as server:
        for name, limit in limits.items():
            kind = FLOOR_OF[name]
            most = 40 if kind == WHOLE_LIST else 300
            below = measure(port, bare.request(kind), requests=most)
            ways = engage.filtered() if name == FILTERED else {"": wanted[name]}
            asked, ours = slowest(server.port, ways, most)
            report.timed(name, ours, below, limit, engage.queries(ways[asked](0)), asked)
        if only:
            return
        explorer = measure(server.port, wanted["explorer, 300 needs by 300 strengths"], requests=100)
        report.value("explorer, 300 needs by 300 strengths: p50", explorer.p50, "ms", 100)
        report.value("guard against stories, 10,000 characters", guarded(), "ms", 5)
        pdf = measure(server.port, wanted["200 actions as PDF"], requests=5)
        report.value("200 actions as PDF: p50", pdf.p50, "ms", 1000)
        eight = measure(server.port, wanted["list of 200 actions"], requests=800, connections=8)
        report.value("200 actions, 8 connections: requests/s", eight.per_second, "/s", 120, least=True)
        report.value("200 actions, 8 connections: p95", eight.p95, "ms", 120)
        writes = measure(server.port, wanted["one small write"], requests=1600, connections=8)
        report.value("one write, 8 connections: requests/s", writes.per_second, "/s", 250, least=True)
        report.value("one write, 8 connections: p95", writes.p95, "ms", 40)
        report.value("one write, 8 connections: failed", writes.failed, "", 0)
        report.value("memory after load (PSS)", server.memory(), "MB", 150)
        report.value("cold start to the first answer", server.started, "s", 1.2)
        report.value("first visit on the wire (brotli)", engage.first_visit(server.port) / 1024, "KB", 25)
        report.value("one checklist toggle on the wire", engage.toggle(server.port) / 1024, "KB", 1.5)


def guarded() -> float:
    """Returns the milliseconds of processor time to check 10,000 characters of minutes that contain no story."""
    line = "The clinic asks for a card in Spanish; two members look for beds and report by May.\n"
    minutes = (line * 200)[:10_000]
    took = []
    for _time in range(50):
        began = time.process_time()
        assert story_in(minutes) is None
        took.append(time.process_time() - began)
    return statistics.median(took) * 1000


WHOLE_LIST = "whole list"
FILTERED = "5,000 organizations, filtered"
FLOOR_OF = {
    "sign-in page": "sign-in",
    "list of 200 actions": "list",
    "board of 200 actions": "list",
    "one action's page": "item",
    "one status change": "write",
    "one status change, drawn anew": "write",
    "one small write": "write",
    "home": "counts",
    "first page of 5,000 actions": "first page",
    "first page of 5,000 organizations": "first page",
    FILTERED: "first page",
    "all 5,000 actions as CSV": WHOLE_LIST,
    "all 5,000 actions as XLSX": WHOLE_LIST,
    "all 5,000 actions as JSON": WHOLE_LIST,
    "all 5,000 actions as a report": WHOLE_LIST,
    "report of counts": "counts",
    "search in 20,000 texts": "search",
    "calendar of 500 entries": "list",
    "results of a round, 300 responses": "list",
    "saving one answer": "write",
    "one vote": "write",
    "one sign-up": "write",
}
LIMITS = {
    "sign-in page": 3.0,
    "list of 200 actions": 2.5,
    "board of 200 actions": 3.0,
    "one action's page": 3.0,
    "one status change": 2.5,
    "one status change, drawn anew": 2.5,
    "one small write": 2.5,
    "home": 3.0,
    "first page of 5,000 actions": 4.0,
    "first page of 5,000 organizations": 4.0,
    FILTERED: 4.0,
    "all 5,000 actions as CSV": 3.2,
    "all 5,000 actions as XLSX": 4.0,
    "all 5,000 actions as JSON": 3.2,
    "all 5,000 actions as a report": 3.2,
    "report of counts": 4.0,
    "search in 20,000 texts": 3.0,
    "calendar of 500 entries": 5.0,
    "results of a round, 300 responses": 4.0,
    "saving one answer": 3.0,
    "one vote": 4.0,
    # It takes a place in the waiting line of the event, and counts the places.
    "one sign-up": 4.0,
}


def vote(report: Report, engage: Engage) -> None:
    """Measures two minutes of voting on any machine: forty phones behind one address and the screen."""
    with engage.serving() as server:
        room, wrong, counted = engage.together(server.port)
    voting.report_to(report.value, room, wrong, counted)


def answer(report: Report, engage: Engage) -> None:
    """Measures a meeting on any machine: two hundred phones behind one address that answer by the poster."""
    with engage.serving() as server:
        room, wrong = engage.answering(server.port)
    answering.report_to(report.value, room, wrong)


def speak(report: Report, engage: Engage) -> None:
    """Measures pages in Spanish beside the same in English, and the memory that Spanish adds."""
    with engage.serving() as server:
        languages.measured(server, engage.read(), report.value)


def main() -> None:
    asked = argparse.ArgumentParser(prog="make bench")
    asked.add_argument("--record", action="store_true", help="keep the numbers as the baseline")
    asked.add_argument(
        "--only",
        default="",
        help="only latencies whose row has these words, the voters, the phones, memory or Spanish",
    )
    wanted = asked.parse_args()
    _server, load = processes.cores()
    os.sched_setaffinity(0, load)
    report = Report()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        engage = Engage(Path(folder))
        if any(wanted.only in name for name in LIMITS):
            compare(report, engage, wanted.only)
        if wanted.only in voting.ROW:
            vote(report, engage)
        if wanted.only in answering.ROW:
            answer(report, engage)
        if wanted.only in memory.ROW:
            memory.measure(report.value, engage)
        if wanted.only in languages.ROW or wanted.only in languages.MEMORY:
            speak(report, engage)
        if not wanted.only:
            growth.grow(report, engage)
    over = sum(bool(row["over"]) for row in report.rows)
    print("\n".join(recorded.summary(machine(), report.rows, report.before)))
    if wanted.record and not wanted.only:
        recorded.keep(machine(), report.rows)
    print(f"{over} OVER of {len(report.rows)} rows")


if __name__ == "__main__":
    main()
