"""Runs `make bench`: one row per measure beside the floor and the last recorded run; the last line counts the OVERs.

`python -m bench --only "one answer"` measures the rows with these words that are compared with the floor, in
seconds. It is a benchmark: it never fails because of a time. What tests assert is exact: numbers of queries, bytes.
"""

import argparse
import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import floor, phones, processes, trials
from bench.engage_side import Engage
from bench.load import PAGES, measure, walk
from bench.report import Report, keep, machine
from engage.config import ROOT
from engage.web.static_files import STYLESHEETS, stylesheet

FLOOR_COMMAND = "-m waitress --threads=4 --listen=127.0.0.1:{} --call bench.floor:create_app"
# So many of Engage's rows, the first ones, are what people use most.
MOST_USED = 12


@contextlib.contextmanager
def bare_floor() -> Iterator[processes.Running]:
    """Serves the floor."""
    with tempfile.TemporaryDirectory() as folder:
        floor.seed(Path(folder))
        port = processes.free_port()
        command = FLOOR_COMMAND.format(port).split()
        with processes.serving(command, port, "/sign-in", {"FLOOR_DATA": folder}) as server:
            yield server


def compare(report: Report, engage: Engage, only: str) -> None:
    """Measures row by row the floor and then Engage, at nearly the same moment, so that other load weighs on both.

    What is compared is the processor's time: how long a request waits for it depends on what else runs.
    """
    half, most = {}, {}
    with bare_floor() as below, engage.serving() as server:
        bare = floor.requests(below.port)
        for name, row in engage.rows().items():
            if only not in name:
                continue
            many = 40 if row.floor == "whole list" else 200
            floors = measure(below, bare[row.floor], requests=many).took() if row.floor else 0
            ours = measure(server, row.make, requests=many)
            half[name], most[name] = ours.took(), ours.took(95)
            if row.floor:
                more = f"{half[name]:.1f} ms, of 95 of 100 {most[name]:.1f}, the floor's {floors:.1f}"
                report.add(f"{name}, times the floor", half[name] / floors, "x", row.limit, more=more)
    if not only:
        times = half["first page of 5,000 actions"] / half["list of 200 actions"]
        report.add("first page of 5,000, times the list of 200", times, "x", 1.3)
        slowest = max(list(most)[:MOST_USED], key=lambda name: most[name])
        report.add("slowest of the most used, 95 of 100", most[slowest], "ms", 50, more=slowest)


def serve(report: Report, engage: Engage) -> None:
    """Measures a server from its start: bytes of a first visit, memory, a load of writes."""
    small = engage.cookies["small"]
    with engage.serving() as server:
        report.add("cold start to the first answer", server.started, "s", 3)
        report.add("memory idle (PSS)", server.memory(), "MB", 130)
        report.add("first visit, sign-in", engage.visit(server.port, "/sign-in"), "KB", 25)
        report.add("first visit, the poster", engage.visit(server.port, engage.poster), "KB", 20)
        report.add("first visit, home", engage.visit(server.port, "/c/small/", small), "KB", 40)
        bundle = stylesheet(Path(ROOT, "static", "css"), STYLESHEETS["app.css"])
        report.add("app.css before compression", len(bundle) / 1024, "KB", 60)
        size, path = max(walk(server.port, small, "/c/small/"))
        report.add(f"memory after {PAGES} pages (PSS)", server.memory(), "MB", 180)
        report.add("the largest of them on the wire", size, "KB", 20, more=path)
        writes = measure(server, engage.rows()["one small write"].make, requests=1600, connections=8)
        report.add("one write, 8 connections", writes.per_second, "/s", 150, least=True)
        report.add("one write, 8 connections: failed", writes.failed, "", 0)
        measure(server, engage.rows()["list of 200 actions"].make, requests=400, connections=8)
        report.add("memory after load (PSS)", server.memory(), "MB", 190)
        with engage.app.app_context():
            phones.meet(report, server.port, engage.round_id, engage.poster, engage.keys)


def main() -> None:
    asked = argparse.ArgumentParser(prog="make bench")
    asked.add_argument("--record", action="store_true", help="keep the numbers as the baseline")
    asked.add_argument("--only", default="", help="only the rows with these words that the floor has, too")
    wanted = asked.parse_args()
    _server, load = processes.cores()
    os.sched_setaffinity(0, load)
    report = Report()
    before = report.before
    print(f"{machine()}; recorded {before['day']} ({before['commit']}) on {before['machine']}")
    with tempfile.TemporaryDirectory() as folder:
        engage = Engage(Path(folder))
        compare(report, engage, wanted.only)
        if not wanted.only:
            serve(report, engage)
            trials.squeeze(report, engage)
            trials.grow(report, engage)
    if wanted.record and not wanted.only:
        keep(machine(), report.rows)
    print(f"{report.over} OVER of {len(report.rows)} rows")


if __name__ == "__main__":
    main()
