"""Reads matches, and everything from which suggestions are computed, within one coalition."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage.coalitions.models import Membership, MembershipDiscipline
from engage.coalitions.queries import active
from engage.database import Selection, along
from engage.dates import medium_day
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.models import Affiliation, Organization
from engage.strengths.matches import labels
from engage.strengths.matches.rules import Offered
from engage.strengths.models import Match, Need, Strength, StrengthArea
from engage.strengths.rules import MatchState


class MatchRow(Struct, frozen=True):
    """A match as lists show it. `giver` is a person's name, `organization` an organization's."""

    id: int
    need_id: int
    need_number: int
    need: str
    strength_id: int
    strength: str
    withdrawn_on: date | None
    giver: str | None
    organization: str | None
    state: MatchState
    asked_on: date | None
    ask_person: str | None
    ask_words: str
    how: str

    @property
    def who(self) -> str:
        return labels.giver_words(self.giver, self.organization)

    @property
    def state_words(self) -> str:
        """Returns the state; if the match waits for an answer, also since when."""
        if self.state is MatchState.ASKED and self.asked_on is not None:
            return _("Asked on %(day)s", day=medium_day(self.asked_on))
        return str(labels.MATCH_LABELS[self.state])

    @property
    def tag(self) -> str:
        return labels.MATCH_TAGS[self.state]

    @property
    def ask(self) -> str:
        """Returns whom to ask; empty if unknown."""
        return ", ".join(each for each in (self.ask_person, self.ask_words) if each)

    @property
    def waits(self) -> bool:
        """Returns whether the person asked has not answered yet."""
        return self.state in {MatchState.TO_ASK, MatchState.ASKED}


class Pair(Struct, frozen=True):
    """A match of a need and a strength; `is_live` is false if it was declined or the need is closed."""

    need_id: int
    strength_id: int
    is_live: bool


_Asks = aliased(Membership)


def _matches(here: int) -> Selection:
    return (
        sa.select(
            Match.id,
            Match.need_id,
            Need.number.label("need_number"),
            Need.title.label("need"),
            Match.strength_id,
            Strength.title.label("strength"),
            Strength.withdrawn_on,
            Membership.name.label("giver"),
            Organization.name.label("organization"),
            Match.state,
            Match.asked_on,
            _Asks.name.label("ask_person"),
            Match.ask.label("ask_words"),
            Match.how,
        )
        .join(Need, along(Match.need_id, Need))
        .join(Strength, along(Match.strength_id, Strength))
        .outerjoin(Membership, along(Strength.giver_id, Membership))
        .outerjoin(Organization, along(Strength.organization_id, Organization))
        .outerjoin(_Asks, along(Match.ask_id, _Asks))
        .where(Match.coalition_id == here)
        .order_by(Match.id)
    )


# Offers of people who are no longer members cannot be asked for.
def _strengths(here: int) -> Selection:
    return (
        sa.select(
            Strength.id,
            Strength.title,
            Strength.giver_id,
            Membership.name.label("giver"),
            Strength.organization_id,
            Organization.name.label("organization"),
            Strength.indicator,
            Strength.limits,
        )
        .outerjoin(Membership, along(Strength.giver_id, Membership))
        .outerjoin(Organization, along(Strength.organization_id, Organization))
        .where(
            Strength.coalition_id == here,
            Strength.withdrawn_on.is_(None),
            sa.or_(Strength.giver_id.is_(None), sa.and_(*active())),
        )
        .order_by(Strength.id)
    )


def _disciplines(here: int) -> Selection:
    return (
        sa.select(
            MembershipDiscipline.membership_id, Affiliation.organization_id, MembershipDiscipline.discipline
        )
        .join(Membership, along(MembershipDiscipline.membership_id, Membership))
        .outerjoin(Affiliation, along(Affiliation.membership_id, Membership))
        .where(MembershipDiscipline.coalition_id == here, *active())
    )


def pairs_of(membership: Membership) -> list[Pair]:
    """Returns all pairs that are or were matched."""
    is_live = sa.and_(Match.state != MatchState.DECLINED, Need.closed_on.is_(None))
    rows = (
        sa.select(Match.need_id, Match.strength_id, is_live)
        .join(Need, along(Match.need_id, Need))
        .where(Match.coalition_id == membership.coalition_id)
    )
    return [Pair(need, strength, bool(live)) for need, strength, live in db.session.execute(rows)]


def matches_of(
    membership: Membership,
    *,
    needs: Collection[int] | None = None,
    strength_id: int | None = None,
    match_id: int | None = None,
) -> list[MatchRow]:
    """Returns matches, oldest first: of these needs (by id), of this strength, or the one with this id."""
    rows = _matches(membership.coalition_id)
    if needs is not None:
        rows = rows.where(Match.need_id.in_(needs))
    if strength_id is not None:
        rows = rows.where(Match.strength_id == strength_id)
    if match_id is not None:
        rows = rows.where(Match.id == match_id)
    return [MatchRow(**row._mapping) for row in db.session.execute(rows)]


def offers_of(membership: Membership, pairs: Iterable[Pair]) -> dict[int, Offered]:
    """Returns every strength that can be asked for by its id, with areas and disciplines from three more tables."""
    here = membership.coalition_id
    areas: dict[int, set[str]] = defaultdict(set)
    for strength_id, area in db.session.execute(
        sa.select(StrengthArea.strength_id, StrengthArea.area).where(StrengthArea.coalition_id == here)
    ):
        areas[strength_id].add(area)
    of_person: dict[int, set[str]] = defaultdict(set)
    of_organization: dict[int, set[str]] = defaultdict(set)
    for person_id, organization_id, discipline in db.session.execute(_disciplines(here)):
        of_person[person_id].add(discipline)
        if organization_id is not None:
            of_organization[organization_id].add(discipline)
    used = {pair.strength_id for pair in pairs if pair.is_live}
    found = {}
    for row in db.session.execute(_strengths(here)):
        # A person's offer has the person's disciplines, an organization's those of its people.
        known = (
            of_person.get(row.giver_id)
            if row.giver_id is not None
            else of_organization.get(row.organization_id or 0)
        )
        found[row.id] = Offered(
            row.id,
            frozenset(areas.get(row.id, ())),
            row.indicator,
            frozenset(known or ()),
            is_used=row.id in used,
            title=row.title,
            who=labels.giver_words(row.giver, row.organization),
            limits=row.limits,
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
