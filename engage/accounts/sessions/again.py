"""Asks for the password again before a sensitive change.

If the password was given in the last few minutes, the request goes on. Otherwise a page asks for it and
carries the posted fields, so that the change is made as soon as the password is right. The server stores
nothing in between.
"""

from typing import Any

from flask import Response, flash, g, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from msgspec.structs import replace

from engage import clock
from engage.accounts import entry, service
from engage.accounts.forms import AgainForm, browser_address, wrong_password
from engage.accounts.models import User
from engage.accounts.rules import was_recently
from engage.accounts.sessions import signing_in
from engage.database import READING_METHODS
from engage.extensions import db, write_from_here
from engage.web import htmx
from engage.web.answers import kept_fields


def ask() -> Response | None:
    """Returns the page to show before a sensitive change; None lets the request go on."""
    if was_recently(current_user.this_browser.proved_at, clock.now()):
        return None
    address = request.full_path.rstrip("?")
    if request.method in READING_METHODS:
        return make_response(redirect(url_for("accounts.again", next=address), 303))
    return _ask_on_the_way(address)


def form_for(*, empty: bool = False) -> AgainForm:
    """Returns the form: the password, and the code for two-step sign-in."""
    form = AgainForm(formdata=None) if empty else AgainForm()
    if current_user.second_factor_at is None:
        del form.code
    return form


def _ask_on_the_way(address: str) -> Response | None:
    form, status = form_for(empty=True), 401
    if g.get("csrf_valid", False) and "sign_in_password" in request.form:
        form = form_for()
        status = prove(form)
        if status == 200:
            _let_through()
            return None
    htmx.answer_with_a_whole_page()
    return page(form, status, action=address, on_the_way=True)


def _let_through() -> None:
    """Lets the request go on. With a valid form token it is carried out; without one, its form is shown first."""
    write_from_here()
    if "sign_in_unchecked" in request.form:
        g.replaying = True
        flash(_("Nothing was saved yet. Check what you typed and press the button."))


def prove(form: AgainForm) -> int:
    """Returns 200 if the form holds the person's password, and this session may go on.

    Else it returns the answer's status, with the form's errors. The view's transaction ends here, so that no
    lock is held while hashing.
    """
    if not form.validate():
        return 422
    user: User = current_user._get_current_object()
    try:
        right = service.password_is_right(
            user, form.password.data or "", browser_address(), entry.browser_token()
        )
    except service.TooManyTries as error:
        return entry.slowed(form, error)
    db.session.rollback()
    if not right:
        form.refuse("password", wrong_password())
        return 422
    if "code" in form and (refused := signing_in.check_code(form, user.id)):
        return refused
    entry.say_what_is_left()
    user.this_browser = replace(user.this_browser, proved_at=service.note_proof(user.this_browser.token))
    return 200


def page(form: AgainForm, status: int, *, action: str, on_the_way: bool) -> Response:
    """Draws the page that asks; on the way to another view it carries the fields posted to that view."""
    more: dict[str, Any] = {"unchecked": False, "fields": []}
    if on_the_way:
        seen = g.get("csrf_valid", False) and "sign_in_unchecked" not in request.form
        more = {"unchecked": not seen, "fields": kept_fields()}
    body = render_template(
        "accounts/sessions/again.html", form=form, action=action, on_the_way=on_the_way, **more
    )
    return entry.told_to_wait(make_response(body, status))
