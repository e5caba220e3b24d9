"""The link by which the staff of members' agencies read the referral list."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE
from engage.database import Base, Tenant, tenant_key


class ReferralLink(Tenant, Base):
    """A coalition's link; revoking deletes it. The token is made from the nonce and the server's key."""

    __tablename__ = "partners_referral_link"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id"),
        sa.UniqueConstraint("token_hash"),
    )

    nonce: Mapped[str] = mapped_column(sa.String(43), info=CODE)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    # The link opens nothing after this day.
    ends_on: Mapped[date]
