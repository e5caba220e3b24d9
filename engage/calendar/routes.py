"""Serves the calendar: a month, one day, and how to subscribe."""

from flask import abort, g, render_template, request
from flask_login import current_user

from engage import clock
from engage.calendar import bp, pages, rules
from engage.calendar.feeds.pages import subscribing_of
from engage.calendar.pages import CalendarFilters
from engage.coalitions.permissions import Permission, allows


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    filters = CalendarFilters.for_person(g.membership, request.args)
    shown = pages.month_page(g.membership, filters, clock.today(g.coalition.time_zone))
    return render_template("calendar/index.html", shown=shown)


@bp.get("/subscribe")
@allows(Permission.SEE)
def subscribe() -> str:
    """Shows the links of the person's own calendar, of each group's, and of the public one."""
    shown = subscribing_of(g.membership, current_user)
    return render_template("calendar/subscribe.html", shown=shown)


@bp.get("/<on>")
@allows(Permission.SEE)
def day(on: str) -> str:
    asked = rules.day_read(on) or abort(404)
    filters = CalendarFilters.for_person(g.membership, request.args)
    today = clock.today(g.coalition.time_zone)
    shown = pages.day_page(g.membership, filters, asked, request.args.get("page", ""), today)
    return render_template("calendar/day.html", shown=shown)
