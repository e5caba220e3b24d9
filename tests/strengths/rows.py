"""Makes saved needs, strengths and matches."""

from datetime import date
from typing import Any

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.strengths import service
from engage.strengths.models import Match, Need, Strength
from engage.strengths.rules import MatchState


def make_need(by: Membership, title: str = "No bed for boys", **values: Any) -> Need:
    need = service.create_need(by, **{"title": title, "area": "response", "stated_gap": 3, **values})
    db.session.commit()
    return need


def make_strength(by: Membership, title: str = "Host families", **values: Any) -> Strength:
    strength = service.add_strength(by, **{"title": title, "areas": ["response"], **values})
    db.session.commit()
    return strength


def make_match(
    by: Membership, need: Need | None = None, strength: Strength | None = None, **values: Any
) -> Match:
    """Makes a match by this person; one past asking was asked about on November 3."""
    match = service.match(by, need or make_need(by), strength or make_strength(by))
    if values.get("state", MatchState.TO_ASK) is not MatchState.TO_ASK:
        match.asked_on = date(2026, 11, 3)
    for name, value in values.items():
        setattr(match, name, value)
    db.session.commit()
    return match
