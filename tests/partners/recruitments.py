"""Makes saved open recruitments, conversations and attendances."""

from datetime import date
from typing import Any

from engage import clock
from engage.meetings.models import Attendance, Meeting
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.models import Conversation, Organization
from tests.factories import saved, the_coalition

TODAY = clock.today("America/Chicago")


def make_recruitment(sector: str = "health", **values: Any) -> Recruitment:
    coalition = values.pop("coalition", None) or the_coalition()
    given = {"coalition_id": coalition.id, "sector": sector, "created_at": clock.now()}
    return saved(Recruitment(**{**given, **values}))


def make_conversation(organization: Organization, on: date = TODAY, level: int | None = None) -> Conversation:
    """Makes a conversation, after which the level is what it said."""
    if level is not None:
        organization.level = level
    return saved(
        Conversation(
            coalition_id=organization.coalition_id,
            organization_id=organization.id,
            happened_on=on,
            level=level,
            written_at=clock.now(),
        )
    )


def attend(meeting: Meeting, **values: Any) -> Attendance:
    """Records that someone came, by default a guest."""
    given = {"coalition_id": meeting.coalition_id, "meeting_id": meeting.id}
    if "membership_id" not in values:
        given["guest"] = "A guest"
    return saved(Attendance(**{**given, **values}))
