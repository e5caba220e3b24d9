"""Tables of partners: organizations, and which one a person comes from."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, enum_type, tenant_key, within
from engage.partners.coverage_rules import SeatOutcome
from engage.partners.rules import AgreementKind, AgreementState, ContactPlace, TagKind


def _own_sort_key(context: Any) -> str:
    """A new organization is found by its name; what else it is found by comes with its tags."""
    return str(context.get_current_parameters()["sort_key"])


class Organization(Tenant, Base):
    """An organization with its one sector (a key of the content). No street address, for anyone."""

    __tablename__ = "partners_organization"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "sort_key"),
        within("added_by_id", "coalitions_membership"),
        within("verified_by_id", "coalitions_membership"),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.CheckConstraint("level IS NULL OR (level >= 0 AND level <= 5)", name="level"),
        # A page of the directory, by sector or by name, comes from one of these.
        sa.Index("ix_partners_organization_sector_name", "coalition_id", "sector", "sort_key"),
    )

    name: Mapped[str] = mapped_column(sa.String(120))
    sort_key: Mapped[str] = mapped_column(sa.String(120))
    # What a search looks through, folded: the name, the services and the counties. Kept by `refresh_search`.
    search_key: Mapped[str] = mapped_column(sa.Text, default=_own_sort_key)
    sector: Mapped[str] = mapped_column(sa.String(60))
    website: Mapped[str] = mapped_column(sa.String(300), default="")
    # The office's own number and address for mail, as the public may use them.
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    about: Mapped[str] = mapped_column(sa.Text, default="")
    # How firm the relationship is, 0 to 5, as the newest conversation left it; None until somebody says.
    level: Mapped[int | None]
    # When somebody last looked whether all this is still right.
    verified_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class OrganizationTag(Tenant, Base):
    """One of the things an organization has several of: a discipline, a focus area, a service, a county..."""

    __tablename__ = "partners_organization_tag"
    __table_args__ = (
        within("organization_id", "partners_organization", "CASCADE"),
        sa.UniqueConstraint("organization_id", "kind", "sort_key"),
        sa.CheckConstraint("value <> ''", name="value"),
        # The directory's filters are answered from it alone.
        sa.Index("ix_partners_organization_tag_found", "coalition_id", "kind", "sort_key", "organization_id"),
    )

    organization_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[TagKind]
    value: Mapped[str] = mapped_column(sa.String(120))
    sort_key: Mapped[str] = mapped_column(sa.String(120))


class Contact(Tenant, Base):
    """A person at an organization whom the coalition may call; maybe one of its members."""

    __tablename__ = "partners_contact"
    __table_args__ = (
        tenant_key(),
        within("organization_id", "partners_organization", "CASCADE"),
        within("membership_id", "coalitions_membership"),
        sa.CheckConstraint("name <> ''", name="name"),
        # One main and one alternate contact each.
        sa.Index(
            "uq_partners_contact_place",
            "organization_id",
            "place",
            unique=True,
            sqlite_where=sa.text("place <> 'other'"),
            postgresql_where=sa.text("place <> 'other'"),
        ),
    )

    organization_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int | None] = mapped_column(index=True)
    place: Mapped[ContactPlace]
    name: Mapped[str] = mapped_column(sa.String(200))
    sort_key: Mapped[str] = mapped_column(sa.String(200))
    job: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    # Whether this person may promise something in the organization's name; None until somebody asked.
    may_commit: Mapped[bool | None]
    version: Mapped[int] = mapped_column(default=1)


class Conversation(Tenant, Base):
    """A dated talk with an organization, and how firm the relationship was after it."""

    __tablename__ = "partners_conversation"
    __table_args__ = (
        tenant_key(),
        within("organization_id", "partners_organization", "CASCADE"),
        within("contact_id", "partners_contact"),
        within("written_by_id", "coalitions_membership"),
        sa.CheckConstraint("level IS NULL OR (level >= 0 AND level <= 5)", name="level"),
    )

    organization_id: Mapped[int] = mapped_column(index=True)
    contact_id: Mapped[int | None] = mapped_column(index=True)
    # Somebody who is no contact, in words.
    with_whom: Mapped[str] = mapped_column(sa.String(200), default="")
    happened_on: Mapped[date]
    level: Mapped[int | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class Agreement(Tenant, Base):
    """An MOU or another agreement with an organization. Numbered per coalition."""

    __tablename__ = "partners_agreement"
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
        # What runs out is looked for on home and by the daily work.
        sa.Index("ix_partners_agreement_ends", "state", "ends_on"),
    )

    number: Mapped[int]
    organization_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[AgreementKind]
    state: Mapped[AgreementState] = mapped_column(default=AgreementState.DRAFTING)
    title: Mapped[str] = mapped_column(sa.String(200), default="")
    # Who of the coalition looks after it, and leads its renewal.
    owner_id: Mapped[int | None] = mapped_column(index=True)
    signed_on: Mapped[date | None]
    review_on: Mapped[date | None]
    # When to begin on the renewal; without it so many days before the end.
    notice_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    # The end for which an action to renew it was made: one for each.
    renewal_made_for: Mapped[date | None]
    we_promised: Mapped[str] = mapped_column(sa.Text, default="")
    they_promised: Mapped[str] = mapped_column(sa.Text, default="")
    # Who of theirs said, in words, that the organization may be named publicly, when, and since when no more.
    named_by: Mapped[str] = mapped_column(sa.String(200), default="")
    named_on: Mapped[date | None]
    unnamed_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)

    @property
    def may_be_named(self) -> bool:
        return self.named_on is not None and self.unnamed_on is None


class AgreementMove(Tenant, Base):
    """A dated move of an agreement from one state to another; from signed to signed it was renewed."""

    __tablename__ = "partners_agreement_move"
    __table_args__ = (
        within("agreement_id", "partners_agreement", "CASCADE"),
        within("written_by_id", "coalitions_membership"),
    )

    agreement_id: Mapped[int] = mapped_column(index=True)
    # Empty for the first.
    before: Mapped[AgreementState | None] = mapped_column(enum_type(AgreementState, "before"))
    after: Mapped[AgreementState] = mapped_column(enum_type(AgreementState, "after"))
    happened_on: Mapped[date]
    # Until when it was signed then.
    ends_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(index=True)


class Seat(Tenant, Base):
    """An open seat: a sector, maybe in one focus area, where somebody is to be invited."""

    __tablename__ = "partners_seat"
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

    sector: Mapped[str] = mapped_column(sa.String(60))
    # A focus area's key; empty for the sector as a whole.
    area: Mapped[str] = mapped_column(sa.String(60), default="")
    # Whom to ask: an organization of the directory, or in words.
    organization_id: Mapped[int | None] = mapped_column(index=True)
    whom: Mapped[str] = mapped_column(sa.String(200), default="")
    inviter_id: Mapped[int | None] = mapped_column(index=True)
    ask_by: Mapped[date | None]
    # When the seat was taken, or the search given up; by which organization, and what else came of it.
    closed_on: Mapped[date | None]
    outcome: Mapped[SeatOutcome | None]
    taken_by_id: Mapped[int | None] = mapped_column(index=True)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class Affiliation(Tenant, Base):
    """Where a person comes from: an organization, or without one the sector *residents* or *other*."""

    __tablename__ = "partners_affiliation"
    __table_args__ = (
        within("membership_id", "coalitions_membership", "CASCADE"),
        within("organization_id", "partners_organization"),
        sa.UniqueConstraint("membership_id"),
        sa.CheckConstraint("(organization_id IS NULL) <> (sector IS NULL)", name="organization_or_sector"),
    )

    membership_id: Mapped[int]
    organization_id: Mapped[int | None] = mapped_column(index=True)
    sector: Mapped[str | None] = mapped_column(sa.String(60))
