"""Files of answers that are wrong, odd or large: nothing is read wrongly in silence."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from openpyxl import Workbook

from engage.assessment.models import Answer, Response
from engage.extensions import db
from tests.assessment.imports.files import ASKED, WORDS, WORDS_ES, as_csv, as_workbook, google, microsoft
from tests.assessment.imports.steps import TOLD, bring_in, choose, press, preview, stored
from tests.client import EngageClient
from tests.databases import counted_queries

TABLE = google(20)


def answers_of(client: EngageClient, raw: bytes, **changes: str) -> list[tuple[str, ...]]:
    assert bring_in(client, raw, **changes).status == 303
    return stored()


@pytest.fixture
def plain(coordinator: EngageClient) -> list[tuple[str, ...]]:
    """Returns what the plain file gives, and takes it away again."""
    found = answers_of(coordinator, as_csv(TABLE))
    for table in ("assessment_import", "assessment_round"):
        db.session.execute(sa.delete(db.metadata.tables[table]))
    db.session.commit()
    return found


@pytest.mark.parametrize(
    "as_file",
    [
        lambda: as_csv(TABLE).decode().encode("utf-16"),
        lambda: b"\xef\xbb\xbf" + as_csv(TABLE),
        lambda: as_csv(TABLE, ";"),
        lambda: as_csv(TABLE, "\t"),
        lambda: as_csv(TABLE).decode().encode("cp1252"),
        lambda: as_csv(TABLE).replace(b"\r\n", b"\n"),
        lambda: as_workbook(TABLE),
        lambda: as_csv([["Answers of October"], [], *TABLE]),
    ],
    ids=[
        "utf-16",
        "bom",
        "semicolons",
        "tabs",
        "windows",
        "newlines",
        "workbook",
        "title above",
    ],
)
def test_however_the_file_is_written_the_same_answers_come_in(
    coordinator: EngageClient, plain: list[tuple[str, ...]], as_file: Callable[[], bytes]
) -> None:
    assert answers_of(coordinator, as_file()) == plain


def test_a_note_below_the_answers_is_named_and_left_out(
    coordinator: EngageClient, plain: list[tuple[str, ...]]
) -> None:
    noted = as_csv([*TABLE, [], ["Printed on 11/2/2025"]])
    assert preview(coordinator, noted).has("This seems to be a note below the table.")
    assert bring_in(coordinator, noted, leave_wrong=True).status == 303
    assert stored() == plain


def test_letters_of_an_older_program_are_read(coordinator: EngageClient) -> None:
    table = [["Marca temporal", ASKED[0].title], *([f"1/{n}/2025 9:00:00", "No sé"] for n in range(1, 13))]
    assert answers_of(coordinator, as_csv(table).decode().encode("cp1252")) == [("other", "dont_know")] * 12


def test_words_of_both_languages_may_be_mixed(coordinator: EngageClient) -> None:
    rows = [[f"1/{n}/2025 9:00:00", ("Agree", WORDS_ES[3])[n % 2]] for n in range(1, 13)]
    assert answers_of(coordinator, as_csv([["Timestamp", ASKED[0].title], *rows])) == [("other", "3")] * 12


def test_merged_cells_are_read_in_each_of_their_rows(coordinator: EngageClient) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in TABLE:
        sheet.append(row)
    for row in (3, 4):
        sheet.cell(row, 4).value = None
    sheet.merge_cells("D2:D4")
    from io import BytesIO

    file = BytesIO()
    book.save(file)
    assert bring_in(coordinator, file.getvalue()).status == 303
    first = db.session.scalars(sa.select(Answer.rating).where(Answer.indicator == ASKED[0].key))
    expected = [TABLE[1][3]] * 3 + [row[3] for row in TABLE[4:]]
    assert sorted(map(str, first)) == sorted(str(WORDS.index(word)) for word in expected)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (as_csv([[f"Q{n}" for n in range(3000)], ["Agree"] * 3000]), "This table has too many columns."),
        (
            as_csv([["Timestamp", ASKED[0].title], *([str(n), "Agree"] for n in range(5001))]),
            "At most 5,000 rows",
        ),
        (b"%PDF-1.7 answers", "This is not a table but a PDF"),
        (b"PK\x03\x04 no workbook", "This workbook cannot be read."),
        (b"", "There is nothing in it."),
        (b"Timestamp,Agree\n", "There are no rows below the column names."),
    ],
    ids=["columns", "rows", "pdf", "renamed", "empty", "no rows"],
)
def test_a_file_that_cannot_be_read_says_why(coordinator: EngageClient, raw: bytes, words: str) -> None:
    refused = choose(coordinator, raw)
    assert refused.status == 422
    assert refused.has(words)


def test_a_web_page_renamed_to_a_workbook_is_refused(coordinator: EngageClient) -> None:
    assert choose(coordinator, b"<html><table><tr><td>Agree</td></tr></table></html>").status == 422


def test_formulas_are_text_and_never_computed(coordinator: EngageClient) -> None:
    table = [*google(15)]
    table[3][3] = '=HYPERLINK("http://evil.example","Agree")'
    page = choose(coordinator, as_csv(table))
    assert press(coordinator, page, **TOLD).status == 422 or "evil" not in page.response.text


def test_a_column_that_is_no_scale_is_refused(coordinator: EngageClient) -> None:
    table = microsoft(15)
    table[4][5] = "9"
    refused = preview(coordinator, as_csv(table), scale_to_5="1-5")
    assert refused.status == 422
    assert refused.has("The numbers in this column are not on a scale of 0 to 4 or 1 to 5.")
    assert press(coordinator, refused, column_5="", scale_to_5="1-5", **TOLD).status == 200


def test_two_scales_in_one_file_are_asked_about_apart(coordinator: EngageClient) -> None:
    table = microsoft(15, statements=2)
    for row in table[1:]:
        row[6] = str(int(row[6]) - 1)
    table[1][5], table[2][6] = "5", "0"
    page = choose(coordinator, as_csv(table))
    assert page.all("[name=scale_to_5]")
    assert page.all("[name=scale_from_0]")
    press(coordinator, press(coordinator, page, scale_to_5="1-5", scale_from_0="4-0", **TOLD))
    order = [ASKED[0].key, ASKED[1].key]
    rows = sorted(
        (
            "other",
            *(
                said
                for _key, said in sorted(
                    zip(order, (str(int(row[5]) - 1), str(4 - int(row[6]))), strict=True)
                )
            ),
        )
        for row in table[1:]
    )
    assert stored() == rows


def test_two_columns_cannot_be_one_statement(coordinator: EngageClient) -> None:
    refused = preview(coordinator, as_csv(TABLE), column_4=ASKED[0].key)
    assert refused.status == 422
    assert refused.has("Two columns are chosen for:")


def test_a_file_without_any_statement_says_so(coordinator: EngageClient) -> None:
    table = [["Timestamp", "Color"], *([f"1/{n}/2025 9:00:00", "Agree"] for n in range(1, 13))]
    refused = preview(coordinator, as_csv(table))
    assert refused.has("Say which column is which statement. At least one is needed.")


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_five_thousand_rows_come_in(coordinator: EngageClient) -> None:
    assert bring_in(coordinator, as_csv(microsoft(5000, statements=3)), scale_to_5="1-5").status == 303
    assert db.session.scalar(sa.select(sa.func.count(Response.id))) == 5000
    assert db.session.scalar(sa.select(sa.func.count(Answer.id))) == 15_000


def test_the_number_of_statements_to_the_database_does_not_grow_with_the_rows(
    coordinator: EngageClient,
) -> None:
    counts = []
    for people in (20, 60):
        page = choose(coordinator, as_csv(google(people, seed=people)))
        with counted_queries() as queries:
            press(coordinator, page, **TOLD)
        counts.append(len(queries))
    assert counts[0] == counts[1]
