"""Defines the request that a page or a feed makes to each source of calendar lines.

Each source builds its statement once for each shape of request, because building one takes longer than
running it.
"""

from datetime import UTC, date, datetime
from functools import cached_property
from typing import NamedTuple

import sqlalchemy as sa
from msgspec import Struct

from engage.calendar.rules import LineKind
from engage.coalitions.models import GroupMember, Membership
from engage.coalitions.permissions import Permission, may
from engage.database import UtcDateTime

COALITIONS: sa.BindParameter[int] = sa.bindparam("coalitions", expanding=True)
INSIDE: sa.BindParameter[int] = sa.bindparam("inside", expanding=True)
ME: sa.BindParameter[int] = sa.bindparam("me", expanding=True)
GROUP: sa.BindParameter[int] = sa.bindparam("group_id", type_=sa.Integer)
SINCE_DAY: sa.BindParameter[date] = sa.bindparam("since_day", type_=sa.Date)
_FIRST: sa.BindParameter[date] = sa.bindparam("first", type_=sa.Date)
_LAST: sa.BindParameter[date] = sa.bindparam("last", type_=sa.Date)
_SINCE: sa.BindParameter[datetime] = sa.bindparam("since", type_=UtcDateTime)
_UNTIL: sa.BindParameter[datetime] = sa.bindparam("until", type_=UtcDateTime)
MY_GROUPS = sa.select(GroupMember.group_id).where(GroupMember.membership_id.in_(ME))


class AskedShape(NamedTuple):
    """The parts of the request that change the text of a statement."""

    one_group: bool
    mine: bool
    waiting: bool


def on_days(column: object) -> tuple[sa.ColumnElement[bool], ...]:
    return column >= _FIRST, column <= _LAST


def at_moments(column: object) -> tuple[sa.ColumnElement[bool], ...]:
    return column >= _SINCE, column < _UNTIL


class Asked(Struct, frozen=True, dict=True):
    """A person's memberships, and what to read in them: each source shows only what their role may see."""

    places: tuple[Membership, ...]
    # Times are at or after `since` and before `until`.
    since: datetime
    until: datetime = datetime.max.replace(tzinfo=UTC)
    # Days are from `first` to `last`, both included.
    first: date = date.min
    last: date = date.max
    kinds: frozenset[LineKind] = frozenset(LineKind)
    group_id: int | None = None
    mine: bool = False
    # True for a feed: it has only open items, so that done ones disappear from it.
    waiting: bool = False

    @cached_property
    def inside(self) -> frozenset[int]:
        """Returns the coalitions in which the person's role sees everything."""
        return frozenset(place.coalition_id for place in self.places if may(place.role, Permission.SEE_ALL))

    @property
    def me(self) -> list[int]:
        """Returns the memberships whose role may work, and so may be responsible for something."""
        return [place.id for place in self.places if may(place.role, Permission.WORK)]

    @property
    def shape(self) -> AskedShape:
        return AskedShape(self.group_id is not None, self.mine, self.waiting)

    @cached_property
    def values(self) -> dict[str, object]:
        """Returns the values for the statements' parameters."""
        return {
            "coalitions": [place.coalition_id for place in self.places],
            "inside": sorted(self.inside),
            "me": self.me,
            "group_id": self.group_id,
            "since": self.since,
            "until": self.until,
            "since_day": self.since.date(),
            "first": self.first,
            "last": self.last,
        }

    def zone(self, coalition_id: int) -> str:
        return next(each.coalition.time_zone for each in self.places if each.coalition_id == coalition_id)

    def sees_all(self, coalition_id: int) -> bool:
        return coalition_id in self.inside

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last
