"""Days in words: with the year where it is needed, and nothing without a day."""

import re
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from engage.config import ROOT
from engage.dates import day_text, full_day, in_parts, long_day, medium_day, minute
from engage.extensions import in_language


def test_each_length_of_a_day_in_words(app: Flask) -> None:
    day = date(2026, 11, 3)
    with app.test_request_context():
        assert long_day(day) == "November 3, 2026"
        assert medium_day(day) == "Nov 3, 2026"
        assert medium_day(None) == ""


def test_the_year_is_said_only_where_it_is_another_one(app: Flask) -> None:
    day = date(2026, 11, 3)
    with app.test_request_context():
        assert day_text(day, date(2026, 1, 1)) == "Nov 3"
        assert day_text(day, date(2027, 1, 1)) == "Nov 3, 2026"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Tuesday, November 3, 2026", "Tuesday, November 3", "Tue, Nov 3, 2026", "4th quarter 2026"]),
        (
            "es",
            [
                "martes, 3 de noviembre de 2026",
                "martes, 3 de noviembre",
                "mar, 3 de nov de 2026",
                "4.º trimestre de 2026",
            ],
        ),
    ],
)
def test_each_language_puts_the_parts_of_a_day_together_in_its_own_way(
    app: Flask, language: str, words: list[str]
) -> None:
    day = date(2026, 11, 3)
    with in_language(language):
        said = [
            full_day(day),
            full_day(day, with_year=False),
            in_parts(day, "yMMMEd"),
            in_parts(day, "yQQQQ"),
        ]
    assert said == words


def test_no_day_is_written_by_the_pattern_of_one_language() -> None:
    """A pattern with a space or a comma says which part comes first, which is for the language to say."""
    pattern = re.compile(r'\bformat_date(?:time)?\([^"\n]*"[^"]*[EMLQdy] [^"]*"|strftime\([^)]*%[aAbBp]')
    written = [file for file in (ROOT / "engage").rglob("*.py") if pattern.search(file.read_text())]
    assert written == []


def test_a_moment_has_its_day_and_time_and_no_seconds(app: Flask) -> None:
    with app.test_request_context():
        said = minute(datetime(2026, 11, 3, 23, 30, 57, tzinfo=UTC)).replace("\u202f", " ")
    assert said == "Nov 3, 2026, 11:30 PM"


def test_no_page_writes_seconds() -> None:
    for file in (ROOT / "templates").rglob("*.html"):
        assert "datetimeformat" not in file.read_text(), file
