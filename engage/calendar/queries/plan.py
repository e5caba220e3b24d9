"""Reads due dates of the plan, of tips and of reading."""

from collections.abc import Iterator
from datetime import date, timedelta

import sqlalchemy as sa

from engage.calendar.queries.asked import Asked
from engage.calendar.rules import AHEAD_DAYS, CalendarLine, CalendarMark, LineKind
from engage.checklist.models import Item
from engage.checklist.queries import OPEN as OPEN_ITEMS
from engage.checklist.rules import ItemState
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.database import Selection, along
from engage.extensions import db
from engage.plan.carryover.queries import STILL_EARLIER, STILL_MEASURED_EARLIER
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.queries import of_group
from engage.plan.repeats import service as repeats_service
from engage.plan.rules import OPEN, ActionStatus, PlanStatus
from engage.toolkit.models import Reader, Section


def _whose(asked: Asked) -> list[sa.ColumnElement[bool]]:
    return [
        Action.coalition_id.in_(asked.coalitions),
        *([of_group(asked.group_id)] if asked.group_id is not None else []),
        *([Action.owner_id.in_(asked.me)] if asked.mine else []),
    ]


def actions(asked: Asked) -> Iterator[CalendarLine]:
    rows: Selection = (
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
            *_whose(asked),
            asked.on_days(Action.due_on),
            Action.status.in_(OPEN) if asked.waiting else Action.status != ActionStatus.NO_LONGER_NEEDED,
            Plan.status != PlanStatus.CLOSED,
            sa.not_(STILL_EARLIER),
        )
        .order_by(Action.due_on, Action.id)
    )
    for coalition_id, key, made, version, number, title, due_on, status, owner in db.session.execute(rows):
        yield CalendarLine(
            LineKind.PLAN,
            coalition_id,
            f"engage-action-{coalition_id}-{key}-{made:%Y%m%dT%H%M%SZ}",
            version,
            title,
            due_on,
            "plan.action",
            {"number": number},
            who=owner or "" if asked.sees_all(coalition_id) else "",
            mark=CalendarMark.DONE if status is ActionStatus.DONE else None,
            waits=True,
        )


def to_come(asked: Asked, today: date) -> Iterator[CalendarLine]:
    """Yields future dates of repeating actions that have no action yet; an action made for a date replaces it.

    A past date for which no action was made, because too many actions of the series are open, is left out.
    """
    first, until = max(asked.first, today), min(today + timedelta(days=AHEAD_DAYS), asked.last)
    if first > until:
        return
    for each in repeats_service.to_come(until, *_whose(asked)):
        if each.on >= first:
            yield CalendarLine(
                LineKind.PLAN,
                each.coalition_id,
                f"engage-repeat-{each.coalition_id}-{each.repeat_id}-{each.on:%Y%m%d}",
                1,
                each.title,
                each.on,
                "plan.action",
                {"number": each.number},
            )


def objectives(asked: Asked) -> Iterator[CalendarLine]:
    """Yields due dates of objectives, which have no owner; the filter for a group keeps those of its goals."""
    if asked.mine:
        return
    rows = (
        sa.select(Objective)
        .join(Goal, along(Objective.goal_id, Goal))
        .join(Plan, along(Goal.plan_id, Plan))
        .where(
            Objective.coalition_id.in_(asked.coalitions),
            asked.on_days(Objective.due_on),
            Plan.status != PlanStatus.CLOSED,
            sa.not_(STILL_MEASURED_EARLIER),
        )
        .order_by(Objective.due_on, Objective.id)
    )
    if asked.group_id is not None:
        rows = rows.where(Goal.group_id == asked.group_id)
    for each in db.session.scalars(rows):
        assert each.due_on is not None
        yield CalendarLine(
            LineKind.PLAN,
            each.coalition_id,
            f"engage-objective-{each.coalition_id}-{each.id}",
            each.version,
            each.title,
            each.due_on,
            "plan.objective",
            {"objective_id": each.id},
        )


def items(asked: Asked) -> Iterator[CalendarLine]:
    """Yields due dates of tips' items; only people who see everything may read them one by one."""
    if asked.group_id is not None or not asked.inside:
        return
    stages = {place.coalition_id: place.coalition.stage for place in asked.places}
    known = {item.key: item for tip in content().tips for item in tip.items}
    states = OPEN_ITEMS if asked.waiting else (*OPEN_ITEMS, ItemState.DONE)
    rows = (
        sa.select(Item, Membership.name)
        .outerjoin(Membership, along(Item.owner_id, Membership))
        .where(Item.coalition_id.in_(asked.inside), Item.state.in_(states), asked.on_days(Item.due_on))
        .order_by(Item.due_on, Item.id)
    )
    if asked.mine:
        rows = rows.where(Item.owner_id.in_(asked.me))
    for each, owner in db.session.execute(rows):
        if each.key in known and known[each.key].fits(stages[each.coalition_id]):
            assert each.due_on is not None
            yield CalendarLine(
                LineKind.TASK,
                each.coalition_id,
                f"engage-item-{each.coalition_id}-{each.id}",
                each.version,
                known[each.key].text,
                each.due_on,
                "checklist.item",
                {"key": each.key},
                who=owner or "",
                mark=CalendarMark.DONE if each.state is ItemState.DONE else None,
                waits=True,
            )


def reading(asked: Asked) -> Iterator[CalendarLine]:
    """Yields sections of the reading list with a due day; "mine" are those that the person still has to read."""
    if asked.group_id is not None or not asked.inside:
        return
    shipped = {each.key: each.name for each in content().sections}
    rows = (
        sa.select(Section, Reader.id if asked.mine else Section.id)
        .where(Section.coalition_id.in_(asked.inside), asked.on_days(Section.due_on))
        .order_by(Section.due_on, Section.id)
    )
    if asked.mine:
        unread = Reader.reader_id.in_(asked.me), Reader.read_on.is_(None)
        rows = rows.join(Reader, along(Reader.section_id, Section)).where(*unread)
    for each, key in db.session.execute(rows):
        if each.title or each.key in shipped:
            assert each.due_on is not None
            yield CalendarLine(
                LineKind.TASK,
                each.coalition_id,
                f"engage-reading-{each.coalition_id}-{key}",
                1,
                each.title or shipped[each.key],
                each.due_on,
                "toolkit.section",
                {"key": each.key},
            )
