"""Serves a person's own two-step sign-in: setting it up, new recovery codes, turning it off."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from engage import clock
from engage.accounts import bp
from engage.accounts.forms import EnrolForm
from engage.accounts.models import User
from engage.accounts.second_factor import service
from engage.addresses import is_inside
from engage.coalitions import queries as coalitions
from engage.coalitions.rules import Role
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web import links
from engage.web.access import button, recently, signed_in


@bp.get("/account/second-factor")
@signed_in
def second_factor() -> str:
    return _page()


def _page() -> str:
    asking = [
        place.coalition.name
        for place in coalitions.memberships_of(current_user.id)
        if place.role is Role.COORDINATOR and place.coalition.coordinators_need_second_factor
    ]
    return render_template(
        "accounts/second_factor/second_factor.html",
        since=current_user.second_factor_at,
        left=service.recovery_codes_left(current_user.id),
        asking=asking,
        wanted=_wanted(),
    )


@bp.get("/account/second-factor/new")
@signed_in
@recently
def new_second_factor() -> str | Response:
    """Shows the key as a QR code and as text.

    The key stays the same in every window until a code proves that the app has it.
    """
    if current_user.second_factor_at is not None:
        return redirect(url_for("accounts.second_factor"), 303)
    return _new(EnrolForm(formdata=None))


@bp.post("/account/second-factor/new")
@signed_in
@recently
def turn_on_second_factor() -> str | tuple[str, int]:
    form = EnrolForm()
    if form.validate_on_submit():
        user: User = current_user._get_current_object()
        try:
            codes = service.turn_on(user, form.code.data or "")
            db.session.commit()
            return _codes(codes, _("Two-step sign-in is on"))
        except FieldRefused as error:
            form.refuse(error.field, error.message)
    if current_user.second_factor_at is not None:
        return _page(), 409  # turned on in another window: there is no key to show
    return _new(form), 422


def _new(form: EnrolForm) -> str:
    user: User = current_user._get_current_object()
    key, address = service.offered_key(user), service.app_address(user)
    return render_template(
        "accounts/second_factor/second_factor_new.html",
        form=form,
        address=address,
        qr=links.qr(address),
        key=" ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        now=clock.now(),
        wanted=_wanted(),
    )


@bp.post("/account/second-factor/codes")
@signed_in
@recently
@button
def new_recovery_codes() -> str | tuple[str, int]:
    """Shows new recovery codes once, on the page that answers this request."""
    if current_user.second_factor_at is None:
        return _page(), 409  # turned off in another window
    codes = service.new_recovery_codes(current_user._get_current_object())
    db.session.commit()
    return _codes(codes, _("Your new recovery codes"))


def _codes(codes: list[str], title: str) -> str:
    return render_template(
        "accounts/second_factor/recovery_codes.html", codes=codes, title=title, wanted=_wanted()
    )


@bp.post("/account/second-factor/off")
@signed_in
@recently
@button
def turn_off_second_factor() -> Response:
    service.turn_off(current_user._get_current_object())
    db.session.commit()
    flash(_("Two-step sign-in is off. You were signed out everywhere else."))
    return redirect(url_for("accounts.second_factor"), 303)


def _wanted() -> str:
    """Returns the address of the page that the person wanted, if it is a page of this site."""
    wanted = request.args.get("next", "")
    return wanted if is_inside(wanted) else ""
