"""Tables of the secret links by which spreadsheets read live tables, and of what these links show."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, Search, copies, written
from engage.database import Base, Tenant, tenant_key
from engage.i18n import lazy_gettext as _l
from engage.reports.tables.rules import NAME_LONGEST, LiveTable


class LiveLink(Tenant, Base):
    """A link to all live tables; revoking deletes it. The token is made from the nonce and the server's key."""

    __tablename__ = "reports_live_link"
    __label__ = _l("Link to live tables")
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("token_hash"),
        sa.CheckConstraint("name <> ''", name="name"),
    )

    # This says whose sheet reads the tables, so that coordinators know what stops when they revoke the link.
    name: Mapped[str] = written(_l("Whose sheet"), Search.NO, longest=NAME_LONGEST)
    nonce: Mapped[str] = mapped_column(sa.String(43), info=CODE)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    made_at: Mapped[datetime]
    # The link opens nothing after this day.
    ends_on: Mapped[date]
    # This is the moment of its last use, to the minute.
    used_at: Mapped[datetime | None]


class LiveTitle(Tenant, Base):
    """A title that a coordinator let through, as a keyed hash: no other copy of its words must be found and removed."""

    __tablename__ = "reports_live_title"
    __table_args__ = (sa.UniqueConstraint("coalition_id", "title_hash"),)

    title_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)


class LiveCopy(Tenant, Base):
    """A table as it was last computed, for all links of the coalition and all processes of the server."""

    __tablename__ = "reports_live_copy"
    __table_args__ = (sa.UniqueConstraint("coalition_id", "kind"),)

    kind: Mapped[LiveTable]
    # The request that computes the table says so here first, so that no other one does within the minute.
    claimed_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    etag: Mapped[str] = mapped_column(sa.String(64), default="", info=CODE)
    body: Mapped[str] = mapped_column(sa.Text, default="", deferred=True, info=copies())
