"""Holds the calendar: a month of everything that has a date, as a page and as feeds for calendar programs."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("calendar", __name__, "calendar")
