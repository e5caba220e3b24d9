"""Reads what coalitions share with the network, and the published sums."""

from collections.abc import Callable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from engage.assessment.models import Round
from engage.assessment.queries import takes_answers
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.queries import active
from engage.database import Tenant
from engage.extensions import db
from engage.meetings.attendance.queries import coverage_of
from engage.operations.network.models import NetworkSum, SharedCount
from engage.operations.network.rules import CountKind
from engage.plan.models import Action
from engage.plan.rules import ActionStatus


def shared_by(coalition_id: int) -> set[CountKind]:
    """Returns the counts that this coalition shares."""
    return set(
        db.session.scalars(sa.select(SharedCount.kind).where(SharedCount.coalition_id == coalition_id))
    )


def sums() -> dict[CountKind, NetworkSum]:
    """Returns the newest row of each count."""
    other = aliased(NetworkSum)
    later = sa.exists().where(other.kind == NetworkSum.kind, other.counted_at > NetworkSum.counted_at)
    return {each.kind: each for each in db.session.scalars(sa.select(NetworkSum).where(~later))}


def published(kind: CountKind) -> list[NetworkSum]:
    """Returns every sum of this count that was ever published, the latest last."""
    rows = sa.select(NetworkSum).where(NetworkSum.kind == kind)
    return list(db.session.scalars(rows.order_by(NetworkSum.counted_at)))


def number_of(kind: CountKind, coalition_id: int) -> int:
    """Returns this coalition's own number, counted as on its own pages."""
    return _NUMBERS[kind]([coalition_id])[coalition_id]


def numbers(kind: CountKind) -> dict[int, int]:
    """Returns the numbers of the open coalitions that share this count, by coalition id."""
    rows = sa.select(SharedCount.coalition_id).join(Coalition, Coalition.id == SharedCount.coalition_id)
    sharing = rows.where(SharedCount.kind == kind, Coalition.closed_at.is_(None))
    return _NUMBERS[kind](db.session.scalars(sharing).all())


def _members(ids: Sequence[int]) -> dict[int, int]:
    return _counts(Membership, ids, *active())


def _sectors(ids: Sequence[int]) -> dict[int, int]:
    """Computes each coalition separately, because Python code decides who is active."""
    return {coalition_id: _active_sectors(coalition_id) for coalition_id in ids}


def _active_sectors(coalition_id: int) -> int:
    someone = sa.select(Membership).where(Membership.coalition_id == coalition_id).limit(1)
    membership = db.session.scalar(someone)
    return coverage_of(membership).now.active if membership is not None else 0


def _round_open(ids: Sequence[int]) -> dict[int, int]:
    return {key: min(1, number) for key, number in _counts(Round, ids, takes_answers()).items()}


def _actions_done(ids: Sequence[int]) -> dict[int, int]:
    return _counts(Action, ids, Action.status == ActionStatus.DONE)


def _counts(model: type[Tenant], ids: Sequence[int], *conditions: sa.ColumnElement[bool]) -> dict[int, int]:
    """Counts the rows of all these coalitions in one statement."""
    rows = (
        sa.select(model.coalition_id, sa.func.count().label("number"))
        .where(model.coalition_id.in_(ids), *conditions)
        .group_by(model.coalition_id)
    )
    return dict.fromkeys(ids, 0) | {row.coalition_id: row.number for row in db.session.execute(rows)}


_NUMBERS: dict[CountKind, Callable[[Sequence[int]], dict[int, int]]] = {
    CountKind.MEMBERS: _members,
    CountKind.SECTORS: _sectors,
    CountKind.ROUND_OPEN: _round_open,
    CountKind.ACTIONS_DONE: _actions_done,
}
