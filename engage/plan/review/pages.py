"""Builds a review's page: each goal's progress in a period, what changed, what is late or stuck, and the measures."""

from collections.abc import Mapping, Sequence
from datetime import date

import sqlalchemy as sa
from flask import url_for
from msgspec import Struct
from msgspec.structs import replace

from engage.clock import local_day
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import SelectedRow, along
from engage.dates import day_text, in_parts
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.partners.models import Organization
from engage.partners.queries import organization_names
from engage.plan import labels, queries
from engage.plan.activities import labels as activities_labels
from engage.plan.activities import queries as activities_queries
from engage.plan.activities.pages import KindTotals
from engage.plan.activities.rules import ActivityKind, Totals, together
from engage.plan.changes import queries as changes_queries
from engage.plan.changes.pages import AllChanges, ChangeLine, changes_of
from engage.plan.changes.queries import Asked
from engage.plan.changes.rules import ActionState, ChangePeriod, quarter_before, quarter_of, year_of
from engage.plan.labels import goal_heading
from engage.plan.measures import labels as measures_labels
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.rules import MeasureFact, Point
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.review.queries import progress_of, standings_at
from engage.plan.review.service import ReviewLine
from engage.plan.rules import ActionStatus, PlanStatus, Progress, is_late
from engage.web.lists import Choice

# Up to this many late or stuck actions are listed one by one; the others are counted.
MOST = 40


class GoalRow(Struct, frozen=True):
    """The progress of a goal; `id` is None for actions that are not under one yet."""

    id: int | None
    title: str
    start: str
    end: str
    progress: Progress
    more: str
    late: int
    stuck: int


class MeasureRow(Struct, frozen=True):
    """A measure's number at both ends of the period."""

    title: str
    objective: str
    url: str
    start: str
    end: str
    target: str
    standing: str
    tag: str
    readings: int


class ReviewPage(Struct, frozen=True):
    """The whole page except decisions and notes, which belong to a meeting."""

    plan: Plan
    period: ChangePeriod
    title: str
    start: str
    end: str
    # The page shows the state at this day: the period's last day, or today if the period is not over yet.
    end_day: date
    progress: Progress
    goals: Sequence[GoalRow]
    changes: AllChanges
    waits: Sequence[ChangeLine]
    waits_more: int
    measures: Sequence[MeasureRow]
    # The activities are empty for a viewer.
    activities: Sequence[KindTotals]
    activity_words: str


def plan_for(plans: Sequence[Plan], period: ChangePeriod, time_zone: str) -> Plan | None:
    """Returns the latest plan that was in force in the period; else the first plan."""

    def was_in_force(plan: Plan) -> bool:
        begins = plan.adopted_on or local_day(plan.created_at, time_zone)
        ended = plan.closed_on is not None and plan.closed_on < period.since
        return plan.status is not PlanStatus.DRAFT and begins <= period.until and not ended

    return next((each for each in plans if was_in_force(each)), next(iter(plans), None))


def title_of(period: ChangePeriod) -> str:
    """Returns "Review, 2nd quarter 2026" for a whole quarter, else "Review"."""
    if period != quarter_of(period.since):
        return _("Review of the plan")
    return _("Quarterly review, %(quarter)s", quarter=in_parts(period.since, "yQQQQ"))


def period_words(period: ChangePeriod) -> str:
    return activities_labels.period_words(period.since, period.until)


def presets(
    membership: Membership, plan: Plan, last: ReviewLine | None, today: date, chosen: ChangePeriod
) -> list[Choice]:
    """Returns the periods that people review most often."""
    meeting = changes_queries.last_meeting_day(membership, today)
    found = [
        *([(_("Since the last meeting"), ChangePeriod(meeting, today))] if meeting is not None else []),
        *(
            [(_("Since the last review"), ChangePeriod(last.until, today))]
            if last and last.until < today
            else []
        ),
        (_("This quarter"), quarter_of(today)),
        (_("Last quarter"), quarter_before(today)),
        (_("This year"), year_of(today)),
    ]
    if plan.starts_on is not None and plan.ends_on is not None:
        found.append((_("Plan period"), ChangePeriod(plan.starts_on, plan.ends_on)))
    return [
        Choice(label, url_for("plan.review", plan=plan.id, **each.args()), each == chosen)
        for label, each in found
    ]


def page_of(membership: Membership, plan: Plan, period: ChangePeriod, today: date) -> ReviewPage:
    """Builds the page. The number of queries does not grow with the plan."""
    asked = Asked(membership, period, plan.id)
    start, end = standings_at(membership, plan.id, (asked.begins, asked.ends))
    then = min(period.until, today)
    goals = queries.goals_of(membership, plan.id)
    before, after = progress_of(start), progress_of(end)
    waits, waits_total = _waits(membership, end, then, today)
    by_kind = _activities(membership, period)
    return ReviewPage(
        plan=plan,
        period=period,
        title=title_of(period),
        start=labels.counts_sentence(before.plan),
        end=labels.counts_sentence(after.plan),
        end_day=then,
        progress=after.plan,
        goals=_goals(goals, start, end, then),
        changes=changes_of(asked, today),
        waits=waits,
        waits_more=waits_total - len(waits),
        measures=_measures(membership, plan, period, today),
        activities=[KindTotals.of(kind, each) for kind, each in by_kind.items()],
        activity_words=activities_labels.totals_words(together(by_kind.values())) if by_kind else "",
    )


# -- goals


def _goals(
    goals: Sequence[Goal], start: Mapping[int, ActionState], end: Mapping[int, ActionState], then: date
) -> list[GoalRow]:
    """Returns goals in the plan's order; actions under no goal, or under a deleted one, come last."""
    known = {goal.id for goal in goals}
    before, after = (progress_of(_placed(each, known)) for each in (start, end))
    rows = [
        _goal(goal.id, goal_heading(n, goal.title), before.goal(goal.id), after.goal(goal.id), end, then)
        for n, goal in enumerate(goals, 1)
    ]
    if before.loose.all or after.loose.all:
        loose = {key: each for key, each in end.items() if each.goal_id not in known}
        rows.append(_goal(None, _("Not yet under a goal"), before.loose, after.loose, loose, then))
    return rows


def _placed(standings: Mapping[int, ActionState], known: set[int]) -> dict[int, ActionState]:
    return {
        key: each if each.goal_id in known else replace(each, goal_id=None) for key, each in standings.items()
    }


def _goal(
    key: int | None,
    title: str,
    before: Progress,
    after: Progress,
    standings: Mapping[int, ActionState],
    then: date,
) -> GoalRow:
    own = [each for each in standings.values() if key is None or each.goal_id == key]
    more = after.done - before.done
    return GoalRow(
        id=key,
        title=title,
        start=_of(before),
        end=_of(after),
        progress=after,
        more=_("+%(num)s", num=more) if more > 0 else "",
        late=sum(is_late(each.due_on, each.status, then) for each in own),
        stuck=sum(each.status is ActionStatus.STUCK for each in own),
    )


def _of(progress: Progress) -> str:
    """Returns words such as "4 of 11", with the number of those no longer needed."""
    if not progress.all:
        return _("none")
    said = _("%(done)s of %(total)s", done=progress.done, total=progress.total)
    if progress.no_longer_needed:
        return ngettext(
            "%(said)s (%(num)s no longer needed)",
            "%(said)s (%(num)s no longer needed)",
            progress.no_longer_needed,
            said=said,
        )
    return said


# -- late and stuck


def _rows_of(membership: Membership, keys: list[int]) -> dict[int, SelectedRow]:
    """Returns the actions with these ids, by id."""
    waiting = (
        sa.select(
            Action.id,
            Action.number,
            Action.title,
            Action.status,
            Action.reason,
            Action.owner_id,
            Membership.name.label("owner"),
            Organization.name.label("partner"),
        )
        .outerjoin(Membership, along(Action.owner_id, Membership))
        .outerjoin(Organization, along(Action.organization_id, Organization))
        .where(
            Action.coalition_id == membership.coalition_id,
            Action.id.in_(keys),
        )
    )
    return {row.id: row for row in db.session.execute(waiting)}


def _waits(
    membership: Membership, end: Mapping[int, ActionState], then: date, today: date
) -> tuple[list[ChangeLine], int]:
    """Returns actions stuck at the end of the period, then late ones, the longest late first, and the total."""
    stuck = [key for key, each in end.items() if each.status is ActionStatus.STUCK]
    late = [
        key
        for key, each in end.items()
        if each.status is not ActionStatus.STUCK and is_late(each.due_on, each.status, then)
    ]
    late.sort(key=lambda key: (end[key].due_on, key))
    keys = [*sorted(stuck, key=lambda key: (end[key].due_on or date.max, key)), *late]
    if not keys:
        return [], 0
    rows = _rows_of(membership, keys[:MOST])
    sees_people = may(membership.role, Permission.SEE_ALL)
    organizations = {} if sees_people else organization_names(membership)
    found = []
    for key in keys[:MOST]:
        row, was = rows[key], end[key]
        is_stuck = was.status is ActionStatus.STUCK
        who = (row.owner if sees_people else organizations.get(row.owner_id)) or _("no owner")
        partner = _("with %(organization)s", organization=row.partner) if row.partner else ""
        due = _("due %(day)s", day=day_text(was.due_on, today)) if was.due_on is not None else ""
        still = row.status is ActionStatus.STUCK and sees_people and row.reason
        help_ = _("Needs: %(help)s", help=row.reason) if is_stuck and still else ""
        now = (
            _("now: %(status)s", status=labels.STATUS_LABELS[row.status])
            if row.status is not was.status
            else ""
        )
        found.append(
            ChangeLine(
                str(labels.STATUS_LABELS[was.status]) if is_stuck else _("Late"),
                "stuck" if is_stuck else "next",
                _("%(number)s. %(title)s", number=row.number, title=row.title),
                url_for("plan.action", number=row.number),
                " · ".join(each for each in (who, partner, due, help_, now) if each),
            )
        )
    return found, len(keys)


# -- numbers


def _measures(membership: Membership, plan: Plan, period: ChangePeriod, today: date) -> list[MeasureRow]:
    objectives = queries.objectives_of(membership, plan.id)
    if not objectives:
        return []
    facts = measures_queries.measures_of(membership, {each.id for each in objectives}, most=10_000)
    return [
        _measure(fact, objective, period, today)
        for objective in objectives
        for fact in facts.get(objective.id, ())
    ]


def _measure(fact: MeasureFact, objective: Objective, period: ChangePeriod, today: date) -> MeasureRow:
    """Returns the last number before the period and the last one by its end; if there is no reading, the start."""
    baseline = [fact.course.baseline] if fact.course.baseline is not None else []
    points = [*baseline, *fact.points]
    before = _last([each for each in points if each.day < period.since])
    after = _last([each for each in points if each.day <= period.until])
    by_end = replace(fact, points=tuple(each for each in fact.points if each.day <= period.until))
    standing = by_end.state_on(min(period.until, today))
    return MeasureRow(
        title=fact.title,
        objective=objective.title,
        url=measures_labels.measure_url(objective.id, fact.id),
        start=_point(before, fact, today),
        end=_point(after, fact, today) if after != before else _("no new number"),
        target=measures_labels.target_words(fact, today),
        standing=measures_labels.state_words(standing),
        tag=measures_labels.STATE_TAGS.get(standing, "notstarted"),
        readings=sum(each.day in period for each in fact.points),
    )


def _last(points: Sequence[Point]) -> Point | None:
    return max(points, key=lambda each: each.day, default=None)


def _point(point: Point | None, fact: MeasureFact, today: date) -> str:
    return measures_labels.point_words(point, fact, today) if point is not None else _("none yet")


def _activities(membership: Membership, period: ChangePeriod) -> dict[ActivityKind, Totals]:
    """Returns the totals of all the coalition's activities; empty for a viewer."""
    if not may(membership.role, Permission.SEE_ALL):
        return {}
    return activities_queries.totals_of(
        membership, activities_queries.ActivityFilters(since=period.since, until=period.until)
    )
