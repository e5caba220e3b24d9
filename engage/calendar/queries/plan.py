"""Due dates of the plan, of tips and of what is to be read."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from engage.calendar.queries.asked import Asked
from engage.calendar.rules import AHEAD_DAYS, Kind, Line, Mark
from engage.checklist.models import Item
from engage.checklist.queries import OPEN as OPEN_ITEMS
from engage.checklist.rules import ItemState
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.database import along
from engage.extensions import db
from engage.plan.carried.queries import STILL_EARLIER, STILL_MEASURED_EARLIER
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.queries import of_group
from engage.plan.repeats import service as repeats_service
from engage.plan.rules import OPEN, ActionStatus, PlanStatus
from engage.toolkit.models import Reader, Section


def actions(asked: Asked) -> Iterator[Line]:
    rows: sa.Select[*tuple[Any, ...]] = (
        sa.select(
            Action.coalition_id,
            Action.id,
            Action.created_at,
            Action.version,
            Action.number,
            Action.title,
            Action.due_on,
            Action.status,
            Membership.name,
        )
        .join(Plan, along(Action.plan_id, Plan))
        .outerjoin(Goal, along(Action.goal_id, Goal))
        .outerjoin(Membership, along(Action.owner_id, Membership))
        .where(
            Action.coalition_id.in_(asked.coalitions),
            *asked.on_days(Action.due_on),
            Action.status.in_(OPEN) if asked.waiting else Action.status != ActionStatus.NO_LONGER_NEEDED,
            Plan.status != PlanStatus.CLOSED,
            sa.not_(STILL_EARLIER),
        )
        .order_by(Action.due_on, Action.id)
    )
    if asked.group_id is not None:
        rows = rows.where(of_group(asked.group_id))
    if asked.mine:
        rows = rows.where(Action.owner_id.in_(asked.me))
    for coalition_id, key, made, version, number, title, due_on, status, owner in db.session.execute(rows):
        yield Line(
            Kind.PLAN,
            coalition_id,
            f"engage-action-{coalition_id}-{key}-{made:%Y%m%dT%H%M%SZ}",
            version,
            title,
            due_on,
            "plan.action",
            {"number": number},
            who=owner or "" if asked.sees_all(coalition_id) else "",
            mark=Mark.DONE if status is ActionStatus.DONE else None,
            waits=True,
        )


def to_come(asked: Asked, today: date) -> Iterator[Line]:
    """Yields dates of what repeats; once an action is made for one, it takes its place."""
    until = min(today + timedelta(days=AHEAD_DAYS), asked.last or date.max)
    if asked.first is not None and asked.first > until:
        return
    whose: list[sa.ColumnElement[bool]] = [Action.coalition_id.in_(asked.coalitions)]
    if asked.group_id is not None:
        whose.append(of_group(asked.group_id))
    if asked.mine:
        whose.append(Action.owner_id.in_(asked.me))
    for each in repeats_service.to_come(until, *whose):
        if asked.first is None or each.on >= asked.first:
            yield Line(
                Kind.PLAN,
                each.coalition_id,
                f"engage-repeat-{each.coalition_id}-{each.repeat_id}-{each.on:%Y%m%d}",
                1,
                each.title,
                each.on,
                "plan.action",
                {"number": each.number},
            )


def objectives(asked: Asked) -> Iterator[Line]:
    """Yields due dates of objectives, which are nobody's own; a group's are those of its goals."""
    if asked.mine:
        return
    rows = (
        sa.select(Objective)
        .join(Goal, along(Objective.goal_id, Goal))
        .join(Plan, along(Goal.plan_id, Plan))
        .where(
            Objective.coalition_id.in_(asked.coalitions),
            *asked.on_days(Objective.due_on),
            Plan.status != PlanStatus.CLOSED,
            sa.not_(STILL_MEASURED_EARLIER),
        )
        .order_by(Objective.due_on, Objective.id)
    )
    if asked.group_id is not None:
        rows = rows.where(Goal.group_id == asked.group_id)
    for each in db.session.scalars(rows):
        assert each.due_on is not None
        yield Line(
            Kind.PLAN,
            each.coalition_id,
            f"engage-objective-{each.coalition_id}-{each.id}",
            each.version,
            each.title,
            each.due_on,
            "plan.objective",
            {"objective_id": each.id},
        )


def items(asked: Asked) -> Iterator[Line]:
    """Yields due dates of tips, which only who sees all reads item by item."""
    if asked.group_id is not None or not asked.inside:
        return
    states = OPEN_ITEMS if asked.waiting else (*OPEN_ITEMS, ItemState.DONE)
    rows = (
        sa.select(Item, Membership.name)
        .outerjoin(Membership, along(Item.owner_id, Membership))
        .where(Item.coalition_id.in_(asked.inside), Item.state.in_(states), *asked.on_days(Item.due_on))
        .order_by(Item.due_on, Item.id)
    )
    if asked.mine:
        rows = rows.where(Item.owner_id.in_(asked.me))
    stages = {place.coalition_id: place.coalition.stage for place in asked.places}
    known = {item.key: item for tip in content().tips for item in tip.items}
    for each, owner in db.session.execute(rows):
        if each.key in known and known[each.key].fits(stages[each.coalition_id]):
            assert each.due_on is not None
            yield Line(
                Kind.TASK,
                each.coalition_id,
                f"engage-item-{each.coalition_id}-{each.id}",
                each.version,
                known[each.key].text,
                each.due_on,
                "checklist.item",
                {"key": each.key},
                who=owner or "",
                mark=Mark.DONE if each.state is ItemState.DONE else None,
                waits=True,
            )


def reading(asked: Asked) -> Iterator[Line]:
    """Yields sections with a day: mine are those that I still have to read."""
    if asked.group_id is not None or not asked.inside:
        return
    days = (Section.coalition_id.in_(asked.inside), *asked.on_days(Section.due_on))
    if asked.mine:
        rows = (
            sa.select(Section, Reader.id)
            .join(Reader, along(Reader.section_id, Section))
            .where(Reader.reader_id.in_(asked.me), Reader.read_on.is_(None), *days)
        )
    else:
        rows = sa.select(Section, Section.id).where(*days)
    shipped = {each.key: each.name for each in content().sections}
    for each, key in db.session.execute(rows.order_by(Section.due_on, Section.id)):
        if each.title or each.key in shipped:
            assert each.due_on is not None
            yield Line(
                Kind.TASK,
                each.coalition_id,
                f"engage-reading-{each.coalition_id}-{key}",
                1,
                each.title or shipped[each.key],
                each.due_on,
                "toolkit.section",
                {"key": each.key},
            )
