"""Builds the three views of the plan's actions: list, board, timeline. Each has a template and its values."""

from datetime import date
from typing import Any

from flask import g, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from msgspec import Struct

from engage.coalitions.permissions import Permission, may
from engage.dates import day_text, in_parts
from engage.plan.models import Plan
from engage.plan.overview import rules as overview_rules
from engage.plan.overview.lines import ActionLine
from engage.plan.overview.pages import board, outline
from engage.plan.overview.pages import groups as groups_pages
from engage.plan.overview.pages.groups import Group, Groups
from engage.plan.overview.queries import Filters, Grouping, View
from engage.plan.overview.rules import Bar, Scale, Tick
from engage.plan.rules import OPEN


class Name(Struct, frozen=True):
    """A month's name on the scale."""

    words: str
    at: float


class Drawn(Struct, frozen=True):
    """An action of the timeline; `dates` say in words what its bar shows."""

    line: ActionLine
    bar: Bar | None
    dates: str


class DrawnGroup(Struct, frozen=True):
    """A group's actions; finished ones are folded below, under a text that counts them."""

    id: str
    heading: str
    actions: tuple[Drawn, ...]
    finished: tuple[Drawn, ...]
    finished_words: str


class Timeline(Struct, frozen=True):
    """Everything that the template draws; positions are percentages of the scale's width."""

    groups: list[DrawnGroup]
    lines: tuple[float, ...]
    names: list[Name]
    today: float | None
    today_words: str


def asked(args: dict[str, str]) -> Filters:
    """Returns the filters in the address that this person may use."""
    filters = Filters.of(args)
    sees_people = may(g.membership.role, Permission.SEE_ALL)
    hidden = filters.group is Grouping.OWNER and not sees_people
    return filters.with_(group=Grouping.GOAL) if hidden else filters


def view_of(plan: Plan, filters: Filters, today: date, page: int) -> dict[str, Any]:
    """Returns the view's own part of the page: `o`, and the name of its template."""
    if filters.view is View.BOARD:
        shown = board.board(g.membership, plan, today, filters)
        url = url_for("plan.move_card", **filters.in_plan(plan.id))
        return {"o": shown, "view": "plan/overview/_board.html", "board_url": url}
    if filters.view is View.LIST and filters.group is Grouping.GOAL:
        return {
            "o": outline.outline(g.membership, plan, today, filters, page),
            "view": "plan/overview/_list.html",
        }
    found = groups_pages.groups(g.membership, plan, today, filters, page)
    if filters.view is View.LIST:
        return {"o": found, "view": "plan/overview/_groups.html"}
    return {"o": found, "view": "plan/overview/_timeline.html", "timeline": _timeline(found, today, filters)}


def _timeline(found: Groups, today: date, filters: Filters) -> Timeline | None:
    """Returns the timeline; None if no action has a date to draw."""
    rows = [row for group in found.groups for row in group.rows if row.due_on is not None]
    scale = overview_rules.scale(day for row in rows for day in (row.start_on, row.due_on) if day is not None)
    if scale is None:
        return None
    place = scale.today(today)
    return Timeline(
        groups=[_drawn(group, scale, today, filters) for group in found.groups],
        lines=tuple(tick.at for tick in scale.ticks),
        names=[Name(_month(tick), tick.at) for tick in scale.ticks if tick.is_named],
        today=place,
        today_words=_("Today, %(day)s", day=day_text(today, today)),
    )


def _drawn(group: Group, scale: Scale, today: date, filters: Filters) -> DrawnGroup:
    shown: dict[bool, list[Drawn]] = {True: [], False: []}
    for row, line in zip(group.rows, group.lines, strict=True):
        bar = scale.bar(row.start_on, row.due_on)
        is_folded = row.status not in OPEN and not filters.are_narrow
        shown[is_folded].append(Drawn(line, bar, _dates(row.start_on, row.due_on, today)))
    count = len(shown[True])
    words = ngettext("%(num)s finished action", "%(num)s finished actions", count) if count else ""
    return DrawnGroup(group.id, group.heading, tuple(shown[False]), tuple(shown[True]), words)


def _month(tick: Tick) -> str:
    return in_parts(tick.day, "yMMM" if tick.is_dated else "MMM")


def _dates(start: date | None, due: date | None, today: date) -> str:
    if due is None:
        return _("from %(day)s", day=day_text(start, today)) if start is not None else _("no date yet")
    by = day_text(due, today)
    if start is None:
        return _("by %(day)s", day=by)
    return _("%(first)s to %(last)s", first=day_text(start, today), last=by)
