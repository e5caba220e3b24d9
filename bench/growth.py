"""Measures one coalition's pages when the database holds many others."""

import shutil
import tempfile
from pathlib import Path

from bench.engage_side import Engage
from bench.load import Request, measure
from bench.report import Report
from engage.extensions import db

COALITIONS, LIMIT, REQUESTS = 1000, 1.2, 100
# Pages of the coalition "small", which has 200 actions.
PAGES = ("", "plan/", "plan/?view=board", "plan/actions/8", "checklist/", "partners/", "meetings/")
PAGES += ("strengths/", "chain/", "people/", "messages/", "reports/funder")
WRITE = "one small write"


def grow(report: Report, engage: Engage) -> None:
    """Adds a row for twelve pages and a write, and one for the slowest, beside what a copy without the others takes."""
    asked = {page or "home": Request.get(f"/c/small/{page}", engage.cookies["small"]) for page in PAGES}
    asked[WRITE] = engage.requests()[WRITE](0)
    with tempfile.TemporaryDirectory() as folder, engage.app.app_context():
        db.engine.dispose()
        copy = Path(shutil.copytree(engage.folder, Path(folder) / "alone"))
        engage.grow_to(COALITIONS)
        with engage.serving(copy) as few, engage.serving() as many:
            took = {
                name: [
                    measure(server, lambda _n, each=request: each, requests=REQUESTS).took()
                    for server in (few, many)
                ]
                for name, request in asked.items()
            }
    alone, beside = (sum(each) for each in zip(*took.values(), strict=True))
    slowest = max(took, key=lambda name: took[name][1] / took[name][0])
    said = f"beside {COALITIONS:,} coalitions, times alone"
    report.add(f"{len(took)} pages {said}", beside / alone, "x", LIMIT)
    report.add(f"slowest of them {said}", took[slowest][1] / took[slowest][0], "x", LIMIT, more=slowest)
