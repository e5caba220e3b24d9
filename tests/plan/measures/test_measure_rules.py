"""Tests what a measure's numbers may be, when it is on track or due, and what is too small to be public."""

from datetime import date, timedelta

import pytest

from engage.numbers import NumberRefused, Problem
from engage.plan.measures import rules as measures_rules
from engage.plan.measures.rules import (
    Course,
    Direction,
    MeasureFact,
    MeasureKind,
    MeasureState,
    NumberKind,
    Point,
    written,
)

START, END = date(2026, 1, 1), date(2026, 12, 27)  # 360 days
HALF = date(2026, 6, 30)
UP = Course(Direction.UP, Point(START, 4), 20, END)
DOWN = Course(Direction.DOWN, Point(START, 11), 2, END)


@pytest.mark.parametrize(
    ("value", "kind", "problem"),
    [
        (-1, NumberKind.COUNT, Problem.NEGATIVE),
        (1.5, NumberKind.COUNT, Problem.NOT_WHOLE),
        (-0.5, NumberKind.PERCENT, Problem.NEGATIVE),
        (100.5, NumberKind.PERCENT, Problem.OVER_HUNDRED),
    ],
)
def test_a_count_is_whole_and_a_percentage_stays_within_a_hundred(
    value: float, kind: NumberKind, problem: Problem
) -> None:
    with pytest.raises(NumberRefused) as refused:
        measures_rules.check_number(value, kind)
    assert refused.value.problem is problem


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (0, NumberKind.COUNT),
        (5000, NumberKind.COUNT),
        (0, NumberKind.PERCENT),
        (100, NumberKind.PERCENT),
        (-3.25, NumberKind.AMOUNT),
        (12.5, NumberKind.PERCENT),
    ],
)
def test_other_numbers_are_taken(value: float, kind: NumberKind) -> None:
    measures_rules.check_number(value, kind)


def test_the_line_runs_straight_from_the_start_to_the_target() -> None:
    assert measures_rules.expected(UP, START) == 4
    assert measures_rules.expected(UP, HALF) == 12
    assert measures_rules.expected(UP, END) == 20
    assert measures_rules.expected(UP, END + timedelta(days=90)) == 20
    assert measures_rules.expected(UP, START - timedelta(days=90)) == 4


@pytest.mark.parametrize(
    "course",
    [
        Course(Direction.UP, None, 20, END),
        Course(Direction.UP, Point(START, 4), None, None),
        Course(Direction.UP, Point(START, 4), 20, None),
        Course(Direction.UP, Point(START, None), 20, END),
        Course(Direction.UP, Point(END, 4), 20, END),
    ],
)
def test_without_both_ends_there_is_no_line(course: Course) -> None:
    assert measures_rules.expected(course, HALF) is None


@pytest.mark.parametrize(
    ("course", "value", "standing"),
    [
        (UP, 12, MeasureState.ON_TRACK),
        (UP, 11, MeasureState.BEHIND),
        (UP, 20, MeasureState.REACHED),
        (UP, 25, MeasureState.REACHED),
        (DOWN, 6.5, MeasureState.ON_TRACK),
        (DOWN, 7, MeasureState.BEHIND),
        (DOWN, 2, MeasureState.REACHED),
        (Course(Direction.UP, None, 20, END), 12, MeasureState.NOT_YET),
        (Course(Direction.UP, Point(START, 4), 20, None), 12, MeasureState.NOT_YET),
        (Course(Direction.UP, Point(START, 4)), 12, MeasureState.NO_TARGET),
    ],
)
def test_on_track_is_at_least_the_line_on_the_day_of_the_reading(
    course: Course, value: float, standing: MeasureState
) -> None:
    assert measures_rules.measure_state(course, Point(HALF, value), HALF + timedelta(days=30)) is standing


def test_after_its_day_a_target_is_reached_or_not() -> None:
    later = END + timedelta(days=1)
    assert measures_rules.measure_state(UP, Point(END, 19), END) is MeasureState.BEHIND
    assert measures_rules.measure_state(UP, Point(END, 19), later) is MeasureState.NOT_REACHED
    assert measures_rules.measure_state(UP, Point(END, 20), later) is MeasureState.REACHED


def test_without_a_number_nothing_is_said() -> None:
    assert measures_rules.measure_state(UP, None, HALF) is MeasureState.NO_READING
    assert measures_rules.measure_state(UP, Point(HALF, None), HALF) is MeasureState.HIDDEN


def test_a_reading_is_due_a_quarter_after_the_last() -> None:
    assert not measures_rules.is_due(START, END, START + timedelta(days=90))
    assert measures_rules.is_due(START, END, START + timedelta(days=91))
    assert measures_rules.is_due(START, None, START + timedelta(days=91))


def test_what_was_read_at_its_end_is_not_asked_for_again() -> None:
    assert not measures_rules.is_due(END, END, END + timedelta(days=400))
    assert measures_rules.is_due(END - timedelta(days=1), END, END + timedelta(days=400))


@pytest.mark.parametrize(
    ("value", "kind", "k", "withheld"),
    [
        (0, NumberKind.COUNT, 5, False),
        (1, NumberKind.COUNT, 5, True),
        (4, NumberKind.COUNT, 5, True),
        (5, NumberKind.COUNT, 5, False),
        (2, NumberKind.COUNT, 0, True),
        (2, NumberKind.COUNT, 1, True),
        (3, NumberKind.COUNT, 1, False),
        (2, NumberKind.PERCENT, 5, False),
        (2.5, NumberKind.AMOUNT, 5, False),
    ],
)
def test_a_small_count_is_withheld_in_public(value: float, kind: NumberKind, k: int, withheld: bool) -> None:
    assert measures_rules.is_withheld(value, kind, k) is withheld


def test_in_public_small_counts_go_and_days_and_targets_stay() -> None:
    points = (Point(START, 2), Point(HALF, 12))
    assert measures_rules.public(points, NumberKind.COUNT, 3) == (Point(START, None), Point(HALF, 12))
    course = measures_rules.public_course(Course(Direction.UP, Point(START, 2), 4, END), NumberKind.COUNT, 5)
    assert course == Course(Direction.UP, Point(START, None), 4, END)
    assert measures_rules.public_course(Course(Direction.UP), NumberKind.COUNT, 5) == Course(Direction.UP)


def fact(course: Course, *points: Point) -> MeasureFact:
    return MeasureFact(1, 1, "Beds", MeasureKind.HOW_MUCH, NumberKind.COUNT, "beds", course, HALF, points)


def test_a_measure_stands_where_its_latest_reading_does() -> None:
    measure = fact(UP, Point(START, 20), Point(START + timedelta(days=1), 20), Point(HALF, 13))
    assert (measure.latest, measure.last_on) == (Point(HALF, 13), HALF)
    assert measure.state_on(HALF) is MeasureState.ON_TRACK
    assert fact(UP).state_on(HALF) is MeasureState.NO_READING


def test_without_a_reading_the_next_one_is_due_a_quarter_after_the_start_or_the_measure_itself() -> None:
    assert (fact(UP).latest, fact(UP).last_on) == (None, START)
    assert fact(Course(Direction.UP)).last_on == HALF
    assert fact(UP).is_due(START + timedelta(weeks=13))
    assert not fact(UP).is_due(START + timedelta(weeks=13, days=-1))


def test_in_public_a_measure_withholds_small_counts_of_its_start_and_its_readings() -> None:
    small = Course(Direction.UP, Point(START, 2), 20, END)
    shown = fact(small, Point(HALF, 1), Point(END, 9)).public(3)
    assert shown.course == Course(Direction.UP, Point(START, None), 20, END)
    assert shown.points == (Point(HALF, None), Point(END, 9))


@pytest.mark.parametrize(
    ("words", "what", "start", "target", "kind"),
    [
        ("Calls in Phoenix, from 4 to 2.5", "Calls in Phoenix", 4, 2.5, NumberKind.AMOUNT),
        ("From 0 to 6 beds in Phoenix", "beds in Phoenix", 0, 6, NumberKind.COUNT),
        ("Places for boys within a day, from 0 to 6", "Places for boys within a day", 0, 6, NumberKind.COUNT),
        ("0 to 6", "", 0, 6, NumberKind.COUNT),
        ("From 1,200 to 900 calls a year", "calls a year", 1200, 900, NumberKind.COUNT),
        ("Trained staff: 10% → 80%", "Trained staff", 10, 80, NumberKind.PERCENT),
        ("Hours per case 2.5 to 1", "Hours per case", 2.5, 1, NumberKind.AMOUNT),
    ],
)
def test_words_with_two_numbers_give_a_measure(
    words: str, what: str, start: float, target: float, kind: NumberKind
) -> None:
    found = written(words)
    assert found is not None
    assert (found.what, found.start, found.target, found.number_kind) == (what, start, target, kind)
    assert found.direction is (Direction.UP if target > start else Direction.DOWN)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "More beds",
        "Open 9 to 5 on weekdays",
        "By 2026-03-15",
        "From 6 to 6",
        "from 1 to 5:30",
        "3 schools",
    ],
)
def test_other_words_give_none(words: str) -> None:
    assert written(words) is None
