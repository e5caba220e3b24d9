"""Defines the tables of About us: what a coalition says about itself, and its positions."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, Search, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l


class About(Tenant, Base):
    """What a coalition says about itself besides mission, vision and definitions. The row is made at the first save."""

    __tablename__ = "coalitions_about"
    __label__ = _l("About us")
    __table_args__ = (sa.UniqueConstraint("coalition_id"),)

    # What the chosen structure means for this coalition: who decides, and how people reach a task force next
    # to it.
    structure_note: Mapped[str] = written(_l("What the structure means"), Search.NO, default="")
    joining: Mapped[str] = written(_l("How to join"), Search.NO, default="")
    expectations: Mapped[str] = written(_l("What we expect"), Search.NO, default="")
    open_meetings: Mapped[str] = written(_l("Open meetings"), Search.NO, default="")
    # The confidentiality statement. Each change of it gets the next number, so that people are asked again.
    statement: Mapped[str] = written(_l("Confidentiality statement"), Search.NO, default="")
    statement_number: Mapped[int] = mapped_column(default=0)
    # The parts that a coordinator made public; parts that are missing here are not public.
    public_parts: Mapped[list[str]] = mapped_column(sa.JSON, default=list, info=CODE)
    version: Mapped[int] = mapped_column(default=1)


class Position(Tenant, Base):
    """A position in the coalition or its core team, such as chair or treasurer; it grants no permissions."""

    __tablename__ = "coalitions_position"
    __label__ = _l("Position")
    __table_args__ = (
        tenant_key(),
        within("membership_id", "coalitions_membership"),
        within("stand_in_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("until IS NULL OR since IS NULL OR until >= since", name="until"),
    )

    title: Mapped[str] = written(_l("Title"), Search.NO, longest=80, of="membership_id stand_in_id")
    # None means that no one holds the position.
    membership_id: Mapped[int | None] = mapped_column(index=True, info=own_data("positions", "since until"))
    stand_in_id: Mapped[int | None] = mapped_column(index=True, info=own_data("stands_in_for", "since until"))
    since: Mapped[date | None]
    until: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
