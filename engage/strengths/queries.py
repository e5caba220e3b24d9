"""Reads of strengths, needs and matches, owner first."""

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.strengths.models import Match, Need, Strength


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


def strength_of(membership: Membership, strength_id: int) -> Strength | None:
    return db.session.scalar(
        sa.select(Strength).where(
            Strength.coalition_id == membership.coalition_id, Strength.id == strength_id
        )
    )


def need_of(membership: Membership, number: int) -> Need | None:
    """The coalition's need with this number."""
    return db.session.scalar(
        sa.select(Need).where(Need.coalition_id == membership.coalition_id, Need.number == number)
    )


def need_of_indicator(membership: Membership, round_id: int, indicator: str) -> Need | None:
    """The need that somebody made of this gap."""
    return db.session.scalar(
        sa.select(Need).where(
            Need.coalition_id == membership.coalition_id,
            Need.round_id == round_id,
            Need.indicator == indicator,
        )
    )


def match_of(membership: Membership, match_id: int) -> Match | None:
    return db.session.scalar(
        sa.select(Match).where(Match.coalition_id == membership.coalition_id, Match.id == match_id)
    )
