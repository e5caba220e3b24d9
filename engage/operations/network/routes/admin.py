"""Serves the network's sums to the installation's admins."""

from flask import Response, render_template

from engage.i18n import gettext as _
from engage.operations import bp
from engage.operations.labels import COUNT_LABELS
from engage.operations.network import queries as network_queries
from engage.operations.network.models import NetworkSum
from engage.operations.network.rules import FEWEST, CountKind
from engage.web.access import admin
from engage.web.csv_files import Column, csv_answer, table


@bp.get("/network/")
@admin
def network() -> str:
    return render_template(
        "operations/network/network.html", sums=network_queries.sums(), words=COUNT_LABELS, fewest=FEWEST
    )


@bp.get("/network/file")
@admin
def network_file() -> Response:
    sums = network_queries.sums()
    told = [(kind, sums[kind]) for kind in CountKind if kind in sums and sums[kind].coalitions]
    columns: list[Column[tuple[CountKind, NetworkSum]]] = [
        (_("Count"), lambda each: str(COUNT_LABELS[each[0]])),
        (_("Total"), lambda each: each[1].total),
        (_("Coalitions"), lambda each: each[1].coalitions),
        (_("Counted on"), lambda each: each[1].counted_at.date()),
    ]
    return csv_answer(_("Network"), *table(columns, told))
