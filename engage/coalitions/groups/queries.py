"""Reads who is in a group and what each person does in it."""

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.queries import active
from engage.database import along
from engage.extensions import db


class PersonInGroup(Struct, frozen=True):
    """A person in a group; `title` is what they do in it, in the group's own words."""

    id: int
    name: str
    title: str


def people_in(group: Group) -> list[PersonInGroup]:
    """Returns the group's active people: its lead, then people with a title, then the others by name."""
    rows = (
        sa.select(Membership.id, Membership.name, GroupMember.title)
        .join(GroupMember, along(GroupMember.membership_id, Membership))
        .where(GroupMember.group_id == group.id, *active())
        .order_by(
            Membership.id != (group.lead_id or 0), GroupMember.title == "", Membership.sort_key, Membership.id
        )
    )
    return [PersonInGroup(*row) for row in db.session.execute(rows)]


def place_in(group: Group, person_id: int) -> GroupMember | None:
    """Returns the person's row in the group, if they are in it and still here."""
    row = (
        sa.select(GroupMember)
        .join(Membership, along(GroupMember.membership_id, Membership))
        .where(GroupMember.group_id == group.id, GroupMember.membership_id == person_id, *active())
    )
    return db.session.scalar(row)
