"""Tables of the network page: which counts coalitions share, and the published sums."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE
from engage.database import Base, Tenant
from engage.operations.network.rules import CountKind


class SharedCount(Tenant, Base):
    """A count that a coalition shares. Without a row, the count is not shared."""

    __tablename__ = "operations_shared_count"
    __table_args__ = (sa.UniqueConstraint("coalition_id", "kind"),)

    kind: Mapped[CountKind]


class NetworkSum(Base):
    """A published sum of one count. It is never deleted, because every later sum is checked against it.

    It does not name coalitions: `marks` are keyed digests of their numbers. A row without coalitions means
    that no sum is shown from then on.
    """

    __tablename__ = "operations_network_sum"
    __table_args__ = (sa.UniqueConstraint("kind", "counted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[CountKind]
    total: Mapped[int]
    coalitions: Mapped[int]
    counted_at: Mapped[datetime]
    marks: Mapped[list[str]] = mapped_column(sa.JSON, default=list, info=CODE)
