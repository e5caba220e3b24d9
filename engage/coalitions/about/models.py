"""Tables of About us: what a coalition says of itself, and its positions."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key, within


class About(Tenant, Base):
    """What a coalition says about itself beside mission, vision and definitions. The row is made at the first save."""

    __tablename__ = "coalitions_about"
    __table_args__ = (sa.UniqueConstraint("coalition_id"),)

    # This says what the chosen structure means here: who decides, and how people reach a task force beside it.
    structure_note: Mapped[str] = mapped_column(sa.Text, default="")
    joining: Mapped[str] = mapped_column(sa.Text, default="")
    expectations: Mapped[str] = mapped_column(sa.Text, default="")
    open_meetings: Mapped[str] = mapped_column(sa.Text, default="")
    # This is the confidentiality statement. Each change of it gets the next number, so that people are asked again.
    statement: Mapped[str] = mapped_column(sa.Text, default="")
    statement_number: Mapped[int] = mapped_column(default=0)
    # These are the parts that a coordinator made public; a part that is missing here is not public.
    public_parts: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)


class Position(Tenant, Base):
    """A role in the coalition or its core team, such as chair or treasurer; it is never a permission."""

    __tablename__ = "coalitions_position"
    __table_args__ = (
        tenant_key(),
        within("membership_id", "coalitions_membership"),
        within("stand_in_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="until"),
    )

    title: Mapped[str] = mapped_column(sa.String(80))
    # None means that no one holds it.
    membership_id: Mapped[int | None] = mapped_column(index=True)
    stand_in_id: Mapped[int | None] = mapped_column(index=True)
    since: Mapped[date | None]
    until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
