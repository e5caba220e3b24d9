"""Reads the coverage of sectors for all features: what partners know, and who came to meetings."""

import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.queries import expected_sectors
from engage.content.loader import content
from engage.database import SelectedRow, along, folded
from engage.extensions import db
from engage.meetings.models import Attendance, Meeting
from engage.meetings.rules import Mode
from engage.partners.coverage.queries import Known, known_to_partners, organization_key, person_key
from engage.partners.coverage.recruitments import service as recruitments_service
from engage.partners.coverage.rules import Coverage, Fact, Somebody, unsought


def coverage_of(membership: Membership) -> Coverage:
    """Returns everyone that the coalition knows, as of today, in a constant number of queries."""
    words, coalition = content(), membership.coalition
    return Coverage(
        everybody=everybody(membership),
        sectors=tuple(each.key for each in words.sectors),
        expected=expected_sectors(coalition),
        areas=tuple(each.key for each in words.areas),
        today=clock.today(coalition.time_zone),
        months=coalition.active_months,
        sought=frozenset(recruitments_service.sectors_sought(membership)),
    )


def missing_sectors(membership: Membership) -> tuple[Coverage, list[str]]:
    """Returns expected sectors with no one active and no open recruitment, by key, in their order."""
    found = coverage_of(membership)
    return found, unsought(found.missing, found.sought)


def everybody(membership: Membership) -> tuple[Somebody, ...]:
    """Returns organizations by name, then people who represent none, with the days on which they took part."""
    found = known_to_partners(membership)
    zone = membership.coalition.time_zone
    came = (
        sa.select(
            Attendance.organization_id,
            Attendance.membership_id,
            Attendance.guest,
            Attendance.sector,
            Meeting.starts_at,
        )
        .join(Meeting, along(Attendance.meeting_id, Meeting))
        .where(
            Attendance.coalition_id == membership.coalition_id,
            Attendance.mode != Mode.EXCUSED,
            Meeting.starts_at <= clock.now(),
        )
    )
    for row in db.session.execute(came):
        known = _who_came(found, row)
        if known is not None:
            known.facts.append(Fact(clock.local_day(row.starts_at, zone)))
    return tuple(known.somebody(key) for key, known in found.items())


def _who_came(found: dict[str, Known], row: SelectedRow) -> Known | None:
    """Returns the organization for which they came on that day; else the people themselves, if they gave a sector."""
    if row.organization_id is not None:
        return found[organization_key(row.organization_id)]
    if not row.sector:
        return None
    key = f"guest:{row.sector}:{folded(row.guest)}"
    if row.membership_id is not None:
        key = person_key(row.membership_id)
        if key in found and found[key].sector != row.sector:
            key = f"{key}:{row.sector}"
    return found.setdefault(key, Known(row.sector, listed=False))
