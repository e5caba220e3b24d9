"""Reads of partners, owner first."""

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.partners.models import Affiliation, Organization


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
