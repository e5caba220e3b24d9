"""Serves a person's passkeys: the list, adding and removing one, and what a browser needs to sign."""

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from engage.accounts import bp
from engage.accounts.forms import PasskeyForm
from engage.accounts.labels import browser_words
from engage.accounts.models import User
from engage.accounts.passkeys import service
from engage.accounts.rules import browser_of
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import button, public, recently, signed_in


@bp.get("/sign-in/passkey")
@public
def passkey_to_sign_in() -> Response:
    """Answers the script of the sign-in page; the challenge stays in this browser's cookie."""
    return Response(service.sign_in_options(), mimetype="application/json")


@bp.get("/account/passkeys")
@signed_in
def passkeys() -> str:
    return render_template(
        "accounts/passkeys/passkeys.html",
        rows=service.passkeys_of(current_user),
        host=service.host(),
        is_possible=service.is_possible(),
    )


@bp.get("/account/passkeys/new")
@signed_in
@recently
def new_passkey() -> str:
    agent = browser_of(request.headers.get("User-Agent", ""))
    return _new(PasskeyForm(formdata=None, name=browser_words(agent.name, agent.system)))


@bp.get("/account/passkeys/options")
@signed_in
@recently
def passkey_to_make() -> Response:
    """Answers the script of the page that adds a passkey."""
    options = service.new_options(current_user._get_current_object())
    return Response(options, mimetype="application/json")


@bp.post("/account/passkeys/new")
@signed_in
@recently
def add_passkey() -> BaseResponse | tuple[str, int]:
    form = PasskeyForm()
    if form.validate_on_submit():
        user: User = current_user._get_current_object()
        try:
            service.add(user, form.name.data or "", form.passkey.data or "")
            db.session.commit()
            flash(_("The passkey is added. You can sign in with it from now on."))
            return redirect(url_for("accounts.passkeys"), 303)
        except FieldRefused as error:
            db.session.rollback()
            form.refuse(error.field, error.message)
    return _new(form), 422


@bp.post("/account/passkeys/<id:passkey_id>/remove")
@signed_in
@recently
@button
def remove_passkey(passkey_id: int) -> BaseResponse:
    if not service.remove(current_user._get_current_object(), passkey_id):
        abort(404)
    db.session.commit()
    flash(_("The passkey is removed. Delete it on your phone or computer, too."))
    return redirect(url_for("accounts.passkeys"), 303)


def _new(form: PasskeyForm) -> str:
    return render_template("accounts/passkeys/new.html", form=form, is_possible=service.is_possible())
