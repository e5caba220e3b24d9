"""Restores deleted things with the same numbers and links, and says which of the things they referred to are gone."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct, field
from sqlalchemy.exc import IntegrityError

from engage import history, snapshots
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.coalitions.trash import queries
from engage.coalitions.trash.kinds import Kind, Return, Row, gone_words, kind_of, merged_into
from engage.errors import WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.i18n import gettext as _
from engage.snapshots import Snapshot, SnapshotEnd


class Restored(Struct):
    """The restored thing, and texts on what differs from before."""

    kind: Kind
    row: Row
    notes: list[str] = field(default_factory=list)


def restore(membership: Membership, copy: Snapshot, into: int | None = None) -> Restored:
    """Restores the copy to its old place. `into` is the id of the chosen place if the thing's own place is gone.

    Raises NeedsPlace, and WrongState if the copy was restored already or cannot be restored there.
    """
    lock(membership.coalition_id)
    rows = list(copy.rows or ())
    made_at = copy.made_at
    if not snapshots.end(copy, SnapshotEnd.RESTORED):
        raise WrongState(ended_words(copy))
    return _Restoring(_returning(membership, copy, rows, into), made_at).run()


def ended_words(copy: Snapshot) -> str:
    """Returns the message on why the copy can no longer be restored."""
    if copy.ended is SnapshotEnd.DELETED:
        return _("This was deleted for good.")
    return _("This was already restored, or deleted for good. See its current state.")


def leave_out_who_left(returning: Return, column: str, rows: Iterable[Row]) -> None:
    """Removes people who have left from this column of the restored rows."""
    led = [row for row in rows if row[column] is not None]
    left = queries.who_left(returning.coalition_id, {row[column] for row in led})
    for row in led:
        if row[column] in left:
            name, row[column] = left[row[column]], None
            returning.note(_("%(name)s has left: no one leads it now.", name=name))


def _returning(membership: Membership, copy: Snapshot, rows: list[Row], into: int | None) -> Return:
    returning = Return(membership, copy, into, loose=[row for row in rows if "put" in row])
    for row in rows:
        if "values" in row and row["table"] in db.metadata.tables:
            values = snapshots.restored_values(db.metadata.tables[row["table"]], row["values"])
            returning.rows[row["table"]][row["id"]] = values
    return returning


class _Restoring:
    def __init__(self, returning: Return, made_at: datetime) -> None:
        self._back = returning
        self._made_at = made_at
        self._kind = kind_of(returning.copy.thing)
        self._coalition_id = returning.coalition_id

    def run(self) -> Restored:
        head = self._back.head
        self._kind.prepare(self._back)
        for table, column in self._kind.led_by.items():
            leave_out_who_left(self._back, column, self._back.of(table))
        self._number_anew()
        self._write_all()
        self._link_again()
        if self._kind.noted:
            self._note()
        self._kind.settle(self._back)
        notes = self._back.notes + ([gone_words(self._kind, self._back.gone)] if self._back.gone else [])
        new_id = self._back.ids[self._kind.table][self._back.copy.thing_id]
        return Restored(self._kind, head | {"id": new_id}, notes)

    def _number_anew(self) -> None:
        """Assigns a new number only if the old number is taken."""
        numbered = self._kind.number
        if numbered is None:
            return
        table, rows = db.metadata.tables[numbered.table], self._back.of(numbered.table)
        taken = set(
            db.session.scalars(
                sa.select(table.c.number).where(
                    table.c.coalition_id == self._coalition_id,
                    table.c.number.in_([row["number"] for row in rows]),
                )
            )
        )
        free = numbered.free(self._coalition_id) if taken else 0
        for row in rows:
            if row["number"] in taken:
                old, row["number"], free = row["number"], free, free + 1
                self._back.note(str(numbered.taken) % {"old": old, "new": row["number"]})

    # -- the rows that it refers to

    def _write_all(self) -> None:
        since = queries.deleted_since(self._coalition_id, self._made_at)
        for table in db.metadata.sorted_tables:
            if own := self._back.rows.get(table.name):
                self._point(table, own, since)
                self._insert(table, own)

    def _point(self, table: sa.Table, own: dict[int, Row], since: dict[str, set[int]]) -> None:
        """Makes every row refer to existing rows; leaves out a row that cannot exist without a row that is gone."""
        targets = queries.pointers(table)
        gone = self._gone_of(table, own, targets, since)
        for key, row in list(own.items()):
            for column, target in targets.items():
                value = row.get(column)
                if value in self._back.ids[target.name] and value in self._back.rows[target.name]:
                    row[column] = self._back.ids[target.name][value]
                elif value is not None and value in gone.get(column, {}):
                    row[column] = gone[column][value]
                    if row[column] is None and not self._does_without(table, column):
                        self._leave_out(table, own, key)
                        break
            if self._kind.agree is not None:
                self._kind.agree(table.name, row)

    def _gone_of(
        self, table: sa.Table, own: dict[int, Row], targets: dict[str, sa.Table], since: dict[str, set[int]]
    ) -> dict[str, dict[int, int | None]]:
        """Returns, by column, the ids that are gone, each with the id of the row into which it was merged, or None."""
        inside = {column: self._back.rows.get(target.name, {}) for column, target in targets.items()}
        outside = [
            {name: value for name, value in row.items() if name in targets and value not in inside[name]}
            for row in own.values()
        ]
        gone = queries.gone(self._coalition_id, table, outside)
        for column, target in targets.items():
            pointed = {row[column] for row in outside if row.get(column) is not None}
            gone.setdefault(column, set()).update(pointed & since.get(target.name, set()))
        return {
            column: {
                key: merged_into(targets[column].name, self._back.membership, key) for key in sorted(keys)
            }
            for column, keys in gone.items()
        }

    def _does_without(self, table: sa.Table, column: str) -> bool:
        self._back.gone[column] = None
        return bool(table.c[column].nullable)

    def _leave_out(self, table: sa.Table, own: dict[int, Row], key: int) -> None:
        if table.name == self._kind.table and key == self._back.copy.thing_id:
            raise WrongState(
                _("The item it belonged to was deleted. If that is also in the trash, restore it first.")
            )
        del own[key]

    # -- writing

    def _insert(self, table: sa.Table, own: dict[int, Row]) -> None:
        taken = set(db.session.scalars(sa.select(table.c.id).where(table.c.id.in_(list(own)))))
        self._back.ids[table.name] = {key: key for key in own if key not in taken}
        self._write(table, [row for key, row in own.items() if key not in taken])
        for key in sorted(taken):
            # SQLite reuses the id of a deleted row. If that happened, this row gets another id, and its
            # history with it.
            row = {name: value for name, value in own[key].items() if name != "id"}
            if table.name in self._kind.of_parts:
                self._back.ids[table.name][key] = self._anew(table, key, row)
            else:
                self._write(table, [row])

    def _anew(self, table: sa.Table, key: int, row: Row) -> int:
        try:
            with db.session.begin_nested():
                made = int(db.session.scalars(sa.insert(table).values(row).returning(table.c.id)).one())
        except IntegrityError:
            self._refuse()
            raise
        db.session.execute(
            sa.update(HistoryEntry)
            .where(
                HistoryEntry.coalition_id == self._coalition_id,
                HistoryEntry.thing == table.name,
                HistoryEntry.thing_id == key,
                HistoryEntry.happened_at <= self._made_at,
            )
            .values(thing_id=made)
            .execution_options(synchronize_session=False)
        )
        snapshots.follow(self._coalition_id, self._made_at, columns_at(table.name), key, made)
        return made

    def _write(self, table: sa.Table, rows: list[Row]) -> None:
        try:
            with db.session.begin_nested():
                if rows:
                    db.session.execute(sa.insert(table), rows)
        except IntegrityError:
            if table.name in self._kind.of_parts:
                self._refuse()
                raise
            if len(rows) > 1:
                for row in rows:
                    self._write(table, [row])
            else:
                # The row was refused: either it may exist only once, such as a note's link, and exists again
                # by now, or it is meaningless without a row that is gone.
                empty = {name for name in queries.pointers(table) if rows[0].get(name) is None}
                if not empty & self._back.gone.keys():
                    self._back.gone[list(queries.pointers(table))[-1]] = None

    def _refuse(self) -> None:
        if self._kind.refused is not None:
            raise WrongState(str(self._kind.refused))

    def _link_again(self) -> None:
        """Restores links from other rows, unless these refer to something else by now."""
        for row in self._back.loose:
            table = db.metadata.tables[row["table"]]
            targets = queries.pointers(table)
            put = {
                name: self._back.ids[targets[name].name].get(value, value) if value is not None else None
                for name, value in row["put"].items()
            }
            as_left = sa.and_(
                *(table.c[name].is_not_distinct_from(value) for name, value in row["left"].items())
            )
            linked_to_nothing = sa.and_(*(table.c[name].is_(None) for name in row["left"]))
            db.session.execute(
                sa.update(table)
                .where(
                    table.c.coalition_id == self._coalition_id,
                    table.c.id == row["id"],
                    sa.or_(as_left, linked_to_nothing),
                )
                .values(put)
            )

    def _note(self) -> None:
        for table in self._kind.of_parts:
            changes = [
                (self._back.ids[table][key], "restored", None, row.get("number"))
                for key, row in self._back.rows.get(table, {}).items()
            ]
            history.record_changes(self._coalition_id, self._back.membership.id, table, changes)


def columns_at(target: str) -> set[tuple[str, str]]:
    """Returns each (table, column) that refers to this table."""
    return {
        (table.name, key.column_keys[-1])
        for table in db.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table.name == target
    }
