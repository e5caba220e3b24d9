"""Reads and writes conversations with an organization, and the relationship's level after each."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from flask_babel import gettext as _

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.history import Value
from engage.kept import KeptCopy
from engage.partners.models import Contact, Conversation, Organization
from engage.versions import claim_version

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
            whom,
            Conversation.level,
            Conversation.note,
            Conversation.written_by_id,
            Membership.name,
        )
        .outerjoin(Contact, along(Conversation.contact_id, Contact))
        .outerjoin(Membership, along(Conversation.written_by_id, Membership))
        .where(*_with(organization))
        .order_by(*_LATEST)
        .limit(most)
        .offset(skip)
    )
    return [ConversationLine(*row) for row in db.session.execute(rows)]


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


def may_delete(membership: Membership, conversation: Conversation) -> bool:
    """Returns whether this person may delete it: members their own, coordinators any."""
    return conversation.written_by_id == membership.id or deletes_all(membership)


def deletes_all(membership: Membership) -> bool:
    return may(membership.role, Permission.MERGE)


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
    db.session.add(conversation)
    db.session.flush()
    _note(membership, conversation, "added")
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
    claim_version(conversation, version)
    for field, value in fields.items():
        old = getattr(conversation, field)
        if old != value:
            values = {"old": old, "new": value} if field in {"happened_on", "level", "contact_id"} else {}
            _note(membership, conversation, field, **values)
            setattr(conversation, field, value)
    db.session.flush()
    follow_level(membership, organization)


def delete(membership: Membership, organization: Organization, conversation: Conversation) -> KeptCopy:
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
        table = Organization.__tablename__
        old = organization.level
        history.record(
            organization.coalition_id, membership.id, table, organization.id, "level", old=old, new=level
        )
        organization.level = level


def _note(actor: Membership, conversation: Conversation, field: str, **values: Value) -> None:
    history.record(conversation.coalition_id, actor.id, TABLE, conversation.id, field, **values)
