"""The journeys' clicks and fields beside those of 1 December 2026: `make journeys` keeps them in docs/pages.md.

A count is compared and never makes a journey fail: what is promised is asserted where the journey is.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.browser import servers

PAGES = servers.ROOT / "docs" / "pages.md"
HEADING = "\n## Journeys\n"
NOTES = "JOURNEYS_NOTES"  # the file in which a run of `make journeys` keeps its counts
FILES = (
    "tests/browser/journeys",
    "tests/browser/test_first_evening.py",
    "tests/browser/accounts/test_joining.py",
    "tests/browser/coalitions/test_handing_over.py",
)
# Clicks and fields on 1 December, None where the journey was not counted then.
JOURNEYS: dict[str, tuple[int, int] | None] = {
    "Set up": (7, 6),
    "First evening, no mail server": (53, 11),
    "First evening, mail server": None,
    "Join by a mailed invitation": (4, 3),
    "Close a round": (2, 0),
    "From a gap to an action": (2, 3),
    "A meeting, to its minutes": (17, 10),
    "Seven organizations pasted": (5, 1),
    "A memorandum (MOU)": (4, 2),
    "Funder report, last quarter": (2, 0),
    "Find something again": (1, 1),
    "Delete and undo": None,
    "Monday: answer one's own, remind the others": None,
    "The next quarterly meeting": None,
    "Quarterly review": None,
    "An event, planned": None,
    "Funder report, kept as sent": None,
    "Hand everything over": None,
    "Hand over, one thing to another person": None,
}


def note(journey: str, language: str, clicks: int, fields: int) -> None:
    assert journey in JOURNEYS, journey
    print(f"{journey}, {language}: {clicks} clicks, {fields} fields")
    if NOTES in os.environ:
        with Path(os.environ[NOTES]).open("a") as kept:
            kept.write(json.dumps([journey, language, clicks, fields]) + "\n")


def section(found: dict[tuple[str, str], str]) -> str:
    """Returns the part of docs/pages.md below its heading."""
    lines = [
        "",
        "Made by `make journeys`: clicks and fields from Home, with the click in the menu, which some counts of"
        " 1 December leave out. Opening a mail program counts as a click.",
        "",
        "| journey | 1 December | English | Spanish |",
        "|---|---|---|---|",
    ]
    for journey, then in JOURNEYS.items():
        now = " | ".join(found.get((journey, language), "-") for language in ("en", "es"))
        lines.append(f"| {journey} | {'/'.join(map(str, then)) if then else '-'} | {now} |")
    return "\n".join(lines) + "\n"


def kept_section() -> str:
    """Returns heading and table as docs/pages.md has them, for whoever writes the rest anew."""
    _pages, heading, rest = PAGES.read_text().partition(HEADING)
    return heading + rest


def main() -> None:
    """Runs the journeys and writes what they took."""
    notes = servers.ROOT / "build" / "journeys.jsonl"
    notes.parent.mkdir(exist_ok=True)
    notes.unlink(missing_ok=True)
    run = [sys.executable, "-m", "pytest", "-q", "-n", os.environ.get("JOBS", "0"), *FILES]
    outcome = subprocess.run(run, check=False, env={**os.environ, NOTES: str(notes)}).returncode
    if outcome == 0:
        rows = [json.loads(line) for line in notes.read_text().splitlines()]
        # With and without JavaScript a journey may differ; the one with more clicks counts.
        found: dict[tuple[str, str], tuple[int, int]] = {}
        for journey, language, clicks, fields in rows:
            found[journey, language] = max(found.get((journey, language), (0, 0)), (clicks, fields))
        said = {key: f"{clicks}/{fields}" for key, (clicks, fields) in found.items()}
        pages, _heading, _rest = PAGES.read_text().partition(HEADING)
        PAGES.write_text(pages + HEADING + section(said))
    sys.exit(outcome)


if __name__ == "__main__":
    main()
