"""Reads meetings at which something was settled, for forms and pages of other features."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct

from engage import clock
from engage.coalitions.models import Membership
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings.labels import titled
from engage.meetings.models import Meeting

MOST = 60
# Results are usually recorded within weeks of the meeting. Later, they are more likely of another meeting.
RECENT = timedelta(days=31)


class MeetingRef(Struct, frozen=True):
    """A meeting, as other features show it."""

    id: int
    title: str
    starts_at: datetime

    @property
    def words(self) -> str:
        """Returns words such as "Quarterly meeting, May 12, 2026"."""
        return titled(self.title, self.starts_at)


def held_meetings(membership: Membership, also: int | None = None) -> list[MeetingRef]:
    """Returns the coalition's meetings that have begun or are today, latest first, plus the one with the id `also`."""
    today = clock.today(membership.coalition.time_zone)
    tomorrow = clock.start_of_day(today + timedelta(days=1), membership.coalition.time_zone)
    rows = (
        sa.select(Meeting.id, Meeting.title, Meeting.starts_at)
        .where(
            Meeting.coalition_id == membership.coalition_id,
            sa.or_(Meeting.starts_at < tomorrow, Meeting.id == also),
        )
        .order_by(sa.case((Meeting.id == also, 0), else_=1), Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(MOST)
    )
    found = [MeetingRef(**row._mapping) for row in db.session.execute(rows)]
    return sorted(found, key=lambda each: (each.starts_at, each.id), reverse=True)


def meeting_ref(membership: Membership, meeting_id: int | None) -> MeetingRef | None:
    """Returns one of the coalition's meetings, as other features show it."""
    if meeting_id is None:
        return None
    row = sa.select(Meeting.id, Meeting.title, Meeting.starts_at).where(
        Meeting.coalition_id == membership.coalition_id, Meeting.id == meeting_id
    )
    found = db.session.execute(row).one_or_none()
    return MeetingRef(*found) if found is not None else None


def likely_meeting(membership: Membership, held: Sequence[MeetingRef]) -> MeetingRef | None:
    """Returns the meeting to which a new record likely belongs: today's, else the last one of the past month."""
    now, zone = clock.now(), membership.coalition.time_zone
    today = clock.local_day(now, zone)
    of_today = [each for each in held if clock.local_day(each.starts_at, zone) == today]
    begun = [each for each in held if each.starts_at <= now and now - each.starts_at <= RECENT]
    of_today_begun = [each for each in of_today if each in begun]
    # If several meetings of today have not started, the earliest is likeliest; the list is latest first.
    return next(iter([*of_today_begun, *reversed(of_today), *begun]), None)


def keep_meeting(membership: Membership, meeting_id: int | None) -> None:
    """Prevents canceling the meeting until the commit. Raises WrongState if it was already canceled."""
    if meeting_id is None:
        return
    row = sa.select(Meeting.id).where(
        Meeting.coalition_id == membership.coalition_id, Meeting.id == meeting_id
    )
    if db.session.scalar(row.with_for_update(read=True)) is None:
        raise WrongState(_("That meeting was canceled in the meantime. Choose another one, or none."))
