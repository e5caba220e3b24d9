"""Tables of partners: organizations, and which one a person comes from."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key, within


class Organization(Tenant, Base):
    """An organization with its one sector (a key of the content). No street address, for anyone."""

    __tablename__ = "partners_organization"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "sort_key"),
        within("added_by_id", "coalitions_membership"),
        sa.CheckConstraint("name <> ''", name="name"),
    )

    name: Mapped[str] = mapped_column(sa.String(120))
    sort_key: Mapped[str] = mapped_column(sa.String(120))
    sector: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(index=True)


class Affiliation(Tenant, Base):
    """Where a person comes from: an organization, or without one the sector *residents* or *other*."""

    __tablename__ = "partners_affiliation"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        within("organization_id", "partners_organization"),
        sa.UniqueConstraint("membership_id"),
        sa.CheckConstraint("(organization_id IS NULL) <> (sector IS NULL)", name="organization_or_sector"),
    )

    membership_id: Mapped[int]
    organization_id: Mapped[int | None] = mapped_column(index=True)
    sector: Mapped[str | None] = mapped_column(sa.String(60))
