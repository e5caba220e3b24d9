"""The blueprint of documents, on which its rooms hang their views."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("documents", __name__, "documents")
