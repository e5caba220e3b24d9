"""Makes the links of feeds, and finds their owners.

Every request looks up the link and the memberships, so that leaving a coalition or stopping a link takes
effect at once.
"""

import hashlib

import sqlalchemy as sa
from flask import current_app, url_for
from msgspec import Struct

from engage import clock, tokens
from engage.accounts import service as accounts
from engage.accounts.models import User
from engage.calendar.models import CalendarLink
from engage.coalitions import queries as coalitions
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Group, Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import group_of
from engage.extensions import db
from engage.web import links

PURPOSE = "calendar"
GROUP_PURPOSE = "group calendar"


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
    return links.external(url_for("my_calendar.feed", token=token))


def subscribing(address: str) -> str:
    """Returns the address with which a calendar program subscribes."""
    return f"webcal:{address.partition(':')[2]}"


def _token(nonce: str) -> str:
    return tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, nonce)


# -- a group's feed: its link is signed, and not stored. It stops when the link of the person who shared it
# stops.


class GroupFeed(Struct, frozen=True):
    """A group's calendar, as the person who shared its link sees it."""

    place: Membership
    group: Group


def group_address(link: CalendarLink, group_id: int, coalition_id: int) -> str:
    """Returns the full link to a group's calendar; it does not reveal the person's own link."""
    numbers = (link.id, _mark(link), coalition_id, group_id)
    token = tokens.signed(current_app.config["SECRET_KEY"], GROUP_PURPOSE, numbers)
    return links.external(url_for("my_calendar.group_feed", token=token))


def group_by_token(token: str) -> GroupFeed | None:
    """Returns the group of this link; None if the link is invalid, stopped or replaced, or its person lost access."""
    numbers = tokens.read_signed(current_app.config["SECRET_KEY"], GROUP_PURPOSE, token)
    if numbers is None or len(numbers) != 4:
        return None
    link_id, mark, coalition_id, group_id = numbers
    rows = sa.select(CalendarLink, User).join(User, User.id == CalendarLink.user_id)
    row = db.session.execute(rows.where(CalendarLink.id == link_id)).one_or_none()
    if row is None or _mark(row.CalendarLink) != mark:
        return None
    user = row.User
    places = coalitions.memberships_of(user.id) if user.disabled_at is None else []
    place = next((each for each in places if each.coalition_id == coalition_id), None)
    if place is None or not may(place.role, Permission.SEE_ALL):
        return None
    group = group_of(place, group_id)
    return GroupFeed(place, group) if group is not None else None


def _mark(link: CalendarLink) -> int:
    """Returns a number that changes with each new link, and so invalidates the links to groups made before."""
    return int.from_bytes(hashlib.sha256(link.nonce.encode()).digest()[:4])


# -- writes


def make_link(user: User) -> None:
    """Makes a new link; the earlier one stops at once."""
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
    """Records the event in the audit log of each coalition whose titles and dates the link shows."""
    for place in coalitions.memberships_of(user.id):
        audit_service.record(place, event, place)
