"""Serves signing up without an account: an event's page, and the page of each sign-up.

Opening a page writes nothing; a button signs up, cancels, confirms. No account is loaded.
"""

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response

from engage import clock
from engage.accounts import throttle
from engage.accounts.forms import browser_address
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan.activities.calendar_file import event_file
from engage.plan.public_links import opened
from engage.plan.signups import pages, queries, service
from engage.plan.signups.forms import SignupForm, SignupPersonForm
from engage.plan.signups.queries import OwnSignup, SignupEntrance
from engage.web.access import button, public
from engage.web.csv_files import download
from engage.web.links import external

bp = Blueprint("event", __name__, url_prefix="/events")


@bp.get("/<token>")
@public
def show_event(token: str) -> str:
    return _event_page(_event(token), SignupForm(formdata=None))


@bp.post("/<token>")
@public
def sign_up(token: str) -> Response | tuple[str, int]:
    """Signs someone up and redirects to their own page."""
    form = SignupForm()
    valid = form.validate_on_submit()
    wait = throttle.take_signup(browser_address()) if valid else None
    found = _event(token)
    if wait is not None:
        form.refuse("name", _slowed(wait.total_seconds()))
        return _event_page(found, form), 429
    if not valid:
        return _event_page(found, form), 422
    signup = service.sign_up(found, form.fields(), form.press.data or "", asks=_by_mail())
    db.session.commit()
    g.event_confirmations_wait = True
    return redirect(url_for(".own_signup", token=queries.own_token(signup)), 303)


@bp.get("/mine/<token>")
@public
def own_signup(token: str) -> str:
    return _own_page(_own(token), token)


@bp.get("/mine/<token>/event.ics")
@public
def calendar_by_link(token: str) -> Response:
    """Sends the event's file, with the online link, to someone who has a spot."""
    found = _own(token)
    if not found.has_spot:
        abort(404)
    here = external(url_for(".own_signup", token=token))
    text = event_file(found.entrance.activity, here, clock.now(), with_link=True)
    return download(text, "text/calendar; charset=utf-8", "event.ics")


@bp.post("/mine/<token>/cancel")
@public
@button
def cancel_signup(token: str) -> Response:
    found = _own(token)
    service.cancel(found)
    db.session.commit()
    return make_response(render_template("plan/signups/canceled.html", event=pages.public(found.entrance)))


@bp.post("/mine/<token>/ask")
@public
@button
def ask_again(token: str) -> Response | tuple[str, int]:
    """Sends the mail to confirm an address that was held back at sign-up, because many people signed up."""
    found = _own(token)
    may_ask = _by_mail() and found.entrance.takes_signups
    is_slowed = may_ask and not service.ask(found.signup)
    db.session.commit()
    if is_slowed:
        return _own_page(found, token), 429
    g.event_confirmations_wait = True
    return redirect(url_for(".own_signup", token=token), 303)


@bp.get("/confirm/<token>")
@public
def confirm_page(token: str) -> str:
    """Asks the person to press a button to confirm, because virus scanners open links, too."""
    found = _mailed(token)
    return render_template(
        "plan/signups/confirm.html",
        event=pages.public(found.entrance),
        signup=found.signup,
        token=token,
    )


@bp.post("/confirm/<token>")
@public
@button
def confirm(token: str) -> Response:
    found = _mailed(token)
    service.confirm(found)
    db.session.commit()
    flash(_("Your address is confirmed."))
    return redirect(url_for(".own_signup", token=queries.own_token(found.signup)), 303)


# -- at the door


@bp.post("/mine/<token>/here")
@public
@button
def come(token: str) -> Response:
    found = _own(token)
    if found.entrance.may_sign_in:
        service.come(found.signup)
        db.session.commit()
    return redirect(url_for(".own_signup", token=token), 303)


@bp.get("/here/<token>")
@public
def sign_in(token: str) -> str:
    """Shows how to sign in at the door; the form is empty again for the next person."""
    return _channel_page(
        _channel(token), SignupPersonForm(formdata=None), done=request.args.get("done") == "1"
    )


@bp.post("/here/<token>")
@public
def signed_in(token: str) -> Response | tuple[str, int]:
    form = SignupPersonForm()
    valid = form.validate_on_submit()
    wait = throttle.take_signup(browser_address()) if valid else None
    found = _channel(token)
    if wait is not None:
        form.refuse("name", _slowed(wait.total_seconds()))
        return _channel_page(found, form), 429
    if not valid:
        return _channel_page(found, form), 422
    service.sign_in(found, form.fields(), form.press.data or "")
    db.session.commit()
    return redirect(url_for(".sign_in", token=token, done=1), 303)


# -- finding


def _channel(token: str) -> SignupEntrance:
    return opened(queries.channel, token, _what_to_do())


def _event(token: str) -> SignupEntrance:
    return opened(queries.entrance, token, _what_to_do())


def _own(token: str) -> OwnSignup:
    return opened(queries.own, token, _what_to_do())


def _mailed(token: str) -> OwnSignup:
    return opened(queries.to_confirm, token, _what_to_do())


def _by_mail() -> bool:
    return current_app.config["MAIL"] is not None


def _what_to_do() -> str:
    return _(
        "Part of it may be missing, the sign-up was canceled, or the event was a while ago. Ask the coalition "
        "if you need help."
    )


def _slowed(seconds: float) -> str:
    minutes = max(1, round(seconds / 60 + 0.5))
    return ngettext(
        "Many people signed up from here. Wait %(num)s minute, then press the button again; nothing is lost.",
        "Many people signed up from here. Wait %(num)s minutes, then press the button again; nothing is lost.",
        minutes,
    )


def _event_page(found: SignupEntrance, form: SignupForm) -> str:
    shown = pages.public(found)
    return render_template(
        "plan/signups/event.html", event=shown, form=form, takes_signups=found.takes_signups
    )


def _channel_page(found: SignupEntrance, form: SignupPersonForm, *, done: bool = False) -> str:
    return render_template(
        "plan/signups/door.html",
        event=pages.public(found),
        form=form,
        done=done,
        may_sign_in=found.may_sign_in,
    )


def _own_page(found: OwnSignup, token: str) -> str:
    shown = pages.own_page(found, by_mail=_by_mail())
    return render_template("plan/signups/own.html", shown=shown, token=token)
