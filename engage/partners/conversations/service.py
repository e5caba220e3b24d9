"""Reads and writes conversations with an organization, and the relationship's level after each."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa

from engage import clock, history, versions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.labels import level_words
from engage.partners.models import Contact, Conversation, Organization
from engage.snapshots import Snapshot

TABLE = Conversation.__tablename__
_LATEST = (Conversation.happened_on.desc(), Conversation.id.desc())


class ConversationLine(NamedTuple):
    """A conversation in a list; `whom` is the contact's name, or the words for a person who is not a contact."""

    id: int
    happened_on: date
    whom: str
    level: int | None
    note: str
    written_by_id: int | None
    writer: str | None

    @property
    def level_words(self) -> str:
        return level_words(self.level)


class LevelSince(NamedTuple):
    """A level of the relationship, and the day of the first conversation that gave it."""

    level: int
    since: date


# -- reading


def count_of(organization: Organization) -> int:
    return db.session.scalar(sa.select(sa.func.count(Conversation.id)).where(*_with(organization))) or 0


def conversations_with(organization: Organization, *, most: int, skip: int = 0) -> list[ConversationLine]:
    """Returns the conversations, latest first."""
    whom = sa.func.coalesce(Contact.name, Conversation.with_whom)
    rows = (
        sa.select(
            Conversation.id,
            Conversation.happened_on,
            whom.label("whom"),
            Conversation.level,
            Conversation.note,
            Conversation.written_by_id,
            Membership.name.label("writer"),
        )
        .outerjoin(Contact, along(Conversation.contact_id, Contact))
        .outerjoin(Membership, along(Conversation.written_by_id, Membership))
        .where(*_with(organization))
        .order_by(*_LATEST)
        .limit(most)
        .offset(skip)
    )
    return [ConversationLine(**row._mapping) for row in db.session.execute(rows)]


def conversation_of(membership: Membership, conversation_id: int) -> Conversation | None:
    """Returns one of the coalition's conversations."""
    return db.session.scalar(
        sa.select(Conversation).where(
            Conversation.coalition_id == membership.coalition_id, Conversation.id == conversation_id
        )
    )


def levels_of(organization: Organization) -> list[LevelSince]:
    """Returns how the level changed, latest first; a repeated level is listed once, with its first day."""
    rows = (
        sa.select(Conversation.level, Conversation.happened_on)
        .where(*_with(organization), Conversation.level.is_not(None))
        .order_by(Conversation.happened_on, Conversation.id)
    )
    found: list[LevelSince] = []
    for level, day in db.session.execute(rows):
        if level is not None and (not found or found[-1].level != level):
            found.append(LevelSince(level, day))
    return found[::-1]


def may_delete(membership: Membership, conversation: Conversation | ConversationLine) -> bool:
    """Returns whether this person may delete the conversation: members their own, coordinators any."""
    return conversation.written_by_id == membership.id or may(membership.role, Permission.MERGE)


def _with(organization: Organization) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Conversation.coalition_id == organization.coalition_id,
        Conversation.organization_id == organization.id,
    )


# -- writing


def log(membership: Membership, organization: Organization, fields: Mapping[str, object]) -> Conversation:
    """Records a conversation; the newest one sets the relationship's level."""
    conversation = Conversation(
        coalition_id=organization.coalition_id,
        organization_id=organization.id,
        written_at=clock.now(),
        written_by_id=membership.id,
        **fields,
    )
    history.add(membership, conversation)
    follow_level(membership, organization)
    return conversation


def edit(
    membership: Membership,
    organization: Organization,
    conversation: Conversation,
    version: int,
    fields: Mapping[str, object],
) -> None:
    """Edits a conversation. Raises StaleVersion if it was saved in between, and WrongState for someone else's."""
    if conversation.written_by_id != membership.id:
        raise WrongState(_("Only the person who wrote this can change it."))
    versions.change(membership, conversation, version, fields, kept=("happened_on", "level", "contact_id"))
    db.session.flush()
    follow_level(membership, organization)


def delete(membership: Membership, organization: Organization, conversation: Conversation) -> Snapshot:
    """Moves a conversation to the trash. Raises WrongState for someone else's."""
    lock(membership.coalition_id)
    if not may_delete(membership, conversation):
        raise WrongState(_("Only a coordinator can delete what someone else wrote."))
    copy = trash_service.put(membership, conversation)
    follow_level(membership, organization)
    return copy


def follow_level(membership: Membership, organization: Organization) -> None:
    """Sets the organization's level from the newest conversation that has one; None if no conversation has one."""
    newest = (
        sa.select(Conversation.level)
        .where(*_with(organization), Conversation.level.is_not(None))
        .order_by(*_LATEST)
        .limit(1)
    )
    level = db.session.scalar(newest)
    if level != organization.level:
        history.note(membership, organization, "level", old=organization.level, new=level)
        organization.level = level
