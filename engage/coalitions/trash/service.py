"""Moves things and everything that depends on them into the trash, and deletes copies for good."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError

from engage import history, snapshots
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.coalitions.trash import branches
from engage.coalitions.trash.branches import Branch, Held
from engage.coalitions.trash.kinds import DELETED, DELETED_PRIVATE, Kind, TrashedThing, kind_of
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.snapshots import TITLE_LONGEST, Snapshot, SnapshotEnd, SnapshotFor

__all__ = ["Held", "delete_for_good", "put"]


def put(membership: Membership, thing: TrashedThing, *, is_private: bool = False) -> Snapshot:
    """Deletes a thing and keeps a copy in the trash.

    Raises Held if another row prevents it, and WrongState if the thing is deleted already.
    """
    kind, table = kind_of(thing.__tablename__), db.metadata.tables[thing.__tablename__]
    db.session.flush()
    found = branches.branch_of(membership.coalition_id, table, thing.id)
    if thing.id not in found.rows[table.name]:
        raise WrongState(_("Someone else deleted it a moment ago."))
    head = found.rows[table.name][thing.id]
    copy = _kept(membership, kind, found, head, DELETED_PRIVATE if is_private else DELETED)
    if kind.noted:
        _note(membership, kind, found)
    _erase(found)
    db.session.expunge(thing)
    return copy


def _kept(membership: Membership, kind: Kind, found: Branch, head: Mapping[str, Any], what: str) -> Snapshot:
    let_go = branches.let_go(kind, found)
    numbers = found.numbers(kind.number.table) if kind.number else []
    return snapshots.keep(
        membership.coalition_id,
        membership.id,
        SnapshotFor.TRASH,
        what,
        [*branches.copied(found), *let_go],
        thing=kind.table,
        thing_id=head["id"],
        number=max(numbers, default=None),
        title=kind.title_of(dict(head))[:TITLE_LONGEST],
        holds={name: found.ids(name) for name in kind.of_parts}
        | ({kind.number.key: numbers} if kind.number else {}),
    )


def _note(membership: Membership, kind: Kind, found: Branch) -> None:
    for table in kind.of_parts:
        rows = found.rows.get(table, {})
        changes = [(key, "deleted", row.get("number"), None) for key, row in rows.items()]
        history.record_changes(membership.coalition_id, membership.id, table, changes)


def _erase(found: Branch) -> None:
    try:
        with db.session.begin_nested():
            branches.erase(found)
    except IntegrityError:
        # Another request linked something to the thing a moment ago.
        raise Held from None


def delete_for_good(membership: Membership, copy: Snapshot) -> bool:
    """Deletes the copy for good, so that neither the thing nor earlier changes to it can be restored.

    Returns False if someone else did so first.
    """
    rows, made_at = list(copy.rows or ()), copy.made_at
    if not snapshots.end(copy, SnapshotEnd.DELETED):
        return False
    for table, ids in _ids_by_table(rows).items():
        snapshots.forget(copy.coalition_id, table, ids, until=made_at)
    audit_service.record_of(membership, AuditEvent.DELETED_FOR_GOOD, copy.thing, copy.thing_id)
    return True


def _ids_by_table(rows: Iterable[Mapping[str, Any]]) -> dict[str, Collection[int]]:
    found: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        if "values" in row:
            found[row["table"]].add(row["id"])
    return dict(found)
