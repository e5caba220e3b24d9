"""Reading a table: letters, separators, quotation marks, limits, the row of names, columns of addresses."""

import base64
import csv
import zlib
from contextlib import suppress
from io import StringIO
from time import process_time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engage.imports import hidden_file
from engage.imports.cells import in_one_cell, parts_of
from engage.imports.columns import ImportColumn, columns_of, guessed, heading_of
from engage.imports.reading import SIGNS, Trouble, Unreadable, read
from engage.limits import LONGEST_CELL, MOST_COLUMNS, MOST_FILE_BYTES, MOST_ROWS
from engage.personal_details import names_a_street

KNOWN = {
    "name": {"name", "organization"},
    "email": {"e mail", "email"},
    "languages": {"language", "languages"},
}
CODECS = {"utf-8": b"", "utf-8-sig": b"", "utf-16": b"", "utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def written(rows: list[list[str]], sign: str = ",", quoting: int = csv.QUOTE_ALL) -> str:
    file = StringIO(newline="")
    csv.writer(file, delimiter=sign, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    return file.getvalue()


def cells(raw: bytes) -> list[tuple[str, ...]]:
    return [record.cells for record in read(raw).records]


def trouble(raw: bytes) -> tuple[Trouble, int]:
    with pytest.raises(Unreadable) as caught:
        read(raw)
    return caught.value.trouble, caught.value.row


# A cell that holds something at both ends, so that no empty row or column is dropped.
ODD = ['say "yes"', "one, two; three\tfour", "line\nbreak", "two\r\nlines", "'=1", "ñ é ß"]
PLAIN = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
CELL = PLAIN.map(lambda text: f"a{text}z") | st.sampled_from(ODD)
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=5)
)


@given(
    TABLES,
    st.sampled_from(SIGNS),
    st.sampled_from([*CODECS]),
)
def test_any_table_comes_back_as_it_was_written(rows: list[list[str]], sign: str, codec: str) -> None:
    raw = CODECS[codec] + written(rows, sign).encode(codec)
    assert cells(raw) == [tuple(row) for row in rows]


@given(TABLES, st.sampled_from(SIGNS))
def test_a_table_in_windows_letters_comes_back(rows: list[list[str]], sign: str) -> None:
    try:
        raw = written(rows, sign).encode("windows-1252")
    except UnicodeEncodeError:
        assume(False)
    with suppress(UnicodeDecodeError):
        assume(raw.isascii() or not raw.decode("utf-8"))
    assert cells(raw) == [tuple(row) for row in rows]


@given(st.binary(max_size=300))
def test_no_bytes_crash_it(raw: bytes) -> None:
    with suppress(Unreadable):
        read(raw)


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_how_the_letters_are_written_is_found_out(codec: str) -> None:
    assert cells("Name,Town\nPeña,Añejo\n".encode(codec)) == [("Name", "Town"), ("Peña", "Añejo")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a,b\nc,d", [("a", "b"), ("c", "d")]),
        ("a;b\nc;d,e", [("a", "b"), ("c", "d,e")]),
        ("a\tb\nc, d\te; f", [("a", "b"), ("c, d", "e; f")]),
        ("a;b;c\n1,5;2,5;3,5\n", [("a", "b", "c"), ("1,5", "2,5", "3,5")]),
        ('"a;b","c"\n"d","e;f"', [("a;b", "c"), ("d", "e;f")]),
        ("sep=;\na;b,c\nd;e", [("a", "b,c"), ("d", "e")]),
        ("only\nnames", [("only",), ("names",)]),
        ('only, "a" name\nwith; semicolons', [('only, "a" name',), ("with", "semicolons")]),
    ],
)
def test_what_stands_between_the_cells_is_found_out(text: str, found: list[tuple[str, ...]]) -> None:
    assert cells(text.encode()) == found


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_are_counted_as_a_spreadsheet_counts_them(end: str) -> None:
    text = end.join(["Name,Note", "", '"Grace","two', 'lines"', ",,", "Hope,x"])
    assert [(record.number, record.cells[0]) for record in read(text.encode()).records] == [
        (1, "Name"),
        (3, "Grace"),
        (5, "Hope"),
    ]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", (Trouble.EMPTY, 0)),
        (b" \n\n ", (Trouble.EMPTY, 0)),
        (b",,\n,,", (Trouble.EMPTY, 0)),
        (b"x" * (MOST_FILE_BYTES + 1), (Trouble.TOO_LARGE, 0)),
        (b"PK\x03\x04rest", (Trouble.WORKBOOK, 0)),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", (Trouble.WORKBOOK, 0)),
        (b"\x00\x01\x02\x03\x04\x05\x06abc", (Trouble.NO_TEXT, 0)),
        (b"\xff\xfea", (Trouble.NO_TEXT, 0)),
        # UTF-16 without its mark
        ("Name,Town\nPeña,Añejo\n".encode("utf-16-le"), (Trouble.NO_TEXT, 0)),
        ("Name,Town\nPena,Anejo\n".encode("utf-16-be"), (Trouble.NO_TEXT, 0)),
        (b'Name,Town\nx,y\n"Grace,z\nHope,w', (Trouble.OPEN_QUOTE, 3)),
        (b'Name,Town\nx,y\nGrace,"z\nHope,w', (Trouble.OPEN_QUOTE, 3)),
        (b'Name;Town\nGrace;"the" church', (Trouble.AFTER_QUOTE, 2)),
        (b'Name,Town\n"Joe "the man"",x', (Trouble.AFTER_QUOTE, 2)),
        (b"Name\n" + b"x" * (LONGEST_CELL + 1), (Trouble.LONG_CELL, 2)),
        (b"Name\n" + b'"' + b"x" * 200_000, (Trouble.LONG_CELL, 2)),
        (b"a\n" * (MOST_ROWS + 11), (Trouble.MANY_ROWS, 0)),
        (b",".join([b"a"] * (MOST_COLUMNS + 1)), (Trouble.MANY_COLUMNS, 0)),
    ],
)
def test_what_cannot_be_read_says_why_and_where(raw: bytes, expected: tuple[Trouble, int]) -> None:
    assert trouble(raw) == expected


# -- on its way from page to page


@given(st.binary(max_size=2000))
def test_what_is_packed_comes_out_again(raw: bytes) -> None:
    assert hidden_file.unpacked(hidden_file.packed(raw)) == raw


@pytest.mark.parametrize("text", ["", "?", "é", "AAAA", hidden_file.packed(b"hello")[:-4], "x" * 50])
def test_what_did_not_come_along_whole_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as caught:
        hidden_file.unpacked(text)
    assert caught.value.trouble is Trouble.LOST


def test_nothing_unpacks_into_more_than_a_file_may_have() -> None:
    bomb = base64.urlsafe_b64encode(zlib.compress(b"0" * (MOST_FILE_BYTES * 20))).decode()
    with pytest.raises(Unreadable):
        hidden_file.unpacked(bomb)


# -- several words in a cell

WORD = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=8)


@given(
    st.lists(WORD | st.sampled_from(["a;b", '"x"', 'say "no"', "Food, clothes", "a|b", '";"']), max_size=5)
)
def test_words_in_one_cell_are_parted_again(words: list[str]) -> None:
    for signs in (";|", ",;|"):
        assert parts_of(in_one_cell(words, signs), signs) == words


def test_words_are_parted_by_the_signs_and_line_breaks() -> None:
    assert parts_of(" English;Spanish |  Haitian  Creole\n;;", ";|") == [
        "English",
        "Spanish",
        "Haitian Creole",
    ]
    assert parts_of("English, Spanish", ";|") == ["English, Spanish"]
    assert parts_of("English, Spanish", ",;|") == ["English", "Spanish"]


def test_a_cell_of_empty_lines_is_read_in_no_time() -> None:
    began = process_time()
    assert parts_of("\n " * 10_000 + "a; b", ";|") == ["a", "b"]
    assert process_time() - began < 0.5


def test_a_heading_of_digits_is_looked_up_in_no_time() -> None:
    column = ImportColumn(0, "1" * 9_990 + " abc", (), 0, holds_addresses=False)
    began = process_time()
    assert guessed([column], {"language": ("language",)}, lists=["language"]) == {}
    assert process_time() - began < 0.2


# -- what the columns are


def found(text: str) -> tuple[int, dict[int, str], tuple[ImportColumn, ...]]:
    sheet = read(text.encode())
    heading = heading_of(sheet, KNOWN)
    columns = columns_of(sheet, heading)
    return heading, guessed(columns, KNOWN, joining={"languages"}, lists={"languages"}), columns


def test_the_row_of_names_is_found_below_a_title() -> None:
    heading, chosen, _columns = found("Partners of 2026\n\nOrganization,E-Mail,Other\nGrace,a@b.org,x\n")
    assert (heading, chosen) == (3, {0: "name", 1: "email"})


def test_a_row_of_names_that_no_one_knows_is_the_first_full_one() -> None:
    assert found("My list\nWho,What,Where\na,b,c\n")[:2] == (2, {})


@pytest.mark.parametrize("row", ["Grace,faith,a@b.org", "Grace,faith,614-555-1234", "Grace,faith,3/15/2026"])
def test_a_first_row_with_an_address_or_a_number_names_nothing(row: str) -> None:
    assert found(f"{row}\nHope,faith,x\n")[0] == 0


def test_numbered_columns_belong_to_one_list_and_a_field_takes_one_column_else() -> None:
    chosen = found("Name,Organization,Language 1,Language 2,Email 2\na,b,c,d,e\n")[1]
    assert chosen == {0: "name", 2: "languages", 3: "languages"}


def test_columns_are_lettered_as_in_a_spreadsheet() -> None:
    columns = found(",".join(["x"] * 28) + "\n" + ",".join(["y"] * 28))[2]
    assert [column.letter for column in columns][24:] == ["Y", "Z", "AA", "AB"]


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("Street Address", "x"),
        ("Mailing address", "x"),
        ("ZIP", "x"),
        ("Address 2", "x"),
        ("Latitude", "x"),
        ("Dirección", "x"),
        ("Name", "12 Main Street"),
        ("Name", "14b n. oak ave"),
        ("Where", "P.O. Box 12"),
        ("Where", "65801"),
        ("Where", "65801-1234"),
        ("E-mail", "400 West Elm Blvd., Suite 3"),
    ],
)
def test_a_column_of_addresses_is_never_taken_for_something_else(heading: str, cell: str) -> None:
    _row, chosen, columns = found(f'Organization,{heading}\nGrace,"{cell}"\n')
    assert columns[1].holds_addresses
    assert 1 not in chosen


@pytest.mark.parametrize(
    ("heading", "cell"),
    [
        ("E-mail address", "office@grace.example"),
        ("Email Address", "x"),
        ("Web address", "grace.example"),
        ("Street outreach", "yes"),
        ("Notes", "We served 40 people at this place."),
        ("Phone", "417-555-0134"),
        ("County", "Lee"),
        ("Ref", "10412"),
    ],
)
def test_other_columns_are_not_taken_for_addresses(heading: str, cell: str) -> None:
    assert not found(f'Organization,{heading}\nGrace,"{cell}"\n')[2][1].holds_addresses


@pytest.mark.parametrize(
    "text", ["Beds at 12 Main Street.", "Come to 400 W. Oak Hill Road", "write to PO Box 7"]
)
def test_a_text_that_names_a_street_is_seen(text: str) -> None:
    assert names_a_street(text)


@pytest.mark.parametrize(
    "text",
    [
        "helped 40 people on the street",
        "open 24 hours",
        "5 beds, a place to stay",
        "1.2 A way out before an arrest",
    ],
)
def test_a_text_with_numbers_names_no_street(text: str) -> None:
    assert not names_a_street(text)
