"""Days in words: with the year where it is needed, and nothing without a day."""

from datetime import UTC, date, datetime

from flask import Flask

from engage.config import ROOT
from engage.dates import day_text, long_day, medium_day, minute


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


def test_a_moment_has_its_day_and_time_and_no_seconds(app: Flask) -> None:
    with app.test_request_context():
        said = minute(datetime(2026, 11, 3, 23, 30, 57, tzinfo=UTC)).replace("\u202f", " ")
    assert said == "Nov 3, 2026, 11:30 PM"


def test_no_page_writes_seconds() -> None:
    for file in (ROOT / "templates").rglob("*.html"):
        assert "datetimeformat" not in file.read_text(), file
