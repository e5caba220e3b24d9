"""Writes the Tips for Success: ticks, details of items, and handing items over to another person."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.checklist.models import Item
from engage.checklist.queries import OPEN
from engage.checklist.rules import ItemState, NotForUsIsNotTicked, before_done, ticked
from engage.coalitions.models import Membership
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.versions import claim_version


class Details(Struct, frozen=True):
    """What a person entered and chose on an item's page."""

    state: ItemState
    owner_id: int | None
    due_on: date | None
    proof: str
    note: str


# The statement is built once, because every tick runs it.
_HELD = (
    sa.select(Item)
    .where(Item.coalition_id == sa.bindparam("coalition_id"), Item.key == sa.bindparam("key"))
    .with_for_update()
    .execution_options(populate_existing=True)
)


def item_for(membership: Membership, key: str) -> Item:
    """Returns the coalition's row of this item, locked until the commit; it is made if needed.

    `key` must be the key of an item in the content.
    """
    asked = {"coalition_id": membership.coalition_id, "key": key}
    item = db.session.scalar(_HELD, asked)
    if item is None:
        item = Item(
            coalition_id=membership.coalition_id,
            key=key,
            state=ItemState.NOT_YET,
            state_before=ItemState.NOT_YET,
            changed_at=clock.now(),
            changed_by_id=membership.id,
        )
        try:
            with db.session.begin_nested():
                db.session.add(item)
        except IntegrityError:
            # Someone else made the row at the same moment, so that row is used.
            item = db.session.scalars(_HELD, asked).one()
    return item


def tick(membership: Membership, key: str, wanted: bool | None = None) -> Item:
    """Ticks an item: done, or back to its earlier state.

    `wanted` is the state that the page offered (True: done), so that two people who both tick the item get
    what they meant. Raises WrongState for an item that is not for us.
    """
    item = item_for(membership, key)
    if wanted is None or wanted is not (item.state is ItemState.DONE):
        try:
            state = ticked(item.state, item.state_before)
        except NotForUsIsNotTicked:
            raise WrongState(
                _("This item is marked “Does not apply to us”. Choose another status on its page first.")
            ) from None
        item.version += 1  # the row is locked, so no one else has changed it since
        _move(membership, item, state)
    return item


def save_details(membership: Membership, key: str, version: int, details: Details) -> Item:
    """Saves an item's details. Raises StaleVersion if someone else changed the item after the page was opened."""
    item = item_for(membership, key)
    claim_version(item, version)
    if item.state is not details.state:
        _move(membership, item, details.state)
    values = {name: getattr(details, name) for name in ("owner_id", "due_on", "proof", "note")}
    history.set_fields(membership, item, values, kept=("owner_id", "due_on"))
    return item


def hand_over(from_: Membership, to: Membership, actor: Membership, only: Collection[int]) -> int:
    """Gives those of the items `only` that are open and this person's to another; returns how many there were."""
    if to.coalition_id != from_.coalition_id:
        raise ValueError("items stay inside their coalition")
    held = (
        sa.select(Item)
        .where(
            Item.coalition_id == from_.coalition_id,
            Item.owner_id == from_.id,
            Item.state.in_(OPEN),
        )
        .with_for_update()
    )
    items = [each for each in db.session.scalars(held) if each.id in only]
    for item in items:
        claim_version(item, item.version)
        history.note(actor, item, "owner_id", item.owner_id, to.id)
        item.owner_id = to.id
    return len(items)


def _move(membership: Membership, item: Item, state: ItemState) -> None:
    history.note(membership, item, "state", item.state, state)
    item.state_before = before_done(item.state, state, item.state_before) or ItemState.NOT_YET
    item.state = state
    item.changed_at = clock.now()
    item.changed_by_id = membership.id
