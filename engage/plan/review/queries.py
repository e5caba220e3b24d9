"""Computes the state of a plan at any time, from its current state and later changes in the history."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.database import Selection, along
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.changes.rules import KEPT, ActionState, as_it_was
from engage.plan.models import Action
from engage.plan.rules import Rollup, rollup


def _now(membership: Membership, plan_id: int) -> Selection:
    """Selects the actions that are in the plan, or were in it and now continue in another plan."""
    left = sa.select(HistoryEntry.thing_id).where(
        HistoryEntry.coalition_id == membership.coalition_id,
        HistoryEntry.thing == Action.__tablename__,
        HistoryEntry.field == "plan_id",
        HistoryEntry.old == str(plan_id),
    )
    return sa.select(
        Action.id, Action.plan_id, Action.goal_id, Action.status, Action.due_on, Action.created_at
    ).where(
        Action.coalition_id == membership.coalition_id, sa.or_(Action.plan_id == plan_id, Action.id.in_(left))
    )


def standings_at(
    membership: Membership, plan_id: int, moments: Iterable[datetime]
) -> list[dict[int, ActionState]]:
    """Returns, for each time, the plan's actions by id as they were just before it.

    It takes one query for each time and one more. Actions deleted since are missing, because history keeps
    only that they existed.
    """
    rows = db.session.execute(_now(membership, plan_id)).all()
    found = []
    for moment in moments:
        since = _changes_since(membership, moment)
        standings = {
            key: as_it_was(ActionState(plan, goal, status, due), since.get(key, {}))
            for key, plan, goal, status, due, created_at in rows
            if created_at < moment
        }
        found.append({key: each for key, each in standings.items() if each.plan_id == plan_id})
    return found


def _changes_since(membership: Membership, moment: datetime) -> dict[int, dict[str, str | None]]:
    """Returns, by action, the earlier value of each field that has changed since."""
    first = (
        sa.select(sa.func.min(HistoryEntry.id))
        # SQLite reuses the id of the last deleted row, so earlier changes belong to another action.
        .join(
            Action,
            sa.and_(along(HistoryEntry.thing_id, Action), HistoryEntry.happened_at >= Action.created_at),
        )
        .where(
            HistoryEntry.coalition_id == membership.coalition_id,
            HistoryEntry.thing == Action.__tablename__,
            HistoryEntry.field.in_(KEPT),
            HistoryEntry.happened_at >= moment,
        )
        .group_by(HistoryEntry.thing_id, HistoryEntry.field)
    )
    since = sa.select(HistoryEntry.thing_id, HistoryEntry.field, HistoryEntry.old).where(
        HistoryEntry.id.in_(first)
    )
    found: dict[int, dict[str, str | None]] = defaultdict(dict)
    for key, field, old in db.session.execute(since):
        found[key][field] = old
    return found


def progress_of(standings: Mapping[int, ActionState]) -> Rollup:
    """Returns the progress of the plan and of its goals."""
    return rollup((each.goal_id, None, each.status, 1) for each in standings.values())
