"""Holds documents: links to files that the coalition stores elsewhere, and Engage's own templates to copy."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("documents", __name__, "documents")
