"""Caches HTML of the plan's views: a row, a goal's panel, a column of the board, a group of the timeline.

Each depends only on its arguments. Without the cache, Jinja would escape three thousand values for 200 rows
on each page. A change redraws only the part that contains it.
"""

import secrets
from functools import lru_cache
from typing import Any

from flask import current_app, render_template, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from engage.extensions import language
from engage.plan.overview.lines import ActionLine
from engage.plan.overview.pages.board import Column
from engage.plan.overview.pages.outline import GoalPart, PlanHead
from engage.plan.overview.pages.views import DrawnGroup

Moves = tuple[tuple[str, str], ...]

# The forms of a cached panel hold this in place of the reader's token. No title can contain it.
_TOKEN = secrets.token_urlsafe(24)

# A goal's panel offers these: the goal's links and then its objectives'.
_GOAL_VIEWS = ("goal", "new_objective", "edit_goal", "copy_goal", "shift_goal", "delete_goal")
_OBJECTIVE_VIEWS = ("objective", "edit_objective", "shift_objective", "delete_objective")


def actions_url() -> str:
    """Returns the address that an action's number is appended to; url_for for 200 rows would take a millisecond."""
    return url_for("plan.action", number=1)[:-1]


def urls() -> dict[str, str]:
    """Returns the addresses that every panel repeats; `{}` stands for the id."""
    return _urls(actions_url())


@lru_cache(maxsize=500)
def _urls(_actions_url: str) -> dict[str, str]:
    found = {name: _pattern(f"plan.{name}", "goal_id") for name in _GOAL_VIEWS}
    found |= {name: _pattern(f"plan.{name}", "objective_id") for name in _OBJECTIVE_VIEWS}
    return found | {f"line_{place}": _pattern("plan.line", place) for place in ("goal", "objective")}


def _pattern(endpoint: str, name: str) -> str:
    largest = 1_999_999_999  # an address can hold it; any slug may come before it
    values: dict[str, Any] = {name: largest}
    before, _number, after = url_for(endpoint, **values).rpartition(str(largest))
    return f"{before}{{}}{after}"


def _drawn(template: str, macro: str, *arguments: object) -> Markup:
    module = current_app.jinja_env.get_template(template).module
    return Markup(getattr(module, macro)(*arguments))  # noqa: S704 - Jinja's own


@lru_cache(maxsize=2000)
def plan_row(line: ActionLine, base_url: str, change: str, query: str) -> Markup:
    """Draws an action's row; `change` is the text of its link, or empty."""
    return _drawn("plan/overview/rows.html", "row", line, base_url, change, query)


def board_column(column: Column, moves: Moves, more_url: str, moved: int) -> Markup:
    """Draws a column of the board.

    `moves` are the statuses its cards may go to, empty for readers who may not move them. `moved` is the
    number of the card that was just moved, which is shown even if its column would fold it.
    """
    here = moved if any(row.number == moved for row in column.lines.rows) else 0
    return _column(column, moves, more_url, here, actions_url(), language())


@lru_cache(maxsize=100)
def _column(column: Column, moves: Moves, more_url: str, moved: int, base_url: str, _language: str) -> Markup:
    return _drawn("plan/overview/cards.html", "column", column, moves, more_url, moved, base_url)


@lru_cache(maxsize=100)
def timeline_group(group: DrawnGroup, lines: tuple[float, ...], today: float | None, base_url: str) -> Markup:
    """Draws a group of the timeline; `lines` and `today` are places on the scale, in percent."""
    return _drawn("plan/overview/bars.html", "group", group, lines, today, base_url)


def goal_panel(part: GoalPart, standing: PlanHead, query: str) -> Markup:
    """Draws a goal with its objectives and actions, as in the list. A change redraws only its own goal."""
    return _own(_panel(part, standing.may_work, standing.may_edit, query, actions_url(), language()))


def _own(kept: str) -> Markup:
    """Puts the reader's session token into the cached HTML."""
    return Markup(kept.replace(_TOKEN, generate_csrf()))  # noqa: S704 - Jinja's own


@lru_cache(maxsize=100)
def _panel(part: GoalPart, may_work: bool, may_edit: bool, query: str, base_url: str, _language: str) -> str:
    return render_template(
        "plan/overview/_goal.html",
        part=part,
        may_work=may_work,
        may_edit=may_edit,
        query=query,
        actions_url=base_url,
        urls=_urls(base_url),
        token=_TOKEN,
        adding=None,
        oob=False,
    )
