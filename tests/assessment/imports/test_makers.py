"""What the columns of other makers' files are, and which of them are never read."""

from datetime import date

import pytest

from engage.assessment.imports import makers
from engage.assessment.imports.makers import Holds
from engage.imports.columns import ImportColumn
from engage.imports.reading import read
from tests.assessment.imports.files import ASKED, as_csv, survey_monkey

TEXTS = {each.key: [each.title, each.statement] for each in ASKED}


@pytest.mark.parametrize(
    ("heading", "cells"),
    [
        ("Name", ["Ann Lee", "Bob Ray"]),
        ("Your first name", ["Ann", "Ann", "Ann", "Ann"]),
        ("Correo electrónico", ["x", "x"]),
        ("IP Address", ["203.0.113.9"]),
        ("What next?", ["ann@example.org", "no"]),
        ("Where from?", ["203.0.113.9"] * 4),
        ("How to reach you", ["614-555-0101", "614 555 0102"]),
        ("Zip", ["43215", "43215"]),
        ("How old are you?", ["34", "51", "19"]),
        ("Device", ["phone", "phone", "phone", "phone"]),
        ("Points - Trusted referral list", ["1", "1"]),
    ],
)
def test_who_people_are_is_never_read(heading: str, cells: list[str]) -> None:
    assert makers.holds(heading, cells, is_a_statement=False) is Holds.NOTHING_TO_READ


def test_texts_that_people_wrote_are_not_choices() -> None:
    wrote = ["We need beds.", "Ask the school", "Nothing", "Call me on Monday"]
    assert makers.holds("Anything else?", wrote, is_a_statement=False) is Holds.TEXTS


@pytest.mark.parametrize(
    "cells", [["1", "5", "3"], ["Agree", "Never"], ["Metro", "Rural"] * 4, ["★★★", "★"], ["N/A", "Agree"]]
)
def test_choices_are_offered(cells: list[str]) -> None:
    assert makers.holds("Question 4", cells, is_a_statement=False) is Holds.CHOICES


def test_a_statement_may_have_words_of_its_own_scale() -> None:
    assert (
        makers.holds(ASKED[0].title, ["Mostly so", "Hardly", "Never ever"], is_a_statement=True)
        is Holds.CHOICES
    )


@pytest.mark.parametrize("spell", [str, str.upper, "Q3. {}".format, "How true is this? [{}]".format])
def test_statements_are_found_by_their_words(spell: object) -> None:
    assert callable(spell)
    columns = [ImportColumn(n, spell(each.title), (), 9, False) for n, each in enumerate(ASKED)]
    assert makers.suggested(columns, TEXTS) == {n: each.key for n, each in enumerate(ASKED)}


def test_a_name_that_is_no_statement_suggests_none() -> None:
    names = ["How did you hear of us?", "Age group", "County", "Are there beds?", "Community"]
    columns = [ImportColumn(n, each, (), 9, False) for n, each in enumerate(names)]
    assert makers.suggested(columns, TEXTS) == {}


def test_two_rows_of_names_become_one() -> None:
    sheet = makers.with_one_heading(read(as_csv(survey_monkey(3, statements=2))), 1)
    names = sheet.records[0].cells
    assert names[9:] == (
        f"How much do you agree?: {ASKED[0].title}",
        f"How much do you agree?: {ASKED[1].title}",
        "Your sector",
        "Other thoughts?",
    )
    assert [each.number for each in sheet.records] == [1, 3, 4, 5]


def test_a_first_answer_is_no_second_row_of_names() -> None:
    sheet = read(b"Respondent ID,A\n1,x\n2,y\n")
    assert makers.with_one_heading(sheet, 1) is sheet
    sheet = read(b"Name,A\n,Response\n2,y\n")
    assert makers.with_one_heading(sheet, 1) is sheet


def test_the_last_day_is_suggested_from_the_times() -> None:
    times = ["10/1/2025 9:00:00", "2025/10/23 2:05:09 PM EST", "2025-10-22 14:05:09", "soon"]
    assert makers.last_day(times, date(2026, 11, 27)) == date(2025, 10, 23)
    assert makers.last_day([], date(2026, 11, 27)) == date(2026, 11, 27)
    assert makers.last_day(["2027-01-01"], date(2026, 11, 27)) == date(2026, 11, 27)
