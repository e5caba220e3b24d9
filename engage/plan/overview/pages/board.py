"""Shows the plan as a board: a column for each status, with its first actions as cards."""

from collections import defaultdict
from datetime import date

from flask_babel import gettext as _
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.database import SelectedRow
from engage.plan.models import Plan
from engage.plan.overview import queries as overview_queries
from engage.plan.overview.lines import ActionLine, Lines, wording
from engage.plan.overview.pages.groups import goal_choices
from engage.plan.overview.pages.outline import PlanHead, standing
from engage.plan.overview.queries import Filters
from engage.plan.rules import ActionStatus
from engage.plan.words import STATUS_TAGS, STATUS_WORDS

# overview-views.css folds the other cards of a column, so that five columns fit on three screens and within
# ninety tab stops.
AT_ONCE = 5


class Card(Struct, frozen=True):
    """An action as a card; `version` is the one for which its moves were decided, `goal` is its goal's name."""

    line: ActionLine
    version: int
    goal: str


class Column(Struct, frozen=True):
    """A column of the board: `total` actions have this status, and the board shows the first of them."""

    status: ActionStatus
    title: str
    tag: str
    lines: Lines
    # These are goals as (id, "Goal 1"), for the cards.
    goals: tuple[tuple[int, str], ...]
    total: int

    @property
    def cards(self) -> list[Card]:
        """Makes the cards when the column is drawn; the drawn column is cached by its rows."""
        goals = dict(self.goals)
        return [
            Card(line, row.version, goals.get(row.goal_id, ""))
            for row, line in zip(self.lines.rows, self.lines, strict=True)
        ]

    @property
    def more(self) -> int:
        return self.total - len(self.lines)

    @property
    def folded(self) -> int:
        return max(len(self.lines) - AT_ONCE, 0)


class Board(Struct, frozen=True):
    standing: PlanHead
    columns: list[Column]
    # A card may be moved to these, as (status, words).
    moves: tuple[tuple[str, str], ...]
    goal_choices: list[tuple[int, str]]
    shown: int
    page: int = 1
    pages: int = 1


def board(membership: Membership, plan: Plan, today: date, filters: Filters) -> Board:
    """Builds the board in a number of queries that does not depend on the rows."""
    choices = goal_choices(membership, plan)
    goals = tuple(
        (goal_id, _("Goal %(number)s", number=number)) for number, (goal_id, _title) in enumerate(choices, 1)
    )
    said = wording(membership, today)
    rows: dict[ActionStatus, list[SelectedRow]] = defaultdict(list)
    for row in overview_queries.board_rows_of(membership, plan.id, filters, today):
        rows[row.status].append(row)
    totals = {status: found[0].total for status, found in rows.items()}
    return Board(
        standing=standing(membership, plan, today),
        columns=[
            Column(
                each,
                str(STATUS_WORDS[each]),
                STATUS_TAGS[each],
                Lines(rows[each], said),
                goals,
                totals.get(each, 0),
            )
            for each in ActionStatus
        ],
        moves=tuple((each.value, str(STATUS_WORDS[each])) for each in ActionStatus),
        goal_choices=choices,
        shown=sum(totals.values()),
    )
