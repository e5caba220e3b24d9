"""Builds a person's inbox: everything that waits for them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import url_for
from msgspec import Struct

from engage import clock
from engage.assessment.models import Round
from engage.checklist import queries as checklist
from engage.coalitions.announcements import queries as announcements_queries
from engage.coalitions.announcements.queries import Posted
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.permissions import Permission, may
from engage.dates import day_text
from engage.extensions import db
from engage.home import pages as home_pages
from engage.home import queries as home
from engage.home.pages import WaitingLine
from engage.home.queries import Waiting
from engage.i18n import format_time
from engage.i18n import gettext as _
from engage.meetings import queries as meetings
from engage.meetings.queries import MyMeeting
from engage.meetings.replies.labels import MINE_LABELS
from engage.messages.models import Look
from engage.messages.reminding import late_of
from engage.messages.rules import Lists, lists, new_since
from engage.plan.actions.queries import waiting as waiting_queries
from engage.plan.actions.queries.waiting import WaitingActions
from engage.toolkit import queries as toolkit

# An inbox shows at most this many actions, because it is for reading and not for working through.
ACTIONS_MOST = 200


class News(Struct, frozen=True):
    """What is new for a person since a given time: all keys, and new actions with any due date."""

    keys: frozenset[str]
    actions: WaitingActions


class Inbox(Struct, frozen=True):
    lists: Lists[WaitingLine]
    new_keys: frozenset[str]
    since: datetime
    # The number of waiting actions that are not shown.
    more: int

    def is_new(self, row: WaitingLine) -> bool:
        return row.key in self.new_keys


class InboxElsewhere(Struct, frozen=True):
    """Another of the person's coalitions, and the number of things that wait there."""

    coalition: Coalition
    url: str
    waiting: int
    late: int


def looked_at(membership: Membership) -> datetime | None:
    """Returns when this person last marked everything as seen."""
    return db.session.scalar(sa.select(Look.looked_at).where(Look.membership_id == membership.id))


def inbox_of(membership: Membership, now: datetime, told_at: datetime | None = None) -> Inbox:
    """Returns what waits for this person. `told_at` is when a later digest listed new things."""
    zone = membership.coalition.time_zone
    today = clock.local_day(now, zone)
    looked = max(filter(None, (looked_at(membership), told_at)), default=None)
    since = new_since(looked, membership.approved_at or membership.joined_at, now)
    waiting = home.waiting_of(membership, today, ACTIONS_MOST)
    coming = (
        meetings.my_meetings(membership, clock.start_of_day(today, zone))
        if may(membership.role, Permission.SEE_ALL)
        else []
    )
    posted = announcements_queries.current(membership, today)
    news = _news(membership, today, since, waiting, coming, posted)
    shown = _things(waiting, news, coming, posted, today, zone)
    more = waiting.my_actions.total - len(waiting.my_actions.shown)
    return Inbox(lists(shown, news.keys, today), news.keys, since, more)


def _things(
    waiting: Waiting, news: News, coming: list[MyMeeting], posted: list[Posted], today: date, zone: str
) -> Iterator[WaitingLine]:
    """Yields everything that waits: new actions due later, this week's and new meetings, announcements."""
    seen = set()
    for row in home_pages.waiting_rows(waiting, today, None).shown:
        seen.add(row.key)
        yield row
    for action in news.actions.shown:
        if (row := home_pages.action_row(action, today)).key not in seen:
            yield row
    for meeting in coming:
        row = _meeting_row(meeting, today, zone)
        if row.key in news.keys or lists([row], (), today).this_week:
            yield row
    for each in posted:
        if (row := _posted_row(each, today)).key in news.keys:
            yield row


def _posted_row(posted: Posted, today: date) -> WaitingLine:
    url = url_for("announcements.index", _anchor=f"announcements-{posted.id}")
    detail = _("Until %(day)s.", day=day_text(posted.until_on, today))
    return WaitingLine(_("Announcement"), "info", posted.title, url, detail, key=f"announcement:{posted.id}")


def _meeting_row(meeting: MyMeeting, today: date, zone: str) -> WaitingLine:
    at = meeting.starts_at.astimezone(ZoneInfo(zone))
    detail = _(
        "%(day)s, %(time)s.", day=day_text(at.date(), today), time=format_time(at, "short", rebase=False)
    )
    url = url_for("meetings.meeting", meeting_id=meeting.id)
    reminds = meeting.wants_reminder and at.date() - today <= timedelta(days=1)
    tag, kind = (_("Reminder"), "next") if reminds else (_("Meeting"), "info")
    return WaitingLine(
        tag,
        kind,
        meeting.title,
        url,
        f"{detail} {_said_of(meeting)}",
        due_on=at.date(),
        key=f"meeting:{meeting.id}",
    )


def _said_of(meeting: MyMeeting) -> str:
    if meeting.answer is None:
        return _("You have not said whether you are coming.")
    if meeting.was_moved:
        return _("The time has changed since you answered: say again whether you are coming.")
    return str(MINE_LABELS[meeting.answer])


def _news(
    membership: Membership,
    today: date,
    since: datetime,
    waiting: Waiting,
    coming: list[MyMeeting],
    posted: list[Posted],
) -> News:
    actions = waiting_queries.newly_mine(membership, today, since, ACTIONS_MOST)
    keys = {f"action:{action.number}" for action in actions.shown}
    keys |= {f"item:{key}" for key in checklist.newly_held(membership, since)}
    keys |= {f"section:{key}" for key in toolkit.newly_to_read(membership, since)}
    keys |= {
        f"meeting:{meeting.id}"
        for meeting in coming
        if meeting.created_at > since and meeting.created_by_id != membership.id
    }
    keys |= {
        f"announcement:{each.id}"
        for each in posted
        if each.posted_at > since and each.posted_by_id != membership.id
    }
    keys |= {f"ask:{each.id}" for each in waiting.asks if each.moved_at > since}
    after = clock.local_day(since, membership.coalition.time_zone)
    keys |= {f"person:{person.id}" for person in waiting.people if person.asked_on >= after}
    if waiting.open_round is not None:
        opened = sa.select(Round.id).where(Round.id == waiting.open_round.id, Round.opened_at > since)
        keys |= {f"round:{key}" for key in db.session.scalars(opened)}
    return News(frozenset(keys), actions)


def elsewhere(memberships: list[Membership], here: Membership) -> list[InboxElsewhere]:
    """Returns the person's other coalitions in which something waits for them."""
    found = []
    for place in memberships:
        if place.id != here.id and may(place.role, Permission.WORK):
            today = clock.today(place.coalition.time_zone)
            waiting = home.waiting_of(place, today, ACTIONS_MOST)
            if total := home_pages.waiting_total(waiting):
                url = url_for("messages.index", slug=place.coalition.slug)
                late = late_of(waiting.my_actions.shown, waiting.my_items, waiting.my_reading, today)
                found.append(InboxElsewhere(place.coalition, url, total, late))
    return found
