"""Writes what a coalition shares with the network, and, once a day, the sums."""

from collections.abc import Callable, Collection

import sqlalchemy as sa
from flask import current_app

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.service import lock, note_setting
from engage.extensions import db, read_from_here, write_from_here
from engage.operations.network import queries
from engage.operations.network.models import NetworkSum, SharedCount
from engage.operations.network.rules import NOTHING, CountKind, Sum, next_sum
from engage.tokens import keyed

_FIELD = "network_counts"


def share(membership: Membership, kinds: Collection[CountKind]) -> None:
    """Sets which counts the coalition shares; the audit log records the change."""
    coalition_id = membership.coalition_id
    lock(coalition_id)
    before = queries.shared_by(coalition_id)
    if before == set(kinds):
        return
    gone = [SharedCount.coalition_id == coalition_id, SharedCount.kind.in_(before - set(kinds))]
    db.session.execute(sa.delete(SharedCount).where(*gone))
    db.session.add_all(SharedCount(coalition_id=coalition_id, kind=kind) for kind in set(kinds) - before)
    history.record(coalition_id, membership.id, "coalitions_coalition", coalition_id, _FIELD)
    note_setting(membership, _FIELD)


def count() -> int:
    """Computes the sums that may be published; returns how many changed."""
    numbers = _numbers()
    rows, changed = queries.sums(), 0
    for kind in CountKind:
        row = rows.get(kind)
        told = Sum(row.total, row.coalitions, frozenset(row.marks)) if row is not None else NOTHING
        found = next_sum(numbers[kind], told, _marker(kind))
        if found is not told:
            _keep(kind, row, found)
            changed += 1
    return changed


def _numbers() -> dict[CountKind, dict[int, int]]:
    """Returns each coalition's numbers. Hundreds of coalitions take seconds, in which others can save."""
    read_from_here()
    try:
        return {kind: queries.numbers(kind) for kind in CountKind}
    finally:
        write_from_here()


def _marker(kind: CountKind) -> Callable[[int, int], str]:
    key = str(current_app.secret_key)
    return lambda coalition_id, number: keyed(key, f"network {kind}", f"{coalition_id}|{number}")


def _keep(kind: CountKind, row: NetworkSum | None, found: Sum) -> None:
    if row is None:
        row = NetworkSum(kind=kind)
        db.session.add(row)
    row.total, row.coalitions, row.marks = found.total, found.coalitions, sorted(found.marks)
    row.counted_at = clock.now()
