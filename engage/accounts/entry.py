"""Handles the cookie's token and its session row: finding it, noting that it was used, and starting a new one."""

import math
from datetime import timedelta

from flask import Response, after_this_request, current_app, flash, g, request, session
from flask_login import current_user, login_user

from engage import clock
from engage.accounts import notices as notices_service
from engage.accounts import queries, service
from engage.accounts.models import SignedIn, ThisBrowser, User
from engage.accounts.rules import NoticeKind, browser_of, is_to_be_noted, session_is_over
from engage.extensions import db, login_manager
from engage.i18n import ngettext
from engage.limits import Limits
from engage.tokens import new_token
from engage.web.forms import EngageForm

# The invitation that a person follows. Signing in keeps only this entry of the earlier cookie, so that the
# person returns to the invitation.
INVITATION = "invitation"
# The id of the invitation on which the person pressed *Continue*.
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
    row.user.this_browser = ThisBrowser(token, row.proved_at, row.holds_keys, row.is_own)
    g.account = row.user  # the log and the language use the user from here, without another query
    return row.user


def _limits(row: SignedIn) -> Limits:
    kind = "KEY_HOLDERS" if row.holds_keys or row.user.is_admin else "MEMBERS"
    limits: Limits = current_app.config[f"SESSION_{kind if row.is_own else 'SHARED'}"]
    return limits


def is_own_browser() -> bool:
    """Returns whether the person said, with the button that they pressed, that this is their own phone or computer."""
    return request.form.get("sign_in_browser") == "own"


def note_keys() -> None:
    """Records that this session is a coordinator's or admin's; its time limits are shorter from the next request on."""
    if not current_user.this_browser.holds_keys:
        g.session_to_touch, g.session_holds_keys = current_user.this_browser.token, True


def touch(token: str) -> None:
    """Records that this session was used; if the disk is full or the database busy, the page must still work."""
    try:
        service.touch_session(token, holds_keys=g.pop("session_holds_keys", False))
    except Exception:
        db.session.rollback()


def wait_words(wait: timedelta) -> str:
    """Returns the message that says how long to wait before the next try."""
    minutes = max(1, math.ceil(wait.total_seconds() / 60))
    return ngettext(
        "Too many tries. Wait %(num)s minute and try again.",
        "Too many tries. Wait %(num)s minutes and try again.",
        minutes,
    )


def slowed(form: EngageForm, error: service.TooManyTries) -> int:
    """Shows on the form how long to wait; returns the response's status."""
    form.form_errors.append(wait_words(error.wait))
    g.retry_after = max(1, int(error.wait.total_seconds()))
    return 429


def told_to_wait(response: Response) -> Response:
    """Adds the Retry-After header, which tells programs how long to wait."""
    if response.status_code == 429:
        response.headers["Retry-After"] = str(g.get("retry_after", 60))
    return response


def asks_for_code(user: User) -> bool:
    """Returns whether this browser has to give the code of two-step sign-in before it is signed in."""
    return user.second_factor_at is not None and not notices_service.needs_no_code(user.id, browser_token())


def enter(
    user: User,
    *,
    with_code: bool = False,
    expected: bool = False,
    is_own: bool | None = None,
    proved: bool = True,
) -> None:
    """Signs this browser in within the view's transaction; of the earlier cookie, only a followed invitation is kept.

    Every way to sign in ends here, and an account with two-step sign-in must have given its code. The person
    is notified of a new browser unless it is `expected`, as after making the account or while signed in. The
    browser is the person's own if `is_own`, or if the form that was sent says so. A sensitive change asks at
    once who this is unless they `proved` it just now.
    """
    if not with_code and asks_for_code(user):
        raise AssertionError("the second factor was not asked for")
    is_own = is_own_browser() if is_own is None else is_own
    invitation = session.get(INVITATION)
    session.clear()
    g.pop("csrf_token", None)  # the form token belongs to the earlier cookie and is no longer valid
    if invitation is not None:
        session[INVITATION] = invitation
    browser_name = browser_of(request.headers.get("User-Agent", ""))
    token = service.start_session(user, browser_name, is_own=is_own, proved=proved)
    user.this_browser = ThisBrowser(token, clock.now() if proved else None, is_own=is_own)
    login_user(user)
    # The cookie of any other browser goes when that browser is closed.
    session.permanent = is_own
    g.account = user
    browser = _kept_token()
    notices_service.note_browser(user, browser, expected=expected)
    if with_code and is_own and request.form.get("sign_in_no_code") == "yes":
        notices_service.ask_no_code(user, browser)
    if "to_say" in g:
        notices_service.tell(user, NoticeKind.RECOVERY_CODE_USED)
    say_what_is_left()


def browser_cookie() -> str:
    """Returns the name of the cookie by which a browser is recognized after signing out."""
    return "__Host-known" if current_app.config["SESSION_COOKIE_SECURE"] else "known"


def browser_token() -> str:
    """Returns the browser's own token, empty if it has none; the cookie with the token outlives signing out."""
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
    """Shows how many recovery codes are left after one was used.

    It runs after the old session was cleared, so that the message is kept.
    """
    if (words := g.pop("to_say", None)) is not None:
        flash(words)
