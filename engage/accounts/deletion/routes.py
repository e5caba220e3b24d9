"""Serves deleting one's own account, after reading what is deleted and what stays."""

from flask import flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from engage.accounts import admins
from engage.accounts.blueprint import bp
from engage.coalitions import queries as coalitions
from engage.extensions import db
from engage.frame.access import recently, signed_in
from engage.operations.personal_data import service as personal_data_service
from engage.web.forms import ConfirmForm


@bp.get("/account/delete")
@signed_in
def deletion() -> str:
    return _page()


@bp.post("/account/delete")
@signed_in
@recently
def delete_account() -> Response | tuple[str, int]:
    if not ConfirmForm().validate_on_submit():
        return _page(), 422
    personal_data_service.delete(current_user._get_current_object())
    logout_user()
    session.clear()
    db.session.commit()
    flash(_("Your account is deleted. Thank you for what you gave."))
    response = redirect(url_for("accounts.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _page() -> str:
    places = coalitions.places_of(current_user.id)
    return render_template(
        "accounts/deletion/delete.html",
        user=current_user,
        places=[place for place in places if place.state != "left"],
        alone=personal_data_service.coordinated_alone(places),
        is_last_admin=admins.is_last_admin(current_user),
        confirm=ConfirmForm(formdata=None),
    )
