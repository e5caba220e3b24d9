"""Puts open meetings and events into words for the public page, its feed and About us."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from flask import url_for
from msgspec import Struct

from engage import clock
from engage.coalitions.models import Coalition
from engage.meetings import labels
from engage.meetings.calendar_file import (
    LOOK_AGAIN_HOURS,
    OPEN_EVENT,
    OPEN_MEETING,
    PAST_DAYS,
    CalendarEntry,
    feed,
    open_uid,
)
from engage.meetings.public import SHOWN_MOST, open_meetings
from engage.plan.activities.labels import when_words
from engage.plan.activities.rules import is_over
from engage.plan.public.queries import OpenEvent, open_events


class OpenRow(Struct, frozen=True):
    """An open meeting or event in words; `url` is its page, which only members may read.

    `signup_url` is the public page to sign up, or empty.
    """

    title: str
    when: str
    place: str
    url: str
    signup_url: str = ""


def open_rows(coalition: Coalition, today: date) -> list[OpenRow]:
    """Returns open meetings and events from today on, soonest first, in two queries."""
    zone = coalition.time_zone
    found: list[tuple[datetime, OpenRow]] = []
    for meeting in open_meetings(coalition.id, clock.start_of_day(today, zone), SHOWN_MOST):
        url = url_for("meetings.meeting", slug=coalition.slug, meeting_id=meeting.id)
        when = labels.when(meeting.starts_at, meeting.minutes)
        found.append((meeting.starts_at, OpenRow(meeting.title, when, meeting.place, url)))
    for event in open_events(coalition.id, today, SHOWN_MOST):
        url = url_for("plan.activity", slug=coalition.slug, activity_id=event.id)
        when = when_words(event.day, event.starts_at, event.minutes, zone)
        moment = event.starts_at or clock.start_of_day(event.day, zone)
        found.append((moment, OpenRow(event.title, when, event.place, url, _signup_url(event, today))))
    found.sort(key=lambda row: row[0])
    return [row for _moment, row in found[:SHOWN_MOST]]


def _signup_url(event: OpenEvent, today: date) -> str:
    if is_over(event.day, event.starts_at, event.minutes, today, clock.now()):
        return ""
    token = event.signup_token
    return url_for("event.show_event", token=token) if token else ""


def public_calendar(coalition: Coalition, now: datetime, url: str) -> str:
    """Returns what a coalition marked as open to the public; every entry links to its public page at `url`."""
    return feed(_entries(coalition, now, url), coalition.name, now, LOOK_AGAIN_HOURS)


def _entries(coalition: Coalition, now: datetime, url: str) -> Iterator[CalendarEntry]:
    """Yields entries of the public feed; each links to the public page at `url`, never to a members' page."""
    since = now - timedelta(days=PAST_DAYS)
    for meeting in open_meetings(coalition.id, since):
        yield CalendarEntry(
            open_uid(OPEN_MEETING, coalition.id, meeting.id, meeting.created_at),
            meeting.version - 1,
            meeting.title,
            url,
            meeting.starts_at,
            meeting.minutes,
            place=meeting.place,
        )
    for event in open_events(coalition.id, since.date()):
        yield CalendarEntry(
            open_uid(OPEN_EVENT, coalition.id, event.id, event.created_at),
            event.version - 1,
            event.title,
            url,
            event.starts_at or event.day,
            event.minutes or 0,
            place=event.place,
        )
