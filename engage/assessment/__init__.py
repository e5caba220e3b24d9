"""Holds the community assessment: a round asks respondents about the community and shows their answers as a whole."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("assessment", __name__, "assessment")
