"""Serves signing up without an account: an event's page, and the page of each sign-up.

Opening a page writes nothing; a button signs up, cancels, confirms. No account is loaded.
"""

from flask import (
    Blueprint,
    current_app,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from engage.accounts import throttle
from engage.accounts.forms import browser_address
from engage.extensions import db
from engage.frame.access import public
from engage.plan.public_links import opened
from engage.plan.signups import pages, queries, service
from engage.plan.signups.forms import PersonForm, SignupForm
from engage.plan.signups.queries import Entrance, Own
from engage.web.forms import ConfirmForm

bp = Blueprint("event", __name__, url_prefix="/events")


@bp.get("/<token>")
@public
def show_event(token: str) -> str:
    return _event_page(_event(token), SignupForm(formdata=None))


@bp.post("/<token>")
@public
def sign_up(token: str) -> Response | tuple[str, int]:
    """Signs someone up and leads to their own page."""
    form = SignupForm()
    valid = form.validate_on_submit()
    wait, asks = throttle.take_signup(form.email.data or "", browser_address()) if valid else (None, False)
    found = _event(token)
    if wait is not None:
        form.refuse("name", _slowed(wait.total_seconds()))
        return _event_page(found, form), 429
    if not valid:
        return _event_page(found, form), 422
    by_mail = current_app.config["MAIL"] is not None
    signup = service.sign_up(found, form.fields(), form.press.data or "", asks=asks and by_mail)
    db.session.commit()
    g.event_mails_wait = True
    return redirect(url_for(".own_signup", token=queries.own_token(signup)), 303)


@bp.get("/mine/<token>")
@public
def own_signup(token: str) -> str:
    return _own_page(_own(token), ConfirmForm(formdata=None), token)


@bp.post("/mine/<token>/cancel")
@public
def cancel_signup(token: str) -> Response | tuple[str, int]:
    found, form = _own(token), ConfirmForm()
    if not form.validate_on_submit():
        return _own_page(found, form, token), 422
    service.cancel(found)
    db.session.commit()
    return make_response(render_template("plan/signups/canceled.html", event=pages.public(found.entrance)))


@bp.get("/confirm/<token>")
@public
def confirm_page(token: str) -> str:
    """Asks for confirmation, because virus scanners open links, too."""
    found = _mailed(token)
    return render_template(
        "plan/signups/confirm.html",
        event=pages.public(found.entrance),
        signup=found.signup,
        token=token,
        form=ConfirmForm(formdata=None),
    )


@bp.post("/confirm/<token>")
@public
def confirm(token: str) -> Response:
    found = _mailed(token)
    if ConfirmForm().validate_on_submit():
        service.confirm(found)
        db.session.commit()
        flash(_("Your address is confirmed."))
    return redirect(url_for(".own_signup", token=queries.own_token(found.signup)), 303)


# -- at the door


@bp.post("/mine/<token>/here")
@public
def come(token: str) -> Response | tuple[str, int]:
    found, form = _own(token), ConfirmForm()
    if not form.validate_on_submit():
        return _own_page(found, form, token), 422
    if found.entrance.may_sign_in:
        service.come(found.signup)
        db.session.commit()
    return redirect(url_for(".own_signup", token=token), 303)


@bp.get("/here/<token>")
@public
def sign_in(token: str) -> str:
    """Shows how to sign in at the door; the form is empty again for the next person."""
    return _door_page(_door(token), PersonForm(formdata=None), done=request.args.get("done") == "1")


@bp.post("/here/<token>")
@public
def signed_in(token: str) -> Response | tuple[str, int]:
    form = PersonForm()
    valid = form.validate_on_submit()
    wait = throttle.take_signup("", browser_address())[0] if valid else None
    found = _door(token)
    if wait is not None:
        form.refuse("name", _slowed(wait.total_seconds()))
        return _door_page(found, form), 429
    if not valid:
        return _door_page(found, form), 422
    service.sign_in(found, form.fields(), form.press.data or "")
    db.session.commit()
    return redirect(url_for(".sign_in", token=token, done=1), 303)


# -- finding


def _door(token: str) -> Entrance:
    return opened(queries.door, token, _what_to_do())


def _event(token: str) -> Entrance:
    return opened(queries.entrance, token, _what_to_do())


def _own(token: str) -> Own:
    return opened(queries.own, token, _what_to_do())


def _mailed(token: str) -> Own:
    return opened(queries.to_confirm, token, _what_to_do())


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


def _event_page(found: Entrance, form: SignupForm) -> str:
    shown = pages.public(found)
    return render_template(
        "plan/signups/event.html", event=shown, form=form, takes_signups=found.takes_signups
    )


def _door_page(found: Entrance, form: PersonForm, *, done: bool = False) -> str:
    return render_template(
        "plan/signups/door.html",
        event=pages.public(found),
        form=form,
        done=done,
        may_sign_in=found.may_sign_in,
    )


def _own_page(found: Own, form: ConfirmForm, token: str) -> str:
    by_mail = current_app.config["MAIL"] is not None
    return render_template(
        "plan/signups/own.html", shown=pages.own_page(found, by_mail=by_mail), form=form, token=token
    )
