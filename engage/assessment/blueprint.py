"""The blueprint of the assessment."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("assessment", __name__, "assessment")
