"""Makes and checks the link in a mail by which one person answers for one meeting without signing in.

The link is signed, and not stored. Each use looks up the person and the meeting, so that the link stops
working for people who left or are paused.
"""

from datetime import datetime

import sqlalchemy as sa
from flask import current_app, url_for
from msgspec import Struct
from sqlalchemy.orm import joinedload

from engage import tokens
from engage.accounts.models import User
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.queries import active
from engage.extensions import db
from engage.meetings.models import Meeting

PURPOSE = "rsvp"


class InvitedGuest(Struct, frozen=True):
    """The person for whom a link was made, and the meeting; None for a canceled meeting."""

    person: Membership
    meeting: Meeting | None


def token_of(person_id: int, meeting: Meeting) -> str:
    """Returns the token.

    It contains the time at which the meeting was added, because ids may be used again.
    """
    numbers = (person_id, meeting.id, _second(meeting.created_at))
    return tokens.signed(current_app.config["SECRET_KEY"], PURPOSE, numbers)


def path_of(person_id: int, meeting: Meeting) -> str:
    """Returns the address of the page on which to answer."""
    return url_for("rsvp.reply_by_link", token=token_of(person_id, meeting))


def guest_of(token: str) -> InvitedGuest | None:
    """Returns the person who may answer by this link; None if it is invalid or they have no access now."""
    numbers = tokens.read_signed(current_app.config["SECRET_KEY"], PURPOSE, token)
    if numbers is None or len(numbers) != 3:
        return None
    person_id, meeting_id, added = numbers
    person = db.session.scalar(
        sa.select(Membership)
        .options(joinedload(Membership.coalition))
        .join(Coalition, Coalition.id == Membership.coalition_id)
        .outerjoin(User, User.id == Membership.user_id)
        .where(
            Membership.id == person_id, *active(), Coalition.closed_at.is_(None), User.disabled_at.is_(None)
        )
    )
    if person is None:
        return None
    meeting = db.session.scalar(
        sa.select(Meeting).where(Meeting.coalition_id == person.coalition_id, Meeting.id == meeting_id)
    )
    is_same = meeting is not None and _second(meeting.created_at) == added
    return InvitedGuest(person, meeting if is_same else None)


def _second(moment: datetime) -> int:
    return int(moment.timestamp()) % 2**32
