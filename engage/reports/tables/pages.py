"""Builds the rows of live tables, and the page on which coordinators make links and let titles through.

The rows hold codes, numbers, dates and titles that were let through; no other text that people wrote, and no one's
name. They are what an outsider may know: small counts of people are withheld.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from flask import url_for
from msgspec import Struct

from engage import clock
from engage.coalitions.models import Coalition, Membership
from engage.content.loader import content
from engage.dates import long_day, minute
from engage.i18n import gettext as _
from engage.meetings.attendance.queries import coverage_of
from engage.partners.agreements.list import agreements_of
from engage.partners.coverage.rules import WHOLE, CellState, Somebody
from engage.plan.actions.queries.done import done_by_area
from engage.reports.funder.queries import counts
from engage.reports.funder.queries.events import held_in
from engage.reports.labels import anybody
from engage.reports.rules import Period, Span, span
from engage.reports.tables import labels, queries, service
from engage.reports.tables.models import LiveLink
from engage.reports.tables.queries import InPlan
from engage.reports.tables.rules import ALL_AREAS, HEADS, LiveTable, Title, asks_on, fingerprint, told
from engage.web.csv_files import MARK, Field, csv_text
from engage.web.links import external

Row = Sequence[Field]
Words = Callable[[Title], str]


def csv_of(coalition: Coalition, table: LiveTable) -> str:
    """Returns the table as CSV without the mark that only Excel needs."""
    reader, today = anybody(coalition), clock.today(coalition.time_zone)
    match table:
        case LiveTable.PLAN:
            rows = _plan(reader)
        case LiveTable.MEASURES:
            rows = _measures(reader)
        case LiveTable.ACTIVITIES:
            rows = _activities(reader)
        case LiveTable.COUNTS:
            rows = _counts(reader, today)
        case LiveTable.COVERAGE:
            rows = _coverage(reader)
    return csv_text(HEADS[table], rows).removeprefix(MARK)


def _words(reader: Membership) -> Words:
    """Returns a function that gives a title's own words if they were let through, else its number."""
    through = queries.let_through(reader)
    return lambda title: title.text if queries.hash_of(title.text) in through else labels.number_words(title)


def _places(plan: InPlan, words: Words) -> Callable[[int | None, int | None], tuple[Field, ...]]:
    """Returns a function that gives the columns of a goal and an objective; each title is looked up once."""
    goals = {key: (each.number, words(each)) for key, each in plan.goals.items()}
    objectives = {key: (each.number, words(each)) for key, each in plan.objectives.items()}
    nothing = (None, None)
    return lambda goal, objective: (
        *(goals[goal] if goal is not None else nothing),
        *(objectives[objective] if objective is not None else nothing),
    )


def _plan(reader: Membership) -> Iterator[Row]:
    plan = queries.in_plan(reader, readings=1)
    if plan is None:
        return
    words = _words(reader)
    place = _places(plan, words)
    for each in plan.actions:
        yield (
            each.number,
            words(queries.action_title(each)),
            each.status.value,
            each.start_on,
            each.due_on,
            each.done_on,
            *place(each.goal_id, each.objective_id),
        )


def _measures(reader: Membership) -> Iterator[Row]:
    plan = queries.in_plan(reader)
    if plan is None:
        return
    words = _words(reader)
    place = _places(plan, words)
    for fact in plan.measures:
        start, course = fact.course.baseline, fact.course
        about: Row = (
            fact.kind.value,
            fact.number.value,
            course.direction.value,
            start.day if start is not None else None,
            start.value if start is not None else None,
            course.target_on,
            course.target,
            *place(plan.goal_of[fact.objective_id], fact.objective_id),
        )
        name = (fact.id, words(queries.measure_title(fact)))
        for point in fact.points:
            yield (*name, point.day, point.value, _yes(point.value is None), *about)
        if not fact.points:
            yield (*name, None, None, "no", *about)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _activities(reader: Membership) -> Iterator[Row]:
    words = _words(reader)
    for each in queries.activities(reader):
        yield (
            each.id,
            words(queries.activity_title(each)),
            each.kind.value,
            each.state.value,
            each.happened_on,
            told(each.reached),
            each.hours,
            each.materials,
        )


def _counts(reader: Membership, today: date) -> Iterator[Row]:
    signed = [each.signed_on for each in agreements_of(reader, today)]
    for which in Span:
        period = span(which, today, reader.coalition.fiscal_month)
        met, held = counts.meetings(reader, period), held_in(reader, period)
        whole = held.whole
        yield (
            which.value,
            period.since,
            period.until,
            met.all_held,
            told(met.all_came),
            len(met.organizations | held.organizations),
            _within(signed, period),
            done_by_area(reader, period.eve, period.until).total(),
            whole.activities,
            whole.handed_out,
            whole.hours,
            whole.materials,
        )


def _within(days: Iterable[date | None], period: Period) -> int:
    return sum(day in period for day in days if day is not None)


def _coverage(reader: Membership) -> Iterator[Row]:
    words = content()
    sectors = {each.key: each.name for each in words.sectors}
    areas = {
        WHOLE: (ALL_AREAS, _("All focus areas")),
        **{each.key: (each.key, each.name) for each in words.areas},
    }
    for row in coverage_of(reader).rows:
        for cell in (row.whole, *row.areas):
            if cell.standing is CellState.NONE:
                continue
            active = _organizations(cell.active)
            yield (
                row.sector,
                sectors[row.sector],
                _yes(row.expected),
                *areas[cell.area],
                cell.standing.value,
                active,
                active + _organizations(cell.inactive),
                _yes(cell.signed),
            )


def _organizations(known: Iterable[Somebody]) -> int:
    """Counts organizations; people who represent only themselves are never counted out."""
    return sum(each.organization_id is not None for each in known)


# -- for coordinators


class TitleGroup(Struct, frozen=True):
    """The titles of one kind, each with what stands in its place until it is let through."""

    id: str
    label: str
    lines: Sequence[tuple[str, str]]


def title_groups(titles: Iterable[Title]) -> list[TitleGroup]:
    return [
        TitleGroup(
            kind.value,
            str(labels.KIND_LABELS[kind]),
            [(labels.number_words(each), each.text) for each in found],
        )
        for kind, found in groupby(titles, key=lambda each: each.kind)
    ]


class Address(Struct, frozen=True):
    """A table's name, what it holds, and what to paste into either program."""

    id: str
    label: str
    help: str
    sheets: str
    excel: str


def addresses(token: str) -> list[Address]:
    found = []
    for table in LiveTable:
        plain, excel = (
            external(url_for(view, token=token, table=table.value))
            for view in ("live.for_sheets", "live.for_excel")
        )
        found.append(
            Address(
                table.value,
                str(labels.TABLE_LABELS[table]),
                str(labels.TABLE_HELP[table]),
                f'=IMPORTDATA("{plain}")',
                excel,
            )
        )
    return found


class LinkLine(Struct, frozen=True):
    """A link as coordinators see it: whose sheet, when it was last used, and until when it is good."""

    id: int
    name: str
    made: str
    used: str
    until: str
    is_over: bool
    asks: bool

    @classmethod
    def of(cls, link: LiveLink, today: date) -> "LinkLine":
        last = long_day(link.ends_on)
        is_over = today > link.ends_on
        return cls(
            link.id,
            link.name,
            _("Made on %(when)s", when=minute(link.made_at)),
            _("Last used on %(when)s", when=minute(link.used_at))
            if link.used_at is not None
            else _("Not used yet"),
            _("Ended on %(day)s", day=last) if is_over else _("Good until %(day)s", day=last),
            is_over,
            today >= asks_on(link.ends_on),
        )


class Tables(Struct, frozen=True):
    """The page of all links. `seen` is the mark of the titles that wait, as the reader sees them listed."""

    links: Sequence[LinkLine]
    waiting: Sequence[TitleGroup]
    number: int
    seen: str


def tables_of(membership: Membership, today: date) -> Tables:
    links = [LinkLine.of(each, today) for each in service.links_of(membership)]
    waiting = queries.waiting(queries.titles_of(membership), queries.let_through(membership)) if links else []
    return Tables(links, title_groups(waiting), len(waiting), fingerprint(waiting))


class Listing(Struct, frozen=True):
    """Every title that a new link shows, and the mark of that list."""

    groups: Sequence[TitleGroup]
    number: int
    seen: str


def listing_of(membership: Membership) -> Listing:
    titles = queries.titles_of(membership)
    return Listing(title_groups(titles), len(titles), fingerprint(titles))
