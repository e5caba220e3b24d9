"""Holds reports to give to a city council or a funder: on screen, on paper and as files."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("reports", __name__, "reports")
