"""Organizations, agreements and coverage: where their addresses begin."""

from engage.access import coalition_blueprint

bp = coalition_blueprint("partners", __name__, "partners")
