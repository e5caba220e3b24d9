"""Makes saved meetings, agenda items and decisions."""

from datetime import UTC, datetime
from typing import Any

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.meetings import service
from engage.meetings.decisions import service as decisions_service
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.meetings.rules import MeetingKind
from tests.client import EngageClient
from tests.factories import saved
from tests.html import Page

# A Tuesday evening at 18:00 in Chicago, far ahead of any clock that the tests run by.
COMING = datetime(2094, 3, 3, 0, 0, tzinfo=UTC)
PAST = datetime(2026, 3, 4, 0, 0, tzinfo=UTC)
MEETINGS = "/c/riverbend/meetings/"


def make_meeting(by: Membership, **values: Any) -> Meeting:
    """Makes a coming general meeting; `starts_at=PAST` makes one that is over."""
    given = {"kind": MeetingKind.GENERAL, "title": "Quarterly meeting", "starts_at": COMING, "minutes": 90}
    later = {name: values.pop(name) for name in ("closed_at",) if name in values}
    meeting = service.add_meeting(by, {**given, **values})
    for name, value in later.items():
        setattr(meeting, name, value)
    db.session.commit()
    return meeting


def make_item(meeting: Meeting, title: str = "Review of the plan", **values: Any) -> AgendaItem:
    position = values.pop("position", 1)
    row = {"coalition_id": meeting.coalition_id, "meeting_id": meeting.id, "position": position}
    return saved(AgendaItem(**{**row, "title": title, **values}))


def make_decision(
    meeting: Meeting, by: Membership, text: str = "Print the card in Spanish", **values: Any
) -> Decision:
    given = {"text": text, "owner_id": None, "review_on": None, "item_id": None}
    decision = decisions_service.add_decision(by, meeting, {**given, **values})
    db.session.commit()
    return decision


def opened(recorder: EngageClient, meeting: Meeting) -> dict[str, str]:
    """Returns what a browser would post of the page that records this meeting, as it is opened."""
    return held(recorder.page(f"{MEETINGS}{meeting.id}/notes/"))


def held(page: Page) -> dict[str, str]:
    """Returns what a browser would post of this page that records a meeting."""
    fields = page.all("#meetings-record :is(input, textarea)")
    return {
        node.attributes["name"] or "": page.value(node.attributes["name"] or "")
        if node.tag == "textarea"
        else node.attributes.get("value") or ""
        for node in fields
        if node.attributes.get("type") not in {"radio", "checkbox"} or "checked" in node.attributes
    }
