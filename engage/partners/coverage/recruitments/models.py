"""The table of sectors to recruit."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, Search, own_data, written
from engage.database import Base, Tenant, enum_type, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.partners.coverage.rules import RecruitmentOutcome


class Recruitment(Tenant, Base):
    """A sector to recruit, or one of its focus areas, or a discipline in it: someone from it is to be invited."""

    __tablename__ = "partners_seat"
    __label__ = _l("Sector to recruit")
    __table_args__ = (
        tenant_key(),
        within("inviter_id", "coalitions_membership"),
        within("organization_id", "partners_organization"),
        within("taken_by_id", "partners_organization"),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("sector <> ''", name="sector"),
        sa.CheckConstraint("(closed_on IS NULL) = (outcome IS NULL)", name="closed_has_outcome"),
        sa.CheckConstraint("taken_by_id IS NULL OR outcome = 'taken'", name="taken_by_somebody"),
    )

    sector: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    # This is a focus area's key; it is empty for the sector as a whole.
    area: Mapped[str] = mapped_column(sa.String(60), default="", info=CODE)
    # This is a discipline's key, such as nurses; it is empty if any kind of work is welcome.
    discipline: Mapped[str] = mapped_column(sa.String(60), default="", info=CODE)
    # This is whom to ask: an organization of the directory, or words.
    organization_id: Mapped[int | None] = mapped_column(index=True)
    whom: Mapped[str] = written(_l("Person to ask"), Search.NO, longest=200, default="")
    inviter_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("sectors_to_recruit", "sector area discipline ask_by")
    )
    ask_by: Mapped[date | None]
    # These are the day on which the recruitment was closed, as taken or given up, the organization that took
    # it, and a note.
    closed_on: Mapped[date | None]
    # The constraint kept this name in the database when the class was renamed.
    outcome: Mapped[RecruitmentOutcome | None] = mapped_column(enum_type(RecruitmentOutcome, "seatoutcome"))
    taken_by_id: Mapped[int | None] = mapped_column(index=True)
    note: Mapped[str] = written(_l("Note"), Search.NO, of="created_by_id", default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("sectors_to_recruit_added", "sector area discipline created_at")
    )
    version: Mapped[int] = mapped_column(default=1)
