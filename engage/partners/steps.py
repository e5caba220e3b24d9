"""Reads how far a coalition has come with its partners, for Getting Started."""

from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.queries import active
from engage.database import Selection, along
from engage.extensions import db
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.coverage.recruitments.service import ASKED
from engage.partners.models import Affiliation, Contact, Conversation, Organization
from engage.partners.rules import ContactPlace


class PartnerStepCounts(Struct, frozen=True):
    """Counts for Getting Started.

    They hold the number of organizations with a main contact, and the sectors with an organization, with a
    conversation, of people without an organization, and with someone who will invite by a day.
    """

    contacts: int
    sectors_here: frozenset[str]
    sectors_talked: frozenset[str]
    sectors_of_people: frozenset[str]
    sectors_asked: frozenset[str]


def _sectors(here: int) -> sa.CompoundSelect[Any]:
    def sectors(what: str, column: Any) -> Selection:
        return sa.select(sa.literal(what).label("what"), column.label("sector")).distinct()

    talked = Conversation.organization_id == Organization.id
    return sa.union_all(
        sectors("here", Organization.sector).where(Organization.coalition_id == here),
        sectors("talked", Organization.sector)
        .join(Conversation, talked)
        .where(Conversation.coalition_id == here),
        sectors("people", Affiliation.sector)
        .join(Membership, along(Affiliation.membership_id, Membership))
        .where(Affiliation.coalition_id == here, Affiliation.sector.is_not(None), *active()),
        sectors("asked", Recruitment.sector).where(Recruitment.coalition_id == here, ASKED),
    )


def step_counts(coalition_id: int) -> PartnerStepCounts:
    """Counts everything that is recorded; a closed recruitment does not count."""
    found: dict[str, set[str]] = {"here": set(), "talked": set(), "people": set(), "asked": set()}
    for what, sector in db.session.execute(_sectors(coalition_id)):
        found[what].add(sector)
    sets = (frozenset(found[what]) for what in ("here", "talked", "people", "asked"))
    contacts = sa.select(sa.func.count(Contact.id)).where(
        Contact.coalition_id == coalition_id, Contact.place == ContactPlace.MAIN
    )
    return PartnerStepCounts(db.session.scalar(contacts) or 0, *sets)
