"""Holds strengths: what people and organizations can offer."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("strengths", __name__, "strengths")
