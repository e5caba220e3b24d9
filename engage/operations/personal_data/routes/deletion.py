"""Serves deleting one's own account. The page first says what is deleted and what stays."""

from flask import flash, redirect, render_template, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response

from engage.accounts import admins, bp
from engage.coalitions import queries as coalitions
from engage.extensions import db
from engage.i18n import gettext as _
from engage.operations.personal_data import service as personal_data_service
from engage.web.access import button, recently, signed_in


@bp.get("/account/delete")
@signed_in
def deletion() -> str:
    return _page()


@bp.post("/account/delete")
@signed_in
@recently
@button
def delete_account() -> Response:
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
        "operations/personal_data/delete.html",
        user=current_user,
        places=[place for place in places if place.state != "left"],
        alone=personal_data_service.coordinated_alone(places),
        is_last_admin=admins.is_last_admin(current_user),
    )
