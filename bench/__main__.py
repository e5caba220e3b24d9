"""Runs `make bench`: one row per measure beside the floor and the last recorded run; the last line counts the OVERs.

It takes about five minutes. `python -m bench --only "one answer"` measures the rows with these words that are
compared with the floor, in seconds. It is a benchmark: it never fails because of a time. What tests assert is exact:
numbers of queries, bytes.
"""

import argparse
import contextlib
import math
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import container, floor, growth, memory, phones, processes
from bench.engage_side import Engage
from bench.load import measure
from bench.report import Report, keep, machine
from engage.config import ROOT
from engage.web.static_files import STYLESHEETS, stylesheet

FLOOR_COMMAND = "-m waitress --threads=4 --listen=127.0.0.1:{} --call bench.floor:create_app"
# What the floor does beside each row, and how many times as long the row may take; docs/speed.md has the aims.
FLOOR_OF = {
    "sign-in page": ("sign-in", 5),
    "list of 200 actions": ("list", 4),
    "board of 200 actions": ("list", 4),
    "home": ("counts", 4),
    "one action's page": ("item", 5),
    "one status change": ("write", 5),
    "one small write": ("write", 4),
    "saving one answer": ("write", 4),
    "first page of 5,000 actions": ("first page", 5),
    "all 5,000 actions as CSV": ("whole list", 4),
    "all 5,000 actions as XLSX": ("whole list", 4),
    "all 5,000 actions as JSON": ("whole list", 4),
    "search in 20,000 texts": ("search", 3),
    "calendar of 500 entries": ("list", 5),
}
# Others of the pages that people use most; the floor has nothing like them.
ALONE = ("a question", "checklist", "meetings")


@contextlib.contextmanager
def bare_floor() -> Iterator[int]:
    """Serves the floor, and yields its port."""
    with tempfile.TemporaryDirectory() as folder:
        floor.seed(Path(folder))
        port = processes.free_port()
        command = FLOOR_COMMAND.format(port).split()
        with processes.serving(command, port, "/sign-in", {"FLOOR_DATA": folder}):
            yield port


def compare(report: Report, engage: Engage, only: str) -> None:
    """Measures row by row the floor and then Engage, at nearly the same moment, so that other load weighs on both."""
    wanted, p50 = engage.requests(), {}
    with bare_floor() as port, engage.serving() as server:
        bare = floor.requests(port)
        for name in (*FLOOR_OF, *ALONE):
            if only not in name:
                continue
            kind, limit = FLOOR_OF.get(name, ("", 0))
            most = 40 if kind == "whole list" else 200
            below = measure(port, bare[kind], requests=most) if kind else None
            ours = measure(server.port, wanted[name], requests=most, worked=server.worked)
            p50[name] = ours.p50
            worked = math.inf if kind == "whole list" else 50
            report.timed(name, ours, below, limit, engage.queries(wanted[name](0)), worked)
    if not only:
        times = p50["first page of 5,000 actions"] / p50["list of 200 actions"]
        report.value("page of 5,000, times the list of 200", times, "x", 1.3)


def serve(report: Report, engage: Engage) -> None:
    """Measures a server from its start: bytes of a first visit, memory, a load of writes."""
    small = engage.cookies["small"]
    with engage.serving() as server:
        report.value("cold start to the first answer", server.started, "s", 3)
        report.value("memory idle (PSS)", server.memory(), "MB", 130)
        for name, path, cookie, limit in (
            ("sign-in", "/sign-in", "", 25),
            ("the poster", engage.poster[0], "", 20),
            ("home", "/c/small/", small, 40),
        ):
            report.value(f"first visit, {name}", engage.visit(server.port, path, cookie), "KB", limit)
        bundle = stylesheet(Path(ROOT, "static", "css"), STYLESHEETS["app.css"])
        report.value("app.css before compression", len(bundle) / 1024, "KB", 60)
        size, path = max(memory.walk(server.port, small, "/c/small/"))
        report.value(f"memory after {memory.PAGES} pages (PSS)", server.memory(), "MB", 180)
        report.value("the largest of them on the wire", size, "KB", 20, more=path)
        writes = measure(server.port, engage.requests()["one small write"], requests=1600, connections=8)
        report.value("one write, 8 connections", writes.per_second, "/s", 150, least=True)
        report.value("one write, 8 connections: failed", writes.failed, "", 0)
        measure(server.port, engage.requests()["list of 200 actions"], requests=400, connections=8)
        report.value("memory after load (PSS)", server.memory(), "MB", 190)
        with engage.app.app_context():
            phones.meet(report, server.port, engage.round_id, *engage.poster)


def main() -> None:
    asked = argparse.ArgumentParser(prog="make bench")
    asked.add_argument("--record", action="store_true", help="keep the numbers as the baseline")
    asked.add_argument("--only", default="", help="only the rows with these words that the floor has, too")
    wanted = asked.parse_args()
    _server, load = processes.cores()
    os.sched_setaffinity(0, load)
    report = Report()
    print(f"{machine()}; recorded {report.before.day} ({report.before.commit}) on {report.before.machine}")
    with tempfile.TemporaryDirectory() as folder:
        engage = Engage(Path(folder))
        compare(report, engage, wanted.only)
        if not wanted.only:
            serve(report, engage)
            container.squeeze(report, engage)
            growth.grow(report, engage)
    if wanted.record and not wanted.only:
        keep(machine(), report.rows)
    print(report.last_line())


if __name__ == "__main__":
    main()
