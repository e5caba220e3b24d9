"""Builds the page of activities: filters, totals and one page of lines, with every word chosen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.content.loader import content
from engage.plan import queries as plan_queries
from engage.plan.activities import queries, words
from engage.plan.activities.queries import ActivityLine, Filters
from engage.plan.activities.rules import ActivityKind, Totals, together
from engage.plan.measures.queries import may_change
from engage.plan.models import Action, Goal
from engage.web.csv_files import Field
from engage.web.lists import PAGE_ROWS, Choice, Option, Pages, pages_of


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """A line with its words. `belongs` is the title of the action or goal."""

    id: int
    day: date
    title: str
    kind: str
    discipline: str
    reached: str
    hours: str
    belongs: str
    action_number: int | None
    may_change: bool


@dataclass(frozen=True, slots=True)
class KindTotals:
    kind: str
    activities: int
    reached: str
    hours: str


@dataclass(frozen=True, slots=True)
class ActivitiesPage:
    filters: Filters
    periods: Sequence[Choice]
    kinds: Sequence[Option]
    disciplines: Sequence[Option]
    goals: Sequence[Option]
    whole: Totals
    words: str
    period: str
    totals: Sequence[KindTotals]
    rows: Sequence[ActivityRow]
    pages: Pages
    is_empty: bool


def page_of(membership: Membership, filters: Filters, asked: str, today: date) -> ActivitiesPage:
    """Builds the page in at most four queries, whatever it holds."""
    by_kind = queries.totals_of(membership, filters)
    whole = together(by_kind.values())

    def page_url(number: int) -> str:
        return url_for("plan.activities", **{**filters.args(), "page": number})

    pages = pages_of(whole.activities, asked, page_url)
    skip = (pages.page - 1) * PAGE_ROWS
    lines = queries.activities_of(membership, filters, most=PAGE_ROWS, skip=skip)
    return ActivitiesPage(
        filters=filters,
        periods=_periods(filters, today),
        kinds=_options(
            ((kind.value, str(words.KIND_WORDS[kind])) for kind in ActivityKind), filters.kind or ""
        ),
        disciplines=_options(disciplines(), filters.discipline),
        goals=_options(
            ((str(key), title) for key, title in plan_queries.goal_choices(membership)),
            str(filters.goal or ""),
        ),
        whole=whole,
        words=words.totals_words(whole),
        period=words.period_words(filters.since, filters.until),
        totals=[_kind_totals(kind, each) for kind, each in by_kind.items()],
        rows=rows_of(membership, lines),
        pages=pages,
        is_empty=not whole.activities and not (filters.args() and queries.any_activity(membership)),
    )


@dataclass(frozen=True, slots=True)
class ActivityPanel:
    """The activities of a goal or an action, with their totals in words."""

    words: str
    rows: Sequence[ActivityRow]


def of_goal(membership: Membership, goal: Goal) -> ActivityPanel | None:
    """Returns the goal's own activities and those of its actions; None for a viewer."""
    if not may(membership.role, Permission.SEE_ALL):
        return None
    return _panel(membership, queries.activities_of_goal(membership, goal.id))


def of_action(membership: Membership, action: Action) -> ActivityPanel | None:
    """Returns the action's activities; None for a viewer."""
    if not may(membership.role, Permission.SEE_ALL):
        return None
    lines = queries.activities_of_action(membership, action.id)
    return _panel(membership, [each._replace(action_number=None, action=None) for each in lines])


def _panel(membership: Membership, lines: Sequence[ActivityLine]) -> ActivityPanel:
    """Builds the panel. The page shows what its lines belong to, so the lines do not repeat it."""
    rows = rows_of(membership, [each._replace(goal=None) for each in lines])
    return ActivityPanel(words.totals_words(queries.totals(lines)), rows)


def rows_of(membership: Membership, lines: Iterable[ActivityLine]) -> list[ActivityRow]:
    return [
        ActivityRow(
            id=each.id,
            day=each.happened_on,
            title=each.title,
            kind=str(words.KIND_WORDS[each.kind]),
            discipline=words.discipline_name(each.discipline),
            reached=words.count_words(each.reached),
            hours=words.count_words(each.hours),
            belongs=each.action or each.goal or "",
            action_number=each.action_number,
            may_change=may_change(membership, each.created_by_id),
        )
        for each in lines
    ]


def disciplines() -> list[tuple[str, str]]:
    """Returns the disciplines that a person can have, as (key, name)."""
    return [(each.key, each.name) for each in content().organization_disciplines()]


def _kind_totals(kind: ActivityKind, totals: Totals) -> KindTotals:
    return KindTotals(
        str(words.KIND_WORDS[kind]),
        totals.activities,
        words.count_words(totals.reached),
        words.count_words(totals.hours),
    )


def _periods(filters: Filters, today: date) -> list[Choice]:
    """Returns the spans that people ask for most; the two date fields give any other."""
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    last = today.year - 1
    spans: list[tuple[str, date | None, date | None]] = [
        (_("All"), None, None),
        (_("This quarter"), quarter, None),
        (_("This year"), date(today.year, 1, 1), None),
        (_("Last year"), date(last, 1, 1), date(last, 12, 31)),
    ]
    return [
        Choice(
            label,
            url_for("plan.activities", **filters.with_(since=since, until=until).args()),
            (filters.since, filters.until) == (since, until),
        )
        for label, since, until in spans
    ]


def _options(pairs: Iterable[tuple[str, str]], chosen: str) -> list[Option]:
    return [Option("", _("All"), not chosen), *(Option(key, name, key == chosen) for key, name in pairs)]


def table(lines: Iterable[ActivityLine]) -> tuple[list[str], list[list[Field]]]:
    """Returns the heading and rows for a spreadsheet, with dates in a form that it can sort."""
    head = [
        _("Date"),
        _("Kind"),
        _("What was done"),
        _("Audience"),
        _("People reached"),
        _("Volunteer and staff hours"),
    ]
    head += [_("Goal"), _("Action"), _("Logged by")]
    rows: list[list[Field]] = [
        [
            each.happened_on.isoformat(),
            str(words.KIND_WORDS[each.kind]),
            each.title,
            words.discipline_name(each.discipline),
            each.reached,
            each.hours,
            each.goal,
            f"{each.action_number}. {each.action}" if each.action_number is not None else None,
            each.writer,
        ]
        for each in lines
    ]
    return head, rows
