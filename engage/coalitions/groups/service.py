"""Reads and writes the core team and workgroups."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from msgspec import Struct
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from engage import history
from engage.coalitions.groups import queries
from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.queries import active
from engage.coalitions.rules import GroupKind
from engage.coalitions.service import lock
from engage.coalitions.trash import kinds
from engage.coalitions.trash import queries as trash_queries
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind, Return
from engage.database import SelectedRow, along, sort_key
from engage.errors import FieldRefused
from engage.extensions import db
from engage.kept import KeptCopy
from engage.versions import claim_version

TABLE = "coalitions_group"


class Content(Struct, frozen=True):
    """The contents of a group's form; `lead_id` and `member_ids` are ids of active people of the coalition."""

    kind: GroupKind
    name: str
    purpose: str
    lead_id: int | None
    member_ids: frozenset[int]
    review_on: date | None
    is_open: bool = False


def group_of(membership: Membership, group_id: int | None) -> Group | None:
    """Returns one of the coalition's groups."""
    return db.session.scalar(
        sa.select(Group).where(Group.coalition_id == membership.coalition_id, Group.id == group_id)
    )


def group_rows(membership: Membership) -> Sequence[SelectedRow]:
    """Returns the core team first, then workgroups by name, each with its lead and the number of active members."""
    lead = aliased(Membership)
    members = (
        sa.select(sa.func.count())
        .select_from(GroupMember)
        .join(Membership, along(GroupMember.membership_id, Membership))
        .where(GroupMember.group_id == Group.id, *active())
        .scalar_subquery()
    )
    rows = (
        sa.select(
            Group.id,
            Group.kind,
            Group.name,
            Group.purpose,
            lead.name.label("lead"),
            members.label("members"),
            Group.review_on,
            Group.is_open,
        )
        .outerjoin(lead, along(Group.lead_id, lead))
        .where(Group.coalition_id == membership.coalition_id)
        .order_by(Group.kind != GroupKind.CORE_TEAM, Group.sort_key, Group.id)
    )
    return db.session.execute(rows).all()


# This is built once, because every list and board of a plan offers its groups.
_CHOICES = (
    sa.select(Group.id, Group.name)
    .where(Group.coalition_id == sa.bindparam("coalition_id"))
    .order_by(Group.kind != GroupKind.CORE_TEAM, Group.sort_key, Group.id)
)


def group_choices(membership: Membership) -> list[tuple[int, str]]:
    """Returns the groups to choose from, as (id, name), in the order of `group_rows`."""
    return [
        (key, name) for key, name in db.session.execute(_CHOICES, {"coalition_id": membership.coalition_id})
    ]


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


def create(actor: Membership, content: Content) -> Group:
    """Creates a group. Raises FieldRefused on `name` or `kind`."""
    group = Group(coalition_id=actor.coalition_id)
    _fill(group, content)
    _save(group)
    history.record(group.coalition_id, actor.id, TABLE, group.id, "added", new=group.kind)
    _set_members(group, content, actor)
    return group


def change(group: Group, version: int, content: Content, actor: Membership) -> None:
    """Changes a group. Raises StaleVersion if someone saved it in between, and FieldRefused on `name` or `kind`."""
    claim_version(group, version)
    for field in ("kind", "lead_id", "review_on", "is_open"):
        old, new = getattr(group, field), getattr(content, field)
        if old != new:
            history.record(group.coalition_id, actor.id, TABLE, group.id, field, old=old, new=new)
    for field in ("name", "purpose"):
        if getattr(group, field) != getattr(content, field):
            history.record(group.coalition_id, actor.id, TABLE, group.id, field)
    _save(group, content)
    _set_members(group, content, actor)


def delete(group: Group, actor: Membership) -> KeptCopy:
    """Moves the group to the trash with its member list; the people stay, and meetings stay without it."""
    lock(actor.coalition_id)
    return trash_service.put(actor, group)


def hand_over(from_: Membership, to: Membership | None, actor: Membership) -> int:
    """Gives the groups that this person leads a new lead, or none; returns the number of groups."""
    led = groups_led_by(from_)
    for group in led:
        new = to.id if to else None
        history.record(group.coalition_id, actor.id, TABLE, group.id, "lead_id", old=from_.id, new=new)
        group.lead_id = new
        group.version += 1
        if to is not None:
            _add_member(group, to.id)
    return len(led)


def take_in(actor: Membership, group: Group, person_id: int) -> None:
    """Adds a person to the group, once."""
    if queries.place_in(group, person_id) is None:
        group.version = Group.version + 1  # so that no form opened before removes them
        _add_member(group, person_id)
        history.record(group.coalition_id, actor.id, TABLE, group.id, "member", new=person_id)


def set_title(actor: Membership, group: Group, place: GroupMember, title: str) -> None:
    """Says what a person does in the group."""
    if place.title != title:
        place.title = title
        history.record(group.coalition_id, actor.id, TABLE, group.id, "title")


def _fill(group: Group, content: Content) -> None:
    group.kind = content.kind
    group.name, group.sort_key = content.name, sort_key(content.name, Group)
    group.purpose = content.purpose
    group.lead_id = content.lead_id
    group.review_on = content.review_on
    group.is_open = content.is_open


def _save(group: Group, content: Content | None = None) -> None:
    """Saves the row, and turns what the database refuses into words for the field."""
    coalition_id, own_id = group.coalition_id, group.id
    try:
        with db.session.begin_nested():
            if content is not None:
                _fill(group, content)
            db.session.add(group)
    except IntegrityError:
        core = sa.select(Group.id).where(
            Group.coalition_id == coalition_id, Group.kind == GroupKind.CORE_TEAM, Group.id != (own_id or 0)
        )
        wants_core = (content.kind if content else group.kind) is GroupKind.CORE_TEAM
        if wants_core and db.session.scalar(core) is not None:
            raise FieldRefused("kind", _("There is already a core team. A coalition has only one.")) from None
        raise FieldRefused("name", _("There is already a group with this name.")) from None


def _set_members(group: Group, content: Content, actor: Membership) -> None:
    """Sets the members. The lead is always a member too, and inactive people are removed."""
    wanted = content.member_ids | ({content.lead_id} if content.lead_id else set())
    rows = db.session.scalars(sa.select(GroupMember).where(GroupMember.group_id == group.id))
    stored = {row.membership_id: row for row in rows}
    for person_id in set(stored) - wanted:
        db.session.delete(stored[person_id])
        history.record(group.coalition_id, actor.id, TABLE, group.id, "member", old=person_id)
    for person_id in sorted(wanted - set(stored)):
        db.session.add(
            GroupMember(coalition_id=group.coalition_id, group_id=group.id, membership_id=person_id)
        )
        history.record(group.coalition_id, actor.id, TABLE, group.id, "member", new=person_id)


def _add_member(group: Group, person_id: int) -> None:
    there = sa.select(GroupMember.id).where(
        GroupMember.group_id == group.id, GroupMember.membership_id == person_id
    )
    if db.session.scalar(there) is None:
        db.session.add(
            GroupMember(coalition_id=group.coalition_id, group_id=group.id, membership_id=person_id)
        )


# -- what the trash has to know


def _without_who_left(returning: Return) -> None:
    """Restores only members who are still here."""
    rows = returning.rows[_MEMBERS]
    left = trash_queries.who_left(returning.coalition_id, {row["membership_id"] for row in rows.values()})
    for key in [key for key, row in rows.items() if row["membership_id"] in left]:
        del rows[key]


_MEMBERS = GroupMember.__tablename__
kinds.register(
    Kind(
        table=TABLE,
        word=_l("Group"),
        back=lambda row: _("“%(name)s” is back.", name=row["name"]),
        address=lambda row: url_for("coalitions.group", group_id=row["id"]),
        permission=Permission.MANAGE_PEOPLE,
        title="name",
        # An announcement to one group must never become one to everyone, so it goes along.
        takes=frozenset({("messages_announcement", "group_id")}),
        lets_go=frozenset(
            {
                ("meetings_meeting", "group_id"),
                ("documents_document", "group_id"),
                ("plan_action", "group_id"),
                ("plan_goal", "group_id"),
            }
        ),
        led_by={TABLE: "lead_id"},
        refused=_l(
            "Another group now has this name, or is the core team. Change that one, then restore this."
        ),
        prepare=_without_who_left,
    )
)
