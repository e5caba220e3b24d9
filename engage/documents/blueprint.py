"""The blueprint of documents."""

from engage.web.blueprints import coalition_blueprint

bp = coalition_blueprint("documents", __name__, "documents")
