"""Serves the buttons that lead to a provider."""

from flask import Response, abort, current_app, make_response, render_template, request, url_for
from flask_login import current_user

from engage.accounts import bp, entry
from engage.accounts.forms import SignInForm
from engage.accounts.providers import pages, protocol, waiting
from engage.accounts.providers.forms import LeaveForm, wanted_page
from engage.accounts.providers.rules import Journey, Purpose, Trouble
from engage.accounts.sessions import signing_in
from engage.extensions import read_from_here
from engage.settings import Provider
from engage.web import links
from engage.web.access import button, public, recently, signed_in


def provider_or_404(number: int) -> Provider:
    providers: tuple[Provider, ...] = current_app.config["PROVIDERS"]
    return next((each for each in providers if each.number == number), None) or abort(404)


def back_from(provider: Provider) -> str:
    """Returns the address to which the provider sends the browser back; each provider has its own."""
    return links.external(url_for("accounts.back_from_provider", number=provider.number))


@bp.post("/sign-in/with/<int:number>")
@public
def sign_in_with(number: int) -> Response:
    provider, form = provider_or_404(number), LeaveForm()
    if not form.validate_on_submit():
        if current_app.config["SESSION_COOKIE_NAME"] not in request.cookies:
            return pages.trouble(provider, Trouble.NO_COOKIE)
        return signing_in.page(SignInForm(formdata=None), 422, action=url_for("accounts.sign_in"))
    purpose = Purpose.JOIN if form.is_joining else Purpose.SIGN_IN
    journey = waiting.begin(provider, purpose, wanted=form.goes_to, is_own=entry.is_own_browser())
    return _on_the_way(provider, journey)


@bp.post("/account/providers/<int:number>/connect")
@signed_in
@recently
@button
def connect_provider(number: int) -> Response:
    """Ties an account of the provider to the signed-in person's, once the provider has vouched for it."""
    provider = provider_or_404(number)
    return _on_the_way(provider, waiting.begin(provider, Purpose.TIE, user_id=current_user.id))


@bp.post("/account/again/with/<int:number>")
@signed_in
@button
def prove_with_provider(number: int) -> Response:
    """Has the provider ask again who this is, in place of the password."""
    provider = provider_or_404(number)
    journey = waiting.begin(provider, Purpose.AGAIN, wanted=wanted_page(), user_id=current_user.id)
    return _on_the_way(provider, journey)


def _on_the_way(provider: Provider, journey: Journey) -> Response:
    """Leads to the provider with a page of our own: our policy lets no form lead to another site."""
    read_from_here()
    try:
        address = protocol.address_of(provider, journey, back_from(provider))
    except protocol.ProviderFailed as error:
        return failed(provider, error, journey)
    page = render_template("accounts/providers/leaving.html", provider=provider, address=address)
    response = make_response(page)
    response.headers["Refresh"] = f"0; url={address}"
    return response


def failed(provider: Provider, error: protocol.ProviderFailed, journey: Journey) -> Response:
    """Logs why, for the person who runs the site, and says it to the person who signs in."""
    waiting.take(journey.state)
    current_app.logger.warning("provider %s: %s", provider.number, error.why)
    return pages.trouble(provider, error.trouble, journey.purpose)
