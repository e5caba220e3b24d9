"""Makes the addresses that the plan's views repeat, and caches the HTML that shows two hundred actions.

docs/speed.md has the measurement: without the cache, list and board take more than four times as long as an
empty page. Cached HTML depends on its arguments alone, and holds no CSRF token.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from flask import current_app, url_for
from markupsafe import Markup

from engage.extensions import language
from engage.plan.overview.lines import ActionLine
from engage.plan.overview.pages.board import BoardColumn

Moves = tuple[tuple[str, str], ...]

# A goal's panel has these links: the goal's own, and then its objectives'.
_GOAL_VIEWS = ("goal", "new_objective", "edit_goal", "copy_goal", "shift_goal", "delete_goal")
_OBJECTIVE_VIEWS = ("objective", "edit_objective", "shift_objective", "delete_objective")


def actions_url() -> str:
    """Returns the address that an action's number is appended to; url_for for 200 rows would take a millisecond."""
    return url_for("plan.action", number=1)[:-1]


def urls() -> dict[str, str]:
    """Returns the addresses that every panel repeats; `{}` stands for the id."""
    found = {name: _pattern(f"plan.{name}", "goal_id") for name in _GOAL_VIEWS}
    found |= {name: _pattern(f"plan.{name}", "objective_id") for name in _OBJECTIVE_VIEWS}
    return found | {f"line_{place}": _pattern("plan.line", place) for place in ("goal", "objective")}


def _pattern(endpoint: str, name: str) -> str:
    largest = 1_999_999_999  # a valid id; a slug before it may hold the same digits
    values: dict[str, Any] = {name: largest}
    before, _number, after = url_for(endpoint, **values).rpartition(str(largest))
    return f"{before}{{}}{after}"


def board_column(column: BoardColumn, moves: Moves, more_url: str, moved: int) -> Markup:
    """Renders a column of the board.

    `moves` are the statuses its cards may go to, empty for readers who may not move them. `moved` is the
    number of the card that was just moved, which is shown even if its column would fold it.
    """
    here = moved if any(row.number == moved for row in column.rows) else 0
    return _column(column, moves, more_url, here, actions_url(), language())


@lru_cache(maxsize=100)
def _column(
    column: BoardColumn, moves: Moves, more_url: str, moved: int, base_url: str, _language: str
) -> Markup:
    return _drawn("plan/overview/cards.html", "column", column, moves, more_url, moved, base_url)


def plan_table(lines: Iterable[ActionLine], may_work: bool, caption: str, query: str) -> Markup:
    """Renders actions as a table; `query` is the page's query string, such as "?late=1"."""
    return _table(tuple(lines), actions_url(), may_work, caption, query, language())


@lru_cache(maxsize=500)
def _table(
    lines: tuple[ActionLine, ...], base_url: str, may_work: bool, caption: str, query: str, _language: str
) -> Markup:
    return _drawn("plan/overview/rows.html", "table", lines, base_url, may_work, caption, query)


def _drawn(template: str, macro: str, *arguments: object) -> Markup:
    module = current_app.jinja_env.get_template(template).module
    return Markup(getattr(module, macro)(*arguments))  # noqa: S704 - Jinja's own
