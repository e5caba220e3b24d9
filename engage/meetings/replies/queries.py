"""Reads people's answers before a meeting."""

import sqlalchemy as sa

from engage.coalitions.models import GroupMember, Membership
from engage.coalitions.queries import active
from engage.coalitions.rules import Role
from engage.database import Selection, along
from engage.extensions import db
from engage.meetings.models import Meeting, Reply
from engage.meetings.replies.rules import Said


def reply_of(person: Membership, meeting: Meeting) -> Reply | None:
    return db.session.scalar(
        sa.select(Reply).where(Reply.meeting_id == meeting.id, Reply.membership_id == person.id)
    )


def said_about(meeting: Meeting) -> list[Said]:
    """Returns the answers of current members, by name."""
    rows = (
        _said(meeting)
        .join(Membership, along(Reply.membership_id, Membership))
        .where(*active())
        .order_by(Membership.sort_key, Membership.id)
    )
    return [Said(**row._mapping) for row in db.session.execute(rows.add_columns(Membership.name))]


def said_by(person: Membership, meeting: Meeting) -> Said | None:
    """Returns this person's answer."""
    rows = (
        _said(meeting)
        .add_columns(sa.literal(person.name).label("name"))
        .where(Reply.membership_id == person.id)
    )
    row = db.session.execute(rows).one_or_none()
    return Said(**row._mapping) if row is not None else None


def _said(meeting: Meeting) -> Selection:
    return sa.select(
        Reply.membership_id.label("person_id"),
        Reply.answer,
        Reply.wants_reminder,
        (Reply.answered_for != meeting.starts_at).label("is_old"),
    ).where(Reply.coalition_id == meeting.coalition_id, Reply.meeting_id == meeting.id)


def is_invited(person: Membership, meeting: Meeting) -> bool:
    """Returns whether the meeting is for this person: a group's is for its members, others are for all."""
    if meeting.group_id is None:
        return True
    member = sa.exists().where(
        GroupMember.group_id == meeting.group_id, GroupMember.membership_id == person.id
    )
    return bool(db.session.scalar(sa.select(member)))


def invited(meeting: Meeting) -> int:
    """Returns how many people are invited: the group's members, or everyone active except viewers."""
    rows = sa.select(sa.func.count(Membership.id)).where(
        Membership.coalition_id == meeting.coalition_id, Membership.role != Role.VIEWER, *active()
    )
    if meeting.group_id is not None:
        members = sa.select(GroupMember.membership_id).where(GroupMember.group_id == meeting.group_id)
        rows = rows.where(Membership.id.in_(members))
    return db.session.scalar(rows) or 0
