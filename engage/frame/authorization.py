"""Decides who may open a view: sign-in is the default, and a coalition's pages require membership.

A page that a person may not open answers the same 404 as an address that never existed.
"""

from enum import Enum

from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    request,
    session,
    url_for,
)
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from werkzeug.routing import IntegerConverter

from engage import errors
from engage.accounts import entry
from engage.accounts.sessions import reauthenticate, signing_in
from engage.coalitions import queries
from engage.coalitions.permissions import GroupOf, Permission, may
from engage.coalitions.rules import Role
from engage.database import READING_METHODS
from engage.extensions import db, stand_at
from engage.frame import pace
from engage.i18n import gettext as _
from engage.web import answers, htmx
from engage.web.access import access_of

# The session stores which of several coalitions was opened last, because the account's pages show its menu.
PLACE = "place"


class IdConverter(IntegerConverter):
    """A row's id in an address; a number the database could not hold does not match."""

    # The bounds are in the pattern instead of min and max, because a mismatch gives a 404 and a value out of
    # bounds would give a 405.
    regex = "(?:[1-9][0-9]{0,8}|1[0-9]{9})"


def _enter_coalition(slug: str) -> None:
    memberships = queries.memberships_of(current_user.id)
    membership = next((row for row in memberships if row.coalition.slug == slug), None)
    if membership is None:
        abort(404)
    g.membership = membership
    g.coalition = membership.coalition
    stand_at(membership.coalition)
    g.other_coalitions = [row.coalition for row in memberships if row is not membership]
    if g.other_coalitions and session.get(PLACE) != slug:
        session[PLACE] = slug
    if any(row.role is Role.COORDINATOR for row in memberships):
        entry.note_keys()


def _guard() -> Response | None:
    if request.endpoint is None:
        return None
    access = access_of(request.endpoint)
    if access == "public":
        return None
    if not current_user.is_authenticated and not signing_in.signed_in_on_the_way():
        return signing_in.ask()
    if access != "signed_in":
        _enter_as(access)
        if _lacks_second_factor():
            return _held()
    view = current_app.view_functions[request.endpoint]
    asked = reauthenticate.ask() if getattr(view, "recently", False) else None
    return asked or pace.too_fast(current_user.id) or _shown_first()


def _shown_first() -> Response | None:
    """Handles a POST repeated after sign-in: never presses a button, and lets a form be shown again."""
    if (words := g.get("replaying")) is None:
        return None
    if _is_button():
        return answers.open_too_long()
    flash(words)
    return None


def _is_button() -> bool:
    return getattr(current_app.view_functions[str(request.endpoint)], "button", False)


def _enter_as(access: str | Enum | None) -> None:
    if access == "admin":
        if not current_user.is_admin:
            abort(404)
        return
    if not isinstance(access, Permission):
        abort(403)
    _enter_coalition(g.slug)
    if not may(g.membership.role, access) and not _leads_there(access):
        abort(403)


def _leads_there(access: Permission) -> bool:
    """Returns whether the person leads the group to which the row in the URL belongs."""
    group_of: GroupOf | None = getattr(current_app.view_functions[str(request.endpoint)], "group_of", None)
    if group_of is None:
        return False
    return queries.may_there(g.membership, access, group_of(g.membership, **(request.view_args or {})))


def _lacks_second_factor() -> bool:
    """Returns whether the coalition requires two-step sign-in of its coordinators, and this one has not set it up."""
    if "membership" not in g or g.membership.role is not Role.COORDINATOR:
        return False
    return bool(g.coalition.coordinators_need_second_factor and current_user.second_factor_at is None)


def _held() -> Response:
    """Blocks the coalition's pages until two-step sign-in is set up; posted text stays on the page."""
    address = request.full_path.rstrip("?")
    if request.method in READING_METHODS:
        return make_response(redirect(url_for("accounts.second_factor", next=address), 303))
    return answers.problem(
        403,
        _("Set up two-step sign-in first"),
        _(
            "This coalition asks its coordinators to use two-step sign-in. Nothing was saved; "
            "your text is kept on this page."
        ),
        link=errors.Link(_("Set up two-step sign-in"), url_for("accounts.second_factor")),
    )


def _token_refused(error: CSRFError) -> Response:
    """Answers a form without a valid token: shows it again with the typed text, under the same access rules.

    A person whose session has ended signs in first. While the view runs, `g.replaying` prevents its form from
    being saved, and the database can only be read, as after a commit.
    """
    if answers.from_elsewhere():
        return answers.open_too_long()
    try:
        return _guard() or _shown_again()
    except Exception as refusal:  # Flask does not handle an error raised while it handles another
        return make_response(current_app.handle_user_exception(refusal))


def _shown_again() -> Response:
    if _is_button():
        return answers.open_too_long()
    db.session.rollback()
    g.replaying = g.committed = True
    htmx.answer_with_a_whole_page()
    flash(signing_in.signed_in_again() if signing_in.signed_in_in_another_tab() else _too_long())
    view = current_app.ensure_sync(current_app.view_functions[str(request.endpoint)])
    response = make_response(view(**(request.view_args or {})))
    if 300 <= response.status_code < 400:
        return answers.open_too_long()  # there is no form to show again
    response.status_code = 400
    return response


def _too_long() -> str:
    """Says why the form is shown again; a browser that sent no cookie may keep none."""
    if current_app.config["SESSION_COOKIE_NAME"] in request.cookies:
        return _(
            "This page was open for too long. Nothing was saved yet. Check what you typed and "
            "press the button."
        )
    return _(
        "This page was open for too long, or your browser does not allow cookies. Nothing was saved yet. Allow cookies "
        "for this site, check what you typed, and press the button."
    )


def init_app(app: Flask) -> None:
    """Registers the access check, after the form token's check, and the record of the session's last use."""
    app.url_map.converters["id"] = IdConverter
    app.before_request(_guard)
    app.register_error_handler(CSRFError, _token_refused)

    @app.teardown_request
    def touch(error: BaseException | None) -> None:
        if (token := g.pop("session_to_touch", None)) is not None:
            db.session.remove()
            entry.touch(token)
