"""Reads matches, and everything from which suggestions are made, within one coalition."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from functools import cache

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.orm import aliased

from engage.coalitions.models import Membership, MembershipDiscipline
from engage.coalitions.queries import active
from engage.database import Selection, along
from engage.extensions import db
from engage.partners.models import Affiliation, Organization
from engage.strengths.matches.rules import Offered
from engage.strengths.models import Match, Need, Strength, StrengthArea
from engage.strengths.rules import MatchState


class MatchRow(Struct, frozen=True):
    """A match as lists show it. `giver` is a person's name, `organization` an organization's."""

    id: int
    need_id: int
    strength_id: int
    strength: str
    withdrawn_on: date | None
    giver: str | None
    organization: str | None
    state: MatchState
    asked_on: date | None
    ask_person: str | None
    ask: str
    how: str


class StrengthRow(Struct, frozen=True):
    """A strength that can be asked for, with the names of its giver and its organization."""

    id: int
    title: str
    giver_id: int | None
    giver: str | None
    organization_id: int | None
    organization: str | None
    indicator: str
    limits: str


class Pair(Struct, frozen=True):
    """A match of a need and a strength; `is_live` is false if it was declined or the need is closed."""

    need_id: int
    strength_id: int
    is_live: bool


class Offers(Struct, frozen=True):
    """Everything that can be asked for, as rows and in the form that matching uses."""

    rows: dict[int, StrengthRow] = field(default_factory=dict)
    offered: list[Offered] = field(default_factory=list)


_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_Asks = aliased(Membership)


# These are built once, because the explorer and each need's page run them.
@cache
def _ties() -> Selection:
    return (
        sa.select(
            Match.need_id,
            Match.strength_id,
            sa.and_(Match.state != MatchState.DECLINED, Need.closed_on.is_(None)),
        )
        .join(Need, along(Match.need_id, Need))
        .where(Match.coalition_id == _HERE)
    )


@cache
def _matches() -> Selection:
    return (
        sa.select(
            Match.id,
            Match.need_id,
            Match.strength_id,
            Strength.title,
            Strength.withdrawn_on,
            Membership.name,
            Organization.name,
            Match.state,
            Match.asked_on,
            _Asks.name,
            Match.ask,
            Match.how,
        )
        .join(Strength, along(Match.strength_id, Strength))
        .outerjoin(Membership, along(Strength.giver_id, Membership))
        .outerjoin(Organization, along(Strength.organization_id, Organization))
        .outerjoin(_Asks, along(Match.ask_id, _Asks))
        .where(Match.coalition_id == _HERE)
        .order_by(Match.id)
    )


# The offer of a person who is no longer a member cannot be asked for.
@cache
def _strengths() -> Selection:
    return (
        sa.select(
            Strength.id,
            Strength.title,
            Strength.giver_id,
            Membership.name,
            Strength.organization_id,
            Organization.name,
            Strength.indicator,
            Strength.limits,
        )
        .outerjoin(Membership, along(Strength.giver_id, Membership))
        .outerjoin(Organization, along(Strength.organization_id, Organization))
        .where(
            Strength.coalition_id == _HERE,
            Strength.withdrawn_on.is_(None),
            sa.or_(Strength.giver_id.is_(None), sa.and_(*active())),
        )
        .order_by(Strength.id)
    )


@cache
def _areas() -> Selection:
    return sa.select(StrengthArea.strength_id, StrengthArea.area).where(StrengthArea.coalition_id == _HERE)


@cache
def _disciplines() -> Selection:
    return (
        sa.select(
            MembershipDiscipline.membership_id, Affiliation.organization_id, MembershipDiscipline.discipline
        )
        .join(Membership, along(MembershipDiscipline.membership_id, Membership))
        .outerjoin(Affiliation, along(Affiliation.membership_id, Membership))
        .where(MembershipDiscipline.coalition_id == _HERE, *active())
    )


def pairs_of(membership: Membership) -> list[Pair]:
    """Returns all pairs that are or were matched."""
    rows = db.session.execute(_ties(), {"coalition_id": membership.coalition_id})
    return [Pair(need_id, strength_id, bool(live)) for need_id, strength_id, live in rows]


def matches_of(
    membership: Membership,
    *,
    needs: Collection[int] | None = None,
    strength_id: int | None = None,
    match_id: int | None = None,
) -> list[MatchRow]:
    """Returns the matches, oldest first: of these needs (by id), of this strength, or this one."""
    rows = _matches()
    if needs is not None:
        rows = rows.where(Match.need_id.in_(needs))
    if strength_id is not None:
        rows = rows.where(Match.strength_id == strength_id)
    if match_id is not None:
        rows = rows.where(Match.id == match_id)
    found = db.session.execute(rows, {"coalition_id": membership.coalition_id})
    return [MatchRow(*row) for row in found]


def offers_of(membership: Membership, pairs: Iterable[Pair]) -> Offers:
    """Returns every strength that can be asked for. Three more tables say what each is good for."""
    here = {"coalition_id": membership.coalition_id}
    areas: dict[int, set[str]] = defaultdict(set)
    for strength_id, area in db.session.execute(_areas(), here):
        areas[strength_id].add(area)
    of_person: dict[int, set[str]] = defaultdict(set)
    of_organization: dict[int, set[str]] = defaultdict(set)
    for person_id, organization_id, discipline in db.session.execute(_disciplines(), here):
        of_person[person_id].add(discipline)
        if organization_id is not None:
            of_organization[organization_id].add(discipline)
    used = {pair.strength_id for pair in pairs if pair.is_live}
    found = Offers()
    for row in db.session.execute(_strengths(), here):
        strength = StrengthRow(*row)
        found.rows[strength.id] = strength
        # A person's offer is linked by the person, an organization's by its people.
        known = (
            of_person.get(strength.giver_id)
            if strength.giver_id is not None
            else of_organization.get(strength.organization_id or 0)
        )
        found.offered.append(
            Offered(
                strength.id,
                frozenset(areas.get(strength.id, ())),
                strength.indicator,
                frozenset(known or ()),
                strength.id in used,
            )
        )
    return found


def ends_of(match: Match) -> tuple[Need, Strength]:
    """Returns the need and the strength of a match."""
    row = (
        sa.select(Need, Strength)
        .join(Match, along(Match.need_id, Need))
        .join(Strength, along(Match.strength_id, Strength))
        .where(Match.id == match.id)
    )
    need, strength = db.session.execute(row).one()
    return need, strength
