"""Deletes actions, objectives and goals into the trash, lists it and empties it.

Everything that depends on them goes along.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from engage import clock, history, kept
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.service import lock
from engage.errors import WrongState
from engage.extensions import db
from engage.kept import KeptCopy, KeptEnd, KeptFor
from engage.plan import service
from engage.plan.actions import service as actions_service
from engage.plan.activities.models import Activity
from engage.plan.measures.models import Measure
from engage.plan.models import Action, Goal, Objective
from engage.plan.repeats import service as repeats_service
from engage.plan.undo.rules import What

ACTIONS, OBJECTIVES, GOALS, MEASURES = (model.__tablename__ for model in (Action, Objective, Goal, Measure))
NUMBERS = "numbers"
# A goal or an objective holds these (table, column). Rows that only describe another row go by CASCADE.
_PARTS = frozenset(
    {(OBJECTIVES, "goal_id"), (MEASURES, "objective_id"), (ACTIONS, "goal_id"), (ACTIONS, "objective_id")}
)
_ACTIVITIES = Activity.__tablename__
# SQLite takes at least this many values in a statement.
_AT_ONCE = 5000


# -- what hangs on a row


@dataclass(frozen=True, slots=True)
class Hanging:
    """A table whose `column` points at another. Its rows are deleted too, or, if `goes` is false, only unlinked."""

    table: sa.Table
    column: str
    goes: bool


@cache
def hanging_on(name: str) -> tuple[Hanging, ...]:
    """Returns every table that points at this one."""
    found = [
        Hanging(
            table,
            key.column_keys[-1],
            key.ondelete == "CASCADE" or (table.name, key.column_keys[-1]) in _PARTS,
        )
        for table in db.metadata.sorted_tables
        for key in sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
        if key.referred_table.name == name
    ]
    for each in found:
        assert each.goes or each.table.c[each.column].nullable, (
            f"{each.table.name}.{each.column} cannot let go"
        )
    return tuple(found)


@dataclass(slots=True)
class _Branch:
    """A row and all that depends on it: rows by table and id, and unlinked ones as (table, id, column, old value)."""

    rows: dict[str, dict[int, dict[str, Any]]] = field(default_factory=lambda: defaultdict(dict))
    loose: list[tuple[str, int, str, int]] = field(default_factory=list)

    def ids(self, table: str) -> list[int]:
        return sorted(self.rows[table]) if table in self.rows else []

    def numbers(self) -> list[int]:
        return sorted(row["number"] for row in self.rows.get(ACTIONS, {}).values())


def _branch(coalition_id: int, table: sa.Table, key: int) -> _Branch:
    """Reads a row and all that depends on it, level by level.

    Each level is locked until the commit before the next is read, so that nothing can be added in between.
    """
    found = _Branch()
    level = [(table, _read(found, coalition_id, table, table.c.id, [key]))]
    while level:
        here, ids = level.pop(0)
        for each in hanging_on(here.name) if ids else ():
            column = each.table.c[each.column]
            if each.goes:
                level.append((each.table, _read(found, coalition_id, each.table, column, ids)))
            else:
                rows = sa.select(each.table.c.id, column).where(
                    each.table.c.coalition_id == coalition_id, column.in_(ids)
                )
                found.loose += [
                    (each.table.name, row_id, each.column, was) for row_id, was in db.session.execute(rows)
                ]
    return found


def _read(
    found: _Branch, coalition_id: int, table: sa.Table, column: sa.Column[Any], ids: list[int]
) -> list[int]:
    rows = sa.select(table).where(table.c.coalition_id == coalition_id, column.in_(ids))
    known, fresh = found.rows[table.name], []
    for row in db.session.execute(rows.order_by(table.c.id).with_for_update()).mappings():
        if row["id"] not in known:
            known[row["id"]] = dict(row)
            fresh.append(row["id"])
    return fresh


# -- deleting


def delete_action(membership: Membership, action: Action) -> tuple[KeptCopy, Action | None]:
    """Moves the action to the trash with its updates. Raises WrongState.

    If it repeats, the next action is made all the same; stop the series first to avoid that.
    """
    lock(membership.coalition_id)
    service.claim_open(action.plan_id)
    if not actions_service.may_delete(membership, action):
        raise WrongState(
            _("Somebody else added this action or wrote how it goes. Ask a coordinator to delete it.")
        )
    following = repeats_service.follow(membership, action, clock.today(membership.coalition.time_zone))
    return _put(membership, action), following


def delete_objective(membership: Membership, objective: Objective) -> KeptCopy:
    """Moves the objective to the trash with its measures, their readings and its actions. Raises WrongState."""
    lock(membership.coalition_id)
    service.claim_open(db.session.get_one(Goal, objective.goal_id).plan_id)
    return _put(membership, objective)


def delete_goal(membership: Membership, goal: Goal) -> KeptCopy:
    """Moves the goal to the trash with everything under it. Raises WrongState."""
    lock(membership.coalition_id)
    service.claim_open(goal.plan_id)
    return _put(membership, goal)


def goes_along(coalition_id: int, thing: Goal | Objective) -> dict[str, int]:
    """Counts the objectives, measures and actions that are deleted with it, by table."""
    actions = Action.goal_id if isinstance(thing, Goal) else Action.objective_id
    of_goal = sa.select(Objective.id).where(Objective.goal_id == thing.id)
    objectives = of_goal if isinstance(thing, Goal) else sa.select(sa.literal(thing.id))
    counts = {
        OBJECTIVES: sa.select(sa.func.count()).select_from(of_goal.subquery()),
        MEASURES: sa.select(sa.func.count(Measure.id)).where(Measure.objective_id.in_(objectives)),
        ACTIONS: sa.select(sa.func.count(Action.id)).where(actions == thing.id),
    }
    if not isinstance(thing, Goal):
        del counts[OBJECTIVES]
    row = db.session.execute(sa.select(*(each.scalar_subquery() for each in counts.values()))).one()
    return dict(zip(counts, row, strict=True))


def _put(membership: Membership, thing: Action | Objective | Goal) -> KeptCopy:
    table = db.metadata.tables[thing.__tablename__]
    db.session.flush()
    found = _branch(membership.coalition_id, table, thing.id)
    if thing.id not in found.rows[table.name]:
        raise WrongState(_("Somebody else deleted it a moment ago."))
    numbers = found.numbers()
    let_go = _let_go(found)
    copy = kept.keep(
        membership.coalition_id,
        membership.id,
        KeptFor.TRASH,
        What.DELETED,
        [*_copied(found), *let_go],
        thing=table.name,
        thing_id=thing.id,
        number=max(numbers, default=None),
        title=thing.title,
        holds={name: found.ids(name) for name in (GOALS, OBJECTIVES, MEASURES, ACTIONS)} | {NUMBERS: numbers},
    )
    _note_deleted(membership, found)
    _erase(found)
    db.session.expunge(thing)
    return copy


def _copied(found: _Branch) -> list[dict[str, Any]]:
    """Returns the rows in the order in which they can be restored."""
    return [
        {"table": table.name, "id": key, "values": {name: kept.plain(value) for name, value in row.items()}}
        for table in db.metadata.sorted_tables
        for key, row in found.rows.get(table.name, {}).items()
    ]


def _let_go(found: _Branch) -> list[dict[str, Any]]:
    """Unlinks the rows that point at deleted ones; returns each with its old and new values.

    An activity of a deleted action stays with the action's goal, if that is not deleted too.
    """
    rows: list[dict[str, Any]] = []
    by_left: dict[tuple[str, tuple[tuple[str, Any], ...]], list[int]] = defaultdict(list)
    for table, key, column, was in found.loose:
        if key in found.rows.get(table, {}):
            continue
        put: dict[str, int | None] = {column: was}
        left: dict[str, int | None] = {column: None}
        if (table, column) == (_ACTIVITIES, "action_id"):
            goal = found.rows[ACTIONS][was]["goal_id"]
            put, left = (
                put | {"goal_id": None},
                left | {"goal_id": None if goal in found.rows[GOALS] else goal},
            )
        rows.append({"table": table, "id": key, "put": put, "left": left})
        by_left[table, tuple(left.items())].append(key)
    for (table, values), ids in by_left.items():
        target = db.metadata.tables[table]
        db.session.execute(sa.update(target).where(target.c.id.in_(ids)).values(dict(values)))
    return rows


def _note_deleted(membership: Membership, found: _Branch) -> None:
    for table in (GOALS, OBJECTIVES, MEASURES, ACTIONS):
        rows = found.rows.get(table, {})
        changes = [(key, "deleted", row.get("number"), None) for key, row in rows.items()]
        history.record_changes(membership.coalition_id, membership.id, table, changes)


def _erase(found: _Branch) -> None:
    for table in reversed(db.metadata.sorted_tables):
        ids = list(found.rows.get(table.name, ()))
        for start in range(0, len(ids), _AT_ONCE):
            db.session.execute(sa.delete(table).where(table.c.id.in_(ids[start : start + _AT_ONCE])))


# -- what is in it


def copies_for(membership: Membership) -> sa.Select[KeptCopy]:
    """Selects the trash as this person sees it: all of it for a coordinator, their own deletions for a member."""
    rows = kept.waiting(membership.coalition_id, KeptFor.TRASH)
    if membership.role is Role.COORDINATOR:
        return rows
    return rows.where(KeptCopy.made_by_id == membership.id, KeptCopy.thing == ACTIONS)


def last_of(membership: Membership) -> KeptCopy | None:
    """Returns what this person deleted last and can restore."""
    own = copies_for(membership).where(KeptCopy.made_by_id == membership.id)
    return db.session.scalars(own.limit(1)).first()


def copy_for(membership: Membership, copy_id: int) -> KeptCopy | None:
    """Returns a copy that this person may restore, even if its time is over."""
    copy = kept.copy_of(membership.coalition_id, copy_id)
    if copy is None or copy.kept_for is not KeptFor.TRASH:
        return None
    return copy if may_restore(membership, copy) else None


def may_restore(membership: Membership, copy: KeptCopy) -> bool:
    """Returns whether the person may restore it: a coordinator, or the deleter if their role still allows it."""
    if membership.role is Role.COORDINATOR:
        return True
    return copy.made_by_id == membership.id and copy.thing == ACTIONS


def holding(membership: Membership, name: str, key: int) -> KeptCopy | None:
    """Returns the copy that holds this row of the table `name`; with NUMBERS, `key` is the number of an action."""
    rows = db.session.scalars(kept.waiting(membership.coalition_id, KeptFor.TRASH))
    return next((copy for copy in rows if key in copy.holds.get(name, ())), None)


# -- emptying it


def delete_for_good(membership: Membership, copy: KeptCopy) -> bool:
    """Deletes the copy for good, so that neither it nor earlier changes to it can be restored.

    Returns False if someone else did so first.
    """
    rows = list(copy.rows or ())
    if not kept.end(copy, KeptEnd.DELETED):
        return False
    for table, ids in _ids_by_table(rows).items():
        kept.forget(copy.coalition_id, table, ids)
    audit_service.record_of(membership, AuditEvent.DELETED_FOR_GOOD, copy.thing, copy.thing_id)
    return True


def _ids_by_table(rows: Iterable[Mapping[str, Any]]) -> dict[str, Collection[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if "values" in row:
            found[row["table"]].add(row["id"])
    return dict(found)
