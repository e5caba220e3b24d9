"""Serves the setup wizard, which a one-time link opens: it creates the coordinator's account and the coalition."""

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from engage.accounts import entry, passwords
from engage.accounts import queries as accounts
from engage.accounts import service as account_service
from engage.accounts.forms import NewAccountForm
from engage.coalitions import queries, service
from engage.coalitions.about.forms import ShapeForm
from engage.coalitions.models import Membership
from engage.coalitions.rules import Leadership, MembershipStyle, Stage, Structure
from engage.coalitions.settings.forms import CoalitionForm
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import public, signed_in
from engage.web.forms import chosen

bp = Blueprint("setup", __name__, url_prefix="/setup")

TOKEN = "setup_token"  # noqa: S105 - the name of the cookie's entry


@bp.get("/<token>")
@public
def open_link(token: str) -> BaseResponse:
    """Moves the token from the address into the session at once; opening the link does not use it up."""
    _refuse_when_set_up()
    session[TOKEN] = token
    return redirect(url_for("setup.index"), 303)


@bp.get("")
@public
def index() -> str | tuple[str, int]:
    """Shows the step *You*: the coordinator's account, the first one of the installation."""
    _refuse_when_set_up()
    if not accounts.setup_link_exists(session.get(TOKEN, "")):
        return render_template("coalitions/setup/setup_closed.html"), 403 if TOKEN in session else 200
    return render_template("coalitions/setup/setup_you.html", form=NewAccountForm())


@bp.post("")
@public
def save_you() -> BaseResponse | tuple[str, int]:
    if TOKEN in session and accounts.any_user():
        return _made_already()
    _refuse_when_set_up()
    if not accounts.setup_link_exists(session.get(TOKEN, "")):
        return render_template("coalitions/setup/setup_closed.html"), 403
    form = NewAccountForm()
    if not form.validate_on_submit():
        return render_template("coalitions/setup/setup_you.html", form=form), 422
    db.session.rollback()
    password_hash = passwords.hash_of(form.password.data or "")
    # The link is deleted from the database, so that the second of two requests at the same time finds it
    # gone.
    if not account_service.close_setup(session[TOKEN]):
        return _made_already()
    user = account_service.create_user(form.name.data or "", form.email.data or "", password_hash)
    entry.enter(user, expected=True)
    db.session.commit()
    return redirect(url_for("setup.coalition"), 303)


@bp.get("/coalition")
@signed_in
def coalition() -> BaseResponse | str:
    """Shows the step *The coalition*: name, community, time zone."""
    return _elsewhere() or render_template("coalitions/setup/setup_coalition.html", form=CoalitionForm())


@bp.post("/coalition")
@signed_in
def save_coalition() -> BaseResponse | tuple[str, int]:
    if (elsewhere := _elsewhere()) is not None:
        return elsewhere
    form = CoalitionForm()
    if form.validate_on_submit():
        account_service.lock(current_user)
        if _place() is not None:  # the button was pressed twice
            return redirect(url_for("setup.shape"), 303)
        try:
            made = service.create_coalition(
                form.name.data or "", form.community.data or "", form.time_zone.data or ""
            )
            service.admit_first_coordinator(made, current_user)
            db.session.commit()
            return redirect(url_for("setup.shape"), 303)
        except FieldRefused as error:
            form.refuse(error.field if error.field in form else "name", error.message)
    return render_template("coalitions/setup/setup_coalition.html", form=form), 422


def _elsewhere() -> BaseResponse | None:
    """Returns the next page for someone who already has a coalition, or who may not create the first one; else None."""
    if _place() is not None:
        return redirect(url_for("setup.shape"), 303)
    if not current_user.is_admin or queries.places_of(current_user.id):
        return redirect(url_for("pages.index"), 303)
    return None


@bp.get("/shape")
@signed_in
def shape() -> BaseResponse | str:
    """Shows the last step: new or existing, structure, leadership, membership; each may be decided later.

    The next page is Home, with the guide for the first evening.
    """
    place = _place()
    if place is None:
        return redirect(url_for("pages.index"), 303)
    return render_template("coalitions/setup/setup_shape.html", form=ShapeForm(data=shape_data(place)))


@bp.post("/shape")
@signed_in
def save_shape() -> BaseResponse | tuple[str, int]:
    place = _place()
    if place is None:
        return redirect(url_for("pages.index"), 303)
    form = ShapeForm(data=shape_data(place))
    if not form.validate_on_submit():
        return render_template("coalitions/setup/setup_shape.html", form=form), 422
    service.set_shape(place, shape_of(form))
    db.session.commit()
    flash(_("Your coalition is set up. Welcome to your first evening."))
    return redirect(url_for("home.index", slug=place.coalition.slug), 303)


def shape_data(place: Membership) -> dict[str, str]:
    """Returns how the coalition is organized as the form's values; empty means to be decided later."""
    fields = ("stage", "structure", "leadership", "membership_style")
    return {field: getattr(place.coalition, field) or "" for field in fields}


def shape_of(form: ShapeForm) -> service.Shape:
    """Returns how the coalition is organized, from the form."""
    return service.Shape(
        stage=chosen(Stage, form.stage.data),
        structure=chosen(Structure, form.structure.data),
        leadership=chosen(Leadership, form.leadership.data),
        membership_style=chosen(MembershipStyle, form.membership_style.data),
    )


def _place() -> Membership | None:
    """Returns the membership of the person who is setting up, in the coalition that they coordinate."""
    return queries.first_coordinated(current_user.id)


def _made_already() -> BaseResponse:
    """Redirects to signing in, if the button was pressed twice or in two windows: the first press made the account."""
    db.session.rollback()
    flash(_("The first account is created. Sign in with it to continue."))
    return redirect(url_for("accounts.sign_in"), 303)


def _refuse_when_set_up() -> None:
    if accounts.any_user():
        raise NotFound
