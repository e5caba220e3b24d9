"""Signing in over HTTP: the cookie's token and its session row, and a lapsed session that loses nothing."""

import math
from datetime import timedelta

from flask import (
    Response,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user, login_user

from engage import clock, htmx
from engage.accounts import queries, service
from engage.accounts.browsers import browser_of
from engage.accounts.forms import OnTheWayForm, SignInForm
from engage.accounts.models import SignedIn, ThisBrowser, User
from engage.accounts.rules import Limits, is_to_be_noted, session_is_over
from engage.errors import kept_fields
from engage.extensions import db, login_manager
from engage.forms import EngageForm

# The invitation a person follows: the one thing that signing in keeps, so that they come back to it.
INVITATION = "invitation"


@login_manager.user_loader
def _user_of_session(token: str) -> User | None:
    """The user whose session row this cookie names; a row that is gone or over signs nobody in."""
    row = queries.session_of(token)
    now = clock.now()
    if row is None or session_is_over(row.created_at, row.last_seen_at, now, _limits(row)):
        return None
    if is_to_be_noted(row.last_seen_at, now):
        g.session_to_touch = token
    row.user.this_browser = ThisBrowser(token, row.proved_at, row.holds_keys)
    return row.user


def _limits(row: SignedIn) -> Limits:
    kind = "KEY_HOLDERS" if row.holds_keys or row.user.is_admin else "MEMBERS"
    limits: Limits = current_app.config[f"SESSION_{kind}"]
    return limits


def note_keys() -> None:
    """This session was seen to coordinate: from its next request on the shorter limits hold."""
    if not current_user.this_browser.holds_keys:
        g.session_to_touch, g.session_holds_keys = current_user.this_browser.token, True


def touch(token: str) -> None:
    """Note that this browser was seen; a busy or full disk must not break the page for it."""
    try:
        service.touch_session(token, holds_keys=g.pop("session_holds_keys", False))
    except Exception:
        db.session.rollback()


def wait_words(wait: timedelta) -> str:
    """Until when signing in is slowed, in words."""
    minutes = max(1, math.ceil(wait.total_seconds() / 60))
    return ngettext(
        "Too many tries. Wait %(num)s minute and try again.",
        "Too many tries. Wait %(num)s minutes and try again.",
        minutes,
    )


def slowed(form: EngageForm, error: service.TooManyTries) -> int:
    """Say on the form until when it waits; the answer's status."""
    form.form_errors.append(wait_words(error.wait))
    g.retry_after = max(1, int(error.wait.total_seconds()))
    return 429


def told_to_wait(response: Response) -> Response:
    """The same for programs."""
    if response.status_code == 429:
        response.headers["Retry-After"] = str(g.get("retry_after", 60))
    return response


def enter(user: User) -> None:
    """Sign this browser in: of the earlier cookie only a followed invitation stays; part of the view's commit."""
    invitation = session.get(INVITATION)
    session.clear()
    g.pop("csrf_token", None)  # made for the earlier cookie, it would be worth nothing in this answer
    if invitation is not None:
        session[INVITATION] = invitation
    token = service.start_session(user, browser_of(request.headers.get("User-Agent", "")))
    user.this_browser = ThisBrowser(token, clock.now())
    login_user(user)


def check(form: SignInForm) -> tuple[User | None, int]:
    """The user these fields sign in, or None with the form's error and the answer's status."""
    try:
        user = service.user_for(form.email.data or "", form.password.data or "", request.remote_addr or "")
    except service.TooManyTries as error:
        return None, slowed(form, error)
    if user is None:
        form.form_errors.append(
            _("This e-mail address and password do not belong together. Check both and try again.")
        )
    return user, 200 if user else 422


def page(form: SignInForm, status: int, *, action: str, on_the_way: bool = False) -> Response:
    """The sign-in form; on the way to somewhere it carries what was posted there."""
    body = render_template(
        "accounts/sign_in.html",
        form=form,
        action=action,
        fields=kept_fields() if on_the_way else [],
        on_the_way=on_the_way,
    )
    return told_to_wait(make_response(body, status))


def ask() -> Response:
    """A view needs a signed-in person: the sign-in form, which brings them back with what they typed."""
    form: OnTheWayForm = g.get("refused_sign_in") or OnTheWayForm(formdata=None)
    address = request.full_path.rstrip("?")
    if request.method != "POST":
        return make_response(redirect(url_for("accounts.sign_in", next=address), 303))
    status = 429 if "retry_after" in g else 401
    htmx.answer_with_a_whole_page()
    return page(form, status, action=address, on_the_way=True)


def signed_in_on_the_way() -> bool:
    """Whether this request carried a right e-mail address and password along with its own fields.

    The view then shows its form filled in again: `g.replaying` keeps every form from being saved.
    """
    if request.method != "POST" or not g.get("csrf_valid", False):
        return False
    form = OnTheWayForm()
    if not form.email.raw_data:
        return False
    user = check(form)[0] if form.validate() else None
    if user is None:
        g.refused_sign_in = form
        return False
    enter(user)
    db.session.commit()
    g.replaying = True
    htmx.answer_with_a_whole_page()
    flash(_("You are signed in again. Nothing was saved yet: check what you typed and press the button."))
    return bool(current_user.is_authenticated)
