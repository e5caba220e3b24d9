"""Reads what coalitions share with the network, and the published sums."""

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from engage.assessment.models import Round
from engage.assessment.queries import takes_answers
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.queries import active
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
    return {each.kind: each for each in db.session.scalars(sa.select(NetworkSum))}


def number_of(kind: CountKind, coalition_id: int) -> int:
    """Returns this coalition's own current number, as its own pages count it."""
    return _NUMBERS[kind](coalition_id)


def numbers(kind: CountKind) -> dict[int, int]:
    """Returns the numbers of the open coalitions that share this count, by the coalition's id."""
    return {coalition_id: number_of(kind, coalition_id) for coalition_id in _sharing(kind)}


def _sharing(kind: CountKind) -> Iterable[int]:
    rows = sa.select(SharedCount.coalition_id).join(Coalition, Coalition.id == SharedCount.coalition_id)
    return db.session.scalars(rows.where(SharedCount.kind == kind, Coalition.closed_at.is_(None))).all()


def _members(coalition_id: int) -> int:
    return _count(Membership.id, Membership.coalition_id == coalition_id, *active())


def _sectors(coalition_id: int) -> int:
    someone = sa.select(Membership).where(Membership.coalition_id == coalition_id).limit(1)
    membership = db.session.scalar(someone)
    return coverage_of(membership).now.active if membership is not None else 0


def _round_open(coalition_id: int) -> int:
    return min(1, _count(Round.id, Round.coalition_id == coalition_id, takes_answers()))


def _actions_done(coalition_id: int) -> int:
    return _count(Action.id, Action.coalition_id == coalition_id, Action.status == ActionStatus.DONE)


def _count(column: object, *conditions: sa.ColumnElement[bool]) -> int:
    return db.session.scalar(sa.select(sa.func.count(column)).where(*conditions)) or 0  # type: ignore[arg-type]


_NUMBERS: dict[CountKind, Callable[[int], int]] = {
    CountKind.MEMBERS: _members,
    CountKind.SECTORS: _sectors,
    CountKind.ROUND_OPEN: _round_open,
    CountKind.ACTIONS_DONE: _actions_done,
}
