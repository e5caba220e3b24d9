"""Writes meetings: planning, moving and copying them."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from engage import clock, history, versions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import queries
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.rules import Outcome, Source

# The history stores the old and new values of these fields. Of other fields it stores only that they changed.
_KEPT = frozenset({"kind", "group_id", "starts_at", "minutes", "is_open"})


def still_open(meeting: Meeting) -> Meeting:
    """Returns the meeting. Raises WrongState if it is closed."""
    if meeting.closed_at is not None:
        raise WrongState(
            _("This meeting is closed. It can be read; a coordinator can reopen it to change something.")
        )
    return meeting


def claim_open(meeting: Meeting, *, alone: bool = False) -> Meeting:
    """Returns the meeting, locked against closing until the commit. Raises WrongState if it is closed.

    With `alone`, no other request can claim the meeting at the same time.
    """
    fresh = db.session.scalars(
        sa.select(Meeting)
        .where(Meeting.id == meeting.id)
        .with_for_update(read=not alone)
        .execution_options(populate_existing=True)
    ).one()
    return still_open(fresh)


def add_meeting(membership: Membership, values: Mapping[str, object]) -> Meeting:
    """Adds a meeting. A group is stored only for a workgroup's meeting."""
    meeting = Meeting(
        coalition_id=membership.coalition_id,
        created_at=clock.now(),
        created_by_id=membership.id,
        **values,
    )
    return history.add(membership, meeting, new=meeting.kind)


def copy_meeting(membership: Membership, meeting: Meeting, starts_at: datetime) -> Meeting:
    """Copies the meeting to another time, with the lines of its agenda but without records.

    The copy is open to the public only if the person may decide that.
    """
    is_open = meeting.is_open and may(membership.role, Permission.PUBLISH)
    values = {
        **{
            name: getattr(meeting, name)
            for name in ("kind", "title", "minutes", "group_id", "place", "link", "about")
        },
        "starts_at": starts_at,
        "is_open": is_open,
        "public_place": meeting.public_place if is_open else "",
    }
    made = add_meeting(membership, values)
    for item in queries.agenda_of(meeting):
        if item.outcome is Outcome.DROPPED:
            continue
        # The copies of lines do not count as carried over.
        source = Source.HAND if item.source is Source.CARRIED_OVER else item.source
        db.session.add(
            AgendaItem(
                coalition_id=made.coalition_id,
                meeting_id=made.id,
                position=item.position,
                title=item.title,
                minutes=item.minutes,
                source=source,
                about=item.about,
                output=item.output,
            )
        )
    return made


def edit_meeting(
    membership: Membership, meeting: Meeting, version: int, values: Mapping[str, object]
) -> None:
    """Sets new values of fields by name. Raises StaleVersion, and WrongState if it is closed."""
    claim_open(meeting)
    versions.change(membership, meeting, version, values, _KEPT)
