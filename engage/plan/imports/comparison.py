"""Computes what each row of a table would change in the plan. `imports.service` writes it."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cached_property
from typing import Any, Protocol

import sqlalchemy as sa
from msgspec import Struct, field

from engage.database import along
from engage.extensions import db
from engage.i18n import gettext as _
from engage.imports.lines import ImportLine
from engage.imports.preview import (
    Change,
    ImportProblem,
    OfThoseHere,
    Outcome,
    PossibleDuplicate,
    Preview,
    PreviewRow,
    changes,
    difference,
    doubtful,
    noting_new,
)
from engage.imports.target import Target, Value
from engage.plan.exports.queries import TEXTS, Whole, whole_of
from engage.plan.imports.fields import PeopleField, key_of
from engage.plan.imports.rules import Asked, ExistingAction, ImportMatch, matched, numbers_are_of_another
from engage.plan.imports.target import PlanTarget
from engage.plan.models import Action, Plan
from engage.plan.rules import OPEN, ActionStatus, reason_after

OF_GOAL = ("focus_area", "goal_why", "goal_needs")
OF_OBJECTIVE = ("objective_measure", "objective_due")
# Each field of the table is stored in this column of an action. Place, people and number are handled
# elsewhere.
COLUMNS = {
    "action": "title",
    "status": "status",
    "reason": "reason",
    "partner": "organization_id",
    "start": "start_on",
    "due": "due_on",
    "done": "done_on",
    "note": "details",
    **{name: name for name in TEXTS if name != "details"},
    "need": "need_id",
}
_NOTHING = Whole((), (), (), {}, {}, {}, {}, {})

Values = dict[str, Value]
# A place is the folded titles of a goal and of an objective in it; empty if there is none.
Place = tuple[str, str]


class ActionHere(Protocol):
    """An action of the plan, as `whole_of` reads it; its other columns are read by the names in COLUMNS."""

    id: int
    number: int
    version: int
    title: str
    status: ActionStatus
    reason: str
    goal_id: int | None
    objective_id: int | None
    owner_id: int | None
    match_id: int | None


class PlanHere(Struct, frozen=True, dict=True):
    """The plan with which a file is compared, and the numbers of actions in the coalition's other plans."""

    whole: Whole
    elsewhere: dict[int, str]

    @cached_property
    def goals(self) -> dict[str, Any]:
        """Returns the goals by folded title; of several with one title, the first."""
        return {key_of(each.title): each for each in reversed(self.whole.goals)}

    @cached_property
    def objectives(self) -> dict[Place, Any]:
        titles = {goal.id: key_of(goal.title) for goal in self.whole.goals}
        return {(titles[each.goal_id], key_of(each.title)): each for each in reversed(self.whole.objectives)}

    @cached_property
    def titles(self) -> dict[tuple[str, int | None], str]:
        """Returns the titles of goals and objectives by kind and id."""
        return {
            **{("goal", each.id): each.title for each in self.whole.goals},
            **{("objective", each.id): each.title for each in self.whole.objectives},
        }

    @cached_property
    def by_number(self) -> dict[int, ActionHere]:
        return {each.number: each for each in self.whole.actions}

    @cached_property
    def by_id(self) -> dict[int, ActionHere]:
        return {each.id: each for each in self.whole.actions}

    def place_of(self, action: ActionHere) -> tuple[str, str]:
        """Returns the titles of the action's goal and objective."""
        goal = self.titles.get(("goal", action.goal_id), "")
        return goal, self.titles.get(("objective", action.objective_id), "")


def here_of(coalition_id: int, plan: Plan | None) -> PlanHere:
    """Reads what a file is compared with: the plan, and the action numbers in other plans."""
    others = (
        sa.select(Action.number, Plan.title)
        .join(Plan, along(Action.plan_id, Plan))
        .where(Action.coalition_id == coalition_id, Action.plan_id != (plan.id if plan is not None else 0))
    )
    elsewhere = dict(db.session.execute(others).all())
    return PlanHere(whole_of(plan) if plan is not None else _NOTHING, elsewhere)


class PlannedAction(Struct, frozen=True):
    """A row of the file, its action (None for a new one, or none at all), and the values to set.

    `goal` and `objective` are the titles under which it is placed.
    """

    row: PreviewRow
    action: ActionHere | None = None
    is_action: bool = True
    goal: str = ""
    objective: str = ""
    sets: Values = field(default_factory=dict)
    goal_sets: Values = field(default_factory=dict)
    objective_sets: Values = field(default_factory=dict)


class PlanComparison:
    """Compares each row of a file with the plan. `decided` says which action each possible duplicate is."""

    def __init__(
        self,
        here: PlanHere,
        lines: Iterable[ImportLine],
        target: PlanTarget,
        policy: OfThoseHere,
        decided: Mapping[int, str],
        today: date,
    ) -> None:
        self.here = here
        self._target: Target = target
        self._policy = policy
        self._today = today
        self._lines = {line.number: line for line in lines}
        self._places: dict[object, tuple[int, Values]] = {}
        self._new_places: set[Place] = set()
        self._is_of_another_plan = numbers_are_of_another(self._numbered())
        matches = self._matches({row: int(said) for row, said in decided.items() if said.isdecimal()})
        self.planned = [
            self._planned(line, matches.get(line.number, ImportMatch())) for line in self._lines.values()
        ]

    @cached_property
    def preview(self) -> Preview:
        return Preview(each.row for each in self.planned)

    # -- which action

    def _matches(self, decided: Mapping[int, int]) -> dict[int, ImportMatch]:
        asked = [self._asked(line) for line in self._lines.values()]
        there = []
        for action in self.here.whole.actions:
            goal, objective = self.here.place_of(action)
            there.append(ExistingAction(action.id, key_of(action.title), key_of(goal), key_of(objective)))
        return matched(
            asked,
            there,
            self._leaves,
            decided,
            by_goal=any("goal" in each.values for each in self._lines.values()),
        )

    def _asked(self, line: ImportLine) -> Asked:
        ref = self._ref(line)
        action = self.here.by_number.get(ref) if ref is not None else None
        return Asked(
            line.number,
            "" if ref is not None else _folded(line, "action"),
            _folded(line, "goal"),
            _folded(line, "objective"),
            action.id if action is not None else None,
        )

    @staticmethod
    def _ref(line: ImportLine) -> int | None:
        return int(str(line.values["ref"])) if "ref" in line.values else None

    def _numbered(self) -> dict[int, bool]:
        """Returns for each number in the file whether the action that has it is the one in the file."""
        found: dict[int, bool] = {}
        for line in self._lines.values():
            ref = self._ref(line)
            if ref is None or ref in self.here.elsewhere or "action" not in line.values:
                continue
            action = self.here.by_number.get(ref)
            found[ref] = found.get(ref, False) or (action is not None and self._describes(line, action))
        return found

    def _describes(self, line: ImportLine, action: ActionHere) -> bool:
        goal = key_of(self.here.place_of(action)[0])
        return _folded(line, "action") == key_of(action.title) or (
            goal != "" and goal == _folded(line, "goal")
        )

    def _leaves(self, number: int, action_id: int) -> bool:
        action = self.here.by_id[action_id]
        return not difference(
            self._target, self._old(action), self._new(self._lines[number], action), OfThoseHere.REPLACE
        ).sets

    # -- the values of a row

    def _old(self, action: ActionHere) -> Values:
        goal, objective = self.here.place_of(action)
        helpers = self.here.whole.helpers.get(action.id, ())
        found: Values = {
            "goal": goal,
            "objective": objective,
            "owner": (str(action.owner_id),) if action.owner_id is not None else (),
            "helpers": tuple(map(str, helpers)),
        }
        for key, column in COLUMNS.items():
            value = getattr(action, column)
            found[key] = "" if value is None else value.isoformat() if isinstance(value, date) else str(value)
        return found

    def _new(self, line: ImportLine, action: ActionHere | None) -> Values:
        """Returns the file's values of the action, completed.

        An action that was open here and is now done gets its day; no action is put into two places.
        """
        found = {
            key: value for key, value in line.values.items() if key not in {"ref", *OF_GOAL, *OF_OBJECTIVE}
        }
        owner = found.get("owner")
        if isinstance(owner, tuple) and len(owner) > 1:
            given = found.get("helpers", ())
            found["owner"] = owner[:1]
            found["helpers"] = tuple(
                dict.fromkeys((*owner[1:], *(given if isinstance(given, tuple) else ())))
            )
        self._set_status(found, action)
        goal = self.here.titles.get(("goal", action.goal_id), "") if action is not None else ""
        if "goal" in found and key_of(str(found["goal"])) != key_of(goal):
            found.setdefault("objective", "")
        return found

    def _set_status(self, found: Values, action: ActionHere | None) -> None:
        if "done" in found:
            found.setdefault("status", ActionStatus.DONE.value)
        old = action.status if action is not None else None
        to = ActionStatus(str(found["status"])) if "status" in found else old or ActionStatus.NOT_STARTED
        if old is not None and self._policy is not OfThoseHere.REPLACE:
            to = old
        kept = action.reason if action is not None else ""
        found["reason"] = reason_after(old, kept, to, str(found.get("reason", "")), otherwise=_("imported"))
        if to is not ActionStatus.DONE:
            found["done"] = ""
        elif old not in {None, ActionStatus.DONE}:
            # An action that was open here is done now. If a row comes in as done for a new action, only the
            # file can know the day.
            found.setdefault("done", self._today.isoformat())

    # -- what would happen

    def _planned(self, line: ImportLine, match: ImportMatch) -> PlannedAction:
        problems = [*line.problems, *self._ref_problems(line, match)]
        title = str(line.values.get("action", ""))
        if not title and "ref" not in line.values:
            return self._place_alone(line, problems)
        action = self.here.by_id[match.id] if match.id is not None else None
        old = self._old(action) if action is not None else {}
        made = difference(self._target, old, self._new(line, action), self._policy_if(action))
        sets = {key: value for key, value in made.sets.items() if action is not None or value not in ("", ())}
        goal, objective = self._stands_in(line, old, sets)
        problems += self._problems(line, action, old, sets, goal, objective)
        # A row that is left out adds nothing to its goal; another row may.
        about = self._about(line, goal, objective) if not problems else _About()
        problems += about.problems
        name = title or str(old.get("action", ""))
        row = PreviewRow(line.number, name, Outcome.WRONG, problems=tuple(problems))
        if not problems:
            row = self._row(line, match, action, old, sets, about, name, says_more=made.says_more)
        return PlannedAction(row, action, True, goal, objective, sets, about.goal_sets, about.objective_sets)

    def _policy_if(self, here: object) -> OfThoseHere:
        """Returns what the file may change: all of what is not here yet."""
        return self._policy if here is not None else OfThoseHere.REPLACE

    def _row(
        self,
        line: ImportLine,
        match: ImportMatch,
        action: ActionHere | None,
        old: Values,
        sets: Values,
        about: "_About",
        name: str,
        *,
        says_more: bool,
    ) -> PreviewRow:
        asks = bool(match.alike or match.like_row)
        if action is None:
            outcome = Outcome.ALIKE if asks else Outcome.NEW
        elif sets or about.sets:
            outcome = Outcome.CHANGED
        else:
            outcome = Outcome.KEPT if says_more or about.says_more else Outcome.SAME
        shown = {key: value for key, value in sets.items() if action is not None or key != "action"}
        free = {key: value for key, value in sets.items() if key not in {"goal", "objective"}}
        return PreviewRow(
            line.number,
            name,
            outcome,
            changes=(*self._with_new(changes(self._target, old, shown), about), *about.changes),
            alike=self._alike(match),
            found=doubtful(self._target, {**free, **about.free}),
        )

    def _with_new(self, found: Iterable[Change], about: "_About") -> tuple[Change, ...]:
        labels = {self._label(key) for key in about.new}
        return noting_new(found, lambda each: each.label in labels)

    def _alike(self, match: ImportMatch) -> tuple[PossibleDuplicate, ...]:
        found = [PossibleDuplicate(str(key), self._named(self.here.by_id[key])) for key in match.alike]
        if match.like_row is not None:
            found.append(PossibleDuplicate("", _("row %(number)s of this file", number=match.like_row)))
        return tuple(found)

    def _named(self, action: ActionHere) -> str:
        goal, objective = self.here.place_of(action)
        said = f"{action.number}. {action.title}"
        place = objective or goal
        return _("%(action)s (%(place)s)", action=said, place=place) if place else said

    def _stands_in(self, line: ImportLine, old: Values, sets: Values) -> tuple[str, str]:
        """Returns the titles of the goal and the objective that the action will be under.

        An objective counts only in its own goal.
        """
        goal = str(sets.get("goal", old.get("goal", "")))
        said = str(line.values.get("goal", goal))
        if key_of(said) != key_of(goal):
            sets.pop("objective", None)
        objective = str(sets.get("objective", old.get("objective", "")))
        return goal, objective

    # -- a goal or an objective without an action

    def _place_alone(self, line: ImportLine, problems: list[ImportProblem]) -> PlannedAction:
        goal, objective = str(line.values.get("goal", "")), str(line.values.get("objective", ""))
        name = objective or goal
        more = set(line.values) - {"goal", "objective", *OF_GOAL, *OF_OBJECTIVE}
        if not problems and (more or not goal):
            words = (
                _("Write what will be done, or empty the other cells of this row.")
                if goal
                else _("Write what will be done, or the goal.")
            )
            problems = [ImportProblem(self._label("action"), "", words)]
        # A row that is left out adds nothing to its goal; another row may.
        about = self._about(line, goal, objective) if not problems else _About()
        problems += about.problems
        if problems:
            row = PreviewRow(line.number, name, Outcome.WRONG, problems=tuple(problems))
        else:
            outcome = Outcome.KEPT if about.says_more else Outcome.SAME
            outcome = Outcome.NEW if about.new else Outcome.CHANGED if about.sets else outcome
            titles = {key: value for key, value in (("goal", goal), ("objective", objective)) if value}
            shown = self._with_new(changes(self._target, {}, titles), about) if about.new else ()
            row = PreviewRow(
                line.number,
                name,
                outcome,
                changes=(*shown, *about.changes),
                found=doubtful(self._target, about.free),
            )
        return PlannedAction(row, None, False, goal, objective, {}, about.goal_sets, about.objective_sets)

    # -- the row's values for its goal and objective

    def _about(self, line: ImportLine, goal: str, objective: str) -> "_About":
        place = (key_of(goal), key_of(objective))
        about = _About()
        if goal:
            here = self.here.goals.get(place[0])
            self._say(about, line, (place[0], ""), "goal", goal, self._goal_values(here), OF_GOAL)
        if goal and objective:
            here = self.here.objectives.get(place)
            self._say(about, line, place, "objective", objective, self._objective_values(here), OF_OBJECTIVE)
        elif any(key in line.values for key in OF_OBJECTIVE):
            key = next(key for key in OF_OBJECTIVE if key in line.values)
            about.problems.append(ImportProblem(self._label(key), "", _("Name the objective this is about.")))
        if not goal and any(key in line.values for key in OF_GOAL):
            key = next(key for key in OF_GOAL if key in line.values)
            about.problems.append(ImportProblem(self._label(key), "", _("Name the goal this is about.")))
        return about

    def _say(
        self,
        about: "_About",
        line: ImportLine,
        place: Place,
        kind: str,
        title: str,
        old: Values | None,
        keys: tuple[str, ...],
    ) -> None:
        said = {key: line.values[key] for key in keys if key in line.values}
        first, before = self._places.setdefault(place, (line.number, {}))
        for key, value in said.items():
            if key in before and not self._target.field(key).is_same(before[key], value):
                words = _(
                    "Row %(row)s says something different about it. Keep only one of the two.", row=first
                )
                about.problems.append(ImportProblem(self._label(key), "", words))
        fresh = {key: value for key, value in said.items() if key not in before}
        before.update(fresh)
        made = difference(self._target, old or {}, fresh, self._policy_if(old))
        if old is None and place not in self._new_places:
            self._new_places.add(place)
            about.free[kind] = title
        if old is None:
            about.new.add(kind)
        about.free |= made.sets
        about.says_more = about.says_more or made.says_more
        about.changes += changes(self._target, old or {}, made.sets)
        (about.goal_sets if kind == "goal" else about.objective_sets).update(made.sets)

    def _goal_values(self, goal: Any) -> Values | None:
        if goal is None:
            return None
        needs = tuple(map(str, self.here.whole.goal_needs.get(goal.id, ())))
        return {"focus_area": goal.area, "goal_why": goal.why, "goal_needs": needs}

    @staticmethod
    def _objective_values(objective: Any) -> Values | None:
        if objective is None:
            return None
        due = objective.due_on.isoformat() if objective.due_on is not None else ""
        return {"objective_measure": objective.measure, "objective_due": due}

    # -- new goals and objectives, and texts that no one has checked

    def _label(self, key: str) -> str:
        return self._target.field(key).label

    def _ref_problems(self, line: ImportLine, match: ImportMatch) -> list[ImportProblem]:
        ref = self._ref(line)
        if match.twice is not None:
            words = _(
                "Row %(row)s is the same action. Join the two rows, or leave this one out.", row=match.twice
            )
            return [ImportProblem(self._label("ref" if ref is not None else "action"), "", words)]
        if ref is None or (ref in self.here.by_number and not self._is_of_another_plan):
            return []
        if ref in self.here.elsewhere:
            words = _("This action is in another plan: %(plan)s.", plan=self.here.elsewhere[ref])
        elif self._is_of_another_plan:
            words = _(
                "The numbers in this file do not match the actions here. Go back to the columns and leave "
                "this one out: rows are then found by goal and title."
            )
        else:
            words = _("There is no action with this number. Empty the cell to add the row as a new action.")
        return [ImportProblem(self._label("ref"), str(ref), words)]

    def _problems(
        self,
        line: ImportLine,
        action: ActionHere | None,
        old: Values,
        sets: Values,
        goal: str,
        objective: str,
    ) -> list[ImportProblem]:
        now = {**old, **sets}
        found = []
        if objective and not goal:
            found.append(ImportProblem(self._label("goal"), "", _("Also name the goal of this objective.")))
        start, due = str(now.get("start", "")), str(now.get("due", ""))
        if start and due and due < start and sets.keys() & {"start", "due"}:
            words = _("This is before the start. Choose the same day or a later one.")
            found.append(ImportProblem(self._label("due"), due, words))
        status = ActionStatus(str(now.get("status") or ActionStatus.NOT_STARTED.value))
        people = self._target.field("owner")
        assert isinstance(people, PeopleField)
        owner = sets.get("owner")
        if isinstance(owner, tuple) and owner and status in OPEN and people.has_left(owner[0]):
            words = _("This person has left. Name the new owner, or leave it empty.")
            found.append(ImportProblem(people.label, people.shown(owner), words))
        if "need" in sets and action is not None and action.match_id is not None:
            words = _("This action comes from a match that answers another need. Leave the cell empty.")
            found.append(ImportProblem(self._label("need"), "", words))
        return found


def _folded(line: ImportLine, key: str) -> str:
    return key_of(str(line.values.get(key, "")))


class _About(Struct):
    """The values that a row gives for its goal and its objective."""

    goal_sets: Values = field(default_factory=dict)
    objective_sets: Values = field(default_factory=dict)
    # These are the keys of new goals and objectives; `free` holds texts to check for personal details.
    new: set[str] = field(default_factory=set)
    free: Values = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    problems: list[ImportProblem] = field(default_factory=list)
    says_more: bool = False

    @property
    def sets(self) -> bool:
        return bool(self.goal_sets or self.objective_sets)
