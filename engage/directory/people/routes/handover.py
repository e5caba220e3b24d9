"""Serves leaving and removal. One page hands over everything that a person is responsible for."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from engage.checklist import queries as checklist
from engage.checklist import service as checklist_service
from engage.coalitions import queries
from engage.coalitions.about import queries as about_queries
from engage.coalitions.about import service as about_service
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.blueprint import bp
from engage.coalitions.models import Membership
from engage.coalitions.people import service as people_service
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.rules import PersonState, Role
from engage.content import loader
from engage.directory.groups import queries as groups_queries
from engage.directory.groups import service as groups_service
from engage.directory.people.forms import HandOverForm
from engage.documents import queries as documents
from engage.documents import service as documents_service
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.agenda import service as agenda_service
from engage.meetings.decisions import service as decisions_service
from engage.partners import held as held_queries
from engage.partners.agreements import service as agreements_service
from engage.partners.agreements.list import agreements_named
from engage.partners.labels import PLACE_LABELS
from engage.plan.actions import service as actions_service
from engage.plan.actions.queries import origins
from engage.strengths.matches import service as matches_service
from engage.toolkit import queries as toolkit
from engage.toolkit import service as toolkit_service


class HeldThing(Struct, frozen=True):
    """One thing that a person is responsible for."""

    what: str
    title: str


@bp.get("/people/<id:person_id>/remove")
@allows(Permission.MANAGE_PEOPLE)
def remove(person_id: int) -> str:
    """Shows what the person is responsible for and who could take it over; also after the person has left."""
    person = _person(person_id)
    return _page(person, _form(person))


@bp.post("/people/<id:person_id>/remove")
@allows(Permission.MANAGE_PEOPLE)
def confirm_removal(person_id: int) -> Response | tuple[str, int]:
    person = _person(person_id)
    form = HandOverForm()
    _offer(form, person)
    if form.validate_on_submit() and _is_chosen(form):
        if _stays():
            return _handed_over(person, form, url_for(".person", person_id=person.id))
        if person.state is not PersonState.LEFT:
            people_service.remove(person, g.membership)
        _hand_over(person, form.to.row_id)
        db.session.commit()
        flash(_("%(name)s is no longer a member.", name=person.name))
        return redirect(url_for(".people"), 303)
    return _page(person, form), 422


@bp.get("/people/me/leave")
@allows(Permission.SEE)
def leave() -> str:
    return _page(g.membership, _form(g.membership))


@bp.post("/people/me/leave")
@allows(Permission.SEE)
def confirm_leaving() -> Response | tuple[str, int]:
    form = HandOverForm()
    _offer(form, g.membership)
    if form.validate_on_submit() and _is_chosen(form):
        if _stays():
            return _handed_over(g.membership, form, url_for(".my_profile"))
        name = g.coalition.name
        people_service.remove(g.membership, g.membership)
        _hand_over(g.membership, form.to.row_id)
        db.session.commit()
        flash(_("You left %(coalition)s. Thank you for what you gave.", coalition=name))
        return redirect(url_for("accounts.profile"), 303)
    return _page(g.membership, form), 422


def _stays() -> bool:
    """Returns whether the person stays a member, as a coordinator who steps back does."""
    return request.form.get("stays") == "yes"


def _is_chosen(form: HandOverForm) -> bool:
    if _stays() and form.to.row_id is None:
        form.to.errors = [_("Choose who takes it over.")]
        return False
    return True


def _handed_over(person: Membership, form: HandOverForm, back: str) -> Response:
    _hand_over(person, form.to.row_id)
    db.session.commit()
    flash(_("%(name)s's tasks and roles are handed over. No one's access has changed.", name=person.name))
    return redirect(back, 303)


def _person(person_id: int) -> Membership:
    person = queries.person_of(g.membership, person_id)
    if person is None:
        abort(404)
    return person


def _form(person: Membership) -> HandOverForm:
    form = HandOverForm(formdata=None)
    _offer(form, person)
    return form


def _offer(form: HandOverForm, person: Membership) -> None:
    form.to.offer([row for row in queries.people_choices(g.membership) if row[0] != person.id])


def _held_by(person: Membership) -> list[HeldThing]:
    """Returns everything that someone else has to take over; each feature lists its own things."""
    return [
        *(HeldThing(_("Leads the group"), group.name) for group in groups_queries.groups_led_by(person)),
        *(HeldThing(_("Position"), each.title) for each in about_queries.positions_held_by(person)),
        *(HeldThing(_("Tip"), item.text) for item in checklist.items_held_by(person)),
        *(
            HeldThing(_("Action %(number)s", number=action.number), action.title)
            for action in origins.actions_held_by(person)
        ),
        *(HeldThing(_("To read"), task.name) for task in toolkit.reading_of(person)),
        *(
            HeldThing(_("Decision %(number)s", number=each.number), each.text)
            for each in decisions_service.held_by(person)
        ),
        *(HeldThing(_("Agenda item"), item.title) for item in agenda_service.led_by(person)),
        *(HeldThing(_("Document"), each.title) for each in documents.kept_by(person)),
        *_held_outside(person),
    ]


def _held_outside(person: Membership) -> list[HeldThing]:
    """Returns the agreements, recruitments, needs and partner contacts that this person takes care of."""
    agreements = [each.id for each in agreements_service.agreements_held_by(person)]
    sectors = {each.key: each.name for each in loader.content().sectors}
    areas = {each.key: each.name for each in loader.content().areas}
    return [
        *(
            HeldThing(_("Agreement %(number)s", number=each.number), each.name)
            for each in agreements_named(person, agreements)
        ),
        *(
            HeldThing(
                _("Sector to recruit"),
                ", ".join(filter(None, (sectors.get(each.sector), areas.get(each.area), each.whom))),
            )
            for each in held_queries.recruitments_held_by(person)
        ),
        *(
            HeldThing(_("Still to ask for need %(number)s", number=need.number), need.title)
            for need in matches_service.needs_waiting_for(person)
        ),
        *(
            HeldThing(
                str(PLACE_LABELS[each.place]),
                _(
                    "%(organization)s (only someone from there can take this over)",
                    organization=each.organization,
                ),
            )
            for each in held_queries.places_held_by(person)
        ),
    ]


def _hand_over(person: Membership, to_id: int | None) -> None:
    """Gives everything to one other person. If none is chosen, nothing changes, and it can be done later."""
    if to_id is None:
        return
    to = queries.person_of(g.membership, to_id) or abort(404)
    audit_service.record(g.membership, AuditEvent.HANDED_OVER, person, number=to.id)
    groups_service.hand_over(person, to, g.membership)
    about_service.hand_over(person, to, g.membership)
    checklist_service.hand_over(person, to, g.membership)
    actions_service.hand_over(person, to, g.membership)
    toolkit_service.hand_over(person, to, g.membership)
    decisions_service.hand_over(person, to, g.membership)
    agenda_service.hand_over(person, to, g.membership)
    agreements_service.hand_over(person, to, g.membership)
    held_queries.hand_over_recruitments(person, to, g.membership)
    matches_service.hand_over(person, to, g.membership)
    held_queries.hand_over_places(person, to, g.membership)
    documents_service.hand_over(person, to, g.membership)


def _page(person: Membership, form: HandOverForm) -> str:
    last = person.role is Role.COORDINATOR and person.state is PersonState.ACTIVE
    return render_template(
        "directory/people/remove.html",
        person=person,
        form=form,
        held=_held_by(person),
        is_me=person.id == g.membership.id,
        has_left=person.state is PersonState.LEFT,
        is_last=last and not queries.another_coordinator_exists(person),
    )
