"""Serves one person: what members see of them, and what coordinators change."""

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.accounts import service as accounts
from engage.chain.offers.pages import Offers
from engage.coalitions import queries
from engage.coalitions.blueprint import bp
from engage.coalitions.groups import service as groups_service
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Membership
from engage.coalitions.people import service as people_service
from engage.coalitions.people.forms import ClaimForm, PersonForm, RoleForm
from engage.coalitions.people.routes.people import shown_email
from engage.coalitions.permissions import Permission, may
from engage.coalitions.rules import PersonState, Role
from engage.coalitions.words import ROLE_WORDS, STATE_WORDS
from engage.content import loader
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.frame.access import allows, recently
from engage.partners import queries as partners_queries
from engage.strengths import queries as strengths
from engage.web import links
from engage.web.forms import ConfirmForm


@bp.get("/people/<id:person_id>")
@allows(Permission.SEE_ALL)
def person(person_id: int) -> str:
    return _page(_person(person_id))


@bp.post("/people/<id:person_id>/role")
@allows(Permission.MANAGE_PEOPLE)
@recently
def set_role(person_id: int) -> Response | tuple[str, int]:
    person = _person(person_id)
    form = RoleForm()
    if form.validate_on_submit():
        people_service.set_role(person, Role(form.role.data), g.membership)
        db.session.commit()
        flash(_("%(name)s: %(role)s.", name=person.name, role=ROLE_WORDS[person.role]))
        return redirect(_after(person), 303)
    return _page(person, role=form), 422


@bp.post("/people/<id:person_id>/disable")
@allows(Permission.MANAGE_PEOPLE)
def disable(person_id: int) -> Response | tuple[str, int]:
    person = _person(person_id)
    if ConfirmForm().validate_on_submit():
        people_service.disable(person, g.membership)
        db.session.commit()
        flash(_("The access of %(name)s is paused, as of now.", name=person.name))
        return redirect(url_for(".person", person_id=person.id), 303)
    return _page(person), 422


@bp.post("/people/<id:person_id>/enable")
@allows(Permission.MANAGE_PEOPLE)
def enable(person_id: int) -> Response | tuple[str, int]:
    person = _person(person_id)
    if ConfirmForm().validate_on_submit():
        people_service.enable(person, g.membership)
        db.session.commit()
        flash(_("%(name)s has access again.", name=person.name))
        return redirect(url_for(".person", person_id=person.id), 303)
    return _page(person), 422


@bp.post("/people/<id:person_id>/details")
@allows(Permission.MANAGE_PEOPLE)
def save_person(person_id: int) -> Response | tuple[str, int]:
    """Saves name and address of a person without an account; a person with one writes their own."""
    person = _person(person_id)
    form = PersonForm()
    if form.validate_on_submit():
        people_service.change_person(person, form.name.data or "", form.email.data or "", g.membership)
        db.session.commit()
        flash(_("Saved."))
        return redirect(url_for(".person", person_id=person.id), 303)
    return _page(person, details=form), 422


@bp.post("/people/<id:person_id>/invite")
@allows(Permission.MANAGE_PEOPLE)
def invite_to_claim(person_id: int) -> Response | tuple[str, int]:
    """Makes a bound link with which the person takes over the place that is kept for them."""
    person = _person(person_id)
    form = ClaimForm()
    if form.validate_on_submit():
        try:
            made = invitations_service.invite_to_claim(
                g.membership, person, form.claim_email.data or "", form.days.days
            )
            db.session.commit()
            return redirect(url_for(".sheet", id=[made.id]), 303)
        except FieldRefused as error:
            form.refuse("claim_email", error.message)
    return _page(person, claim=form), 422


@bp.post("/people/<id:person_id>/password-link")
@allows(Permission.MANAGE_PEOPLE)
@recently
def make_password_link(person_id: int) -> str | tuple[str, int]:
    """Makes a link and shows it once, in the answer itself. The person sees that it was made."""
    person = _person(person_id)
    if not ConfirmForm().validate_on_submit():
        return _page(person), 422
    if person.user is None or not queries.password_link_is_allowed(g.membership, person):
        raise WrongState(
            _("You cannot make a password link for this person. Ask the person who runs this site.")
        )
    token = accounts.make_password_link(person.user, made_by=g.membership.user)
    people_service.note_password_link(person, g.membership)
    db.session.commit()
    link = links.external(url_for("accounts.reset", token=token))
    return render_template(
        "coalitions/people/password_link.html", person=person, link=link, qr=links.qr(link)
    )


def _person(person_id: int) -> Membership:
    """Returns one of the coalition's people; only coordinators see those who wait."""
    person = queries.person_of(g.membership, person_id)
    manages = may(g.membership.role, Permission.MANAGE_PEOPLE)
    if person is None or (person.state is PersonState.WAITING and not manages):
        abort(404)
    return person


def _after(person: Membership) -> str:
    """Returns to the person; to one's own place for a person who has just given up the role."""
    if person.id == g.membership.id:
        return url_for(".my_place")
    return url_for(".person", person_id=person.id)


def _page(
    person: Membership,
    role: RoleForm | None = None,
    details: PersonForm | None = None,
    claim: ClaimForm | None = None,
) -> str:
    content = loader.content()
    manages = may(g.membership.role, Permission.MANAGE_PEOPLE)
    has_account = person.user_id is not None
    affiliation = partners_queries.affiliation_of(person.id)
    return render_template(
        "coalitions/people/person.html",
        person=person,
        has_account=has_account,
        is_me=person.id == g.membership.id,
        role_words=ROLE_WORDS[person.role],
        state_words=STATE_WORDS[person.state],
        origin=origin_words(person),
        organization_id=affiliation.organization_id if affiliation is not None else None,
        disciplines=[content.discipline(key).name for key in queries.disciplines_of(person.id)],
        groups=groups_service.groups_of(person),
        offers=Offers.of(g.membership, strengths.strengths_of_person(person)),
        email=shown_email(person),
        manages=manages,
        confirm=ConfirmForm(formdata=None),
        role=role or RoleForm(formdata=None, role=person.role),
        details=details or PersonForm(formdata=None, obj=person),
        claim=claim or ClaimForm(formdata=None, claim_email=person.email),
        password_link_allowed=manages and queries.password_link_is_allowed(g.membership, person),
    )


def origin_words(person: Membership) -> str:
    """Returns the organization with its sector, the person's own sector, or nothing."""
    row = partners_queries.affiliation_of(person.id)
    if row is None:
        return ""
    content = loader.content()
    if row.sector is not None:
        return content.sector(row.sector).name
    organization = partners_queries.organization_of(person, row.organization_id or 0)
    assert organization is not None
    return f"{organization.name} ({content.sector(organization.sector).name})"
