"""Reads strengths, needs and matches, within one coalition."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.partners.models import Affiliation
from engage.strengths.models import Match, Need, Strength, StrengthArea
from engage.strengths.rules import MatchState


class NeedRef(Struct, frozen=True):
    """The short form of a need that other pages link to."""

    id: int
    number: int
    title: str
    closed_on: date | None


class StrengthStepCounts(Struct, frozen=True):
    """Counts for Getting Started.

    They are the strengths on offer and their kinds, the needs, the needs with a match that was not declined
    or searched without success, and the needs with importance and feasibility.
    """

    strengths: int
    kinds: int
    needs: int
    needs_answered: int
    needs_rated: int


def strengths_of_person(giver: Membership) -> list[Strength]:
    """Returns what this person offers, in the order in which they entered it."""
    rows = (
        sa.select(Strength).where(*_offered_by(giver), Strength.withdrawn_on.is_(None)).order_by(Strength.id)
    )
    return list(db.session.scalars(rows))


def ever_offered_by(giver: Membership) -> list[Strength]:
    """Returns what this person offers, and offers withdrawn after a need was matched."""
    return list(db.session.scalars(sa.select(Strength).where(*_offered_by(giver)).order_by(Strength.id)))


def strengths_of_organization(membership: Membership, organization_id: int) -> list[Strength]:
    """Returns what an organization and its people offer, by name."""
    from_it = sa.exists().where(
        Affiliation.membership_id == Strength.giver_id, Affiliation.organization_id == organization_id
    )
    rows = sa.select(Strength).where(
        Strength.coalition_id == membership.coalition_id,
        Strength.withdrawn_on.is_(None),
        is_listed(),
        sa.or_(
            Strength.organization_id == organization_id, sa.and_(Strength.organization_id.is_(None), from_it)
        ),
    )
    return list(db.session.scalars(rows.order_by(Strength.title, Strength.id)))


def strength_of_person(giver: Membership, strength_id: int) -> Strength | None:
    """Returns one of the things this person offers."""
    row = sa.select(Strength).where(
        *_offered_by(giver), Strength.withdrawn_on.is_(None), Strength.id == strength_id
    )
    return db.session.scalar(row)


def _offered_by(giver: Membership) -> tuple[sa.ColumnElement[bool], ...]:
    return Strength.coalition_id == giver.coalition_id, Strength.giver_id == giver.id


_GIVER = aliased(Membership)


def is_listed() -> sa.ColumnElement[bool]:
    """Selects listed strengths; offers of people who wait for approval are not listed yet."""
    return ~sa.exists().where(_GIVER.id == Strength.giver_id, _GIVER.approved_at.is_(None))


def strength_of(membership: Membership, strength_id: int) -> Strength | None:
    """Returns one of the coalition's strengths, even if it is no longer on offer."""
    return db.session.scalar(
        sa.select(Strength).where(
            Strength.coalition_id == membership.coalition_id, Strength.id == strength_id, is_listed()
        )
    )


def areas_of(strength: Strength) -> list[str]:
    """Returns the keys of the focus areas that the strength serves."""
    rows = sa.select(StrengthArea.area).where(
        StrengthArea.coalition_id == strength.coalition_id, StrengthArea.strength_id == strength.id
    )
    return list(db.session.scalars(rows.order_by(StrengthArea.id)))


def need_of(membership: Membership, number: int) -> Need | None:
    """Returns the coalition's need with this number."""
    return db.session.scalar(
        sa.select(Need).where(Need.coalition_id == membership.coalition_id, Need.number == number)
    )


def need_choices(membership: Membership, kept: Collection[int] = ()) -> list[tuple[int, str]]:
    """Returns the open needs as (id, "3. title"), by number, for a form; `kept` are included even if closed."""
    rows = (
        sa.select(Need.id, Need.number, Need.title)
        .where(
            Need.coalition_id == membership.coalition_id,
            sa.or_(Need.closed_on.is_(None), Need.id.in_(kept)),
        )
        .order_by(Need.number)
    )
    return [(row.id, f"{row.number}. {row.title}") for row in db.session.execute(rows)]


def need_of_indicator(membership: Membership, round_id: int, indicator: str) -> Need | None:
    """Returns the need that was made from this gap of a round."""
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


def needs_of_indicators(membership: Membership, round_id: int) -> dict[str, NeedRef]:
    """Returns the needs that were made from a round's gaps, by the indicator's key."""
    rows = sa.select(Need.indicator, Need.id, Need.number, Need.title, Need.closed_on).where(
        Need.coalition_id == membership.coalition_id, Need.round_id == round_id
    )
    return {
        row.indicator: NeedRef(row.id, row.number, row.title, row.closed_on)
        for row in db.session.execute(rows)
    }


def is_matched(need: Need) -> bool:
    """Returns whether the need has any match, even a declined one."""
    row = sa.select(sa.exists().where(Match.coalition_id == need.coalition_id, Match.need_id == need.id))
    return bool(db.session.scalar(row))


def is_used(strength: Strength) -> bool:
    """Returns whether the strength has any match, even a declined one."""
    row = sa.select(
        sa.exists().where(Match.coalition_id == strength.coalition_id, Match.strength_id == strength.id)
    )
    return bool(db.session.scalar(row))


def step_counts(coalition_id: int) -> StrengthStepCounts:
    """Counts everything that is recorded, including closed needs, because they were chosen, too."""
    offered = (Strength.coalition_id == coalition_id, Strength.withdrawn_on.is_(None), is_listed())
    matched = sa.exists().where(Match.need_id == Need.id, Match.state != MatchState.DECLINED)
    needs = sa.select(sa.func.count(Need.id)).where(Need.coalition_id == coalition_id)
    rows = sa.select(
        sa.select(sa.func.count(Strength.id)).where(*offered).label("strengths"),
        sa.select(sa.func.count(Strength.kind.distinct())).where(*offered).label("kinds"),
        needs.label("needs"),
        needs.where(sa.or_(matched, Need.no_strength_on.is_not(None))).label("needs_answered"),
        needs.where(Need.importance.is_not(None)).label("needs_rated"),
    )
    return StrengthStepCounts(**db.session.execute(rows).one()._mapping)
