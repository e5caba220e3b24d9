"""The blueprint of strengths and needs."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("strengths", __name__, "strengths")
