"""Builds the chain as a table: a row for each action, after what it answers and before what was done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from flask_babel import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from engage.chain import queries, words
from engage.chain.lines.pages import Link, Writer
from engage.chain.rules import ActionFact, GoalFact, Links, NeedFact
from engage.coalitions.models import Membership
from engage.web.csv_files import Field
from engage.web.lists import ListFilters, flag_asked, text_asked


class Filters(ListFilters, frozen=True):
    """The filters in the address: a focus area, closed plans as well, names left out."""

    area: str = text_asked(60)
    closed: bool = flag_asked("all", says="plans")
    names: bool = flag_asked("no", usual=True)


class ChainRow(Struct, frozen=True):
    """An action with its place in the plan. `because` is its own origin, besides any need."""

    goal: Link | None = None
    objective: Link | None = None
    action: Link | None = None
    who: str = ""
    standing: str = ""
    because: Link | None = None
    since: Link | None = None
    readings: Sequence[Link] = ()


class Group(Struct, frozen=True):
    """The actions that answer one need, or those that answer none. A need without actions has no row."""

    need: Link | None
    because: Link | None
    strengths: Sequence[Link]
    since: Link | None
    rows: Sequence[ChainRow]


class Table(Struct, frozen=True):
    """The table; `sees_all` says whether the reader sees answers, needs and strengths."""

    groups: Sequence[Group]
    sees_all: bool

    @property
    def lines(self) -> list[tuple[Group, ChainRow | None]]:
        """Returns each row with its group; a group without rows is a line of its own."""
        return [(group, row) for group in self.groups for row in group.rows or (None,)]

    @property
    def actions(self) -> int:
        return sum(row.action is not None for group in self.groups for row in group.rows)

    @property
    def needs(self) -> int:
        return sum(group.need is not None for group in self.groups)


def table_of(membership: Membership, filters: Filters) -> Table:
    """Builds the whole table by need, in a number of queries that does not grow with it."""
    links = queries.all_links(membership)
    writer = Writer.of(membership, links, names=filters.names)
    maker = _Maker(writer, links, filters)
    return Table(list(maker.groups()), writer.sees_all)


class _Maker(Struct, frozen=True):
    writer: Writer
    links: Links
    filters: Filters

    def groups(self) -> Iterator[Group]:
        """Yields the groups. A viewer, who may not see needs, reads everything in the order of the plan."""
        seen: set[int] = set()
        for need in self.links.needs.values() if self.writer.sees_all else ():
            actions = [each for each in self._actions_of(need) if each.id not in seen]
            seen |= {each.id for each in actions}
            if (actions or need.is_open) and self._is_asked(need.area):
                yield self._of_need(need, actions)
        if rows := list(self._rest(seen)):
            yield Group(None, None, (), None, rows)

    def _is_asked(self, area: str) -> bool:
        return not self.filters.area or area == self.filters.area

    def _is_shown(self, action: ActionFact) -> bool:
        return self.filters.closed or action.is_open

    def _actions_of(self, need: NeedFact) -> list[ActionFact]:
        """Returns its own actions, and those of goals that claim to answer it."""
        links = self.links
        of_goals = [each for goal in links.goals_of(need) for each in links.actions_of_goal(goal)]
        found = dict.fromkeys([*links.actions_of(need), *of_goals])
        return [each for each in found if self._is_shown(each) and need in links.needs_of_action(each)]

    def _of_need(self, need: NeedFact, actions: Sequence[ActionFact]) -> Group:
        writer = self.writer
        waiting = [goal for goal in self.links.goals_of(need) if goal.is_open] if not actions else []
        return Group(
            need=writer.need(need),
            because=writer.because(need),
            strengths=[writer.match(each) for each in self.links.matches_of(need)],
            since=writer.since(need),
            rows=[*map(self._row, actions), *(ChainRow(goal=writer.goal(each)) for each in waiting)],
        )

    def _rest(self, seen: set[int]) -> Iterator[ChainRow]:
        """Yields actions that answer no shown need: by goal in the plan's order, then those under no goal."""
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
        """Returns whether work on it has begun, or it is already listed with a need."""
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
            who=words.who(action, writer.names),
            standing=words.standing(action, writer.today),
            because=writer.because(action),
            since=writer.since(action),
            readings=writer.readings([objective]) if objective is not None else (),
        )


def grouped(lines: Iterable[tuple[Group, ChainRow | None]]) -> list[Group]:
    """Returns the groups of a page's lines, each with its rows on this page."""
    found: list[Group] = []
    for group, lines_of_group in groupby(lines, key=itemgetter(0)):
        rows = [row for _group, row in lines_of_group if row is not None]
        found.append(replace(group, rows=rows))
    return found


def file(table: Table) -> tuple[list[str], list[list[Field]]]:
    """Returns the heading and rows for a spreadsheet; every row is complete."""
    head = [_("Goal"), _("Objective"), _("Measure of success"), _("Action"), _("Who"), _("Status")]
    head.append(_("Reading"))
    if table.sees_all:
        head = [_("Because"), _("Need"), _("Strengths"), *head, _("Since then")]
    return head, [_fields(group, row or ChainRow(), table.sees_all) for group, row in table.lines]


def _fields(group: Group, row: ChainRow, sees_all: bool) -> list[Field]:
    measure = row.objective.note if row.objective is not None else ""
    plan: list[Field] = [_text(row.goal), _text(row.objective), measure, _text(row.action)]
    plan += [row.who, row.standing, "; ".join(each.text for each in row.readings)]
    if not sees_all:
        return plan
    strengths = "; ".join(each.text for each in group.strengths)
    because, since = group.because or row.because, group.since or row.since
    return [_text(because), _text(group.need), strengths, *plan, _text(since)]


def _text(link: Link | None) -> str:
    return link.text if link is not None else ""
