"""Changes several actions at once: reads the chosen ones, and writes all changes or none."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from msgspec import Struct

from engage import clock, history, versions
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.database import SelectedRow, along
from engage.errors import StaleVersion
from engage.extensions import db
from engage.plan import service
from engage.plan.bulk.rules import NOTED, BulkChange, Effect, Effects
from engage.plan.models import Action, Goal, Objective
from engage.plan.repeats import service as repeats_service
from engage.plan.rules import OPEN
from engage.plan.undo.rules import UndoChange, What
from engage.plan.undo.service import steps
from engage.snapshots import Snapshot

# These columns of each action are written; the others stay.
_COLUMNS = ("status", "reason", "done_on", "owner_id", "due_on", "goal_id", "objective_id", "moved_at")


class Overtaken(StaleVersion):
    """Some of the actions were changed or removed after the person saw them; `numbers` says which."""

    def __init__(self, numbers: Collection[int]) -> None:
        super().__init__(numbers)
        self.numbers = sorted(numbers)


class Blocked(Exception):
    """Some of the actions may not be changed this way; `effects` says which, and why."""

    def __init__(self, effects: Effects) -> None:
        super().__init__(effects)
        self.effects = effects


class Applied(Struct, frozen=True):
    """The changed actions, the next actions of those that repeat, and the copy that undoes it all."""

    changed: list[Effect]
    following: list[Action]
    step: Snapshot | None


def chosen_actions(membership: Membership, plan_id: int, numbers: Collection[int]) -> Sequence[SelectedRow]:
    """Returns the plan's actions with these numbers, with the names shown on screen, in one query."""
    return _rows(membership, plan_id, numbers, lock=False)


def _rows(
    membership: Membership, plan_id: int, numbers: Collection[int], *, lock: bool
) -> Sequence[SelectedRow]:
    rows = (
        sa.select(
            *(
                Action.__table__.c[name]
                for name in ("id", "number", "title", "start_on", "version", *_COLUMNS)
            ),
            Membership.name.label("owner"),
            Goal.title.label("goal"),
            Objective.title.label("objective"),
        )
        .select_from(Action)
        .outerjoin(Goal, along(Action.goal_id, Goal))
        .outerjoin(Objective, along(Action.objective_id, Objective))
        .outerjoin(Membership, along(Action.owner_id, Membership))
        .where(
            Action.coalition_id == membership.coalition_id,
            Action.plan_id == plan_id,
            Action.number.in_(sorted(numbers)),
        )
        # The order is always the same, so that two changes of the same actions wait for each other instead of
        # deadlocking.
        .order_by(Action.number)
    )
    return db.session.execute(rows.with_for_update(of=Action) if lock else rows).all()


def apply(
    membership: Membership, plan_id: int, seen: Mapping[int, int], wanted: BulkChange, today: date
) -> Applied:
    """Changes the actions with these numbers and versions.

    The number of statements depends only on how many of them repeat and are now finished. Raises WrongState
    if the plan is closed. Raises Overtaken if one has changed since, and Blocked if a rule forbids it; in
    both cases nothing is written.
    """
    lock(membership.coalition_id)
    service.claim_open(plan_id)
    rows = _rows(membership, plan_id, seen, lock=True)
    as_seen = {row.number for row in rows if row.version == seen[row.number]}
    if len(as_seen) != len(seen):
        raise Overtaken(seen.keys() - as_seen)
    effects = Effects.of(rows, wanted, today)
    if effects.asking or effects.before_start:
        raise Blocked(effects)
    step = None
    if changing := effects.changing:
        now = clock.now()
        _write(changing, now)
        _note(membership, changing)
        step = _keep(membership, changing, now)
    closed = [
        each.action.id for each in changing if "status" in each.changes and each.changes["status"] not in OPEN
    ]
    return Applied(changing, repeats_service.follow_all(membership, closed, today), step)


def _write(changing: list[Effect], now: datetime) -> None:
    rows = [
        (
            each.action.id,
            each.action.version,
            {name: each.changes.get(name, getattr(each.action, name)) for name in _COLUMNS}
            | {"moved_at": now},
        )
        for each in changing
    ]
    # The rows are locked; comparing the versions is a safeguard for a database that does not lock.
    try:
        versions.claim_all(Action, rows)
    except StaleVersion:
        db.session.rollback()
        raise Overtaken([each.action.number for each in changing]) from None


def _keep(membership: Membership, changing: list[Effect], now: datetime) -> Snapshot | None:
    """Saves a copy with which one press undoes the whole change."""
    changes = (
        UndoChange(
            id=each.action.id,
            version=each.action.version + 1,
            before={name: getattr(each.action, name) for name in (*each.changes, "moved_at")},
            after={**each.changes, "moved_at": now},
        )
        for each in changing
    )
    return steps.record_changes(membership, What.SEVERAL, Action, changes)


def _note(membership: Membership, changing: list[Effect]) -> None:
    history.record_changes(
        membership.coalition_id,
        membership.id,
        Action.__tablename__,
        [
            (each.action.id, name, getattr(each.action, name), each.changes[name])
            for each in changing
            for name in NOTED
            if name in each.changes
        ],
    )
