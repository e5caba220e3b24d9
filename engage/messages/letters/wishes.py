"""Handles who wants no letters from a coalition, known by address, by person, or both."""

from collections.abc import Collection

import sqlalchemy as sa
from flask import current_app, url_for
from msgspec import Struct

from engage import clock, tokens
from engage.accounts.service import folded_email
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.queries import active
from engage.extensions import db
from engage.messages.letters.models import LetterWish
from engage.web import links

PURPOSE = "letters"


def hash_of(address: str) -> str:
    return tokens.hashed(f"{PURPOSE}|{folded_email(address)}")


class Stopped(Struct, frozen=True):
    """The people of a coalition who want no letters."""

    hashes: Collection[str]
    people: Collection[int]

    def holds(self, address: str, membership_id: int | None) -> bool:
        return membership_id in self.people or (bool(address) and hash_of(address) in self.hashes)


def stopped(coalition_id: int) -> Stopped:
    rows = sa.select(LetterWish.address_key, LetterWish.membership_id).where(
        LetterWish.coalition_id == coalition_id, LetterWish.stopped_at.is_not(None)
    )
    found = db.session.execute(rows).all()
    return Stopped(
        {row.address_key for row in found}, {row.membership_id for row in found if row.membership_id}
    )


def by_token(token: str) -> LetterWish | None:
    """Returns the wish behind this link, whether or not letters still come."""
    return db.session.scalar(sa.select(LetterWish).where(LetterWish.token_hash == tokens.hashed(token)))


def coalition_name(wish: LetterWish) -> str:
    return db.session.get_one(Coalition, wish.coalition_id).name


class Place(Struct, frozen=True):
    """A coalition of an account, and whether its letters come."""

    membership_id: int
    name: str
    is_stopped: bool


def places_of(user_id: int, address: str) -> list[Place]:
    """Returns the account's coalitions by name, in one query."""
    wished = sa.exists().where(
        LetterWish.coalition_id == Membership.coalition_id,
        LetterWish.stopped_at.is_not(None),
        sa.or_(LetterWish.membership_id == Membership.id, LetterWish.address_key == hash_of(address)),
    )
    rows = (
        sa.select(Membership.id, Coalition.name, wished)
        .join(Membership.coalition)
        .where(Membership.user_id == user_id, *active())
        .order_by(Coalition.name, Coalition.id)
    )
    return [Place(*row) for row in db.session.execute(rows)]


# -- writes


def address_to_stop(coalition_id: int, address: str, membership_id: int | None) -> str:
    """Returns the full address of this person's link, which is made when they get their first letter."""
    wish = _wish(coalition_id, address, membership_id)
    token = tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, wish.nonce)
    # The installation's key may have changed, or the row may come from another installation.
    if wish.token_hash != tokens.hashed(token):
        wish.token_hash = tokens.hashed(token)
    return links.external(url_for("my_messages.unsubscribe", token=token))


def _wish(coalition_id: int, address: str, membership_id: int | None) -> LetterWish:
    wish = db.session.scalar(
        sa.select(LetterWish).where(
            LetterWish.coalition_id == coalition_id, LetterWish.address_key == hash_of(address)
        )
    )
    if wish is None:
        nonce = tokens.new_token()
        token = tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, nonce)
        wish = LetterWish(
            coalition_id=coalition_id,
            address_key=hash_of(address),
            membership_id=membership_id,
            nonce=nonce,
            token_hash=tokens.hashed(token),
        )
        db.session.add(wish)
    elif membership_id is not None and wish.membership_id is None:
        wish.membership_id = membership_id
    return wish


def stop(wish: LetterWish) -> None:
    """Ends the letters; doing so again changes nothing."""
    wish.stopped_at = wish.stopped_at or clock.now()


def want_again(wish: LetterWish) -> None:
    """Allows letters again, however they were stopped."""
    same = [LetterWish.address_key == wish.address_key]
    if wish.membership_id is not None:
        same.append(LetterWish.membership_id == wish.membership_id)
    _want(wish.coalition_id, *same)


def stop_for(place: Membership, address: str) -> None:
    """Ends the letters of one of the person's own coalitions."""
    wish = _wish(place.coalition_id, address, place.id)
    wish.membership_id = place.id
    stop(wish)


def want_again_for(place: Membership, address: str) -> None:
    _want(
        place.coalition_id,
        LetterWish.membership_id == place.id,
        LetterWish.address_key == hash_of(address),
    )


def _want(coalition_id: int, *same: sa.ColumnElement[bool]) -> None:
    rows = sa.update(LetterWish).where(LetterWish.coalition_id == coalition_id, sa.or_(*same))
    db.session.execute(rows.values(stopped_at=None))
