"""Reads actions by their origin: needs, matches, decisions, indicators, agenda lines."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage.checklist.models import Item
from engage.coalitions.models import Membership
from engage.database import SelectedRow, along
from engage.extensions import db
from engage.plan.models import Action, ActionNote, Goal, GoalNeed, Plan
from engage.plan.rules import OPEN, ActionStatus, PlanStatus
from engage.strengths.models import Need


class ActionRef(Struct, frozen=True):
    """The short form of an action that other pages link to."""

    id: int
    number: int
    title: str
    status: ActionStatus


# -- for other features


def _refs(
    membership: Membership, key: str, of: str | None = None, value: int | None = None
) -> dict[Any, list[ActionRef]]:
    """Returns the actions whose column `key` is set, or whose column `of` equals `value`, by `key`."""
    fits = getattr(Action, key).is_not(None) if of is None else getattr(Action, of) == value
    rows = (
        sa.select(getattr(Action, key).label("its"), Action.id, Action.number, Action.title, Action.status)
        .where(Action.coalition_id == membership.coalition_id, fits)
        .order_by(Action.number)
    )
    found: dict[object, list[ActionRef]] = defaultdict(list)
    for row in db.session.execute(rows):
        found[row.its].append(ActionRef(row.id, row.number, row.title, row.status))
    return dict(found)


def _refs_of(membership: Membership, key: str, value: int) -> list[ActionRef]:
    return _refs(membership, key, key, value).get(value, [])


def actions_of_items(membership: Membership) -> dict[int, list[ActionRef]]:
    """Returns the actions that came from items of a tip, by the item's id."""
    return _refs(membership, "item_id")


# The statement is built once, because every tick runs it.
_OF_ITEM = (
    sa.select(Action.id, Action.number, Action.title, Action.status)
    .where(Action.coalition_id == sa.bindparam("coalition_id"), Action.item_id == sa.bindparam("item_id"))
    .order_by(Action.number)
)


def actions_of_item(membership: Membership, item: Item) -> Sequence[SelectedRow]:
    """Returns the actions that came from this item."""
    asked = {"coalition_id": membership.coalition_id, "item_id": item.id}
    return db.session.execute(_OF_ITEM, asked).all()


def actions_of_indicators(membership: Membership, round_id: int) -> dict[str, list[ActionRef]]:
    """Returns the actions that came from a round's indicators, by the indicator's key."""
    return _refs(membership, "indicator", "round_id", round_id)


def actions_of_need(membership: Membership, need_id: int) -> list[ActionRef]:
    """Returns the actions that answer this need."""
    return _refs_of(membership, "need_id", need_id)


def goals_of_need(membership: Membership, need_id: int) -> Sequence[SelectedRow]:
    """Returns the goals that answer this need."""
    rows = (
        sa.select(Goal.id, Goal.title, Goal.plan_id)
        .join(GoalNeed, along(GoalNeed.goal_id, Goal))
        .where(GoalNeed.coalition_id == membership.coalition_id, GoalNeed.need_id == need_id)
        .order_by(Goal.position, Goal.id)
    )
    return db.session.execute(rows).all()


def needs_in_draft(membership: Membership) -> set[int]:
    """Returns the ids of the needs that a goal of the draft answers."""
    rows = (
        sa.select(GoalNeed.need_id)
        .join(Goal, along(GoalNeed.goal_id, Goal))
        .join(Plan, along(Goal.plan_id, Plan))
        .where(Plan.coalition_id == membership.coalition_id, Plan.status == PlanStatus.DRAFT)
    )
    return set(db.session.scalars(rows))


def actions_of_matches(membership: Membership) -> dict[int, list[ActionRef]]:
    """Returns the actions that follow from matches, by the match's id."""
    return _refs(membership, "match_id")


def actions_with(membership: Membership, organization_id: int) -> list[ActionRef]:
    """Returns the actions in which this organization is the partner."""
    return _refs_of(membership, "organization_id", organization_id)


def actions_of_decisions(membership: Membership) -> dict[int, list[ActionRef]]:
    """Returns the actions that came from decisions, by the decision's id."""
    return _refs(membership, "decision_id")


def actions_of_agenda_items(membership: Membership) -> dict[int, list[ActionRef]]:
    """Returns the actions that came from agenda lines, by the line's id."""
    return _refs(membership, "agenda_item_id")


def plans_adopted_at(membership: Membership, meeting_id: int) -> list[tuple[int, str]]:
    """Returns the plans that a meeting adopted, as (id, title)."""
    rows = sa.select(Plan.id, Plan.title).where(
        Plan.coalition_id == membership.coalition_id, Plan.meeting_id == meeting_id
    )
    return [(key, title) for key, title in db.session.execute(rows.order_by(Plan.id))]


def actions_of_notes(membership: Membership, note_ids: Collection[int]) -> dict[int, ActionRef]:
    """Returns the actions that were made from these notes, by the note's id."""
    if not note_ids:
        return {}
    rows = (
        sa.select(ActionNote.note_id, Action.id, Action.number, Action.title, Action.status)
        .join(Action, along(ActionNote.action_id, Action))
        .where(ActionNote.coalition_id == membership.coalition_id, ActionNote.note_id.in_(note_ids))
    )
    return {
        note_id: ActionRef(key, number, title, status)
        for note_id, key, number, title, status in db.session.execute(rows)
    }


def actions_held_by(membership: Membership) -> list[ActionRef]:
    """Returns the open actions that this person leads in open plans, which are handed over when the person leaves."""
    open_plans = sa.select(Plan.id).where(
        Plan.coalition_id == membership.coalition_id, Plan.status != PlanStatus.CLOSED
    )
    rows = (
        sa.select(Action.id, Action.number, Action.title, Action.status)
        .where(Action.plan_id.in_(open_plans), Action.status.in_(OPEN), Action.owner_id == membership.id)
        .order_by(Action.number)
    )
    return [ActionRef(**row._mapping) for row in db.session.execute(rows)]


def indicators_worked_on(membership: Membership, round_id: int) -> set[str]:
    """Returns the indicators of a round on which an action works, or a goal or action through a need."""
    of_round = (Need.coalition_id == membership.coalition_id, Need.round_id == round_id)
    rows = sa.union(
        sa.select(Action.indicator).where(
            Action.coalition_id == membership.coalition_id, Action.round_id == round_id
        ),
        sa.select(Need.indicator).join(Action, along(Action.need_id, Need)).where(*of_round),
        sa.select(Need.indicator).join(GoalNeed, along(GoalNeed.need_id, Need)).where(*of_round),
    )
    return set(db.session.scalars(rows))
