"""The table of what happened in a coalition."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.coalitions.audit.rules import AuditEvent
from engage.database import Base, Tenant, within


class AuditEntry(Tenant, Base):
    """A line of the coalition's audit log.

    Rows are only added. Triggers refuse every UPDATE, and the DELETE of rows younger than a year while the
    coalition exists (deleting a coalition deletes its log). A migration that copies this table or that of the
    coalitions has to make the triggers again (0042).
    """

    __tablename__ = "coalitions_audit"
    __table_args__ = (
        # CASCADE only applies when the coalition is deleted: memberships are never deleted, and the trigger
        # would refuse it.
        within("actor_id", "coalitions_membership", "CASCADE"),
        sa.Index("ix_coalitions_audit_happened_at", "coalition_id", "happened_at"),
        {"sqlite_autoincrement": True},
    )

    happened_at: Mapped[datetime]
    # None means a command on the server.
    actor_id: Mapped[int | None] = mapped_column(index=True)
    event: Mapped[AuditEvent]
    # These are the table's name and the row's id. There is no foreign key, since any table may be meant and
    # the row may be deleted.
    thing: Mapped[str] = mapped_column(sa.String(60), default="")
    thing_id: Mapped[int | None]
    # This is the name of a column or of a view.
    what: Mapped[str] = mapped_column(sa.String(60), default="")
    old: Mapped[str | None] = mapped_column(sa.String(60))
    new: Mapped[str | None] = mapped_column(sa.String(60))
    number: Mapped[int | None]
