"""Serves the installation's accounts for its admins, who allow or forbid signing in."""

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from engage.accounts import admins, service
from engage.accounts.models import User
from engage.accounts.second_factor import service as second_factor_service
from engage.extensions import db
from engage.frame.access import admin, recently
from engage.operations.admin import queries as admin_queries
from engage.operations.admin.forms import FindForm
from engage.operations.blueprint import bp
from engage.web import links
from engage.web.forms import ConfirmForm
from engage.web.lists import pages_of

# What was searched for last stays in the cookie of the browser, not in an address or a log.
_SEARCHED = "accounts_searched"


@bp.get("/accounts/")
@admin
def accounts() -> str:
    """Shows all accounts, or those that were searched for last if the address says so."""
    text = str(session.get(_SEARCHED, "")) if "found" in request.args else ""
    return _list(FindForm(formdata=None, data={"text": text}), text)


@bp.post("/accounts/")
@admin
def find_accounts() -> Response | tuple[str, int]:
    """Leads to what is found: the way back from an account to a page that was posted would be closed."""
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
def disable_account(user_id: int) -> Response | tuple[str, int]:
    user = _account(user_id)
    if ConfirmForm().validate_on_submit():
        admins.disable(user)
        db.session.commit()
        return _done(user, _("No one can sign in with the account of %(name)s anymore.", name=user.name))
    return _page(user_id), 422


@bp.post("/accounts/<id:user_id>/enable")
@admin
def enable_account(user_id: int) -> Response | tuple[str, int]:
    user = _account(user_id)
    if ConfirmForm().validate_on_submit():
        admins.enable(user)
        db.session.commit()
        return _done(user, _("%(name)s can sign in again.", name=user.name))
    return _page(user_id), 422


@bp.post("/accounts/<id:user_id>/sign-out")
@admin
def sign_out_account(user_id: int) -> Response | tuple[str, int]:
    user = _account(user_id)
    if ConfirmForm().validate_on_submit():
        service.end_sessions(user)
        db.session.commit()
        return _done(user, _("%(name)s is signed out everywhere.", name=user.name))
    return _page(user_id), 422


@bp.post("/accounts/<id:user_id>/password-link")
@admin
@recently
def make_account_link(user_id: int) -> str | tuple[str, int]:
    """Makes a link and shows it once, in the answer itself. The person is told that it was made."""
    user = _account(user_id)
    if not ConfirmForm().validate_on_submit():
        return _page(user_id), 422
    token = service.make_password_link(user, made_by=current_user)
    db.session.commit()
    link = links.external(url_for("accounts.reset", token=token))
    return render_template("operations/admin/account_link.html", person=user, link=link, qr=links.qr(link))


@bp.post("/accounts/<id:user_id>/second-factor-off")
@admin
@recently
def turn_off_second_factor(user_id: int) -> Response | tuple[str, int]:
    """Turns off two-step sign-in for a person who lost the phone and the recovery codes.

    The person is told, as with `engage second-factor-off`.
    """
    user = _account(user_id)
    if ConfirmForm().validate_on_submit():
        second_factor_service.turn_off(user)
        db.session.commit()
        return _done(user, _("%(name)s now signs in with the password alone.", name=user.name))
    return _page(user_id), 422


@bp.post("/accounts/<id:user_id>/make-admin")
@admin
@recently
def make_admin(user_id: int) -> Response | tuple[str, int]:
    user = _account(user_id)
    if ConfirmForm().validate_on_submit():
        admins.make_admin(user)
        db.session.commit()
        return _done(user, _("%(name)s is now an admin of this installation.", name=user.name))
    return _page(user_id), 422


@bp.post("/accounts/<id:user_id>/unmake-admin")
@admin
@recently
def unmake_admin(user_id: int) -> Response | tuple[str, int]:
    user = _account(user_id)
    if ConfirmForm().validate_on_submit():
        admins.unmake_admin(user)
        db.session.commit()
        return _done(user, _("%(name)s is no longer an admin of this installation.", name=user.name))
    return _page(user_id), 422


def _account(user_id: int) -> User:
    return admins.account(user_id) or abort(404)


def _done(user: User, words: str) -> Response:
    """Leads back to the account, or to their own account for a person who is no longer an admin."""
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
        confirm=ConfirmForm(formdata=None),
    )
