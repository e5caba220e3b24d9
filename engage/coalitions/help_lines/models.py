"""The table of the help lines that a coalition added."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key


class HelpLine(Tenant, Base):
    """A help line that the coalition shows beside the national ones.

    It holds its own text, even if made from an offered line.
    """

    __tablename__ = "coalitions_help_line"
    __table_args__ = (tenant_key(), sa.CheckConstraint("name <> ''", name="name"))

    # No constraint requires a number or a website: the form asks for one, but a number may be removed for
    # good. The key is that of the content's line from which this line was made; it is empty for the
    # coalition's own lines.
    key: Mapped[str] = mapped_column(sa.String(60), default="")
    name: Mapped[str] = mapped_column(sa.String(120))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    website: Mapped[str] = mapped_column(sa.String(300), default="")
    for_whom: Mapped[str] = mapped_column(sa.String(200), default="")
    hours: Mapped[str] = mapped_column(sa.String(120), default="")
    # Someone from the coalition called the line on this day.
    checked_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
