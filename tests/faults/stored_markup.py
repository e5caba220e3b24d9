"""Puts markup in every text of a coalition, and opens each of its pages in a real browser: none of it may run."""

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.planted import MARKUP, RAN, ROLES, Planted, planted, walk
from tests.faults.rows import Row, row


def run() -> Row:
    with row("stored markup") as made:
        made.done = (
            f"{len(MARKUP)} kinds of markup in every field, every page opened in Chromium by two roles"
        )
        chromium = shutil.which("chromium")
        made.must(chromium is not None, "chromium is missing. Type: sudo apt install chromium")
        if chromium:
            with tempfile.TemporaryDirectory() as folder, planted(Path(folder) / "data") as site:
                _open_all(chromium, site, made)
    return made


def _open_all(chromium: str, site: Planted, made: Row) -> None:
    made.counts |= {
        "fields filled": len(site.fields),
        "pages opened": 0,
        "scripts that ran": 0,
        "findings": 0,
    }
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        for role in ROLES:
            seen = walk(launched.new_context(base_url=site.server.url).new_page(), site, role)
            made.count("pages opened", seen.opened)
            made.must(seen.opened > 0, f"no page opened for the {role}")
            for found in seen.found:
                made.count("scripts that ran" if RAN in found else "findings")
                made.must(False, f"{role}: {found}")
        launched.close()
