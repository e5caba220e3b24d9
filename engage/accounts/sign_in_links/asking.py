"""Asks for a link to sign in over HTTP, and checks the code that is typed where it was asked for.

The browser's session holds the token of its request, the page that was wanted and, if the address came from a
link in another mail, that link's token.
"""

from flask import request, session
from msgspec import Struct

from engage.accounts import entry
from engage.accounts.forms import MailedCodeForm, ReauthenticateForm, SignInForm, browser_address
from engage.accounts.models import SignInLink
from engage.accounts.rules import browser_of
from engage.accounts.service import TooManyTries
from engage.accounts.sign_in_links import service
from engage.accounts.sign_in_links.rules import Typed, masked
from engage.extensions import mail_server
from engage.i18n import gettext as _
from engage.web.forms import EngageForm

# The names of the button that asks for a link (its value is empty or the token of a link in another mail), and of
# the field for the code.
BUTTON, CODE = "sign_in_link", "sign_in_mailed_code"
ASKED = "sign_in_link"
# The status of a request that is over.
OVER = 410


class LinkWay(Struct, frozen=True):
    """What a page of signing in says of links.

    `reader` is the value of the button that asks for one; `address` is the person's, or the masked one of the
    reader of another mail.
    """

    is_mailed: bool
    address: str = ""
    reader: str = ""


def names_someone(form: SignInForm) -> bool:
    """Returns whether the form says where to send a link: its button holds a reader's token, or a field an address."""
    return service.reader_of(request.form[BUTTON]) is not None or bool(form.email.validate(form))


def ask(form: EngageForm, email: str, *, page: str = "") -> int:
    """Records a request for a link that leads to `page`. Returns 0, or the response's status with the form's error."""
    if mail_server() is None:
        form.form_errors.append(_("This site sends no e-mail. Ask a coordinator for a link."))
        return 422
    reader = service.reader_of(request.form[BUTTON])
    browser = browser_of(request.headers.get("User-Agent", ""))
    try:
        made = service.ask(
            reader.email if reader is not None else email, browser, browser_address(), entry.browser_token()
        )
    except TooManyTries as error:
        return entry.slowed(form, error)
    session[ASKED] = {
        "token": made,
        "wanted": page,
        "reader": request.form[BUTTON] if reader is not None else "",
    }
    return 0


def check(form: MailedCodeForm | ReauthenticateForm) -> tuple[int | None, int]:
    """Returns the id of the person whom the typed code signs in, or None with an error on the form and a status."""
    try:
        found = service.try_code(form.mailed.data or "", token(), browser_address(), entry.browser_token())
    except TooManyTries as error:
        return None, entry.slowed(form, error)
    if found is Typed.WRONG:
        form.refuse("mailed", _("That code is not right. Type the six digits of the newest e-mail."))
        return None, 422
    if found is Typed.OVER:
        return None, OVER
    return found, 200


def over_words() -> str:
    return _("That code no longer works. Codes work for ten minutes and five tries. Ask for a new e-mail.")


def token() -> str:
    """Returns the token of this browser's request; empty if it made none."""
    return str(_kept().get("token", ""))


def wanted() -> str:
    """Returns the page that was wanted when the link was asked for."""
    return str(_kept().get("wanted", ""))


def _kept() -> dict[str, str]:
    kept = session.get(ASKED)
    return kept if isinstance(kept, dict) else {}


def asked_here() -> SignInLink | None:
    """Returns the request that this browser made, while its link works."""
    return service.asked_by(token()) if token() else None


def offered() -> LinkWay:
    """Returns what the page says that offers a link, before one was asked for."""
    named, mails = request.args.get("reader", ""), mail_server() is not None
    reader = service.reader_of(named) if named and mails else None
    return LinkWay(mails, masked(reader.email), named) if reader is not None else LinkWay(mails)


def asked() -> LinkWay | None:
    """Returns what the page says on which this browser asked for a link; None once the link is over."""
    link = asked_here()
    if link is None:
        return None
    reader = _kept().get("reader", "")
    return LinkWay(True, masked(link.email) if reader else link.email, reader)
