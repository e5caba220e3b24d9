"""Tests that the tests which docs/security.md names for each requirement exist."""

import re
from pathlib import Path

from engage.config import ROOT

PAGE = Path(ROOT, "docs", "security.md").read_text()
ROWS = [line for line in PAGE.splitlines() if re.match(r"\| [V(]", line)]


def test_every_test_that_the_checklist_names_is_there() -> None:
    written = {
        name
        for path in Path(ROOT, "tests").rglob("test_*.py")
        for name in re.findall(r"^ *def (test_\w+)", path.read_text(), re.M)
    }
    assert set(re.findall(r"`(test_\w+)`", PAGE)) - written == set()


def test_a_row_names_a_test_or_says_that_it_is_not_met() -> None:
    assert len(ROWS) > 60
    for row in ROWS:
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert len(cells) == 4, row
        assert "`test_" in cells[3] or "**not met**" in cells[2], row
