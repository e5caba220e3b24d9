"""Defines the blueprint of the calendar."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("calendar", __name__, "calendar")
