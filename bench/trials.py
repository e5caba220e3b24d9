"""Tries Engage where it is cramped: beside a thousand other coalitions, and with the memory of a small container."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from bench.engage_side import Engage
from bench.load import Asked, client, get, measure, walk
from bench.report import Report
from engage.extensions import db

COALITIONS, LIMIT, REQUESTS = 1000, 1.2, 100
# Pages of the coalition "small", which has 200 actions.
PAGES = ("", "plan/", "plan/?view=board", "plan/actions/8", "checklist/", "partners/", "meetings/")
PAGES += ("strengths/", "chain/", "people/", "messages/", "reports/funder")
WRITE = "one small write"
MEGABYTES = 256
# Only the first version of control groups has a folder for each kind.
FIRST = Path("/sys/fs/cgroup/memory")


def grow(report: Report, engage: Engage) -> None:
    """Adds a row for twelve pages and a write, and one for the slowest, beside what a copy without the others takes."""
    asked = {page or "home": get(f"/c/small/{page}", engage.cookies["small"]) for page in PAGES}
    asked[WRITE] = engage.rows()[WRITE].make(0)
    took = {}
    with tempfile.TemporaryDirectory() as folder, engage.app.app_context():
        db.engine.dispose()
        copy = Path(shutil.copytree(engage.folder, Path(folder) / "alone"))
        engage.grow_to(COALITIONS)
        with engage.serving(copy) as few, engage.serving() as many:
            for name, request in asked.items():
                alone, beside = (
                    measure(server, lambda _n, each=request: each, requests=REQUESTS).took()
                    for server in (few, many)
                )
                took[name] = alone, beside
    alone, beside = (sum(each) for each in zip(*took.values(), strict=True))
    slowest = max(took, key=lambda name: took[name][1] / took[name][0])
    said = f"beside {COALITIONS:,} coalitions, times alone"
    report.add(f"{len(took)} pages {said}", beside / alone, "x", LIMIT)
    report.add(f"slowest of them {said}", took[slowest][1] / took[slowest][0], "x", LIMIT, more=slowest)


@contextmanager
def group() -> Iterator[Path]:
    """Makes a control group with so much memory; raises OSError where this is not allowed."""
    kind, limit = (FIRST, "memory.limit_in_bytes") if FIRST.is_dir() else (FIRST.parent, "memory.max")
    folder = kind / f"engage-bench-{os.getpid()}"
    folder.mkdir()
    try:
        (folder / limit).write_text(str(MEGABYTES * 2**20))
        yield folder
    finally:
        folder.rmdir()


def squeeze(report: Report, engage: Engage) -> None:
    """Adds a row that counts what was not answered because the server was killed; `more` has every answer.

    A PDF of 5,000 actions needs more memory: its own process is killed, and the server says that it failed (503).
    """
    small, large = engage.cookies["small"], engage.cookies["large"]
    try:
        with group() as folder, engage.serving(group=folder) as server:
            said = {
                "pages": len(walk(server.port, small, "/c/small/")),
                "PDF": status(server.port, get("/c/large/reports/plan.pdf", large)),
                "workbook": status(server.port, get(f"/c/large/plan/{engage.plan}/plan.xlsx", large)),
                "daily work": 200 if engage.command("tick", folder) == 0 else 0,
                "home": status(server.port, get("/c/small/", small)),
            }
    except PermissionError as error:
        print(f"a container of {MEGABYTES} MB: not measured, since no control group can be made ({error})")
        return
    more = ", ".join(f"{name} {answer}" for name, answer in said.items())
    missing = list(said.values()).count(0)
    report.add(f"a container of {MEGABYTES} MB: not answered", missing, "", 0, more=more)


def status(port: int, asked: Asked) -> int:
    try:
        with client(port) as asking:
            return asking.request(**asked).status_code
    except httpx.HTTPError:
        return 0
