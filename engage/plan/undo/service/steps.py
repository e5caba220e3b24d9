"""Undoes a recent change.

A step is recorded with its change, and can be undone as long as no one has changed the rows since. `trash`
handles deletions.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, field

from engage import history, snapshots
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.service import lock
from engage.coalitions.trash import queries as trash_queries
from engage.database import Selection, along
from engage.errors import WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.i18n import gettext as _
from engage.plan import action_history, queries
from engage.plan.actions import service as actions_service
from engage.plan.goals import service as goals_service
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.rules import OPEN, PlanStatus
from engage.plan.undo.rules import SILENT, Obstacle, UndoChange, What, difference, obstacle
from engage.snapshots import Snapshot, SnapshotEnd, SnapshotFor
from engage.strengths.models import Need

Row = Action | Goal | Objective

_MODELS: dict[str, type[Row]] = {model.__tablename__: model for model in (Action, Goal, Objective)}
# Helpers and needs are rows of other tables, which a person edits together with the action or goal.
HELPERS, NEEDS = "helpers", "needs"
_FIXED = frozenset({"id", "coalition_id", "number", "created_at", "created_by_id"})


# -- recording a step


class Before(Struct, frozen=True):
    """A row and its values before a change."""

    row: Row
    values: dict[str, object]
    links: bool


def before(rows: Iterable[Row], *, links: bool = False) -> list[Before]:
    """Reads the current values of rows; call it before they change.

    `links` adds helpers or needs, with one query for each row.
    """
    return [Before(row, _values(row, links=links), links) for row in rows]


@cache
def _columns(model: type[Row]) -> tuple[str, ...]:
    return tuple(column.key for column in _table(model).columns if column.key not in _FIXED)


def _values(row: Row, *, links: bool) -> dict[str, object]:
    loaded = row.__dict__  # reading attributes through SQLAlchemy would be as slow as the rest
    values = {name: loaded[name] if name in loaded else getattr(row, name) for name in _columns(type(row))}
    if links and isinstance(row, Action):
        values[HELPERS] = sorted(key for key, _name in action_history.helpers_of(row))
    if links and isinstance(row, Goal):
        values[NEEDS] = sorted(queries.needs_of_goal(row))
    return values


def record(membership: Membership, what: What, taken: Sequence[Before]) -> Snapshot | None:
    """Records a step, after the changes and before the commit. Returns None if no row has changed."""
    changes: dict[type[Row], list[UndoChange]] = defaultdict(list)
    for each in taken:
        now = _values(each.row, links=each.links)
        if (change := difference(each.row.id, each.row.version, each.values, now)) is not None:
            changes[type(each.row)].append(change)
    rows = [row for model, found in changes.items() for row in _kept_rows(model, found)]
    numbers = [each.row.number for each in taken if isinstance(each.row, Action)]
    return _keep(membership, what, rows, numbers[0] if len(numbers) == 1 else None)


def record_changes(
    membership: Membership, what: What, model: type[Row], changes: Iterable[UndoChange]
) -> Snapshot | None:
    """Records a step for rows that were changed without being loaded."""
    return _keep(membership, what, _kept_rows(model, changes), None)


def _kept_rows(model: type[Row], changes: Iterable[UndoChange]) -> list[dict[str, object]]:
    return [
        {
            "table": model.__tablename__,
            "id": each.id,
            "version": each.version,
            "before": {name: snapshots.plain(value) for name, value in each.before.items()},
            "after": {name: snapshots.plain(value) for name, value in each.after.items()},
        }
        for each in changes
    ]


def _keep(
    membership: Membership, what: What, rows: list[dict[str, Any]], number: int | None
) -> Snapshot | None:
    if not rows:
        return None
    first = rows[0]
    return snapshots.keep(
        membership.coalition_id,
        membership.id,
        SnapshotFor.UNDO,
        what,
        rows,
        thing=first["table"],
        thing_id=first["id"],
        number=number,
    )


# -- who may undo a step


def step_of(membership: Membership, copy_id: int) -> Snapshot | None:
    """Returns the step if this person did it or is a coordinator, even if it has ended."""
    copy = snapshots.copy_of(membership.coalition_id, copy_id)
    return (
        copy
        if copy is not None and copy.kept_for is SnapshotFor.UNDO and is_theirs(membership, copy)
        else None
    )


def is_theirs(membership: Membership, copy: Snapshot) -> bool:
    """Returns whether the person may undo a step: coordinators any, authors while their role allows it."""
    if membership.role is Role.COORDINATOR:
        return True
    return copy.made_by_id == membership.id and copy.thing == Action.__tablename__


def last_step(membership: Membership) -> Snapshot | None:
    """Returns this person's latest step that they can undo."""
    rows = snapshots.waiting(membership.coalition_id, SnapshotFor.UNDO).where(
        Snapshot.made_by_id == membership.id
    )
    found = db.session.scalars(rows.limit(1)).first()
    return found if found is not None and is_theirs(membership, found) else None


# -- reading a step


class FoundStep(Struct, frozen=True):
    """A row of a step: its current state (None if deleted), what the step did, and what prevents undoing it."""

    table: str
    row: Row | None
    change: UndoChange
    obstacle: Obstacle | None


class UndoStep(Struct, frozen=True):
    """A step as it could be undone now."""

    copy: Snapshot
    found: list[FoundStep]

    @property
    def free(self) -> list[FoundStep]:
        return [each for each in self.found if each.obstacle is None]

    @property
    def blocked(self) -> list[FoundStep]:
        return [each for each in self.found if each.obstacle is not None]


class NotAsItWas(Exception):
    """Some rows have changed since the step, so nothing was undone."""

    def __init__(self, step: UndoStep) -> None:
        super().__init__()
        self.step = step


def look(copy: Snapshot) -> UndoStep:
    """Reads the step with the current state of its rows, to show it."""
    return UndoStep(copy, list(_found(copy, list(copy.rows or ()), locks=False)))


def _found(copy: Snapshot, rows: list[dict[str, Any]], *, locks: bool) -> Iterator[FoundStep]:
    for table, model in _MODELS.items():
        own = [row for row in rows if row["table"] == table]
        if not own:
            continue
        live, is_open = _live(copy.coalition_id, model, [row["id"] for row in own], locks=locks)
        for other in _another(copy, table, list(live)):
            del live[other]
        changes = [_change(model, row) for row in own]
        gone = trash_queries.gone(copy.coalition_id, _table(model), [each.before for each in changes])
        for change in changes:
            row = live.get(change.id)
            version = row.version if row is not None else None
            stops = obstacle(change, version, plan_is_open=row is not None and is_open[row.id])
            if stops is None and any(change.before.get(name) in ids for name, ids in gone.items()):
                stops = Obstacle.PLACE_GONE
            yield FoundStep(table, row, change, stops)


def _another(copy: Snapshot, table: str, ids: list[int]) -> set[int]:
    """Returns the ids that another row has now, since SQLite reuses the ids of deleted rows."""
    rows = sa.select(HistoryEntry.thing_id, HistoryEntry.field).where(
        HistoryEntry.coalition_id == copy.coalition_id,
        HistoryEntry.thing == table,
        HistoryEntry.thing_id.in_(ids),
        HistoryEntry.field.in_(["deleted", "restored"]),
        HistoryEntry.happened_at >= copy.made_at,
    )
    last = dict(db.session.execute(rows.order_by(HistoryEntry.id)).all())
    return {key for key, what in last.items() if what == "deleted"}


def _change(model: type[Row], row: dict[str, Any]) -> UndoChange:
    return UndoChange(row["id"], row["version"], _read(model, row["before"]), _read(model, row["after"]))


def _table(model: Any) -> sa.Table:
    return db.metadata.tables[model.__tablename__]


def _read(model: type[Row], values: dict[str, object]) -> dict[str, object]:
    links = {name: values[name] for name in (HELPERS, NEEDS) if name in values}
    return snapshots.restored_values(_table(model), values) | links


def _live(
    coalition_id: int, model: Any, ids: list[int], *, locks: bool
) -> tuple[dict[int, Row], dict[int, bool]]:
    """Returns the rows by id, and whether the plan of each is open.

    `locks` prevents changes until the commit.
    """
    query = sa.select(model).where(model.coalition_id == coalition_id, model.id.in_(ids))
    plan_ids = {row.id: plan for row, plan in db.session.execute(_with_plan(query, model))}
    plans = sa.select(Plan.id, Plan.status).where(Plan.id.in_(set(plan_ids.values())))
    states = dict(db.session.execute(plans.with_for_update(read=True) if locks else plans).all())
    if locks:
        query = query.with_for_update().execution_options(populate_existing=True)
    rows = {row.id: row for row in db.session.scalars(query)}
    return rows, {key: states[plan] is not PlanStatus.CLOSED for key, plan in plan_ids.items()}


def _with_plan(query: Selection, model: Any) -> Selection:
    if model is Objective:
        return query.join(Goal, along(Objective.goal_id, Goal)).add_columns(Goal.plan_id)
    return query.add_columns(model.plan_id)


# -- undoing a step


class Taken(Struct):
    """The result of an undo: how many rows were undone or left alone, and owners who did not get actions back."""

    rows: list[Row] = field(default_factory=list)
    left: int = 0
    without: list[str] = field(default_factory=list)


def take_back(membership: Membership, copy: Snapshot, *, rest: bool = False) -> Taken:
    """Restores the earlier values of all rows or none; with `rest`, only of rows that have not changed since.

    Raises WrongState if the step was undone already, and NotAsItWas if a row prevents it.
    """
    lock(membership.coalition_id)  # the coalition is locked before any row, to avoid deadlocks
    rows = list(copy.rows or ())
    if not snapshots.end(copy, SnapshotEnd.TAKEN_BACK):
        raise WrongState(taken_already())
    step = UndoStep(copy, list(_found(copy, rows, locks=True)))
    if not step.free or (step.blocked and not rest):
        raise NotAsItWas(step)
    taken = Taken(left=len(step.blocked))
    for table in _MODELS:
        _restore(membership, [each for each in step.free if each.table == table], taken)
    return taken


def taken_already() -> str:
    return _("This was already undone. See its current state.")


def _restore(membership: Membership, found: list[FoundStep], taken: Taken) -> None:
    if not found:
        return
    owners = {owner for each in found if (owner := each.change.before.get("owner_id")) is not None}
    left = trash_queries.who_left(membership.coalition_id, owners)
    noted: list[tuple[int, str, history.Value, history.Value]] = []
    for each in found:
        row, values = each.row, dict(each.change.before)
        assert row is not None
        if getattr(row, "moved_at", None) != each.change.after.get("moved_at"):
            values.pop("moved_at", None)  # someone has added an update since
        if values.get("owner_id") in left and values.get("status", row.status) in OPEN:  # type: ignore[union-attr]
            taken.without.append(left[values.pop("owner_id")])
            values["owner_id"] = None
        noted += _put(row, values)
        row.version += 1
        taken.rows.append(row)
    db.session.flush()
    history.record_changes(membership.coalition_id, membership.id, found[0].table, noted)
    for each in found:
        _put_links(membership, each)


def _put(row: Row, values: dict[str, object]) -> Iterator[tuple[int, str, history.Value, history.Value]]:
    for name, value in values.items():
        if name in (HELPERS, NEEDS):
            continue
        old = getattr(row, name)
        setattr(row, name, value)
        if name not in SILENT and not (name == "reason" and "status" in values) and old != value:
            yield (row.id, name, *history.kept_values(old, value))


def _put_links(membership: Membership, found: FoundStep) -> None:
    was = found.change.before
    if HELPERS in was and isinstance(found.row, Action):
        actions_service.set_helpers(membership, found.row, set(was[HELPERS]))
    if NEEDS in was and isinstance(found.row, Goal):
        needs = trash_queries.there(membership.coalition_id, _table(Need), was[NEEDS])
        goals_service.link_needs(membership, found.row, needs)
