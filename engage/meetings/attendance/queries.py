"""Reads the coverage of sectors: the people and organizations of partners, and who came to meetings."""

import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.queries import expected_sectors
from engage.content.loader import content
from engage.database import SelectedRow, along, folded
from engage.extensions import db
from engage.meetings.models import Attendance, Meeting
from engage.meetings.rules import Mode
from engage.partners.coverage.queries import known_to_partners, organization_key, person_key
from engage.partners.coverage.recruitments import service as recruitments_service
from engage.partners.coverage.rules import Coverage, CoverageFact, Somebody, unsought


def coverage_of(membership: Membership) -> Coverage:
    """Returns everyone whom the coalition knows, as of today, in a fixed number of queries."""
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
    """Returns the keys of expected sectors without an active member or an open recruitment, in order."""
    found = coverage_of(membership)
    return found, unsought(found.missing, found.sought)


def everybody(membership: Membership) -> tuple[Somebody, ...]:
    """Returns organizations by name, then people who represent none, each with the days of their meetings."""
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
            known.facts.append(CoverageFact(clock.local_day(row.starts_at, zone)))
    return tuple(found.values())


def _who_came(found: dict[str, Somebody], row: SelectedRow) -> Somebody | None:
    """Returns the organization that the person represented that day, else the person if a sector is known."""
    if row.organization_id is not None:
        return found[organization_key(row.organization_id)]
    if not row.sector:
        return None
    key = f"guest:{row.sector}:{folded(row.guest)}"
    if row.membership_id is not None:
        key = person_key(row.membership_id)
        if key in found and found[key].sector != row.sector:
            key = f"{key}:{row.sector}"
    return found.setdefault(key, Somebody(key, row.sector, listed=False))
