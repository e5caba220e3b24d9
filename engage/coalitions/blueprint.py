"""Defines the blueprint of a coalition's own pages."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("coalitions", __name__, "")
