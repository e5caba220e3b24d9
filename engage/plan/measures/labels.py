"""Puts measures into words: their numbers, their state, and the rule behind it."""

from datetime import date
from functools import lru_cache

from babel.numbers import format_compact_decimal, format_decimal
from flask import url_for

from engage.dates import day_text
from engage.extensions import locale_name
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.plan.measures.rules import (
    Direction,
    MeasureFact,
    MeasureKind,
    MeasureState,
    NumberKind,
    Point,
    expected,
)

KIND_LABELS = {
    MeasureKind.HOW_MUCH: _l("How much"),
    MeasureKind.HOW_WELL: _l("How well"),
    MeasureKind.BETTER_OFF: _l("Better off"),
}
KIND_MEANINGS = {
    MeasureKind.HOW_MUCH: _l("How much was done: people trained, beds, evenings."),
    MeasureKind.HOW_WELL: _l("How well it was done: days until a bed, people who would come again."),
    MeasureKind.BETTER_OFF: _l("How people are better off: safe nights, young people back in school."),
}
NUMBER_KIND_LABELS = {
    NumberKind.COUNT: _l("A count"),
    NumberKind.PERCENT: _l("A percentage"),
    NumberKind.AMOUNT: _l("Another number"),
}
NUMBER_KIND_MEANINGS = {
    NumberKind.COUNT: _l("A whole number, 0 or more."),
    NumberKind.PERCENT: _l("From 0 to 100."),
    NumberKind.AMOUNT: _l("Decimals and negative numbers are fine."),
}
DIRECTION_LABELS = {
    Direction.UP: _l("Higher is better"),
    Direction.DOWN: _l("Lower is better"),
}
# These are the colors of tags; a tag's word says the same. *Behind* has no alarm color, because it is only a
# reason to talk.
STATE_TAGS = {
    MeasureState.REACHED: "done",
    MeasureState.ON_TRACK: "underway",
    MeasureState.BEHIND: "next",
    MeasureState.NOT_REACHED: "next",
}


def number_words(value: float | None, number: NumberKind) -> str:
    """Returns words such as "1,250", "12.5" or "45%"; a withheld number is *too few to show*."""
    if value is None:
        return _("too few to show")
    text = _decimal(value, locale_name())
    return f"{text}%" if number is NumberKind.PERCENT else text


# Small numbers are cached as days are, because a report writes a hundred of them.
@lru_cache(maxsize=2000)
def _decimal(value: float, locale: str) -> str:
    return str(format_decimal(value, "#,##0.##", locale=locale))


def level_words(value: float, number: NumberKind) -> str:
    """Returns short words such as "20K" for the edge of a chart, where there is little room."""
    if abs(value) < 10_000:
        return number_words(value, number)
    return str(format_compact_decimal(value, locale=locale_name(), fraction_digits=1))


def amount_words(value: float | None, fact: MeasureFact) -> str:
    """Returns the number with its unit: "12 beds", but "beds: 1", because people type units for more than one."""
    if value == 1 and fact.unit:
        return _("%(unit)s: %(number)s", unit=fact.unit, number=number_words(value, fact.number))
    return _with_unit(number_words(value, fact.number), value, fact)


def _with_unit(words: str, value: float | None, fact: MeasureFact) -> str:
    return f"{words} {fact.unit}" if fact.unit and value is not None else words


def reached_words(fact: MeasureFact, value: float | None) -> str:
    """Returns "12 of 20 beds" if a count should grow, else words such as "45%, aiming at 80%"."""
    said, target = toward_words(fact, value)
    return _("%(now)s, target %(target)s", now=said, target=target) if target else said


def toward_words(fact: MeasureFact, value: float | None) -> tuple[str, str]:
    """Returns words such as "12 of 20 beds", and the target if it is not in them, else ""."""
    target = fact.course.target
    counted_up = fact.number is NumberKind.COUNT and fact.course.direction is Direction.UP
    if target is None or value is None:
        return amount_words(value, fact), ""
    goal = number_words(target, fact.number)
    if counted_up and value <= target:
        part = _("%(part)s of %(total)s", part=number_words(value, fact.number), total=goal)
        return _with_unit(part, value, fact), ""
    return amount_words(value, fact), goal


def latest_words(fact: MeasureFact, today: date) -> str:
    """Returns words such as "12 of 20 beds, May 3"; without a reading, the start, or that there is none."""
    if fact.latest is not None:
        day = day_text(fact.latest.day, today)
        return _("%(what)s, %(day)s", what=reached_words(fact, fact.latest.value), day=day)
    if (start := fact.course.baseline) is not None and start.value is not None:
        return _("no reading yet; it starts at %(start)s", start=reached_words(fact, start.value))
    return _("no reading yet")


def state_words(standing: MeasureState) -> str:
    """Returns the state in words, or "" if the number is enough."""
    return {
        MeasureState.REACHED: _("Target reached"),
        MeasureState.ON_TRACK: _("On track"),
        MeasureState.BEHIND: _("Behind"),
        MeasureState.NOT_YET: _("Not there yet"),
        MeasureState.NOT_REACHED: _("Target date passed"),
    }.get(standing, "")


def why_words(fact: MeasureFact, today: date) -> str:
    """Returns the rule behind the state, with its numbers; "" if there is no line to compare with."""
    latest, start = fact.latest, fact.course.baseline
    if (
        fact.state_on(today) not in {MeasureState.ON_TRACK, MeasureState.BEHIND}
        or latest is None
        or start is None
    ):
        return ""
    line = expected(fact.course, latest.day)
    assert line is not None
    return _(
        "The straight line from the start to the target is at %(line)s on %(day)s; the reading is %(value)s.",
        line=number_words(round(line, 1), fact.number),
        day=day_text(latest.day, today),
        value=number_words(latest.value, fact.number),
    )


def point_words(point: Point, fact: MeasureFact, today: date) -> str:
    """Returns words such as "4 beds, Jan 5"."""
    return _("%(what)s, %(day)s", what=amount_words(point.value, fact), day=day_text(point.day, today))


def target_words(fact: MeasureFact, today: date) -> str:
    """Returns words such as "20 beds by Dec 31"; empty without a target."""
    target = fact.course.target
    if target is None:
        return ""
    words = amount_words(target, fact)
    if fact.course.target_on is None:
        return words
    return _("%(what)s by %(day)s", what=words, day=day_text(fact.course.target_on, today))


def measure_url(objective_id: int, measure_id: int) -> str:
    """Returns the address of a measure on its objective's page."""
    return url_for("plan.objective", objective_id=objective_id, _anchor=f"plan-measure-{measure_id}")
