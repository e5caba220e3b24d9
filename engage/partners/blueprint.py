"""Defines the blueprint of organizations, agreements and coverage."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("partners", __name__, "partners")
