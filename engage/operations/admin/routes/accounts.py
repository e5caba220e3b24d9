"""Serves the installation's accounts to its admins, who can allow or block signing in."""

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from engage.accounts import admins, service
from engage.accounts.models import User
from engage.extensions import db
from engage.i18n import gettext as _
from engage.operations import bp
from engage.operations.admin import queries as admin_queries
from engage.operations.admin import service as admin_service
from engage.operations.admin.forms import FindForm
from engage.web import links
from engage.web.access import admin, button, recently
from engage.web.lists import pages_of

# The session stores the latest search, so that it is in no URL and no log.
_SEARCHED = "accounts_searched"


@bp.get("/accounts/")
@admin
def accounts() -> str:
    """Shows all accounts, or those of the latest search if the query string says so."""
    text = str(session.get(_SEARCHED, "")) if "found" in request.args else ""
    return _list(FindForm(formdata=None, data={"text": text}), text)


@bp.post("/accounts/")
@admin
def find_accounts() -> Response | tuple[str, int]:
    """Stores the search and redirects to its result, so that the browser's Back button works."""
    form = FindForm()
    if not form.validate_on_submit():
        return _list(form, ""), 422
    session[_SEARCHED] = form.text.data or ""
    return redirect(url_for(".accounts", found=1 if form.text.data else None), 303)


def _list(form: FindForm, text: str) -> str:
    found = admin_queries.number_of_accounts(text)
    shown = pages_of(
        found,
        request.args.get("page", ""),
        lambda page: url_for(".accounts", found=1 if text else None, page=page),
        admin_queries.PAGE_ROWS,
    )
    return render_template(
        "operations/admin/accounts.html",
        rows=admin_queries.accounts(text, shown.page),
        pages=shown,
        form=form,
        found=found if text else None,
    )


@bp.get("/accounts/<id:user_id>/")
@admin
def account(user_id: int) -> str:
    return _page(user_id)


@bp.post("/accounts/<id:user_id>/disable")
@admin
@recently
@button
def disable_account(user_id: int) -> Response:
    user = _account(user_id)
    admins.disable(user)
    db.session.commit()
    return _done(user, _("No one can sign in with the account of %(name)s anymore.", name=user.name))


@bp.post("/accounts/<id:user_id>/enable")
@admin
@button
def enable_account(user_id: int) -> Response:
    user = _account(user_id)
    admins.enable(user)
    db.session.commit()
    return _done(user, _("%(name)s can sign in again.", name=user.name))


@bp.post("/accounts/<id:user_id>/sign-out")
@admin
@button
def sign_out_account(user_id: int) -> Response:
    user = _account(user_id)
    service.end_sessions(user)
    db.session.commit()
    return _done(user, _("%(name)s is signed out everywhere.", name=user.name))


@bp.post("/accounts/<id:user_id>/password-link")
@admin
@recently
@button
def make_account_link(user_id: int) -> str:
    """Makes a link and shows it once, in the answer itself. The person and their coordinators are told."""
    user = _account(user_id)
    token = admin_service.make_password_link(user, current_user)
    db.session.commit()
    link = links.external(url_for("accounts.reset", token=token))
    return render_template("operations/admin/account_link.html", person=user, link=link, qr=links.qr(link))


@bp.post("/accounts/<id:user_id>/second-factor-off")
@admin
@recently
@button
def turn_off_second_factor(user_id: int) -> Response:
    """Turns off two-step sign-in for a person who lost the phone and the recovery codes.

    The person and their coordinators are told, as with `engage second-factor-off`.
    """
    user = _account(user_id)
    admin_service.turn_off_second_factor(user, current_user)
    db.session.commit()
    return _done(user, _("%(name)s now signs in with the password alone.", name=user.name))


@bp.post("/accounts/<id:user_id>/make-admin")
@admin
@recently
@button
def make_admin(user_id: int) -> Response:
    user = _account(user_id)
    admins.make_admin(user)
    db.session.commit()
    return _done(user, _("%(name)s is now an admin of this installation.", name=user.name))


@bp.post("/accounts/<id:user_id>/unmake-admin")
@admin
@recently
@button
def unmake_admin(user_id: int) -> Response:
    user = _account(user_id)
    admins.unmake_admin(user)
    db.session.commit()
    return _done(user, _("%(name)s is no longer an admin of this installation.", name=user.name))


def _account(user_id: int) -> User:
    return admins.account(user_id) or abort(404)


def _done(user: User, words: str) -> Response:
    """Redirects to the account, or to their own account for a person who is no longer an admin."""
    flash(words)
    gone = user.id == current_user.id and not user.is_admin
    return redirect(url_for("accounts.profile") if gone else url_for(".account", user_id=user.id), 303)


def _page(user_id: int) -> str:
    row = admin_queries.account_row(user_id) or abort(404)
    return render_template(
        "operations/admin/account.html",
        row=row,
        alone=admin_queries.coordinated_alone(row.id) if row.coordinates else 0,
        is_me=row.id == current_user.id,
    )
