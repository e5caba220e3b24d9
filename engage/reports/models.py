"""Tables of reports: what the public sees by a link, on which sites, and the note for the next coordinator."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, Search, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l


class PublicPage(Tenant, Base):
    """The progress page of a coalition; it is public while it has a token.

    The token is derived from `nonce` and the installation's key, so that a coordinator can copy the link
    again but the database alone does not reveal it. Revoking the link empties both.
    """

    __tablename__ = "reports_public_page"
    __table_args__ = (
        sa.UniqueConstraint("coalition_id"),
        sa.UniqueConstraint("token_hash"),
        sa.CheckConstraint("(token_hash IS NULL) = (nonce IS NULL)", name="nonce_of_token"),
    )

    nonce: Mapped[str | None] = mapped_column(sa.String(43), info=CODE)
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), info=CODE)
    # The version counts edits of the choice and the public names; publishing is not an edit.
    version: Mapped[int] = mapped_column(default=1)

    @property
    def is_public(self) -> bool:
        return self.token_hash is not None


class PublicGoal(Tenant, Base):
    """A goal's public title, and whether it is shown. Without a title it never is."""

    __tablename__ = "reports_public_goal"
    __label__ = _l("Goal on the public page")
    __table_args__ = (
        within("goal_id", "plan_goal", "CASCADE"),
        sa.UniqueConstraint("goal_id"),
        sa.CheckConstraint("NOT is_shown OR title <> ''", name="shown_has_title"),
    )

    goal_id: Mapped[int]
    title: Mapped[str] = written(_l("Title"), Search.NO, longest=200, default="")
    is_shown: Mapped[bool] = mapped_column(default=False)


class PublicMeasure(Tenant, Base):
    """A measure's public title, and whether it is shown. It is shown only together with its goal."""

    __tablename__ = "reports_public_measure"
    __label__ = _l("Measure on the public page")
    __table_args__ = (
        within("measure_id", "plan_measure", "CASCADE"),
        sa.UniqueConstraint("measure_id"),
        sa.CheckConstraint("NOT is_shown OR title <> ''", name="shown_has_title"),
    )

    measure_id: Mapped[int]
    title: Mapped[str] = written(_l("Title"), Search.NO, longest=120, default="")
    # This is the unit in public words: "beds"; it may be empty.
    unit: Mapped[str] = written(_l("Unit"), Search.NO, longest=40, default="")
    is_shown: Mapped[bool] = mapped_column(default=False)


class PublicPartner(Tenant, Base):
    """An agreement whose organization the public page names, as long as the agreement allows it."""

    __tablename__ = "reports_public_partner"
    __table_args__ = (
        within("agreement_id", "partners_agreement", "CASCADE"),
        sa.UniqueConstraint("agreement_id"),
    )

    agreement_id: Mapped[int]


class FramingSite(Tenant, Base):
    """A site of others whose pages may show the coalition's public pages in a frame."""

    __tablename__ = "reports_framing_site"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "origin"),
    )

    # This is exactly what a browser compares, such as https://www.town.example: no words, no path.
    origin: Mapped[str] = mapped_column(sa.String(120), info=CODE)


class HandoverNote(Tenant, Base):
    """The changes that the outgoing coordinator suggests, in their words; one row for each coalition."""

    __tablename__ = "reports_handover_note"
    __label__ = _l("Handover note")
    __table_args__ = (
        sa.UniqueConstraint("coalition_id"),
        within("written_by_id", "coalitions_membership"),
    )

    text: Mapped[str] = written(_l("Text"), Search.NO, of="written_by_id", default="")
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("handover_notes", "written_at")
    )
    version: Mapped[int] = mapped_column(default=1)
