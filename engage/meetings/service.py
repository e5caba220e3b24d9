"""Writes meetings: planning, moving, copying, calling off."""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.errors import WrongState
from engage.extensions import db
from engage.history import Value
from engage.meetings import queries
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.rules import MeetingKind, Outcome, Source
from engage.versions import claim_version

# History keeps the old and new values of these fields. For other fields it only notes that they changed.
_KEPT = frozenset({"kind", "group_id", "minutes", "is_open"})


def still_open(meeting: Meeting) -> Meeting:
    """Returns the meeting. Raises WrongState if it is closed."""
    if meeting.closed_at is not None:
        raise WrongState(
            _("This meeting is closed. It can be read; a coordinator can reopen it to change something.")
        )
    return meeting


def claim_open(meeting: Meeting, *, alone: bool = False) -> Meeting:
    """Returns the meeting, locked against closing until the commit. Raises WrongState if it is closed.

    With `alone` no one else can claim it meanwhile.
    """
    fresh = db.session.scalars(
        sa.select(Meeting)
        .where(Meeting.id == meeting.id)
        .with_for_update(read=not alone)
        .execution_options(populate_existing=True)
    ).one()
    return still_open(fresh)


def add_meeting(
    membership: Membership,
    *,
    kind: MeetingKind,
    title: str,
    starts_at: datetime,
    minutes: int,
    group_id: int | None = None,
    place: str = "",
    link: str = "",
    about: str = "",
    is_open: bool = False,
    public_place: str = "",
) -> Meeting:
    """Adds a meeting; only a workgroup's meeting has a group."""
    meeting = Meeting(
        coalition_id=membership.coalition_id,
        kind=kind,
        title=title,
        starts_at=starts_at,
        minutes=minutes,
        group_id=group_id,
        place=place,
        link=link,
        about=about,
        is_open=is_open,
        public_place=public_place,
        created_at=clock.now(),
        created_by_id=membership.id,
    )
    db.session.add(meeting)
    db.session.flush()
    _note(membership, meeting, "added", new=kind)
    return meeting


def copy_meeting(membership: Membership, meeting: Meeting, starts_at: datetime) -> Meeting:
    """Copies the meeting to another time, with the lines of its agenda but no records.

    The copy is open to the public only if the person may publish.
    """
    is_open = meeting.is_open and may(membership.role, Permission.PUBLISH)
    made = add_meeting(
        membership,
        kind=meeting.kind,
        title=meeting.title,
        starts_at=starts_at,
        minutes=meeting.minutes,
        group_id=meeting.group_id,
        place=meeting.place,
        link=meeting.link,
        about=meeting.about,
        is_open=is_open,
        public_place=meeting.public_place if is_open else "",
    )
    for item in queries.agenda_of(meeting):
        if item.outcome is Outcome.DROPPED:
            continue
        # The copy's lines were not carried over from anywhere.
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
    claim_version(meeting, version)
    for field, value in values.items():
        old = getattr(meeting, field)
        if old == value:
            continue
        kept: dict[str, Value] = {"old": old, "new": value} if field in _KEPT else {}  # type: ignore[dict-item]
        if isinstance(value, datetime):
            kept = {"old": old, "new": value}
        _note(membership, meeting, field, **kept)
        setattr(meeting, field, value)


def _note(
    membership: Membership, meeting: Meeting, field: str, *, old: Value = None, new: Value = None
) -> None:
    history.record(
        meeting.coalition_id, membership.id, Meeting.__tablename__, meeting.id, field, old=old, new=new
    )
