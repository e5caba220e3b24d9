"""Writes what a file changes in a plan, in one transaction and a handful of statements."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.coalitions.people.service import add_person
from engage.coalitions.service import lock
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.imports.preview import Outcome, PreviewRow
from engage.imports.service import claim_all, renamed
from engage.imports.target import Value
from engage.plan import queries
from engage.plan.actions.service import KEPT
from engage.plan.imports.comparison import COLUMNS, Place, PlanComparison, PlannedAction, here_of
from engage.plan.imports.fields import NEW, key_of
from engage.plan.imports.frequencies import Often, series_of
from engage.plan.models import Action, ActionHelper, Goal, GoalNeed, Objective, Plan
from engage.plan.repeats import service as repeats_service
from engage.plan.rules import OPEN, ActionStatus
from engage.plan.service import DailyWork, claim_open, new_draft

_DATES = frozenset({"start_on", "due_on", "done_on"})
_IDS = frozenset({"organization_id", "need_id"})
_OF_ACTION = (*COLUMNS.values(), "owner_id", "goal_id", "objective_id")
# A new action gets these values if the file has none.
_BLANK: dict[str, Any] = {
    **{column: None if column in _DATES | _IDS else "" for column in COLUMNS.values()},
    "status": ActionStatus.NOT_STARTED,
    "owner_id": None,
    "goal_id": None,
    "objective_id": None,
}


class Written(Struct, frozen=True):
    """The plan that was changed, and how many actions, goals and objectives were added or changed."""

    plan: Plan
    added: int
    changed: int
    places: int


def write(
    actor: Membership | DailyWork,
    plan: Plan | None,
    comparison: PlanComparison,
    takes: Callable[[PreviewRow], bool],
) -> Written:
    """Writes the compared rows; `takes` says whether a possible duplicate is added. Without a plan it starts a draft.

    Raises WrongState if the plan is closed. Raises StaleVersion, with nothing written, if the plan has
    changed since it was compared.
    """
    lock(actor.coalition_id)
    if plan is not None:
        claim_open(plan.id)
    elif queries.open_plan(actor.coalition_id) is not None:
        raise StaleVersion
    if here_of(actor.coalition_id, plan) != comparison.here:
        raise StaleVersion
    if plan is None:
        year = clock.today(actor.coalition.time_zone).year
        plan = new_draft(actor.coalition_id, _("Plan of action %(year)s", year=year))
    try:
        return _Writing(actor, plan, comparison).write(_chosen(comparison, takes))
    except IntegrityError:
        raise StaleVersion from None


def _chosen(comparison: PlanComparison, takes: Callable[[PreviewRow], bool]) -> list[PlannedAction]:
    writes = {Outcome.NEW, Outcome.CHANGED}
    return [
        each
        for each in comparison.planned
        if each.row.outcome in writes or (each.row.outcome is Outcome.ALIKE and takes(each.row))
    ]


class _Writing:
    def __init__(self, actor: Membership | DailyWork, plan: Plan, comparison: PlanComparison) -> None:
        self._actor = actor
        self._plan = plan
        self._here = comparison.here
        self._now: datetime = clock.now()
        self._people: dict[str, int] = {}
        self._goals = {key: goal.id for key, goal in self._here.goals.items()}
        self._objectives = {place: each.id for place, each in self._here.objectives.items()}

    def write(self, chosen: list[PlannedAction]) -> Written:
        self._add_people(chosen)
        places = self._add_goals(chosen) + self._add_objectives(chosen)
        places += self._edit_goals(chosen) + self._edit_objectives(chosen)
        new = [each for each in chosen if each.is_action and each.action is None]
        changed = [each for each in chosen if each.action is not None and each.sets]
        self._insert(new)
        self._update(changed)
        audit_service.record(self._actor, AuditEvent.IMPORTED, self._plan, number=len(chosen))
        return Written(self._plan, len(new), len(changed), places)

    # -- people who are not members yet

    def _add_people(self, chosen: list[PlannedAction]) -> None:
        names: dict[str, str] = {}
        for each in chosen:
            for key in (*_keys(each.sets.get("owner")), *_keys(each.sets.get("helpers"))):
                if key.startswith(NEW):
                    names.setdefault(key_of(key), key.removeprefix(NEW))
        for word, name in names.items():
            email = name if "@" in name else ""
            self._people[word] = add_person(self._actor, name, email).id

    def _person(self, key: str) -> int:
        return self._people[key_of(key)] if key.startswith(NEW) else int(key)

    # -- goals and objectives

    def _add_goals(self, chosen: list[PlannedAction]) -> int:
        fresh = {key_of(each.goal): each.goal for each in reversed(chosen) if each.goal}
        order = dict.fromkeys(key_of(each.goal) for each in chosen if each.goal)
        titles = [fresh[key] for key in order if key not in self._goals]
        last = max((goal.position for goal in self._here.whole.goals), default=0)
        rows = [
            {"plan_id": self._plan.id, "position": last + n, "title": title, "why": "", "area": ""}
            for n, title in enumerate(titles, 1)
        ]
        for title, key in zip(titles, self._insert_places(Goal, Goal.plan_id, rows), strict=True):
            self._goals[key_of(title)] = key
        return len(rows)

    def _add_objectives(self, chosen: list[PlannedAction]) -> int:
        wanted: dict[Place, str] = {}
        for each in chosen:
            if each.objective:
                wanted.setdefault((key_of(each.goal), key_of(each.objective)), each.objective)
        last: dict[int, int] = {}
        for each_here in self._here.whole.objectives:
            last[each_here.goal_id] = max(last.get(each_here.goal_id, 0), each_here.position)
        places = [place for place in wanted if place not in self._objectives]
        rows = []
        for place in places:
            goal_id = self._goals[place[0]]
            last[goal_id] = last.get(goal_id, 0) + 1
            rows.append(
                {"goal_id": goal_id, "position": last[goal_id], "title": wanted[place], "measure": ""}
            )
        for place, key in zip(places, self._insert_places(Objective, Objective.goal_id, rows), strict=True):
            self._objectives[place] = key
        return len(rows)

    def _insert_places(self, model: Any, of: Any, rows: list[dict[str, object]]) -> list[int]:
        if not rows:
            return []
        common = {"coalition_id": self._actor.coalition_id}
        # To return ids in parameter order, SQLite would insert the rows one by one. So the rows are matched by
        # parent and position.
        made = db.session.execute(
            sa.insert(model).returning(of, model.position, model.id), [{**common, **row} for row in rows]
        )
        placed = {(parent, position): key for parent, position, key in made}
        ids = [placed[row[of.key], row["position"]] for row in rows]
        self._note(model, ((key, "created", None, None) for key in ids))
        return ids

    def _edit_goals(self, chosen: list[PlannedAction]) -> int:
        sets: dict[int, dict[str, Value]] = {}
        for each in chosen:
            if each.goal_sets:
                sets.setdefault(self._goals[key_of(each.goal)], {}).update(each.goal_sets)
        columns = {"focus_area": "area", "goal_why": "why"}
        self._edit(Goal, {goal.id: goal for goal in self._here.whole.goals}, sets, columns)
        for key, values in sets.items():
            if "goal_needs" in values:
                self._link_needs(key, set(map(int, _keys(values["goal_needs"]))))
        return sum(key in {goal.id for goal in self._here.whole.goals} for key in sets)

    def _edit_objectives(self, chosen: list[PlannedAction]) -> int:
        sets: dict[int, dict[str, Value]] = {}
        for each in chosen:
            if each.objective_sets:
                key = self._objectives[key_of(each.goal), key_of(each.objective)]
                sets.setdefault(key, {}).update(each.objective_sets)
        columns = {"objective_measure": "measure", "objective_due": "due_on"}
        here = {each.id: each for each in self._here.whole.objectives}
        self._edit(Objective, here, sets, columns)
        return sum(key in here for key in sets)

    def _edit(
        self,
        model: object,
        here: dict[int, Any],
        sets: dict[int, dict[str, Value]],
        columns: dict[str, str],
    ) -> None:
        rows, noted = [], []
        for key, values in sets.items():
            old = here.get(key)
            row = {column: getattr(old, column) if old else None for column in columns.values()}
            for name, column in columns.items():
                row[column] = _stored(column, values[name]) if name in values else row[column]
                if row[column] is None and column != "due_on":
                    row[column] = ""
                if old is not None and name in values:
                    is_day = column == "due_on"
                    noted.append(
                        (key, column, *((getattr(old, column), row[column]) if is_day else (None, None)))
                    )
            rows.append({"key": key, "opened": old.version if old else 1, **renamed(row)})
        claim_all(model, rows, columns.values())
        self._note(model, noted)

    def _link_needs(self, goal_id: int, ids: set[int]) -> None:
        now = set(self._here.whole.goal_needs.get(goal_id, ()))
        if gone := now - ids:
            db.session.execute(
                sa.delete(GoalNeed).where(GoalNeed.goal_id == goal_id, GoalNeed.need_id.in_(gone))
            )
        common = {"coalition_id": self._actor.coalition_id, "goal_id": goal_id}
        if added := sorted(ids - now):
            db.session.execute(sa.insert(GoalNeed), [{**common, "need_id": key} for key in added])
        changes = [
            (goal_id, "need", *((key, None) if key in now else (None, key))) for key in sorted(now ^ ids)
        ]
        self._note(Goal, changes)

    # -- actions

    def _insert(self, new: list[PlannedAction]) -> None:
        if not new:
            return
        first = queries.free_number(self._actor.coalition_id)
        common = {
            "coalition_id": self._actor.coalition_id,
            "plan_id": self._plan.id,
            "created_at": self._now,
            "created_by_id": self._actor.id,
            "moved_at": self._now,
        }
        rows = [
            {**common, "number": first + n, **_BLANK, **self._columns(each)} for n, each in enumerate(new)
        ]
        # Without explicit nulls, rows with different empty columns would need separate statements.
        insert = sa.insert(Action).returning(Action.number, Action.id).execution_options(render_nulls=True)
        made = db.session.execute(insert, rows)
        numbered = dict(made.all())
        ids = [numbered[row["number"]] for row in rows]
        self._help((key, set(self._helpers(each))) for key, each in zip(ids, new, strict=True))
        self._repeat({key: each for key, each in zip(ids, new, strict=True) if each.sets.get("repeats")})

    def _repeat(self, new: dict[int, PlannedAction]) -> None:
        """Makes actions repeat if the file says how often."""
        for action in db.session.scalars(sa.select(Action).where(Action.id.in_(new))) if new else ():
            if action.due_on is not None and action.status in OPEN:
                often = Often(str(new[action.id].sets["repeats"]))
                repeats_service.begin(self._actor, action, series_of(often, action.due_on))

    def _update(self, changed: list[PlannedAction]) -> None:
        rows, noted, helpers, closed = [], [], [], []
        for each in changed:
            action = each.action
            if action is None:
                continue
            columns = self._columns(each)
            old = {column: getattr(action, column) for column in _OF_ACTION}
            rows.append({"key": action.id, "opened": action.version, **renamed({**old, **columns})})
            for column, value in columns.items():
                if value != old[column]:
                    keeps = column in KEPT or column == "status"
                    noted.append((action.id, column, *((old[column], value) if keeps else (None, None))))
            if "status" in columns and columns["status"] not in OPEN:
                closed.append(action.id)
            if "helpers" in each.sets:
                helpers.append((action.id, set(self._helpers(each))))
        claim_all(Action, rows, _OF_ACTION, moved_at=self._now)
        self._note(Action, noted)
        self._help(helpers, noted=True)
        repeats_service.follow_all(self._actor, closed, clock.today(self._actor.coalition.time_zone))

    def _columns(self, each: PlannedAction) -> dict[str, object]:
        """Returns the new values in the form in which they are stored."""
        found: dict[str, object] = {
            COLUMNS[key]: _stored(COLUMNS[key], value) for key, value in each.sets.items() if key in COLUMNS
        }
        if "owner" in each.sets:
            found["owner_id"] = next((self._person(key) for key in _keys(each.sets["owner"])), None)
        if each.sets.keys() & {"goal", "objective"}:
            place = (key_of(each.goal), key_of(each.objective))
            found["goal_id"] = self._goals[place[0]] if place[0] else None
            found["objective_id"] = self._objectives[place] if place[1] else None
        return found

    def _helpers(self, each: PlannedAction) -> list[int]:
        return [self._person(key) for key in _keys(each.sets.get("helpers"))]

    def _help(self, found: Iterable[tuple[int, set[int]]], *, noted: bool = False) -> None:
        """Sets the helpers of each action to exactly these people."""
        added: list[dict[str, object]] = []
        left: list[dict[str, int]] = []
        changes: list[tuple[int, str, int | None, int | None]] = []
        for key, ids in found:
            now = set(self._here.whole.helpers.get(key, ()))
            for gone in sorted(now - ids):
                left.append({"helped": key, "helper": gone})
                changes.append((key, "helper", gone, None))
            common = {"coalition_id": self._actor.coalition_id, "action_id": key}
            added += [{**common, "membership_id": person} for person in sorted(ids - now)]
            changes += [(key, "helper", None, person) for person in sorted(ids - now)]
        if left:
            table = ActionHelper.__table__
            gone_ones = sa.and_(
                table.c.action_id == sa.bindparam("helped"), table.c.membership_id == sa.bindparam("helper")
            )
            db.session.connection().execute(sa.delete(table).where(gone_ones), left)  # type: ignore[arg-type]
        if added:
            db.session.execute(sa.insert(ActionHelper), added)
        if noted:
            self._note(Action, changes)

    # -- rows of any kind

    def _note(self, model: Any, changes: Iterable[Any]) -> None:
        history.record_changes(self._actor.coalition_id, self._actor.id, model.__tablename__, changes)


def _keys(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _stored(column: str, value: Value) -> object:
    if column in _DATES:
        return date.fromisoformat(str(value)) if value else None
    if column in _IDS:
        return int(str(value)) if value else None
    return ActionStatus(str(value)) if column == "status" else str(value)
