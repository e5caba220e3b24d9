"""Writes organizations, and which one a person comes from."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.database import sort_key
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners import queries
from engage.partners.models import Affiliation, Organization


def add_organization(added_by: Membership, name: str, sector: str) -> Organization:
    """Adds an organization. Raises FieldRefused on `name` if the coalition has one of this name."""
    organization = Organization(
        coalition_id=added_by.coalition_id,
        name=name,
        sort_key=sort_key(name, Organization),
        sector=sector,
        created_at=clock.now(),
        added_by_id=added_by.id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(organization)
    except IntegrityError:
        raise FieldRefused("name", _("This organization is already on the list. Choose it there.")) from None
    history.note(added_by, organization, "added")
    return organization


def add_origins(actor: Membership, origins: Sequence[tuple[int, int | None, str | None]]) -> None:
    """Sets where people come from who are new, each given as (id, organization, or a sector of their own)."""
    rows = [
        {
            "coalition_id": actor.coalition_id,
            "membership_id": person,
            "organization_id": key,
            "sector": sector,
        }
        for person, key, sector in origins
    ]
    if rows:
        db.session.execute(sa.insert(Affiliation), rows)
    changes = ((person, "organization", None, key) for person, key, _sector in origins)
    history.record_changes(actor.coalition_id, actor.id, Membership.__tablename__, changes)


def set_origin(
    person: Membership, organization: Organization | None, sector: str | None, actor: Membership
) -> None:
    """Sets where a person comes from: an organization, or without one a sector of their own."""
    lock(person.coalition_id)
    row = queries.affiliation_of(person.id)
    if row is None:
        row = Affiliation(coalition_id=person.coalition_id, membership_id=person.id)
        db.session.add(row)
        old = None
    else:
        old = row.organization_id
    new = organization.id if organization else None
    row.organization_id, row.sector = new, None if organization else sector
    history.note(actor, person, "organization", old=old, new=new)
