"""Serves joining by a link: the account, then the person's origin, then what they do and can offer."""

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from engage import clock
from engage.accounts import entry, passwords
from engage.accounts import service as accounts
from engage.accounts.forms import NewAccountForm, NoPasswordForm, browser_address
from engage.accounts.models import User
from engage.accounts.providers import service as providers_service
from engage.accounts.providers import waiting as providers
from engage.accounts.providers.forms import JoinForm as ProviderJoinForm
from engage.coalitions import queries
from engage.coalitions.about import pages as about_pages
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.labels import ROLE_LABELS, ROLE_WHY
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.people import service as people_service
from engage.coalitions.people.pages import discipline_groups
from engage.coalitions.rules import InvitationKind, InvitationState, PersonState
from engage.directory.joining.routes import origin as origin_routes
from engage.directory.people.forms import AboutForm
from engage.errors import FieldRefused
from engage.extensions import db, language, mail_server, stand_at
from engage.i18n import gettext as _
from engage.settings import Provider
from engage.strengths import service as strengths
from engage.web.access import button, public, signed_in
from engage.web.forms import ConfirmForm

bp = Blueprint("join", __name__, url_prefix="/join")

AnyForm = NewAccountForm | ConfirmForm | NoPasswordForm


@bp.get("/<token>")
@public
def open_link(token: str) -> BaseResponse:
    """Moves the token from the address into the session at once; following the link does not use it up."""
    session[entry.INVITATION] = token[:100]
    return redirect(url_for("join.index"), 303)


@bp.get("")
@public
def index() -> BaseResponse | Response | str:
    """Shows who invites, to which coalition and role; then asks for a new account, or offers the signed-in one."""
    invitation = _invitation()
    if (place := _place_here(invitation)) is not None:
        return redirect(url_for("join.done", place_id=place.id), 303)
    if invitation is None or not _is_usable(invitation):
        return _over(invitation)
    return _page(invitation, _form(invitation))


@bp.post("/start")
@public
@button
def start() -> BaseResponse:
    """Records that the person continues. Only this button does so, because mail programs open links, too."""
    invitation = _invitation()
    if invitation is None or not _is_usable(invitation):
        return _over(invitation)
    invitations_service.start(invitation)
    session[entry.STARTED] = invitation.id
    db.session.commit()
    return redirect(url_for("join.index"), 303)


@bp.post("")
@public
def accept() -> BaseResponse:
    """Counts one use and admits the person, or does neither."""
    invitation = _invitation()
    if invitation is None or not _is_usable(invitation):
        return _over(invitation)
    form, status = _form(invitation), 422
    if form.validate_on_submit() and _address_fits(form, invitation):
        try:
            place = _join(_user(form, invitation), invitation)
        except accounts.TooManyTries as error:
            status = entry.slowed(form, error)
        except FieldRefused as error:
            _count(error)
            form.refuse(error.field, error.message)
        else:
            return redirect(url_for("join.origin", place_id=place.id), 303) if place else _over(_invitation())
    return entry.told_to_wait(make_response(_page(invitation, form), status))


def _count(error: FieldRefused) -> None:
    """Counts a refused address, so that an open link cannot be used to find out who has an account here."""
    db.session.rollback()
    if isinstance(error, accounts.AddressTaken):
        accounts.count_guess(browser_address())


def _user(form: AnyForm, invitation: Invitation) -> User:
    """Returns the signed-in user, or a new account. Raises AddressTaken, and TooManyTries.

    A person who joins in a language other than the coalition's also gets mail in that language.
    """
    if current_user.is_authenticated:
        user: User = current_user._get_current_object()
        return user
    accounts.check_guesses(browser_address())
    if isinstance(form, ProviderJoinForm):
        return providers_service.create(form.vouched, form.name.data or "", _own_language(invitation))
    if isinstance(form, NoPasswordForm):
        name, email = form.name.data or "", form.email.data or ""
        return accounts.create_without_password(name, email, _own_language(invitation))
    # No transaction is open while hashing: reading the coalition's language begins one.
    password_hash = passwords.hash_of(form.password.data or "")
    own = _own_language(invitation)
    return accounts.create_user(form.name.data or "", form.email.data or "", password_hash, own)


def _own_language(invitation: Invitation) -> str:
    return "" if language() == invitation.coalition.language else language()


def _join(user: User, invitation: Invitation) -> Membership | None:
    """Saves and returns the membership; None, with nothing saved, if someone else had the last use."""
    if not invitations_service.take_use(invitation):
        db.session.rollback()
        return None
    place = people_service.join(user, invitation)
    if not current_user.is_authenticated:
        entry.enter(user, expected=True)
    session.pop(entry.INVITATION, None)
    session.pop(entry.STARTED, None)
    db.session.commit()
    return place


@bp.get("/<id:place_id>/organization")
@signed_in
def origin(place_id: int) -> str:
    return origin_routes.show(_asking(place_id))


@bp.post("/<id:place_id>/organization")
@signed_in
def save_origin(place_id: int) -> BaseResponse | tuple[str, int]:
    return origin_routes.save(_asking(place_id))


@bp.get("/<id:place_id>/about")
@signed_in
def about(place_id: int) -> str:
    place = _place(place_id)
    return _about(place, AboutForm(formdata=None, disciplines=queries.disciplines_of(place.id)))


@bp.post("/<id:place_id>/about")
@signed_in
def save_about(place_id: int) -> BaseResponse | tuple[str, int]:
    place = _place(place_id)
    form = AboutForm()
    if form.validate_on_submit():
        people_service.set_disciplines(place, form.disciplines.data or [], place)
        if form.offer.data:
            strengths.offer(place, form.offer.data)
        db.session.commit()
        return redirect(url_for("join.done", place_id=place.id), 303)
    return _about(place, form), 422


@bp.get("/<id:place_id>/done")
@signed_in
def done(place_id: int) -> BaseResponse | str:
    """Redirects to About us, or to Home if About us is empty; or says who still has to approve."""
    place = _place(place_id)
    if place.state is PersonState.WAITING:
        sends_mail = mail_server() is not None
        return render_template("directory/joining/waiting.html", place=place, sends_mail=sends_mail)
    if about_pages.about_us(place, clock.today(place.coalition.time_zone)).is_empty:
        flash(_("Welcome. This is what the coalition is working on now."))
        return redirect(url_for("home.index", slug=place.coalition.slug), 303)
    return redirect(url_for("coalitions.about_us", slug=place.coalition.slug, welcome="yes"), 303)


def _invitation() -> Invitation | None:
    invitation = invitations_service.by_token(session.get(entry.INVITATION, ""))
    if invitation is not None:
        stand_at(invitation.coalition)
    return invitation


def _is_usable(invitation: Invitation) -> bool:
    return (
        invitations_service.state_of(invitation) is InvitationState.USABLE
        and invitation.coalition.closed_at is None
    )


def _place_here(invitation: Invitation | None) -> Membership | None:
    """Returns the signed-in person's membership here if the invitation would change nothing about it."""
    if invitation is None or not current_user.is_authenticated:
        return None
    place = queries.place_in(invitation.coalition_id, current_user.id)
    if place is None or place.state in {PersonState.DISABLED, PersonState.LEFT}:
        return None
    waits_for_nothing = place.state is PersonState.WAITING and not invitation.needs_approval
    return None if waits_for_nothing and _is_usable(invitation) else place


def _address_fits(form: AnyForm, invitation: Invitation) -> bool:
    """Checks that a link bound to an address is used only for that address."""
    if invitation.kind is InvitationKind.OPEN:
        return True
    if current_user.is_authenticated:
        return bool(current_user.email == invitation.email)
    if accounts.folded_email(form.email.data or "") == invitation.email:
        return True
    form.refuse("email", _("This invitation is for %(email)s only.", email=invitation.email))
    return False


def _form(invitation: Invitation) -> AnyForm:
    """Returns the form that fits: someone signed in only confirms, and a shown address needs no password."""
    if current_user.is_authenticated:
        return ConfirmForm()
    if "password" in request.values:
        return NewAccountForm()
    vouched = providers.vouched()
    if vouched is not None and vouched.email:
        return ProviderJoinForm(vouched, name=vouched.name)
    return (
        NoPasswordForm(invitation.email, name=invitation.label) if _by_mail(invitation) else NewAccountForm()
    )


def _by_mail(invitation: Invitation) -> bool:
    """Returns whether the person could read a mail to the invitation's address, and can sign in by mail later."""
    token = session.get(entry.INVITATION, "")
    return mail_server() is not None and invitations_service.came_by_mail(invitation, token)


def _page(invitation: Invitation, form: AnyForm) -> str:
    bound_to = invitation.email or None
    if bound_to and isinstance(form, NewAccountForm) and not form.is_submitted():
        form.email.data = bound_to
        form.name.data = invitation.label
    return render_template(
        "directory/joining/join.html",
        invitation=invitation,
        form=form,
        role=ROLE_LABELS[invitation.role],
        role_why=ROLE_WHY[invitation.role],
        user=current_user if current_user.is_authenticated else None,
        bound_to=bound_to,
        vouching=_vouching(form),
        by_mail=_by_mail(invitation),
        has_started=form.is_submitted() or session.get(entry.STARTED) == invitation.id,
        wrong_person=bool(bound_to and current_user.is_authenticated and current_user.email != bound_to),
    )


def _vouching(form: AnyForm) -> Provider | None:
    """Returns the provider that has verified the person's address."""
    return providers_service.provider_of(form.vouched.issuer) if isinstance(form, ProviderJoinForm) else None


def _over(invitation: Invitation | None) -> Response:
    """Renders the page that says why the link does not work, and who to ask."""
    state = invitations_service.state_of(invitation) if invitation else None
    no_cookies = current_app.config["SESSION_COOKIE_NAME"] not in request.cookies
    page = render_template(
        "directory/joining/invitation_over.html", invitation=invitation, state=state, no_cookies=no_cookies
    )
    return make_response(page, 410 if invitation else 404)


def _place(place_id: int) -> Membership:
    place = queries.place_of(current_user.id, place_id)
    if place is None:
        abort(404)
    stand_at(place.coalition)
    return place


def _asking(place_id: int) -> origin_routes.Asking:
    place = _place(place_id)
    here, after = (url_for(f"join.{name}", place_id=place.id) for name in ("origin", "about"))
    return origin_routes.Asking(place, place, here, after, joining=True)


def _about(place: Membership, form: AboutForm) -> str:
    return render_template(
        "directory/joining/about.html",
        place=place,
        form=form,
        groups=discipline_groups(form),
    )
