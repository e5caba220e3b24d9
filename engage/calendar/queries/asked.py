"""What a page or a feed asks of every source."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from engage.calendar.rules import Kind
from engage.coalitions.models import GroupMember, Membership
from engage.coalitions.permissions import Permission, may


@dataclass(frozen=True)
class Asked:
    """The places of one person, and what of them: each source shows no more than their role sees of its pages."""

    places: tuple[Membership, ...]
    # Moments from one on and before the other.
    since: datetime | None = None
    until: datetime | None = None
    # Days, both with them.
    first: date | None = None
    last: date | None = None
    kinds: frozenset[Kind] = frozenset(Kind)
    group_id: int | None = None
    mine: bool = False
    # Only what still waits, for a feed: what is done leaves it.
    waiting: bool = False

    @property
    def coalitions(self) -> list[int]:
        return [place.coalition_id for place in self.places]

    @cached_property
    def inside(self) -> frozenset[int]:
        """The coalitions of which the person sees all."""
        return frozenset(place.coalition_id for place in self.places if may(place.role, Permission.SEE_ALL))

    @property
    def me(self) -> list[int]:
        """Returns the places in which the person works, and so may lead something."""
        return [place.id for place in self.places if may(place.role, Permission.WORK)]

    @property
    def my_groups(self) -> sa.Select[int]:
        return sa.select(GroupMember.group_id).where(GroupMember.membership_id.in_(self.me))

    def zone(self, coalition_id: int) -> str:
        return next(each.coalition.time_zone for each in self.places if each.coalition_id == coalition_id)

    def sees_all(self, coalition_id: int) -> bool:
        return coalition_id in self.inside

    def holds(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    def on_days(self, column: Any) -> list[sa.ColumnElement[bool]]:
        found = [column.is_not(None)]
        if self.first is not None:
            found.append(column >= self.first)
        if self.last is not None:
            found.append(column <= self.last)
        return found

    def at_moments(self, column: Any) -> list[sa.ColumnElement[bool]]:
        found = []
        if self.since is not None:
            found.append(column >= self.since)
        if self.until is not None:
            found.append(column < self.until)
        return found
