"""Tables of partners: organizations, and which one a person comes from."""

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, Search, copies, folded_from, own_data, written
from engage.database import Base, Tenant, tenant_key, unique_while, within
from engage.i18n import lazy_gettext as _l
from engage.partners.rules import ContactPlace, Help, TagKind


def _own_sort_key(context: Any) -> str:
    """Returns the sort key of a new organization, made from its name."""
    return str(context.get_current_parameters()["sort_key"])


class Organization(Tenant, Base):
    """An organization with its one sector (a key of the content). It has no street address."""

    __tablename__ = "partners_organization"
    __label__ = _l("Organization")
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

    name: Mapped[str] = written(_l("Name"), Search.TITLE, longest=120, of="added_by_id verified_by_id")
    sort_key: Mapped[str] = mapped_column(sa.String(120), info=folded_from("name"))
    # The search looks through this text: the folded name, services and counties. `refresh_search` updates it.
    search_key: Mapped[str] = mapped_column(sa.Text, default=_own_sort_key, info=copies(Search.UNSEEN))
    sector: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    website: Mapped[str] = written(_l("Website"), Search.NO, longest=300, address=True, default="")
    # These are the office's own number and mail address, which the public may use.
    phone: Mapped[str] = written(_l("Phone"), Search.NO, longest=40, address=True, default="")
    email: Mapped[str] = written(_l("E-mail address"), Search.NO, longest=254, address=True, default="")
    about: Mapped[str] = written(_l("About it"), Search.EVERYONE, default="")
    # This says how firm the relationship is, 0 to 5, by the newest conversation; None if no one has said so
    # yet.
    level: Mapped[int | None]
    # On this day someone last confirmed that the whole entry is still right.
    verified_on: Mapped[date | None]
    verified_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("organizations_checked", "verified_on")
    )
    created_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("organizations_added", "created_at")
    )
    version: Mapped[int] = mapped_column(default=1)


class OrganizationTag(Tenant, Base):
    """One of an organization's several values: a discipline, a focus area, a service, a county..."""

    __tablename__ = "partners_organization_tag"
    __label__ = _l("Service, county, or language")
    __table_args__ = (
        within("organization_id", "partners_organization", "CASCADE"),
        sa.UniqueConstraint("organization_id", "kind", "sort_key"),
        sa.CheckConstraint("value <> ''", name="value"),
        # The directory's filters read only this index.
        sa.Index("ix_partners_organization_tag_found", "coalition_id", "kind", "sort_key", "organization_id"),
    )

    organization_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[TagKind]
    value: Mapped[str] = written(_l("Text"), Search.NO, longest=120)
    sort_key: Mapped[str] = mapped_column(sa.String(120), info=folded_from("value"))


class Contact(Tenant, Base):
    """A person to call at an organization, who may be one of the coalition's members."""

    __tablename__ = "partners_contact"
    __label__ = _l("Contact")
    __table_args__ = (
        tenant_key(),
        within("organization_id", "partners_organization", "CASCADE"),
        within("membership_id", "coalitions_membership"),
        sa.CheckConstraint("name <> ''", name="name"),
        # There is at most one main and one alternate contact.
        unique_while("place <> 'other'", "uq_partners_contact_place", "organization_id", "place"),
    )

    organization_id: Mapped[int] = mapped_column(index=True)
    membership_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("contact_of", "organization_id place")
    )
    place: Mapped[ContactPlace]
    name: Mapped[str] = written(_l("Name"), Search.TITLE, longest=200, of="membership_id")
    sort_key: Mapped[str] = mapped_column(sa.String(200), info=folded_from("name"))
    job: Mapped[str] = written(_l("Job"), Search.MEMBERS, longest=120, of="membership_id", default="")
    email: Mapped[str] = written(
        _l("E-mail address"), Search.NO, longest=254, of="membership_id", address=True, default=""
    )
    phone: Mapped[str] = written(
        _l("Phone"), Search.NO, longest=40, of="membership_id", address=True, default=""
    )
    # This says whether the person may promise something in the organization's name; None if no one has asked.
    may_commit: Mapped[bool | None]
    version: Mapped[int] = mapped_column(default=1)


class Conversation(Tenant, Base):
    """A dated conversation with an organization, and how firm the relationship was after it."""

    __tablename__ = "partners_conversation"
    __label__ = _l("Conversation")
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
    with_whom: Mapped[str] = written(_l("With"), Search.MEMBERS, longest=200, default="")
    happened_on: Mapped[date]
    level: Mapped[int | None]
    note: Mapped[str] = written(_l("Note"), Search.MEMBERS, of="written_by_id", default="")
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("conversations", "organization_id happened_on level written_at")
    )
    version: Mapped[int] = mapped_column(default=1)


class Service(Tenant, Base):
    """An entry of the referral list: one kind of help that an organization gives. It has no field for a location.

    It is on the list from the day on which the organization agreed.
    """

    __tablename__ = "partners_service"
    __label__ = _l("Service")
    __table_args__ = (
        tenant_key(),
        within("organization_id", "partners_organization", "CASCADE"),
        within("checked_by_id", "coalitions_membership"),
        within("added_by_id", "coalitions_membership"),
        sa.CheckConstraint("title <> ''", name="title"),
    )

    organization_id: Mapped[int] = mapped_column(index=True)
    kind: Mapped[Help]
    title: Mapped[str] = written(_l("What it is"), Search.TITLE, longest=120, of="added_by_id checked_by_id")
    for_whom: Mapped[str] = written(_l("Who it is for"), Search.EVERYONE, longest=200, default="")
    ages: Mapped[str] = written(_l("Ages"), Search.NO, longest=60, default="")
    genders: Mapped[str] = written(_l("Genders"), Search.NO, longest=60, default="")
    # These fields have several values, separated by commas.
    languages: Mapped[str] = written(_l("Languages"), Search.EVERYONE, longest=300, default="")
    counties: Mapped[str] = written(_l("Counties"), Search.EVERYONE, longest=300, default="")
    hours: Mapped[str] = written(_l("Opening hours"), Search.NO, longest=120, default="")
    cost: Mapped[str] = written(_l("Cost"), Search.NO, longest=120, default="")
    phone: Mapped[str] = written(_l("Phone"), Search.NO, longest=40, address=True, default="")
    refer: Mapped[str] = written(_l("How to refer someone"), Search.EVERYONE, default="")
    eligibility: Mapped[str] = written(_l("Who can get it"), Search.EVERYONE, default="")
    # This person at the organization, in words, agreed on this day to listing the service.
    agreed_on: Mapped[date | None]
    agreed_by: Mapped[str] = written(_l("Who agreed"), Search.NO, longest=120, default="")
    checked_on: Mapped[date]
    checked_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("services_checked", "organization_id checked_on")
    )
    added_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("services_added", "organization_id kind")
    )
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

    membership_id: Mapped[int] = mapped_column(info=own_data("comes_from", "organization_id sector"))
    organization_id: Mapped[int | None] = mapped_column(index=True)
    sector: Mapped[str | None] = mapped_column(sa.String(60), info=CODE)
