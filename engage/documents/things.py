"""Finds what a document is for: an agreement, an organization, a meeting, an item of a tip, an action."""

from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from engage.checklist.models import Item
from engage.checklist.service import item_for
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.database import Selection, along
from engage.documents.models import DocumentUse
from engage.documents.rules import Thing
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.numbers import whole_number
from engage.partners.agreements import words as agreements_words
from engage.partners.agreements.models import Agreement
from engage.partners.models import Organization
from engage.plan.models import Action


class Named(NamedTuple):
    """A thing with its name and its page."""

    label: str
    url: str


class Target(NamedTuple):
    """The thing for which a page was opened; `key` is an item's key from the content, else a row's id."""

    thing: Thing
    key: str
    label: str
    url: str

    @property
    def text(self) -> str:
        """Returns the target in the form of an address."""
        return f"{self.thing.value}:{self.key}"


def target_of(membership: Membership, text: str) -> Target | None:
    """Returns the thing that an address such as `?for=agreement:4` means, if it exists."""
    kind, _colon, key = text.partition(":")
    if kind not in set(Thing):
        return None
    thing = Thing(kind)
    if thing is Thing.ITEM:
        named = _item(key)
    else:
        number = whole_number(key, least=1)
        named = names_of(membership, thing, [number]).get(number) if number is not None else None
    return None if named is None else Target(thing, key, *named)


def row_id(membership: Membership, target: Target) -> int:
    """Returns the id of the target's row; an item without a row gets one now."""
    return item_for(membership, target.key).id if target.thing is Thing.ITEM else int(target.key)


def for_it(membership: Membership, thing: Thing, key: sa.BindParameter[Any]) -> sa.ColumnElement[bool]:
    """Selects the uses of one thing; `key` is an item's key, else a row's id."""
    here = DocumentUse.coalition_id == membership.coalition_id
    if thing is Thing.ITEM:
        item = sa.select(Item.id).where(Item.coalition_id == membership.coalition_id, Item.key == key)
        return sa.and_(here, DocumentUse.item_id == item.scalar_subquery())
    return sa.and_(here, getattr(DocumentUse, thing.column) == key)


class Used(NamedTuple):
    """A thing that a document is for, with the id of its row."""

    thing: Thing
    row_id: int
    label: str
    url: str


def uses_of(membership: Membership, document_id: int) -> list[Used]:
    """Returns the things that a document is for, in at most six queries."""
    columns = [getattr(DocumentUse, thing.column) for thing in Thing]
    rows = sa.select(*columns).where(
        DocumentUse.coalition_id == membership.coalition_id, DocumentUse.document_id == document_id
    )
    found: dict[Thing, set[int]] = {thing: set() for thing in Thing}
    for row in db.session.execute(rows):
        for thing, value in zip(Thing, row, strict=True):
            if value is not None:
                found[thing].add(value)
    return [
        Used(thing, key, *named)
        for thing, ids in found.items()
        if ids
        for key, named in sorted(names_of(membership, thing, ids).items(), key=lambda each: each[1].label)
    ]


def names_of(membership: Membership, thing: Thing, ids: Collection[int]) -> dict[int, Named]:
    """Returns the coalition's things of one kind by id, in one query."""
    match thing:
        case Thing.AGREEMENT:
            agreements = (
                sa.select(Agreement.id, Agreement.number, Agreement.kind, Agreement.title, Organization.name)
                .join(Organization, along(Agreement.organization_id, Organization))
                .where(*_here(membership, Agreement, ids))
            )
            return {
                key: Named(
                    agreements_words.name_of(kind, title, name), url_for("partners.agreement", number=number)
                )
                for key, number, kind, title, name in db.session.execute(agreements)
            }
        case Thing.ORGANIZATION:
            return {
                row.id: Named(row.name, url_for("partners.organization", organization_id=row.id))
                for row in db.session.scalars(_rows(membership, Organization, ids))
            }
        case Thing.MEETING:
            return {
                row.id: Named(row.title, url_for("meetings.meeting", meeting_id=row.id))
                for row in db.session.scalars(_rows(membership, Meeting, ids))
            }
        case Thing.ITEM:
            items = db.session.scalars(_rows(membership, Item, ids))
            return {row.id: named for row in items if (named := _item(row.key)) is not None}
        case Thing.ACTION:
            return {
                row.id: Named(
                    _("Action %(number)s: %(title)s", number=row.number, title=row.title),
                    url_for("plan.action", number=row.number),
                )
                for row in db.session.scalars(_rows(membership, Action, ids))
            }


def _rows(membership: Membership, model: Any, ids: Collection[int]) -> Selection:
    return sa.select(model).where(*_here(membership, model, ids))


def _here(membership: Membership, model: Any, ids: Collection[int]) -> tuple[sa.ColumnElement[bool], ...]:
    return model.coalition_id == membership.coalition_id, model.id.in_(ids)


def _item(key: str) -> Named | None:
    """Returns an item of the Tips for Success; None for one that the content no longer has."""
    try:
        found = content().tip_item(key)
    except KeyError:
        return None
    return Named(found.text, url_for("checklist.item", key=key))
