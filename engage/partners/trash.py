"""Registers organizations, contacts, services, conversations and agreements with the trash."""

import sqlalchemy as sa
from flask import url_for

from engage.coalitions.permissions import Permission
from engage.coalitions.trash import kinds
from engage.coalitions.trash.kinds import Kind, Numbered, Return, Row
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.partners.agreements import service as agreements_service
from engage.partners.agreements.models import Agreement
from engage.partners.conversations.service import follow_level
from engage.partners.models import Contact, Conversation, Organization, Service
from engage.partners.organizations.service import refresh_search
from engage.partners.rules import ContactPlace

ORGANIZATIONS, CONTACTS, CONVERSATIONS, AGREEMENTS, SERVICES = (
    model.__tablename__ for model in (Organization, Contact, Conversation, Agreement, Service)
)


def _refresh_search(returning: Return) -> None:
    new_id = returning.ids[ORGANIZATIONS][returning.copy.thing_id]
    refresh_search(returning.coalition_id, new_id)


def _find_place(returning: Return) -> None:
    """Makes a restored contact an ordinary one if someone else is main or alternate now."""
    head = returning.head
    if head["place"] is ContactPlace.OTHER:
        return
    old = head["organization_id"]
    held = sa.exists().where(
        Contact.coalition_id == returning.coalition_id,
        Contact.organization_id == (kinds.merged_into(ORGANIZATIONS, returning.membership, old) or old),
        Contact.place == head["place"],
    )
    if db.session.scalar(sa.select(held)):
        head["place"] = ContactPlace.OTHER
        returning.note(
            _(
                "Someone else is now the main or alternate contact, so this person is listed as "
                "another contact."
            )
        )


def _follow_level(returning: Return) -> None:
    organization = db.session.get_one(Organization, returning.head["organization_id"])
    follow_level(returning.membership, organization)


def _organization_page(row: Row, part: str) -> str:
    return url_for("partners.organization", organization_id=row["organization_id"], _anchor=part)


kinds.register(
    Kind(
        table=ORGANIZATIONS,
        word=_l("Organization"),
        back=lambda row: _("%(name)s is back.", name=row["name"]),
        address=lambda row: url_for("partners.organization", organization_id=row["id"]),
        permission=Permission.WORK,
        title="name",
        parts=(ORGANIZATIONS, CONTACTS, SERVICES),
        counted={
            CONTACTS: lambda n: ngettext("%(num)s contact", "%(num)s contacts", n),
            SERVICES: lambda n: ngettext("%(num)s service", "%(num)s services", n),
        },
        refused=_l("Another organization has this name now. Rename that one, then restore this."),
        settle=_refresh_search,
    ),
    Kind(
        table=CONTACTS,
        word=_l("Contact"),
        back=lambda row: _("%(name)s is back.", name=row["name"]),
        address=lambda row: _organization_page(row, "partners-contacts"),
        permission=Permission.WORK,
        title="name",
        lets_go=frozenset({(CONVERSATIONS, "contact_id")}),
        refused=_l("Someone else is now that contact. Change them to another contact, then restore this."),
        prepare=_find_place,
    ),
    Kind(
        table=SERVICES,
        word=_l("Service"),
        back=lambda row: _("“%(name)s” is back.", name=row["title"]),
        address=lambda row: url_for("partners.service", service_id=row["id"]),
        permission=Permission.WORK,
    ),
    Kind(
        table=CONVERSATIONS,
        word=_l("Conversation"),
        back=lambda _row: _("The conversation is back."),
        address=lambda row: _organization_page(row, "partners-conversations"),
        permission=Permission.WORK,
        title="note",
        settle=_follow_level,
    ),
    Kind(
        table=AGREEMENTS,
        word=_l("Agreement"),
        back=lambda row: _("Agreement %(number)s is back.", number=row["number"]),
        address=lambda row: url_for("partners.agreement", number=row["number"]),
        permission=Permission.EDIT_AGREEMENTS,
        number=Numbered(
            table=AGREEMENTS,
            free=agreements_service.free_number,
            taken=_l("Number %(old)s is taken, so this is now agreement %(new)s."),
            key=agreements_service.NUMBERS,
        ),
        led_by={AGREEMENTS: "owner_id"},
    ),
)
