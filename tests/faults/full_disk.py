"""Fills the disk: what was typed stays on the page, reading goes on, and with more space so does writing."""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from engage.extensions import db
from engage.plan.models import Update
from tests import factories
from tests.faults.browsers import Answer, Browser
from tests.faults.installations import Installation, installation, letters, people
from tests.faults.rows import Row, row

# What is left beside a new installation, and what the host makes of it later. A log of SQLite takes up to four.
LEFT, MORE = 5, 40
LONG = "We met the principal and she wants posters in both buildings before the winter break. " * 20
ADDRESS = "/c/riverbend/plan/actions/1"


@contextmanager
def small_disk() -> Iterator[Path]:
    """Makes a file system of its own in memory; mounting needs root."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={MORE}m", "tmpfs", folder], check=True)
        try:
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def resize(folder: Path, megabytes: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={megabytes}m", str(folder)], check=True)


def used(folder: Path) -> int:
    """Returns the megabytes, rounded up."""
    return -(-sum(each.stat().st_size for each in folder.rglob("*") if each.is_file()) // 2**20)


def write(browser: Browser, text: str, **more: str) -> Answer:
    return browser.post(f"{ADDRESS}/updates", text=text, **more)


def fill(browser: Browser, made_row: Row) -> set[str]:
    """Writes until the server says twice that the disk is full; returns the texts that it acknowledged."""
    saved: set[str] = set()
    for turn in range(20_000):
        text = f"{letters(turn)} {LONG}".strip()
        answer = write(browser, text)
        if answer.status == 303:
            saved.add(text)
            continue
        made_row.must(answer.status == 507, f"a full disk answers {answer.status}")
        made_row.must(text in answer.text, "the text is not on the page of the full disk")
        made_row.count("refused with 507")
        if int(made_row.counts["refused with 507"]) >= 20 or answer.status != 507:
            break
    return saved


def look(made: Installation, browser: Browser, email: str, made_row: Row) -> None:
    """Checks what works with a full disk, and that the rest says why it does not."""
    for path in ("/c/riverbend/", "/c/riverbend/plan/", ADDRESS, "/c/riverbend/checklist/", "/help"):
        made_row.must(browser.get(path).status == 200, f"reading {path} fails")
        made_row.count("pages read")
    piece = made.browser(browser, **{"HX-Request": "true"})
    made_row.must(write(piece, LONG.strip()).headers.get("HX-Retarget") == "#status", "htmx is told nothing")
    entered = made.browser().sign_in(email)
    made_row.counts["sign-in"] = entered.status
    made_row.must(entered.status in {303, 507}, f"signing in answers {entered.status}")
    left = made.browser(browser).get("/leave")
    made_row.must(left.status == 303 and "cookies" in left.headers["Clear-Site-Data"], "nobody can leave")
    out = made.browser(browser).post("/sign-out")
    made_row.counts["sign-out"] = out.status
    made_row.must(out.status in {303, 507}, f"signing out answers {out.status}")


def run(left: int = LEFT) -> Row:
    """Runs the test; `left` is how many megabytes the disk has for what people write."""
    with (
        row("full disk, then space again") as made_row,
        small_disk() as disk,
        installation(disk / "data") as made,
    ):
        made_row.done = "texts are written until none fits, then the disk grows under the running server"
        email = prepare(made)
        made.start()
        browser, watcher = made.browser(), made.browser()
        for each in (browser, watcher):
            each.sign_in(email)
        resize(disk, used(disk) + left)
        saved = fill(browser, made_row)
        look(made, watcher, email, made_row)
        made.kill()
        browser.close()  # its connection ended with the server
        made.start()
        # The other one left and signed out above, which a full disk may or may not take.
        read = browser.get(ADDRESS).status
        made_row.must(read == 200, f"killed and started on a full disk it does not read but answers {read}")
        resize(disk, MORE)
        last = "And with space again it goes on."
        made_row.must(write(browser, last).status == 303, "with space again nothing is saved")
        made_row.must(made.browser().sign_in(email).status == 303, "with space again nobody signs in")
        made_row.counts["acknowledged"] = len(saved) + 1
        made_row.counts["lost"] = len(lost := missing(made, saved | {last}))
        made_row.must(not lost, "lost what was acknowledged")
        made_row.must(not made.damage(), "the file is damaged")
        made_row.must(not made.crashed, "something crashed")
    return made_row


def prepare(made: Installation) -> str:
    """Makes an action to write about; returns the address of a person who may."""
    with made.app.app_context():
        factories.make_action(factories.make_plan(), number=1)
        return people(made, 1)[0][1]


def missing(made: Installation, saved: set[str]) -> set[str]:
    with made.app.app_context():
        return saved - set(db.session.scalars(sa.select(Update.text)))
