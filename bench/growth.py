"""Measures one coalition's pages when the database holds many others."""

import shutil
import statistics
import tempfile
from pathlib import Path

from bench.engage_side import Engage
from bench.load import Request, connect, one
from bench.report import Report
from engage.extensions import db

LIMIT = 1.2
# Pages of the coalition "small", which has 200 actions; the status of the seventh is changed in the meantime,
# so that its page gets longer.
PAGES = ("", "plan/", "plan/?view=board", "plan/actions/8", "checklist/", "partners/", "meetings/")
PAGES += ("strengths/", "chain/", "people/", "messages/", "reports/funder")
WRITES = ("one small write", "one status change")
WARM, TURNS = 10, 100


def asked(engage: Engage, copy: Path) -> dict[str, tuple[float, float]]:
    """Returns the milliseconds of each page and write, by the copy and by the one that grew, asked in turn."""
    pages = {path: Request.get(f"/c/small/{path}", engage.cookies["small"]) for path in PAGES}
    with engage.serving(copy) as few, engage.serving() as many:
        connections = [connect(each.port) for each in (few, many)]
        # Each of these counts the versions of the action that it changes.
        makes = [engage.requests(), engage.requests()]
        found = {}
        for name in (*PAGES, *WRITES):
            taken: tuple[list[float], list[float]] = ([], [])
            for turn in range(WARM + TURNS):
                for which in (turn % 2, 1 - turn % 2):  # so that neither is always second
                    request = pages.get(name) or makes[which][name](turn)
                    status, _body, milliseconds = one(connections[which], request)
                    if status >= 400:
                        raise RuntimeError(f"{name} answered {status}")
                    taken[which].append(milliseconds)
            found[name] = statistics.median(taken[0][WARM:]), statistics.median(taken[1][WARM:])
    return found


def grow(report: Report, engage: Engage, many: int = 1000) -> None:
    """Adds a row for all pages, and one for the slowest, beside what a copy without the others answers."""
    with tempfile.TemporaryDirectory() as folder, engage.app.app_context():
        db.engine.dispose()
        copy = Path(shutil.copytree(engage.folder, Path(folder) / "alone"))
        engage.grow_to(many)
        found = asked(engage, copy)
    few, grown = (sum(each) for each in zip(*found.values(), strict=True))
    times = {name: after / before for name, (before, after) in found.items()}
    slowest = max(times, key=lambda name: times[name])
    beside = f"beside {many:,} coalitions, times alone"
    report.value(f"{len(times)} pages {beside}", grown / few, "x", LIMIT)
    report.value(f"slowest of them {beside}", times[slowest], "x", LIMIT, more=slowest or "home")
