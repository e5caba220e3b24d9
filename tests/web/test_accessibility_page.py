"""Tests that docs/accessibility.md names every criterion of WCAG 2.2 A and AA, and for each a test that is there."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from engage.config import ROOT
from tests.html import wordless

TEXT = (ROOT / "docs" / "accessibility.md").read_text()
# Of each guideline, which of its criteria are A or AA; 4.1.1 is gone since WCAG 2.2.
CRITERIA = {
    "1.1": [1], "1.2": [1, 2, 3, 4, 5], "1.3": [1, 2, 3, 4, 5], "1.4": [1, 2, 3, 4, 5, 10, 11, 12, 13],
    "2.1": [1, 2, 4], "2.2": [1, 2], "2.3": [1], "2.4": [1, 2, 3, 4, 5, 6, 7, 11], "2.5": [1, 2, 3, 4, 7, 8],
    "3.1": [1, 2], "3.2": [1, 2, 3, 4, 6], "3.3": [1, 2, 3, 4, 7, 8], "4.1": [2, 3],
}  # fmt: skip


def named() -> list[str]:
    """Returns the criteria of the tables: "1.2.1 to 1.2.3" are three."""
    found: list[str] = []
    for row in re.findall(r"^\| ([\d., to]+) ", TEXT, flags=re.MULTILINE):
        numbers = re.findall(r"\d\.\d\.\d+", row)
        if " to " in row:
            guideline, first = numbers[0].rsplit(".", 1)
            last = numbers[1].rsplit(".", 1)[1]
            numbers = [f"{guideline}.{each}" for each in range(int(first), int(last) + 1)]
        found += numbers
    return found


def test_every_criterion_stands_in_the_tables_once() -> None:
    every = [f"{guideline}.{number}" for guideline, numbers in CRITERIA.items() for number in numbers]
    assert len(every) == 55
    assert sorted(named()) == sorted(every)


def test_every_test_that_is_named_there_is() -> None:
    tests = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", TEXT)
    assert len(tests) > 10
    for file, name in tests:
        assert not name or f"def {name}(" in (ROOT / file).read_text(), name
        assert (ROOT / file).is_file(), file


def test_every_row_names_what_fails_when_it_is_not_met() -> None:
    rows = re.findall(r"^\| \d\.\d.*\|$", TEXT, flags=re.MULTILINE)
    assert len(rows) > 40
    # Both are explained above the tables.
    assert [row for row in rows if not re.search(r"`tests/|`check`|the crawl", row.split("|")[3])] == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<h2>Needs</h2><label>Title</label><span class='tag tag-done'>Done</span>", 0),
        ("<h2> </h2>", 1),
        ("<label for='a'></label>", 1),
        ("<details><summary></summary></details>", 1),
        ("<span class='tag tag-stuck'></span>", 1),
        ("<table><tr><td class='heat-cell heat-need'> </td></tr></table>", 1),
        ("<ul><li><span class='heat-key'></span>low</li><li><span class='heat-key'></span></li></ul>", 1),
    ],
)
def test_the_crawl_finds_a_heading_that_says_nothing_and_a_tint_that_stands_alone(
    html: str, found: int
) -> None:
    assert len(wordless(LexborHTMLParser(html))) == found
