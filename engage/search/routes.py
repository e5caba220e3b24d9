"""Serves the search: one page with the words in its address, so that it needs no JavaScript and can be saved."""

import sqlalchemy as sa
from flask import g, render_template, request

from engage.coalitions.permissions import Permission, allows
from engage.extensions import db
from engage.search import queries
from engage.search.pages import SearchResults
from engage.web.blueprints import coalition_blueprint
from engage.web.lists import one_line

bp = coalition_blueprint("search", __name__, "search")


@bp.get("/")
@allows(Permission.SEE)
def index() -> str | tuple[str, int]:
    typed = one_line(request.args.get("q", ""))
    try:
        results = SearchResults.of(g.membership, typed, request.args.get("kind", ""))
    except sa.exc.DBAPIError:
        db.session.rollback()
        if queries.is_ready():
            raise
        return render_template("search/not_ready.html", typed=typed), 503
    return render_template("search/index.html", results=results)
