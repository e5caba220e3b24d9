"""Reads an action's history: its helpers, its updates, and the changes of its status."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.database import SelectedRow, along
from engage.extensions import db
from engage.history import HistoryEntry
from engage.i18n import gettext as _
from engage.plan.labels import STATUS_LABELS
from engage.plan.models import Action, ActionHelper, Update
from engage.plan.rules import ActionStatus


class MoveLine(Struct, frozen=True):
    moved_at: datetime
    from_: ActionStatus
    to: ActionStatus
    actor: str | None

    @property
    def words(self) -> str:
        old, new = STATUS_LABELS[self.from_], STATUS_LABELS[self.to]
        return _("From %(old)s to %(new)s", old=old, new=new)


class LastSaved(Struct, frozen=True):
    """Who changed an action last, and when; `who` is None for a former member."""

    who: str | None
    is_mine: bool
    at: datetime


def helpers_of(action: Action) -> list[tuple[int, str]]:
    """Returns the people who help, as (membership id, name), by name."""
    rows = (
        sa.select(Membership.id, Membership.name)
        .join(ActionHelper, along(ActionHelper.membership_id, Membership))
        .where(ActionHelper.action_id == action.id)
        .order_by(Membership.sort_key, Membership.id)
    )
    return [(key, name) for key, name in db.session.execute(rows)]


def updates_of(action: Action) -> Sequence[SelectedRow]:
    """Returns the action's updates, newest first."""
    rows = (
        sa.select(Update.written_at, Update.text, Update.is_by_mail, Membership.name.label("author"))
        .outerjoin(Membership, along(Update.author_id, Membership))
        .where(Update.action_id == action.id)
        .order_by(Update.written_at.desc(), Update.id.desc())
    )
    return db.session.execute(rows).all()


def was_updated(action: Action) -> bool:
    """Returns whether anyone has written an update."""
    return bool(db.session.scalar(sa.select(sa.exists().where(Update.action_id == action.id))))


def moves_of(action: Action) -> list[MoveLine]:
    """Returns every change of the action's status, newest first."""
    rows = (
        sa.select(HistoryEntry.happened_at, HistoryEntry.old, HistoryEntry.new, Membership.name)
        .outerjoin(Membership, along(HistoryEntry.actor_id, Membership))
        .where(
            HistoryEntry.coalition_id == action.coalition_id,
            HistoryEntry.thing == Action.__tablename__,
            HistoryEntry.thing_id == action.id,
            HistoryEntry.field == "status",
        )
        .order_by(HistoryEntry.happened_at.desc(), HistoryEntry.id.desc())
    )
    return [
        MoveLine(moment, ActionStatus(old or ""), ActionStatus(new or ""), actor)
        for moment, old, new, actor in db.session.execute(rows)
    ]


def last_saved(membership: Membership, action: Action) -> LastSaved | None:
    """Returns the latest change of the action, for a person whose own change came too late to be saved."""
    rows = (
        sa.select(HistoryEntry.happened_at, HistoryEntry.actor_id, Membership.name)
        .outerjoin(Membership, along(HistoryEntry.actor_id, Membership))
        .where(
            HistoryEntry.coalition_id == action.coalition_id,
            HistoryEntry.thing == Action.__tablename__,
            HistoryEntry.thing_id == action.id,
        )
        .order_by(HistoryEntry.happened_at.desc(), HistoryEntry.id.desc())
        .limit(1)
    )
    found = db.session.execute(rows).one_or_none()
    return (
        LastSaved(found.name, found.actor_id == membership.id, found.happened_at)
        if found is not None
        else None
    )
