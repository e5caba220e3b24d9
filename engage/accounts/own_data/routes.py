"""Serves everything linked to the person's own account as a file."""

from flask import Response, render_template
from flask_login import current_user

from engage import clock
from engage.accounts.blueprint import bp
from engage.frame.access import recently, signed_in
from engage.operations.personal_data import queries as personal_data_queries
from engage.web import csv_files
from engage.web.forms import ConfirmForm


@bp.get("/account/export")
@signed_in
def export() -> str:
    return render_template("accounts/own_data/export.html", confirm=ConfirmForm(formdata=None))


@bp.post("/account/export")
@signed_in
@recently
def download() -> Response | tuple[str, int]:
    """Sends the file.

    The request is a POST, so that the password can be asked for on the way and no link alone starts it.
    """
    if not ConfirmForm().validate_on_submit():
        return export(), 422
    text = personal_data_queries.document(current_user._get_current_object(), clock.now())
    return csv_files.download(text, "application/json; charset=utf-8", f"engage-my-data-{clock.today()}.json")
