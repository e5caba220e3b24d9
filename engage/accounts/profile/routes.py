"""Serves a person's own account: name, language, keyboard shortcut, e-mail address, password, and notices."""

from flask import flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from engage.accounts import bp, entry, passwords, service
from engage.accounts import notices as notices_service
from engage.accounts.forms import (
    ChangePasswordForm,
    EmailForm,
    KeysForm,
    LanguageForm,
    NameForm,
    NewPasswordForm,
    browser_address,
    wrong_password,
)
from engage.accounts.labels import browser_words, notice_words
from engage.accounts.passkeys import service as passkeys_service
from engage.accounts.profile import service as profile_service
from engage.accounts.providers import pages as provider_pages
from engage.accounts.rules import ABOUT_OTHERS
from engage.accounts.sessions.routes import other_ways_or
from engage.addresses import is_inside
from engage.coalitions import queries as coalitions
from engage.coalitions.people import service as people_service
from engage.errors import FieldRefused, WrongState
from engage.extensions import db, in_language, language, mail_server, stand_at
from engage.i18n import gettext as _
from engage.languages import known, offered
from engage.web import language_switch
from engage.web.access import button, public, recently, signed_in
from engage.web.forms import ConfirmForm


@bp.get("/account/")
@signed_in
def profile() -> str:
    return _profile(NameForm(formdata=None, name=current_user.name))


@bp.post("/account/")
@signed_in
def save_name() -> BaseResponse | tuple[str, int]:
    form = NameForm()
    if form.validate_on_submit():
        people_service.rename_person(current_user, form.name.data or "")
        db.session.commit()
        flash(_("Your name is saved."))
        return redirect(url_for("accounts.profile"), 303)
    return _profile(form), 422


@bp.post("/account/language")
@signed_in
def save_language() -> BaseResponse | tuple[str, int]:
    """Saves the language chosen on the account page or in the footer of any page, and returns to that page."""
    form = LanguageForm()
    if not form.validate_on_submit():
        return _profile(NameForm(formdata=None, name=current_user.name)), 422
    current_user.language = form.language.data
    db.session.commit()
    inside = is_inside(form.here.data or "")
    if not inside:
        with in_language(form.language.data or language()):
            flash(_("Your choice is saved."))
    back = redirect(form.here.data if inside else url_for("accounts.profile"), 303)
    return language_switch.keep(back, form.language.data) if form.language.data else back


@bp.post("/account/keys")
@signed_in
def save_keys() -> BaseResponse | tuple[str, int]:
    form = KeysForm()
    if form.validate_on_submit():
        current_user.slash_searches = "slash" in (form.keys.data or ())
        db.session.commit()
        flash(_("Your choice is saved."))
        return redirect(f"{url_for('accounts.profile')}#accounts-keys", 303)
    return _profile(NameForm(formdata=None, name=current_user.name)), 422


@bp.get("/account/email")
@signed_in
@recently
def email() -> str:
    return _email_page(EmailForm())


@bp.post("/account/email")
@signed_in
@recently
def save_email() -> BaseResponse | tuple[str, int]:
    form, me, status = EmailForm(), f"account {current_user.id}", 422
    if form.validate_on_submit():
        try:
            address = service.folded_email(form.email.data or "")
            service.check_guesses(me)
            service.check_mails(address, me)
            flash(_change_email(address))
            return redirect(url_for("accounts.profile"), 303)
        except service.TooManyTries as error:
            status = entry.slowed(form, error)
        except FieldRefused as error:
            if isinstance(error, service.AddressTaken):
                service.count_guess(me)
            form.refuse(error.field, error.message)
    return _email_page(form), status


def _change_email(address: str) -> str:
    holds = profile_service.change(current_user._get_current_object(), address)
    db.session.commit()
    if holds:
        return _("Your e-mail address is saved. Sign in with it from now on.")
    return _(
        "If %(email)s can be used here, a link was sent to it. Open the link: until then nothing changes.",
        email=address,
    )


def _email_page(form: EmailForm) -> str:
    mails = mail_server() is not None
    return render_template("accounts/profile/email.html", form=form, user=current_user, mails=mails)


@bp.get("/account/email/<token>")
@public
def confirm_email(token: str) -> str | tuple[str, int]:
    """Confirms a new e-mail address with its link; opening the link does not use it up."""
    change = profile_service.by_token(token)
    page = render_template(
        "accounts/profile/email_confirm.html", form=ConfirmForm(), email=change.email if change else None
    )
    return page if change is not None else (page, 410)


@bp.post("/account/email/<token>")
@public
def use_email(token: str) -> BaseResponse | tuple[str, int]:
    form = ConfirmForm()
    change = profile_service.by_token(token)
    if change is not None and form.validate_on_submit():
        try:
            if profile_service.confirm(change):
                db.session.commit()
                flash(_("Your e-mail address is saved. Sign in with it from now on."))
                there = "accounts.profile" if current_user.is_authenticated else "accounts.sign_in"
                return redirect(url_for(there), 303)
        except FieldRefused as error:
            db.session.rollback()
            form.form_errors.append(error.message)
            return render_template("accounts/profile/email_confirm.html", form=form, email=None), 409
    new = change.email if change is not None else None
    page = render_template("accounts/profile/email_confirm.html", form=form, email=new)
    return page, 410 if new is None else 422


@bp.get("/account/password")
@signed_in
def password() -> str | BaseResponse:
    if not current_user.has_password:
        return redirect(url_for("accounts.first_password"), 303)
    return render_template("accounts/profile/password.html", form=ChangePasswordForm())


@bp.post("/account/password")
@signed_in
def save_password() -> BaseResponse | tuple[str, int]:
    """Changes the password and ends every session; this browser gets a new one."""
    form = ChangePasswordForm()
    if form.validate_on_submit():
        try:
            if service.password_is_right(
                current_user, form.password.data or "", browser_address(), entry.browser_token()
            ):
                _set_password(form.new_password.data or "")
                db.session.commit()
                flash(_("Your new password is saved. You were signed out everywhere else."))
                return redirect(other_ways_or(url_for("accounts.profile"), current_user), 303)
            form.refuse("password", wrong_password())
        except service.TooManyTries as error:
            form.refuse("password", entry.wait_words(error.wait))
    return render_template("accounts/profile/password.html", form=form), 422


def _set_password(chosen: str) -> None:
    db.session.rollback()
    password_hash = passwords.hash_of(chosen)
    service.set_password(current_user._get_current_object(), password_hash)
    _stay()


def _stay() -> None:
    """Gives this browser a new session after all of them were ended, and leaves it what it was."""
    user = current_user._get_current_object()
    # This browser gave the code of two-step sign-in earlier, when it signed in.
    entry.enter(user, with_code=True, expected=True, is_own=user.this_browser.is_own)


@bp.get("/account/password/first")
@signed_in
@recently
def first_password() -> str | BaseResponse:
    """Lets a person who has no password set one."""
    if current_user.has_password:
        return redirect(url_for("accounts.password"), 303)
    return render_template("accounts/profile/first_password.html", form=NewPasswordForm())


@bp.post("/account/password/first")
@signed_in
@recently
def save_first_password() -> BaseResponse | tuple[str, int]:
    if current_user.has_password:
        return redirect(url_for("accounts.password"), 303)
    form = NewPasswordForm()
    if not form.validate_on_submit():
        return render_template("accounts/profile/first_password.html", form=form), 422
    _set_password(form.password.data or "")
    db.session.commit()
    flash(_("Your new password is saved. You were signed out everywhere else."))
    return redirect(other_ways_or(url_for("accounts.profile"), current_user), 303)


@bp.post("/account/password/remove")
@signed_in
@recently
@button
def remove_password() -> BaseResponse:
    """Removes the password where a link in an e-mail signs the person in."""
    if mail_server() is None:
        raise WrongState(_("This site sends no e-mail, so no one could sign in without a password."))
    service.remove_password(current_user._get_current_object())
    _stay()
    db.session.commit()
    flash(_("Your password is removed. A link in an e-mail signs you in from now on."))
    return redirect(url_for("accounts.profile"), 303)


@bp.get("/account/other-ways")
@signed_in
def other_ways() -> str:
    """Shows what a new password leaves as it was, right after it was set."""
    user = current_user._get_current_object()
    return render_template(
        "accounts/profile/other_ways.html",
        user=user,
        rows=passkeys_service.passkeys_of(user),
        host=passkeys_service.host(),
        ties=provider_pages.ties_of(user),
        to_connect=[],
        mails=mail_server() is not None,
    )


@bp.post("/account/seen")
@signed_in
@button
def dismiss_notices() -> BaseResponse:
    """Records that the person has dismissed their notices."""
    notices_service.dismiss(current_user._get_current_object())
    db.session.commit()
    return redirect(url_for("accounts.profile"), 303)


def _profile(form: NameForm) -> str:
    places = coalitions.places_of(current_user.id)
    if places:
        stand_at(places[0].coalition)
    user = current_user._get_current_object()
    return render_template(
        "accounts/profile/profile.html",
        user=user,
        notices=notices_service.open_notices(user) if user.notice_at is not None else [],
        words=notice_words,
        about_others=ABOUT_OTHERS,
        browser_words=browser_words,
        waiting=profile_service.waiting(user),
        ties=(ties := provider_pages.ties_of(user)),
        to_connect=provider_pages.to_connect(ties),
        form=form,
        language=LanguageForm(formdata=None, language=known(user.language)) if len(offered()) > 1 else None,
        keys=KeysForm(formdata=None, keys=["slash"] if user.slash_searches else []),
        places=places,
    )
