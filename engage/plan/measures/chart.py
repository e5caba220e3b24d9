"""Builds charts of measures: one over time with baseline and target, and a small one for lists.

A chart has the same numbers as the table below it, so it never shows more. Lines are solid, dotted or dashed,
so the chart also works in gray.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil, floor, log10
from typing import Final

from msgspec import Struct

from engage.dates import day_text
from engage.i18n import gettext as _
from engage.plan.measures import labels
from engage.plan.measures.rules import MeasureFact, NumberKind, Point

WIDTH: Final = 420
HEIGHT: Final = 230
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 22, 30
TICKS: Final = 4
SMALL_WIDTH, SMALL_HEIGHT, SMALL_EDGE = 64, 20, 3


class Dot(Struct, frozen=True):
    x: float
    y: float


class Label(Struct, frozen=True):
    """A label at a point; `anchor` is SVG's start, middle or end."""

    words: str
    x: float
    y: float
    anchor: str = "middle"


class Chart(Struct, frozen=True):
    """Everything the template draws; it skips empty paths."""

    label: str
    readings: str
    dots: tuple[Dot, ...]
    line: str
    start: Dot | None
    target_y: float | None
    target: Dot | None
    levels: tuple[Label, ...]
    days: tuple[Label, ...]
    names: tuple[Label, ...]
    left: int = LEFT
    right: int = WIDTH - RIGHT
    width: int = WIDTH
    height: int = HEIGHT


class Small(Struct, frozen=True):
    """A small chart without words, which are beside it."""

    path: str
    end: Dot
    target_y: float | None
    width: int = SMALL_WIDTH
    height: int = SMALL_HEIGHT


class _Scale(Struct, frozen=True):
    """A scale from days and values to positions in a box."""

    days: tuple[int, int]
    values: tuple[float, float]
    box: tuple[float, float, float, float]

    def x(self, day: date) -> float:
        left, right, _top, _bottom = self.box
        first, last = self.days
        return round(left + (right - left) * (day.toordinal() - first) / (last - first), 1)

    def y(self, value: float) -> float:
        _left, _right, top, bottom = self.box
        low, high = self.values
        return round(bottom - (bottom - top) * (value - low) / (high - low), 1)

    def dot(self, point: Point) -> Dot:
        assert point.value is not None
        return Dot(self.x(point.day), self.y(point.value))


def chart(fact: MeasureFact, today: date) -> Chart | None:
    """Returns the chart, or None if there is no number to draw."""
    shown = _shown(fact.points)
    start = fact.course.baseline if fact.course.baseline and fact.course.baseline.value is not None else None
    known = [*([start] if start else []), *shown]
    if not known:
        return None
    target, end = fact.course.target, fact.course.target_on
    levels = _levels(
        [*(each.value or 0 for each in known), *([target] if target is not None else [])], fact.number
    )
    days = [each.day for each in known] + ([end] if end is not None else [])
    scale = _Scale(_span(days), (levels[0], levels[-1]), (LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM))
    finish = scale.dot(Point(end, target)) if target is not None and end is not None else None
    dots = tuple(scale.dot(each) for each in shown)
    first = scale.dot(start) if start else None
    return Chart(
        label=_label(fact, today),
        readings=_path(dots),
        dots=dots,
        line=_path((first, finish)) if first and finish else "",
        start=first,
        target_y=scale.y(target) if target is not None else None,
        target=finish,
        levels=tuple(
            Label(labels.level_words(level, fact.number), LEFT - 6, scale.y(level), "end") for level in levels
        ),
        days=_days(days, scale, today),
        names=tuple(_names(fact, scale, first, shown)),
    )


def small(fact: MeasureFact) -> Small | None:
    """Returns the small chart, or None for fewer than two numbers, since a single dot says nothing."""
    known = _shown([*([fact.course.baseline] if fact.course.baseline else []), *fact.points])
    if len(known) < 2:
        return None
    target = fact.course.target
    values = [each.value or 0 for each in known] + ([target] if target is not None else [])
    low, high = min(values), max(values)
    box = (SMALL_EDGE, SMALL_WIDTH - SMALL_EDGE, SMALL_EDGE, SMALL_HEIGHT - SMALL_EDGE)
    scale = _Scale(_span([each.day for each in known]), (low, high if high > low else low + 1), box)
    dots = [scale.dot(each) for each in known]
    return Small(_path(dots), dots[-1], scale.y(target) if target is not None else None)


def _shown(points: Iterable[Point]) -> list[Point]:
    return sorted((each for each in points if each.value is not None), key=lambda each: each.day)


def _path(dots: Sequence[Dot]) -> str:
    if len(dots) < 2:
        return ""
    return "M" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in dots)


def _span(days: Sequence[date]) -> tuple[int, int]:
    first, last = min(days).toordinal(), max(days).toordinal()
    return (first, last) if last > first else (first - 15, first + 15)


def _levels(values: Sequence[float], number: NumberKind) -> list[float]:
    """Returns round numbers around all values, starting at 0 if none is below."""
    low, high = min(0.0, *values), max(values)
    if number is NumberKind.PERCENT:
        high = max(high, 100 if high > 60 else high)
    step = _step((high - low or 1) / TICKS, number)
    first, last = floor(low / step), max(ceil(high / step), floor(low / step) + 1)
    return [each * step for each in range(first, last + 1)]


def _step(rough: float, number: NumberKind) -> float:
    """Returns a step of 1, 2 or 5 times a power of ten, or quarters of a hundred percent. Counts have no halves."""
    power = 10.0 ** floor(log10(rough))
    factors = (1, 2, 2.5, 5, 10) if number is NumberKind.PERCENT else (1, 2, 5, 10)
    step = next(factor * power for factor in factors if factor * power >= rough * 0.999)
    return max(step, 1.0) if number is NumberKind.COUNT else step


def _days(days: Sequence[date], scale: _Scale, today: date) -> tuple[Label, ...]:
    first, last = min(days), max(days)
    y = HEIGHT - BOTTOM + 18
    if first == last:
        return (Label(day_text(first, today), scale.x(first), y),)
    return (
        Label(day_text(first, today), LEFT, y, "start"),
        Label(day_text(last, today), WIDTH - RIGHT, y, "end"),
    )


def _names(fact: MeasureFact, scale: _Scale, start: Dot | None, shown: Sequence[Point]) -> Iterable[Label]:
    """Yields the labels in the chart itself: the target's number and the latest reading's."""
    target = fact.course.target
    target_y = scale.y(target) if target is not None else None
    if target is not None and target_y is not None:
        said = _("Target %(value)s", value=labels.number_words(target, fact.number))
        yield Label(said, WIDTH - RIGHT, target_y - 6, "end")
    if shown:
        dot = scale.dot(shown[-1])
        # The label goes below the point where the target's label would overlap it.
        crowded = target_y is not None and -26 < dot.y - target_y < 26 and dot.x > WIDTH / 2
        y = max(dot.y, target_y or 0) + 18 if crowded else dot.y - 9
        anchor = "end" if dot.x > WIDTH - 60 else "middle"
        yield Label(labels.number_words(shown[-1].value, fact.number), dot.x, round(y, 1), anchor)


def _label(fact: MeasureFact, today: date) -> str:
    parts = [_("%(title)s over time", title=fact.title)]
    if fact.course.baseline is not None:
        parts.append(_("from %(start)s", start=labels.point_words(fact.course.baseline, fact, today)))
    if fact.latest is not None:
        parts.append(_("latest %(latest)s", latest=labels.point_words(fact.latest, fact, today)))
    if target := labels.target_words(fact, today):
        parts.append(_("target %(target)s", target=target))
    return ", ".join(parts)
