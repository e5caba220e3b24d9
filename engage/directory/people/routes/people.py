"""Serves the people of the coalition: the list, people who wait for approval, people without an account."""

from datetime import datetime
from urllib.parse import quote

from flask import abort, flash, g, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions import bp, queries, reach
from engage.coalitions.labels import ROLE_LABELS, STATE_LABELS
from engage.coalitions.models import Membership
from engage.coalitions.people import service as people_service
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.ready_texts import approved_text
from engage.coalitions.rules import InvitationKind, PersonState
from engage.coalitions.trash import notice
from engage.content import loader
from engage.directory.groups import queries as groups_queries
from engage.directory.people.forms import PersonForm
from engage.directory.people.queries import inactive_people
from engage.directory.people.routes.inactive import inactive_page
from engage.extensions import db
from engage.i18n import gettext as _
from engage.messages.account import approvals
from engage.partners import queries as partners_queries
from engage.web import links
from engage.web.access import button


class MemberLine(Struct, frozen=True):
    """A person as the list shows them; `email` and `phone` are empty if the reader may not see them."""

    id: int
    name: str
    role: str
    state: PersonState
    state_words: str
    has_account: bool
    organization: str
    disciplines: str
    groups: str
    email: str
    phone: str
    joined_at: datetime
    # The address helps coordinators to recognize a person who waits for approval.
    address: str
    came_openly: bool


@bp.get("/people/")
@allows(Permission.SEE_ALL)
def people() -> str:
    if request.args.get("quiet") == "yes" and may(g.membership.role, Permission.MANAGE_PEOPLE):
        return inactive_page()
    return _page()


@bp.get("/people/add")
@allows(Permission.MANAGE_PEOPLE)
def add_person() -> str:
    return render_template("directory/people/add_person.html", form=PersonForm(formdata=None))


@bp.post("/people/add")
@allows(Permission.MANAGE_PEOPLE)
def save_new_person() -> Response | tuple[str, int]:
    """Saves a person without an account; the next page asks where they come from."""
    form = PersonForm()
    if form.validate_on_submit():
        person = people_service.add_person(
            g.membership, form.name.data or "", form.email.data or "", phone=form.phone.data or ""
        )
        db.session.commit()
        flash(_("%(name)s is on the list. Now add their organization.", name=person.name))
        return redirect(url_for(".origin", person_id=person.id), 303)
    return render_template("directory/people/add_person.html", form=form), 422


@bp.post("/people/<id:person_id>/approve")
@allows(Permission.MANAGE_PEOPLE)
@button
def approve(person_id: int) -> Response:
    person = _person(person_id)
    people_service.approve(person, g.membership)
    is_told = approvals.tell(person)
    db.session.commit()
    if not is_told:
        flash(_("%(name)s is approved. No e-mail goes out from here: let them know.", name=person.name))
        return redirect(url_for(".approved", person_id=person.id), 303)
    flash(_("%(name)s is approved. An e-mail is on its way to them.", name=person.name))
    return redirect(url_for(".people"), 303)


@bp.get("/people/<id:person_id>/approved")
@allows(Permission.MANAGE_PEOPLE)
def approved(person_id: int) -> str:
    """Shows a text with which the coordinator tells this person that they can sign in."""
    person = _person(person_id)
    if person.state is not PersonState.ACTIVE or person.user_id is None:
        abort(404)
    link = links.external(url_for("accounts.sign_in"))
    ready = approved_text(person, link, g.membership)
    return render_template("directory/people/approved.html", person=person, ready=ready)


@bp.post("/people/<id:person_id>/decline")
@allows(Permission.MANAGE_PEOPLE)
@button
def decline(person_id: int) -> Response:
    person = _person(person_id)
    people_service.decline(person, g.membership)
    db.session.commit()
    said = _("%(name)s was declined. Nothing was sent to them.", name=person.name)
    if person.user is None:
        flash(said)
    else:
        address = f"mailto:{quote(person.user.email, safe='@')}"
        notice.lead(said, _("Write to them yourself"), address, quiet=True)
    return redirect(url_for(".people"), 303)


def _person(person_id: int) -> Membership:
    person = queries.person_of(g.membership, person_id)
    if person is None:
        abort(404)
    return person


def _page() -> str:
    manages = may(g.membership.role, Permission.MANAGE_PEOPLE)
    rows = _rows(queries.people_of(g.membership))
    active = [row for row in rows if row.state is PersonState.ACTIVE]
    return render_template(
        "directory/people/people.html",
        active=[row for row in active if row.has_account],
        without_account=[row for row in active if not row.has_account],
        waiting=[row for row in rows if row.state is PersonState.WAITING] if manages else [],
        apart=[row for row in rows if row.state in {PersonState.DISABLED, PersonState.LEFT}],
        organizations=len({row.organization for row in active if row.organization}),
        manages=manages,
        quiet=len(inactive_people(g.membership, clock.today(g.coalition.time_zone))) if manages else 0,
    )


def _rows(found: list[Membership]) -> list[MemberLine]:
    """Reads all people of the list in five queries."""
    content = loader.content()
    organizations = partners_queries.organization_names(g.membership)
    sectors = partners_queries.own_sectors(g.membership)
    disciplines = queries.disciplines_by_person(g.membership)
    in_groups = groups_queries.names_by_person(g.membership)
    return [
        MemberLine(
            id=person.id,
            name=person.name,
            role=str(ROLE_LABELS[person.role]),
            state=person.state,
            state_words=str(STATE_LABELS[person.state]),
            has_account=person.user_id is not None,
            organization=organizations.get(person.id)
            or (content.sector(sectors[person.id]).name if person.id in sectors else ""),
            disciplines=", ".join(content.discipline(key).name for key in disciplines.get(person.id, [])),
            groups=", ".join(in_groups.get(person.id, [])),
            email=reach.email_of(person, g.membership.role),
            phone=reach.phone_of(person, g.membership.role),
            joined_at=person.joined_at,
            address=person.user.email if person.user else person.email,
            came_openly=person.came_by is InvitationKind.OPEN,
        )
        for person in found
    ]
