"""What a page or a feed asks of every source.

Statements of sources are built once for each shape of what is asked: building one takes longer than running it.
"""

from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa
from msgspec import Struct

from engage.calendar.rules import Kind
from engage.coalitions.models import GroupMember, Membership
from engage.coalitions.permissions import Permission, may
from engage.database import UtcDateTime

COALITIONS: sa.BindParameter[Any] = sa.bindparam("coalitions", expanding=True)
INSIDE: sa.BindParameter[Any] = sa.bindparam("inside", expanding=True)
ME: sa.BindParameter[Any] = sa.bindparam("me", expanding=True)
GROUP: sa.BindParameter[int] = sa.bindparam("group_id", type_=sa.Integer)
SINCE_DAY: sa.BindParameter[date] = sa.bindparam("since_day", type_=sa.Date)
_FIRST: sa.BindParameter[date] = sa.bindparam("first", type_=sa.Date)
_LAST: sa.BindParameter[date] = sa.bindparam("last", type_=sa.Date)
_SINCE: sa.BindParameter[datetime] = sa.bindparam("since", type_=UtcDateTime)
_UNTIL: sa.BindParameter[datetime] = sa.bindparam("until", type_=UtcDateTime)
MY_GROUPS = sa.select(GroupMember.group_id).where(GroupMember.membership_id.in_(ME))


class Shape(NamedTuple):
    """What of the question decides how a statement reads."""

    one_group: bool
    mine: bool
    waiting: bool


def on_days(column: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return column >= _FIRST, column <= _LAST


def at_moments(column: Any) -> tuple[sa.ColumnElement[bool], ...]:
    return column >= _SINCE, column < _UNTIL


class Asked(Struct, frozen=True, dict=True):
    """The places of one person, and what of them: each source shows no more than their role sees of its pages."""

    places: tuple[Membership, ...]
    # Moments from one on and before the other.
    since: datetime
    until: datetime = datetime.max.replace(tzinfo=UTC)
    # Days, both with them.
    first: date = date.min
    last: date = date.max
    kinds: frozenset[Kind] = frozenset(Kind)
    group_id: int | None = None
    mine: bool = False
    # Only what still waits, for a feed: what is done leaves it.
    waiting: bool = False

    @cached_property
    def inside(self) -> frozenset[int]:
        """The coalitions of which the person sees all."""
        return frozenset(place.coalition_id for place in self.places if may(place.role, Permission.SEE_ALL))

    @property
    def me(self) -> list[int]:
        """Returns the places in which the person works, and so may lead something."""
        return [place.id for place in self.places if may(place.role, Permission.WORK)]

    @property
    def shape(self) -> Shape:
        return Shape(self.group_id is not None, self.mine, self.waiting)

    @cached_property
    def values(self) -> dict[str, object]:
        """The values of the statements."""
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
