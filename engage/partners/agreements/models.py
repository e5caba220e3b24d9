"""The tables of agreements."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import Search, own_data, written
from engage.database import Base, Tenant, enum_type, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.partners.rules import AgreementKind, AgreementState


class Agreement(Tenant, Base):
    """An MOU or another agreement with an organization. Agreements are numbered per coalition."""

    __tablename__ = "partners_agreement"
    __label__ = _l("Agreement")
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "number"),
        within("organization_id", "partners_organization"),
        within("owner_id", "coalitions_membership"),
        within("created_by_id", "coalitions_membership"),
        sa.CheckConstraint("number >= 1", name="number"),
        sa.CheckConstraint("state <> 'signed' OR signed_on IS NOT NULL", name="signed_has_date"),
        sa.CheckConstraint(
            "ends_on IS NULL OR signed_on IS NULL OR ends_on >= signed_on", name="ends_after_signing"
        ),
        sa.CheckConstraint(
            "review_on IS NULL OR signed_on IS NULL OR review_on >= signed_on", name="review_after_signing"
        ),
        sa.CheckConstraint(
            "notice_on IS NULL OR (ends_on IS NOT NULL AND notice_on <= ends_on)", name="notice_before_end"
        ),
        sa.CheckConstraint("named_on IS NULL OR named_by <> ''", name="named_by_somebody"),
        sa.CheckConstraint(
            "unnamed_on IS NULL OR (named_on IS NOT NULL AND unnamed_on >= named_on)",
            name="unnamed_after_named",
        ),
        # Home and the daily job look for agreements that end soon.
        sa.Index("ix_partners_agreement_ends", "state", "ends_on"),
    )

    number: Mapped[int]
    organization_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[AgreementKind]
    state: Mapped[AgreementState] = mapped_column(default=AgreementState.DRAFTING)
    title: Mapped[str] = written(
        _l("Title"), Search.TITLE, longest=200, of="owner_id created_by_id", default=""
    )
    # This member looks after the agreement and leads its renewal.
    owner_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("agreements_kept", "number state organization_id")
    )
    signed_on: Mapped[date | None]
    review_on: Mapped[date | None]
    # The renewal begins on this day; if it is empty, a fixed number of days before the end.
    notice_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    # An action to renew the agreement was made for this end date, so that each end date gets only one.
    renewal_made_for: Mapped[date | None]
    we_promised: Mapped[str] = written(_l("What we promised"), Search.MEMBERS, of="created_by_id", default="")
    they_promised: Mapped[str] = written(
        _l("What they promised"), Search.MEMBERS, of="created_by_id", default=""
    )
    # These say who in the organization allowed public naming (in words), on which day, and since when it is
    # withdrawn.
    named_by: Mapped[str] = written(
        _l("Who gave permission to name the organization"), Search.NO, longest=200, default=""
    )
    named_on: Mapped[date | None]
    unnamed_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("agreements_written", "number organization_id created_at")
    )
    version: Mapped[int] = mapped_column(default=1)

    @property
    def may_be_named(self) -> bool:
        return self.named_on is not None and self.unnamed_on is None


class AgreementMove(Tenant, Base):
    """A dated move of an agreement from one state to another; a move from signed to signed is a renewal."""

    __tablename__ = "partners_agreement_move"
    __label__ = _l("Step of an agreement")
    __table_args__ = (
        within("agreement_id", "partners_agreement", "CASCADE"),
        within("written_by_id", "coalitions_membership"),
    )

    agreement_id: Mapped[int] = mapped_column(index=True)
    # The first move of an agreement has no earlier state.
    before: Mapped[AgreementState | None] = mapped_column(enum_type(AgreementState, "before"))
    after: Mapped[AgreementState] = mapped_column(enum_type(AgreementState, "after"))
    happened_on: Mapped[date]
    # Before this move, the agreement was signed until this day.
    ends_on: Mapped[date | None]
    note: Mapped[str] = written(_l("Note"), Search.NO, of="written_by_id", default="")
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("agreements_moved", "after happened_on written_at")
    )
