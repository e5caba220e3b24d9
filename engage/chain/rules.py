"""Defines the links of the chain and its loose ends, in plain values without a database.

The chain (product.md 3): answers, gap (a low rating), need, matched strength, goal, objective, action, reading, next
round's answers; a decision of a meeting also leads to an action.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

from msgspec import Struct, field

from engage.plan.measures.rules import MeasureFact
from engage.plan.rules import OPEN, ActionStatus
from engage.strengths.rules import MatchState

T = TypeVar("T")


class ChainIdea(Struct, frozen=True):
    """The shared note from which something was made: on a focus area or on a section of the reading list, by key."""

    note_id: int
    area: str
    section: str


class NeedFact(Struct, frozen=True):
    """A need; `round_id` and `indicator` are set if it came from the answers of a round."""

    id: int
    number: int
    title: str
    area: str
    is_open: bool
    round_id: int | None = None
    indicator: str = ""
    idea: ChainIdea | None = None


class MatchFact(Struct, frozen=True):
    """A strength matched with a need. `giver` is the name of a person, `organization` that of an organization."""

    id: int
    need_id: int
    strength_id: int
    strength: str
    state: MatchState
    is_offered: bool
    giver: str = ""
    organization: str = ""


class GoalFact(Struct, frozen=True):
    id: int
    title: str
    area: str
    is_open: bool


class ObjectiveFact(Struct, frozen=True):
    id: int
    goal_id: int
    title: str
    measure: str


class DecisionFact(Struct, frozen=True):
    """A decision of a meeting."""

    id: int
    number: int
    text: str
    no_action: bool = False


class ActionFact(Struct, frozen=True):
    """An action; `is_open` says that its plan is open. `owner` and `organization` are names, or empty.

    An action that renews an agreement (`renews`) was made by Engage, with the agreement as its reason.
    """

    id: int
    number: int
    title: str
    status: ActionStatus
    is_open: bool
    due_on: date | None = None
    done_on: date | None = None
    goal_id: int | None = None
    objective_id: int | None = None
    need_id: int | None = None
    match_id: int | None = None
    round_id: int | None = None
    indicator: str = ""
    item: str | None = None
    owner: str = ""
    organization: str = ""
    decision_id: int | None = None
    renews: bool = False
    idea: ChainIdea | None = None

    @property
    def counts(self) -> bool:
        """Returns whether the action counts as a link of the chain; one that is no longer needed does not."""
        return self.status is not ActionStatus.NO_LONGER_NEEDED

    @property
    def waits(self) -> bool:
        """Returns whether the action is still to be done, in an open plan."""
        return self.is_open and self.status in OPEN


class Links(Struct, frozen=True, dict=True):
    """All links of a coalition, or the part around one thing."""

    needs: Mapping[int, NeedFact]
    matches: Mapping[int, MatchFact]
    goals: Mapping[int, GoalFact]
    objectives: Mapping[int, ObjectiveFact]
    actions: Mapping[int, ActionFact]
    # Pairs of (goal id, need id).
    goal_needs: Collection[tuple[int, int]] = ()
    decisions: Mapping[int, DecisionFact] = field(default_factory=dict)
    # Measures by objective, each with its latest reading.
    measures: Mapping[int, Sequence[MeasureFact]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Returns whether the coalition has nothing yet that could be linked."""
        return not any((self.needs, self.matches, self.goals, self.actions, self.decisions))

    @cached_property
    def _needs_of_goals(self) -> Mapping[int, list[int]]:
        return _grouped((goal, need) for goal, need in self.goal_needs if need in self.needs)

    @cached_property
    def _goals_of_needs(self) -> Mapping[int, list[int]]:
        return _grouped((need, goal) for goal, need in self.goal_needs if goal in self.goals)

    @cached_property
    def _actions_of_needs(self) -> Mapping[int, list[ActionFact]]:
        return _grouped((each.need_id, each) for each in self.actions.values() if each.need_id is not None)

    @cached_property
    def _actions_of_goals(self) -> Mapping[int, list[ActionFact]]:
        return _grouped((each.goal_id, each) for each in self.actions.values() if each.goal_id is not None)

    @cached_property
    def _matches_of_needs(self) -> Mapping[int, list[MatchFact]]:
        return _grouped((each.need_id, each) for each in self.matches.values())

    def matches_of(self, need: NeedFact) -> Sequence[MatchFact]:
        """Returns the need's matches that were not declined."""
        linked = self._matches_of_needs.get(need.id, ())
        return [each for each in linked if each.state is not MatchState.DECLINED]

    def actions_of(self, need: NeedFact) -> Sequence[ActionFact]:
        """Returns the actions that name this need."""
        return self._actions_of_needs.get(need.id, ())

    def goals_of(self, need: NeedFact) -> Sequence[GoalFact]:
        """Returns the goals that say they answer this need, then the goals of its actions."""
        keys = [*self._goals_of_needs.get(need.id, ()), *(each.goal_id for each in self.actions_of(need))]
        return [self.goals[key] for key in dict.fromkeys(keys) if key is not None and key in self.goals]

    def needs_of_goal(self, goal: GoalFact) -> Sequence[NeedFact]:
        """Returns the needs that this goal says it answers, then the needs of its actions."""
        own = [each.need_id for each in self.actions_of_goal(goal) if each.counts]
        keys = dict.fromkeys([*self._needs_of_goals.get(goal.id, ()), *own])
        return [self.needs[key] for key in keys if key is not None and key in self.needs]

    def actions_of_goal(self, goal: GoalFact) -> Sequence[ActionFact]:
        return self._actions_of_goals.get(goal.id, ())

    def actions_of_objective(self, objective: ObjectiveFact) -> Sequence[ActionFact]:
        goal = self._actions_of_goals.get(objective.goal_id, ())
        return [each for each in goal if each.objective_id == objective.id]

    def needs_of_action(self, action: ActionFact) -> Sequence[NeedFact]:
        """Returns the action's own need, or else the needs that its goal says it answers."""
        if action.need_id is not None:
            return [self.needs[action.need_id]] if action.need_id in self.needs else []
        keys = self._needs_of_goals.get(action.goal_id, ()) if action.goal_id is not None else ()
        return [self.needs[key] for key in keys]

    # -- loose ends

    def is_worked_on(self, need: NeedFact) -> bool:
        """Returns whether the need has an action, or a goal with an action; actions no longer needed do not count."""
        linked = (self._actions_of_goals.get(key, ()) for key in self._goals_of_needs.get(need.id, ()))
        return any(each.counts for own in (self.actions_of(need), *linked) for each in own)

    def answers_nothing(self, action: ActionFact) -> bool:
        """Returns whether the action has no reason: no need, low rating in a round, tip, decision or agreement."""
        said = action.indicator or action.item or action.decision_id is not None or action.renews
        return not said and not self.needs_of_action(action)


class Loose(StrEnum):
    """The kinds of loose ends, which are places where a link of the chain is missing."""

    NEED = "need"
    MATCH = "match"
    GOAL = "goal"
    OBJECTIVE = "objective"
    READING = "reading"
    ACTION = "action"
    PLACE = "place"
    DECISION = "decision"


def loose_needs(links: Links) -> Iterator[NeedFact]:
    """Yields open needs that no one works on."""
    return (each for each in links.needs.values() if each.is_open and not links.is_worked_on(each))


def loose_matches(links: Links) -> Iterator[MatchFact]:
    """Yields matches of an open need for which no one was asked yet."""
    return (
        each
        for each in links.matches.values()
        if each.state is MatchState.TO_ASK and each.is_offered and links.needs[each.need_id].is_open
    )


def loose_goals(links: Links) -> Iterator[GoalFact]:
    """Yields goals of an open plan that answer no need."""
    return (each for each in links.goals.values() if each.is_open and not links.needs_of_goal(each))


def loose_objectives(links: Links) -> Iterator[ObjectiveFact]:
    """Yields objectives of an open plan that have no measure, since progress then cannot be shown later."""
    return (
        each
        for each in links.objectives.values()
        if each.id not in links.measures and links.goals[each.goal_id].is_open
    )


def loose_readings(links: Links, today: date) -> Iterator[MeasureFact]:
    """Yields measures in an open plan that had no reading for three months."""
    return (
        each
        for objective in links.objectives.values()
        if links.goals[objective.goal_id].is_open
        for each in links.measures.get(objective.id, ())
        if each.is_due(today)
    )


def loose_actions(links: Links) -> Iterator[ActionFact]:
    """Yields open actions that answer no need, except those of a goal that is a loose end itself."""
    goals = {each.id for each in loose_goals(links)}
    return (
        each
        for each in links.actions.values()
        if each.waits and each.goal_id not in goals and links.answers_nothing(each)
    )


def loose_decisions(links: Links) -> Iterator[DecisionFact]:
    """Yields decisions of meetings that have no action, except those marked as needing none."""
    acted = {each.decision_id for each in links.actions.values()}
    return (each for each in links.decisions.values() if not each.no_action and each.id not in acted)


def without_place(links: Links) -> Iterator[ActionFact]:
    """Yields open actions without a goal, except renewals of agreements, which need none."""
    return (
        each for each in links.actions.values() if each.waits and each.goal_id is None and not each.renews
    )


def _grouped(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    found: dict[int, list[T]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return dict(found)
