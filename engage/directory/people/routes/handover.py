"""Serves handing over what a person is responsible for, and what may come after it: leaving, and removal."""

from flask import abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.coalitions import bp, queries
from engage.coalitions.models import Membership
from engage.coalitions.people import service as people_service
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.rules import PersonState, Role
from engage.directory.people import held
from engage.directory.people.forms import HandOverForm, hand_over_form
from engage.extensions import db, mail_server
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.messages.letters import handing_over
from engage.partners import held as partners_held
from engage.web.access import button
from engage.web.labels import listed


@bp.get("/people/me/hand-over")
@allows(Permission.SEE)
def hand_over_mine() -> str:
    return _page(g.membership, _form(g.membership, formdata=None))


@bp.post("/people/me/hand-over")
@allows(Permission.SEE)
def confirm_hand_over_mine() -> Response | tuple[str, int]:
    return _confirmed(g.membership)


@bp.get("/people/<id:person_id>/hand-over")
@allows(Permission.MANAGE_PEOPLE)
def hand_over(person_id: int) -> str:
    """Shows what the person is responsible for and who could take it over; also after the person has left."""
    person = _person(person_id)
    return _page(person, _form(person, formdata=None))


@bp.post("/people/<id:person_id>/hand-over")
@allows(Permission.MANAGE_PEOPLE)
def confirm_hand_over(person_id: int) -> Response | tuple[str, int]:
    return _confirmed(_person(person_id))


def _confirmed(person: Membership) -> Response | tuple[str, int]:
    """Hands over and says what went to whom. Whoever presses twice finds nothing left."""
    form = _form(person)
    if not form.held:
        flash(_("Nothing is left to hand over."))
        return redirect(_address(person), 303)
    if form.validate_on_submit() and _reaches_someone(form):
        said = _given(person, form)
        db.session.commit()
        flash(" ".join([*said, _("No one's access has changed.")]))
        return redirect(_address(person), 303)
    return _page(person, form), 422


def _reaches_someone(form: HandOverForm) -> bool:
    """Returns whether there is no note or a mail takes it to someone; else it would be lost."""
    if _note(form) and not handing_over.reached(g.membership, [*form.takers]):
        form.refuse(
            "note",
            _("No e-mail reaches the person taking over. Tell them yourself, and leave this empty."),
        )
        return False
    return True


def _note(form: HandOverForm) -> str:
    return form.note.data or "" if form.note is not None else ""


def _given(person: Membership, form: HandOverForm) -> list[str]:
    """Gives everything to whom it was chosen for, with the note; returns in words what went to whom."""
    said, takers, note = [], form.takers, _note(form)
    people = {key: queries.person_of(g.membership, key) or abort(404) for key in takers}
    for key, to in people.items():
        given = held.hand_over(person, to, g.membership, takers[key])
        words = ngettext(
            "%(num)s thing went to %(name)s.", "%(num)s things went to %(name)s.", given, name=to.name
        )
        said.append(words)
    if note:
        words_of = {key: [each.words for each in things] for key, things in takers.items()}
        mailed = handing_over.send(g.membership, person, note, words_of)
        missed = [to.name for key, to in people.items() if key not in mailed]
        if missed:
            said.append(
                _("The note could not go to %(names)s by e-mail. Tell them yourself.", names=listed(missed))
            )
    return said


def _form(person: Membership, **settings: object) -> HandOverForm:
    things = held.held_by(person)
    organizations = {each.organization_id for each in things if each.organization_id is not None}
    places = partners_held.people_from(g.membership, organizations)
    form = hand_over_form(person, things, places, **settings)
    is_me = person.id == g.membership.id
    stays = _("Stays with me") if is_me else _("Stays with %(name)s", name=person.name)
    form.offer([row for row in queries.people_choices(g.membership) if row[0] != person.id], stays)
    if mail_server() is None:
        del form.note
    return form


def _page(person: Membership, form: HandOverForm) -> str:
    return render_template(
        "directory/people/hand_over.html",
        person=person,
        form=form,
        is_me=person.id == g.membership.id,
        has_left=person.state is PersonState.LEFT,
    )


def _address(person: Membership) -> str:
    if person.id == g.membership.id:
        return url_for(".hand_over_mine")
    return url_for(".hand_over", person_id=person.id)


# -- leaving and removing


@bp.get("/people/me/leave")
@allows(Permission.SEE)
def leave() -> str:
    return _last_page(g.membership)


@bp.post("/people/me/leave")
@allows(Permission.SEE)
@button
def confirm_leaving() -> Response:
    name = g.coalition.name
    people_service.remove(g.membership, g.membership)
    db.session.commit()
    flash(_("You left %(coalition)s. Thank you for what you gave.", coalition=name))
    return redirect(url_for("accounts.profile"), 303)


@bp.get("/people/<id:person_id>/remove")
@allows(Permission.MANAGE_PEOPLE)
def remove(person_id: int) -> Response | str:
    person = _person(person_id)
    if person.state is PersonState.LEFT:
        return redirect(_address(person))
    return _last_page(person)


@bp.post("/people/<id:person_id>/remove")
@allows(Permission.MANAGE_PEOPLE)
@button
def confirm_removal(person_id: int) -> Response:
    person = _person(person_id)
    people_service.remove(person, g.membership)
    db.session.commit()
    flash(_("%(name)s is no longer a member.", name=person.name))
    return redirect(url_for(".people"), 303)


def _person(person_id: int) -> Membership:
    return queries.person_of(g.membership, person_id) or abort(404)


def _last_page(person: Membership) -> str:
    """Shows what leaving or removing does, and how much the person still holds."""
    last = person.role is Role.COORDINATOR and person.state is PersonState.ACTIVE
    return render_template(
        "directory/people/remove.html",
        person=person,
        held=len(held.held_by(person)),
        is_me=person.id == g.membership.id,
        is_last=last and not queries.another_coordinator_exists(person),
    )
