"""Reads requests to join a group, and their answers."""

from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from msgspec import Struct

from engage.clock import local_day
from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import active
from engage.coalitions.readers import Reader, in_place
from engage.coalitions.rules import Role
from engage.database import Selection, along
from engage.directory.groups.asks.models import GroupAsk
from engage.extensions import db


class AskLine(Struct, frozen=True):
    """A request with its author and its group, as lists show it."""

    id: int
    group_id: int
    group: str
    membership_id: int
    name: str
    asked_at: datetime
    why: str
    answered_at: datetime | None
    is_welcome: bool
    answer: str
    # The day of the request in the coalition's time zone.
    asked_on: date

    @property
    def moved_at(self) -> datetime:
        """Returns when the request was answered, or, while it waits, when it was made."""
        return self.answered_at or self.asked_at


_LINES: Selection = (
    sa.select(
        GroupAsk.id,
        GroupAsk.group_id,
        Group.name.label("group"),
        GroupAsk.membership_id,
        Membership.name,
        GroupAsk.asked_at,
        GroupAsk.why,
        GroupAsk.answered_at,
        GroupAsk.is_welcome,
        GroupAsk.answer,
    )
    .join(Group, along(GroupAsk.group_id, Group))
    .join(Membership, along(GroupAsk.membership_id, Membership))
    .where(GroupAsk.coalition_id == sa.bindparam("here"), *active())
    .order_by(GroupAsk.asked_at, GroupAsk.id)
)


def _to_answer() -> sa.ColumnElement[bool]:
    """Returns the condition for waiting requests of people who have not become members of the group since."""
    is_in = sa.exists().where(
        GroupMember.group_id == GroupAsk.group_id, GroupMember.membership_id == GroupAsk.membership_id
    )
    return sa.and_(GroupAsk.answered_at.is_(None), ~is_in)


def asks_to_answer(membership: Membership, group_id: int) -> list[AskLine]:
    """Returns the waiting requests to this group, the longest wait first, for its lead or a coordinator."""
    return _made(membership, _LINES.where(GroupAsk.group_id == group_id, _to_answer()))


def asks_for(membership: Membership) -> list[AskLine]:
    """Returns in one query the requests that this person should answer, and the answers to their own requests.

    A coordinator answers for every group, a member for those that they lead.
    """
    return _made(membership, _for_reader(membership.role))


# The statement is built once for each role, because every Home page runs it.
@cache
def _for_reader(role: Role) -> Selection:
    reader = Reader(role)
    answers = sa.true() if may(role, Permission.RUN_GROUP) else Group.lead_id == reader.id
    own = GroupAsk.membership_id == reader.id
    return _LINES.where(
        sa.or_(sa.and_(own, GroupAsk.answered_at.is_not(None)), sa.and_(~own, answers, _to_answer()))
    )


def _made(membership: Membership, rows: Selection) -> list[AskLine]:
    time_zone = membership.coalition.time_zone
    found = db.session.execute(rows, in_place(membership))
    return [AskLine(**row._mapping, asked_on=local_day(row.asked_at, time_zone)) for row in found]


def own_ask(membership: Membership, group_id: int) -> GroupAsk | None:
    """Returns this person's own request to the group, whether it waits or is answered."""
    return db.session.scalar(
        sa.select(GroupAsk).where(
            GroupAsk.coalition_id == membership.coalition_id,
            GroupAsk.group_id == group_id,
            GroupAsk.membership_id == membership.id,
        )
    )


def waiting_ask(membership: Membership, group_id: int, ask_id: int) -> GroupAsk | None:
    """Returns a waiting request to this group from a person who is still a member of the coalition."""
    return db.session.scalar(
        sa.select(GroupAsk)
        .join(Membership, along(GroupAsk.membership_id, Membership))
        .where(
            GroupAsk.coalition_id == membership.coalition_id,
            GroupAsk.group_id == group_id,
            GroupAsk.id == ask_id,
            GroupAsk.answered_at.is_(None),
            *active(),
        )
    )
