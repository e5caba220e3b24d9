"""The blueprint of the reports."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("reports", __name__, "reports")
