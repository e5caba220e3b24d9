"""Stores organizations, one row and one sector each, and the organization that each person comes from."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("partners", __name__, "partners")
