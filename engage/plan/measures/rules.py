"""Rules for measures: what their numbers may be, and whether they are on track, due, or too small to publish."""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from engage.numbers import NumberRefused, Problem, number_of

# A reading is taken each quarter; after thirteen weeks without one, the next is due.
DUE_AFTER = timedelta(weeks=13)
# Fewer people than this are never shown in public, whatever a coalition chooses.
FEWEST_SHOWN = 3


class MeasureKind(StrEnum):
    """The three questions of results-based accountability (domain.md 6)."""

    HOW_MUCH = "how_much"
    HOW_WELL = "how_well"
    BETTER_OFF = "better_off"


class NumberKind(StrEnum):
    """The kinds of numbers: a count is whole and not negative, a percentage is 0 to 100, an amount is anything."""

    COUNT = "count"
    PERCENT = "percent"
    AMOUNT = "amount"


class Direction(StrEnum):
    """The direction that is better."""

    UP = "up"
    DOWN = "down"


class MeasureState(StrEnum):
    NO_READING = "no_reading"
    HIDDEN = "hidden"
    NO_TARGET = "no_target"
    REACHED = "reached"
    ON_TRACK = "on_track"
    BEHIND = "behind"
    NOT_YET = "not_yet"
    NOT_REACHED = "not_reached"


class Point(Struct, frozen=True):
    """A number on a day; None if it is withheld."""

    day: date
    value: float | None


class Course(Struct, frozen=True):
    """The start and target of a measure and their days, as far as they are known."""

    direction: Direction
    baseline: Point | None = None
    target: float | None = None
    target_on: date | None = None


_NUMBER = r"(-?\d[\d,]*(?:\.\d+)?%?)"
# Clock times also say "1 to 5"; therefore two numbers without "from" have to end the text.
_FROM_TO = re.compile(
    rf"\bfrom\s+{_NUMBER}\s*(?:to|→|->)\s*{_NUMBER}(?![\w:/])|(?<![\w:/.,-]){_NUMBER}\s*(?:to|→|->)\s*{_NUMBER}\.?$",
    re.IGNORECASE,
)


class Written(Struct, frozen=True):
    """A measure found in an objective's words: "places for boys within a day, from 0 to 6".

    `what` is the rest of the words, and may be empty.
    """

    what: str
    start: float
    target: float
    number_kind: NumberKind

    @property
    def direction(self) -> Direction:
        return Direction.UP if self.target > self.start else Direction.DOWN


def written(words: str) -> Written | None:
    """Returns the measure in these words; None if they do not say from which number to which."""
    found = _FROM_TO.search(words.strip())
    texts = [text for text in found.groups() if text] if found else []
    try:
        start, target = map(number_of, texts)
    except ValueError:
        return None
    if found is None or start == target:
        return None
    what = (
        f"{found.string[: found.start()].strip(' ,;:')} {found.string[found.end() :].strip(' ,;:.')}".strip()
    )
    return Written(what, start, target, _number_kind(start, target, is_percent="%" in "".join(texts)))


def _number_kind(start: float, target: float, *, is_percent: bool) -> NumberKind:
    kind = NumberKind.PERCENT if is_percent else NumberKind.COUNT
    try:
        check_number(start, kind)
        check_number(target, kind)
    except NumberRefused:
        return NumberKind.AMOUNT
    return kind


def check_number(value: float, kind: NumberKind) -> None:
    """Raises NumberRefused if a measure of this kind cannot have this value."""
    if kind is NumberKind.AMOUNT:
        return
    if value < 0:
        raise NumberRefused(Problem.NEGATIVE)
    if kind is NumberKind.COUNT and value != int(value):
        raise NumberRefused(Problem.NOT_WHOLE)
    if kind is NumberKind.PERCENT and value > 100:
        raise NumberRefused(Problem.OVER_HUNDRED)


def expected(course: Course, day: date) -> float | None:
    """Returns the value expected on a day, on a straight line from baseline to target; None without one."""
    start, end = course.baseline, course.target_on
    if start is None or start.value is None or course.target is None or end is None or end <= start.day:
        return None
    part = (day - start.day).days / (end - start.day).days
    return start.value + (course.target - start.value) * min(max(part, 0.0), 1.0)


def _at_least(value: float, other: float, direction: Direction) -> bool:
    """Returns whether a value is at least as good as another one."""
    return value >= other if direction is Direction.UP else value <= other


def measure_state(course: Course, latest: Point | None, today: date) -> MeasureState:
    """Returns whether the measure is reached or on track: its latest reading is as good as the line says."""
    if latest is None:
        return MeasureState.NO_READING
    if latest.value is None:
        return MeasureState.HIDDEN
    if course.target is None:
        return MeasureState.NO_TARGET
    if _at_least(latest.value, course.target, course.direction):
        return MeasureState.REACHED
    if course.target_on is not None and course.target_on < today:
        return MeasureState.NOT_REACHED
    line = expected(course, latest.day)
    if line is None:
        return MeasureState.NOT_YET
    on_track = _at_least(latest.value, round(line, 6), course.direction)
    return MeasureState.ON_TRACK if on_track else MeasureState.BEHIND


def is_due(last: date, target_on: date | None, today: date) -> bool:
    """Returns whether the next reading is due.

    `last` is the day of the last reading, or else of the baseline or of the measure itself. A measure that
    was read at its end needs no further reading.
    """
    if target_on is not None and last >= target_on:
        return False
    return last + DUE_AFTER <= today


# -- in public


def is_withheld(value: float, kind: NumberKind, k: int) -> bool:
    """Returns whether a count is too small to publish: 1 to k-1 (k is at least 3). Zero reveals no one."""
    return kind is NumberKind.COUNT and 0 < value < max(k, FEWEST_SHOWN)


def public(points: Iterable[Point], kind: NumberKind, k: int) -> tuple[Point, ...]:
    """Returns the points as the public may see them: small counts are withheld, but their days stay."""
    return tuple(
        replace(each, value=None) if each.value is not None and is_withheld(each.value, kind, k) else each
        for each in points
    )


def public_course(course: Course, kind: NumberKind, k: int) -> Course:
    """Returns the course as the public may see it. The baseline is a count like any other; a target is not."""
    if course.baseline is None:
        return course
    return replace(course, baseline=public((course.baseline,), kind, k)[0])


# -- a measure for pages


class MeasureFact(Struct, frozen=True):
    """A measure with its readings in order: all of them, or the latest for a list.

    `since` is the day it was first measured.
    """

    id: int
    objective_id: int
    title: str
    kind: MeasureKind
    number: NumberKind
    unit: str
    course: Course
    since: date
    points: Sequence[Point] = ()

    @property
    def latest(self) -> Point | None:
        return self.points[-1] if self.points else None

    def state_on(self, today: date) -> MeasureState:
        return measure_state(self.course, self.latest, today)

    @property
    def last_on(self) -> date:
        """Returns the day of the latest reading, else of the start, else of the measure itself."""
        last = self.latest or self.course.baseline
        return last.day if last is not None else self.since

    def is_due(self, today: date) -> bool:
        """Returns whether its next reading is due."""
        return is_due(self.last_on, self.course.target_on, today)

    def public(self, k: int) -> "MeasureFact":
        """Returns the measure as the public may see it: small counts are withheld."""
        course = public_course(self.course, self.number, k)
        return replace(self, course=course, points=public(self.points, self.number, k))
