"""Serves the coalition as one file to download: what is in it, and the file."""

from flask import Response, g, render_template, request

from engage import clock
from engage.coalitions.blueprint import bp
from engage.coalitions.permissions import Permission
from engage.frame.access import allows, recently
from engage.web.csv_files import download, file_name


@bp.get("/settings/file")
@allows(Permission.EXPORT)
@recently
def export_all() -> str:
    return render_template("coalitions/settings/export.html")


@bp.get("/settings/coalition.json")
@allows(Permission.EXPORT)
@recently
def coalition_file() -> Response:
    """Sends the file without the answers of single people, which no coordinator may read.

    It holds hidden contact data only if the coordinator asks for that.
    """
    from engage.operations.coalition_file.queries.export import document_of, text_of

    contacts = request.args.get("contacts") == "yes"
    text = text_of(document_of(g.coalition, single_answers=False, all_contacts=contacts))
    name = file_name(f"{g.coalition.slug} {clock.today(g.coalition.time_zone)}", "json")
    return download(text, "application/json", name)
