"""Selects what the plan's list shows: its filters, its rows and its counts, each in one query."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage.assessment.models import Round
from engage.checklist.models import Item
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import SelectedRow, Selection, along
from engage.extensions import db
from engage.numbers import whole_number
from engage.partners.models import Organization
from engage.plan import queries
from engage.plan.models import Action, Goal, Objective
from engage.plan.repeats.models import Repeat
from engage.plan.rules import OPEN, ActionStatus, Rollup, rollup
from engage.web.lists import (
    ListFilters,
    enum_asked,
    flag_asked,
    key_asked,
    number_asked,
    text_asked,
)

PAGE_ROWS = 200
# A column of the board shows at most this many actions, and says how many there are.
COLUMN_ROWS = 50
# The filter on goals uses this value for actions without a goal.
LOOSE = 0
OPEN_STATE = "open"


class OverviewView(StrEnum):
    """The ways to show the same actions."""

    LIST = "list"
    BOARD = "board"
    TIMELINE = "timeline"


class ActionGrouping(StrEnum):
    """The ways to group the list and the timeline; only readers who may see people can group by owner."""

    GOAL = "goal"
    OWNER = "owner"
    PARTNER = "partner"
    MONTH = "month"


class ActionOrder(StrEnum):
    """The order within a group, or within a column of the board."""

    DUE = "due"
    NUMBER = "number"
    STATUS = "status"
    MOVED = "moved"


# These change how actions are shown, but not which.
_WAYS = {"view", "group", "sort"}


class ActionFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored. Empty filters mean everything."""

    mine: bool = flag_asked()
    late: bool = flag_asked()
    stuck: bool = flag_asked()
    state: str = key_asked(lambda: {OPEN_STATE, *ActionStatus})
    area: str = text_asked(40)
    text: str = text_asked()
    goal: int | None = number_asked(least=LOOSE)
    owner: int | None = number_asked()
    workgroup: int | None = number_asked()
    view: OverviewView = enum_asked(OverviewView, OverviewView.LIST)
    group: ActionGrouping = enum_asked(ActionGrouping, ActionGrouping.GOAL)
    sort: ActionOrder = enum_asked(ActionOrder, ActionOrder.DUE)

    def in_plan(self, plan_id: int) -> dict[str, Any]:
        """Returns the same filters with the plan's id."""
        return {"plan": plan_id, **self.args()}

    @property
    def are_narrow(self) -> bool:
        """Returns whether the filters leave anything out."""
        return bool(self.args().keys() - _WAYS)

    def everything(self) -> "ActionFilters":
        """Returns filters for all actions, shown in the same way."""
        return ActionFilters(view=self.view, group=self.group, sort=self.sort)


class PlanCounts(Struct, frozen=True):
    """Counts of a whole plan, whatever the filters show."""

    rollup: Rollup
    actions: int
    open: int
    late: int
    stuck: int
    mine: int


def _how_many(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.sum(sa.case((condition, 1), else_=0))


_ALL_OF_PLAN = (
    Action.coalition_id == sa.bindparam("coalition_id"),
    Action.plan_id == sa.bindparam("plan_id"),
)
# The statement is built once, because every change of a row runs it.
_COUNTS = (
    sa.select(
        Action.goal_id,
        Action.objective_id,
        Action.status,
        sa.func.count().label("actions"),
        _how_many(sa.and_(Action.status.in_(OPEN), Action.due_on < sa.bindparam("today"))).label("late"),
        _how_many(Action.owner_id == sa.bindparam("me")).label("mine"),
    )
    .where(*_ALL_OF_PLAN)
    .group_by(Action.goal_id, Action.objective_id, Action.status)
)


def counts_of(membership: Membership, plan_id: int, today: date) -> PlanCounts:
    """Counts progress at three levels and how many actions are late, stuck and mine, in one query."""
    asked = {"coalition_id": membership.coalition_id, "plan_id": plan_id, "today": today, "me": membership.id}
    rows = db.session.execute(_COUNTS, asked).all()
    return PlanCounts(
        rollup=rollup((row.goal_id, row.objective_id, row.status, row.actions) for row in rows),
        actions=sum(row.actions for row in rows),
        open=sum(row.actions for row in rows if row.status in OPEN),
        late=sum(row.late for row in rows),
        stuck=sum(row.actions for row in rows if row.status is ActionStatus.STUCK),
        mine=sum(row.mine for row in rows),
    )


def _conditions(
    membership: Membership, plan_id: int, filters: ActionFilters, today: date
) -> list[sa.ColumnElement[bool]]:
    sees_people = may(membership.role, Permission.SEE_ALL)
    found = [Action.coalition_id == membership.coalition_id, Action.plan_id == plan_id]
    if filters.mine and sees_people:
        found.append(Action.owner_id == membership.id)
    if filters.late:
        found += [Action.status.in_(OPEN), Action.due_on < today]
    if filters.stuck:
        found.append(Action.status == ActionStatus.STUCK)
    if filters.state:
        is_open = filters.state == OPEN_STATE
        found.append(Action.status.in_(OPEN) if is_open else Action.status == ActionStatus(filters.state))
    if filters.goal is not None:
        found.append(Action.goal_id == filters.goal if filters.goal else Action.goal_id.is_(None))
    if filters.owner is not None and sees_people:
        found.append(Action.owner_id == filters.owner)
    if filters.workgroup is not None and sees_people:
        found.append(queries.of_group(filters.workgroup))
    if filters.area:
        found.append(Goal.area == filters.area)
    if filters.text:
        found.append(_says(filters.text, in_details=sees_people))
    return found


def _says(text: str, *, in_details: bool) -> sa.ColumnElement[bool]:
    places: list[sa.ColumnElement[bool]] = [Action.title.icontains(text, autoescape=True)]
    if in_details:
        places.append(Action.details.icontains(text, autoescape=True))
    number = whole_number(text.removeprefix("#"))
    if number is not None:
        places.append(Action.number == number)
    return sa.or_(*places)


_SHOWN: tuple[Any, ...] = (
    Action.id,
    Action.number,
    Action.title,
    Action.status,
    Action.start_on,
    Action.due_on,
    Action.done_on,
    Action.version,
    Action.goal_id,
    Action.objective_id,
    Action.owner_id,
    Membership.name.label("owner"),
    Organization.name.label("organization"),
    Action.reason,
    Item.key.label("item"),
    Action.indicator,
    Round.title.label("round"),
    Repeat.unit,
    Repeat.every,
)


def _named(rows: Selection) -> Selection:
    """Joins the rows to which an action's keys refer."""
    return (
        rows.outerjoin(Goal, along(Action.goal_id, Goal))
        .outerjoin(Objective, along(Action.objective_id, Objective))
        .outerjoin(Membership, along(Action.owner_id, Membership))
        .outerjoin(Organization, along(Action.organization_id, Organization))
        .outerjoin(Item, along(Action.item_id, Item))
        .outerjoin(Round, along(Action.round_id, Round))
        .outerjoin(Repeat, sa.and_(along(Action.repeat_id, Repeat), Repeat.stopped_on.is_(None)))
    )


_GROUPED: dict[ActionGrouping, tuple[object, ...]] = {
    ActionGrouping.GOAL: (
        Goal.position.nulls_last(),
        Goal.id,
        Objective.position.nulls_last(),
        Objective.id,
    ),
    ActionGrouping.OWNER: (Membership.sort_key.nulls_last(), Membership.id),
    ActionGrouping.PARTNER: (Organization.sort_key.nulls_last(), Organization.id),
    # Rows are ordered by the day and not by the month, so that a month's actions are in the order of their
    # days.
    ActionGrouping.MONTH: (Action.due_on.nulls_last(),),
}
_STATUS_PLACE = sa.case(
    {status.value: place for place, status in enumerate(ActionStatus)}, value=Action.status
)
_SORTED: dict[ActionOrder, tuple[Any, ...]] = {
    ActionOrder.DUE: (Action.due_on.nulls_last(), Action.number),
    ActionOrder.NUMBER: (Action.number,),
    ActionOrder.STATUS: (_STATUS_PLACE, Action.due_on.nulls_last(), Action.number),
    ActionOrder.MOVED: (Action.moved_at.desc(), Action.number),
}
# A column shows the most relevant ones: for open actions the next due, for finished ones the latest.
_BOARD_DUE = (
    sa.case((Action.status.in_(OPEN), Action.due_on)).nulls_last(),
    Action.due_on.desc().nulls_last(),
    Action.number,
)


def _these(page: sa.Subquery, *columns: sa.ColumnElement[object]) -> Selection:
    """Selects columns of the found actions.

    They come first in the join, because PostgreSQL does not reorder so many.
    """
    rows = sa.select(*_SHOWN, *columns).select_from(page).join(Action, Action.id == page.c.id)
    return _named(rows)


def _rows(
    group: ActionGrouping, sort: ActionOrder, before: Any, most: int | None, *where: sa.ColumnElement[bool]
) -> Selection:
    # The page is selected first, so that of 5,000 actions only its 200 are read with their names.
    order = (*_GROUPED[group], *_SORTED[sort])
    # The limit is a literal number, because SQLite plans a statement with a bound limit again each time.
    limit: Any = sa.literal_column(str(most)) if most is not None else None
    found = _named(sa.select(Action.id)).where(*where).order_by(*order).limit(limit).offset(before)
    return _these(found.subquery()).order_by(*order)


# The statement is built once, because most pages show a whole plan and building takes longer than running it.
@lru_cache
def _page(group: ActionGrouping, sort: ActionOrder) -> Selection:
    return _rows(group, sort, sa.bindparam("before", type_=sa.Integer), PAGE_ROWS, *_ALL_OF_PLAN)


def rows_of(
    membership: Membership,
    plan_id: int,
    filters: ActionFilters,
    today: date,
    page: int = 1,
    most: int | None = PAGE_ROWS,
) -> Sequence[SelectedRow]:
    """Returns one page of the plan's actions by group (the first is by goal and objective) and in the chosen order.

    Actions in no group come last. A page has `most` rows; None puts all on one page.
    """
    if most == PAGE_ROWS and not filters.are_narrow:
        here = {"coalition_id": membership.coalition_id, "plan_id": plan_id, "before": (page - 1) * most}
        return db.session.execute(_page(filters.group, filters.sort), here).all()
    before = (page - 1) * most if most is not None else 0
    where = _conditions(membership, plan_id, filters, today)
    return db.session.execute(_rows(filters.group, filters.sort, before, most, *where)).all()


_ROW = _named(sa.select(*_SHOWN)).where(
    Action.coalition_id == sa.bindparam("coalition_id"), Action.id == sa.bindparam("key")
)


def row_of(action: Action) -> object:
    """Returns one action in the form of a row."""
    return db.session.execute(_ROW, {"coalition_id": action.coalition_id, "key": action.id}).one()


def board_rows_of(
    membership: Membership, plan_id: int, filters: ActionFilters, today: date
) -> Sequence[SelectedRow]:
    """Returns the first `COLUMN_ROWS` of each status in the chosen order, with `total`, the status's count."""
    if not filters.are_narrow:
        here = {"coalition_id": membership.coalition_id, "plan_id": plan_id}
        return db.session.execute(_whole_board(filters.sort), here).all()
    where = _conditions(membership, plan_id, filters, today)
    return db.session.execute(_board(filters.sort, *where)).all()


@lru_cache
def _whole_board(sort: ActionOrder) -> Selection:
    return _board(sort, *_ALL_OF_PLAN)


def _board(sort: ActionOrder, *where: sa.ColumnElement[bool]) -> Selection:
    here: Any = {"partition_by": Action.status}
    order = _BOARD_DUE if sort is ActionOrder.DUE else _SORTED[sort]
    ranked = (
        sa.select(
            Action.id,
            sa.func.row_number().over(order_by=order, **here).label("place"),
            sa.func.count().over(**here).label("total"),
        )
        .outerjoin(Goal, along(Action.goal_id, Goal))
        .where(*where)
        .subquery()
    )
    # The rank is computed once in a CTE; otherwise PostgreSQL would compute it again for each action.
    rows = _these(ranked, ranked.c.total).where(ranked.c.place <= COLUMN_ROWS)
    return rows.order_by(_STATUS_PLACE, ranked.c.place)


def how_many(membership: Membership, plan_id: int, filters: ActionFilters, today: date) -> int:
    """Returns the number of actions that match the filters."""
    rows = (
        sa.select(sa.func.count())
        .select_from(Action)
        .outerjoin(Goal, along(Action.goal_id, Goal))
        .where(*_conditions(membership, plan_id, filters, today))
    )
    return db.session.scalar(rows) or 0


def numbers_of(
    membership: Membership, plan_id: int, filters: ActionFilters, today: date, most: int
) -> list[int]:
    """Returns the numbers of the first `most` actions that match the filters."""
    rows = (
        sa.select(Action.number)
        .outerjoin(Goal, along(Action.goal_id, Goal))
        .where(*_conditions(membership, plan_id, filters, today))
        .order_by(Action.number)
        .limit(most)
    )
    return list(db.session.scalars(rows))
