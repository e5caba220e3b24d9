"""Holds the toolkit, which people read together: the focus areas, the reading list, and notes on both."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("toolkit", __name__, "toolkit")
