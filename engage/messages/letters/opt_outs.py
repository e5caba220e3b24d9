"""Handles people who want no letters from a coalition, known by address, by person, or both."""

from collections.abc import Collection

import sqlalchemy as sa
from flask import current_app, url_for
from msgspec import Struct

from engage import clock, tokens
from engage.accounts.service import folded_email
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.queries import active
from engage.extensions import db
from engage.messages.letters.models import LetterOptOut
from engage.web import links

PURPOSE = "letters"


def hash_of(address: str) -> str:
    return tokens.hashed(f"{PURPOSE}|{folded_email(address)}")


class Stopped(Struct, frozen=True):
    """The addresses and people of a coalition that want no letters."""

    hashes: Collection[str]
    people: Collection[int]

    def holds(self, address: str, membership_id: int | None) -> bool:
        return membership_id in self.people or (bool(address) and hash_of(address) in self.hashes)


def stopped(coalition_id: int) -> Stopped:
    rows = sa.select(LetterOptOut.address_key, LetterOptOut.membership_id).where(
        LetterOptOut.coalition_id == coalition_id, LetterOptOut.stopped_at.is_not(None)
    )
    found = db.session.execute(rows).all()
    return Stopped(
        {row.address_key for row in found}, {row.membership_id for row in found if row.membership_id}
    )


def by_token(token: str) -> LetterOptOut | None:
    """Returns the row behind this link, whether letters are stopped or not."""
    return db.session.scalar(sa.select(LetterOptOut).where(LetterOptOut.token_hash == tokens.hashed(token)))


def coalition_name(opt_out: LetterOptOut) -> str:
    return db.session.get_one(Coalition, opt_out.coalition_id).name


class CoalitionOptOut(Struct, frozen=True):
    """A coalition of an account, and whether its letters are allowed."""

    membership_id: int
    name: str
    is_stopped: bool


def choices_of(user_id: int, address: str) -> list[CoalitionOptOut]:
    """Returns the account's coalitions by name, in one query."""
    wished = sa.exists().where(
        LetterOptOut.coalition_id == Membership.coalition_id,
        LetterOptOut.stopped_at.is_not(None),
        sa.or_(LetterOptOut.membership_id == Membership.id, LetterOptOut.address_key == hash_of(address)),
    )
    rows = (
        sa.select(Membership.id.label("membership_id"), Coalition.name, wished.label("is_stopped"))
        .join(Membership.coalition)
        .where(Membership.user_id == user_id, *active())
        .order_by(Coalition.name, Coalition.id)
    )
    return [CoalitionOptOut(**row._mapping) for row in db.session.execute(rows)]


# -- writes


def address_to_stop(coalition_id: int, address: str, membership_id: int | None) -> str:
    """Returns the URL of this address's stop link, which is made with the first letter."""
    opt_out = _opt_out(coalition_id, address, membership_id)
    token = tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, opt_out.nonce)
    # The stored token is outdated if the installation's key changed, or the row was imported.
    if opt_out.token_hash != tokens.hashed(token):
        opt_out.token_hash = tokens.hashed(token)
    return links.external(url_for("my_messages.unsubscribe", token=token))


def _opt_out(coalition_id: int, address: str, membership_id: int | None) -> LetterOptOut:
    opt_out = db.session.scalar(
        sa.select(LetterOptOut).where(
            LetterOptOut.coalition_id == coalition_id, LetterOptOut.address_key == hash_of(address)
        )
    )
    if opt_out is None:
        nonce = tokens.new_token()
        token = tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, nonce)
        opt_out = LetterOptOut(
            coalition_id=coalition_id,
            address_key=hash_of(address),
            membership_id=membership_id,
            nonce=nonce,
            token_hash=tokens.hashed(token),
        )
        db.session.add(opt_out)
    elif membership_id is not None and opt_out.membership_id is None:
        opt_out.membership_id = membership_id
    return opt_out


def stop(opt_out: LetterOptOut) -> None:
    """Stops the letters; doing so again changes nothing."""
    opt_out.stopped_at = opt_out.stopped_at or clock.now()


def want_again(opt_out: LetterOptOut) -> None:
    """Allows letters again, however they were stopped."""
    same = [LetterOptOut.address_key == opt_out.address_key]
    if opt_out.membership_id is not None:
        same.append(LetterOptOut.membership_id == opt_out.membership_id)
    _want(opt_out.coalition_id, *same)


def stop_for(place: Membership, address: str) -> None:
    """Stops the letters of one of the person's own coalitions."""
    opt_out = _opt_out(place.coalition_id, address, place.id)
    opt_out.membership_id = place.id
    stop(opt_out)


def want_again_for(place: Membership, address: str) -> None:
    _want(
        place.coalition_id,
        LetterOptOut.membership_id == place.id,
        LetterOptOut.address_key == hash_of(address),
    )


def _want(coalition_id: int, *same: sa.ColumnElement[bool]) -> None:
    rows = sa.update(LetterOptOut).where(LetterOptOut.coalition_id == coalition_id, sa.or_(*same))
    db.session.execute(rows.values(stopped_at=None))
