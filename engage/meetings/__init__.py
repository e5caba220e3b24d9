"""Holds meetings, including planning sessions: agenda, attendance, minutes, decisions."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("meetings", __name__, "meetings")
