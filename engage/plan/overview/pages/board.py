"""Shows the plan as a board: a column for each status, with its first actions as cards."""

from collections import defaultdict
from datetime import date

from msgspec import Struct

from engage.coalitions.models import Membership
from engage.database import SelectedRow
from engage.i18n import gettext as _
from engage.plan.labels import STATUS_LABELS, STATUS_TAGS
from engage.plan.models import Plan
from engage.plan.overview import queries as overview_queries
from engage.plan.overview.lines import ActionLine, Wording, line_maker, wording
from engage.plan.overview.pages.groups import goal_choices
from engage.plan.overview.pages.outline import PlanHead, plan_head
from engage.plan.overview.queries import ActionFilters
from engage.plan.rules import ActionStatus

# overview-views.css folds the other cards of a column, so that five columns fit on three screens and within
# ninety presses of Tab.
AT_ONCE = 5


class BoardCard(Struct, frozen=True):
    """An action as a card; `version` is the one for which its moves were decided, `goal` is its goal's name."""

    line: ActionLine
    version: int
    goal: str


class BoardColumn(Struct, frozen=True):
    """A column of the board: `total` actions have this status, and the board shows the first of them.

    The column's HTML is cached under the column's value, so it holds rows and their wording, and makes cards
    only when it is rendered.
    """

    status: ActionStatus
    title: str
    tag: str
    rows: tuple[SelectedRow, ...]
    wording: Wording
    # These are goals as (id, "Goal 1"), for the cards.
    goals: tuple[tuple[int, str], ...]
    total: int

    @property
    def cards(self) -> list[BoardCard]:
        goals, line = dict(self.goals), line_maker(self.wording)
        return [BoardCard(line(row), row.version, goals.get(row.goal_id, "")) for row in self.rows]

    @property
    def more(self) -> int:
        return self.total - len(self.rows)

    @property
    def folded(self) -> int:
        return max(len(self.rows) - AT_ONCE, 0)


class ActionBoard(Struct, frozen=True):
    standing: PlanHead
    columns: list[BoardColumn]
    # A card may be moved to these, as (status, words).
    moves: tuple[tuple[str, str], ...]
    goal_choices: list[tuple[int, str]]
    shown: int
    page: int = 1
    pages: int = 1


def board(membership: Membership, plan: Plan, today: date, filters: ActionFilters) -> ActionBoard:
    """Builds the board in a number of queries that does not depend on the rows."""
    choices = goal_choices(membership, plan)
    goals = tuple(
        (goal_id, _("Goal %(number)s", number=number)) for number, (goal_id, _title) in enumerate(choices, 1)
    )
    said = wording(membership, plan, today)
    rows: dict[ActionStatus, list[SelectedRow]] = defaultdict(list)
    for row in overview_queries.board_rows_of(membership, plan.id, filters, today):
        rows[row.status].append(row)
    totals = {status: found[0].total for status, found in rows.items()}
    return ActionBoard(
        standing=plan_head(membership, plan, today),
        columns=[
            BoardColumn(
                each,
                str(STATUS_LABELS[each]),
                STATUS_TAGS[each],
                tuple(rows[each]),
                said,
                goals,
                totals.get(each, 0),
            )
            for each in ActionStatus
        ],
        moves=tuple((each.value, str(STATUS_LABELS[each])) for each in ActionStatus),
        goal_choices=choices,
        shown=sum(totals.values()),
    )
