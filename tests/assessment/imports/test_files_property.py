"""Whatever file holds them, the same answers come in; and what is not certain never does."""

from collections.abc import Sequence
from datetime import date

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.assessment.imports.forms import AnswersColumnsForm
from engage.assessment.imports.queries import BroughtIn
from engage.assessment.imports.scales import Direction
from engage.assessment.imports.service import AnswersComparison, Survey
from engage.assessment.imports.target import AnswersTarget, fields_of
from engage.assessment.sets import service as sets_service
from engage.assessment.sets.rules import Offer
from engage.imports.forms import form_for
from engage.imports.guess import guessed
from engage.imports.preview import Outcome
from tests.assessment.imports.files import ASKED, WORDS, WORDS_ES, Table, as_csv, as_workbook

DAY = date(2026, 11, 27)
# How each maker writes the five levels, and what is asked about it.
SPELLINGS: dict[str, tuple[Sequence[str], str]] = {
    "agree": (WORDS, ""),
    "capitals": ([each.upper() for each in WORDS], ""),
    "spanish": (WORDS_ES, ""),
    "ranked": ([f"{n} - {each}" for n, each in enumerate(WORDS, 1)], ""),
    "one to five": ("12345", Direction.ONE_TO_FIVE),
    "five to one": ("54321", Direction.FIVE_TO_ONE),
    "zero to four": ("01234", Direction.ZERO_TO_FOUR),
    "stars": (["★" * n for n in range(1, 6)], Direction.ONE_TO_FIVE),
}
WRITTEN = {
    "csv": as_csv,
    "semicolons": lambda table: as_csv(table, ";"),
    "tabs": lambda table: as_csv(table, "\t"),
    "utf-16": lambda table: as_csv(table).decode().encode("utf-16"),
    "workbook": as_workbook,
}
Rows = list[tuple[int | None, ...]]


@st.composite
def surveys(draw: st.DrawFn) -> tuple[Rows, list[int]]:
    """Draws rows of ratings (None is an empty cell), and the order of the columns."""
    count = draw(st.integers(1, 5))
    ratings = st.one_of(st.none(), *[st.integers(0, 4)] * 4)
    rows = draw(st.lists(st.tuples(*[ratings] * count), min_size=1, max_size=12))
    return rows, draw(st.permutations(range(count)))


def written(rows: Rows, order: list[int], spelled: Sequence[str]) -> Table:
    head = ["Timestamp", "Name", *(ASKED[at].title for at in order), "Why?"]
    lines = [
        [
            f"2025-10-{n % 28 + 1:02} 10:{n // 28:02}:00",
            f"Person {n}",
            *_cells(row, order, spelled),
            f"Because {n}.",
        ]
        for n, row in enumerate(rows)
    ]
    return [head, *lines]


def _cells(row: tuple[int | None, ...], order: list[int], spelled: Sequence[str]) -> list[str]:
    return ["" if (rating := row[at]) is None else spelled[rating] for at in order]


def compared(raw: bytes, direction: str) -> AnswersComparison:
    offer = Offer("0", "", sets_service.ours(), "")
    target = AnswersTarget(fields=fields_of(offer.asked, {}), offers=(offer,), chosen="0", today=DAY)
    form = form_for(guessed(target, raw, is_new=True), AnswersColumnsForm)
    assert isinstance(form, AnswersColumnsForm)
    for name in ("scale_from_0", "scale_to_5", "scale_other"):
        if name in form:
            form[name].data = direction
    return AnswersComparison(BroughtIn(), form.lines, target, Survey(None, "", DAY), *form.meanings)


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(surveys(), st.sampled_from(sorted(SPELLINGS)), st.sampled_from(sorted(set(WRITTEN) - {"workbook"})))
def test_the_same_answers_come_in_from_any_file(
    app: Flask, survey: tuple[Rows, list[int]], spelling: str, kind: str
) -> None:
    check(app, survey, spelling, kind)


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(surveys(), st.sampled_from(sorted(SPELLINGS)))
def test_the_same_answers_come_in_from_any_workbook(
    app: Flask, survey: tuple[Rows, list[int]], spelling: str
) -> None:
    check(app, survey, spelling, "workbook")


def check(app: Flask, survey: tuple[Rows, list[int]], spelling: str, kind: str) -> None:
    (rows, order), (spelled, direction) = survey, SPELLINGS[spelling]
    with app.test_request_context("/"):
        found = compared(WRITTEN[kind](written(rows, order, spelled)), direction)
    for row, planned in zip(rows, found.planned, strict=True):
        expected = {ASKED[at].key: rating for at, rating in enumerate(row) if rating is not None}
        assert {key: said.answer.rating for key, said in planned.said.items()} == expected
        assert planned.row.outcome is (Outcome.NEW if expected else Outcome.WRONG)
        assert not any(said.note for said in planned.said.values())
