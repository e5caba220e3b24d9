"""What a whole run holds beside its tests: which statements go to PostgreSQL, and what is counted."""

from pathlib import Path

import pytest

from tests import counted, cover

MARKED = """
import pytest


@pytest.mark.slow
def test_a():
    assert 1


def test_b():
    with pytest.raises(ValueError):
        assert 2
"""


@pytest.fixture
def lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cover of one test and one file that is pinned by hand."""
    monkeypatch.setattr(cover, "PINNED", tmp_path / "pinned.txt")
    monkeypatch.setattr(cover, "COVER", tmp_path / "cover.txt")
    cover.PINNED.write_text("tests/ground/test_locks.py\n")
    cover.COVER.write_text("tests/test_a.py::test_one\n")
    return tmp_path


def test_a_statement_has_one_name_for_any_number_of_values_and_another_has_another() -> None:
    name = cover.named("SELECT a.id FROM a WHERE a.id IN (?, ?)")
    assert name
    assert cover.named("SELECT a.id FROM a WHERE a.id IN (?, ?, ?)") == name
    assert cover.named("SELECT a.id FROM a WHERE a.id NOT IN (?, ?)") != name
    assert cover.named("SELECT a.id FROM b WHERE a.id IN (?, ?)") != name
    assert cover.named("SAVEPOINT one") == cover.named("PRAGMA query_only=ON") == ""


def test_a_statement_that_no_chosen_test_sends_is_said_with_its_test(lists: Path) -> None:
    sent = {
        "tests/test_a.py::test_one": {"1"},
        "tests/ground/test_locks.py::test": {"2"},
        "tests/test_b.py::test": {"1", "2"},
    }
    assert cover.missing(sent) == []
    sent["tests/test_b.py::test"] |= {"3", "4"}
    assert cover.missing(sent) == [
        "not on PostgreSQL: 2 statements of tests/test_b.py::test",
        "Type: make cover",
    ]


def test_a_chosen_test_that_is_gone_is_said(lists: Path) -> None:
    said = cover.missing({"tests/rooms/test_a.py::test_one": {"1"}})
    assert "on PostgreSQL, and not there: tests/test_a.py::test_one" in said


def test_few_and_fast_tests_are_chosen_that_send_what_the_pinned_ones_do_not(lists: Path) -> None:
    sent = {
        "tests/ground/test_locks.py::test": {"1"},
        "tests/test_a.py::test_one": {"1", "2", "3"},
        "tests/test_a.py::test_two": {"2"},
        "tests/test_b.py::test_slow": {"2", "3", "4"},
        "tests/test_b.py::test_fast": {"4"},
    }
    seconds = {**dict.fromkeys(sent, 0.01), "tests/test_b.py::test_slow": 9.0}
    assert cover.choose(sent, seconds) == ["tests/test_a.py::test_one", "tests/test_b.py::test_fast"]


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
