"""Tables of the network: what coalitions share, and the sums."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant
from engage.operations.network.rules import CountKind


class SharedCount(Tenant, Base):
    """A count that a coalition shares with the network; without a row the count is not shared."""

    __tablename__ = "operations_shared_count"
    __table_args__ = (sa.UniqueConstraint("coalition_id", "kind"),)

    kind: Mapped[CountKind]


class NetworkSum(Base):
    """The last published sum of one count. It names no coalition: `marks` are keyed digests of their numbers."""

    __tablename__ = "operations_network_sum"
    __table_args__ = (sa.UniqueConstraint("kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CountKind]
    total: Mapped[int]
    coalitions: Mapped[int]
    counted_at: Mapped[datetime]
    marks: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
