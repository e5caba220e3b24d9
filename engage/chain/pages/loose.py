"""Builds the pages of loose ends."""

from __future__ import annotations

from collections.abc import Sequence

from flask import url_for
from msgspec import Struct

from engage.chain import queries, rules
from engage.chain.pages.lines import ChainLink, ChainWriter
from engage.chain.rules import (
    ActionFact,
    DecisionFact,
    GoalFact,
    Links,
    Loose,
    MatchFact,
    NeedFact,
    ObjectiveFact,
)
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.plan.measures.labels import latest_words, measure_url
from engage.plan.measures.rules import MeasureFact
from engage.web.lists import Pages, page_of

# The page of all kinds lists this many loose ends of each, the first few unfolded; a kind's own page lists
# all.
SHOWN = 10
AT_ONCE = 2
PAGE_ROWS = 200

TITLES = {
    Loose.NEED: _l("Needs no one is working on"),
    Loose.MATCH: _l("Matches not asked about yet"),
    Loose.GOAL: _l("Goals not linked to a need"),
    Loose.OBJECTIVE: _l("Objectives without a measure"),
    Loose.READING: _l("Measures without a reading for three months"),
    Loose.ACTION: _l("Actions not linked to a need"),
    Loose.PLACE: _l("Actions not yet under a goal"),
    Loose.DECISION: _l("Decisions without an action"),
}
WHY = {
    Loose.NEED: _l("You chose to work on these. Make an action from a match, or link the need to a goal."),
    Loose.MATCH: _l("A strength fits, but no one has asked yet. Often one call is enough."),
    Loose.GOAL: _l("Say which need each goal answers, so that everyone can see why it is there."),
    Loose.OBJECTIVE: _l("Without a number to track, no one can say later whether it was reached."),
    Loose.READING: _l("One number each quarter is enough to see whether the objective moves."),
    Loose.ACTION: _l(
        "Nothing here says why these are being done. Choose the need, or ask whether they still matter."
    ),
    Loose.DECISION: _l("These were decided at a meeting, but no one has started on them yet."),
    Loose.PLACE: _l("These were added in one step. Choose the goal that each one supports."),
}


class End(Struct, frozen=True):
    """A loose end with the page that fixes it; `url` is None if the reader may not fix it."""

    link: ChainLink
    label: str
    url: str | None


class LooseKind(Struct, frozen=True):
    kind: Loose
    ends: Sequence[End]
    total: int
    all_url: str
    pages: Pages | None = None

    @property
    def title(self) -> str:
        return str(TITLES[self.kind])

    @property
    def why(self) -> str:
        return str(WHY[self.kind])

    @property
    def more(self) -> int:
        return self.total - len(self.ends)

    @property
    def first(self) -> Sequence[End]:
        """Returns the loose ends that are shown unfolded beside other kinds; never leaves only one folded."""
        return self.ends if len(self.ends) <= AT_ONCE + 1 else self.ends[:AT_ONCE]

    @property
    def folded(self) -> Sequence[End]:
        return self.ends[len(self.first) :]


def kinds_of(membership: Membership) -> tuple[list[LooseKind], bool]:
    """Returns every kind that has loose ends, with the first few of each, and whether there was anything to check."""
    links = queries.all_links(membership)
    kinds = [
        LooseKind(kind, ends[:SHOWN], len(ends), url_for("chain.loose_ends", kind=kind.value))
        for kind, ends in _ends(membership, links).items()
        if ends
    ]
    return kinds, not links.is_empty


def kind_of(membership: Membership, kind: Loose, page: str) -> LooseKind:
    """Returns one page of the loose ends of one kind."""

    def url(number: int) -> str:
        return url_for("chain.loose_ends", kind=kind.value, page=number)

    ends = _ends(membership, queries.all_links(membership))[kind]
    shown, pages = page_of(ends, page, url, PAGE_ROWS)
    return LooseKind(kind, shown, len(ends), url(1), pages)


def _ends(membership: Membership, links: Links) -> dict[Loose, list[End]]:
    writer = _Ends(ChainWriter.of(membership, links), may(membership.role, Permission.EDIT_PLAN))
    return {
        Loose.NEED: [writer.need(each) for each in rules.loose_needs(links)],
        Loose.MATCH: [writer.match(each) for each in rules.loose_matches(links)],
        Loose.GOAL: [writer.goal(each) for each in rules.loose_goals(links)],
        Loose.OBJECTIVE: [writer.objective(each) for each in rules.loose_objectives(links)],
        Loose.READING: [writer.reading(each) for each in rules.loose_readings(links, writer.writer.today)],
        Loose.ACTION: [writer.action(each) for each in rules.loose_actions(links)],
        Loose.DECISION: [writer.decision(each) for each in rules.loose_decisions(links)],
        Loose.PLACE: [writer.action(each, _("Choose its goal")) for each in rules.without_place(links)],
    }


class _Ends(Struct, frozen=True):
    writer: ChainWriter
    edits_plan: bool

    def need(self, need: NeedFact) -> End:
        url = url_for("strengths.choose", number=need.number)
        return End(self.writer.need(need), _("Find a strength"), url)

    def match(self, match: MatchFact) -> End:
        link = self.writer.match(match)
        need = self.writer.links.needs[match.need_id]
        note = _("for need %(number)s: %(title)s", number=need.number, title=need.title)
        return End(ChainLink(link.text, link.url, note), _("Ask"), link.url)

    def goal(self, goal: GoalFact) -> End:
        url = url_for("plan.edit_goal", goal_id=goal.id) if self.edits_plan else None
        return End(self.writer.goal(goal), _("Choose its needs"), url)

    def objective(self, objective: ObjectiveFact) -> End:
        url = url_for("plan.new_measure", objective_id=objective.id) if self.edits_plan else None
        goal = self.writer.links.goals[objective.goal_id]
        link = self.writer.objective(objective)
        return End(ChainLink(link.text, link.url, goal.title), _("Add a measure"), url)

    def reading(self, measure: MeasureFact) -> End:
        link = ChainLink(
            measure.title,
            measure_url(measure.objective_id, measure.id),
            latest_words(measure, self.writer.today),
        )
        return End(link, _("Add a reading"), url_for("plan.new_reading", measure_id=measure.id))

    def decision(self, decision: DecisionFact) -> End:
        link = self.writer.decision(decision)
        return End(link, _("Make this an action"), link.url)

    def action(self, action: ActionFact, label: str = "") -> End:
        url = url_for("plan.edit_action", number=action.number)
        return End(self.writer.action(action), label or _("Choose its need"), url)
