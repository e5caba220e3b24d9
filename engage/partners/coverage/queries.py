"""Reads from the partners' tables who is active: conversations, signatures, people who joined.

Meetings add the people who came to them (`engage.meetings.attendance.queries`).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

import sqlalchemy as sa
from msgspec import Struct

from engage.clock import local_day
from engage.coalitions.models import Membership, MembershipDiscipline
from engage.coalitions.queries import active
from engage.content.loader import content
from engage.database import SelectedRow, along
from engage.extensions import db
from engage.partners.agreements.models import Agreement, AgreementMove
from engage.partners.coverage.rules import CoverageFact, CoverageMove, Somebody, signed_spans
from engage.partners.models import Affiliation, Conversation, Organization, OrganizationTag
from engage.partners.rules import AgreementState, TagKind


def organization_key(organization_id: int) -> str:
    return f"organization:{organization_id}"


def person_key(membership_id: int) -> str:
    return f"person:{membership_id}"


def known_to_partners(membership: Membership) -> dict[str, Somebody]:
    """Returns everyone by key: organizations by name, then people who represent only themselves.

    It takes five queries.
    """
    found = _organizations(membership.coalition_id)
    _add_areas(found, membership.coalition_id)
    _add_conversations(found, membership.coalition_id)
    _add_agreements(found, membership.coalition_id)
    _add_people(found, membership.coalition_id, membership.coalition.time_zone)
    return found


def _organizations(coalition_id: int) -> dict[str, Somebody]:
    rows = (
        sa.select(Organization.id, Organization.name, Organization.sector, Organization.level)
        .where(Organization.coalition_id == coalition_id)
        .order_by(Organization.sort_key, Organization.id)
    )
    return {
        organization_key(row.id): Somebody(
            organization_key(row.id), row.sector, organization_id=row.id, name=row.name, level=row.level
        )
        for row in db.session.execute(rows)
    }


def _add_areas(found: dict[str, Somebody], coalition_id: int) -> None:
    rows = sa.select(OrganizationTag.organization_id, OrganizationTag.value).where(
        OrganizationTag.coalition_id == coalition_id, OrganizationTag.kind == TagKind.AREA
    )
    for key, area in db.session.execute(rows):
        found[organization_key(key)].areas.add(area)


def _add_conversations(found: dict[str, Somebody], coalition_id: int) -> None:
    """Adds conversations: each is a fact, and may set how firm the relationship is."""
    rows = (
        sa.select(Conversation.organization_id, Conversation.happened_on, Conversation.level)
        .where(Conversation.coalition_id == coalition_id)
        .order_by(Conversation.happened_on, Conversation.id)
    )
    for key, day, level in db.session.execute(rows):
        known = found[organization_key(key)]
        known.facts.append(CoverageFact(day))
        if level is not None:
            known.levels.append((day, level))


def _add_agreements(found: dict[str, Somebody], coalition_id: int) -> None:
    """Adds agreements: signing and renewing are facts, and a signed agreement makes the relationship firm."""
    statement = (
        sa.select(
            Agreement.id,
            Agreement.organization_id,
            Agreement.state,
            Agreement.signed_on,
            Agreement.ends_on,
            AgreementMove.happened_on,
            AgreementMove.after,
            AgreementMove.ends_on.label("ended_on"),
        )
        .outerjoin(AgreementMove, along(AgreementMove.agreement_id, Agreement))
        .where(Agreement.coalition_id == coalition_id)
        .order_by(Agreement.id, AgreementMove.happened_on, AgreementMove.id)
    )
    rows = db.session.execute(statement).all()
    for _agreement, of_one in groupby(rows, key=lambda row: row.id):
        moves = list(of_one)
        known = found[organization_key(moves[0].organization_id)]
        for span in signed_spans(list(_moves(moves))):
            known.signed.append(span)
            known.facts.append(CoverageFact(span.first))


def _moves(rows: Sequence[SelectedRow]) -> Iterator[CoverageMove]:
    """Yields the agreement's moves; the last one gets the agreement's current end."""
    for row in rows:
        if row.happened_on is None:
            if row.signed_on is not None:
                yield CoverageMove(row.signed_on, row.state, row.ends_on)
        else:
            still = row is rows[-1] and row.state is AgreementState.SIGNED
            yield CoverageMove(row.happened_on, row.after, row.ends_on if still else row.ended_on)


def _add_people(found: dict[str, Somebody], coalition_id: int, time_zone: str) -> None:
    """Adds people: joining is a fact for their organization, or for themselves, until they leave."""
    joined: dict[str, list[CoverageFact]] = defaultdict(list)
    rows = (
        sa.select(
            Membership.id,
            Affiliation.organization_id,
            Affiliation.sector,
            Membership.approved_at,
            Membership.disabled_at,
            Membership.left_on,
        )
        .join(Affiliation, along(Affiliation.membership_id, Membership))
        .where(Membership.coalition_id == coalition_id, Membership.approved_at.is_not(None))
    )
    for row in db.session.execute(rows):
        gone = row.left_on or _day(row.disabled_at, time_zone)
        fact = CoverageFact(_day(row.approved_at, time_zone) or date.max, gone)
        if row.organization_id is not None:
            joined[organization_key(row.organization_id)].append(fact)
        else:
            key = person_key(row.id)
            found[key] = Somebody(key, row.sector, listed=gone is None)
            joined[key].append(fact)
    for key, facts in joined.items():
        found[key].facts += facts
        found[key].joined += facts


def _day(moment: datetime | None, time_zone: str) -> date | None:
    return None if moment is None else local_day(moment, time_zone)


class DisciplinesHere(Struct, frozen=True):
    """The number of current members and of organizations that do each kind of work, by its key."""

    people: dict[str, int]
    organizations: dict[str, int]


def disciplines_here(membership: Membership) -> DisciplinesHere:
    """Counts people and organizations in two queries, without peer support, which old rows still hold."""
    people = (
        sa.select(MembershipDiscipline.discipline, sa.func.count())
        .join(Membership, along(MembershipDiscipline.membership_id, Membership))
        .where(MembershipDiscipline.coalition_id == membership.coalition_id, *active())
        .group_by(MembershipDiscipline.discipline)
    )
    organizations = (
        sa.select(OrganizationTag.value, sa.func.count())
        .where(
            OrganizationTag.coalition_id == membership.coalition_id,
            OrganizationTag.kind == TagKind.DISCIPLINE,
        )
        .group_by(OrganizationTag.value)
    )
    shown = {each.key for each in content().person_disciplines()}
    return DisciplinesHere(
        {key: number for key, number in db.session.execute(people) if key in shown},
        dict(db.session.execute(organizations).all()),
    )
