"""What a whole run holds beside its tests: what is counted."""

from pathlib import Path

from tests import counted

MARKED = """
import pytest


@pytest.mark.slow
def test_a():
    assert 1


def test_b():
    with pytest.raises(ValueError):
        assert 2
"""


def test_what_a_run_took_is_read_from_its_parts_and_assertions_are_counted_by_mark(tmp_path: Path) -> None:
    (tmp_path / "parts.txt").write_text("test 107\ncheck 40\n")
    (tmp_path / "test.log").write_text("...\n12 passed, 3 deselected in 9.00s\n")
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "test_a.py").write_text(MARKED)
    (tests / "test_b.py").write_text("import pytest\npytestmark = pytest.mark.slow\nassert 1\n")
    assert {row["name"]: row["value"] for row in counted.rows(tmp_path / "parts.txt", tests)} == {
        "test: seconds": 107,
        "test: tests": 12,
        "check: seconds": 40,
        "assertions, fast": 2,
        "assertions, slow": 2,
    }
