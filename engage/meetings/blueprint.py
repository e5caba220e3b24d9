"""Planning sessions and other meetings: where their addresses begin."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("meetings", __name__, "meetings")
