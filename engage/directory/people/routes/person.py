"""Serves one person: what members see of them, and what coordinators change."""

from flask import abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.accounts import service as accounts
from engage.chain.offers.pages import Offers
from engage.coalitions import bp, queries, reach
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.labels import ROLE_LABELS, STATE_LABELS
from engage.coalitions.models import Membership
from engage.coalitions.people import service as people_service
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.rules import PersonState, Role
from engage.content import loader
from engage.directory.groups import queries as groups_queries
from engage.directory.people.forms import ClaimForm, PersonForm, RoleForm
from engage.errors import FieldRefused, WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners import queries as partners_queries
from engage.strengths import queries as strengths
from engage.web import links
from engage.web.access import button, recently


@bp.get("/people/<id:person_id>")
@allows(Permission.SEE_ALL)
def person(person_id: int) -> str:
    return _page(_person(person_id))


@bp.post("/people/<id:person_id>/role")
@allows(Permission.MANAGE_PEOPLE)
@recently
def set_role(person_id: int) -> Response | tuple[str, int]:
    this_person = _person(person_id)
    form = RoleForm()
    if form.validate_on_submit():
        people_service.set_role(this_person, Role(form.role.data), g.membership)
        db.session.commit()
        flash(_("%(name)s: %(role)s.", name=this_person.name, role=ROLE_LABELS[this_person.role]))
        return redirect(_after(this_person), 303)
    return _page(this_person, role=form), 422


@bp.post("/people/<id:person_id>/disable")
@allows(Permission.MANAGE_PEOPLE)
@button
def disable(person_id: int) -> Response:
    this_person = _person(person_id)
    people_service.disable(this_person, g.membership)
    db.session.commit()
    flash(_("Access for %(name)s is now paused.", name=this_person.name))
    return redirect(url_for(".person", person_id=this_person.id), 303)


@bp.post("/people/<id:person_id>/enable")
@allows(Permission.MANAGE_PEOPLE)
@button
def enable(person_id: int) -> Response:
    this_person = _person(person_id)
    people_service.enable(this_person, g.membership)
    db.session.commit()
    flash(_("%(name)s has access again.", name=this_person.name))
    return redirect(url_for(".person", person_id=this_person.id), 303)


@bp.post("/people/<id:person_id>/details")
@allows(Permission.MANAGE_PEOPLE)
def save_person(person_id: int) -> Response | tuple[str, int]:
    """Saves name and address of a person without an account. People with an account change their own."""
    this_person = _person(person_id)
    form = PersonForm()
    if form.validate_on_submit():
        people_service.change_person(
            this_person, form.name.data or "", form.email.data or "", form.phone.data or "", g.membership
        )
        db.session.commit()
        flash(_("Saved."))
        return redirect(url_for(".person", person_id=this_person.id), 303)
    return _page(this_person, details=form), 422


@bp.post("/people/<id:person_id>/invite")
@allows(Permission.MANAGE_PEOPLE)
def invite_to_claim(person_id: int) -> Response | tuple[str, int]:
    """Makes a bound link with which the person takes over the membership that was prepared for them."""
    this_person = _person(person_id)
    form = ClaimForm()
    if form.validate_on_submit():
        try:
            made = invitations_service.invite_to_claim(
                g.membership, this_person, form.claim_email.data or "", form.days.days
            )
            db.session.commit()
            return redirect(url_for(".sheet", id=[made.id]), 303)
        except FieldRefused as error:
            form.refuse("claim_email", error.message)
    return _page(this_person, claim=form), 422


@bp.post("/people/<id:person_id>/password-link")
@allows(Permission.MANAGE_PEOPLE)
@recently
@button
def make_password_link(person_id: int) -> str:
    """Makes a link for a new password, shown only on this page, and notifies the person."""
    this_person = _person(person_id)
    if this_person.user is None or not queries.password_link_is_allowed(g.membership, this_person):
        raise WrongState(
            _("You cannot make a password link for this person. Ask the person who runs this site.")
        )
    token = accounts.make_password_link(this_person.user, made_by=g.membership.user)
    people_service.note_password_link(this_person, g.membership)
    db.session.commit()
    link = links.external(url_for("accounts.reset", token=token))
    return render_template(
        "directory/people/password_link.html", person=this_person, link=link, qr=links.qr(link)
    )


def _person(person_id: int) -> Membership:
    """Returns one of the coalition's people; only coordinators see those who wait."""
    this_person = queries.person_of(g.membership, person_id)
    manages = may(g.membership.role, Permission.MANAGE_PEOPLE)
    if this_person is None or (this_person.state is PersonState.WAITING and not manages):
        abort(404)
    return this_person


def _after(this_person: Membership) -> str:
    """Redirects to the person's page, or to the own profile of someone who just gave up the role."""
    if this_person.id == g.membership.id:
        return url_for(".my_profile")
    return url_for(".person", person_id=this_person.id)


def _page(
    this_person: Membership,
    role: RoleForm | None = None,
    details: PersonForm | None = None,
    claim: ClaimForm | None = None,
) -> str:
    content = loader.content()
    manages = may(g.membership.role, Permission.MANAGE_PEOPLE)
    has_account = this_person.user_id is not None
    affiliation = partners_queries.affiliation_of(this_person.id)
    return render_template(
        "directory/people/person.html",
        person=this_person,
        has_account=has_account,
        is_me=this_person.id == g.membership.id,
        role_words=ROLE_LABELS[this_person.role],
        state_words=STATE_LABELS[this_person.state],
        origin=origin_words(this_person),
        organization_id=affiliation.organization_id if affiliation is not None else None,
        disciplines=[content.discipline(key).name for key in queries.disciplines_of(this_person.id)],
        groups=groups_queries.groups_of(this_person),
        offers=Offers.of(g.membership, strengths.strengths_of_person(this_person)),
        email=reach.email_of(this_person, g.membership.role),
        phone=reach.phone_of(this_person, g.membership.role),
        manages=manages,
        role=role or RoleForm(formdata=None, role=this_person.role),
        details=details or PersonForm(formdata=None, obj=this_person),
        claim=claim or ClaimForm(formdata=None, claim_email=this_person.email),
        password_link_allowed=manages and queries.password_link_is_allowed(g.membership, this_person),
    )


def origin_words(this_person: Membership) -> str:
    """Returns the organization with its sector, the person's own sector, or nothing."""
    row = partners_queries.affiliation_of(this_person.id)
    if row is None:
        return ""
    content = loader.content()
    if row.sector is not None:
        return content.sector(row.sector).name
    organization = partners_queries.organization_of(this_person, row.organization_id or 0)
    assert organization is not None
    return f"{organization.name} ({content.sector(organization.sector).name})"
