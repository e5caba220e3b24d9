"""Writes of strengths, needs and matches: offering, choosing what to work on, tying the two together."""

from collections.abc import Iterable

import sqlalchemy as sa
from flask_babel import gettext as _

from engage import clock, history
from engage.assessment.models import Round
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.errors import WrongState
from engage.extensions import db
from engage.partners.models import Organization
from engage.strengths import queries
from engage.strengths.models import Match, Need, Strength, StrengthArea
from engage.strengths.rules import MatchState, RatingSource, StrengthKind


def offer(giver: Membership, title: str) -> Strength:
    """What a person can offer, in their words; the same words twice stay one row."""
    for strength in queries.strengths_of_person(giver):
        if strength.title.casefold() == title.casefold():
            return strength
    strength = add_strength(giver, title=title, giver=giver)
    history.record(giver.coalition_id, giver.id, Strength.__tablename__, strength.id, "offered")
    return strength


def withdraw(strength: Strength, actor: Membership) -> None:
    """The offer no longer stands; its words are gone with it."""
    history.record(strength.coalition_id, actor.id, Strength.__tablename__, strength.id, "withdrawn")
    db.session.delete(strength)


def add_strength(
    membership: Membership,
    *,
    title: str,
    kind: StrengthKind | None = None,
    giver: Membership | None = None,
    organization: Organization | None = None,
    areas: Iterable[str] = (),
    indicator: str = "",
    limits: str = "",
) -> Strength:
    """An asset of a person, of an organization or, with neither, of the community. `areas` are keys."""
    strength = Strength(
        coalition_id=membership.coalition_id,
        title=title,
        kind=kind,
        giver_id=giver.id if giver is not None else None,
        organization_id=organization.id if organization is not None else None,
        indicator=indicator,
        limits=limits,
        created_at=clock.now(),
        created_by_id=membership.id,
    )
    db.session.add(strength)
    db.session.flush()
    for area in dict.fromkeys(areas):
        db.session.add(StrengthArea(coalition_id=membership.coalition_id, strength_id=strength.id, area=area))
    return strength


def create_need(
    membership: Membership,
    *,
    title: str,
    area: str = "",
    details: str = "",
    round_: Round | None = None,
    indicator: str = "",
    stated_gap: int | None = None,
    importance: float | None = None,
    feasibility: float | None = None,
) -> Need:
    """A need from an indicator of a closed round, or by hand with its gap of 1 to 4.

    The same indicator of a round twice gives the need that is there. Raises WrongState for a round that is
    still open: it has shown nothing that could be a gap.
    """
    lock(membership.coalition_id)
    if round_ is not None:
        if round_.closed_at is None:
            raise WrongState(_("This round is open. Its gaps are known once it is closed."))
        if (found := queries.need_of_indicator(membership, round_.id, indicator)) is not None:
            return found
    highest = db.session.scalar(
        sa.select(sa.func.max(Need.number)).where(Need.coalition_id == membership.coalition_id)
    )
    need = Need(
        coalition_id=membership.coalition_id,
        number=(highest or 0) + 1,
        title=title,
        area=area,
        details=details,
        round_id=round_.id if round_ is not None else None,
        indicator=indicator,
        stated_gap=stated_gap,
        importance=importance,
        feasibility=feasibility,
        rating_source=RatingSource.HAND if importance is not None else None,
        rated_on=clock.today(membership.coalition.time_zone) if importance is not None else None,
        created_at=clock.now(),
        created_by_id=membership.id,
    )
    db.session.add(need)
    db.session.flush()
    history.record(membership.coalition_id, membership.id, Need.__tablename__, need.id, "chosen")
    return need


def tie(
    membership: Membership,
    need: Need,
    strength: Strength,
    *,
    how: str = "",
    ask: Membership | None = None,
    ask_words: str = "",
) -> Match:
    """A match of a need and a strength, to be asked about; tied twice it is the one that is there."""
    lock(membership.coalition_id)
    found = db.session.scalar(
        sa.select(Match).where(
            Match.coalition_id == membership.coalition_id,
            Match.need_id == need.id,
            Match.strength_id == strength.id,
        )
    )
    if found is not None:
        return found
    match = Match(
        coalition_id=membership.coalition_id,
        need_id=need.id,
        strength_id=strength.id,
        how=how,
        ask_id=ask.id if ask is not None else None,
        ask=ask_words,
        state=MatchState.TO_ASK,
        created_at=clock.now(),
        created_by_id=membership.id,
    )
    db.session.add(match)
    db.session.flush()
    history.record(membership.coalition_id, membership.id, Match.__tablename__, match.id, "tied")
    return match
