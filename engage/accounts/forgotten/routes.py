"""Serves asking by mail for a link to choose a new password."""

from flask import current_app, render_template

from engage.accounts import entry
from engage.accounts.blueprint import bp
from engage.accounts.forgotten import service as forgotten_service
from engage.accounts.forms import ForgottenForm, browser_address
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
    """Answers alike whether the address has an account here."""
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
