"""Tests that docs/accessibility.md names every criterion of WCAG 2.2 A and AA, and tests that there are."""

import re

from engage.config import ROOT

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
