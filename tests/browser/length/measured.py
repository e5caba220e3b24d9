"""Measures how long a coordinator's pages are with the sample's data: `make pages` keeps it in docs/pages.md.

`python -m tests.browser.length.measured --pictures FOLDER` also takes a picture of each at both widths. Words after
that choose pages, and nothing is kept.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page

from tests.browser import servers
from tests.browser.conftest import PHONE, WIDE
from tests.browser.journeys.table import kept_section
from tests.browser.pictures.demo import serving_demo

TABLE = servers.ROOT / "docs" / "pages.md"
MOST_SCREENS, MOST_STOPS, MOST_FIRST = 3.0, 90, 30
# A coordinator sees on home at once what matters.
SHORTER = {"home": 1.5}
# Lists of everything may be as long as what they list; the plan with all goals open has a stop for each action.
LISTS = ("plan", "several at once", "tips", "results", "results, an area")
MANY_STOPS = ("plan",)
# What is worked in or looked up as a whole: the first screen holds many of its cells.
MANY_FIRST = ("plan", "board", "coverage", "calendar")
# Paths below /c/<slug>/.
PAGES = {
    "home": "",
    "my tasks": "messages/",
    "remind others": "messages/remind",
    "Getting Started": "start/",
    "Learn": "toolkit/",
    "what trafficking is": "toolkit/trafficking",
    "notes and ideas": "toolkit/notes/",
    "tips": "checklist/",
    "assessment": "assessment/",
    "who answers": "assessment/rounds/4/respondents/",
    "invite to a round": "assessment/rounds/4/invite",
    "enter a paper sheet": "assessment/rounds/4/key",
    "questions of Engage": "assessment/questions/ours/",
    "results": "assessment/rounds/1/results/",
    "results, an area": "assessment/rounds/1/results/response",
    "compare": "assessment/compare",
    "agree and differ": "assessment/rounds/1/agreement/",
    "discussion list": "assessment/discussion/",
    "known efforts": "assessment/efforts/",
    "side by side": "strengths/",
    "needs": "strengths/needs/",
    "one need": "strengths/needs/1/",
    "strengths": "strengths/strengths/",
    "unused strengths": "strengths/unused",
    "votes": "strengths/votes/",
    "the chain": "chain/",
    "loose ends": "chain/loose-ends",
    "partners": "partners/",
    "one organization": "partners/1/",
    "add an organization": "partners/new",
    "edit an organization": "partners/1/edit",
    "referral list": "partners/services/",
    "agreements": "partners/agreements/",
    "one agreement": "partners/agreements/1",
    "add an agreement": "partners/agreements/new",
    "coverage": "partners/coverage/",
    "coverage, a cell": "partners/coverage/?sector=health",
    "disciplines": "partners/coverage/disciplines",
    "open recruitments": "partners/recruitments/",
    "meetings": "meetings/",
    "one meeting": "meetings/1/",
    "a planning session": "meetings/2/",
    "the next meeting": "meetings/3/",
    "draft the agenda": "meetings/3/agenda/draft",
    "record the meeting": "meetings/3/notes/",
    "add a meeting": "meetings/new",
    "decisions": "meetings/decisions/",
    "plan": "plan/",
    "board": "plan/?view=board",
    "timeline": "plan/?view=timeline",
    "one action": "plan/actions/1",
    "add an action": "plan/actions/new",
    "several at once": "plan/several",
    "review": "plan/review",
    "activities": "plan/activities/",
    "reports": "reports/",
    "counts": "reports/funder",
    "public page": "reports/public",
    "handing over": "reports/handover",
    "calendar": "calendar/",
    "documents": "documents/",
    "people": "people/",
    "my profile": "people/me",
    "write to people": "people/write",
    "groups": "people/groups/",
    "invitations": "people/invitations/",
    "about us": "about/",
    "announcements": "announcements/",
    "settings": "settings/",
    "trash": "settings/trash",
    "settings: access": "settings/access",
    "settings: help lines": "settings/help-lines",
    "settings: data": "settings/data",
}
MEASURE = """() => {
  const words = document.querySelector('main').innerText.trim().split(/\\s+/).length;
  const stops = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
    .filter(node => node.checkVisibility({checkVisibilityCSS: true}) && !node.disabled && node.tabIndex >= 0
      && !node.matches('[href^="/demo/"]')  // only the demo has its mail on every page
      && !(node.type === 'radio' && node !== document.querySelector(`input[type=radio][name="${node.name}"]`)));
  const first = stops.filter(node => node.closest('main') && node.getBoundingClientRect().top < innerHeight);
  return {words, stops: stops.length, first: first.length, height: document.documentElement.scrollHeight};
}"""


@dataclass(frozen=True)
class Measured:
    """A page as it is: words in main, screens tall on a desk and on a phone, stops of the Tab key on a desk.

    `first` counts the page's own stops on a desk's first screen, without the menu.
    """

    name: str
    words: int
    wide: float
    phone: float
    stops: int
    first: int

    @property
    def faults(self) -> list[str]:
        """Returns what is over its limit."""
        found = []
        if self.wide > SHORTER.get(self.name, MOST_SCREENS) and self.name not in LISTS:
            found.append(f"{self.name}: {self.wide:.2f} screens at 1280")
        if self.stops > MOST_STOPS and self.name not in MANY_STOPS:
            found.append(f"{self.name}: {self.stops} stops")
        if self.first > MOST_FIRST and self.name not in MANY_FIRST:
            found.append(f"{self.name}: {self.first} controls on the first screen")
        return found


def measured(page: Page, root: str, wanted: list[str], pictures: Path | None = None) -> Iterator[Measured]:
    """Opens page after page of the coalition at `root` and measures it."""
    for name, path in PAGES.items():
        if wanted and name not in wanted:
            continue
        heights = {}
        answer = page.goto(root + path)
        assert answer is not None and answer.status == 200 and answer.url.endswith(root + path), path
        for screen in (PHONE, WIDE):
            page.set_viewport_size(screen)  # type: ignore[arg-type]
            found = page.evaluate(MEASURE)
            heights[screen["width"]] = found["height"] / screen["height"]
            if pictures is not None:
                picture = f"{name.replace(' ', '-')}-{screen['width']}.png"
                page.screenshot(path=pictures / picture, full_page=True)
        yield Measured(name, found["words"], heights[1280], heights[360], found["stops"], found["first"])


def table(rows: list[Measured]) -> str:
    """Returns docs/pages.md."""
    lines = [
        "# How long the pages are",
        "",
        "Made by `make pages` from the sample coalition, as its coordinator sees it."
        " `tests/browser/length/test_length.py` keeps the limits."
        " `make sheets` draws forty of them on twelve pictures.",
        f"The limits: {MOST_SCREENS:.0f} screens at 1280 x 900 but for lists of everything ({', '.join(LISTS)}),"
        f" {SHORTER['home']} for home, {MOST_STOPS} stops but for the plan with all goals open, and {MOST_FIRST}"
        f" controls of its own on the first screen at 1280, but for {' and '.join(MANY_FIRST)}.",
        "",
        f"Over a limit: {'; '.join(fault for row in rows for fault in row.faults) or 'none'}.",
        "",
        "| page | words in main | screens at 1280 x 900 | screens at 360 x 740 | stops | on the first screen |",
        "|---|---|---|---|---|---|",
        *(
            f"| {row.name} | {row.words} | {row.wide:.1f} | {row.phone:.1f} | {row.stops} | {row.first} |"
            for row in rows
        ),
    ]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Serves the sample and prints what is over a limit."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--pictures", type=Path)
    asked.add_argument("pages", nargs="*")
    args = asked.parse_args()
    if args.pictures:
        args.pictures.mkdir(parents=True, exist_ok=True)
    with serving_demo() as (chromium, server):
        page = chromium.new_context(base_url=server.url, viewport=WIDE).new_page()  # type: ignore[arg-type]
        servers.sign_in(page, server.account("coordinator"))
        rows = list(measured(page, urlsplit(page.url).path, args.pages, args.pictures))
    if args.pages:
        print(table(rows))
    else:
        TABLE.write_text(table(rows) + kept_section())
    print("\n".join(fault for row in rows for fault in row.faults))


if __name__ == "__main__":
    main()
