"""Draws forty pages of the sample on twelve contact sheets in build/sheets: `make sheets` shows the whole look at once.

`python -m tests.browser.pictures.sheets --before FOLDER` puts beside each page the picture that an earlier run, in
a checkout of an earlier version, left in that folder's `pictures`.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.browser import prepared, servers
from tests.browser.conftest import PHONE, WIDE
from tests.browser.journeys.hand import Hand
from tests.browser.length.measured import PAGES
from tests.browser.length.test_long_names import LENGTHENED
from tests.browser.pictures.demo import serving_demo
from tests.browser.test_first_evening import ZONE, set_up
from tests.browser.words import Words

SHEETS = servers.ROOT / "build" / "sheets"
FORTY = (
    *(
        "home",
        "my tasks",
        "Getting Started",
        "Learn",
        "tips",
        "assessment",
        "who answers",
        "invite to a round",
    ),
    *(
        "results",
        "compare",
        "agree and differ",
        "side by side",
        "one need",
        "the chain",
        "loose ends",
        "partners",
    ),
    *("one organization", "referral list", "agreements", "one agreement", "coverage", "open recruitments"),
    *(
        "meetings",
        "one meeting",
        "the next meeting",
        "draft the agenda",
        "record the meeting",
        "decisions",
        "plan",
    ),
    *(
        "board",
        "timeline",
        "one action",
        "review",
        "activities",
        "reports",
        "counts",
        "handing over",
        "people",
    ),
    *("about us", "settings"),
)
DARK, LONG = FORTY[::3], FORTY[1::4]
EMPTY = (
    "home",
    "my tasks",
    "Getting Started",
    "assessment",
    "partners",
    "meetings",
    "plan",
    "people",
    "reports",
)
REFUSED = ("add an organization", "add an agreement", "add a meeting", "add an action", "write to people")
# Sent empty, past the browser's own checks: the answer is Engage's.
SENT_EMPTY = """() => {
  const form = document.querySelector('main form:has([type=text], textarea)');
  for (const field of form.querySelectorAll('[type=text], [type=number], [type=date], textarea')) field.value = '';
  form.noValidate = true;
  form.requestSubmit(form.querySelector('button:not([name])') || undefined);
}"""
# Pairs of pictures with their names, as many in a row as fit.
SHEET = """<!doctype html><meta charset=utf-8><style>
body {{ margin: 12px; background: #777; color: #fff; font: 13px sans-serif; display: flex; flex-wrap: wrap; gap: 12px }}
figure {{ margin: 0 }} figure div {{ display: flex; gap: 3px }} figcaption {{ padding: 2px 0 }}
div > * {{ width: {width}px; height: {height}px; object-fit: cover; object-position: top; background: #999 }}
</style>{figures}"""


def pictures(browser: Browser, server: servers.Server, empty: servers.Server, to: Path) -> None:
    """Takes each page's first screen in each state, as `<state>/<page>.png`."""
    for size, screen in (("1280", WIDE), ("360", PHONE)):
        for scheme in ("light", "dark"):
            context = browser.new_context(base_url=server.url, viewport=screen, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            servers.sign_in(page, server.account("coordinator"))
            root = urlsplit(page.url).path
            _take(page, root, FORTY if scheme == "light" else DARK, to / f"{scheme}-{size}")
            if scheme == "light":
                _take(page, root, LONG, to / f"long-{size}", LENGTHENED)
                _take(page, root, REFUSED, to / f"refused-{size}", SENT_EMPTY)
            context.close()
        page = browser.new_context(base_url=empty.url, viewport=screen, timezone_id=ZONE).new_page()  # type: ignore[arg-type]
        if size == "1280":
            set_up(Hand(page, Words("en")), empty)
            page.wait_for_url("**/c/**")
        else:
            servers.sign_in(page, ("maria@example.org", "seven quiet herons"))
        _take(page, urlsplit(page.url).path, EMPTY, to / f"empty-{size}")


def _take(page: Page, root: str, names: tuple[str, ...], to: Path, first: str | None = None) -> None:
    to.mkdir(parents=True, exist_ok=True)
    for name in names:
        page.goto(root + PAGES[name])
        if first is not None:
            page.evaluate(first)
            page.wait_for_load_state("networkidle")
            page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=to / f"{name}.png")


def drawn(browser: Browser, now: Path, before: Path | None, to: Path) -> None:
    """Draws twelve sheets of pairs: before on the left, now on the right."""
    to.mkdir(parents=True, exist_ok=True)
    page = browser.new_page(viewport={"width": 1900, "height": 900})
    for sheet, folders in _sheets():
        width, height = (300, 211) if sheet.endswith("1280") else (150, 308)
        figures = "".join(
            f"<figure><figcaption>{folder}: {name}</figcaption><div>{_picture(before, folder, name)}"
            f"{_picture(now, folder, name)}</div></figure>"
            for folder, names in folders
            for name in names
        )
        plain = to / "sheet.html"
        plain.write_text(SHEET.format(width=width, height=height, figures=figures))
        page.goto(plain.as_uri())
        page.screenshot(path=to / f"{sheet}.jpg", type="jpeg", quality=45, full_page=True)
        plain.unlink()


def _picture(taken: Path | None, folder: str, name: str) -> str:
    if taken is None:
        return ""
    file = taken / folder / f"{name}.png"
    return f'<img src="{file.as_uri()}">' if file.exists() else "<p>not there</p>"


def _sheets() -> Iterator[tuple[str, list[tuple[str, tuple[str, ...]]]]]:
    for size in ("1280", "360"):
        yield f"1-light-{size}", [(f"light-{size}", FORTY[:14])]
        yield f"2-light-{size}", [(f"light-{size}", FORTY[14:28])]
        yield f"3-light-{size}", [(f"light-{size}", FORTY[28:])]
        yield f"4-dark-{size}", [(f"dark-{size}", DARK)]
        yield f"5-long-{size}", [(f"long-{size}", LONG)]
        yield f"6-empty-and-refused-{size}", [(f"empty-{size}", EMPTY), (f"refused-{size}", REFUSED)]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--before", type=Path)
    asked.add_argument("--to", type=Path, default=SHEETS)
    args = asked.parse_args()
    with tempfile.TemporaryDirectory() as parent, serving_demo() as (chromium, server):
        bare, port = Path(parent) / "bare", servers.free_port()
        prepared.installation(bare)
        with servers.running(["serve", "--port", str(port)], bare, port) as empty:
            pictures(chromium, server, empty, args.to / "pictures")
        drawn(chromium, args.to / "pictures", args.before and args.before / "pictures", args.to)
    print(f"{sum(each.stat().st_size for each in args.to.glob('*.jpg')):,} bytes in {args.to}")


if __name__ == "__main__":
    main()
