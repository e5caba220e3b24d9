"""Builds the line on a thing's page that shows why it exists and what followed from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace

from engage import clock
from engage.chain import labels, queries
from engage.chain.rules import ActionFact, DecisionFact, GoalFact, Links, MatchFact, NeedFact, ObjectiveFact
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.i18n import gettext as _
from engage.meetings.models import Decision
from engage.plan.actions.outcomes import titled
from engage.plan.labels import origin
from engage.plan.measures.labels import measure_url
from engage.plan.measures.rules import MeasureFact
from engage.plan.models import Action, Goal, Objective
from engage.strengths.matches import queries as matches_queries
from engage.strengths.models import Match, Need, Strength
from engage.strengths.needs.gaps import ShownRounds, shown_rounds
from engage.strengths.rules import MatchState
from engage.toolkit.labels import place_url

T = TypeVar("T")
# This many things of each kind are named; the others are counted.
MOST = 3


# A thing's own page shows this many steps of its chain, and this many links of each; the others are folded
# away.
NEAR, NEAR_LINKS = 4, 2


class ChainLink(Struct, frozen=True):
    """A thing by its name; `note` adds its status. `is_here` marks the thing whose page this is."""

    text: str
    url: str | None = None
    note: str = ""
    is_here: bool = False


class ChainStep(Struct, frozen=True):
    """A step of the chain: the named things, and how many more there are.

    `lead` is the text before the names, empty if they need none.
    """

    lead: str
    links: Sequence[ChainLink]
    more: int = 0


def _short(step: ChainStep) -> ChainStep:
    first = sorted(step.links, key=lambda link: not link.is_here)[:NEAR_LINKS]
    return replace(step, links=first, more=step.more + len(step.links) - len(first))


class ChainSteps(Struct, frozen=True):
    steps: Sequence[ChainStep]

    @property
    def near(self) -> tuple[ChainStep, ...]:
        """Returns the few steps around the thing whose page this is, with the first links of each, for a quick look."""
        here = next((n for n, step in enumerate(self.steps) if any(link.is_here for link in step.links)), 0)
        first = max(0, min(here - NEAR // 2, len(self.steps) - NEAR))
        return tuple(_short(step) for step in self.steps[first : first + NEAR])

    @property
    def is_long(self) -> bool:
        """Returns whether `near` leaves anything out."""
        return len(self.steps) > NEAR or any(len(step.links) > NEAR_LINKS for step in self.steps)

    def __bool__(self) -> bool:
        """Returns whether the chain contains more than the thing whose page this is."""
        return any(not link.is_here for step in self.steps for link in step.links)


class ChainWriter(Struct, frozen=True):
    """Builds lines from links that were read together. `names` says whether people are named."""

    links: Links
    rounds: ShownRounds
    today: date
    sees_all: bool
    names: bool

    @classmethod
    def of(cls, membership: Membership, links: Links, *, names: bool = True) -> ChainWriter:
        sees_all = may(membership.role, Permission.SEE_ALL)
        things: list[NeedFact | ActionFact] = [*links.needs.values(), *links.actions.values()]
        asked = {each.round_id for each in things if each.round_id is not None}
        # The results of rounds take two queries; they are read only if something depends on answers.
        rounds = shown_rounds(membership, asked) if sees_all and asked else ShownRounds(())
        today = clock.today(membership.coalition.time_zone)
        return cls(links, rounds, today, sees_all, names and sees_all)

    # -- the names of things

    def because(self, thing: NeedFact | ActionFact) -> ChainLink | None:
        """Returns the origin of a need or action: answers of a round, a tip, or an idea."""
        if not self.sees_all:
            return None
        if (shown := self.rounds.of(thing.round_id)) is not None:
            text = labels.because(shown, thing.indicator)
            return ChainLink(text, labels.results_url(shown, thing.indicator))
        if isinstance(thing, ActionFact) and thing.item is not None:
            return ChainLink(origin(thing.item, None, ""), url_for("checklist.item", key=thing.item))
        if thing.idea is not None:
            url = place_url(thing.idea.area, thing.idea.section, thing.idea.note_id)
            return ChainLink(labels.idea_words(thing.idea), url)
        return None

    def since(self, thing: NeedFact | ActionFact) -> ChainLink | None:
        """Returns what the latest round says about the question from which a need or action came."""
        own, later = (
            self.rounds.of(thing.round_id),
            self.rounds.since(thing.round_id, thing.indicator),
        )
        if own is None or later is None:
            return None
        url = labels.results_url(later, thing.indicator)
        return ChainLink(labels.since(own, later, thing.indicator), url)

    def need(self, need: NeedFact) -> ChainLink:
        text = _("Need %(number)s: %(title)s", number=need.number, title=need.title)
        closed = "" if need.is_open else _("no longer a need")
        return ChainLink(text, url_for("strengths.need", number=need.number), closed)

    def match(self, match: MatchFact) -> ChainLink:
        return ChainLink(labels.offers(match, self.names), url_for("strengths.match", match_id=match.id))

    def goal(self, goal: GoalFact) -> ChainLink:
        return ChainLink(goal.title, url_for("plan.goal", goal_id=goal.id))

    def objective(self, objective: ObjectiveFact) -> ChainLink:
        return ChainLink(
            objective.title, url_for("plan.objective", objective_id=objective.id), objective.measure
        )

    def reading(self, measure: MeasureFact) -> ChainLink | None:
        """Returns the latest reading of a measure; None if there is none yet."""
        if measure.latest is None:
            return None
        return ChainLink(labels.reading(measure, self.today), measure_url(measure.objective_id, measure.id))

    def readings(self, objectives: Iterable[ObjectiveFact]) -> list[ChainLink]:
        measured = (self.links.measures.get(each.id, ()) for each in objectives)
        found = [self.reading(measure) for own in measured for measure in own]
        return [each for each in found if each is not None]

    def decision(self, decision: DecisionFact) -> ChainLink:
        said = titled(decision.text)
        text = _("Decision %(number)s: %(text)s", number=decision.number, text=said)
        return ChainLink(text, url_for("meetings.decision", number=decision.number))

    def action(self, action: ActionFact) -> ChainLink:
        text = _("Action %(number)s: %(title)s", number=action.number, title=action.title)
        who = labels.who(action, self.names)
        note = ", ".join(each for each in (who, labels.status_label(action, self.today)) if each)
        return ChainLink(text, url_for("plan.action", number=action.number), note)

    # -- the whole line

    def line(
        self,
        *,
        needs: Sequence[NeedFact],
        matches: Sequence[MatchFact],
        goals: Sequence[GoalFact],
        objectives: Sequence[ObjectiveFact],
        actions: Sequence[ActionFact],
        here: object,
        strength: ChainLink | None = None,
    ) -> ChainSteps:
        """Returns the line from a round's answers to those of the next round.

        `here` is the thing whose page shows the line; `strength` is shown in place of the matches.
        """
        sources: Sequence[NeedFact | ActionFact] = needs or (actions if here in actions else ())
        first = next(iter(sources), None)

        def own(fact: T, name: Callable[[T], ChainLink]) -> ChainLink:
            link = name(fact)
            return ChainLink(link.text, None, link.note, is_here=True) if fact == here else link

        strengths = [own(each, self.match) for each in matches] if self.sees_all else []
        found = [
            self._step(_("Because"), [self.because(first)] if first is not None else [], len(needs) - 1),
            self._step("", [own(each, self.need) for each in needs] if self.sees_all else []),
            self._step("", [strength, *strengths]),
            self._step(_("Goal"), [own(each, self.goal) for each in goals]),
            self._step(_("Objective"), [own(each, self.objective) for each in objectives]),
            self._step("", [own(each, self.decision) for each in self._decisions(actions)]),
            self._step(
                "", [own(each, self.action) for each in sorted(actions, key=lambda each: not each.counts)]
            ),
            self._step(_("Reading"), self.readings(objectives)),
            self._step(_("Since then"), [self.since(first)] if first is not None else [], len(needs) - 1),
        ]
        return ChainSteps([step for step in found if step is not None])

    def _step(self, lead: str, links: Iterable[ChainLink | None], unsaid: int = 0) -> ChainStep | None:
        """Returns a step; `unsaid` is the number of further things that the links do not include."""
        known = [each for each in links if each is not None]
        if not known:
            return None
        return ChainStep(lead, known[:MOST], max(len(known) - MOST, 0) + max(unsaid, 0))

    def of_need(self, need: NeedFact) -> ChainSteps:
        links = self.links
        actions = links.actions_of(need)
        goals = links.goals_of(need)
        return self.line(
            needs=[need],
            matches=links.matches_of(need),
            goals=goals,
            objectives=self._objectives(actions, goals),
            actions=actions or [each for goal in goals for each in links.actions_of_goal(goal)],
            here=need,
        )

    def of_match(self, match: MatchFact) -> ChainSteps:
        links = self.links
        need = links.needs[match.need_id]
        actions = [each for each in links.actions_of(need) if each.match_id == match.id]
        goals = self._goals(actions) or links.goals_of(need)
        return self.line(
            needs=[need],
            matches=[match],
            goals=goals,
            objectives=self._objectives(actions, ()),
            actions=actions,
            here=match,
        )

    def of_strength(self, strength_id: int, title: str) -> ChainSteps:
        """Returns the line of a strength, which stands in place of its matches, since it may serve several needs."""
        links = self.links
        matches = [each for each in links.matches.values() if each.strength_id == strength_id]
        keys = {each.id for each in matches}
        actions = [each for each in links.actions.values() if each.match_id in keys]
        return self.line(
            needs=[links.needs[each.need_id] for each in matches if each.state is not MatchState.DECLINED],
            matches=(),
            goals=self._goals(actions),
            objectives=self._objectives(actions, ()),
            actions=actions,
            here=None,
            strength=ChainLink(_("Strength: %(what)s", what=title), is_here=True),
        )

    def of_goal(self, goal: GoalFact) -> ChainSteps:
        links = self.links
        actions = links.actions_of_goal(goal)
        needs = links.needs_of_goal(goal)
        return self.line(
            needs=needs,
            matches=[each for need in needs for each in links.matches_of(need)],
            goals=[goal],
            objectives=self._objectives((), [goal]),
            actions=actions,
            here=goal,
        )

    def of_objective(self, objective: ObjectiveFact) -> ChainSteps:
        links = self.links
        goal = links.goals[objective.goal_id]
        actions = links.actions_of_objective(objective)
        needs = list(dict.fromkeys(need for each in actions for need in links.needs_of_action(each)))
        needs = needs or list(links.needs_of_goal(goal))
        return self.line(
            needs=needs,
            matches=self._matches(actions),
            goals=[goal],
            objectives=[objective],
            actions=actions,
            here=objective,
        )

    def of_action(self, action: ActionFact) -> ChainSteps:
        return self.line(
            needs=self.links.needs_of_action(action),
            matches=self._matches([action]),
            goals=self._goals([action]),
            objectives=self._objectives([action], ()),
            actions=[action],
            here=action,
        )

    def of_indicator(self, round_id: int, indicator: str) -> ChainSteps | None:
        """Returns what was done about a low rating in a round; None if nothing was."""
        links = self.links
        gap = (round_id, indicator)
        needs = [each for each in links.needs.values() if (each.round_id, each.indicator) == gap]
        if needs:
            return ChainSteps(self.of_need(needs[0]).steps[1:])
        own = [each for each in links.actions.values() if (each.round_id, each.indicator) == gap]
        if not own:
            return None
        return self.line(
            needs=(),
            matches=(),
            goals=self._goals(own),
            objectives=self._objectives(own, ()),
            actions=own,
            here=None,
        )

    def of_decision(self, actions: Sequence[ActionFact], decision: object) -> ChainSteps:
        links = self.links
        return self.line(
            needs=list(dict.fromkeys(need for each in actions for need in links.needs_of_action(each))),
            matches=self._matches(actions),
            goals=self._goals(actions),
            objectives=self._objectives(actions, ()),
            actions=actions,
            here=decision,
        )

    def _decisions(self, actions: Sequence[ActionFact]) -> list[DecisionFact]:
        """Returns the decisions from which the actions came; none for a viewer, who does not see meetings."""
        keys = dict.fromkeys(each.decision_id for each in actions if each.decision_id is not None)
        found = [self.links.decisions[key] for key in keys if key in self.links.decisions]
        return found if self.sees_all else []

    def _matches(self, actions: Sequence[ActionFact]) -> list[MatchFact]:
        found = dict.fromkeys(each.match_id for each in actions if each.match_id is not None)
        return [self.links.matches[key] for key in found if key in self.links.matches]

    def _goals(self, actions: Sequence[ActionFact]) -> list[GoalFact]:
        found = dict.fromkeys(each.goal_id for each in actions if each.goal_id is not None)
        return [self.links.goals[key] for key in found if key in self.links.goals]

    def _objectives(self, actions: Sequence[ActionFact], goals: Sequence[GoalFact]) -> list[ObjectiveFact]:
        """Returns the objectives of the actions; if they have none, those of the goals."""
        objectives = self.links.objectives
        found = dict.fromkeys(each.objective_id for each in actions if each.objective_id is not None)
        if found:
            return [objectives[key] for key in found if key in objectives]
        keys = {each.id for each in goals}
        return [each for each in objectives.values() if each.goal_id in keys]


# -- for other pages


def of_need(membership: Membership, need: Need) -> ChainSteps:
    links = queries.links_of_needs(membership, [need.id])
    return ChainWriter.of(membership, links).of_need(links.needs[need.id])


def of_match(membership: Membership, match: Match) -> ChainSteps:
    links = queries.links_of_needs(membership, [match.need_id])
    return ChainWriter.of(membership, links).of_match(links.matches[match.id])


def of_strength(membership: Membership, strength: Strength) -> ChainSteps:
    linked = matches_queries.matches_of(membership, strength_id=strength.id)
    links = queries.links_of_needs(membership, [each.need_id for each in linked])
    return ChainWriter.of(membership, links).of_strength(strength.id, strength.title)


def of_goal(membership: Membership, goal: Goal) -> ChainSteps:
    links = queries.links_of_goal(membership, goal.id)
    return ChainWriter.of(membership, links).of_goal(links.goals[goal.id])


def of_objective(membership: Membership, objective: Objective) -> ChainSteps:
    links = queries.links_of_goal(membership, objective.goal_id)
    return ChainWriter.of(membership, links).of_objective(links.objectives[objective.id])


def of_action(membership: Membership, action: Action) -> ChainSteps:
    links = queries.links_of_action(membership, action)
    return ChainWriter.of(membership, links).of_action(links.actions[action.id])


def of_decision(membership: Membership, decision: Decision) -> ChainSteps:
    links = queries.links_of_decision(membership, decision.id)
    actions = list(links.actions.values())
    return ChainWriter.of(membership, links).of_decision(actions, links.decisions.get(decision.id))


def of_indicators(membership: Membership, round_id: int, keys: Iterable[str]) -> dict[str, ChainSteps]:
    """Returns what was done about a round's low ratings, by indicator, without those for which nothing was done."""
    writer = ChainWriter.of(membership, queries.links_of_indicators(membership, round_id))
    found = ((key, writer.of_indicator(round_id, key)) for key in keys)
    return {key: line for key, line in found if line is not None}
