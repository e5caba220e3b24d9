"""Serves a person's origin: a listed or new organization, or a sector for people without one.

One page serves a person who joins, a member for themselves, and a coordinator for someone else.
"""

from flask import abort, g, redirect, render_template, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from engage.coalitions import bp, queries
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.rules import PersonState
from engage.database import folded
from engage.directory.people.forms import NO_ORGANIZATION, OriginForm
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners import queries as partners_queries
from engage.partners import service
from engage.partners.models import Organization


class Asking(Struct, frozen=True):
    """Whose origin is asked for, who answers, the page's URL, and the URL of the next page."""

    place: Membership
    actor: Membership
    url: str
    after: str
    joining: bool = False


class SavedOrigin(Struct, frozen=True):
    """The saved answer: the organization's name, or the sector of a person without one."""

    name: str = ""
    origin: str = ""


def show(asking: Asking, form: OriginForm | None = None, alike: list[Organization] | None = None) -> str:
    if form is None:
        saved = _saved(asking.place)
        form = OriginForm(formdata=None, name=saved.name, origin=saved.origin or None)
    form.offer([(row.id, row.name) for row in alike or []], _new(form))
    if asking.place.id != asking.actor.id:
        form.speak_of(asking.place.name)
    # Someone who still waits for a coordinator's approval gets no list of the organizations' names.
    waits = asking.place.state is PersonState.WAITING
    known = [] if waits else partners_queries.organization_choices(asking.place)
    return render_template(
        "directory/joining/origin.html", asking=asking, form=form, known=known, alike=alike or []
    )


def save(asking: Asking) -> Response | tuple[str, int]:
    """Saves the organization, listed or added, or the sector of someone without one."""
    form = OriginForm()
    if not form.validate_on_submit() or not _is_clear(form, _saved(asking.place)):
        return show(asking, form), 422
    if form.origin.data:
        service.set_origin(asking.place, None, form.origin.data, asking.actor)
    else:
        alike = _alike(asking, form)
        try:
            organization = None if alike else _organization(asking, form)
        except FieldRefused as error:
            db.session.rollback()
            form.refuse(error.field, error.message)
            organization = None
        if organization is None:
            return show(asking, form, alike), 422
        service.set_origin(asking.place, organization, None, asking.actor)
    db.session.commit()
    return redirect(asking.after, 303)


def _is_clear(form: OriginForm, saved: SavedOrigin) -> bool:
    """Decides which of the two answers counts, namely the one that was changed, and clears the other."""
    name, sector = form.name.data or "", form.origin.data or ""
    if sector and sector not in NO_ORGANIZATION:
        form.refuse("origin", _("Choose one of these, or enter your organization."))
    elif not name and not sector:
        form.refuse("name", _("Enter the organization, or choose one of the answers below."))
    elif name and sector and name != saved.name and sector != saved.origin:
        form.refuse("origin", _("Both are filled in. Clear the organization, or leave this one as it was."))
    elif name and sector:
        (form.name if name == saved.name else form.origin).data = ""
    return not form.errors


def _alike(asking: Asking, form: OriginForm) -> list[Organization]:
    """Returns organizations with a similar name, unless the person has already said whether one of them is meant."""
    name = form.name.data or ""
    if form.same.data or partners_queries.organization_called(asking.place, name) is not None:
        return []
    return partners_queries.organizations_like(asking.place, name)


def _organization(asking: Asking, form: OriginForm) -> Organization:
    """Returns the organization of this name, or adds it. Raises FieldRefused."""
    name, same = form.name.data or "", form.same.data or ""
    if same.isascii() and same.isdecimal() and len(same) < 10:
        found = partners_queries.organization_of(asking.place, int(same))
    else:
        found = partners_queries.organization_called(asking.place, name)
    if found is not None:
        return found
    if same and same != _new(form):
        raise FieldRefused("name", _("Someone changed the name in the meantime. Check it again."))
    if not form.sector.data:
        raise FieldRefused("sector", _("“%(name)s” is new here. Choose the sector it fits best.", name=name))
    return service.add_organization(asking.actor, name, form.sector.data)


def _new(form: OriginForm) -> str:
    """Returns the form's value for *add an organization with exactly this name*."""
    return "new:" + folded(form.name.data or "")


def _saved(place: Membership) -> SavedOrigin:
    row = partners_queries.affiliation_of(place.id)
    if row is None:
        return SavedOrigin()
    if row.organization_id is None:
        return SavedOrigin(origin=row.sector or "")
    organization = partners_queries.organization_of(place, row.organization_id)
    return SavedOrigin(name=organization.name if organization is not None else "")


def _mine() -> Asking:
    return Asking(g.membership, g.membership, url_for(".my_origin"), url_for(".my_profile"))


@bp.get("/people/me/organization")
@allows(Permission.SEE)
def my_origin() -> str:
    return show(_mine())


@bp.post("/people/me/organization")
@allows(Permission.SEE)
def save_my_origin() -> Response | tuple[str, int]:
    return save(_mine())


def _of(person_id: int) -> Asking:
    person = queries.person_of(g.membership, person_id)
    if person is None:
        abort(404)
    return Asking(
        person,
        g.membership,
        url_for(".origin", person_id=person.id),
        url_for(".person", person_id=person.id),
    )


@bp.get("/people/<id:person_id>/organization")
@allows(Permission.MANAGE_PEOPLE)
def origin(person_id: int) -> str:
    return show(_of(person_id))


@bp.post("/people/<id:person_id>/organization")
@allows(Permission.MANAGE_PEOPLE)
def save_origin(person_id: int) -> Response | tuple[str, int]:
    return save(_of(person_id))
