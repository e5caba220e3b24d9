"""Serves tying a provider's account through a mailed link, untying it, and the page that ends a second tab."""

from flask import abort, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from engage.accounts import bp, entry
from engage.accounts.forms import browser_address
from engage.accounts.models import AskedTie
from engage.accounts.providers import pages, queries, service, waiting
from engage.accounts.providers.forms import AskTieForm
from engage.accounts.providers.rules import Trouble, Vouched
from engage.accounts.service import TooManyTries
from engage.accounts.sessions import signing_in
from engage.accounts.sessions.routes import landing
from engage.extensions import db, mail_server
from engage.i18n import gettext as _
from engage.settings import Provider
from engage.web.access import button, public, recently, signed_in
from engage.web.forms import ConfirmForm


def _vouched() -> tuple[Vouched, Provider] | None:
    """Returns whom a provider vouched for in this browser, and the provider if it is still switched on."""
    vouched = waiting.vouched()
    provider = service.provider_of(vouched.issuer) if vouched is not None else None
    return None if vouched is None or provider is None else (vouched, provider)


@bp.get("/sign-in/connect")
@public
def connect_by_mail() -> str | Response:
    found = _vouched()
    return pages.not_known(found[1]) if found else redirect(url_for("accounts.sign_in"), 303)


@bp.post("/sign-in/connect")
@public
def ask_to_connect() -> str | Response | tuple[str, int]:
    """Answers in the same way whether or not the address has an account here."""
    found, form, status = _vouched(), AskTieForm(), 422
    if found is None:
        return redirect(url_for("accounts.sign_in"), 303)
    vouched, provider = found
    if form.validate_on_submit() and mail_server() is not None:
        try:
            service.ask_for_link(form.email.data or "", vouched, browser_address())
            db.session.commit()
            return render_template("accounts/providers/asked.html", email=form.email.data, provider=provider)
        except TooManyTries as error:
            status = entry.slowed(form, error)
    return pages.not_known(provider, form), status


@bp.get("/sign-in/connect/<token>")
@public
def connect_link(token: str) -> str | tuple[str, int]:
    """Shows what the link does; opening it does not use it up."""
    asked = queries.asked_tie(token)
    return _link_page(asked) if _is_of_this_browser(asked) else _over()


@bp.post("/sign-in/connect/<token>")
@public
def use_connect_link(token: str) -> Response | str | tuple[str, int]:
    asked, found = queries.asked_tie(token), _vouched()
    if asked is None or found is None or not _is_of_this_browser(asked):
        return _over()
    if not ConfirmForm().validate_on_submit():
        return _link_page(asked), 422
    vouched, provider = found
    try:
        user = service.use_link(asked, vouched)
    except service.TiedElsewhere:
        return pages.trouble(provider, Trouble.TIED_ELSEWHERE)
    except service.TiedAnother:
        return pages.trouble(provider, Trouble.TIED_ANOTHER)
    if user is None or not user.is_active:
        db.session.rollback()
        return _over()
    entered = signing_in.go_on(user, action=url_for("accounts.sign_in"))
    if isinstance(entered, signing_in.SignInFound):
        entry.enter(user)
        flash(_("%(provider)s is connected. You can sign in with it from now on.", provider=provider.name))
    db.session.commit()
    return redirect(landing(), 303) if isinstance(entered, signing_in.SignInFound) else entered


def _is_of_this_browser(asked: AskedTie | None) -> bool:
    """Returns whether the link was asked for in this browser: elsewhere it might tie someone else's account."""
    vouched = waiting.vouched()
    if asked is None or vouched is None:
        return False
    return (asked.issuer, asked.subject) == (vouched.issuer, vouched.subject)


def _over() -> tuple[str, int]:
    return render_template("accounts/providers/link_is_over.html"), 410


def _link_page(asked: AskedTie | None) -> str:
    provider = service.provider_of(asked.issuer) if asked is not None else None
    return render_template(
        "accounts/providers/link.html",
        form=ConfirmForm(formdata=None),
        provider=provider or abort(404),
        asked=asked,
    )


@bp.get("/sign-in/done")
@signed_in
def signed_in_in_another_tab() -> str:
    """Ends a second tab: the first one has what the person typed."""
    return render_template("accounts/providers/done.html")


@bp.post("/account/providers/<id:tie_id>/disconnect")
@signed_in
@recently
@button
def disconnect_provider(tie_id: int) -> Response:
    user = current_user._get_current_object()
    tie = next((each for each in queries.ties_of(user) if each.id == tie_id), None) or abort(404)
    try:
        service.untie(user, tie)
        db.session.commit()
        flash(_("It is disconnected. You can connect it again at any time."))
    except service.LastWayIn:
        db.session.rollback()
        flash(_("Choose a password first: without it you could no longer sign in."), "warning")
    return redirect(url_for("accounts.profile", _anchor="accounts-providers"), 303)
