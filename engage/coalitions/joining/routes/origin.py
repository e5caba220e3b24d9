"""Serves where a person comes from: an organization found or added, or a sector of their own.

The same page serves a person who joins, a member on their own place, and a coordinator for someone else.
"""

from dataclasses import dataclass

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions import queries
from engage.coalitions.blueprint import bp
from engage.coalitions.models import Membership
from engage.coalitions.people.forms import NO_ORGANIZATION, OrganizationForm, OriginForm
from engage.coalitions.permissions import Permission
from engage.database import folded
from engage.errors import FieldRefused
from engage.extensions import db
from engage.frame.access import allows
from engage.partners import queries as partners_queries
from engage.partners import service
from engage.partners.models import Organization
from engage.web.htmx import wants_fragment

SEARCH_LONGEST = 120


@dataclass(frozen=True, slots=True)
class Asking:
    """The request: whose origin is asked, by which person, at which address, and what comes after."""

    place: Membership
    actor: Membership
    url: str
    after: str
    joining: bool = False


def show(
    asking: Asking,
    form: OriginForm | None = None,
    new: OrganizationForm | None = None,
    alike: list[Organization] | None = None,
) -> str:
    """Draws the page, or under htmx the piece of it that a search changes."""
    words = request.values.get("q", "")[:SEARCH_LONGEST].replace("\0", "")
    found = alike if alike is not None else partners_queries.organizations_named(asking.place, words)
    if form is None:
        form = OriginForm(formdata=None, origin=_present(asking.place))
    _offer(form, asking.place, found)
    context = {
        "asking": asking,
        "form": form,
        "new": new or OrganizationForm(formdata=None, name="" if found else words),
        "words": words,
        "found": found,
        "alike": alike or [],
        "sure": folded(new.name.data or "") if new else "",
    }
    piece = wants_fragment() and request.method == "GET"
    return render_template(
        "coalitions/joining/_found.html" if piece else "coalitions/joining/origin.html", **context
    )


def save(asking: Asking) -> Response | tuple[str, int]:
    """Saves the chosen organization or sector, or a new organization after asking whether it is already listed."""
    return _add(asking) if "add" in request.form else _choose(asking)


def _choose(asking: Asking) -> Response | tuple[str, int]:
    form = OriginForm()
    _offer(form, asking.place, [])
    if form.validate_on_submit():
        key = form.origin.data
        organization = (
            None if key in NO_ORGANIZATION else partners_queries.organization_of(asking.place, int(key))
        )
        sector = None if organization else key
        service.set_origin(asking.place, organization, sector, asking.actor)
        db.session.commit()
        return redirect(asking.after, 303)
    return show(asking, form=form), 422


def _add(asking: Asking) -> Response | tuple[str, int]:
    form = OrganizationForm()
    alike: list[Organization] = []
    if form.validate_on_submit():
        name = form.name.data or ""
        alike = partners_queries.organizations_like(asking.place, name)
        if not alike or request.form.get("sure") == folded(name):
            try:
                organization = service.add_organization(asking.actor, name, form.sector.data)
                service.set_origin(asking.place, organization, None, asking.actor)
                db.session.commit()
                return redirect(asking.after, 303)
            except FieldRefused as error:
                db.session.rollback()
                form.refuse(error.field, error.message)
    return show(asking, new=form, alike=alike), 422


def _present(place: Membership) -> str | None:
    row = partners_queries.affiliation_of(place.id)
    if row is None:
        return None
    return str(row.organization_id) if row.organization_id else row.sector


def _offer(form: OriginForm, place: Membership, found: list[Organization]) -> None:
    """Offers the organizations found, and the one that is chosen now even if the search did not find it."""
    rows = {row.id: row for row in found}
    chosen = form.origin.data or ""
    if chosen.isdecimal() and len(chosen) < 10 and int(chosen) not in rows:
        row = partners_queries.organization_of(place, int(chosen))
        rows = {**({row.id: row} if row else {}), **rows}
    form.offer([(row.id, row.name) for row in rows.values()])


def _mine() -> Asking:
    return Asking(g.membership, g.membership, url_for(".my_origin"), url_for(".my_place"))


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
