"""The table of scheduled jobs: when each was last done."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE
from engage.database import Base
from engage.operations.rules import RunKind


class Run(Base):
    """When a job was last done for the whole installation, by any process. It stores only counts."""

    __tablename__ = "operations_run"
    __table_args__ = (sa.UniqueConstraint("kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RunKind]
    ended_at: Mapped[datetime]
    counts: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict, info=CODE)
