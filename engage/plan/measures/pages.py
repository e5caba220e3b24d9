"""Builds measures for pages: an objective's panels with chart and readings, and a line for each in the plan's list."""

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from flask import current_app
from markupsafe import Markup
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.extensions import locale_name
from engage.plan.measures import queries, words
from engage.plan.measures.chart import Chart, Small, chart, small
from engage.plan.measures.queries import ReadingLine
from engage.plan.measures.rules import MeasureFact


class ReadingRow(Struct, frozen=True):
    """A reading in the table; only readers who may see people get its source and writer."""

    id: int
    day: date
    value: str
    source: str
    writer: str | None
    may_change: bool


class MeasurePanel(Struct, frozen=True):
    """One measure on its objective's page. `standing` is empty if there is nothing to say."""

    id: int
    title: str
    kind: str
    latest: str
    standing: str
    tag: str
    why: str
    start: str
    target: str
    chart: Chart | None
    rows: Sequence[ReadingRow]


class MeasureLine(Struct, frozen=True):
    """One measure beside its objective in the list."""

    title: str
    words: str
    standing: str
    small: Small | None


def panels(membership: Membership, objective_id: int, today: date, *, may_work: bool) -> list[MeasurePanel]:
    """Builds the panels of an objective with all readings, in two queries."""
    facts = queries.measures_of(membership, {objective_id}, most=10_000).get(objective_id, [])
    rows = queries.readings_of(membership, objective_id) if facts else {}
    return [_panel(membership, each, rows.get(each.id, []), today, may_work) for each in facts]


def _panel(
    membership: Membership, fact: MeasureFact, rows: Sequence[ReadingLine], today: date, may_work: bool
) -> MeasurePanel:
    standing = fact.standing(today)
    start = fact.course.baseline
    return MeasurePanel(
        id=fact.id,
        title=fact.title,
        kind=str(words.KIND_WORDS[fact.kind]),
        latest=words.latest_words(fact, today),
        standing=words.standing_words(standing),
        tag=words.STANDING_TAGS.get(standing, "notstarted"),
        why=words.why_words(fact, today),
        start=words.point_words(start, fact, today) if start is not None else "",
        target=words.target_words(fact, today),
        chart=chart(fact, today),
        rows=_rows(membership, fact, rows, may_work),
    )


def _rows(
    membership: Membership, fact: MeasureFact, rows: Sequence[ReadingLine], may_work: bool
) -> list[ReadingRow]:
    sees_all = may(membership.role, Permission.SEE_ALL)
    # These values come from the fact, in which small counts are withheld for viewers.
    values = {each.day: each.value for each in fact.points}
    return [
        ReadingRow(
            id=each.id,
            day=each.taken_on,
            value=words.amount_words(values.get(each.taken_on), fact),
            source=each.source if sees_all else "",
            writer=each.writer if sees_all else None,
            may_change=may_work and queries.may_change(membership, each.written_by_id),
        )
        for each in rows
    ]


def lines(facts: Sequence[MeasureFact], today: date) -> list[MeasureLine]:
    locale = locale_name()
    return [_line(each, today, locale) for each in facts]


@lru_cache(maxsize=2000)
def _line(fact: MeasureFact, today: date, _locale: str) -> MeasureLine:
    """Builds the words and chart of a measure. They change only with its readings, so a list builds them once."""
    return MeasureLine(
        title=fact.title,
        words=words.latest_words(fact, today),
        standing=words.standing_words(fact.standing(today)),
        small=small(fact),
    )


@lru_cache(maxsize=2000)
def measure_row(line: MeasureLine) -> Markup:
    """Draws a measure's line in the list, and caches it, since it depends only on its argument."""
    row = current_app.jinja_env.get_template("plan/measures/measure_row.html").module.row  # type: ignore[attr-defined]
    return Markup(row(line))  # noqa: S704 - Jinja's own
