"""Counts partnerships on a day: organizations by what they do with the coalition, and by kind of agreement."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.database import along
from engage.extensions import db
from engage.partners.agreements.list import AgreementLine
from engage.partners.models import Organization, OrganizationTag
from engage.partners.rules import AgreementKind, AgreementState, Level, PartnershipType, TagKind


def held(line: AgreementLine) -> bool:
    return line.state in {AgreementState.SIGNED, AgreementState.ENDED}


def holds_on(line: AgreementLine, day: date) -> bool:
    """Returns whether the agreement was in force on that day."""
    if not held(line) or line.signed_on is None or line.signed_on > day:
        return False
    if line.ends_on is None:
        return line.state is AgreementState.SIGNED
    return line.ends_on >= day


class PartnershipCounts(Struct, frozen=True):
    """Counts of partner organizations, each once in a cell: an agreement makes the partnership formal.

    Without an agreement it is informal, if a type is noted or a conversation gave a level of the
    relationship.
    """

    types: dict[PartnershipType | None, tuple[int, int]]
    kinds: dict[AgreementKind, int]
    formal: int
    informal: int


def partnerships(membership: Membership, lines: Iterable[AgreementLine], day: date) -> PartnershipCounts:
    """Counts partnerships, in two queries.

    Agreements count as of the day, everything else with its current value.
    """
    here = membership.coalition_id
    told = (
        sa.select(OrganizationTag.organization_id, OrganizationTag.value)
        .join(Organization, along(OrganizationTag.organization_id, Organization))
        .where(OrganizationTag.coalition_id == here, OrganizationTag.kind == TagKind.PARTNERSHIP)
    )
    with_level = sa.select(Organization.id).where(
        Organization.coalition_id == here, Organization.level > Level.NONE
    )
    types = defaultdict(set)
    for organization_id, value in db.session.execute(told):
        if value in set(PartnershipType):  # the value may have been removed from history for good
            types[PartnershipType(value)].add(organization_id)
    kinds = defaultdict(set)
    for line in lines:
        if holds_on(line, day):
            kinds[line.kind].add(line.organization_id)
    formal = set[int]().union(*kinds.values())
    known = set(db.session.scalars(with_level)).union(*types.values(), formal)
    without = known - set[int]().union(*types.values())
    rows: dict[PartnershipType | None, set[int]] = {
        each: types[each] for each in PartnershipType if each in types
    }
    if without:
        rows[None] = without
    return PartnershipCounts(
        types={each: (len(found & formal), len(found - formal)) for each, found in rows.items()},
        kinds={kind: len(kinds[kind]) for kind in AgreementKind if kind in kinds},
        formal=len(formal),
        informal=len(known - formal),
    )
