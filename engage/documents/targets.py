"""Finds the things that a document is for: agreements, organizations, meetings, actions, items of tips."""

from collections.abc import Collection
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import url_for

from engage.checklist.models import Item
from engage.checklist.service import item_for
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.database import Selection, along
from engage.documents.models import DocumentUse
from engage.documents.rules import TargetKind
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.models import Meeting
from engage.numbers import whole_number
from engage.partners.agreements import labels as agreements_labels
from engage.partners.agreements.models import Agreement
from engage.partners.models import Organization
from engage.plan.models import Action


class NamedTarget(NamedTuple):
    """A thing with its name and its page."""

    label: str
    url: str


class LinkTarget(NamedTuple):
    """The thing for which a page was opened; `key` is an item's key in the content, else a row's id."""

    thing: TargetKind
    key: str
    label: str
    url: str

    @property
    def text(self) -> str:
        """Returns the target as text for the query string."""
        return f"{self.thing.value}:{self.key}"


def target_of(membership: Membership, text: str) -> LinkTarget | None:
    """Returns the thing that a query string such as `?for=agreement:4` names, if it exists."""
    kind, _colon, key = text.partition(":")
    if kind not in set(TargetKind):
        return None
    thing = TargetKind(kind)
    if thing is TargetKind.ITEM:
        named = _item(key)
    else:
        number = whole_number(key, least=1)
        named = names_of(membership, thing, [number]).get(number) if number is not None else None
    return None if named is None else LinkTarget(thing, key, *named)


def row_id(membership: Membership, target: LinkTarget) -> int:
    """Returns the id of the target's row. An item that has no row yet gets one."""
    return item_for(membership, target.key).id if target.thing is TargetKind.ITEM else int(target.key)


def for_it(membership: Membership, thing: TargetKind, key: str | int) -> sa.ColumnElement[bool]:
    """Returns the condition for the uses of one thing; `key` is an item's key, else a row's id."""
    here = DocumentUse.coalition_id == membership.coalition_id
    if thing is TargetKind.ITEM:
        item = sa.select(Item.id).where(Item.coalition_id == membership.coalition_id, Item.key == key)
        return sa.and_(here, DocumentUse.item_id == item.scalar_subquery())
    return sa.and_(here, getattr(DocumentUse, thing.column) == key)


class Used(NamedTuple):
    """A thing that a document is for, with the id of its row."""

    thing: TargetKind
    row_id: int
    label: str
    url: str


def uses_of(membership: Membership, document_id: int) -> list[Used]:
    """Returns the things that a document is for, in at most six queries."""
    columns = [getattr(DocumentUse, thing.column) for thing in TargetKind]
    rows = sa.select(*columns).where(
        DocumentUse.coalition_id == membership.coalition_id, DocumentUse.document_id == document_id
    )
    found: dict[TargetKind, set[int]] = {thing: set() for thing in TargetKind}
    for row in db.session.execute(rows):
        for thing, value in zip(TargetKind, row, strict=True):
            if value is not None:
                found[thing].add(value)
    return [
        Used(thing, key, *named)
        for thing, ids in found.items()
        if ids
        for key, named in sorted(names_of(membership, thing, ids).items(), key=lambda each: each[1].label)
    ]


def names_of(membership: Membership, thing: TargetKind, ids: Collection[int]) -> dict[int, NamedTarget]:
    """Returns the coalition's things of one kind by id, in one query."""
    match thing:
        case TargetKind.AGREEMENT:
            agreements = (
                sa.select(Agreement.id, Agreement.number, Agreement.kind, Agreement.title, Organization.name)
                .join(Organization, along(Agreement.organization_id, Organization))
                .where(*_here(membership, Agreement, ids))
            )
            return {
                key: NamedTarget(
                    agreements_labels.name_of(kind, title, name), url_for("partners.agreement", number=number)
                )
                for key, number, kind, title, name in db.session.execute(agreements)
            }
        case TargetKind.ORGANIZATION:
            return {
                row.id: NamedTarget(row.name, url_for("partners.organization", organization_id=row.id))
                for row in db.session.scalars(_rows(membership, Organization, ids))
            }
        case TargetKind.MEETING:
            return {
                row.id: NamedTarget(row.title, url_for("meetings.meeting", meeting_id=row.id))
                for row in db.session.scalars(_rows(membership, Meeting, ids))
            }
        case TargetKind.ITEM:
            items = db.session.scalars(_rows(membership, Item, ids))
            return {row.id: named for row in items if (named := _item(row.key)) is not None}
        case TargetKind.ACTION:
            return {
                row.id: NamedTarget(
                    _("Action %(number)s: %(title)s", number=row.number, title=row.title),
                    url_for("plan.action", number=row.number),
                )
                for row in db.session.scalars(_rows(membership, Action, ids))
            }


def _rows(membership: Membership, model: Any, ids: Collection[int]) -> Selection:
    return sa.select(model).where(*_here(membership, model, ids))


def _here(membership: Membership, model: Any, ids: Collection[int]) -> tuple[sa.ColumnElement[bool], ...]:
    return model.coalition_id == membership.coalition_id, model.id.in_(ids)


def _item(key: str) -> NamedTarget | None:
    """Returns an item of the Tips for Success; None if the content no longer has it."""
    try:
        found = content().tip_item(key)
    except KeyError:
        return None
    return NamedTarget(found.text, url_for("checklist.item", key=key))
