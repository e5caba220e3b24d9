"""Reads the organizations as the rows of a table, to write a file or to compare one with them."""

from collections import defaultdict
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, field

from engage.coalitions.models import Membership
from engage.database import SelectedRow
from engage.extensions import db
from engage.imports.target import Value
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.rules import ContactPlace, TagKind

# These fields are stored as tags of the organization.
TAGS = {
    "disciplines": TagKind.DISCIPLINE,
    "areas": TagKind.AREA,
    "services": TagKind.SERVICE,
    "serves": TagKind.SERVES,
    "counties": TagKind.COUNTY,
    "languages": TagKind.LANGUAGE,
    "partnership": TagKind.PARTNERSHIP,
}
COLUMNS = ("sector", "website", "phone", "email", "about")
# These fields belong to a contact: each name is the place, then the column.
PLACES = (ContactPlace.MAIN, ContactPlace.ALTERNATE)
CONTACT = ("name", "job", "email", "phone", "may_commit")


def contact_key(place: ContactPlace, column: str) -> str:
    return f"{place}_{column}"


class ImportedContact(Struct, frozen=True):
    """A contact as it is stored; `values` are its columns."""

    id: int
    place: ContactPlace
    version: int
    values: dict[str, Any]


class OrganizationHere(Struct, frozen=True):
    """An organization of the coalition, with its values in the form of a table."""

    id: int
    name: str
    version: int
    values: dict[str, Value]
    people: list[ImportedContact] = field(default_factory=list)

    def at(self, place: ContactPlace) -> ImportedContact | None:
        return next((person for person in self.people if person.place is place), None)


def organizations_here(membership: Membership, *, lock: bool = False) -> list[OrganizationHere]:
    """Returns all organizations by name, with every value that a table has. `lock` prevents other changes."""
    coalition_id = membership.coalition_id
    columns = [getattr(Organization, name) for name in COLUMNS]
    rows = (
        sa.select(Organization.id, Organization.name, Organization.version, *columns)
        .where(Organization.coalition_id == coalition_id)
        .order_by(Organization.sort_key, Organization.id)
    )
    found = {
        row.id: OrganizationHere(row.id, row.name, row.version, _row_values(row))
        for row in db.session.execute(rows.with_for_update() if lock else rows)
    }
    for person, organization_id in _people(coalition_id, lock):
        here = found[organization_id]
        here.people.append(person)
        if person.place in PLACES:
            here.values.update(
                {
                    contact_key(person.place, name): value
                    for name, value in person.values.items()
                    if value is not None
                }
            )
    tags: dict[tuple[int, str], list[str]] = defaultdict(list)
    keys = {kind: key for key, kind in TAGS.items()}
    for tag in db.session.execute(
        sa.select(OrganizationTag.organization_id, OrganizationTag.kind, OrganizationTag.value)
        .where(OrganizationTag.coalition_id == coalition_id)
        .order_by(OrganizationTag.id)
    ):
        tags[tag.organization_id, keys[tag.kind]].append(tag.value)
    for (organization_id, key), values in tags.items():
        found[organization_id].values[key] = tuple(values)
    return list(found.values())


def _row_values(row: SelectedRow) -> dict[str, Value]:
    return {"name": row.name, **{name: getattr(row, name) for name in COLUMNS}}


def _people(coalition_id: int, lock: bool) -> list[tuple[ImportedContact, int]]:
    rows = (
        sa.select(Contact.id, Contact.place, Contact.version, Contact.organization_id)
        .add_columns(*(getattr(Contact, name) for name in CONTACT))
        .where(Contact.coalition_id == coalition_id)
        .order_by(Contact.id)
    )
    return [
        (
            ImportedContact(row.id, row.place, row.version, {name: getattr(row, name) for name in CONTACT}),
            row.organization_id,
        )
        for row in db.session.execute(rows.with_for_update() if lock else rows)
    ]
