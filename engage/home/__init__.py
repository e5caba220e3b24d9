"""Holds Home: what to do next, what waits for the reader, what is late or stuck, gaps, and recent changes."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("home", __name__, "")
