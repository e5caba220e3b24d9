"""Serves the coalition's file: a page that says what is in it, and the download."""

from flask import Response, g, render_template, request

from engage import clock
from engage.coalitions import bp
from engage.coalitions.permissions import Permission, allows
from engage.web.access import recently
from engage.web.csv_files import download, file_name


@bp.get("/settings/file")
@allows(Permission.EXPORT)
@recently
def export_all() -> str:
    return render_template("operations/coalition_file/export.html")


@bp.get("/settings/coalition.json")
@allows(Permission.EXPORT)
@recently
def coalition_file() -> Response:
    """Sends the file without individual people's answers, which no coordinator may read.

    Contact data that people hide is included only if the coordinator asks for it.
    """
    from engage.operations.coalition_file.queries.export import document_of, text_of

    contacts = request.args.get("contacts") == "yes"
    text = text_of(document_of(g.coalition, single_answers=False, all_contacts=contacts))
    name = file_name(f"{g.coalition.slug} {clock.today(g.coalition.time_zone)}", "json")
    return download(text, "application/json", name)
