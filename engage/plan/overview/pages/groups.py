"""Groups a page of the plan's actions by goal, owner, partner or month, in the chosen order."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any

from msgspec import Struct

from engage.coalitions.models import Membership
from engage.database import SelectedRow
from engage.dates import in_parts
from engage.i18n import gettext as _
from engage.plan import queries
from engage.plan.labels import goal_heading
from engage.plan.models import Plan
from engage.plan.overview import queries as overview_queries
from engage.plan.overview.lines import ActionLine, line_maker, wording
from engage.plan.overview.pages.outline import PlanHead, plan_head
from engage.plan.overview.queries import PAGE_ROWS, ActionFilters, ActionGrouping
from engage.web.lists import nearest_page


class ActionGroup(Struct, frozen=True):
    """One group's rows of `overview.queries`, also as lines."""

    id: str
    heading: str
    rows: list[SelectedRow]
    lines: list[ActionLine]


class Groups(Struct, frozen=True):
    """A page of groups. `goal_choices` are all goals of the plan, whatever the filters show."""

    standing: PlanHead
    groups: list[ActionGroup]
    goal_choices: list[tuple[int, str]]
    shown: int
    page: int
    pages: int


def groups(membership: Membership, plan: Plan, today: date, filters: ActionFilters, page: int) -> Groups:
    """Groups one page of actions. The number of queries does not depend on the rows."""
    whole = plan_head(membership, plan, today)
    narrow = filters.are_narrow
    shown = overview_queries.how_many(membership, plan.id, filters, today) if narrow else whole.counts.actions
    page, pages = nearest_page(page, shown, PAGE_ROWS)
    rows = overview_queries.rows_of(membership, plan.id, filters, today, page)
    choices = goal_choices(membership, plan)
    return Groups(
        standing=whole,
        groups=_put_together(membership, plan, rows, filters.group, dict(choices), today),
        goal_choices=choices,
        shown=shown,
        page=page,
        pages=pages,
    )


def goal_choices(membership: Membership, plan: Plan) -> list[tuple[int, str]]:
    """Returns all goals of the plan as (id, "Goal 1. title")."""
    goals = queries.goals_of(membership, plan.id)
    return [(goal.id, goal_heading(number, goal.title)) for number, goal in enumerate(goals, 1)]


def _put_together(
    membership: Membership,
    plan: Plan,
    rows: Sequence[SelectedRow],
    group: ActionGrouping,
    goals: dict[int, str],
    today: date,
) -> list[ActionGroup]:
    as_line = line_maker(wording(membership, plan, today))
    together = [(key, list(found)) for key, found in groupby(rows, lambda row: _key(row, group))]
    return [
        ActionGroup(
            f"plan-group-{place}", _heading(key, group, goals), found, [as_line(row) for row in found]
        )
        for place, (key, found) in enumerate(together, 1)
    ]


def _key(row: SelectedRow, group: ActionGrouping) -> object:
    """Returns the value that the rows of a group share; None for rows in no group."""
    match group:
        case ActionGrouping.GOAL:
            return row.goal_id
        case ActionGrouping.OWNER:
            return row.owner_id and (row.owner_id, row.owner)
        case ActionGrouping.PARTNER:
            return row.organization
        case ActionGrouping.MONTH:
            return row.due_on and row.due_on.replace(day=1)


def _heading(key: Any, group: ActionGrouping, goals: dict[int, str]) -> str:
    match group:
        case ActionGrouping.GOAL:
            return goals[key] if key is not None else _("Not yet under a goal")
        case ActionGrouping.OWNER:
            return key[1] if key else _("No one leads it yet")
        case ActionGrouping.PARTNER:
            return key or _("Without a partner organization")
        case ActionGrouping.MONTH:
            return in_parts(key, "yMMMM") if key else _("Without a date")
