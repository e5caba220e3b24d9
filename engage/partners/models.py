"""Tables of partners: organizations, and which one a person comes from."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.database import Base, Tenant, tenant_key, unique_while, within
from engage.partners.rules import ContactPlace, Help, TagKind


def _own_sort_key(context: Any) -> str:
    """Returns the sort key of a new organization, from its name; its tags add to it later."""
    return str(context.get_current_parameters()["sort_key"])


class Organization(Tenant, Base):
    """An organization with its one sector (a key of the content). It has no street address."""

    __tablename__ = "partners_organization"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("coalition_id", "sort_key"),
        within("added_by_id", "coalitions_membership"),
        within("verified_by_id", "coalitions_membership"),
        sa.CheckConstraint("name <> ''", name="name"),
        sa.CheckConstraint("level IS NULL OR (level >= 0 AND level <= 5)", name="level"),
        # The directory's pages, by sector or by name, are read from one of these indexes.
        sa.Index("ix_partners_organization_sector_name", "coalition_id", "sector", "sort_key"),
    )

    name: Mapped[str] = mapped_column(sa.String(120))
    sort_key: Mapped[str] = mapped_column(sa.String(120))
    # The search looks through this text: the folded name, services and counties. `refresh_search` updates it.
    search_key: Mapped[str] = mapped_column(sa.Text, default=_own_sort_key)
    sector: Mapped[str] = mapped_column(sa.String(60))
    website: Mapped[str] = mapped_column(sa.String(300), default="")
    # These are the office's own number and mail address, which the public may use.
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    about: Mapped[str] = mapped_column(sa.Text, default="")
    # This says how firm the relationship is, 0 to 5, by the newest conversation; None if no one said so yet.
    level: Mapped[int | None]
    # On this day someone last checked that everything in it is still right.
    verified_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class OrganizationTag(Tenant, Base):
    """One of an organization's several values: a discipline, a focus area, a service, a county..."""

    __tablename__ = "partners_organization_tag"
    __table_args__ = (
        within("organization_id", "partners_organization", "CASCADE"),
        sa.UniqueConstraint("organization_id", "kind", "sort_key"),
        sa.CheckConstraint("value <> ''", name="value"),
        # The directory's filters read only this index.
        sa.Index("ix_partners_organization_tag_found", "coalition_id", "kind", "sort_key", "organization_id"),
    )

    organization_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[TagKind]
    value: Mapped[str] = mapped_column(sa.String(120))
    sort_key: Mapped[str] = mapped_column(sa.String(120))


class Contact(Tenant, Base):
    """A person to call at an organization, who may be one of the coalition's members."""

    __tablename__ = "partners_contact"
    __table_args__ = (
        tenant_key(),
        within("organization_id", "partners_organization", "CASCADE"),
        within("membership_id", "coalitions_membership"),
        sa.CheckConstraint("name <> ''", name="name"),
        # There is at most one main and one alternate contact.
        unique_while("place <> 'other'", "uq_partners_contact_place", "organization_id", "place"),
    )

    organization_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int | None] = mapped_column(index=True)
    place: Mapped[ContactPlace]
    name: Mapped[str] = mapped_column(sa.String(200))
    sort_key: Mapped[str] = mapped_column(sa.String(200))
    job: Mapped[str] = mapped_column(sa.String(120), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    # This says whether the person may promise something in the organization's name; None if no one has asked.
    may_commit: Mapped[bool | None]
    version: Mapped[int] = mapped_column(default=1)


class Conversation(Tenant, Base):
    """A dated conversation with an organization, and how firm the relationship was after it."""

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
    # This names a person who is not a contact, in words.
    with_whom: Mapped[str] = mapped_column(sa.String(200), default="")
    happened_on: Mapped[date]
    level: Mapped[int | None]
    note: Mapped[str] = mapped_column(sa.Text, default="")
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class Service(Tenant, Base):
    """An entry of the referral list: one kind of help that an organization gives. It has no field for a location.

    It is on the list from the day on which the organization agreed.
    """

    __tablename__ = "partners_service"
    __table_args__ = (
        tenant_key(),
        within("organization_id", "partners_organization", "CASCADE"),
        within("checked_by_id", "coalitions_membership"),
        within("added_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    organization_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[Help]
    title: Mapped[str] = mapped_column(sa.String(120))
    for_whom: Mapped[str] = mapped_column(sa.String(200), default="")
    ages: Mapped[str] = mapped_column(sa.String(60), default="")
    genders: Mapped[str] = mapped_column(sa.String(60), default="")
    # These are several values separated by commas.
    languages: Mapped[str] = mapped_column(sa.String(300), default="")
    counties: Mapped[str] = mapped_column(sa.String(300), default="")
    hours: Mapped[str] = mapped_column(sa.String(120), default="")
    cost: Mapped[str] = mapped_column(sa.String(120), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    refer: Mapped[str] = mapped_column(sa.Text, default="")
    eligibility: Mapped[str] = mapped_column(sa.Text, default="")
    # This person of the organization, in words, agreed on this day to listing it.
    agreed_on: Mapped[date | None]
    agreed_by: Mapped[str] = mapped_column(sa.String(120), default="")
    checked_on: Mapped[date]
    checked_by_id: Mapped[int | None] = mapped_column(index=True)
    added_by_id: Mapped[int | None] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)


class Affiliation(Tenant, Base):
    """A person's origin: an organization, or, without one, the sector *residents* or *other*."""

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
