"""Defines the blueprint of Home."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("home", __name__, "")
