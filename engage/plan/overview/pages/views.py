"""Builds the three views of the plan's actions: list, board, timeline. Each has a template and its values."""

from datetime import date
from typing import Any

from flask import g, url_for
from msgspec import Struct

from engage.coalitions.permissions import Permission, may
from engage.dates import day_text, in_parts
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan.labels import late_words
from engage.plan.models import Plan
from engage.plan.overview import rules as overview_rules
from engage.plan.overview.lines import ActionLine
from engage.plan.overview.pages import board, outline
from engage.plan.overview.pages import groups as groups_pages
from engage.plan.overview.pages.groups import ActionGroup, Groups
from engage.plan.overview.queries import ActionFilters, ActionGrouping, OverviewView
from engage.plan.overview.rules import Tick, TimelineBar, TimelineScale
from engage.plan.rules import OPEN, ActionStatus, PlanStatus, counting_day, is_late


class Name(Struct, frozen=True):
    """A month's name on the scale."""

    words: str
    at: float


class Drawn(Struct, frozen=True):
    """An action of the timeline; `dates` say in words what its bar shows."""

    line: ActionLine
    bar: TimelineBar | None
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


def asked(args: dict[str, str]) -> ActionFilters:
    """Returns the filters in the address that this person may use."""
    filters = ActionFilters.of(args)
    sees_people = may(g.membership.role, Permission.SEE_ALL)
    hidden = filters.group is ActionGrouping.OWNER and not sees_people
    return filters.with_(group=ActionGrouping.GOAL) if hidden else filters


def view_of(plan: Plan, filters: ActionFilters, today: date, page: int) -> dict[str, Any]:
    """Returns the values of the view (`o` in the templates) and the name of its template."""
    if filters.view is OverviewView.BOARD:
        shown = board.board(g.membership, plan, today, filters)
        url = url_for("plan.move_card", **filters.in_plan(plan.id))
        return {"o": shown, "view": "plan/overview/_board.html", "board_url": url}
    if filters.view is OverviewView.LIST and filters.group is ActionGrouping.GOAL:
        return {
            "o": outline.outline(g.membership, plan, today, filters, page),
            "view": "plan/overview/_list.html",
        }
    found = groups_pages.groups(g.membership, plan, today, filters, page)
    if filters.view is OverviewView.LIST:
        return {"o": found, "view": "plan/overview/_groups.html"}
    return {"o": found, "view": "plan/overview/_timeline.html", "timeline": _timeline(found, today, filters)}


def _timeline(found: Groups, today: date, filters: ActionFilters) -> Timeline | None:
    """Returns the timeline; None if no action has a date to draw."""
    rows = [row for group in found.groups for row in group.rows if row.due_on is not None]
    scale = overview_rules.scale(day for row in rows for day in (row.start_on, row.due_on) if day is not None)
    if scale is None:
        return None
    place = scale.today(today)
    return Timeline(
        groups=[_drawn(found.standing.plan.status, group, scale, today, filters) for group in found.groups],
        lines=tuple(tick.at for tick in scale.ticks),
        names=[Name(_month(tick), tick.at) for tick in scale.ticks if tick.is_named],
        today=place,
        today_words=_("Today, %(day)s", day=day_text(today, today)),
    )


def _drawn(
    plan: PlanStatus, group: ActionGroup, scale: TimelineScale, today: date, filters: ActionFilters
) -> DrawnGroup:
    shown: dict[bool, list[Drawn]] = {True: [], False: []}
    counted = counting_day(plan, today)
    for row, line in zip(group.rows, group.lines, strict=True):
        bar = scale.bar(row.start_on, row.due_on)
        is_folded = row.status not in OPEN and not filters.are_narrow
        shown[is_folded].append(Drawn(line, bar, _dates(row.start_on, row.due_on, row.status, counted)))
    count = len(shown[True])
    words = ngettext("%(num)s finished action", "%(num)s finished actions", count) if count else ""
    return DrawnGroup(group.id, group.heading, tuple(shown[False]), tuple(shown[True]), words)


def _month(tick: Tick) -> str:
    return in_parts(tick.day, "yMMM" if tick.is_dated else "MMM")


def _dates(start: date | None, due: date | None, status: ActionStatus, today: date) -> str:
    if due is None:
        return _("from %(day)s", day=day_text(start, today)) if start is not None else _("no date yet")
    by = day_text(due, today)
    days = (
        _("%(first)s to %(last)s", first=day_text(start, today), last=by)
        if start
        else _("by %(day)s", day=by)
    )
    if not is_late(due, status, today):
        return days
    return _("%(day)s, %(late)s", day=days, late=late_words((today - due).days))
