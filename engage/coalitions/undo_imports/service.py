"""Undoes an import: what nothing was built on goes, and what it changed is as before."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from engage import history, snapshots
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.coalitions.trash import queries as trash_queries
from engage.coalitions.undo_imports import queries
from engage.coalitions.undo_imports.kinds import ImportKind, kind_of
from engage.coalitions.undo_imports.recording import hold, parent_table, plain
from engage.coalitions.undo_imports.rules import SILENT, Key, Record, free_of, state_of
from engage.database import text_is_gone
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.snapshots import Snapshot, SnapshotEnd


class Staying(Struct, frozen=True):
    """A row of an import that stays as it is: the row, and why, as a text or by the tables of what was built on it."""

    table: str
    row: Mapping[str, object]
    reason: str = ""
    held_by: tuple[str, ...] = ()


class UndoneImport(Struct, frozen=True):
    """An import as it could be undone now: the records that are free, and the rows that stay and are named."""

    copy: Snapshot
    kind: ImportKind
    free: list[Record]
    rows: queries.Rows
    stays: list[Staying]

    @property
    def going(self) -> queries.Rows:
        """Returns the rows that will be deleted, by table and id."""
        going: queries.Rows = defaultdict(dict)
        for each in self.free:
            if each.is_added:
                going[each.table][each.id] = self.rows[each.table][each.id]
        return going

    def count(self, table: str, *, added: bool) -> int:
        """Returns how many rows of a table would be deleted or, with `added` false, be as before."""
        return sum(
            each.table == table and each.values is None and each.is_added is added for each in self.free
        )


def kind_and_file(copy: Snapshot) -> tuple[ImportKind, str]:
    """Returns what was imported, and from what kind of file."""
    key, _dot, file = copy.what.partition(".")
    return kind_of(key), file


def look(copy: Snapshot) -> UndoneImport:
    """Reads what undoing would do now, to show it."""
    return _look(copy, list(copy.rows or ()), locks=False)


def undo(membership: Membership, copy: Snapshot) -> UndoneImport:
    """Undoes the import as far as nothing was built on it. Raises WrongState."""
    hold(kind_and_file(copy)[0], membership.coalition_id)
    rows = list(copy.rows or ())
    if not snapshots.end(copy, SnapshotEnd.TAKEN_BACK):
        raise WrongState(undone_words())
    found = _look(copy, rows, locks=True)
    if not found.free:
        raise WrongState(_("Nothing in this import can be undone: all of it was changed or used since then."))
    text_is_gone()
    found.kind.prepare(copy.coalition_id, found.going)
    try:
        _write(found)
    except IntegrityError:
        raise WrongState(
            _("Someone added something to it a moment ago. Nothing was undone. Look again, then decide.")
        ) from None
    _note(membership, found)
    found.kind.settle(copy.coalition_id)
    audit_service.record_of(
        membership, AuditEvent.IMPORT_UNDONE, "", None, what=found.kind.logged, number=_things(found)
    )
    return found


def undone_words() -> str:
    return _("This import was already undone.")


def _things(found: UndoneImport) -> int:
    return sum(each.table in found.kind.counted for each in found.free)


# -- what can be undone


def _look(copy: Snapshot, stored: list[dict[str, Any]], *, locks: bool) -> UndoneImport:
    kind, _file = kind_and_file(copy)
    known = set(db.metadata.tables)
    records = [
        Record(each["table"], each["id"], each.get("state", ""), each.get("before"), each.get("values"))
        for each in stored
        if each["table"] in known
    ]
    rows = queries.current_rows(copy.coalition_id, records, locks=locks)
    since = trash_queries.deleted_since(copy.coalition_id, copy.made_at)
    there = [
        each
        for each in records
        if each.values is not None
        or (each.id in rows[each.table] and each.id not in since.get(each.table, ()))
    ]
    reasons = _reasons(copy, kind, there, rows, since)
    free, held = free_of(
        {each.key for each in there} - reasons.keys(), _holders(copy.coalition_id, kind, there, rows)
    )
    return UndoneImport(
        copy,
        kind,
        [each for each in there if each.key in free],
        rows,
        _staying(kind, there, rows, reasons, held),
    )


def _reasons(
    copy: Snapshot, kind: ImportKind, there: list[Record], rows: queries.Rows, since: Mapping[str, set[int]]
) -> dict[Key, str]:
    """Returns why records cannot be undone, apart from what was built on them."""
    changed, gone = _("Someone has changed it since then."), _("Something that it was linked to was deleted.")
    found = dict.fromkeys(queries.missing_targets(copy.coalition_id, there, since), gone)
    for each in there:
        if each.values is None and state_of(plain(rows[each.table][each.id])) != each.state:
            found[each.key] = changed
    return found | dict(kind.stays(copy.coalition_id, rows))


def _holders(
    coalition_id: int, kind: ImportKind, there: list[Record], rows: queries.Rows
) -> dict[Key, set[Key]]:
    """Returns what keeps each record from being undone: rows that refer to it, and the row that it is part of."""
    found: dict[Key, set[Key]] = defaultdict(set)
    recorded = {each.key for each in there}
    for holder, key in queries.referring(coalition_id, kind, [each.key for each in there if each.is_added]):
        found[key].add(holder)
    for each in there:
        parent = _parent(kind, each, rows)
        if parent in recorded - {each.key}:
            found[each.key].add(parent)
    return found


def _parent(kind: ImportKind, record: Record, rows: queries.Rows) -> Key:
    """Returns the row that the recorded row is part of; itself if it is part of none."""
    if record.table not in kind.parts:
        return record.key
    row = record.values or rows[record.table][record.id]
    return parent_table(kind, record.table), row[kind.parts[record.table]]


def _staying(
    kind: ImportKind,
    there: list[Record],
    rows: queries.Rows,
    reasons: Mapping[Key, str],
    held: Mapping[Key, set[Key]],
) -> list[Staying]:
    """Returns the rows to name. A part is named only if what it is part of does not stay."""
    stays = reasons.keys() | held.keys()
    parents = {each.key: _parent(kind, each, rows) for each in there if each.table in kind.parts}

    def held_by(key: Key) -> tuple[str, ...]:
        """Returns the tables of what was built on it, without its own parts, which stay only because it does."""
        causes = {
            each
            for each in held.get(key, ())
            if not (parents.get(each) == key and each in held and held[each] <= {key})
        }
        # A part of another row is named as that row.
        named = {each if parents.get(each) == key else parents.get(each, each) for each in causes}
        return tuple(sorted({table for table, _id in named}))

    return [
        Staying(name, rows[name][each.id], reasons.get(each.key, ""), held_by(each.key))
        for name in (*kind.counted, *kind.parts)
        for each in there
        if each.table == name
        and each.values is None
        and each.key in stays
        and parents.get(each.key) not in stays
    ]


# -- writing


def _write(found: UndoneImport) -> None:
    """Writes what is free: rows that refer to others come before those, and removed rows last."""
    tables = [table for table in db.metadata.sorted_tables if table.name in found.kind.tables]
    for table in reversed(tables):
        own = [each for each in found.free if each.table == table.name]
        for ids in queries.in_portions(each.id for each in own if each.is_added):
            # One statement for many rows: SQLite takes fifty times as long for one each.
            db.session.execute(sa.delete(table).where(table.c.id.in_(ids)))
        _restore(found, table, [each for each in own if each.before is not None])
    for table in tables:
        _insert(found, table, [each for each in found.free if each.table == table.name and each.values])


def _restore(found: UndoneImport, table: sa.Table, changed: list[Record]) -> None:
    """Sets the earlier values, with a new version, so that a form that is still open notices it."""
    if not changed:
        return
    versions = {"version"} & set(table.c.keys())
    names = sorted(versions | {name for each in changed for name in each.before or () if name in table.c})
    rows = []
    for each in changed:
        now = found.rows[table.name][each.id]
        before = snapshots.restored_values(table, each.before or {})
        row = {f"new_{name}": before.get(name, now[name]) for name in names}
        if versions:
            row["new_version"] = now["version"] + 1
        rows.append({"key": each.id, **row})
    for (name, column), value in found.kind.neutral.items():
        if name == table.name and column in names:
            ids = [each["key"] for each in rows]
            db.session.execute(sa.update(table).where(table.c.id.in_(ids)).values({column: value}))
    new = {name: sa.bindparam(f"new_{name}", type_=table.c[name].type) for name in names}
    statement = sa.update(table).where(table.c.id == sa.bindparam("key")).values(new)
    db.session.connection().execute(statement, rows)


def _insert(found: UndoneImport, table: sa.Table, removed: list[Record]) -> None:
    """Inserts the rows that the import removed, with their ids where no other row has these by now."""
    taken = set(
        db.session.scalars(sa.select(table.c.id).where(table.c.id.in_([each.id for each in removed])))
        if removed
        else ()
    )
    for each in removed:
        own = {} if each.id in taken else {"id": each.id}
        values = snapshots.restored_values(table, each.values or {})
        db.session.execute(
            sa.insert(table).values({**values, **own, "coalition_id": found.copy.coalition_id})
        )


def _note(membership: Membership, found: UndoneImport) -> None:
    """Writes the history of the rows that a person reads."""
    for name in found.kind.counted:
        own = [each for each in found.free if each.table == name and each.values is None]
        noted = [change for each in own for change in _changes(found, each)]
        history.record_changes(membership.coalition_id, membership.id, name, noted)


def _changes(found: UndoneImport, each: Record) -> Iterable[tuple[int, str, history.Value, history.Value]]:
    row = found.rows[each.table][each.id]
    if each.is_added:
        yield each.id, "deleted", row.get("number"), None
    before = snapshots.restored_values(db.metadata.tables[each.table], each.before or {})
    for name, value in before.items():
        if name not in SILENT:
            yield each.id, name, *history.kept_values(row[name], value)
