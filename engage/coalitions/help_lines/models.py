"""The table of the help lines that a coalition added."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key


class HelpLine(Tenant, Base):
    """A help line that the coalition shows beside the national ones: the text is its own, also of an offered one."""

    __tablename__ = "coalitions_help_line"
    __table_args__ = (tenant_key(), sa.CheckConstraint("name <> ''", name="name"))

    # The form asks for a number or a website; of a line whose number was removed for good, neither may be left.
    # This is the content's key of the line that it was made from; it is empty for the coalition's own.
    key: Mapped[str] = mapped_column(sa.String(60), default="")
    name: Mapped[str] = mapped_column(sa.String(120))
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    website: Mapped[str] = mapped_column(sa.String(300), default="")
    for_whom: Mapped[str] = mapped_column(sa.String(200), default="")
    hours: Mapped[str] = mapped_column(sa.String(120), default="")
    # Someone of the coalition called it on this day.
    checked_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
