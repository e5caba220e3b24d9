"""Writes which counts a coalition shares and, once a day, the sums."""

from collections.abc import Callable, Collection
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.service import lock, record_setting
from engage.extensions import db, read_from_here, write_from_here
from engage.operations.network import queries
from engage.operations.network.models import NetworkSum, SharedCount
from engage.operations.network.rules import EVERY, NOTHING, CountKind, Sum, next_sum
from engage.tokens import keyed


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
    record_setting(membership, "network_counts")


def count() -> int:
    """Publishes sums where the rules allow; returns how many sums changed.

    With hundreds of coalitions this takes seconds, in which others can save.
    """
    now = clock.now()
    read_from_here()
    try:
        found = {kind: _next(kind, now) for kind in CountKind}
    finally:
        write_from_here()
    changed = {kind: each for kind, each in found.items() if each is not None}
    db.session.add_all(
        NetworkSum(
            kind=kind,
            total=each.total,
            coalitions=each.coalitions,
            marks=sorted(each.marks),
            counted_at=now,
        )
        for kind, each in changed.items()
    )
    return len(changed)


def _next(kind: CountKind, now: datetime) -> Sum | None:
    rows = queries.published(kind)
    found = next_sum(
        queries.numbers(kind),
        [Sum(row.total, row.coalitions, frozenset(row.marks)) for row in rows],
        _marker(kind),
    )
    is_early = any(now - row.counted_at < EVERY for row in rows if row.coalitions)
    return None if found is not NOTHING and is_early else found


def _marker(kind: CountKind) -> Callable[[int, int], str]:
    key = str(current_app.secret_key)
    return lambda coalition_id, number: keyed(key, f"network {kind}", f"{coalition_id}|{number}")
