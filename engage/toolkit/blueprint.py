"""The blueprint of the toolkit."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("toolkit", __name__, "toolkit")
