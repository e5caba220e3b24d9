"""Writes requests to join a group, and their answers."""

from datetime import datetime, timedelta

import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Group, Membership
from engage.coalitions.service import lock
from engage.directory.groups import queries as groups_queries
from engage.directory.groups import service as groups_service
from engage.directory.groups.asks import queries
from engage.directory.groups.asks.models import GroupAsk
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _

# How long an answer is kept, so that the person who asked has time to read it.
ANSWERS_KEPT = timedelta(days=30)


def ask(membership: Membership, group: Group, why: str) -> None:
    """Asks to join, also again after an answer. Raises WrongState if the group is not open or the person is in it."""
    lock(membership.coalition_id)
    db.session.refresh(group)
    if not group.is_open:
        raise WrongState(_("This group no longer takes requests. Its lead or a coordinator can add you."))
    if groups_queries.place_in(group, membership.id) is not None:
        raise WrongState(_("You are already in this group."))
    row = queries.own_ask(membership, group.id) or GroupAsk(
        coalition_id=membership.coalition_id, group_id=group.id, membership_id=membership.id
    )
    row.asked_at, row.why = clock.now(), why
    row.answered_at, row.is_welcome, row.answer = None, False, ""
    db.session.add(row)


def withdraw(membership: Membership, group: Group) -> None:
    """Deletes the person's own request, or an answer that they have read."""
    if (row := queries.own_ask(membership, group.id)) is not None:
        db.session.delete(row)


def welcome(actor: Membership, group: Group, row: GroupAsk) -> None:
    """Accepts the request: the person becomes a member of the group."""
    lock(actor.coalition_id)
    _answer(row, is_welcome=True)
    groups_service.take_in(actor, group, row.membership_id)


def decline(row: GroupAsk, words: str) -> None:
    """Declines the request; the person reads the coordinator's or lead's answer and may ask again."""
    _answer(row, is_welcome=False, words=words)


def _answer(row: GroupAsk, *, is_welcome: bool, words: str = "") -> None:
    row.answered_at, row.is_welcome, row.answer = clock.now(), is_welcome, words


def prune(now: datetime) -> int:
    """Deletes old answers, and requests of people who left. Returns how many."""
    left = sa.exists().where(Membership.id == GroupAsk.membership_id, Membership.left_on.is_not(None))
    over = sa.or_(GroupAsk.answered_at <= now - ANSWERS_KEPT, left)
    gone = db.session.execute(sa.delete(GroupAsk).where(over).execution_options(synchronize_session=False))
    return int(gone.rowcount)  # type: ignore[attr-defined]
