"""Tables of running an installation: what ran when."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base
from engage.operations.rules import RunKind


class Run(Base):
    """The last time that something was done for the whole installation, by any process; it holds only counts."""

    __tablename__ = "operations_run"
    __table_args__ = (sa.UniqueConstraint("kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RunKind]
    ended_at: Mapped[datetime]
    counts: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
