"""Defines the request that a page or a feed makes to each source of calendar lines."""

from datetime import UTC, date, datetime
from functools import cached_property

import sqlalchemy as sa
from msgspec import Struct

from engage.calendar.rules import LineKind
from engage.coalitions.models import GroupMember, Membership
from engage.coalitions.permissions import Permission, may


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

    @property
    def coalitions(self) -> list[int]:
        return [place.coalition_id for place in self.places]

    @cached_property
    def inside(self) -> frozenset[int]:
        """Returns the coalitions in which the person's role sees everything."""
        return frozenset(place.coalition_id for place in self.places if may(place.role, Permission.SEE_ALL))

    @property
    def me(self) -> list[int]:
        """Returns the memberships whose role may work, and so may be responsible for something."""
        return [place.id for place in self.places if may(place.role, Permission.WORK)]

    @property
    def my_groups(self) -> sa.Select[int]:
        return sa.select(GroupMember.group_id).where(GroupMember.membership_id.in_(self.me))

    def zone(self, coalition_id: int) -> str:
        return next(each.coalition.time_zone for each in self.places if each.coalition_id == coalition_id)

    def sees_all(self, coalition_id: int) -> bool:
        return coalition_id in self.inside

    def on_days(self, column: sa.SQLColumnExpression[date | None]) -> sa.ColumnElement[bool]:
        return column.between(self.first, self.last)

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last
