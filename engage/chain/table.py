"""Builds the chain as a table: a row for each action, from the need that it answers to what was reached."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from msgspec import Struct
from msgspec.structs import replace

from engage.chain import labels, queries
from engage.chain.pages.lines import ChainLink, ChainWriter
from engage.chain.rules import ActionFact, GoalFact, Links, NeedFact
from engage.coalitions.models import Membership
from engage.i18n import gettext as _
from engage.web.csv_files import Field
from engage.web.lists import ListFilters, flag_asked, text_asked


class ChainFilters(ListFilters, frozen=True):
    """The filters in the address: a focus area, whether to include closed plans, whether to leave out names."""

    area: str = text_asked(60)
    closed: bool = flag_asked("all", says="plans")
    names: bool = flag_asked("no", usual=True)


class ChainRow(Struct, frozen=True):
    """An action with its goal and objective. `because` is the action's own origin, besides any need."""

    goal: ChainLink | None = None
    objective: ChainLink | None = None
    action: ChainLink | None = None
    who: str = ""
    standing: str = ""
    because: ChainLink | None = None
    since: ChainLink | None = None
    readings: Sequence[ChainLink] = ()


class ChainGroup(Struct, frozen=True):
    """The actions that answer one need, or those that answer none. A need without actions has no row."""

    need: ChainLink | None
    because: ChainLink | None
    strengths: Sequence[ChainLink]
    since: ChainLink | None
    rows: Sequence[ChainRow]


class ChainTable(Struct, frozen=True):
    """The table; `sees_all` says whether the reader sees answers, needs and strengths."""

    groups: Sequence[ChainGroup]
    sees_all: bool

    @property
    def lines(self) -> list[tuple[ChainGroup, ChainRow | None]]:
        """Returns each row with its group; a group without rows takes a line of its own."""
        return [(group, row) for group in self.groups for row in group.rows or (None,)]

    @property
    def actions(self) -> int:
        return sum(row.action is not None for group in self.groups for row in group.rows)

    @property
    def needs(self) -> int:
        return sum(group.need is not None for group in self.groups)


def table_of(membership: Membership, filters: ChainFilters) -> ChainTable:
    """Builds the whole table by need; the number of queries does not grow with the table."""
    links = queries.all_links(membership)
    writer = ChainWriter.of(membership, links, names=filters.names)
    maker = _Maker(writer, links, filters)
    return ChainTable(list(maker.groups()), writer.sees_all)


class _Maker(Struct, frozen=True):
    writer: ChainWriter
    links: Links
    filters: ChainFilters

    def groups(self) -> Iterator[ChainGroup]:
        """Yields the groups of the table. A viewer may not see needs, and gets all actions in the order of the plan."""
        seen: set[int] = set()
        for need in self.links.needs.values() if self.writer.sees_all else ():
            actions = [each for each in self._actions_of(need) if each.id not in seen]
            seen |= {each.id for each in actions}
            if (actions or need.is_open) and self._is_asked(need.area):
                yield self._of_need(need, actions)
        if rows := list(self._rest(seen)):
            yield ChainGroup(None, None, (), None, rows)

    def _is_asked(self, area: str) -> bool:
        return not self.filters.area or area == self.filters.area

    def _is_shown(self, action: ActionFact) -> bool:
        return self.filters.closed or action.is_open

    def _actions_of(self, need: NeedFact) -> list[ActionFact]:
        """Returns the need's own actions, and those of goals that say they answer it."""
        links = self.links
        of_goals = [each for goal in links.goals_of(need) for each in links.actions_of_goal(goal)]
        found = dict.fromkeys([*links.actions_of(need), *of_goals])
        return [each for each in found if self._is_shown(each) and need in links.needs_of_action(each)]

    def _of_need(self, need: NeedFact, actions: Sequence[ActionFact]) -> ChainGroup:
        writer = self.writer
        waiting = [goal for goal in self.links.goals_of(need) if goal.is_open] if not actions else []
        return ChainGroup(
            need=writer.need(need),
            because=writer.because(need),
            strengths=[writer.match(each) for each in self.links.matches_of(need)],
            since=writer.since(need),
            rows=[*map(self._row, actions), *(ChainRow(goal=writer.goal(each)) for each in waiting)],
        )

    def _rest(self, seen: set[int]) -> Iterator[ChainRow]:
        """Yields actions that answer no need in the table: by goal in the plan's order, then those without a goal."""
        rest: dict[int | None, list[ActionFact]] = defaultdict(list)
        for action in self.links.actions.values():
            if action.id not in seen and self._is_shown(action):
                rest[action.goal_id].append(action)
        for goal in self.links.goals.values():
            if self._is_asked(goal.area):
                if goal.is_open and not self._is_started(goal):
                    yield ChainRow(goal=self.writer.goal(goal))
                yield from map(self._row, rest[goal.id])
        if not self.filters.area:
            yield from map(self._row, rest[None])

    def _is_started(self, goal: GoalFact) -> bool:
        """Returns whether the goal has an action, or is already listed with a need."""
        return bool(
            self.links.actions_of_goal(goal) or (self.writer.sees_all and self.links.needs_of_goal(goal))
        )

    def _row(self, action: ActionFact) -> ChainRow:
        writer, links = self.writer, self.links
        goal = links.goals.get(action.goal_id or 0)
        objective = links.objectives.get(action.objective_id or 0)
        return ChainRow(
            goal=writer.goal(goal) if goal is not None else None,
            objective=writer.objective(objective) if objective is not None else None,
            action=writer.action(action),
            who=labels.who(action, writer.names),
            standing=labels.status_label(action, writer.today),
            because=writer.because(action),
            since=writer.since(action),
            readings=writer.readings([objective]) if objective is not None else (),
        )


def grouped(lines: Iterable[tuple[ChainGroup, ChainRow | None]]) -> list[ChainGroup]:
    """Returns the groups of one page's lines, each with its rows on this page."""
    found: list[ChainGroup] = []
    for group, lines_of_group in groupby(lines, key=itemgetter(0)):
        rows = [row for _group, row in lines_of_group if row is not None]
        found.append(replace(group, rows=rows))
    return found


def file(table: ChainTable) -> tuple[list[str], list[list[Field]]]:
    """Returns the heading and rows for a spreadsheet; every row repeats what it shares with the row above."""
    head = [_("Goal"), _("Objective"), _("Measure of success"), _("Action"), _("Who"), _("Status")]
    head.append(_("Reading"))
    if table.sees_all:
        head = [_("Because"), _("Need"), _("Strengths"), *head, _("Since then")]
    return head, [_fields(group, row or ChainRow(), table.sees_all) for group, row in table.lines]


def _fields(group: ChainGroup, row: ChainRow, sees_all: bool) -> list[Field]:
    measure = row.objective.note if row.objective is not None else ""
    plan: list[Field] = [_text(row.goal), _text(row.objective), measure, _text(row.action)]
    plan += [row.who, row.standing, "; ".join(each.text for each in row.readings)]
    if not sees_all:
        return plan
    strengths = "; ".join(each.text for each in group.strengths)
    because, since = group.because or row.because, group.since or row.since
    return [_text(because), _text(group.need), strengths, *plan, _text(since)]


def _text(link: ChainLink | None) -> str:
    return link.text if link is not None else ""
