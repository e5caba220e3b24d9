"""Handles the cookie's token and its session row: finding it, noting that it was used, and starting a new one."""

import math
from datetime import timedelta

from flask import Response, after_this_request, current_app, flash, g, request, session
from flask_babel import ngettext
from flask_login import current_user, login_user

from engage import clock
from engage.accounts import queries, service
from engage.accounts.browsers.rules import browser_of
from engage.accounts.models import SignedIn, ThisBrowser, User
from engage.accounts.notices import service as notices_service
from engage.accounts.rules import NoticeKind, is_to_be_noted, session_is_over
from engage.extensions import db, login_manager
from engage.limits import Limits
from engage.tokens import new_token
from engage.web.forms import EngageForm

# This is the invitation that a person follows. Signing in keeps it and nothing else, so that they come back to it.
INVITATION = "invitation"
# This is the id of the invitation on which the person pressed *Continue*.
STARTED = "invitation_started"
KNOWN_FOR = timedelta(days=365)


@login_manager.user_loader
def _user_of_session(token: str) -> User | None:
    """Returns the user of this cookie's session row; None if the row is missing or expired."""
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
    """Notes that this session is a coordinator's, so that the shorter limits hold from its next request on."""
    if not current_user.this_browser.holds_keys:
        g.session_to_touch, g.session_holds_keys = current_user.this_browser.token, True


def touch(token: str) -> None:
    """Notes that this browser was seen; a busy or full disk must not break the page for it."""
    try:
        service.touch_session(token, holds_keys=g.pop("session_holds_keys", False))
    except Exception:
        db.session.rollback()


def wait_words(wait: timedelta) -> str:
    """Says until when signing in is slowed down."""
    minutes = max(1, math.ceil(wait.total_seconds() / 60))
    return ngettext(
        "Too many tries. Wait %(num)s minute and try again.",
        "Too many tries. Wait %(num)s minutes and try again.",
        minutes,
    )


def slowed(form: EngageForm, error: service.TooManyTries) -> int:
    """Shows on the form how long to wait; returns the answer's status."""
    form.form_errors.append(wait_words(error.wait))
    g.retry_after = max(1, int(error.wait.total_seconds()))
    return 429


def told_to_wait(response: Response) -> Response:
    """Adds the Retry-After header for programs."""
    if response.status_code == 429:
        response.headers["Retry-After"] = str(g.get("retry_after", 60))
    return response


def enter(user: User, *, with_code: bool = False, expected: bool = False) -> None:
    """Signs this browser in, as part of the view's commit; only a followed invitation stays from the earlier cookie.

    Every way to sign in ends here, and requires the second step if the account has one. The person is told
    about a new browser unless it is `expected`, as after making the account or while signed in.
    """
    if user.second_factor_at is not None and not with_code:
        raise AssertionError("the second factor was not asked for")
    invitation = session.get(INVITATION)
    session.clear()
    g.pop("csrf_token", None)  # made for the earlier cookie, it is not valid in this answer
    if invitation is not None:
        session[INVITATION] = invitation
    token = service.start_session(user, browser_of(request.headers.get("User-Agent", "")))
    user.this_browser = ThisBrowser(token, clock.now())
    login_user(user)
    notices_service.note_browser(user, _kept_token(), expected=expected)
    if "to_say" in g:
        notices_service.tell(user, NoticeKind.RECOVERY_CODE_USED)
    say_what_is_left()


def browser_cookie() -> str:
    """Returns the name of the cookie that says only that this browser was here before."""
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"


def browser_token() -> str:
    """Returns the browser's own token, blank if it has none; its cookie outlives signing out."""
    return request.cookies.get(browser_cookie(), "")[:64]


def _kept_token() -> str:
    """Returns the browser's own token, or a new one if it has none."""
    token = browser_token() or new_token()

    @after_this_request
    def keep(response: Response) -> Response:
        secure = current_app.config["SESSION_COOKIE_SECURE"]
        response.set_cookie(
            browser_cookie(), token, max_age=KNOWN_FOR, httponly=True, samesite="Lax", secure=secure
        )
        return response

    return token


def say_what_is_left() -> None:
    """Says how many recovery codes are left after one was used. It runs after the cookie was emptied."""
    if (words := g.pop("to_say", None)) is not None:
        flash(words)
