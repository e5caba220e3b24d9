"""Asks for the password again before a sensitive change; a person without one gets a code by mail.

If the password was given in the last few minutes, the request goes on. Otherwise a page asks for it and
carries the posted fields, so that the change is made as soon as the password is right. The server stores
nothing in between.
"""

from flask import Response, g, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from msgspec.structs import replace

from engage import clock
from engage.accounts import entry, service
from engage.accounts.forms import ReauthenticateForm, browser_address, wrong_password
from engage.accounts.models import User
from engage.accounts.passkeys import service as passkeys
from engage.accounts.providers import waiting as providers
from engage.accounts.rules import was_recently
from engage.accounts.sessions import signing_in
from engage.accounts.sign_in_links import asking
from engage.database import READING_METHODS
from engage.errors import FieldRefused
from engage.extensions import db, write_from_here
from engage.i18n import gettext as _
from engage.web import htmx
from engage.web.answers import kept_fields

# Any of these fields in a form says that the person proves who they are, or asks for the mail with which to do so.
PROVES = {"sign_in_password", "sign_in_passkey", asking.CODE, asking.BUTTON}


def ask() -> Response | None:
    """Returns the page that asks for the password before a sensitive change; None lets the request go on."""
    if was_recently(current_user.this_browser.proved_at, clock.now()):
        return None
    address = request.full_path.rstrip("?")
    if request.method in READING_METHODS:
        return make_response(redirect(url_for("accounts.reauthenticate", next=address), 303))
    return _ask_on_the_way(address)


def form_for(*, empty: bool = False) -> ReauthenticateForm:
    """Returns the form that asks for the password or a mailed code, and for the code if two-step sign-in is on."""
    form = ReauthenticateForm(formdata=None) if empty else ReauthenticateForm()
    if providers.has_proved(current_user.id):
        del form.password, form.mailed
    elif current_user.has_password:
        del form.mailed
    else:
        del form.password
    if current_user.second_factor_at is None:
        del form.code, form.recovery
    return form


def _ask_on_the_way(address: str) -> Response | None:
    form, status = form_for(empty=True), 401
    if g.get("csrf_valid", False) and PROVES & request.form.keys():
        form = form_for()
        status = answer(form)
        if status == 200:
            _let_through()
            return None
    htmx.answer_with_a_whole_page()
    return page(form, status, action=address, on_the_way=True)


def _let_through() -> None:
    """Lets the request go on. With a valid form token it is carried out; without one, its form is shown again first."""
    if "sign_in_unchecked" in request.form:
        g.replaying = _("Nothing was saved yet. Check what you typed and press the button.")
    else:
        write_from_here()


def answer(form: ReauthenticateForm) -> int:
    """Handles the posted form: mails a code if its button asked for one, else checks what the form holds.

    Returns the response's status in the same way as `prove`.
    """
    if asking.BUTTON not in request.form or "mailed" not in form:
        return prove(form)
    return asking.ask(form, current_user.email, page=request.args.get("next", "")) or 401


def prove(form: ReauthenticateForm) -> int:
    """Returns 200 if the form holds the person's password or mailed code, so that this session may go on.

    Otherwise it returns the response's status, with the form's errors. The view's transaction ends here, so
    that no lock is held while hashing.
    """
    user: User = current_user._get_current_object()
    if signed := request.form.get("sign_in_passkey"):
        return _prove_by_passkey(form, user, signed)
    if not form.validate():
        return 422
    check = _check_mailed if "mailed" in form else _check_password
    if not providers.has_proved(user.id) and (refused := check(form, user)):
        return refused
    if "code" in form and (refused := signing_in.check_code(form, user.id)):
        return refused
    providers.use_proof()
    entry.say_what_is_left()
    return _proved(user)


def _prove_by_passkey(form: ReauthenticateForm, user: User, signed: str) -> int:
    mine = user.id  # read before, because the next step must find no open transaction
    db.session.rollback()
    try:
        if passkeys.user_of(signed).id == mine:
            db.session.rollback()
            return _proved(user)
        form.form_errors.append(_("That is someone else's passkey."))
    except FieldRefused as error:
        form.form_errors.append(error.message)
    return 422


def _proved(user: User) -> int:
    user.this_browser = replace(user.this_browser, proved_at=service.note_proof(user.this_browser.token))
    return 200


def _check_password(form: ReauthenticateForm, user: User) -> int:
    """Returns 0 if the password is right, otherwise the response's status, with the form's error."""
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
    return 0


def _check_mailed(form: ReauthenticateForm, user: User) -> int:
    """Returns 0 if the mailed code is right, otherwise the response's status, with the form's error."""
    mine = user.id  # read before, because the next step must find no open transaction
    found, status = asking.check(form)
    if found == mine:
        return 0
    if status == asking.OVER or found is not None:
        form.form_errors.append(asking.over_words())
        return 422
    return status


def page(form: ReauthenticateForm, status: int, *, action: str, on_the_way: bool) -> Response:
    """Renders the page that asks for the password; on the way to a view, it carries the fields posted to that view."""
    more: dict[str, object] = {"unchecked": False, "fields": [], "has_passkeys": passkeys.is_possible()}
    if on_the_way:
        seen = g.get("csrf_valid", False) and "sign_in_unchecked" not in request.form
        more |= {"unchecked": not seen, "fields": kept_fields()}
    body = render_template(
        "accounts/sessions/reauthenticate.html",
        form=form,
        action=action,
        on_the_way=on_the_way,
        way=asking.offered() if asking.asked_here() is None else asking.asked(),
        is_asked=asking.asked_here() is not None,
        user=current_user,
        **more,
    )
    return entry.told_to_wait(make_response(body, status))
