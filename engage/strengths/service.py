"""Writes of strengths: offering something and taking it back."""

from engage import clock, history
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.strengths import queries
from engage.strengths.models import Strength


def offer(giver: Membership, title: str) -> Strength:
    """What a person can offer, in their words; the same words twice stay one row."""
    for strength in queries.strengths_of_person(giver):
        if strength.title.casefold() == title.casefold():
            return strength
    strength = Strength(
        coalition_id=giver.coalition_id, giver_id=giver.id, title=title, created_at=clock.now()
    )
    db.session.add(strength)
    db.session.flush()
    history.record(giver.coalition_id, giver.id, "strengths_strength", strength.id, "offered")
    return strength


def withdraw(strength: Strength, actor: Membership) -> None:
    """The offer no longer stands; its words are gone with it."""
    history.record(strength.coalition_id, actor.id, "strengths_strength", strength.id, "withdrawn")
    db.session.delete(strength)
