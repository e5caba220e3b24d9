"""Runs Engage with 256 MB in all, as in a small container: its pages, a PDF, a workbook and the daily work in turn."""

import http.client
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.engage_side import Engage
from bench.load import Request, connect, one, walk
from bench.report import Report

MEGABYTES = 256
# Only the first version of control groups has a folder for each kind.
FIRST = Path("/sys/fs/cgroup/memory")


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
                "PDF": status(server.port, Request.get("/c/large/reports/plan.pdf", large)),
                "workbook": status(server.port, Request.get(f"/c/large/plan/{engage.plan}/plan.xlsx", large)),
                "daily work": 200 if engage.command("tick", folder) == 0 else 0,
                "home": status(server.port, Request.get("/c/small/", small)),
            }
    except PermissionError as error:
        print(f"a container of {MEGABYTES} MB: not measured, since no control group can be made ({error})")
        return
    more = ", ".join(f"{name} {answer}" for name, answer in said.items())
    missing = list(said.values()).count(0)
    report.add(f"a container of {MEGABYTES} MB: not answered", missing, "", 0, more=more)


def status(port: int, request: Request) -> int:
    try:
        return one(connect(port), request).status
    except (OSError, http.client.HTTPException):
        return 0
