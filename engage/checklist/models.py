"""Defines the table of the Tips for Success: a coalition's state of each item."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.checklist.rules import ItemState
from engage.columns import CODE, Search, own_data, written
from engage.database import Base, Tenant, enum_type, tenant_key, within
from engage.i18n import lazy_gettext as _l


class Item(Tenant, Base):
    """A coalition's state of an item; the row is made when someone first changes it.

    `key` names the item in the content.
    """

    __tablename__ = "checklist_item"
    __label__ = _l("Tip")
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "key"),
        within("owner_id", "coalitions_membership"),
        within("changed_by_id", "coalitions_membership"),
        sa.CheckConstraint("version >= 1", name="version"),
    )

    key: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    state: Mapped[ItemState] = mapped_column(default=ItemState.NOT_YET)
    # The state to which unticking returns.
    state_before: Mapped[ItemState] = mapped_column(
        enum_type(ItemState, "state_before"), default=ItemState.NOT_YET
    )
    note: Mapped[str] = written(_l("Note"), Search.MEMBERS, default="")
    owner_id: Mapped[int | None] = mapped_column(index=True, info=own_data("tips_held", "key state due_on"))
    due_on: Mapped[date | None]
    # An http(s) address or a page of this coalition.
    proof: Mapped[str] = written(_l("Proof"), Search.NO, longest=500, default="")
    # When the state last changed and who changed it; the history has every other change.
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("tips_changed", "key state changed_at")
    )
    version: Mapped[int] = mapped_column(default=1)
