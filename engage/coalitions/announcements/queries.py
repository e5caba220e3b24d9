"""Reads announcements; each person gets those whose audience they belong to."""

from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.announcements.models import Announcement
from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.readers import Reader, in_place
from engage.coalitions.rules import Role
from engage.database import Selection, along
from engage.extensions import db

# Pages show at most this many of a kind; coordinators can still open older ones.
SHOWN_MOST = 100


class Posted(Struct, frozen=True):
    """An announcement as its readers see it; `group` is empty if it is for everyone."""

    id: int
    title: str
    text: str
    until_on: date
    group_id: int | None
    group: str
    is_public: bool
    posted_at: datetime
    posted_by_id: int | None
    posted_by: str


def current(membership: Membership, today: date) -> list[Posted]:
    """Returns the announcements that are current and that this person may read, newest first, in one query."""
    return _read(membership, today, are_over=False)


def over(membership: Membership, today: date) -> list[Posted]:
    """Returns the announcements that have ended and that this person may read, newest first."""
    return _read(membership, today, are_over=True)


def announcement_of(membership: Membership, announcement_id: int) -> Announcement | None:
    """Returns one of the coalition's announcements, for people who may post them."""
    row = sa.select(Announcement).where(
        Announcement.coalition_id == membership.coalition_id, Announcement.id == announcement_id
    )
    return db.session.scalar(row)


def public_ones(coalition_id: int, today: date) -> list[Announcement]:
    """Returns the announcements that the public page shows, newest first."""
    rows = (
        sa.select(Announcement)
        .where(
            Announcement.coalition_id == coalition_id,
            Announcement.until_on >= today,
            Announcement.is_public,
            Announcement.group_id.is_(None),
        )
        .order_by(Announcement.posted_at.desc(), Announcement.id.desc())
        .limit(SHOWN_MOST)
    )
    return list(db.session.scalars(rows))


def _read(membership: Membership, today: date, *, are_over: bool) -> list[Posted]:
    asked = {**in_place(membership), "today": today}
    return [Posted(**row._mapping) for row in db.session.execute(_posted(membership.role, are_over), asked)]


# The statement is built once for each role, because Home runs it.
@cache
def _posted(role: Role, are_over: bool) -> Selection:
    reader = Reader(role)
    today: sa.BindParameter[date] = sa.bindparam("today")
    return (
        sa.select(
            Announcement.id,
            Announcement.title,
            Announcement.text,
            Announcement.until_on,
            Announcement.group_id,
            sa.func.coalesce(Group.name, "").label("group"),
            Announcement.is_public,
            Announcement.posted_at,
            Announcement.posted_by_id,
            sa.func.coalesce(Membership.name, "").label("posted_by"),
        )
        .outerjoin(Group, along(Announcement.group_id, Group))
        .outerjoin(Membership, along(Announcement.posted_by_id, Membership))
        .where(
            Announcement.coalition_id == reader.coalition_id,
            Announcement.until_on < today if are_over else Announcement.until_on >= today,
            seen_by(reader),
        )
        .order_by(Announcement.posted_at.desc(), Announcement.id.desc())
        .limit(SHOWN_MOST)
    )


def seen_by(reader: Any) -> sa.ColumnElement[bool]:
    """Returns the SQL condition for what a reader may see: posters see all, others their groups' and everyone's."""
    if may(reader.role, Permission.ANNOUNCE):
        return sa.true()
    to_everyone = Announcement.group_id.is_(None)
    if not may(reader.role, Permission.SEE_ALL):
        return to_everyone
    in_group = sa.exists().where(
        GroupMember.coalition_id == Announcement.coalition_id,
        GroupMember.group_id == Announcement.group_id,
        GroupMember.membership_id == reader.id,
    )
    return sa.or_(to_everyone, in_group)
