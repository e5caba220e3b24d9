"""Writes the core team and workgroups."""

from collections.abc import Collection, Mapping
from datetime import date

import sqlalchemy as sa
from flask import url_for
from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from engage import history
from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.rules import GroupKind
from engage.coalitions.service import lock
from engage.coalitions.trash import kinds
from engage.coalitions.trash import queries as trash_queries
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind, Return
from engage.database import sort_key
from engage.directory.groups import queries
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.snapshots import Snapshot
from engage.versions import claim_version

TABLE = "coalitions_group"


class GroupContent(Struct, frozen=True):
    """The contents of a group's form; `lead_id` and `member_ids` are ids of active people of the coalition."""

    kind: GroupKind
    name: str
    purpose: str
    lead_id: int | None
    member_ids: frozenset[int]
    review_on: date | None
    is_open: bool = False
    # The texts of optional fields, by column name.
    optional_texts: Mapping[str, str] = {}


def create(actor: Membership, content: GroupContent) -> Group:
    """Creates a group. Raises FieldRefused on `name` or `kind`."""
    group = Group(coalition_id=actor.coalition_id)
    _fill(group, content)
    _save(group)
    history.note(actor, group, "added", new=group.kind)
    _set_members(group, content, actor)
    return group


def change(group: Group, version: int, content: GroupContent, actor: Membership) -> None:
    """Changes a group. Raises StaleVersion if someone saved it in between, and FieldRefused on `name` or `kind`."""
    claim_version(group, version)
    for field in ("kind", "lead_id", "review_on", "is_open"):
        old, new = getattr(group, field), getattr(content, field)
        if old != new:
            history.note(actor, group, field, old=old, new=new)
    for field, text in (
        ("name", content.name),
        ("purpose", content.purpose),
        *content.optional_texts.items(),
    ):
        if getattr(group, field) != text:
            history.note(actor, group, field)
    _save(group, content)
    _set_members(group, content, actor)


def delete(group: Group, actor: Membership) -> Snapshot:
    """Moves the group to the trash with its member list; the people stay, and meetings stay without it."""
    lock(actor.coalition_id)
    return trash_service.put(actor, group)


def hand_over(from_: Membership, to: Membership, actor: Membership, only: Collection[int]) -> int:
    """Gives those of the groups `only` that this person leads to a new lead; returns the number of groups."""
    led = [each for each in queries.groups_led_by(from_) if each.id in only]
    for group in led:
        history.note(actor, group, "lead_id", old=from_.id, new=to.id)
        group.lead_id = to.id
        group.version += 1
        _add_member(group, to.id)
    return len(led)


def take_in(actor: Membership, group: Group, person_id: int) -> None:
    """Adds a person to the group, unless they are in it already."""
    if queries.place_in(group, person_id) is None:
        group.version = Group.version + 1  # so that a form opened earlier cannot remove the person
        _add_member(group, person_id)
        history.note(actor, group, "member", new=person_id)


def set_title(actor: Membership, group: Group, place: GroupMember, title: str) -> None:
    """Sets a person's title in the group, such as *secretary*."""
    if place.title != title:
        place.title = title
        history.note(actor, group, "title")


def _fill(group: Group, content: GroupContent) -> None:
    group.kind = content.kind
    group.name, group.sort_key = content.name, sort_key(content.name, Group)
    group.purpose = content.purpose
    group.lead_id = content.lead_id
    group.review_on = content.review_on
    group.is_open = content.is_open
    for name, text in content.optional_texts.items():
        setattr(group, name, text)


def _save(group: Group, content: GroupContent | None = None) -> None:
    """Saves the row. If the database refuses it, raises an error with a message for the form's field."""
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


def _set_members(group: Group, content: GroupContent, actor: Membership) -> None:
    """Sets the members. The lead is always a member too, and inactive people are removed."""
    wanted = content.member_ids | ({content.lead_id} if content.lead_id else set())
    rows = db.session.scalars(sa.select(GroupMember).where(GroupMember.group_id == group.id))
    stored = {row.membership_id: row for row in rows}
    for person_id in set(stored) - wanted:
        db.session.delete(stored[person_id])
        history.note(actor, group, "member", old=person_id)
    for person_id in sorted(wanted - set(stored)):
        db.session.add(
            GroupMember(coalition_id=group.coalition_id, group_id=group.id, membership_id=person_id)
        )
        history.note(actor, group, "member", new=person_id)


def _add_member(group: Group, person_id: int) -> None:
    there = sa.select(GroupMember.id).where(
        GroupMember.group_id == group.id, GroupMember.membership_id == person_id
    )
    if db.session.scalar(there) is None:
        db.session.add(
            GroupMember(coalition_id=group.coalition_id, group_id=group.id, membership_id=person_id)
        )


# -- how the trash handles groups


def _without_who_left(returning: Return) -> None:
    """Removes people who left the coalition from a group that is restored from the trash."""
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
        # Without its group, an announcement would be for everyone, so it goes into the trash, too.
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
