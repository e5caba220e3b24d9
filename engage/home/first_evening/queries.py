"""Counts the records that tick the cards of the first evening, in one query."""

import sqlalchemy as sa

from engage.assessment.models import Round
from engage.checklist.models import Item
from engage.checklist.rules import ItemState
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.queries import active
from engage.extensions import db
from engage.home.first_evening.rules import Facts
from engage.meetings.models import Meeting

_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")


def _count(
    model: type[Invitation | Item | Meeting | Membership | Round], *where: sa.ColumnElement[bool]
) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count(model.id)).where(model.coalition_id == _HERE, *where).scalar_subquery()


# It is built once, because building a statement takes longer than running it.
_COUNTS = sa.select(
    _count(Invitation, Invitation.revoked_at.is_(None)),
    _count(Membership, *active()),
    _count(Item, Item.state == ItemState.DONE),
    _count(Meeting),
    _count(Round),
)


def facts_of(membership: Membership) -> Facts:
    coalition = membership.coalition
    asked = {"coalition_id": coalition.id}
    invited, people, tips, meetings, rounds = db.session.execute(_COUNTS, asked).one()
    says_who = bool(coalition.mission or coalition.vision)
    return Facts(says_who, invited, max(people - 1, 0), tips, meetings, rounds)
