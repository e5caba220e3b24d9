"""Reads of partners, owner first."""

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.database import folded
from engage.extensions import db
from engage.partners.models import Affiliation, Organization
from engage.partners.rules import are_alike


def organization_choices(membership: Membership) -> list[tuple[int, str]]:
    """The coalition's organizations as (id, name), by name: what a select offers."""
    rows = (
        sa.select(Organization.id, Organization.name)
        .where(Organization.coalition_id == membership.coalition_id)
        .order_by(Organization.sort_key, Organization.id)
    )
    return [(row.id, row.name) for row in db.session.execute(rows)]


def sector_of(membership_id: int) -> str | None:
    """The key of the person's sector: the organization's, or *residents* or *other*; None when unknown."""
    row = (
        sa.select(sa.func.coalesce(Organization.sector, Affiliation.sector))
        .select_from(Affiliation)
        .outerjoin(Organization, Organization.id == Affiliation.organization_id)
        .where(Affiliation.membership_id == membership_id)
    )
    return db.session.scalar(row)


def organization_names(membership: Membership) -> dict[int, str]:
    """Where the coalition's people come from: membership id -> name of the organization."""
    rows = (
        sa.select(Affiliation.membership_id, Organization.name)
        .join(Organization, Organization.id == Affiliation.organization_id)
        .where(Affiliation.coalition_id == membership.coalition_id)
    )
    return {row.membership_id: row.name for row in db.session.execute(rows)}


def organization_of(membership: Membership, organization_id: int) -> Organization | None:
    """One of the coalition's organizations."""
    row = sa.select(Organization).where(
        Organization.coalition_id == membership.coalition_id, Organization.id == organization_id
    )
    return db.session.scalar(row)


def organizations_named(membership: Membership, words: str, most: int = 20) -> list[Organization]:
    """Those whose name holds every one of these words, by name; nothing without a word."""
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


def organizations_like(membership: Membership, name: str) -> list[Organization]:
    """Those that may be the same as this name: shown before a new one is saved."""
    rows = (
        sa.select(Organization)
        .where(Organization.coalition_id == membership.coalition_id)
        .order_by(Organization.sort_key, Organization.id)
    )
    return [row for row in db.session.scalars(rows) if are_alike(row.sort_key, folded(name))]


def affiliation_of(membership_id: int) -> Affiliation | None:
    """Where this person comes from, if they said."""
    return db.session.scalar(sa.select(Affiliation).where(Affiliation.membership_id == membership_id))


def own_sectors(membership: Membership) -> dict[int, str]:
    """The people who come without an organization: membership id -> *residents* or *other*."""
    rows = sa.select(Affiliation.membership_id, Affiliation.sector).where(
        Affiliation.coalition_id == membership.coalition_id, Affiliation.sector.is_not(None)
    )
    return {row.membership_id: row.sector for row in db.session.execute(rows)}
