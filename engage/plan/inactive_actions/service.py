"""Finds inactive actions, and the decisions about them since a review began."""

from collections import defaultdict
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct, field

from engage import clock
from engage.coalitions.inactive_rules import inactive_since
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.actions.service import add_update
from engage.plan.inactive_actions.rules import DAYS, MOST
from engage.plan.models import Action, Update
from engage.plan.rules import OPEN
from engage.plan.service import claim_open

# A second identical line by the same person within this time means that the button was pressed twice.
_TWICE = timedelta(minutes=1)
# A decision about an action changes these fields; history stores their old and new values.
_FIELDS = ("status", "due_on", "owner_id")


class Decided(Struct):
    """The outcome for an action: the old and new value of each changed field, as in history, and new lines."""

    changes: dict[str, tuple[str | None, str | None]] = field(default_factory=dict)
    updates: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.changes or self.updates)


def _is_inactive(membership: Membership, today: date, days: int) -> sa.ColumnElement[bool]:
    """Returns the condition for inactive actions, by the same rule as `is_inactive` in rules.py."""
    first = clock.start_of_day(inactive_since(today, days), membership.coalition.time_zone)
    return sa.or_(Action.moved_at < first, Action.due_on < today)


def _open_in(membership: Membership, plan_id: int) -> tuple[sa.ColumnElement[bool], ...]:
    here = Action.coalition_id == membership.coalition_id
    return here, Action.plan_id == plan_id, Action.status.in_(OPEN)


def counts_of(membership: Membership, plan_id: int, today: date) -> dict[int, int]:
    """Counts the actions that are inactive or late, by the number of days, in one query."""
    counts = [
        sa.func.coalesce(sa.func.sum(sa.case((_is_inactive(membership, today, days), 1), else_=0)), 0)
        for days in DAYS
    ]
    row = db.session.execute(sa.select(*counts).where(*_open_in(membership, plan_id))).one()
    return dict(zip(DAYS, row, strict=True))


def numbers_of(membership: Membership, plan_id: int, today: date, days: int) -> list[int]:
    """Returns the numbers of inactive actions, the longest untouched first, at most `MOST`."""
    rows = (
        sa.select(Action.number)
        .where(*_open_in(membership, plan_id), _is_inactive(membership, today, days))
        .order_by(Action.moved_at, Action.number)
        .limit(MOST)
    )
    return list(db.session.scalars(rows))


def actions_of(membership: Membership, numbers: Collection[int]) -> list[tuple[int, int, str]]:
    """Returns the actions that still exist, as (id, number, title), in the order of their numbers."""
    rows = sa.select(Action.id, Action.number, Action.title).where(
        Action.coalition_id == membership.coalition_id, Action.number.in_(numbers)
    )
    return [(key, number, title) for key, number, title in db.session.execute(rows.order_by(Action.number))]


def say_on_track(membership: Membership, action: Action, text: str) -> None:
    """Adds a line that the action is on track, once however often the button is pressed.

    Raises WrongState if the plan is closed.
    """
    lock(membership.coalition_id)
    claim_open(action.plan_id)
    just_now = sa.exists().where(
        Update.action_id == action.id,
        Update.author_id == membership.id,
        Update.text == text,
        Update.written_at > clock.now() - _TWICE,
    )
    if not db.session.scalar(sa.select(just_now)):
        add_update(membership, action, text)


def decided_since(membership: Membership, ids: Collection[int], since: int) -> dict[int, Decided]:
    """Returns what was decided about each of these actions, whoever recorded it, in two queries."""
    moment = datetime.fromtimestamp(since, UTC)
    found: dict[int, Decided] = defaultdict(Decided)
    entries = (
        sa.select(HistoryEntry.thing_id, HistoryEntry.field, HistoryEntry.old, HistoryEntry.new)
        .where(
            HistoryEntry.coalition_id == membership.coalition_id,
            HistoryEntry.thing == Action.__tablename__,
            HistoryEntry.thing_id.in_(ids),
            HistoryEntry.field.in_(_FIELDS),
            HistoryEntry.happened_at >= moment,
        )
        .order_by(HistoryEntry.happened_at, HistoryEntry.id)
    )
    for key, name, old, new in db.session.execute(entries):
        first = found[key].changes.get(name, (old, new))[0]
        found[key].changes[name] = (first, new)
    for decided in found.values():
        # A field that was changed back counts as unchanged.
        decided.changes = {name: pair for name, pair in decided.changes.items() if pair[0] != pair[1]}
    written = (
        sa.select(Update.action_id, Update.text)
        .where(
            Update.coalition_id == membership.coalition_id,
            Update.action_id.in_(ids),
            Update.written_at >= moment,
        )
        .order_by(Update.written_at, Update.id)
    )
    for key, text in db.session.execute(written):
        found[key].updates.append(text)
    return {key: decided for key, decided in found.items() if decided}
