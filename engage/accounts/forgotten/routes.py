"""Serves the pages on which a person requests a password link by mail, and chooses a new password with a link."""

from flask import current_app, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.accounts import bp, entry, passwords, queries, service, ways_in
from engage.accounts.forgotten import service as forgotten_service
from engage.accounts.forms import ForgottenForm, NewPasswordForm, browser_address
from engage.accounts.models import PasswordLink, User
from engage.accounts.service import TooManyTries
from engage.accounts.sessions import signing_in
from engage.accounts.sessions.routes import landing, other_ways_or
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import public


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
    link = queries.password_link(token)
    if link is None or not service.works(link):
        return _over(link)
    return _new_password_page(NewPasswordForm(), link)


@bp.post("/reset/<token>")
@public
def save_reset(token: str) -> Response | str | tuple[str, int]:
    link = queries.password_link(token)
    if link is None or not service.works(link):
        return _over(link)
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return _new_password_page(form, link), 422
    db.session.rollback()
    password_hash = passwords.hash_of(form.password.data or "")
    link = queries.password_link(token)
    if link is None or not service.use_password_link(link, password_hash):
        return render_template("accounts/forgotten/link_is_over.html", used=True), 410
    user = db.session.get_one(User, link.user_id)
    if not user.is_active:  # suspended meanwhile: the password is kept, and no one is signed in
        db.session.commit()
        flash(_("Your new password is saved. Sign in with it."))
        return redirect(url_for("accounts.sign_in"), 303)
    there = other_ways_or("", user)
    found = signing_in.go_on(user, action=url_for("accounts.sign_in", next=there or None))
    if not isinstance(found, signing_in.SignInFound):
        db.session.commit()
        return found
    entry.enter(found.user)
    db.session.commit()
    flash(_("Your new password is saved, and you are signed in."))
    return redirect(landing(there), 303)


def _over(link: PasswordLink | None) -> tuple[str, int]:
    used = link is not None and link.used_at is not None
    return render_template("accounts/forgotten/link_is_over.html", used=used), 410


def _new_password_page(form: NewPasswordForm, link: PasswordLink) -> str:
    is_own = ways_in.is_own(link, db.session.get_one(User, link.user_id))
    return render_template("accounts/forgotten/reset.html", form=form, is_own=is_own)
