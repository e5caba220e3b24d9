"""Reads partners, within one coalition."""

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.coalitions.queries import active
from engage.database import along, folded, sort_key
from engage.extensions import db
from engage.partners.models import Affiliation, Organization, OrganizationTag
from engage.partners.rules import TagKind, are_alike, fragments

# At most this many organizations are compared with a name.
ALIKE_MOST = 12


def organization_choices(membership: Membership) -> list[tuple[int, str]]:
    """Returns the coalition's organizations as (id, name), by name, for a select."""
    rows = (
        sa.select(Organization.id, Organization.name)
        .where(Organization.coalition_id == membership.coalition_id)
        .order_by(Organization.sort_key, Organization.id)
    )
    return [(row.id, row.name) for row in db.session.execute(rows)]


def sector_of(membership_id: int) -> str | None:
    """Returns the key of the person's sector: the organization's, or *residents* or *other*; None if unknown."""
    return db.session.scalar(sector_at(membership_id))


def sector_at(membership_id: int | sa.SQLColumnExpression[object]) -> sa.Select[str]:
    """Returns the same sector as `sector_of`, as a column for another statement."""
    return (
        sa.select(sa.func.coalesce(Organization.sector, Affiliation.sector))
        .select_from(Affiliation)
        .outerjoin(Organization, along(Affiliation.organization_id, Organization))
        .where(Affiliation.membership_id == membership_id)
    )


def organization_names(membership: Membership) -> dict[int, str]:
    """Returns the organization's name by membership id."""
    rows = (
        sa.select(Affiliation.membership_id, Organization.name)
        .join(Organization, along(Affiliation.organization_id, Organization))
        .where(Affiliation.coalition_id == membership.coalition_id)
    )
    return {row.membership_id: row.name for row in db.session.execute(rows)}


def organization_of(membership: Membership, organization_id: int) -> Organization | None:
    """Returns one of the coalition's organizations."""
    row = sa.select(Organization).where(
        Organization.coalition_id == membership.coalition_id, Organization.id == organization_id
    )
    return db.session.scalar(row)


def organization_called(membership: Membership, name: str) -> Organization | None:
    """Returns the organization with exactly this name, regardless of case and accents."""
    row = sa.select(Organization).where(
        Organization.coalition_id == membership.coalition_id,
        Organization.sort_key == sort_key(name, Organization),
    )
    return db.session.scalar(row)


def organizations_named(membership: Membership, words: str, most: int = 20) -> list[Organization]:
    """Returns organizations whose name contains every one of these words, by name; none without a word."""
    parts = folded(words).split()
    if not parts:
        return []
    rows = (
        sa.select(Organization)
        .where(
            Organization.coalition_id == membership.coalition_id,
            *(Organization.sort_key.contains(part, autoescape=True) for part in parts),
        )
        .order_by(Organization.sort_key, Organization.id)
        .limit(most)
    )
    return list(db.session.scalars(rows))


def organizations_like(membership: Membership, name: str, besides: int | None = None) -> list[Organization]:
    """Returns organizations that this name may mean, except `besides`, to show before a new one is saved.

    The database finds names that have a part in common with it; only those are compared closely.
    """
    key = folded(name)
    pieces = fragments(key)
    rows = (
        sa.select(Organization.id, Organization.sort_key)
        .where(
            Organization.coalition_id == membership.coalition_id,
            Organization.id != (besides or 0),
            sa.or_(*(Organization.sort_key.like(piece, escape="\\") for piece in pieces)),
        )
        .order_by(Organization.sort_key, Organization.id)
    )
    found = [row.id for row in db.session.execute(rows) if are_alike(row.sort_key, key)] if pieces else []
    alike = sa.select(Organization).where(
        Organization.coalition_id == membership.coalition_id, Organization.id.in_(found[:ALIKE_MOST])
    )
    return list(db.session.scalars(alike.order_by(Organization.sort_key, Organization.id))) if found else []


def tag_rows(organization: Organization) -> list[OrganizationTag]:
    """Returns all tags of the organization in the order in which they were entered."""
    rows = sa.select(OrganizationTag).where(
        OrganizationTag.coalition_id == organization.coalition_id,
        OrganizationTag.organization_id == organization.id,
    )
    return list(db.session.scalars(rows.order_by(OrganizationTag.id)))


def tags_of(organization: Organization) -> dict[TagKind, list[str]]:
    """Returns the tags by kind."""
    found: dict[TagKind, list[str]] = {}
    for row in tag_rows(organization):
        found.setdefault(row.kind, []).append(row.value)
    return found


def people_from(organization: Organization) -> list[tuple[int, str]]:
    """Returns the active members who come from this organization, as (id, name)."""
    rows = (
        sa.select(Membership.id, Membership.name)
        .join(Affiliation, along(Affiliation.membership_id, Membership))
        .where(
            Affiliation.coalition_id == organization.coalition_id,
            Affiliation.organization_id == organization.id,
            *active(),
        )
        .order_by(Membership.sort_key, Membership.id)
    )
    return [(row.id, row.name) for row in db.session.execute(rows)]


def affiliation_of(membership_id: int) -> Affiliation | None:
    """Returns where this person comes from, if they said."""
    return db.session.scalar(sa.select(Affiliation).where(Affiliation.membership_id == membership_id))


def sectors_by_person(membership: Membership) -> dict[int, str]:
    """Returns the same sector as `sector_of` for everyone of whom it is known, by membership id."""
    rows = (
        sa.select(
            Affiliation.membership_id,
            sa.func.coalesce(Organization.sector, Affiliation.sector).label("sector"),
        )
        .outerjoin(Organization, along(Affiliation.organization_id, Organization))
        .where(Affiliation.coalition_id == membership.coalition_id)
    )
    return {row.membership_id: row.sector for row in db.session.execute(rows)}


def own_sectors(membership: Membership) -> dict[int, str]:
    """Returns *residents* or *other* by membership id for people without an organization."""
    rows = sa.select(Affiliation.membership_id, Affiliation.sector).where(
        Affiliation.coalition_id == membership.coalition_id, Affiliation.sector.is_not(None)
    )
    return {row.membership_id: row.sector for row in db.session.execute(rows)}
