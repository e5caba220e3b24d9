"""Finds a person's responsibilities among partners, to hand them over when the person leaves.

These are open recruitments, and being the main or alternate contact of an organization.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from engage import history
from engage.coalitions.models import Membership
from engage.database import SelectedRow, Selection, along
from engage.extensions import db
from engage.partners.contacts import service as contacts_service
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.models import Affiliation, Contact, Organization
from engage.partners.rules import ContactPlace


def recruitments_held_by(person: Membership) -> Sequence[SelectedRow]:
    """Returns the person's open recruitments, the first to ask first; `sector` and `area` are keys of the content."""
    whom = sa.func.coalesce(Organization.name, Recruitment.whom).label("whom")
    rows = (
        sa.select(Recruitment.id, Recruitment.sector, Recruitment.area, whom)
        .outerjoin(Organization, along(Recruitment.organization_id, Organization))
        .where(*_to_fill(person))
        .order_by(Recruitment.ask_by.is_(None), Recruitment.ask_by, Recruitment.id)
    )
    return db.session.execute(rows).all()


def places_held_by(person: Membership) -> Sequence[SelectedRow]:
    """Returns the person's places as main or alternate contact, by the organization's name."""
    rows = (
        sa.select(Contact.id, Contact.place, Contact.organization_id, Organization.name.label("organization"))
        .join(Organization, along(Contact.organization_id, Organization))
        .where(*_is_contact(person))
        .order_by(Organization.sort_key, Organization.id)
    )
    return db.session.execute(rows).all()


def people_from(membership: Membership, organizations: Collection[int]) -> dict[int, int]:
    """Returns the people who come from these organizations of the coalition, with the organization of each."""
    here = Affiliation.coalition_id == membership.coalition_id
    rows: Selection = sa.select(Affiliation.membership_id, Affiliation.organization_id).where(
        here, Affiliation.organization_id.in_(organizations)
    )
    return {row.membership_id: row.organization_id for row in db.session.execute(rows)}


def hand_over_recruitments(
    from_: Membership, to: Membership, actor: Membership, only: Collection[int]
) -> int:
    """Gives those of the recruitments `only` that are open and of `from_` to another. Returns how many."""
    open_ = sa.select(Recruitment).where(*_to_fill(from_))
    found = [each for each in db.session.scalars(open_) if each.id in only]
    for recruitment in found:
        history.note(actor, recruitment, "inviter_id", old=from_.id, new=to.id)
        recruitment.inviter_id = to.id
        recruitment.version += 1
    return len(found)


def hand_over_places(from_: Membership, to: Membership, actor: Membership, only: Collection[int]) -> int:
    """Makes `to` the contact in those of the places `only` that belong to their organization. Returns how many.

    Contacts of other organizations stay, because only one of an organization's own people can replace them.
    """
    comes_from = sa.select(Affiliation.organization_id).where(
        Affiliation.coalition_id == to.coalition_id, Affiliation.membership_id == to.id
    )
    theirs = db.session.scalar(comes_from)
    rows = sa.select(Contact).where(*_is_contact(from_), Contact.organization_id == theirs)
    found = [each for each in db.session.scalars(rows) if each.id in only]
    for contact in found:
        contacts_service.give_place(actor, contact, to)
    return len(found)


def _to_fill(person: Membership) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Recruitment.coalition_id == person.coalition_id,
        Recruitment.inviter_id == person.id,
        Recruitment.closed_on.is_(None),
    )


def _is_contact(person: Membership) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Contact.coalition_id == person.coalition_id,
        Contact.membership_id == person.id,
        Contact.place != ContactPlace.OTHER,
    )
