"""The picture of a measure: where its points stand, and what it leaves out."""

from collections.abc import Iterator, Sequence
from datetime import date

import pytest
from flask import Flask
from msgspec.structs import replace

from engage.plan.measures.chart import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Dot, chart, small
from engage.plan.measures.labels import amount_words, reached_words
from engage.plan.measures.rules import Course, Direction, MeasureFact, MeasureKind, NumberKind, Point

TODAY = date(2026, 11, 25)
START, END = date(2026, 1, 1), date(2026, 12, 27)
HALF = date(2026, 6, 30)
BEDS = MeasureFact(
    id=1,
    objective_id=1,
    title="Beds",
    kind=MeasureKind.HOW_MUCH,
    number=NumberKind.COUNT,
    unit="beds",
    course=Course(Direction.UP, Point(START, 4), 20, END),
    since=START,
    points=(Point(HALF, 12),),
)


@pytest.fixture(autouse=True)
def words(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def test_points_stand_where_their_days_and_values_are() -> None:
    drawn = chart(BEDS, TODAY)
    assert drawn is not None
    middle = LEFT + (WIDTH - RIGHT - LEFT) / 2
    assert drawn.dots == (Dot(middle, drawn.dots[0].y),)
    assert drawn.start is not None and drawn.target is not None
    assert (drawn.start.x, drawn.target.x) == (LEFT, WIDTH - RIGHT)
    # 4, 12 and 20 are as far from each other.
    assert drawn.start.y - drawn.dots[0].y == pytest.approx(drawn.dots[0].y - drawn.target.y, abs=0.2)
    assert [each.words for each in drawn.levels] == ["0", "5", "10", "15", "20"]
    assert (drawn.levels[0].y, drawn.levels[-1].y) == (HEIGHT - BOTTOM, TOP)
    assert [each.words for each in drawn.days] == ["Jan 1", "Dec 27"]
    assert [each.words for each in drawn.names] == ["Target 20", "12"]


@pytest.mark.parametrize(
    ("values", "number", "levels"),
    [
        ([0, 3], NumberKind.COUNT, ["0", "1", "2", "3"]),
        ([0], NumberKind.COUNT, ["0", "1"]),
        ([70], NumberKind.PERCENT, ["0%", "25%", "50%", "75%", "100%"]),
        ([-2.5, 2], NumberKind.AMOUNT, ["-4", "-2", "0", "2"]),
        ([999_999_999], NumberKind.COUNT, ["0", "500M", "1B"]),
    ],
)
def test_the_levels_are_round_numbers_around_all_values(
    values: Sequence[float], number: NumberKind, levels: list[str]
) -> None:
    points = tuple(Point(date(2026, month, 1), value) for month, value in enumerate(values, 1))
    drawn = chart(replace(BEDS, number=number, course=Course(Direction.UP), points=points), TODAY)
    assert drawn is not None
    assert [each.words for each in drawn.levels] == levels


def test_one_number_alone_is_a_dot() -> None:
    drawn = chart(replace(BEDS, course=Course(Direction.UP)), TODAY)
    assert drawn is not None
    assert (len(drawn.dots), drawn.readings, drawn.line, drawn.start, drawn.target_y) == (
        1,
        "",
        "",
        None,
        None,
    )
    assert [each.words for each in drawn.days] == ["Jun 30"]
    assert small(replace(BEDS, course=Course(Direction.UP))) is None


def test_without_a_number_there_is_no_picture() -> None:
    assert chart(replace(BEDS, course=Course(Direction.UP, None, 20, END), points=()), TODAY) is None
    assert small(replace(BEDS, points=())) is None


def test_what_is_withheld_is_not_drawn() -> None:
    points = (Point(date(2026, 3, 1), 2), Point(HALF, 12), Point(date(2026, 9, 1), 14))
    drawn = chart(replace(BEDS, points=points).public(5), TODAY)
    assert drawn is not None
    assert (len(drawn.dots), drawn.start, drawn.line) == (2, None, "")
    tiny = small(replace(BEDS, points=points).public(5))
    assert tiny is not None and tiny.path.count("L") == 1


def test_the_small_picture_begins_with_the_start() -> None:
    tiny = small(BEDS)
    assert tiny is not None
    assert tiny.path.count("L") == 1
    assert tiny.target_y is not None and tiny.target_y < tiny.end.y


@pytest.mark.parametrize(
    ("value", "amount"),
    [(0, "0 beds"), (1, "beds: 1"), (1.5, "1.5 beds"), (2, "2 beds")],
)
def test_a_unit_that_was_typed_for_many_is_not_said_of_one(value: float, amount: str) -> None:
    assert amount_words(value, BEDS) == amount
    assert amount_words(value, replace(BEDS, unit="")) == amount.removeprefix("beds: ").removesuffix(" beds")


def test_one_of_many_keeps_its_unit() -> None:
    assert reached_words(BEDS, 1) == "1 of 20 beds"
