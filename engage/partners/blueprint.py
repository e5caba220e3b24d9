"""Organizations, agreements and coverage: where their addresses begin."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("partners", __name__, "partners")
