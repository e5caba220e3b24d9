"""Measures one coalition's pages when the database holds many others; `make bench` does so on SQLite.

    python -m bench.growth --database postgresql://postgres@127.0.0.1:5432/postgres --coalitions 1000

This does so on PostgreSQL, in a database of its own that is dropped at the end, and measures how much two
processes behind nginx answer there.
"""

import argparse
import http.client
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa

from bench import proxy, recorded
from bench.engage_side import Engage
from bench.load import Request, measure, one
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
WARM, TURNS = 10, 100


@contextmanager
def alone(engage: Engage, folder: Path) -> Iterator[dict[str, str]]:
    """Copies the installation before it grows; yields the settings with which a server serves the copy."""
    with engage.app.app_context():
        url = db.engine.url
        db.engine.dispose()
    if url.get_backend_name() == "sqlite":
        shutil.copytree(engage.folder, folder)
        yield {"ENGAGE_DATA": str(folder)}
    else:
        with scratch(url, like=url.database) as copy:
            yield {"ENGAGE_DATABASE_URL": copy}


def asked(engage: Engage, copy: dict[str, str]) -> dict[str, tuple[float, float]]:
    """Returns the milliseconds of each page and of two writes, by the copy and by the one that grew, asked in turn."""
    with engage.serving(copy) as few, engage.serving() as many:
        connections = [http.client.HTTPConnection("127.0.0.1", each.port, timeout=30) for each in (few, many)]
        # Each of these counts the versions of the action that it changes.
        makes = [engage.requests(), engage.requests()]
        pages = {
            name: Request.get(f"/c/small/{path}", engage.cookies["small"]) for name, path in PAGES.items()
        }
        found = {}
        for name in (*PAGES, TICK, MOVE):
            taken: tuple[list[float], list[float]] = ([], [])
            for turn in range(WARM + TURNS):
                for which in (turn % 2, 1 - turn % 2):  # so that neither is always second
                    request = pages.get(name) or makes[which][name](turn)
                    status, _size, milliseconds = one(connections[which], request)
                    if status >= 400:
                        raise RuntimeError(f"{name} answered {status}")
                    taken[which].append(milliseconds)
            found[name] = statistics.median(taken[0][WARM:]), statistics.median(taken[1][WARM:])
        for connection in connections:
            connection.close()
    return found


def compare(report: Report, engage: Engage, copy: dict[str, str], many: int) -> None:
    """Adds a row for the slowest page beside so many coalitions, by name, and one for all."""
    found = asked(engage, copy)
    times = {name: after / before for name, (before, after) in found.items()}
    slowest = max(times, key=lambda name: times[name])
    few, grown = (sum(each) for each in zip(*found.values(), strict=True))
    report.value(f"{len(times)} pages beside {many:,} coalitions: times alone", grown / few, "x", LIMIT)
    report.value(
        f"slowest of them beside {many:,}: times alone", times[slowest], "x", LIMIT, more=f"({slowest})"
    )
    print("  " + ", ".join(f"{name} {ratio:.2f}" for name, ratio in times.items()))


def grow(report: Report, engage: Engage, steps: tuple[int, ...] = (100, 1000)) -> None:
    """Measures beside more and more coalitions what is asked of a copy without them in the same minute."""
    with tempfile.TemporaryDirectory() as folder, alone(engage, Path(folder) / "alone") as copy:
        for many in steps:
            engage.grow_to(many)
            compare(report, engage, copy, many)


@contextmanager
def scratch(url: str | sa.URL, like: str | None = None) -> Iterator[str]:
    """Makes a new database on this server, empty or a copy of another one of it, and drops it at the end."""
    server = sa.make_url(url).set(drivername="postgresql+psycopg", database="postgres")
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"engage_bench_{os.getpid()}" + ("_alone" if like else "")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {like or 'template1'}")
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
    """Does what autovacuum would do within minutes on such a day, before anything is measured."""
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
        with alone(engage, Path(folder)) as copy:
            fill(report, engage, given.coalitions)
            settle(engage)
            compare(report, engage, copy, given.coalitions)
        together(report, engage)
        with engage.app.app_context():
            db.engine.dispose()
    print(f"{sum(bool(row['over']) for row in report.rows)} OVER of {len(report.rows)} rows")


if __name__ == "__main__":
    main()
