"""Decides whose address and phone number a reader sees. No other module decides this."""

from collections.abc import Collection

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import joinedload

from engage.coalitions.models import Membership
from engage.coalitions.queries import active
from engage.coalitions.rules import Role, sees_email
from engage.extensions import db


class Reached(Struct, frozen=True):
    """A person with the contact data that the reader may see; a field is empty if it is hidden or not known."""

    id: int
    name: str
    email: str
    phone: str


def reached(membership: Membership, people: Collection[int] | None = None) -> list[Reached]:
    """Returns the active people of the coalition, by name, with what this membership may see, in one query.

    `people` are the ids of memberships to return; None returns everyone, also those without an account.
    """
    rows = (
        sa.select(Membership)
        .options(joinedload(Membership.user))
        .where(Membership.coalition_id == membership.coalition_id, *active())
        .order_by(Membership.sort_key, Membership.id)
    )
    # The ids are compared here, because an IN would have thousands of numbers.
    return [
        Reached(person.id, person.name, email_of(person, membership.role), phone_of(person, membership.role))
        for person in db.session.scalars(rows)
        if people is None or person.id in people
    ]


def email_of(person: Membership, reader: Role) -> str:
    """Returns the person's address if a reader with this role may see it, else ""."""
    seen = sees_email(
        reader,
        has_account=person.user_id is not None,
        shows_email=person.shows_email,
        has_understood=person.understood_at is not None,
        state=person.state,
    )
    if not seen:
        return ""
    return person.user.email if person.user else person.email


def phone_of(person: Membership, reader: Role) -> str:
    """Returns the phone number if a reader with this role may see it, else "".

    Everyone sees it if the person shows it. Of a person without an account, a coordinator entered it, and sees it.
    """
    seen = person.shows_phone or (reader is Role.COORDINATOR and person.user_id is None)
    return person.phone if seen and person.left_on is None else ""


def must_be_told(person: Membership) -> bool:
    """Returns whether the person must still be notified that coordinators see their address."""
    return person.understood_at is None and not person.shows_email
