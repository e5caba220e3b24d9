"""Counts what is recorded for the cards of the first evening."""

from datetime import datetime

import sqlalchemy as sa

from engage import clock
from engage.assessment.models import Round
from engage.checklist.models import Item
from engage.checklist.rules import ItemState
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import active
from engage.coalitions.rules import QUEUED_LONGEST, InvitationKind
from engage.database import UtcDateTime
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.onboarding.first_evening.rules import Facts
from engage.plan.models import Action

_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=UtcDateTime)
_QUEUED_SINCE: sa.BindParameter[datetime] = sa.bindparam("queued_since", type_=UtcDateTime)


def _count(
    model: type[Invitation | Item | Meeting | Membership | Round], *where: sa.ColumnElement[bool]
) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count(model.id)).where(model.coalition_id == _HERE, *where).scalar_subquery()


_BOUND = Invitation.kind == InvitationKind.BOUND, Invitation.revoked_at.is_(None)
_WAS_SENT = sa.or_(
    Invitation.sent_at.is_not(None), Invitation.started_at.is_not(None), Invitation.uses_left == 0
)
_IS_QUEUED = sa.and_(Invitation.queued_at.is_not(None), Invitation.queued_at > _QUEUED_SINCE)
# The statement is built once, because building one takes longer than running it.
_COUNTS = sa.select(
    _count(Invitation, *_BOUND, _WAS_SENT),
    _count(Invitation, *_BOUND, ~_WAS_SENT, _IS_QUEUED),
    _count(Invitation, *_BOUND, ~_WAS_SENT, ~_IS_QUEUED, Invitation.expires_at > _NOW),
    _count(Membership, *active()),
    _count(Item, Item.state == ItemState.DONE),
    _count(Meeting),
    _count(Round),
)
# With an action or a closed round, the coalition is past its first evening.
_IS_PAST = sa.select(
    sa.or_(
        sa.exists().where(Action.coalition_id == _HERE),
        sa.exists().where(Round.coalition_id == _HERE, Round.closed_at.is_not(None)),
    )
)


def facts_under_way(membership: Membership) -> Facts | None:
    """Returns the counts if Home shows the first evening to this person, else None."""
    if membership.coalition.first_evening_over or not may(membership.role, Permission.SEE_ALL):
        return None
    if db.session.scalar(_IS_PAST, {"coalition_id": membership.coalition_id}):
        return None
    return facts_of(membership)


def facts_of(membership: Membership) -> Facts:
    coalition, now = membership.coalition, clock.now()
    asked = {"coalition_id": coalition.id, "now": now, "queued_since": now - QUEUED_LONGEST}
    sent, sending, to_send, people, *others = db.session.execute(_COUNTS, asked).one()
    says_who = bool(coalition.mission or coalition.vision)
    return Facts(says_who, sent, sending, to_send, max(people - 1, 0), *others)
