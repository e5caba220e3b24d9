"""Writes a person's calendar by secret link: their due dates and meetings, in all their coalitions.

The link and the memberships are looked up at every request: what is left or stopped is gone at once. Only
titles and days go into it, because anyone who holds the link can read it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, url_for

from engage import clock, tokens
from engage.accounts import service as accounts
from engage.accounts.models import User
from engage.checklist.models import Item
from engage.checklist.queries import OPEN as OPEN_ITEMS
from engage.coalitions import queries as coalitions
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import GroupMember, Membership
from engage.coalitions.permissions import Permission, may
from engage.content.loader import content
from engage.database import along
from engage.extensions import db
from engage.meetings.calendar_file import Entry, feed, meeting_uid
from engage.meetings.models import Meeting
from engage.messages.models import CalendarLink
from engage.messages.rules import CALENDAR_AHEAD_DAYS, CALENDAR_PAST_DAYS
from engage.plan.carried.queries import STILL_EARLIER
from engage.plan.models import Action, Plan
from engage.plan.repeats import service as repeats_service
from engage.plan.rules import OPEN, PlanStatus
from engage.toolkit.models import Reader, Section
from engage.web import links

PURPOSE = "calendar"
LOOK_AGAIN_HOURS = 12


def user_by_token(token: str) -> User | None:
    """Returns the person whose calendar this link shows; None for an unknown, stopped or replaced link."""
    rows = (
        sa.select(User)
        .join(CalendarLink, CalendarLink.user_id == User.id)
        .where(CalendarLink.token_hash == tokens.hashed(token), User.disabled_at.is_(None))
    )
    return db.session.scalar(rows)


def link_of(user: User) -> CalendarLink | None:
    return db.session.scalar(sa.select(CalendarLink).where(CalendarLink.user_id == user.id))


def address_of(link: CalendarLink) -> str | None:
    """Returns the full link; None if it was made with an earlier key and cannot be shown again."""
    token = _token(link.nonce)
    if tokens.hashed(token) != link.token_hash:
        return None
    return links.external(url_for("my_messages.calendar", token=token))


def _token(nonce: str) -> str:
    return tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, nonce)


# -- the feed


def calendar_of(user: User, now: datetime) -> str:
    """Returns the feed's text, in six queries, however many coalitions and rows."""
    return feed(_entries(user, now), "Engage", now, LOOK_AGAIN_HOURS)


def _entries(user: User, now: datetime) -> Iterator[Entry]:
    places = coalitions.memberships_of(user.id)
    working = [place for place in places if may(place.role, Permission.WORK)]
    meeting = [place for place in places if may(place.role, Permission.SEE_ALL)]
    names = _Names(places)
    yield from _actions(working, names)
    yield from _to_come(working, names, now)
    yield from _items(working, names)
    yield from _reading(working, names)
    yield from _meetings(meeting, names, now)


class _Names:
    """The words that titles and addresses of a coalition's things begin and end with."""

    def __init__(self, places: Sequence[Membership]) -> None:
        self._places = {place.coalition_id: place for place in places}

    def title(self, title: str, coalition_id: int) -> str:
        """Returns the title; for a person in several coalitions it names the coalition."""
        if len(self._places) < 2:
            return title
        return f"{title} ({self._places[coalition_id].coalition.name})"

    def url(self, coalition_id: int, endpoint: str, **values: Any) -> str:
        slug = self._places[coalition_id].coalition.slug
        return links.external(url_for(endpoint, slug=slug, **values))

    def fits(self, coalition_id: int, key: str) -> bool:
        return content().tip_item(key).fits(self._places[coalition_id].coalition.stage)


def _ids(places: Sequence[Membership]) -> list[int]:
    return [place.id for place in places]


def _actions(places: Sequence[Membership], names: _Names) -> Iterator[Entry]:
    rows = (
        sa.select(
            Action.coalition_id,
            Action.id,
            Action.created_at,
            Action.version,
            Action.number,
            Action.title,
            Action.due_on,
        )
        .join(Plan, along(Action.plan_id, Plan))
        .where(
            Action.owner_id.in_(_ids(places)),
            Action.status.in_(OPEN),
            Action.due_on.is_not(None),
            Plan.status != PlanStatus.CLOSED,
            sa.not_(STILL_EARLIER),
        )
        .order_by(Action.due_on, Action.id)
    )
    for coalition_id, key, created_at, version, number, title, due_on in db.session.execute(rows):
        assert due_on is not None
        yield Entry(
            f"engage-action-{coalition_id}-{key}-{created_at:%Y%m%dT%H%M%SZ}",
            version - 1,
            names.title(title, coalition_id),
            names.url(coalition_id, "plan.action", number=number),
            due_on,
        )


def _to_come(places: Sequence[Membership], names: _Names, now: datetime) -> Iterator[Entry]:
    """Yields dates of what repeats, a year ahead; once an action is made for one, it takes its place."""
    until = now.date() + timedelta(days=CALENDAR_AHEAD_DAYS)
    for each in repeats_service.to_come(_ids(places), until):
        yield Entry(
            f"engage-repeat-{each.coalition_id}-{each.repeat_id}-{each.on:%Y%m%d}",
            0,
            names.title(each.title, each.coalition_id),
            names.url(each.coalition_id, "plan.action", number=each.number),
            each.on,
        )


def _items(places: Sequence[Membership], names: _Names) -> Iterator[Entry]:
    rows = (
        sa.select(Item.coalition_id, Item.id, Item.version, Item.key, Item.due_on)
        .where(Item.owner_id.in_(_ids(places)), Item.state.in_(OPEN_ITEMS), Item.due_on.is_not(None))
        .order_by(Item.due_on, Item.id)
    )
    texts = {item.key: item.text for tip in content().tips for item in tip.items}
    for coalition_id, key, version, name, due_on in db.session.execute(rows):
        if name in texts and names.fits(coalition_id, name):
            assert due_on is not None
            yield Entry(
                f"engage-item-{coalition_id}-{key}",
                version - 1,
                names.title(texts[name], coalition_id),
                names.url(coalition_id, "checklist.item", key=name),
                due_on,
            )


def _reading(places: Sequence[Membership], names: _Names) -> Iterator[Entry]:
    rows = (
        sa.select(Section.coalition_id, Reader.id, Section.key, Section.title, Section.due_on)
        .join(Section, along(Reader.section_id, Section))
        .where(Reader.reader_id.in_(_ids(places)), Reader.read_on.is_(None), Section.due_on.is_not(None))
        .order_by(Section.due_on, Section.id)
    )
    shipped = {each.key: each.name for each in content().sections}
    for coalition_id, key, name, title, due_on in db.session.execute(rows):
        if title or name in shipped:
            assert due_on is not None
            yield Entry(
                f"engage-reading-{coalition_id}-{key}",
                0,
                names.title(title or shipped[name], coalition_id),
                names.url(coalition_id, "toolkit.section", key=name),
                due_on,
            )


def _meetings(places: Sequence[Membership], names: _Names, now: datetime) -> Iterator[Entry]:
    """Yields meetings of everyone and of the person's groups, from a month back, so that none vanishes as it ends."""
    groups = sa.select(GroupMember.group_id).where(GroupMember.membership_id.in_(_ids(places)))
    rows = (
        sa.select(
            Meeting.coalition_id,
            Meeting.id,
            Meeting.created_at,
            Meeting.version,
            Meeting.title,
            Meeting.starts_at,
            Meeting.minutes,
        )
        .where(
            Meeting.coalition_id.in_([place.coalition_id for place in places]),
            Meeting.starts_at >= now - timedelta(days=CALENDAR_PAST_DAYS),
            sa.or_(Meeting.group_id.is_(None), Meeting.group_id.in_(groups)),
        )
        .order_by(Meeting.starts_at, Meeting.id)
    )
    for coalition_id, key, created_at, version, title, starts_at, minutes in db.session.execute(rows):
        yield Entry(
            meeting_uid(coalition_id, key, created_at),
            version - 1,
            names.title(title, coalition_id),
            names.url(coalition_id, "meetings.meeting", meeting_id=key),
            starts_at,
            minutes,
        )


# -- writes


def make_link(user: User) -> None:
    """Makes a fresh link; the one before it stops at once."""
    accounts.lock(user)
    _record(user, AuditEvent.CALENDAR_LINK_MADE)
    nonce = tokens.new_token()
    values = {"nonce": nonce, "token_hash": tokens.hashed(_token(nonce)), "made_at": clock.now()}
    link = link_of(user)
    if link is None:
        db.session.add(CalendarLink(user_id=user.id, **values))
        return
    for name, value in values.items():
        setattr(link, name, value)


def stop_link(user: User) -> None:
    if link_of(user) is not None:
        _record(user, AuditEvent.CALENDAR_LINK_STOPPED)
    db.session.execute(sa.delete(CalendarLink).where(CalendarLink.user_id == user.id))


def _record(user: User, event: AuditEvent) -> None:
    """Records it in the log of each coalition whose titles and days the link shows."""
    for place in coalitions.memberships_of(user.id):
        audit_service.record(place, event, place)
