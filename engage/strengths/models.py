"""Tables of strengths: what somebody can offer, with its giver."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key, within


class Strength(Tenant, Base):
    """An asset with its giver, in the giver's words."""

    __tablename__ = "strengths_strength"
    __table_args__ = (
        tenant_key(),
        within("giver_id", "coalitions_membership"),
        within("organization_id", "partners_organization"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    title: Mapped[str] = mapped_column(sa.String(300))
    giver_id: Mapped[int | None] = mapped_column(index=True)
    organization_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
