"""Reads and writes contacts of an organization: main, alternate and others."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from engage import history
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.columns import written_of
from engage.database import along, sort_key
from engage.errors import WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.i18n import gettext as _
from engage.partners.models import Contact, Organization
from engage.partners.rules import ContactPlace, places_after
from engage.snapshots import Snapshot
from engage.versions import claim_version

TABLE = Contact.__tablename__
_IN_ORDER = sa.case(
    {ContactPlace.MAIN: 0, ContactPlace.ALTERNATE: 1, ContactPlace.OTHER: 2}, value=Contact.place
)


class ContactOf(NamedTuple):
    """A contact and its organization."""

    organization: str
    contact: Contact


# -- reading


def contacts_of(organization: Organization) -> Sequence[Contact]:
    """Returns the main contact first, then the alternate, then the others by name."""
    rows = (
        sa.select(Contact)
        .where(Contact.coalition_id == organization.coalition_id, Contact.organization_id == organization.id)
        .order_by(_IN_ORDER, Contact.sort_key, Contact.id)
        .limit(200)
    )
    return db.session.scalars(rows).all()


def contacts_everywhere(membership: Membership) -> list[ContactOf]:
    """Returns the contacts of all organizations, by organization; within one, main first, then alternate."""
    rows = (
        sa.select(Organization.name, Contact)
        .join(Organization, along(Contact.organization_id, Organization))
        .where(Contact.coalition_id == membership.coalition_id)
        .order_by(Organization.sort_key, Organization.id, _IN_ORDER, Contact.sort_key, Contact.id)
    )
    return [ContactOf(name, contact) for name, contact in db.session.execute(rows)]


def contact_of(membership: Membership, contact_id: int) -> Contact | None:
    """Returns one of the coalition's contacts."""
    return db.session.scalar(
        sa.select(Contact).where(Contact.coalition_id == membership.coalition_id, Contact.id == contact_id)
    )


def contact_choices(organization: Organization) -> list[tuple[int, str]]:
    """Returns the contacts as (id, name), for a select."""
    return [(each.id, each.name) for each in contacts_of(organization)]


def may_delete(membership: Membership, contact: Contact) -> bool:
    """Returns whether this person may delete the contact: members their own, coordinators any."""
    if may(membership.role, Permission.MERGE):
        return True
    added = sa.exists().where(
        HistoryEntry.coalition_id == contact.coalition_id,
        HistoryEntry.thing == TABLE,
        HistoryEntry.thing_id == contact.id,
        HistoryEntry.field == "added",
        HistoryEntry.actor_id == membership.id,
    )
    return bool(db.session.scalar(sa.select(added)))


# -- writing


def add(membership: Membership, organization: Organization, fields: Mapping[str, Any]) -> Contact:
    """Adds a contact; an earlier main or alternate whose place it takes becomes an ordinary contact."""
    contact = Contact(
        coalition_id=organization.coalition_id,
        organization_id=organization.id,
        **{**fields, "place": ContactPlace.OTHER, "sort_key": sort_key(fields["name"], Contact)},
    )
    history.add(membership, contact)
    _place(contact, fields["place"])
    return contact


def edit(membership: Membership, contact: Contact, version: int, fields: Mapping[str, Any]) -> None:
    """Edits a contact. Raises StaleVersion if someone saved it in between."""
    claim_version(contact, version)
    kept = {"place", "may_commit", "membership_id"}
    for field, value in fields.items():
        old = getattr(contact, field)
        if old != value:
            values = {"old": _kept(old), "new": _kept(value)} if field in kept else {}
            history.note(membership, contact, field, **values)
            if field != "place":
                setattr(contact, field, value)
    contact.sort_key = sort_key(contact.name, Contact)
    _place(contact, fields["place"])


def forget_person(person: Membership, name: str) -> None:
    """Leaves only the given name in the contacts of a person whose account is deleted."""
    rows = sa.update(Contact).where(
        Contact.coalition_id == person.coalition_id, Contact.membership_id == person.id
    )
    theirs = written_of(db.metadata.tables[TABLE], "membership_id")
    nothing = {
        **dict.fromkeys(theirs, ""),
        "may_commit": None,
        "name": name,
        "sort_key": sort_key(name, Contact),
    }
    db.session.execute(rows.values(**nothing).execution_options(synchronize_session=False))


def give_place(actor: Membership, contact: Contact, to: Membership) -> None:
    """Makes one of our people the main or alternate contact; the earlier one stays as an ordinary contact."""
    place = contact.place
    row = db.session.scalar(
        sa.select(Contact)
        .where(
            Contact.coalition_id == contact.coalition_id,
            Contact.organization_id == contact.organization_id,
            Contact.membership_id == to.id,
        )
        .order_by(Contact.id)
        .limit(1)
    )
    if row is None:
        row = Contact(
            coalition_id=contact.coalition_id,
            organization_id=contact.organization_id,
            membership_id=to.id,
            place=ContactPlace.OTHER,
            name=to.name,
            sort_key=sort_key(to.name, Contact),
        )
        db.session.add(row)
        db.session.flush()
        history.note(actor, row, "added")
    contact.version += 1
    history.note(actor, contact, "place", old=place, new=ContactPlace.OTHER)
    history.note(actor, row, "place", old=row.place, new=place)
    contact.place = ContactPlace.OTHER
    db.session.flush()
    _place(row, place)


def delete(membership: Membership, contact: Contact) -> Snapshot:
    """Moves a contact to the trash; its conversations stay, without the name. Raises WrongState for someone else's."""
    lock(membership.coalition_id)
    if not may_delete(membership, contact):
        raise WrongState(_("Only a coordinator can delete what someone else added."))
    return trash_service.put(membership, contact)


def _place(contact: Contact, wanted: ContactPlace) -> None:
    """Sets the contact's place and moves the earlier holder, so that each place has at most one."""
    rows = db.session.scalars(
        sa.select(Contact).where(
            Contact.coalition_id == contact.coalition_id, Contact.organization_id == contact.organization_id
        )
    ).all()
    set_places(rows, places_after({row.id: row.place for row in rows}, contact.id, wanted))


def set_places(rows: Iterable[Contact], places: Mapping[int, ContactPlace]) -> None:
    """Writes new places.

    Contacts that change give up their places first, because the database refuses two main contacts.
    """
    moving = [row for row in rows if row.place is not places[row.id]]
    for row in moving:
        row.place = ContactPlace.OTHER
        row.version = Contact.version + 1  # so that a form opened earlier cannot undo this
    db.session.flush()
    for row in moving:
        row.place = places[row.id]
    db.session.flush()


def _kept(value: object) -> Any:
    """Returns the value as history stores it: a boolean as a number."""
    return int(value) if isinstance(value, bool) else value
