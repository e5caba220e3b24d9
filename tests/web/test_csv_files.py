"""Tables to download: what a spreadsheet may not run, and what must be read back as it was."""

import csv
from io import StringIO

import pytest
from flask import Flask

from engage.web.csv_files import csv_answer, file_name, safe

DANGEROUS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\0=1",
    "＝1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "  =cmd|' /C calc'!A0",
    "\xa0=1",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(app: Flask, text: str) -> None:
    assert safe(text) == f"'{text}"
    body = csv_answer("x", ["Title"], [[text]]).get_data(as_text=True)
    assert list(csv.reader(StringIO(body, newline="")))[1][0].startswith("'")


@pytest.mark.parametrize("field", ["Grace Church", "a=b", "10 - 12", "", -1, -0.5, 0, None])
def test_other_text_and_numbers_stay_as_they_are(field: str | float | None) -> None:
    assert safe(field) == field


def test_the_file_is_quoted_utf_8_that_excel_reads_too(app: Flask) -> None:
    answer = csv_answer("Añejo: 1/2", ["Name", "Note"], [["Peña", 'Says "yes",\nthen no'], ["=x", None]])
    assert answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=anejo-1-2.csv"
    assert answer.get_data() == (
        '\N{ZERO WIDTH NO-BREAK SPACE}"Name","Note"\r\n"Peña","Says ""yes"",\nthen no"\r\n"\'=x",""\r\n'.encode()
    )


@pytest.mark.parametrize(
    ("name", "file"), [("../etc", "etc.csv"), ("日本", "engage.csv"), ('a"b\r\nc', "a-b-c.csv")]
)
def test_a_file_is_named_with_letters_that_every_system_takes(name: str, file: str) -> None:
    assert file_name(name) == file
    assert len(file_name("x" * 500)) == 84
