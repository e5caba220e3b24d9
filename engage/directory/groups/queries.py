"""Reads who is in a group and what each person does in it, and the groups of a person."""

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
    return [PersonInGroup(**row._mapping) for row in db.session.execute(rows)]


def place_in(group: Group, person_id: int) -> GroupMember | None:
    """Returns the person's row in the group, if they are in the group and still a member of the coalition."""
    row = (
        sa.select(GroupMember)
        .join(Membership, along(GroupMember.membership_id, Membership))
        .where(GroupMember.group_id == group.id, GroupMember.membership_id == person_id, *active())
    )
    return db.session.scalar(row)


def members_of(group: Group) -> list[Membership]:
    """Returns the group's active people, by name."""
    rows = (
        sa.select(Membership)
        .join(GroupMember, along(GroupMember.membership_id, Membership))
        .where(GroupMember.group_id == group.id, *active())
        .order_by(Membership.sort_key, Membership.id)
    )
    return list(db.session.scalars(rows))


def names_by_person(membership: Membership) -> dict[int, list[str]]:
    """Returns the names of each person's groups, by membership id."""
    rows = (
        sa.select(GroupMember.membership_id, Group.name)
        .join(Group, along(GroupMember.group_id, Group))
        .where(GroupMember.coalition_id == membership.coalition_id)
        .order_by(Group.sort_key)
    )
    found: dict[int, list[str]] = {}
    for row in db.session.execute(rows):
        found.setdefault(row.membership_id, []).append(row.name)
    return found


def groups_of(person: Membership) -> list[tuple[int, str]]:
    """Returns the groups this person is in, as (id, name), by name."""
    rows = (
        sa.select(Group.id, Group.name)
        .join(GroupMember, along(GroupMember.group_id, Group))
        .where(GroupMember.coalition_id == person.coalition_id, GroupMember.membership_id == person.id)
        .order_by(Group.sort_key)
    )
    return [(row.id, row.name) for row in db.session.execute(rows)]


def groups_led_by(membership: Membership) -> list[Group]:
    """Returns the groups that this person leads and has to hand over on leaving."""
    rows = sa.select(Group).where(
        Group.coalition_id == membership.coalition_id, Group.lead_id == membership.id
    )
    return list(db.session.scalars(rows.order_by(Group.sort_key)))
