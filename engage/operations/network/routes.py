"""Serves the network's sums to the installation's admins."""

from flask import Response, render_template
from flask_babel import gettext as _

from engage.frame.access import admin
from engage.operations.blueprint import bp
from engage.operations.network import queries as network_queries
from engage.operations.network.rules import FEWEST, CountKind
from engage.operations.network.words import COUNT_WORDS
from engage.web.csv_files import Field, csv_answer


@bp.get("/network/")
@admin
def network() -> str:
    return render_template(
        "operations/network/network.html", sums=network_queries.sums(), words=COUNT_WORDS, fewest=FEWEST
    )


@bp.get("/network/file")
@admin
def network_file() -> Response:
    sums = network_queries.sums()
    told = [(kind, sums[kind]) for kind in CountKind if kind in sums and sums[kind].coalitions]
    head = [_("Count"), _("Total"), _("Coalitions"), _("Counted on")]
    rows: list[list[Field]] = [
        [str(COUNT_WORDS[kind]), row.total, row.coalitions, row.counted_at.date()] for kind, row in told
    ]
    return csv_answer(_("Network"), head, rows)
