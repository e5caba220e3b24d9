"""Serves the chain over HTTP: the table of everything, and the loose ends."""

from flask import abort, g, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.chain import table
from engage.chain.pages import loose as loose_pages
from engage.chain.rules import Loose
from engage.chain.table import ChainFilters
from engage.coalitions.permissions import Permission, allows
from engage.content.loader import content
from engage.i18n import gettext as _
from engage.web.blueprints import coalition_blueprint
from engage.web.csv_files import csv_answer
from engage.web.lists import page_of

bp = coalition_blueprint("chain", __name__, "chain")

# This many rows fill about two screens; a link shows everything.
PAGE_ROWS = 12


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    filters = ChainFilters.of(request.args)

    def page_url(number: int) -> str:
        return url_for(".index", **{**filters.args(), "page": number})

    whole = table.table_of(g.membership, filters)
    # ?page=all shows everything on one page, for printing.
    most = max(len(whole.lines), 1) if request.args.get("page") == "all" else PAGE_ROWS
    shown, pages = page_of(whole.lines, request.args.get("page", ""), page_url, most)
    return render_template(
        "chain/index.html",
        table=whole,
        groups=table.grouped(shown),
        pages=pages,
        filters=filters,
        today=clock.today(g.coalition.time_zone),
        areas=[(area.key, area.name) for area in content().areas],
        address=lambda **changes: url_for(".index", **filters.with_(**changes).args()),
        whole_url=url_for(".index", **filters.args(), page="all"),
        file_url=url_for(".file", **filters.args()),
    )


@bp.get("/chain.csv")
@allows(Permission.SEE)
def file() -> Response:
    """Sends the whole table as a file, with what this reader may see."""
    return csv_answer(
        _("Why we do each thing"), *table.file(table.table_of(g.membership, ChainFilters.of(request.args)))
    )


@bp.get("/loose-ends")
@allows(Permission.SEE_ALL)
def loose_ends() -> str:
    if (asked := request.args.get("kind")) is None:
        kinds, checked = loose_pages.kinds_of(g.membership)
    elif asked in set(Loose):
        kinds, checked = [loose_pages.kind_of(g.membership, Loose(asked), request.args.get("page", ""))], True
    else:
        abort(404)
    return render_template("chain/loose_ends.html", kinds=kinds, checked=checked, one=asked is not None)
