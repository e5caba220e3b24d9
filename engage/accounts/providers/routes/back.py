"""Serves the address to which a provider sends the browser back.

It is the one GET that signs someone in or changes a tie: the protocol has no other way. State, nonce and PKCE
bind it to a button that was pressed in this browser a moment ago, and it works once.
"""

from flask import flash, make_response, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from engage.accounts import bp, entry
from engage.accounts import service as accounts
from engage.accounts.models import User
from engage.accounts.providers import pages, protocol, queries, service, waiting
from engage.accounts.providers.routes.leaving import back_from, failed, provider_or_404
from engage.accounts.providers.rules import Journey, Purpose, Trouble, Vouched, counts_as_proof
from engage.accounts.sessions import signing_in
from engage.accounts.sessions.routes import landing
from engage.extensions import db, read_from_here, write_in_get
from engage.i18n import gettext as _
from engage.settings import Provider
from engage.web.access import public


@bp.get("/sign-in/with/<int:number>/back")
@public
def back_from_provider(number: int) -> BaseResponse:
    provider = provider_or_404(number)
    journey = waiting.take(request.args.get("state", ""))
    if journey is None or journey.issuer != provider.issuer:
        if current_user.is_authenticated:  # the page was loaded again
            return redirect(landing(), 303)
        return pages.trouble(provider, Trouble.USED)
    read_from_here()
    try:
        vouched = protocol.vouched_by(provider, journey, back_from(provider), request.args)
    except protocol.ProviderFailed as error:
        return failed(provider, error, journey)
    match journey.purpose:
        case Purpose.SIGN_IN | Purpose.JOIN:
            return _sign_in(provider, journey, vouched)
        case Purpose.TIE | Purpose.AGAIN:
            if not current_user.is_authenticated or current_user.id != journey.user_id:
                return pages.trouble(provider, Trouble.SIGNED_OUT, journey.purpose)
            user: User = current_user._get_current_object()
            return (_tie if journey.purpose is Purpose.TIE else _prove)(provider, journey, vouched, user)


def _sign_in(provider: Provider, journey: Journey, vouched: Vouched) -> BaseResponse:
    write_in_get()
    tie = queries.tie_of(vouched.issuer, vouched.subject)
    if tie is None or not tie.user.is_active:
        db.session.rollback()
        return _not_known(provider, journey, vouched)
    service.use(tie)
    found = signing_in.go_on(
        tie.user, action=url_for("accounts.sign_in", next=journey.wanted or None), is_own=journey.is_own
    )
    if not isinstance(found, signing_in.SignInFound):
        db.session.commit()
        return found
    proved = counts_as_proof(vouched.proved_at, journey.at, has_password=tie.user.has_password)
    entry.enter(found.user, is_own=journey.is_own, proved=proved)
    db.session.commit()
    return redirect(landing(journey.wanted), 303)


def _not_known(provider: Provider, journey: Journey, vouched: Vouched) -> BaseResponse:
    if journey.purpose is Purpose.JOIN and not vouched.email:
        return pages.trouble(provider, Trouble.NO_ADDRESS, journey.purpose)
    waiting.keep(vouched)
    if journey.purpose is Purpose.JOIN:
        return redirect(url_for("join.index"), 303)
    return make_response(pages.not_known(provider), 401)


def _tie(provider: Provider, journey: Journey, vouched: Vouched, user: User) -> BaseResponse:
    write_in_get()
    try:
        service.tie(user, vouched)
    except service.TiedElsewhere:
        return pages.trouble(provider, Trouble.TIED_ELSEWHERE, journey.purpose)
    except service.TiedAnother:
        return pages.trouble(provider, Trouble.TIED_ANOTHER, journey.purpose)
    db.session.commit()
    flash(_("%(provider)s is connected. You can sign in with it from now on.", provider=provider.name))
    return redirect(url_for("accounts.profile", _anchor="accounts-providers"), 303)


def _prove(provider: Provider, journey: Journey, vouched: Vouched, user: User) -> BaseResponse:
    tie = queries.tie_of(vouched.issuer, vouched.subject)
    if tie is None or tie.user_id != user.id:
        return pages.trouble(provider, Trouble.OTHER_PERSON, journey.purpose)
    if not counts_as_proof(vouched.proved_at, journey.at, has_password=user.has_password):
        return pages.trouble(provider, Trouble.NOT_FRESH, journey.purpose)
    wanted = journey.wanted or url_for("accounts.profile")
    if user.second_factor_at is not None:
        waiting.note_proof(user.id)
        return redirect(url_for("accounts.reauthenticate", next=wanted), 303)
    token = user.this_browser.token
    db.session.rollback()
    accounts.note_proof(token)
    return redirect(wanted, 303)
