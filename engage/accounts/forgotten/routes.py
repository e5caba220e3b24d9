"""Serves asking by mail for a link to choose a new password, and choosing one behind a link."""

from flask import current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage import clock
from engage.accounts import entry, passwords, queries, service
from engage.accounts.blueprint import bp
from engage.accounts.forgotten import service as forgotten_service
from engage.accounts.forms import ForgottenForm, NewPasswordForm, browser_address
from engage.accounts.service import TooManyTries
from engage.extensions import db
from engage.frame.access import public


@bp.get("/reset")
@public
def forgotten() -> str:
    return _page(ForgottenForm(formdata=None))


@bp.post("/reset")
@public
def ask_for_link() -> str | tuple[str, int]:
    """Answers in the same way whether or not the address has an account here."""
    form, status = ForgottenForm(), 422
    if form.validate_on_submit() and current_app.config["MAIL"] is not None:
        try:
            forgotten_service.ask(form.email.data or "", browser_address())
            db.session.commit()
            return render_template("accounts/forgotten/asked.html", email=form.email.data)
        except TooManyTries as error:
            status = entry.slowed(form, error)
    return _page(form), status


def _page(form: ForgottenForm) -> str:
    return render_template("accounts/forgotten/ask.html", form=form)


@bp.get("/reset/<token>")
@public
def reset(token: str) -> str | tuple[str, int]:
    """Lets a person choose a new password with a one-time link; opening the link does not use it up."""
    return _link_is_over(token) or render_template("accounts/forgotten/reset.html", form=NewPasswordForm())


@bp.post("/reset/<token>")
@public
def save_reset(token: str) -> Response | tuple[str, int]:
    if (over := _link_is_over(token)) is not None:
        return over
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/forgotten/reset.html", form=form), 422
    db.session.rollback()
    password_hash = passwords.hash_of(form.password.data or "")
    link = queries.password_link(token)
    if link is None or not service.use_password_link(link, password_hash):
        return render_template("accounts/forgotten/link_is_over.html", used=True), 410
    db.session.commit()
    flash(_("Your new password is saved. Sign in with it."))
    return redirect(url_for("accounts.sign_in"), 303)


def _link_is_over(token: str) -> tuple[str, int] | None:
    link = queries.password_link(token)
    if link is not None and link.used_at is None and link.expires_at > clock.now():
        return None
    used = link is not None and link.used_at is not None
    return render_template("accounts/forgotten/link_is_over.html", used=used), 410
