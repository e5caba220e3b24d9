"""Builds measures for pages: an objective's panels with chart and readings, and a line for each in the plan's list."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.plan.measures import labels, queries
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
    """One measure on its objective's page. `standing`, its state in words, may be empty."""

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
    standing = fact.state_on(today)
    start = fact.course.baseline
    return MeasurePanel(
        id=fact.id,
        title=fact.title,
        kind=str(labels.KIND_LABELS[fact.kind]),
        latest=labels.latest_words(fact, today),
        standing=labels.state_words(standing),
        tag=labels.STATE_TAGS.get(standing, "notstarted"),
        why=labels.why_words(fact, today),
        start=labels.point_words(start, fact, today) if start is not None else "",
        target=labels.target_words(fact, today),
        chart=chart(fact, today),
        rows=_rows(membership, fact, rows, may_work),
    )


def _rows(
    membership: Membership, fact: MeasureFact, rows: Sequence[ReadingLine], may_work: bool
) -> list[ReadingRow]:
    sees_all = may(membership.role, Permission.SEE_ALL)
    # These values come from `fact`, in which small counts are withheld from viewers.
    values = {each.day: each.value for each in fact.points}
    return [
        ReadingRow(
            id=each.id,
            day=each.taken_on,
            value=labels.amount_words(values.get(each.taken_on), fact),
            source=each.source if sees_all else "",
            writer=each.writer if sees_all else None,
            may_change=may_work and queries.may_change(membership, each.written_by_id),
        )
        for each in rows
    ]


def lines(facts: Sequence[MeasureFact], today: date) -> list[MeasureLine]:
    return [
        MeasureLine(
            title=fact.title,
            words=labels.latest_words(fact, today),
            standing=labels.state_words(fact.state_on(today)),
            small=small(fact),
        )
        for fact in facts
    ]
