"""Reads of coalitions, owner first."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role
from engage.extensions import db


def active() -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions under which a membership gives access."""
    return (
        Membership.approved_at.is_not(None),
        Membership.disabled_at.is_(None),
        Membership.left_on.is_(None),
    )


def memberships_of(user_id: int) -> list[Membership]:
    """Every coalition this person may open now, by name, each membership with its coalition."""
    rows = (
        sa.select(Membership)
        .join(Membership.coalition)
        .options(joinedload(Membership.coalition))
        .where(Membership.user_id == user_id, *active())
        .order_by(Coalition.name, Coalition.id)
    )
    return list(db.session.scalars(rows))


def places_of(user_id: int) -> list[Membership]:
    """Every place this person has or had, by coalition, whatever its state."""
    rows = (
        sa.select(Membership)
        .join(Membership.coalition)
        .options(joinedload(Membership.coalition))
        .where(Membership.user_id == user_id)
        .order_by(Coalition.name, Coalition.id)
    )
    return list(db.session.scalars(rows))


def coalition_by_slug(slug: str) -> Coalition | None:
    """For the command line only: pages load a coalition through a membership."""
    return db.session.scalar(sa.select(Coalition).where(Coalition.slug == slug))


def slug_is_taken(slug: str) -> bool:
    """Whether a coalition with this address exists."""
    return coalition_by_slug(slug) is not None


def first_coordinated(user_id: int) -> Membership | None:
    """This person's place in a coalition that they coordinate, the oldest."""
    places = (place for place in memberships_of(user_id) if place.role is Role.COORDINATOR)
    return min(places, key=lambda place: place.id, default=None)


def active_people(coalition_id: int) -> list[Membership]:
    """Everybody who takes part, with or without an account, by name."""
    rows = (
        sa.select(Membership)
        .where(Membership.coalition_id == coalition_id, *active())
        .order_by(Membership.sort_key, Membership.id)
    )
    return list(db.session.scalars(rows))


def people_choices(membership: Membership) -> list[tuple[int, str]]:
    """The active people as (id, name), also those without an account: who may own something."""
    rows = (
        sa.select(Membership.id, Membership.name)
        .where(Membership.coalition_id == membership.coalition_id, *active())
        .order_by(Membership.sort_key, Membership.id)
    )
    return [(row.id, row.name) for row in db.session.execute(rows)]
