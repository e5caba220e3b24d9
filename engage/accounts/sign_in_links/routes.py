"""Serves links to sign in: the page that asked for one, the page behind it, and links in other mails."""

import math
from datetime import timedelta

from flask import redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from engage import clock
from engage.accounts import bp, entry
from engage.accounts.forms import MailedCodeForm
from engage.accounts.labels import browser_words
from engage.accounts.models import SignInLink, User
from engage.accounts.sessions import signing_in
from engage.accounts.sessions.routes import landing
from engage.accounts.sign_in_links import asking, service
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.web.access import public
from engage.web.forms import ConfirmForm


@bp.get("/sign-in/link")
@public
def sign_in_link_asked() -> Response | str:
    """Shows the page with the field for the code; it may be loaded again after looking at the mail."""
    if current_user.is_authenticated or asking.asked_here() is None:
        return redirect(url_for("accounts.sign_in"), 303)
    return signing_in.asked_page(MailedCodeForm(formdata=None), 200, action=_sign_in())


def _sign_in() -> str:
    """Returns the address of the sign-in page that leads to the page that was wanted."""
    return url_for("accounts.sign_in", next=asking.wanted() or None)


@bp.get("/sign-in/link/<token>")
@public
def sign_in_link(token: str) -> Response | str | tuple[str, int]:
    """Shows a button and changes nothing, because mail scanners open links, too."""
    link = service.by_token(token)
    if link is None or link.user_id is None:
        return _over()
    return _page(link)


@bp.post("/sign-in/link/<token>")
@public
def use_sign_in_link(token: str) -> Response | str | tuple[str, int]:
    """Signs in the browser that asked for the link; any other one gets the code to type there."""
    link = service.by_token(token)
    if link is None or link.user_id is None:
        return _over()
    if not ConfirmForm().validate_on_submit():
        return _page(link), 422
    if not _is_here(link):
        return _page(link, code=service.code_of(link))
    sign_in, wanted = _sign_in(), asking.wanted()
    user_id = service.use(token, asking.token())
    if user_id is None:
        return _over()
    found = signing_in.go_on(db.session.get_one(User, user_id), action=sign_in)
    if not isinstance(found, signing_in.SignInFound):
        return found
    entry.enter(found.user)
    db.session.commit()
    return redirect(landing(wanted), 303)


def _is_here(link: SignInLink) -> bool:
    """Returns whether this browser asked for the link, and asked in order to sign in."""
    return not current_user.is_authenticated and service.is_of(link, asking.token())


def _page(link: SignInLink, code: str = "") -> str:
    return render_template(
        "accounts/sign_in_links/link.html",
        form=ConfirmForm(),
        is_here=_is_here(link),
        code=code,
        asked=_asked_words(link),
    )


def _asked_words(link: SignInLink) -> str:
    """Returns when and with which browser the link was asked for."""
    minutes = max(1, math.ceil((clock.now() - link.asked_at) / timedelta(minutes=1)))
    browser = browser_words(link.browser, link.system) or _("another browser")
    return ngettext(
        "Someone asked %(num)s minute ago to sign in with %(browser)s.",
        "Someone asked %(num)s minutes ago to sign in with %(browser)s.",
        minutes,
        browser=browser,
    )


def _over() -> Response | tuple[str, int]:
    """Says that the link is over; a browser that it signed in a moment ago goes on."""
    if current_user.is_authenticated:
        return redirect(landing(), 303)
    return render_template("accounts/sign_in_links/link_is_over.html"), 410


@bp.get("/from-mail/<token>/<path:there>")
@public
def from_mail(token: str, there: str) -> Response:
    """Leads to the page that a link in a mail means; a browser that is not signed in is offered a link first."""
    path = f"/{there}" + (f"?{request.query_string.decode()}" if request.query_string else "")
    if current_user.is_authenticated:
        return redirect(landing(path), 303)
    return redirect(url_for("accounts.sign_in", next=path, reader=token), 303)
