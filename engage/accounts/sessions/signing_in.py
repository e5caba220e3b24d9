"""Signs people in over HTTP: the password or a mailed code, then the code if two-step sign-in is on.

All of it also works on the way to another view, whose fields the pages carry. Nothing is stored
between the two steps: the second page carries a signed note that the first was right a moment ago.
"""

from flask import Response, current_app, g, make_response, redirect, render_template, request, url_for
from flask_login import current_user
from itsdangerous import BadSignature, URLSafeSerializer
from msgspec import Struct

from engage import clock
from engage.accounts import entry, queries, service, throttle
from engage.accounts.forms import (
    CodeForm,
    MailedCodeForm,
    OnTheWayForm,
    ReauthenticateForm,
    SignInForm,
    browser_address,
)
from engage.accounts.models import User
from engage.accounts.passkeys import service as passkeys
from engage.accounts.rules import CODE_WAITS, Spent
from engage.accounts.second_factor import service as second_factor_service
from engage.accounts.sign_in_links import asking
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.tokens import hashed
from engage.web import htmx
from engage.web.answers import kept_fields

# Any of these fields in a form says that it signs someone in.
SIGNS_IN = {"sign_in_email", "sign_in_proof", asking.CODE}


class SignInFound(Struct, frozen=True):
    """The person whom the posted fields sign in, and whether the code of two-step sign-in was given."""

    user: User
    with_code: bool = False


def attempt(kind: type[SignInForm], *, action: str, on_the_way: bool = False) -> SignInFound | Response:
    """Returns the person whom the posted fields sign in, or the page that asks again."""
    if "sign_in_proof" in request.form:
        return _attempt_code(action, on_the_way)
    if request.form.get("sign_in_passkey"):
        return _attempt_passkey(kind(formdata=None), action, on_the_way)
    if asking.BUTTON in request.form:
        return _mail_link(kind(), action, on_the_way)
    if asking.CODE in request.form:
        return _attempt_mailed_code(kind, action, on_the_way)
    form = kind()
    if g.get("replaying", False) or not form.validate():
        return page(form, 422, action=action, on_the_way=on_the_way)
    user, status = _check_password(form)
    if user is None:
        return page(form, status, action=action, on_the_way=on_the_way)
    return go_on(user, action=action, on_the_way=on_the_way)


def go_on(
    user: User, *, action: str, on_the_way: bool = False, is_own: bool | None = None
) -> SignInFound | Response:
    """Returns the person who has proved who they are, or the page that asks for the code of two-step sign-in.

    The browser is the person's own if `is_own`, or if the form that was sent says so.
    """
    if not entry.asks_for_code(user):
        return SignInFound(user)
    form_for_code = CodeForm(formdata=None, proof=_proof_of(user))
    return _code_page(form_for_code, 401, action=action, on_the_way=on_the_way, is_own=is_own)


def _check_password(form: SignInForm) -> tuple[User | None, int]:
    """Returns the user whose address and password the form holds, or None with an error on the form and a status."""
    try:
        user = service.user_for(
            form.email.data or "", form.password.data or "", browser_address(), entry.browser_token()
        )
    except service.TooManyTries as error:
        return None, entry.slowed(form, error)
    if user is None:
        form.form_errors.append(_("This e-mail address and password do not match. Check both and try again."))
    return user, 200 if user else 422


def _attempt_passkey(form: SignInForm, action: str, on_the_way: bool) -> SignInFound | Response:
    """Signs in with a passkey, which is both factors: the browser has verified the person."""
    if g.get("replaying", False):
        return page(form, 422, action=action, on_the_way=on_the_way)
    db.session.rollback()
    try:
        return SignInFound(passkeys.user_of(request.form["sign_in_passkey"]), with_code=True)
    except FieldRefused as error:
        throttle.count_failure(browser_address())
        form.form_errors.append(error.message)
        return page(form, 422, action=action, on_the_way=on_the_way)


def _mail_link(form: SignInForm, action: str, on_the_way: bool) -> Response:
    """Records a request for a link, and shows the page with the field for its code."""
    if g.get("replaying", False) or not asking.names_someone(form):
        return page(form, 422, action=action, on_the_way=on_the_way)
    if refused := asking.ask(form, form.email.data or "", page=request.args.get("next", "")):
        return page(form, refused, action=action, on_the_way=on_the_way)
    if not on_the_way:
        return make_response(redirect(url_for("accounts.sign_in_link_asked"), 303))
    return asked_page(MailedCodeForm(formdata=None), 401, action=action, on_the_way=True)


def _attempt_mailed_code(kind: type[SignInForm], action: str, on_the_way: bool) -> SignInFound | Response:
    form = MailedCodeForm()
    if g.get("replaying", False) or not form.validate():
        return asked_page(form, 422, action=action, on_the_way=on_the_way)
    user_id, status = asking.check(form)
    if user_id is not None:
        return go_on(db.session.get_one(User, user_id), action=action, on_the_way=on_the_way)
    if status == asking.OVER:
        return _over(kind, action, on_the_way)
    return asked_page(form, status, action=action, on_the_way=on_the_way)


def _attempt_code(action: str, on_the_way: bool) -> SignInFound | Response:
    form = CodeForm()
    if g.get("replaying", False) or not form.validate():
        return _code_page(form, 422, action=action, on_the_way=on_the_way)
    user = _user_of_proof(form.proof.data or "")
    if user is None:
        again = (OnTheWayForm if on_the_way else SignInForm)(formdata=None)
        again.form_errors.append(
            _("That took too long, or the password was changed in the meantime. Start again.")
        )
        return page(again, 422, action=action, on_the_way=on_the_way)
    user_id = user.id
    if refused := check_code(form, user_id):
        return _code_page(form, refused, action=action, on_the_way=on_the_way)
    return SignInFound(db.session.get_one(User, user_id), with_code=True)


def check_code(form: CodeForm | ReauthenticateForm, user_id: int) -> int:
    """Returns 0 if the form's code is right, and uses it up.

    Otherwise it returns the response's status, with the form's errors. The open transaction ends here.
    """
    db.session.rollback()
    tries = service.code_tries_of(user_id, entry.browser_token())
    if (wait := throttle.take_code_try(tries, browser_address())) is not None:
        return entry.slowed(form, service.TooManyTries(wait))
    match second_factor_service.spend(user_id, form.code.data or ""):
        case Spent.WRONG:
            throttle.count_failure(browser_address())
            form.refuse("code", _wrong_code())
            return 422
        case Spent.USED_BEFORE:
            form.refuse("code", _("That code was already used. Wait for the app to show the next one."))
            return 422
        case Spent.RECOVERY_CODE:
            g.to_say = _words_on_the_rest(second_factor_service.recovery_codes_left(user_id))
            db.session.rollback()
    throttle.forgive_code(tries)
    return 0


def _wrong_code() -> str:
    return _(
        "That code is not right. Type the newest one. If it keeps failing, the clock of your "
        "phone or of this site is wrong: set the phone's time to automatic, or use a "
        "recovery code."
    )


def _words_on_the_rest(left: int) -> str:
    if left == 0:
        return _(
            "That was your last recovery code. Make new ones now, on your account’s page under "
            "Two-step sign-in."
        )
    return _("That recovery code cannot be used again. You have %(left)s left.", left=left)


def _notes() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="sign-in-proof")


def _proof_of(user: User) -> str:
    """Returns a signed note that this account's password was right just now; a new password invalidates it."""
    return str(_notes().dumps([user.id, hashed(user.password_hash), int(clock.now().timestamp())]))


def _user_of_proof(note: str) -> User | None:
    try:
        user_id, password, at = _notes().loads(note)
    except BadSignature:
        return None
    if not 0 <= clock.now().timestamp() - at <= CODE_WAITS.total_seconds():
        return None
    user = queries.user_by_id(user_id)
    return user if user is not None and user.is_active and hashed(user.password_hash) == password else None


def page(form: SignInForm, status: int, *, action: str, on_the_way: bool = False) -> Response:
    """Renders the sign-in form; on the way to another view it carries the fields posted to that view."""
    return _page("accounts/sessions/sign_in.html", form, status, action, on_the_way, asking.offered())


def asked_page(form: MailedCodeForm, status: int, *, action: str, on_the_way: bool = False) -> Response:
    """Renders the page on which a person types the code in the e-mail that they asked for."""
    way = asking.asked()
    if way is None:
        return _over(OnTheWayForm if on_the_way else SignInForm, action, on_the_way)
    return _page("accounts/sign_in_links/asked.html", form, status, action, on_the_way, way)


def _over(kind: type[SignInForm], action: str, on_the_way: bool) -> Response:
    form = kind(formdata=None)
    form.form_errors.append(asking.over_words())
    return page(form, 422, action=action, on_the_way=on_the_way)


def _code_page(
    form: CodeForm, status: int, *, action: str, on_the_way: bool, is_own: bool | None = None
) -> Response:
    return _page("accounts/second_factor/code.html", form, status, action, on_the_way, is_own=is_own)


def _page(
    template: str,
    form: SignInForm | CodeForm | MailedCodeForm,
    status: int,
    action: str,
    on_the_way: bool,
    way: asking.LinkWay | None = None,
    is_own: bool | None = None,
) -> Response:
    fields = kept_fields() if on_the_way else []
    body = render_template(
        template,
        form=form,
        action=action,
        fields=fields,
        on_the_way=on_the_way,
        is_own=entry.is_own_browser() if is_own is None else is_own,
        has_passkeys=passkeys.is_possible(),
        way=way,
    )
    # On the way to another view, the status says that no one is signed in, even if the form has errors.
    return entry.told_to_wait(make_response(body, 401 if on_the_way and status == 422 else status))


def ask() -> Response:
    """Shows the sign-in form for a view that needs it; afterwards the person gets back what they typed."""
    address = request.full_path.rstrip("?")
    if request.method != "POST":
        return make_response(redirect(url_for("accounts.sign_in", next=address), 303))
    htmx.answer_with_a_whole_page()
    asked: Response | None = g.get("asked_on_the_way")
    return asked or page(OnTheWayForm(formdata=None), 401, action=address, on_the_way=True)


def signed_in_on_the_way() -> bool:
    """Returns whether this request also carried fields that signed a person in.

    The view then shows its form again with what was typed. `g.replaying` keeps every form from being saved;
    it is the message to show.
    """
    if request.method != "POST" or not g.get("csrf_valid", False):
        return False
    if not SIGNS_IN & request.form.keys():
        return False
    found = attempt(OnTheWayForm, action=request.full_path.rstrip("?"), on_the_way=True)
    if not isinstance(found, SignInFound):
        g.asked_on_the_way = found
        return False
    entry.enter(found.user, with_code=found.with_code)
    db.session.commit()
    g.replaying = signed_in_again()
    htmx.answer_with_a_whole_page()
    return bool(current_user.is_authenticated)


def signed_in_in_another_tab() -> bool:
    """Returns whether this form asked to sign in, and another tab has done so: with a provider, or by a mailed link."""
    asked = SIGNS_IN | {"sign_in_go_on"}
    return bool(current_user.is_authenticated and asked & request.form.keys())


def signed_in_again() -> str:
    return _("You are signed in again. Nothing was saved yet. Check what you typed and press the button.")
