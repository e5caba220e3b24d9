"""Handles signing in at a meeting, by people on their own phones and on the paper sheet."""

import sqlalchemy as sa
from msgspec import Struct

from engage import clock, history
from engage.coalitions.models import GroupMember, Membership
from engage.coalitions.queries import active
from engage.content.loader import content
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import service
from engage.meetings.attendance.service import origin_row, persons_sector
from engage.meetings.models import Attendance, Meeting
from engage.meetings.rules import Mode, may_sign_in
from engage.partners.models import Affiliation, Organization


class SignInLine(Struct, frozen=True):
    """A person on the printed sheet; organization and sector are in words, "" if unknown."""

    name: str
    organization: str
    sector: str


def sheet_lines(meeting: Meeting) -> list[SignInLine]:
    """Returns the people of the meeting, by organization and name; those without an organization are last."""
    rows = (
        sa.select(
            Membership.name,
            sa.func.coalesce(Organization.name, ""),
            sa.func.coalesce(Organization.sector, Affiliation.sector, ""),
        )
        .outerjoin(Affiliation, along(Affiliation.membership_id, Membership))
        .outerjoin(Organization, along(Affiliation.organization_id, Organization))
        .where(Membership.coalition_id == meeting.coalition_id, *active())
        .order_by(
            Organization.id.is_(None),
            Organization.sort_key,
            Organization.id,
            Membership.sort_key,
            Membership.id,
        )
    )
    if meeting.group_id is not None:
        rows = rows.join(
            GroupMember,
            sa.and_(along(GroupMember.membership_id, Membership), GroupMember.group_id == meeting.group_id),
        )
    names = {sector.key: sector.name for sector in content().sectors}
    return [
        SignInLine(name, organization, names.get(persons_sector(sector), ""))
        for name, organization, sector in db.session.execute(rows)
    ]


def mode_of(membership: Membership, meeting: Meeting) -> Mode | None:
    """Returns how this person's attendance is recorded; None if it is not."""
    return db.session.scalar(
        sa.select(Attendance.mode).where(
            Attendance.meeting_id == meeting.id, Attendance.membership_id == membership.id
        )
    )


def come(membership: Membership, meeting: Meeting, mode: Mode) -> None:
    """Records that a person is present; pressing again changes nothing.

    Raises WrongState if it is too early or too late, or if the meeting is closed.
    """
    fresh = service.claim_open(meeting, alone=True)
    if not may_sign_in(fresh.starts_at, fresh.closed_at, clock.now()):
        raise WrongState(
            _(
                "You can sign in from two hours before the meeting begins until a day later. After that, ask a "
                "coordinator to add you."
            )
        )
    row = db.session.scalar(
        sa.select(Attendance)
        .where(Attendance.meeting_id == meeting.id, Attendance.membership_id == membership.id)
        .execution_options(populate_existing=True)
    )
    if row is not None and row.mode is mode:
        return
    if row is None:
        db.session.add(origin_row(membership, meeting, mode))
    else:
        row.mode = mode
    history.note(membership, meeting, "attendance")
