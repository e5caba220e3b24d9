"""Tables of the Tips for Success: a coalition's state of each item."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.checklist.rules import ItemState
from engage.database import Base, Tenant, enum_type, tenant_key, within


class Item(Tenant, Base):
    """An item of a tip; the row is made when someone first changes it. `key` is the content's."""

    __tablename__ = "checklist_item"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "key"),
        within("owner_id", "coalitions_membership"),
        within("changed_by_id", "coalitions_membership"),
        sa.CheckConstraint("version >= 1", name="version"),
    )

    key: Mapped[str] = mapped_column(sa.String(60))
    state: Mapped[ItemState] = mapped_column(default=ItemState.NOT_YET)
    # Unticking returns to this state.
    state_before: Mapped[ItemState] = mapped_column(
        enum_type(ItemState, "state_before"), default=ItemState.NOT_YET
    )
    note: Mapped[str] = mapped_column(sa.Text, default="")
    owner_id: Mapped[int | None] = mapped_column(index=True)
    due_on: Mapped[date | None]
    # This is an http(s) address or a page of this coalition.
    proof: Mapped[str] = mapped_column(sa.String(500), default="")
    # These say when the state last changed and who changed it; history has every other change.
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
