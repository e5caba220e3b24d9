"""Builds the text of feeds. They contain only titles and dates, because anyone who has a link can read them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from msgspec import Struct

from engage import clock
from engage.accounts.models import User
from engage.calendar.feeds import service
from engage.calendar.feeds.service import GroupFeed
from engage.calendar.queries.asked import Asked
from engage.calendar.queries.lines import lines_of
from engage.calendar.rules import CalendarLine
from engage.coalitions import queries as coalitions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import group_rows
from engage.meetings.calendar_file import LOOK_AGAIN_HOURS, PAST_DAYS, CalendarEntry, feed
from engage.reports.public import queries as public_queries
from engage.reports.public import service as public_service
from engage.web import links


def calendar_of(user: User, now: datetime) -> str:
    """Returns a person's feed; the number of queries does not grow with coalitions and rows."""
    places = tuple(coalitions.memberships_of(user.id))
    return _feed(places, "Engage", now, mine=True)


def calendar_of_group(shown: GroupFeed, now: datetime) -> str:
    return _feed((shown.place,), shown.group.name, now, group_id=shown.group.id)


def _feed(places: tuple[Membership, ...], name: str, now: datetime, **more: Any) -> str:
    asked = Asked(places, since=now - timedelta(days=PAST_DAYS), waiting=True, **more)
    lines = lines_of(asked, clock.today(places[0].coalition.time_zone)) if places else []
    return feed(_entries(lines, places), name, now, LOOK_AGAIN_HOURS)


def _entries(lines: Iterable[CalendarLine], places: Sequence[Membership]) -> Iterator[CalendarEntry]:
    """Yields the lines as calendar entries; for a person in several coalitions, each title names the coalition."""
    of = {place.coalition_id: place.coalition for place in places}
    for line in lines:
        coalition = of[line.coalition_id]
        yield CalendarEntry(
            line.uid,
            line.version - 1,
            line.title if len(of) < 2 else f"{line.title} ({coalition.name})",
            links.external(url_for(line.endpoint or "home.index", slug=coalition.slug, **line.values)),
            line.starts,
            line.minutes,
        )


# -- the page of links


class Feed(Struct, frozen=True):
    """A link to a feed to copy, and the same link in the form that opens a calendar program."""

    key: str
    name: str
    address: str
    webcal: str


class Subscribing(Struct, frozen=True):
    """The feeds to which a person can subscribe; `own` is None if there is no link, or if it cannot be shown again."""

    own: Feed | None
    has_link: bool
    groups: Sequence[Feed]
    has_groups: bool
    public: Feed | None
    may_publish: bool


def subscribing_of(membership: Membership, user: User) -> Subscribing:
    link = service.link_of(user)
    address = service.address_of(link) if link is not None else None
    groups = group_rows(membership) if may(membership.role, Permission.SEE_ALL) else []
    may_publish = may(membership.role, Permission.PUBLISH)
    return Subscribing(
        own=_link("own", membership.name, address) if address else None,
        has_link=link is not None,
        groups=[
            _link(
                f"group-{each.id}", each.name, service.group_address(link, each.id, membership.coalition_id)
            )
            for each in groups
            if link is not None
        ],
        has_groups=bool(groups),
        public=_public(membership) if may_publish else None,
        may_publish=may_publish,
    )


def _public(membership: Membership) -> Feed | None:
    page = public_queries.page_of(membership)
    token = public_service.token_of(page) if page is not None else None
    if token is None:
        return None
    return _link("public", membership.coalition.name, links.external(url_for("public.meetings", token=token)))


def _link(key: str, name: str, address: str) -> Feed:
    return Feed(key, name, address, service.subscribing(address))
