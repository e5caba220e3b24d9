"""Writes what a file changes in a plan, in one transaction and a handful of statements."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.coalitions import menu
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.coalitions.people.service import add_person
from engage.coalitions.service import lock
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.imports.preview import Outcome, PreviewRow
from engage.imports.target import Value
from engage.plan import queries
from engage.plan.imports.comparison import COLUMNS, Place, PlanComparison, PlannedAction, Values, here_of
from engage.plan.imports.fields import NEW, key_of
from engage.plan.models import Action, ActionHelper, Goal, GoalNeed, Objective, Plan
from engage.plan.repeats import service as repeats_service
from engage.plan.rules import OPEN, ActionStatus
from engage.plan.service import DailyWork, claim_open, new_draft
from engage.versions import claim_all

_DATES = frozenset({"start_on", "due_on", "done_on"})
_IDS = frozenset({"organization_id", "need_id"})
# A new action gets these values if the file has none.
_BLANK: dict[str, Any] = {
    **{column: None if column in _DATES | _IDS else "" for column in COLUMNS.values()},
    "status": ActionStatus.NOT_STARTED,
    "owner_id": None,
    "goal_id": None,
    "objective_id": None,
}
# Each value of a goal and of an objective is stored in this column.
_OF_GOAL = {"focus_area": "area", "goal_why": "why"}
_OF_OBJECTIVE = {"objective_measure": "measure", "objective_due": "due_on"}


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
        places = self._write_goals(chosen) + self._write_objectives(chosen)
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

    def _write_goals(self, chosen: list[PlannedAction]) -> int:
        titles: dict[str, str] = {}
        said: dict[str, Values] = defaultdict(dict)
        for each in filter(lambda each: each.goal, chosen):
            titles.setdefault(key_of(each.goal), each.goal)
            said[key_of(each.goal)].update(each.goal_sets)
        last = max((goal.position for goal in self._here.whole.goals), default=0)
        new = [key for key in titles if key not in self._goals]
        rows = [
            {
                "plan_id": self._plan.id,
                "position": last + n,
                "title": titles[key],
                "area": "",
                "why": "",
                **_columns(said[key], _OF_GOAL),
            }
            for n, key in enumerate(new, 1)
        ]
        self._goals.update(zip(new, self._insert_places(Goal, Goal.plan_id, rows), strict=True))
        changed = [(goal, said[key]) for key, goal in self._here.goals.items() if said.get(key)]
        self._change(Goal, [(goal, _columns(values, _OF_GOAL)) for goal, values in changed])
        needs = {
            self._goals[key]: set(map(int, _keys(values["goal_needs"])))
            for key, values in said.items()
            if "goal_needs" in values
        }
        links = self._link(GoalNeed, "goal_id", "need_id", needs, self._here.whole.goal_needs)
        self._note(Goal, ((key, "need", *pair) for key, *pair in links))
        return len(new) + len(changed)

    def _write_objectives(self, chosen: list[PlannedAction]) -> int:
        titles: dict[Place, str] = {}
        said: dict[Place, Values] = defaultdict(dict)
        for each in filter(lambda each: each.objective, chosen):
            place = key_of(each.goal), key_of(each.objective)
            titles.setdefault(place, each.objective)
            said[place].update(each.objective_sets)
        last: Counter[int] = Counter()
        for here in self._here.whole.objectives:
            last[here.goal_id] = max(last[here.goal_id], here.position)
        new, rows = [place for place in titles if place not in self._objectives], []
        for place in new:
            goal_id = self._goals[place[0]]
            last[goal_id] += 1
            row = {"goal_id": goal_id, "position": last[goal_id], "title": titles[place]}
            rows.append({**row, "measure": "", "due_on": None, **_columns(said[place], _OF_OBJECTIVE)})
        self._objectives.update(
            zip(new, self._insert_places(Objective, Objective.goal_id, rows), strict=True)
        )
        changed = [
            (each, _columns(said[place], _OF_OBJECTIVE))
            for place, each in self._here.objectives.items()
            if said.get(place)
        ]
        self._change(Objective, changed)
        return len(new) + len(changed)

    def _insert_places(self, model: Any, of: Any, rows: list[dict[str, object]]) -> list[int]:
        if not rows:
            return []
        common = {"coalition_id": self._actor.coalition_id}
        # To return ids in parameter order, SQLite would insert the rows one by one. So the rows are matched by
        # parent and position.
        made = db.session.execute(
            sa.insert(model).returning(of, model.position, model.id).execution_options(render_nulls=True),
            [{**common, **row} for row in rows],
        )
        placed = {(parent, position): key for parent, position, key in made}
        ids = [placed[row[of.key], row["position"]] for row in rows]
        self._note(model, ((key, "created", None, None) for key in ids))
        return ids

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
        menu.note(self._actor.coalition, Action.comes_up)
        numbered = dict(made.all())
        ids = [numbered[row["number"]] for row in rows]
        self._help({key: each for key, each in zip(ids, new, strict=True) if each.sets.get("helpers")})

    def _update(self, changed: list[PlannedAction]) -> None:
        pairs = [(each.action, self._columns(each)) for each in changed if each.action is not None]
        self._change(Action, pairs, moved_at=self._now)
        helped = {each.action.id: each for each in changed if each.action and "helpers" in each.sets}
        self._note(Action, ((key, "helper", *pair) for key, *pair in self._help(helped)))
        closed = [
            action.id
            for action, columns in pairs
            if columns.get("status", ActionStatus.UNDER_WAY) not in OPEN
        ]
        repeats_service.follow_all(self._actor, closed, clock.today(self._actor.coalition.time_zone))

    def _columns(self, each: PlannedAction) -> dict[str, object]:
        """Returns the new values in the form in which they are stored."""
        found = _columns(each.sets, COLUMNS)
        if "owner" in each.sets:
            found["owner_id"] = next((self._person(key) for key in _keys(each.sets["owner"])), None)
        if each.sets.keys() & {"goal", "objective"}:
            place = (key_of(each.goal), key_of(each.objective))
            found["goal_id"] = self._goals[place[0]] if place[0] else None
            found["objective_id"] = self._objectives[place] if place[1] else None
        return found

    def _help(self, helped: dict[int, PlannedAction]) -> list[Any]:
        wanted = {
            key: {self._person(helper) for helper in _keys(each.sets["helpers"])}
            for key, each in helped.items()
        }
        return self._link(ActionHelper, "action_id", "membership_id", wanted, self._here.whole.helpers)

    # -- rows of any kind

    def _link(
        self, model: Any, of: str, to: str, wanted: Mapping[int, set[int]], here: Mapping[int, Iterable[int]]
    ) -> list[tuple[int, int | None, int | None]]:
        """Links each row to exactly the wanted ones. Returns (row, unlinked, linked) for each change."""
        pairs = [(key, set(here.get(key, ())), ids) for key, ids in wanted.items()]
        gone = [(key, one) for key, now, ids in pairs for one in sorted(now - ids)]
        added = [(key, one) for key, now, ids in pairs for one in sorted(ids - now)]
        table = model.__table__
        if gone:
            both = sa.and_(table.c[of] == sa.bindparam("key"), table.c[to] == sa.bindparam("one"))
            rows = [{"key": key, "one": one} for key, one in gone]
            db.session.connection().execute(sa.delete(table).where(both), rows)
        if added:
            common = {"coalition_id": self._actor.coalition_id}
            db.session.execute(sa.insert(model), [{**common, of: key, to: one} for key, one in added])
        return [*((key, one, None) for key, one in gone), *((key, None, one) for key, one in added)]

    def _change(self, model: object, changed: list[tuple[Any, dict[str, object]]], **same: object) -> None:
        """Writes new values of columns into rows that were compared; all rows also get the values of `same`."""
        names = sorted({name for _old, new in changed for name in new})
        rows = [
            (old.id, old.version, {name: new.get(name, getattr(old, name)) for name in names})
            for old, new in changed
        ]
        claim_all(model, rows, **same)
        values = (
            (old, name, getattr(old, name), value) for old, new in changed for name, value in new.items()
        )
        self._note(
            model,
            [
                (old.id, name, *history.kept_values(before, value))
                for old, name, before, value in values
                if before != value
            ],
        )

    def _note(self, model: Any, changes: Iterable[Any]) -> None:
        history.record_changes(self._actor.coalition_id, self._actor.id, model.__tablename__, changes)


def _keys(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _columns(sets: Values, columns: Mapping[str, str]) -> dict[str, object]:
    """Returns new values by column, in the form in which they are stored."""
    return {columns[key]: _stored(columns[key], value) for key, value in sets.items() if key in columns}


def _stored(column: str, value: Value) -> object:
    if column in _DATES:
        return date.fromisoformat(str(value)) if value else None
    if column in _IDS:
        return int(str(value)) if value else None
    return ActionStatus(str(value)) if column == "status" else str(value)
