"""Reads of strengths, owner first."""

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.strengths.models import Strength


def strengths_of_person(giver: Membership) -> list[Strength]:
    """What this person offers, in the order they said it."""
    rows = (
        sa.select(Strength)
        .where(Strength.coalition_id == giver.coalition_id, Strength.giver_id == giver.id)
        .order_by(Strength.id)
    )
    return list(db.session.scalars(rows))


def strength_of_person(giver: Membership, strength_id: int) -> Strength | None:
    """One of the things this person offers."""
    row = sa.select(Strength).where(
        Strength.coalition_id == giver.coalition_id,
        Strength.giver_id == giver.id,
        Strength.id == strength_id,
    )
    return db.session.scalar(row)
