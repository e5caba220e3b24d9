"""Defines the blueprint of planning sessions and other meetings."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("meetings", __name__, "meetings")
