"""Tests that any list of people, written to any kind of file and read again, holds the same people."""

import csv
from io import StringIO

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.directory.imports.target import target
from engage.directory.people.vcards import text_of
from engage.imports.guess import guessed
from engage.imports.reading import SIGNS, ReadFile, Record
from engage.imports.reading import read as read_rows
from engage.imports.target import cleaned
from engage.imports.vcards import Contact, contacts_in
from engage.web.csv_files import safe
from engage.web.forms import CONTROLS

letters = st.characters(exclude_categories=["Cs", "Cc"])
STARTS = ["", "=", "'=", '"', '"a";', ";", ",", "\\", "\\n", "BEGIN:VCARD", "<", "Ann;", "a,b", "Ñ", "sep=;"]
HEADINGS = ["Name", "E-mail", "Phone", "Organization", "Sector", "Disciplines"]


def lines(longest: int = 30) -> st.SearchStrategy[str]:
    """Returns texts as a form stores them: one line, without invisible characters."""
    made = st.tuples(st.sampled_from(STARTS), st.text(letters, max_size=longest))
    return made.map(lambda parts: " ".join(CONTROLS.sub("", parts[0] + parts[1]).split())[:100].strip())


emails = st.from_regex(r"[a-z]{1,8}[.]?[a-z0-9]{1,5}@[a-z]{1,6}[.]example", fullmatch=True)
people = st.lists(
    st.builds(
        Contact,
        name=lines().filter(bool),
        emails=st.lists(emails, max_size=1),
        phones=st.lists(st.from_regex(r"\+?[0-9][0-9 ()-]{3,12}[0-9]", fullmatch=True), max_size=1),
        organization=lines(),
        sector=lines(),
        role=lines(),
    ),
    min_size=1,
    max_size=6,
)


def cells(each: Contact) -> list[str]:
    return [
        each.name,
        *("".join(some) for some in (each.emails, each.phones)),
        each.organization,
        each.sector,
        each.role,
    ]


def read(raw: bytes) -> list[list[str]]:
    found = guessed(target(), raw, is_new=True)
    again = guessed(target(), found.raw)
    assert again.table == found.table, "the page after reads the same as the first"
    return [[cleaned(row.cell(at)) for at in range(6)] for row in found.table]


any_people = settings(
    deadline=None, max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def reading(app: Flask) -> object:
    with app.test_request_context():
        yield


@any_people
@given(people)
def test_cards_hold_the_same_people(reading: object, some: list[Contact]) -> None:
    assert contacts_in(text_of(some).encode()) == some
    assert read(text_of(some).encode()) == [cells(each) for each in some]


@any_people
@given(
    people,
    st.sampled_from(["utf-8", "utf-16", "utf-8-sig"]),
    st.sampled_from(SIGNS),
    st.permutations(range(6)),
)
def test_tables_hold_the_same_people(
    reading: object, some: list[Contact], codec: str, sign: str, order: list[int]
) -> None:
    rows = [[cells(each)[at] for at in order] for each in some]
    protected = [[str(safe(cell)) for cell in row] for row in [[HEADINGS[at] for at in order], *rows]]
    file = StringIO()
    csv.writer(file, delimiter=sign, quoting=csv.QUOTE_ALL).writerows(protected)
    assert read(file.getvalue().encode(codec)) == [cells(each) for each in some]


@any_people
@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.lists(st.text(letters, max_size=20), min_size=1, max_size=5)),
        min_size=1,
    )
)
def test_a_file_that_is_passed_on_has_the_same_rows_at_the_same_numbers(
    reading: object, rows: list[tuple[int, list[str]]]
) -> None:
    number, records = 0, []
    for gap, texts in rows:
        number += gap
        if any(text.strip() for text in texts):
            while texts and not texts[-1].strip():
                texts.pop()
            records.append(Record(number, tuple(texts)))
    sheet = ReadFile(tuple(records))
    if records:
        assert read_rows(sheet.written()).records == sheet.records
