"""Serves signing in and out, leaving the site quickly, the list of sessions, and giving the password again."""

from flask import Response, abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_login import current_user, logout_user
from werkzeug.wrappers import Response as BaseResponse

from engage.accounts import bp, entry, queries, service
from engage.accounts.forms import ReauthenticateForm, SignInForm
from engage.accounts.labels import browser_words
from engage.accounts.models import User
from engage.accounts.sessions import leaving, signing_in
from engage.accounts.sessions import reauthenticate as sessions_reauthenticate
from engage.addresses import is_inside
from engage.coalitions import queries as coalitions
from engage.extensions import db, stand_at
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.tokens import hashed
from engage.web.access import button, public, signed_in


@bp.get("/sign-in")
@public
def sign_in() -> Response | BaseResponse:
    if current_user.is_authenticated:
        return redirect(url_for("pages.index"), 303)
    return signing_in.page(SignInForm(formdata=None), 200, action=request.full_path.rstrip("?"))


@bp.post("/sign-in")
@public
def enter() -> Response | BaseResponse:
    found = signing_in.attempt(SignInForm, action=request.full_path.rstrip("?"))
    if not isinstance(found, signing_in.SignInFound):
        return found
    entry.enter(found.user, with_code=found.with_code)
    db.session.commit()
    return redirect(landing(request.args.get("next", "")), 303)


@bp.post("/sign-out")
@public
@button
def sign_out() -> BaseResponse:
    if (token := session.get("_user_id")) is not None:
        service.end_session(token)
        logout_user()
        session.clear()
        db.session.commit()
    response = redirect(url_for("accounts.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.get("/leave")
@public
def leave() -> BaseResponse:
    """Leaves the site quickly, without JavaScript: ends the session, clears the browser, and opens a neutral site."""
    target = current_app.config["LEAVE_URL"]
    try:
        target = _site_of_coalition() or target
    except Exception as error:
        # A person who has to leave must be able to, even if the database fails.
        current_app.logger.error("leave: no coalition was found: %s", type(error).__name__)
    leaving.end_session()
    return leaving.cleared(target)


@bp.get("/account/again")
@signed_in
def reauthenticate() -> Response:
    """Asks for the password again, on the way to a page that needs it."""
    return _again(sessions_reauthenticate.form_for(), 200)


@bp.post("/account/again")
@signed_in
def prove_again() -> Response | BaseResponse:
    form = sessions_reauthenticate.form_for()
    if g.get("replaying", False):
        return _again(form, 200)
    status = sessions_reauthenticate.answer(form)
    if status != 200:
        return _again(form, status)
    wanted = request.args.get("next", "")
    return redirect(wanted if is_inside(wanted) else url_for("accounts.profile"), 303)


def _again(form: ReauthenticateForm, status: int) -> Response:
    return sessions_reauthenticate.page(form, status, action=request.full_path.rstrip("?"), on_the_way=False)


@bp.get("/account/sessions")
@signed_in
def sessions() -> str:
    return _page()


@bp.post("/account/sessions/<id:session_id>/end")
@signed_in
@button
def end_session(session_id: int) -> BaseResponse:
    if not service.end_one_session(current_user, session_id):
        abort(404)
    db.session.commit()
    flash(_("That browser is signed out."))
    return redirect(url_for("accounts.sessions"), 303)


@bp.post("/account/sessions/end")
@signed_in
@button
def end_other_sessions() -> BaseResponse:
    ended = service.end_other_sessions(current_user)
    db.session.commit()
    flash(ngettext("%(num)s other browser is signed out.", "%(num)s other browsers are signed out.", ended))
    return redirect(other_ways_or(url_for("accounts.sessions"), current_user), 303)


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
        browser_words=browser_words,
    )


def _site_of_coalition() -> str | None:
    """Returns the site that opens when a person leaves quickly, as set by their coalition."""
    if not current_user.is_authenticated:
        return None
    sites = (row.coalition.leave_url for row in coalitions.memberships_of(current_user.id))
    return next((site for site in sites if site), None)


def other_ways_or(there: str, user: User) -> str:
    """Returns the page that shows passkeys and providers' accounts, which outlast a password, if there are any."""
    return url_for("accounts.other_ways") if queries.has_other_ways(user.id) else there


def landing(wanted: str = "") -> str:
    """Returns the page after signing in: the one the person wanted if it is on this site, else their coalition's."""
    if is_inside(wanted):
        return wanted
    memberships = coalitions.memberships_of(current_user.id)
    if not memberships:
        return url_for("pages.index")
    return url_for("home.index", slug=memberships[0].coalition.slug)
