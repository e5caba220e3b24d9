"""Defines the table of the audit log."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.coalitions.audit.rules import AuditEvent
from engage.columns import CODE, own_data
from engage.database import Base, Tenant, within


class AuditEntry(Tenant, Base):
    """An entry of a coalition's audit log.

    Entries are only added. Triggers refuse every UPDATE, and the DELETE of entries younger than a year while
    the coalition exists (deleting a coalition deletes its log). A migration that copies this table or that of
    the coalitions has to create the triggers again (see migration 0042).
    """

    __tablename__ = "coalitions_audit"
    __table_args__ = (
        # CASCADE has an effect only when the coalition is deleted: memberships are never deleted, and the
        # triggers would refuse it.
        within("actor_id", "coalitions_membership", "CASCADE"),
        sa.Index("ix_coalitions_audit_happened_at", "coalition_id", "happened_at"),
        {"sqlite_autoincrement": True},
    )

    happened_at: Mapped[datetime]
    # None means a command on the server.
    actor_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("audit_log", "happened_at event thing what")
    )
    event: Mapped[AuditEvent]
    # The name of a table and the id of its row. There is no foreign key, since it can be any table, and the
    # row may be deleted.
    thing: Mapped[str] = mapped_column(sa.String(60), default="", info=CODE)
    thing_id: Mapped[int | None]
    # The name of a column or of a view.
    what: Mapped[str] = mapped_column(sa.String(60), default="", info=CODE)
    old: Mapped[str | None] = mapped_column(sa.String(60), info=CODE)
    new: Mapped[str | None] = mapped_column(sa.String(60), info=CODE)
    number: Mapped[int | None]
