"""Builds the page of activities: filters, totals and one page of lines, in words."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from flask import abort, g, url_for
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.content.loader import content
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.moments import comes_twice, local_time
from engage.numbers import text_of
from engage.plan import queries as plan_queries
from engage.plan.activities import labels, queries
from engage.plan.activities.models import Activity
from engage.plan.activities.queries import ActivityFilters, ActivityLine
from engage.plan.activities.rules import ActivityKind, ActivityState, Totals, is_over, together
from engage.plan.measures.queries import may_change
from engage.plan.models import Action, Goal, Objective
from engage.web import csv_files
from engage.web.csv_files import Column, Table
from engage.web.lists import PAGE_ROWS, Choice, Option, Pages, filter_options, pages_of

# This many of the next activities are shown above the list.
COMING_MOST = 10


class ActivityRow(Struct, frozen=True):
    """A line with its times and numbers in words, and whether the reader may change it."""

    line: ActivityLine
    when: str
    audience: str
    reached: str
    hours: str
    may_change: bool


class KindTotals(Struct, frozen=True):
    kind: str
    activities: int
    reached: str
    hours: str

    @classmethod
    def of(cls, kind: ActivityKind, totals: Totals) -> "KindTotals":
        return cls(
            str(labels.KIND_LABELS[kind]),
            totals.activities,
            labels.count_words(totals.reached),
            labels.count_words(totals.hours),
        )


class ActivitiesPage(Struct, frozen=True):
    filters: ActivityFilters
    periods: Sequence[Choice]
    states: Sequence[Option]
    kinds: Sequence[Option]
    disciplines: Sequence[Option]
    goals: Sequence[Option]
    whole: Totals
    words: str
    period: str
    totals: Sequence[KindTotals]
    rows: Sequence[ActivityRow]
    pages: Pages
    uncounted: Sequence[ActivityRow]
    coming: Sequence[ActivityRow]
    is_empty: bool


def page_of(membership: Membership, filters: ActivityFilters, asked: str, today: date) -> ActivitiesPage:
    """Builds the page in at most nine queries.

    Past events to count and the next ones come before the list.
    """
    by_kind = queries.totals_of(membership, filters)
    whole = together(by_kind.values())

    def page_url(number: int) -> str:
        return url_for("plan.activities", **{**filters.args(), "page": number})

    pages = pages_of(whole.activities, asked, page_url)
    skip = (pages.page - 1) * PAGE_ROWS
    lines = queries.activities_of(membership, filters, most=PAGE_ROWS, skip=skip)
    uncounted, coming = [], []
    if not filters.args() and pages.page == 1:
        before = ActivityFilters(state=ActivityState.PLANNED, until=today - timedelta(days=1))
        uncounted = queries.activities_of(membership, before, most=COMING_MOST)
        ahead = ActivityFilters(state=ActivityState.PLANNED, since=today)
        coming = queries.activities_of(membership, ahead, most=COMING_MOST)
    return ActivitiesPage(
        filters=filters,
        periods=_periods(filters, today),
        states=[
            Option(state.value, str(labels.STATE_LABELS[state]), state is filters.state)
            for state in (ActivityState.HELD, ActivityState.PLANNED, ActivityState.CALLED_OFF)
        ],
        kinds=filter_options(
            _("All"), ((kind, labels.KIND_LABELS[kind]) for kind in ActivityKind), filters.kind
        ),
        disciplines=filter_options(_("All"), disciplines(), filters.discipline),
        goals=filter_options(_("All"), plan_queries.goal_choices(membership), filters.goal),
        whole=whole,
        words=labels.totals_words(whole)
        if filters.state is ActivityState.HELD
        else labels.number_words(whole.activities, filters.state),
        period=labels.period_words(filters.since, filters.until),
        totals=[KindTotals.of(kind, each) for kind, each in by_kind.items()],
        rows=rows_of(membership, lines),
        pages=pages,
        uncounted=rows_of(membership, uncounted),
        coming=rows_of(membership, coming),
        is_empty=not whole.activities and not queries.any_activity(membership),
    )


class ActivityPanel(Struct, frozen=True):
    """The activities of a goal or an action, with their totals in words if any was held."""

    words: str | None
    rows: Sequence[ActivityRow]


def of_goal(membership: Membership, goal: Goal) -> ActivityPanel | None:
    """Returns the activities of the goal and of its actions; None for a viewer."""
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
    """Builds the panel. Its lines do not name the goal or action, because the page is about it."""
    rows = rows_of(membership, [each._replace(goal=None) for each in lines])
    totals = queries.totals(lines)
    return ActivityPanel(labels.totals_words(totals) if totals.activities else None, rows)


def rows_of(membership: Membership, lines: Iterable[ActivityLine]) -> list[ActivityRow]:
    return [
        ActivityRow(
            line=each,
            when=labels.when_words(
                each.happened_on, each.starts_at, each.minutes, membership.coalition.time_zone
            ),
            audience=labels.audience_words(each.audiences),
            reached=labels.count_words(each.reached),
            hours=labels.count_words(each.hours),
            may_change=may_change(membership, each.created_by_id),
        )
        for each in lines
    ]


class ActivityPage(Struct, frozen=True):
    """One activity in words. `facts` are pairs of a label and a text, without empty ones."""

    kind: str
    state: str
    when: str
    twice: bool
    facts: Sequence[tuple[str, str]]
    partners: Sequence[tuple[int, str]]
    serves: tuple[str, str] | None
    is_over: bool
    may_change: bool
    hours: Sequence[tuple[str, str]]
    hours_total: str
    my_hours: float | None


def activity_page(membership: Membership, activity: Activity, today: date, now: datetime) -> ActivityPage:
    """Builds the page of one activity in a constant number of queries."""
    zone = membership.coalition.time_zone
    hours = queries.hours_of(activity)
    facts = [
        (_("Place"), activity.place),
        (_("For"), labels.audience_words(queries.audiences_of(activity))),
        (_("Language"), activity.language),
        (_("County"), activity.county),
        (_("Presenters"), activity.presenters),
    ]
    if activity.state is ActivityState.HELD:
        facts += [
            (_("People reached"), labels.count_words(activity.reached)),
            (_("Volunteer and staff hours"), labels.count_words(activity.hours)),
            (_("Materials handed out"), labels.count_words(activity.materials)),
        ]
    return ActivityPage(
        kind=str(labels.KIND_LABELS[activity.kind]),
        state=str(labels.STATE_LABELS[activity.state]),
        when=labels.when_words(activity.happened_on, activity.starts_at, activity.minutes, zone),
        twice=activity.starts_at is not None and comes_twice(activity.starts_at, zone),
        facts=[(label, text) for label, text in facts if text],
        partners=queries.partners_of(activity),
        serves=_serves(membership, activity),
        is_over=is_over(activity.happened_on, activity.starts_at, activity.minutes, today, now),
        may_change=may_change(membership, activity.created_by_id),
        hours=[(name, labels.count_words(given)) for _key, name, given in hours],
        hours_total=labels.count_words(round(sum(given for _key, _name, given in hours), 2)),
        my_hours=next((given for key, _name, given in hours if key == membership.id), None),
    )


def _serves(membership: Membership, activity: Activity) -> tuple[str, str] | None:
    """Returns the title and address of the action, objective or goal that the activity serves."""
    if activity.action_id is not None:
        action = db.session.get_one(Action, activity.action_id)
        title = _("Action %(number)s: %(title)s", number=action.number, title=action.title)
        return title, url_for("plan.action", number=action.number)
    if activity.objective_id is not None:
        objective = db.session.get_one(Objective, activity.objective_id)
        return objective.title, url_for("plan.objective", objective_id=objective.id)
    if activity.goal_id is not None:
        goal = db.session.get_one(Goal, activity.goal_id)
        return goal.title, url_for("plan.goal", goal_id=goal.id)
    return None


def typed_of(activity: Activity, time_zone: str) -> dict[str, object]:
    """Returns the form's values that are not columns of the activity."""
    audiences = queries.audiences_of(activity)
    return {
        "time": local_time(activity.starts_at, time_zone) if activity.starts_at is not None else None,
        "partners": [str(key) for key, _name in queries.partners_of(activity)],
        **{f"audience_{number}": each.discipline for number, each in enumerate(audiences, 1)},
        **{f"people_{number}": each.people for number, each in enumerate(audiences, 1)},
    }


def hours_offered(activity: Activity) -> str:
    """Returns the sum of members' hours as the form shows it; empty once someone typed another number."""
    given = round(sum(hours for _key, _name, hours in queries.hours_of(activity)), 2)
    return text_of(given) if given and activity.hours is None else ""


def known_words(membership: Membership) -> dict[str, list[str]]:
    """Returns the counties and languages used before, to suggest, so that reports have one name for each."""
    return {
        "counties": queries.words_before(membership, Activity.county),
        "languages": queries.words_before(membership, Activity.language),
    }


def disciplines() -> list[tuple[str, str]]:
    """Returns the disciplines that a person can have, as (key, name)."""
    return [(each.key, each.name) for each in content().organization_disciplines()]


def _periods(filters: ActivityFilters, today: date) -> list[Choice]:
    """Returns the periods that people ask for most; the two date fields can give any other."""
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


def table(lines: Iterable[ActivityLine]) -> Table:
    """Returns the heading and rows for a spreadsheet, with dates that it can sort."""
    columns: list[Column[ActivityLine]] = [
        (_("Date"), lambda each: each.happened_on),
        (_("Kind"), lambda each: str(labels.KIND_LABELS[each.kind])),
        (_("What was done"), lambda each: each.title),
        (_("Audience"), lambda each: labels.audience_words(each.audiences)),
        (_("People reached"), lambda each: each.reached),
        (_("Volunteer and staff hours"), lambda each: each.hours),
        (_("Goal"), lambda each: each.goal),
        (
            _("Action"),
            lambda each: f"{each.action_number}. {each.action}" if each.action_number is not None else None,
        ),
        (_("Logged by"), lambda each: each.writer),
    ]
    return csv_files.table(columns, lines)


def own_activity_or_404(activity_id: int) -> Activity:
    """Returns an activity of this person, or any activity for a coordinator.

    Sign-ups hold contact data, so only these people may see them.
    """
    activity = queries.activity_of(g.membership, activity_id)
    if activity is None or not may_change(g.membership, activity.created_by_id):
        abort(404)
    return activity
