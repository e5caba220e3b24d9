"""The table of the help lines that a coalition added."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, Search, written
from engage.database import Base, Tenant, tenant_key
from engage.i18n import lazy_gettext as _l


class HelpLine(Tenant, Base):
    """A help line that the coalition shows besides the national ones.

    It has its own text, even if it was copied from a line that Engage offers.
    """

    __tablename__ = "coalitions_help_line"
    __label__ = _l("Help line")
    __table_args__ = (tenant_key(), sa.CheckConstraint("name <> ''", name="name"))

    # No constraint requires a number or a website: the form asks for one of them, but a number may be removed
    # for good. The key names the offered line in the content from which this line was copied; it is empty for
    # the coalition's own lines.
    key: Mapped[str] = mapped_column(sa.String(60), default="", info=CODE)
    name: Mapped[str] = written(_l("Name"), Search.NO, longest=120)
    phone: Mapped[str] = written(_l("Phone"), Search.NO, longest=40, address=True, default="")
    website: Mapped[str] = written(_l("Website"), Search.NO, longest=300, address=True, default="")
    for_whom: Mapped[str] = written(_l("Who it is for"), Search.NO, longest=200, default="")
    hours: Mapped[str] = written(_l("Opening hours"), Search.NO, longest=120, default="")
    # The day on which someone from the coalition last called the line to check it.
    checked_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
