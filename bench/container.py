"""Runs Engage with 256 MB in all, as in a small container: its pages, a PDF, a workbook and the daily work in turn."""

import http.client
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench import memory
from bench.engage_side import Engage
from bench.load import Request, connect, one
from bench.report import Report

MEGABYTES = 256
GROUPS = Path("/sys/fs/cgroup/memory")  # in the second version of control groups, all kinds have one folder
IS_FIRST = GROUPS.is_dir()


@contextmanager
def group() -> Iterator[Path]:
    """Makes a control group with so much memory; raises OSError where this is not allowed."""
    folder = (GROUPS if IS_FIRST else GROUPS.parent) / f"engage-bench-{os.getpid()}"
    folder.mkdir()
    try:
        limit = "memory.limit_in_bytes" if IS_FIRST else "memory.max"
        (folder / limit).write_text(str(MEGABYTES * 2**20))
        yield folder
    finally:
        folder.rmdir()


def squeeze(report: Report, engage: Engage) -> None:
    """Adds a row that counts what was not answered because the server was killed; `more` has every answer.

    A PDF of 5,000 actions needs more memory: its own process is killed, and the server says that it failed (503).
    """
    small, large = engage.cookies["small"], engage.cookies["large"]
    files = {"PDF": "reports/plan.pdf", "workbook": f"plan/{engage.plan}/plan.xlsx"}
    try:
        with group() as folder, engage.serving(group=folder) as server:
            said: dict[str, int] = {"pages": len(memory.walk(server.port, small, "/c/small/"))}
            for name, path in files.items():
                said[name] = status(server.port, Request.get(f"/c/large/{path}", large))
            said["daily work"] = 200 if engage.command("tick", folder) == 0 else 0
            said["home"] = status(server.port, Request.get("/c/small/", small))
    except PermissionError as error:
        print(f"a container of {MEGABYTES} MB: not measured, since no control group can be made ({error})")
        return
    more = ", ".join(f"{name} {answer}" for name, answer in said.items())
    report.value(
        f"a container of {MEGABYTES} MB: not answered", list(said.values()).count(0), "", 0, more=more
    )


def status(port: int, request: Request) -> int:
    try:
        return one(connect(port), request)[0]
    except (OSError, http.client.HTTPException):
        return 0
