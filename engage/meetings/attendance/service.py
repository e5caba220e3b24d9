"""Handles who came to a meeting: for which organization and sector; in person, online or excused."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import aliased

from engage import history
from engage.coalitions.models import GroupMember, Membership
from engage.coalitions.queries import active
from engage.content.loader import content
from engage.content.model import NEVER_A_PERSONS
from engage.database import along, text_is_gone
from engage.extensions import db
from engage.meetings import service
from engage.meetings.models import Attendance, Meeting
from engage.meetings.rules import AttendanceChange, Mode, collisions
from engage.partners.models import Affiliation, Organization

# People of a `survivor_led` organization (NEVER_A_PERSONS) are recorded with this sector instead.
STANDS_FOR_IT = "nonprofit"


class PersonLine(Struct, frozen=True):
    """A person who may be marked. `key` names them in the form; `mode` is the saved mark, None for none."""

    key: str
    name: str
    organization: str
    mode: Mode | None
    # Whether the meeting is for this person: a group's meeting is for its members, any other for everyone.
    is_expected: bool = True
    is_guest: bool = False


class Came(Struct, frozen=True):
    name: str
    organization: str
    sector: str
    mode: Mode
    is_guest: bool


class Attended(Struct, frozen=True):
    """Everyone on record at a meeting, by organization and name."""

    lines: tuple[Came, ...]

    def count(self, mode: Mode) -> int:
        return sum(each.mode is mode for each in self.lines)

    @property
    def sectors(self) -> list[tuple[str, int]]:
        """Returns how many came from each sector (by key, "" if unknown), in the order of the content."""
        counts = Counter(each.sector for each in self.lines if each.mode is not Mode.EXCUSED)
        known = [sector.key for sector in content().sectors]
        return [(key, counts[key]) for key in [*known, ""] if counts[key]]

    @property
    def organizations(self) -> list[tuple[str, list[Came]]]:
        """Returns the people who came, by organization; those who represent only themselves are last."""
        there = [each for each in self.lines if each.mode is not Mode.EXCUSED]
        return [(name, list(rows)) for name, rows in groupby(there, key=lambda each: each.organization)]

    @property
    def excused(self) -> list[Came]:
        return [each for each in self.lines if each.mode is Mode.EXCUSED]


def person_key(membership_id: int) -> str:
    return f"p{membership_id}"


def guest_key(attendance_id: int) -> str:
    return f"g{attendance_id}"


def attended(meeting: Meeting) -> Attended:
    """Returns everyone on record, in one query."""
    rows = (
        sa.select(
            sa.func.coalesce(Membership.name, Attendance.guest).label("name"),
            sa.func.coalesce(Organization.name, "").label("organization"),
            Attendance.sector,
            Attendance.mode,
            Attendance.membership_id.is_(None).label("is_guest"),
        )
        .outerjoin(Membership, along(Attendance.membership_id, Membership))
        .outerjoin(Organization, along(Attendance.organization_id, Organization))
        .where(Attendance.coalition_id == meeting.coalition_id, Attendance.meeting_id == meeting.id)
        .order_by(
            Organization.id.is_(None),
            Organization.sort_key,
            Organization.id,
            sa.func.coalesce(Membership.sort_key, Attendance.guest),
            Attendance.id,
        )
    )
    return Attended(tuple(Came(**row._mapping) for row in db.session.execute(rows)))


_THEN = aliased(Organization)


def people_of(meeting: Meeting) -> list[PersonLine]:
    """Returns the people who may be marked, by name: active people and those on record; guests are last."""
    expected = invited(meeting)
    rows = (
        sa.select(
            Membership.id,
            Membership.name,
            sa.func.coalesce(_THEN.name, Organization.name, ""),
            Attendance.mode,
        )
        .outerjoin(
            Attendance,
            sa.and_(along(Attendance.membership_id, Membership), along(Attendance.meeting_id, meeting)),
        )
        .outerjoin(_THEN, along(Attendance.organization_id, _THEN))
        .outerjoin(Affiliation, along(Affiliation.membership_id, Membership))
        .outerjoin(Organization, along(Affiliation.organization_id, Organization))
        .where(
            Membership.coalition_id == meeting.coalition_id,
            sa.or_(sa.and_(*active()), Attendance.id.is_not(None)),
        )
        .order_by(Membership.sort_key, Membership.id)
    )
    people = [
        PersonLine(person_key(key), name, organization, mode, expected is None or key in expected)
        for key, name, organization, mode in db.session.execute(rows)
    ]
    return [*people, *_guests_of(meeting)]


def invited(meeting: Meeting) -> set[int] | None:
    """Returns the ids of the people in the meeting's group; None if the meeting is for everyone."""
    if meeting.group_id is None:
        return None
    rows = sa.select(GroupMember.membership_id).where(
        GroupMember.coalition_id == meeting.coalition_id, GroupMember.group_id == meeting.group_id
    )
    return set(db.session.scalars(rows))


def _guests_of(meeting: Meeting) -> list[PersonLine]:
    rows = (
        sa.select(Attendance.id, Attendance.guest, sa.func.coalesce(Organization.name, ""), Attendance.mode)
        .outerjoin(Organization, along(Attendance.organization_id, Organization))
        .where(Attendance.meeting_id == meeting.id, Attendance.membership_id.is_(None))
        .order_by(Attendance.id)
    )
    return [
        PersonLine(guest_key(key), name, organization, mode, is_guest=True)
        for key, name, organization, mode in db.session.execute(rows)
    ]


# -- writes


def record(actor: Membership, meeting: Meeting, changes: Mapping[str, AttendanceChange]) -> Sequence[str]:
    """Saves marks by the form's keys. Raises WrongState if the meeting is closed.

    If someone else saved a different mark meanwhile, nothing is written, and the keys of those marks are
    returned.
    """
    service.claim_open(meeting, alone=True)
    stored = _stored(meeting)
    lost = collisions(changes, {key: row.mode for key, row in stored.items()})
    if lost:
        return lost
    origins = _origins(actor, [key for key in changes if key not in stored])
    for key, change in changes.items():
        row = stored.get(key)
        if change.now is None:
            if row is not None:
                db.session.delete(row)
                if row.membership_id is None:  # the row contained a guest's name
                    text_is_gone()
        elif row is not None:
            row.mode = change.now
        elif key in origins:
            db.session.add(_new_row(meeting, origins[key], change.now))
    if changes:
        history.note(actor, meeting, "attendance")
    return ()


class Origin(Struct, frozen=True):
    membership_id: int
    organization_id: int | None
    sector: str


def _stored(meeting: Meeting) -> dict[str, Attendance]:
    rows = db.session.scalars(
        sa.select(Attendance)
        .where(Attendance.meeting_id == meeting.id)
        .execution_options(populate_existing=True)
    )
    return {
        guest_key(row.id) if row.membership_id is None else person_key(row.membership_id): row for row in rows
    }


def _origins(actor: Membership, keys: Iterable[str]) -> dict[str, Origin]:
    """Returns the current organization and sector of these people; only active people of this coalition."""
    wanted = set(keys)
    if not wanted:
        return {}
    rows = (
        sa.select(
            Membership.id,
            Affiliation.organization_id,
            sa.func.coalesce(Organization.sector, Affiliation.sector, ""),
        )
        .outerjoin(Affiliation, along(Affiliation.membership_id, Membership))
        .outerjoin(Organization, along(Affiliation.organization_id, Organization))
        .where(Membership.coalition_id == actor.coalition_id, *active())
    )
    return {
        person_key(key): Origin(key, organization_id, persons_sector(sector))
        for key, organization_id, sector in db.session.execute(rows)
        if person_key(key) in wanted
    }


def persons_sector(sector: str) -> str:
    """Returns a sector in the form in which it may be stored for a person (see NEVER_A_PERSONS)."""
    return STANDS_FOR_IT if sector == NEVER_A_PERSONS else sector


def _new_row(meeting: Meeting, origin: Origin, mode: Mode) -> Attendance:
    return Attendance(
        coalition_id=meeting.coalition_id,
        meeting_id=meeting.id,
        membership_id=origin.membership_id,
        organization_id=origin.organization_id,
        sector=origin.sector,
        mode=mode,
    )


def origin_row(membership: Membership, meeting: Meeting, mode: Mode) -> Attendance:
    """Returns an unsaved row for this person, with their current organization and sector."""
    key = person_key(membership.id)
    return _new_row(meeting, _origins(membership, [key])[key], mode)


def add_guest(
    actor: Membership, meeting: Meeting, name: str, organization: Organization | None, sector: str, mode: Mode
) -> None:
    """Adds a guest who is not a member; the sector is the organization's if there is one. Raises WrongState."""
    service.claim_open(meeting, alone=True)
    db.session.add(
        Attendance(
            coalition_id=meeting.coalition_id,
            meeting_id=meeting.id,
            guest=name,
            organization_id=organization.id if organization is not None else None,
            sector=persons_sector(organization.sector if organization is not None else sector),
            mode=mode,
        )
    )
    history.note(actor, meeting, "guest")
