"""Ends the sign-in of a browser that left the site, even if it had no network then."""

from flask import Flask, current_app, g, redirect, request, session
from werkzeug.wrappers import Response

from engage.accounts import entry, service
from engage.addresses import is_inside
from engage.database import READING_METHODS
from engage.languages import COOKIE

# These show no one's page. `/leave` clears the browser itself.
_SHOW_NOTHING = {"accounts.leave", "pages.healthz"}


def left_cookie() -> str:
    """Returns the name of the cookie that the page sets when a person leaves (static/guard.js); it says only that."""
    return "__Host-left" if current_app.config["SESSION_COOKIE_SECURE"] else "left"


def end_session() -> None:
    """Ends the session at once. A person who has to leave must be able to, even if the database fails."""
    try:
        if (token := session.get("_user_id")) is not None:
            service.end_session_now(token)
    except Exception as error:
        current_app.logger.error("leave: the session was not ended: %s", type(error).__name__)
    session.clear()
    g.pop("session_to_touch", None)


def cleared(target: str) -> Response:
    """Redirects there, and has the browser clear what it stored."""
    response = redirect(target, 303)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    is_secure = current_app.config["SESSION_COOKIE_SECURE"]
    names = [current_app.config["SESSION_COOKIE_NAME"], COOKIE, entry.browser_cookie()]
    for name in (*names, *{left_cookie()} & request.cookies.keys()):
        response.delete_cookie(name, secure=is_secure)
    return response


def init_app(app: Flask) -> None:
    """Looks at each request before anything else does: no page is shown to a browser that left while signed in."""

    @app.before_request
    def end_what_was_left() -> Response | None:
        if left_cookie() not in request.cookies or request.endpoint in _SHOW_NOTHING:
            return None
        end_session()
        here = request.full_path.rstrip("?") if request.method in READING_METHODS else "/"
        return cleared(here if is_inside(here) else "/")
