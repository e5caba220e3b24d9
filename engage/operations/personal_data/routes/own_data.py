"""Serves a file with all data linked to one's own account."""

from flask import Response, render_template
from flask_login import current_user

from engage import clock
from engage.accounts import bp
from engage.operations.personal_data import queries as personal_data_queries
from engage.web import csv_files
from engage.web.access import button, recently, signed_in


@bp.get("/account/export")
@signed_in
def export() -> str:
    return render_template("operations/personal_data/export.html")


@bp.post("/account/export")
@signed_in
@recently
@button
def download() -> Response:
    """Sends the file.

    The request is a POST, so that the password can be asked for first and no mere link starts it.
    """
    text = personal_data_queries.document(current_user._get_current_object(), clock.now())
    return csv_files.download(text, "application/json; charset=utf-8", f"engage-my-data-{clock.today()}.json")
