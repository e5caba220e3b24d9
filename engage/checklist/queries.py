"""Reads the Tips for Success, within one coalition. An item that no one has changed has no row."""

from collections.abc import Callable
from datetime import date, datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.checklist.models import Item
from engage.checklist.rules import ItemState
from engage.coalitions.models import Coalition, Membership
from engage.content.loader import content
from engage.content.model import TipItem
from engage.database import SelectedRow, along
from engage.extensions import db
from engage.history import HistoryEntry, given_since

# Items in these states still have to be done.
OPEN = (ItemState.NOT_YET, ItemState.IN_PROGRESS)


class HeldItem(Struct, frozen=True):
    """An open item with the fields that its owner's list shows."""

    id: int
    key: str
    text: str
    state: ItemState
    due_on: date | None


class ItemChange(Struct, frozen=True):
    """A line of an item's history; old and new values are as the history stores them."""

    happened_at: datetime
    actor: str | None
    field: str
    old: str | None
    new: str | None


_owner, _mover = aliased(Membership), aliased(Membership)
# The statement is built once, because every tick runs it, and building it costs as much as running it.
_STANDINGS = (
    sa.select(
        Item.key,
        Item.id,
        Item.state,
        Item.note,
        _owner.name.label("owner"),
        Item.due_on,
        Item.proof,
        Item.changed_at.label("moved_at"),
        _mover.name.label("moved_by"),
    )
    .outerjoin(_owner, along(Item.owner_id, _owner))
    .outerjoin(_mover, along(Item.changed_by_id, _mover))
    .where(Item.coalition_id == sa.bindparam("coalition_id"))
)


def standings(membership: Membership) -> dict[str, SelectedRow]:
    """Returns every item of the coalition that has a row, with the names of people, by its key."""
    rows = db.session.execute(_STANDINGS, {"coalition_id": membership.coalition_id})
    return {row.key: row for row in rows}


def item_of(membership: Membership, key: str) -> Item | None:
    """Returns this coalition's row of the item; None if no one has changed the item."""
    return db.session.scalar(
        sa.select(Item).where(Item.coalition_id == membership.coalition_id, Item.key == key)
    )


def shown_to(coalition: Coalition) -> Callable[[TipItem], bool]:
    """Returns the rule that decides which items are for a coalition of this stage and structure."""
    return lambda item: item.fits(coalition.stage, coalition.structure)


def states_of(membership: Membership) -> list[ItemState]:
    """Returns the states of the items that apply to the coalition's stage, in one query."""
    rows = sa.select(Item.key, Item.state).where(Item.coalition_id == membership.coalition_id)
    states = {row.key: row.state for row in db.session.execute(rows)}
    fits = shown_to(membership.coalition)
    return [
        states.get(item.key, ItemState.NOT_YET) for tip in content().tips for item in tip.items if fits(item)
    ]


# The statement is built once, because Home runs it.
_HELD = (
    sa.select(Item.id, Item.key, Item.state, Item.due_on)
    .where(
        Item.coalition_id == sa.bindparam("coalition_id"),
        Item.owner_id == sa.bindparam("me"),
        Item.state.in_(OPEN),
    )
    .order_by(Item.due_on.is_(None), Item.due_on, Item.id)
)


def items_held_by(membership: Membership) -> list[HeldItem]:
    """Returns the open items that this person owns, in any stage of the coalition, by due date; undated ones last."""
    texts = _texts()
    asked = {"coalition_id": membership.coalition_id, "me": membership.id}
    return [
        HeldItem(row.id, row.key, texts[row.key], row.state, row.due_on)
        for row in db.session.execute(_HELD, asked)
        if row.key in texts
    ]


def items_waiting_for(membership: Membership) -> list[HeldItem]:
    """Returns the items that Home lists for this person: open ones that they own and that fit the coalition's stage."""
    fits, known = shown_to(membership.coalition), content()
    return [held for held in items_held_by(membership) if fits(known.tip_item(held.key))]


def items_waiting_for_everybody(membership: Membership) -> dict[int, list[HeldItem]]:
    """Returns the open items of every person, by owner, then by due date; undated ones last."""
    rows = (
        sa.select(Item.owner_id, Item.id, Item.key, Item.state, Item.due_on)
        .where(Item.coalition_id == membership.coalition_id, Item.owner_id.is_not(None), Item.state.in_(OPEN))
        .order_by(Item.due_on.is_(None), Item.due_on, Item.id)
    )
    fits, known, texts = shown_to(membership.coalition), content(), _texts()
    found: dict[int, list[HeldItem]] = {}
    for row in db.session.execute(rows):
        if row.key in texts and fits(known.tip_item(row.key)):
            held = HeldItem(row.id, row.key, texts[row.key], row.state, row.due_on)
            found.setdefault(row.owner_id, []).append(held)
    return found


def newly_held(membership: Membership, since: datetime) -> set[str]:
    """Returns the keys of the open items of this person that someone else assigned to them after this time."""
    rows = sa.select(Item.key).where(
        Item.coalition_id == membership.coalition_id,
        Item.owner_id == membership.id,
        Item.state.in_(OPEN),
        Item.id.in_(given_since(membership.coalition_id, membership.id, since, Item, "owner_id")),
    )
    return set(db.session.scalars(rows))


def changes_of(item: Item, most: int = 50) -> list[ItemChange]:
    """Returns the newest lines of an item's history, within the item's coalition."""
    rows = (
        sa.select(
            HistoryEntry.happened_at,
            Membership.name.label("actor"),
            HistoryEntry.field,
            HistoryEntry.old,
            HistoryEntry.new,
        )
        .outerjoin(Membership, along(HistoryEntry.actor_id, Membership))
        .where(
            HistoryEntry.coalition_id == item.coalition_id,
            HistoryEntry.thing == Item.__tablename__,
            HistoryEntry.thing_id == item.id,
        )
        .order_by(HistoryEntry.id.desc())
        .limit(most)
    )
    return [ItemChange(**row._mapping) for row in db.session.execute(rows)]


def _texts() -> dict[str, str]:
    """Returns the texts of items by key; keys that the content no longer has are left out everywhere."""
    return {item.key: item.text for tip in content().tips for item in tip.items}
