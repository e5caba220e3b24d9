"""Serves where one is signed in, ending unknown sessions, and giving the password again."""

from flask import Response, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from engage.accounts import queries, service
from engage.accounts.blueprint import bp
from engage.accounts.forms import AgainForm
from engage.accounts.sessions import again as sessions_again
from engage.addresses import is_inside
from engage.coalitions import queries as coalitions
from engage.extensions import db, stand_at
from engage.frame.access import signed_in
from engage.tokens import hashed
from engage.web.forms import ConfirmForm


@bp.get("/account/again")
@signed_in
def again() -> Response:
    """Asks for the password again, on the way to a page that needs it."""
    return _again(sessions_again.form_for(), 200)


@bp.post("/account/again")
@signed_in
def prove_again() -> Response | BaseResponse:
    form = sessions_again.form_for()
    if g.get("replaying", False):
        return _again(form, 200)
    status = sessions_again.prove(form)
    if status != 200:
        return _again(form, status)
    wanted = request.args.get("next", "")
    return redirect(wanted if is_inside(wanted) else url_for("accounts.profile"), 303)


def _again(form: AgainForm, status: int) -> Response:
    return sessions_again.page(form, status, action=request.full_path.rstrip("?"), on_the_way=False)


@bp.get("/account/sessions")
@signed_in
def sessions() -> str:
    return _page()


@bp.post("/account/sessions/<id:session_id>/end")
@signed_in
def end_session(session_id: int) -> BaseResponse | tuple[str, int]:
    if not ConfirmForm().validate_on_submit():
        return _page(), 422
    if not service.end_one_session(current_user, session_id):
        abort(404)
    db.session.commit()
    flash(_("That browser is signed out."))
    return redirect(url_for("accounts.sessions"), 303)


@bp.post("/account/sessions/end")
@signed_in
def end_other_sessions() -> BaseResponse | tuple[str, int]:
    if not ConfirmForm().validate_on_submit():
        return _page(), 422
    ended = service.end_other_sessions(current_user)
    db.session.commit()
    flash(ngettext("%(num)s other browser is signed out.", "%(num)s other browsers are signed out.", ended))
    return redirect(url_for("accounts.sessions"), 303)


def _page() -> str:
    places = coalitions.memberships_of(current_user.id)
    if places:
        stand_at(places[0].coalition)
    rows = queries.sessions_of(current_user)
    mine = hashed(current_user.this_browser.token)
    return render_template(
        "accounts/sessions/sessions.html",
        rows=sorted(rows, key=lambda row: row.token_hash != mine),
        mine=mine,
        confirm=ConfirmForm(formdata=None),
    )
