"""Builds the plan as its page shows it: goals with objectives and actions, in words."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.content.loader import content
from engage.database import SelectedRow
from engage.dates import day_text, long_day
from engage.i18n import gettext as _
from engage.plan import labels, queries
from engage.plan.labels import goal_heading
from engage.plan.measures import pages as measures_pages
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.pages import MeasureLine
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.overview import queries as overview_queries
from engage.plan.overview.lines import ActionLine, line_maker, wording
from engage.plan.overview.queries import PAGE_ROWS, ActionFilters, PlanCounts
from engage.plan.rules import PlanStatus, Progress, counting_day
from engage.web.lists import nearest_page


class ProgressPart(Struct, frozen=True):
    """Progress in words and as a bar; `id` identifies it on the page."""

    id: str
    words: str
    progress: Progress
    has_bar: bool = True


class ObjectivePart(Struct, frozen=True):
    id: int
    number: str
    title: str
    progress: ProgressPart
    measures: tuple[MeasureLine, ...]
    lines: Sequence[ActionLine]

    @property
    def is_finished(self) -> bool:
        """Returns whether everything under it is finished."""
        return 0 < self.progress.progress.total == self.progress.progress.done


class GoalPart(Struct, frozen=True):
    """A goal with its objectives; `lines` are actions under none of them."""

    id: int
    number: int
    title: str
    heading: str
    why: str
    progress: ProgressPart
    objectives: tuple[ObjectivePart, ...]
    lines: Sequence[ActionLine]
    is_first: bool
    is_last: bool


class LoosePart(Struct, frozen=True):
    """The actions that are not yet under a goal."""

    progress: ProgressPart
    lines: Sequence[ActionLine]


class PlanHead(Struct, frozen=True):
    """The plan as a whole: its counts, and what may be done in it."""

    plan: Plan
    counts: PlanCounts
    words: str
    # These say when it was adopted and closed; empty for a draft.
    dated: str
    # This says that the current plan's period is over; else it is empty.
    ended: str
    may_work: bool
    may_edit: bool


class Outline(Struct, frozen=True):
    standing: PlanHead
    goals: list[GoalPart]
    loose: LoosePart
    # These are all goals of the plan as (id, "Goal 1. title"), whatever the filters show.
    goal_choices: list[tuple[int, str]]
    shown: int
    page: int
    pages: int


def plan_head(membership: Membership, plan: Plan, today: date) -> PlanHead:
    """Reads the plan's counts in one query."""
    counts = overview_queries.counts_of(membership, plan.id, counting_day(plan.status, today))
    is_open = plan.status is not PlanStatus.CLOSED
    return PlanHead(
        plan=plan,
        counts=counts,
        words=_plan_words(plan, counts.rollup.plan),
        dated=_dated(plan),
        ended=_ended(plan, today),
        may_work=is_open and may(membership.role, Permission.WORK),
        may_edit=is_open and may(membership.role, Permission.EDIT_PLAN),
    )


def outline(
    membership: Membership, plan: Plan, today: date, filters: ActionFilters | None = None, page: int = 1
) -> Outline:
    """Builds the filtered page of the plan. The number of queries does not depend on the rows."""
    filters = filters or ActionFilters()
    whole_plan = plan_head(membership, plan, today)
    everything = not filters.are_narrow
    shown = (
        whole_plan.counts.actions
        if everything
        else overview_queries.how_many(membership, plan.id, filters, today)
    )
    page, pages = nearest_page(page, shown, PAGE_ROWS)
    rows = overview_queries.rows_of(membership, plan.id, filters, today, page)
    lines = _lines(membership, plan, rows, today)
    goals = queries.goals_of(membership, plan.id)
    # Goals without actions are on the last page of the unfiltered plan, and shown if one goal is chosen.
    only = everything or filters == filters.everything().with_(goal=filters.goal)
    with_empty = {goal.id for goal in goals if only and page == pages and filters.goal in {None, goal.id}}
    return Outline(
        standing=whole_plan,
        goals=_goals(goals, _measured(membership, plan, today), today, whole_plan.counts, lines, with_empty),
        loose=LoosePart(_loose_progress(whole_plan.counts), lines.get((None, None), ())),
        goal_choices=[(goal.id, goal_heading(n, goal.title)) for n, goal in enumerate(goals, 1)],
        shown=shown,
        page=page,
        pages=pages,
    )


def whole(membership: Membership, plan: Plan, today: date, *, with_actions: bool = True) -> Outline:
    """Builds the whole plan on one page for reports: every goal and objective, with or without actions."""
    stands = plan_head(membership, plan, today)
    rows = (
        overview_queries.rows_of(membership, plan.id, ActionFilters(), today, most=None)
        if with_actions
        else []
    )
    lines = _lines(membership, plan, rows, today)
    goals = queries.goals_of(membership, plan.id)
    measured = _measured(membership, plan, today)
    return Outline(
        standing=stands,
        goals=_goals(
            goals, measured, today, stands.counts, lines, {goal.id for goal in goals}, all_parts=True
        ),
        loose=LoosePart(_loose_progress(stands.counts), lines.get((None, None), ())),
        goal_choices=[],
        shown=stands.counts.actions,
        page=1,
        pages=1,
    )


Measured = tuple[Objective, list[MeasureLine]]


def _measured(membership: Membership, plan: Plan, today: date) -> list[Measured]:
    """Returns the plan's objectives with their measures, in two queries; in one if there is no objective."""
    objectives = queries.objectives_of(membership, plan.id)
    facts = measures_queries.measures_of_plan(membership, plan.id) if objectives else {}
    return [(each, measures_pages.lines(facts.get(each.id, ()), today)) for each in objectives]


def around(
    membership: Membership, plan: Plan, action: Action, today: date
) -> tuple[PlanHead, ActionLine, list[ProgressPart]]:
    """Returns one row, and the progress of everything in which it counts."""
    whole_plan = plan_head(membership, plan, today)
    line = line_maker(wording(membership, plan, today))(overview_queries.row_of(action))
    goal, objective = queries.goal_and_objective_of(action)
    progress = [
        _loose_progress(whole_plan.counts) if goal is None else _goal_progress(goal, whole_plan.counts)
    ]
    if objective is not None:
        progress.append(_objective_progress(objective, today, whole_plan.counts))
    return whole_plan, line, progress


def _plan_words(plan: Plan, progress: Progress) -> str:
    parts = [labels.counts_sentence(progress)]
    if plan.status is PlanStatus.DRAFT:
        parts.append(_("A draft, not adopted yet."))
    return " ".join(parts)


def _ended(plan: Plan, today: date) -> str:
    if plan.status is not PlanStatus.ADOPTED or plan.ends_on is None or plan.ends_on >= today:
        return ""
    return _("The time set for this plan ended on %(day)s.", day=long_day(plan.ends_on))


def _dated(plan: Plan) -> str:
    parts = []
    if plan.adopted_on is not None:
        parts.append(_("Adopted %(day)s.", day=long_day(plan.adopted_on)))
    if plan.closed_on is not None:
        parts.append(_("Closed %(day)s.", day=long_day(plan.closed_on)))
    return " ".join(parts)


def _loose_progress(counts: PlanCounts) -> ProgressPart:
    progress = counts.rollup.loose
    return ProgressPart("plan-loose-progress", labels.done_of(progress), progress, has_bar=False)


def _goal_progress(goal: Goal, counts: PlanCounts) -> ProgressPart:
    progress = counts.rollup.goal(goal.id)
    parts = [area_name(goal.area), labels.done_of(progress)]
    said = " · ".join(part for part in parts if part)
    return ProgressPart(f"plan-goal-{goal.id}-progress", said, progress)


def _objective_progress(objective: Objective, today: date, counts: PlanCounts) -> ProgressPart:
    progress = counts.rollup.objective(objective.id)
    by = "" if objective.due_on is None else _("by %(day)s", day=day_text(objective.due_on, today))
    said = " · ".join(part for part in (objective.measure, by, labels.done_of(progress)) if part)
    return ProgressPart(f"plan-objective-{objective.id}-progress", said, progress, has_bar=False)


Place = tuple[int | None, int | None]


def _lines(
    membership: Membership, plan: Plan, rows: Sequence[SelectedRow], today: date
) -> dict[Place, list[ActionLine]]:
    line = line_maker(wording(membership, plan, today))
    found: dict[Place, list[ActionLine]] = defaultdict(list)
    for row in rows:
        found[row.goal_id, row.objective_id].append(line(row))
    return found


def _goals(
    goals: list[Goal],
    objectives: list[Measured],
    today: date,
    counts: PlanCounts,
    lines: dict[Place, list[ActionLine]],
    with_empty: set[int],
    *,
    all_parts: bool = False,
) -> list[GoalPart]:
    """Returns goals that have lines, and empty goals in `with_empty`.

    `all_parts` includes objectives without lines.
    """
    of_goal: dict[int, list[Measured]] = defaultdict(list)
    for measured in objectives:
        of_goal[measured[0].goal_id].append(measured)
    found = []
    for number, goal in enumerate(goals, 1):
        parts = [
            part
            for position, (each, own_measures) in enumerate(of_goal[goal.id], 1)
            if (part := _objective(each, own_measures, f"{number}.{position}", today, counts, lines)).lines
            or all_parts
            or (goal.id in with_empty and not counts.rollup.objective(each.id).all)
        ]
        own = lines.get((goal.id, None), ())
        if own or parts or all_parts or (goal.id in with_empty and not counts.rollup.goal(goal.id).all):
            found.append(
                GoalPart(
                    id=goal.id,
                    number=number,
                    title=goal.title,
                    heading=goal_heading(number, goal.title),
                    why=goal.why,
                    progress=_goal_progress(goal, counts),
                    objectives=tuple(parts),
                    lines=own,
                    is_first=number == 1,
                    is_last=number == len(goals),
                )
            )
    return found


def _objective(
    objective: Objective,
    measured: list[MeasureLine],
    number: str,
    today: date,
    counts: PlanCounts,
    lines: dict[Place, list[ActionLine]],
) -> ObjectivePart:
    return ObjectivePart(
        id=objective.id,
        number=number,
        title=objective.title,
        progress=_objective_progress(objective, today, counts),
        measures=tuple(measured),
        lines=lines.get((objective.goal_id, objective.id), ()),
    )


def area_name(key: str) -> str:
    """Returns a focus area's name; empty if the goal has none or the content no longer knows it."""
    try:
        return content().area(key).name
    except KeyError:
        return ""
