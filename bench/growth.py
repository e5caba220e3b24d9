"""Measures one coalition's pages when the database holds many others; `make bench` does so on SQLite.

    python -m bench.growth --database postgresql://postgres@127.0.0.1:5432/postgres --coalitions 1000

This does so on PostgreSQL, in a database of its own that is dropped at the end, and measures how much two
processes behind nginx answer there.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa

from bench import proxy, recorded
from bench.engage_side import Engage
from bench.load import Request, measure
from bench.report import Report, machine
from engage.extensions import db
from engage.operations import seeding

LIMIT = 1.2
# Pages of the coalition "small", which has 200 actions; of the seventh the status is changed in the meantime,
# so that its page gets longer.
PAGES = {
    "home": "",
    "plan": "plan/",
    "board": "plan/?view=board",
    "an action": "plan/actions/8",
    "checklist": "checklist/",
    "partners": "partners/",
    "meetings": "meetings/",
    "strengths": "strengths/",
    "chain": "chain/",
    "people": "people/",
    "inbox": "messages/",
    "counts": "reports/funder",
}
TICK, MOVE = "one small write", "one status change"


def asked(engage: Engage) -> dict[str, list[float]]:
    """Returns the milliseconds of each page and of two writes, at one connection."""
    requests = engage.requests()
    pages = {
        name: (lambda _n, path=f"/c/small/{path}": Request.get(path, engage.cookies["small"]))
        for name, path in PAGES.items()
    }
    with engage.serving() as server:
        return {
            name: measure(server.port, make, requests=100).latencies
            for name, make in {**pages, TICK: requests[TICK], MOVE: requests[MOVE]}.items()
        }


def _median(latencies: list[float]) -> float:
    return latencies[len(latencies) // 2]


def compare(report: Report, alone: dict[str, list[float]], engage: Engage, many: int) -> None:
    """Adds a row for the slowest page beside so many coalitions, by name, and one for all."""
    now = asked(engage)
    times = {name: _median(found) / _median(alone[name]) for name, found in now.items()}
    slowest = max(times, key=lambda name: times[name])
    whole = sum(map(_median, now.values())) / sum(map(_median, alone.values()))
    report.value(f"{len(times)} pages beside {many:,} coalitions: times alone", whole, "x", LIMIT)
    report.value(
        f"slowest of them beside {many:,}: times alone", times[slowest], "x", LIMIT, more=f"({slowest})"
    )
    print("  " + ", ".join(f"{name} {ratio:.2f}" for name, ratio in times.items()))


def grow(report: Report, engage: Engage, steps: tuple[int, ...] = (100, 1000)) -> None:
    """Measures alone (beside the others that are measured), then beside more."""
    alone = asked(engage)
    for many in steps:
        engage.grow_to(many)
        compare(report, alone, engage, many)


@contextmanager
def scratch(url: str) -> Iterator[str]:
    """Makes a new database on this server and drops it at the end."""
    server = sa.make_url(url).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"engage_bench_{os.getpid()}"
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


def fill(report: Report, engage: Engage, many: int) -> None:
    """Fills it as `engage seed` does, with 200 actions and 30 people each."""
    began = time.perf_counter()
    with engage.app.app_context():
        before = _size()
        slugs = seeding.missing(many)
        filling = seeding.fill(slugs, actions=200, members=30, password=seeding.new_password())
        with click.progressbar(filling, length=len(slugs), label="Coalitions", show_pos=True) as steps:
            for _slug in steps:
                pass
        grown = (_size() - before) / len(slugs)
    report.value(f"seeding {many:,} coalitions", time.perf_counter() - began, "s", 900)
    report.value("disk a coalition", grown / 1024, "KB", 2000)


def settle(engage: Engage) -> None:
    """Does what autovacuum does within minutes of such a day, before anything is measured."""
    with engage.app.app_context():
        connection = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        with connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
            connection.exec_driver_sql("CHECKPOINT")


def _size() -> int:
    return int(db.session.execute(sa.text("SELECT pg_database_size(current_database())")).scalar_one())


def together(report: Report, engage: Engage) -> None:
    """Measures two processes behind nginx, each request to the next of them, at eight connections."""
    requests = engage.requests()
    with engage.serving() as first, engage.serving() as second:
        for words, to in (("one process", (first.port,)), ("two processes", (first.port, second.port))):
            with proxy.nginx(*to, scheme="http") as port:
                for name, row in (("list of 200 actions", "lists"), (TICK, "writes")):
                    done = measure(port, requests[name], requests=600, connections=8)
                    report.value(
                        f"{words} behind nginx: {row}/s",
                        done.per_second,
                        "/s",
                        0,
                        least=True,
                        more=f"p95 {done.p95:.0f} ms, {done.failed} failed",
                    )


def main() -> None:
    wanted = argparse.ArgumentParser(prog="python -m bench.growth")
    wanted.add_argument(
        "--database", required=True, help="postgresql://user@host/any: a server to make one on"
    )
    wanted.add_argument("--coalitions", type=int, default=1000)
    given = wanted.parse_args()
    report = Report(before=recorded.Recorded())
    print(machine())
    with tempfile.TemporaryDirectory() as folder, scratch(given.database) as url:
        engage = Engage(Path(folder), database=url)
        settle(engage)
        alone = asked(engage)
        fill(report, engage, given.coalitions)
        settle(engage)
        compare(report, alone, engage, given.coalitions)
        together(report, engage)
        with engage.app.app_context():
            db.engine.dispose()
    print(f"{sum(bool(row['over']) for row in report.rows)} OVER of {len(report.rows)} rows")


if __name__ == "__main__":
    main()
