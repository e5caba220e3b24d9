"""Stores copies of what was changed, deleted or imported, for undo and for the trash.

No other table still holds a text after someone changed or deleted it. A copy is emptied when it is used, when
it is deleted for good and when a text in it is redacted; after 30 days it is deleted.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from engage import clock
from engage.columns import CODE, copies, own_data
from engage.database import Base, Tenant, UtcDateTime, enum_type, folded, text_is_gone, within
from engage.extensions import db

SNAPSHOT_DAYS = 30
TITLE_LONGEST = 300


class SnapshotFor(StrEnum):
    UNDO = "undo"
    TRASH = "trash"
    IMPORT = "import"


class SnapshotEnd(StrEnum):
    """The ways in which a copy is ended before its 30 days are over."""

    TAKEN_BACK = "taken_back"
    RESTORED = "restored"
    DELETED = "deleted"
    FORGOTTEN = "forgotten"


class Snapshot(Tenant, Base):
    """A copy of what one step changed or deleted, with the earlier values."""

    __tablename__ = "kept_copy"
    __table_args__ = (
        within("made_by_id", "coalitions_membership"),
        # A copy that was ended holds no text.
        sa.CheckConstraint("(ended_at IS NULL) = (ended IS NULL)", name="ended"),
        sa.CheckConstraint("ended_at IS NULL OR (rows IS NULL AND title = '')", name="ended_is_empty"),
        sa.Index("ix_kept_copy_kept_for", "coalition_id", "kept_for", "made_at"),
        sa.Index("ix_kept_copy_made_at", "made_at"),
        # Ids are never reused, so that a page that is still open cannot undo another step.
        {"sqlite_autoincrement": True},
    )

    kept_for: Mapped[SnapshotFor] = mapped_column(enum_type(SnapshotFor, "keptfor"))
    # This says what was done, as a word that the feature defines.
    what: Mapped[str] = mapped_column(sa.String(40), info=CODE)
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("changes_that_can_be_undone", "what made_at")
    )
    # These are the table and the id of the changed thing, or of the first of several. There is no foreign
    # key, since any table is possible.
    thing: Mapped[str] = mapped_column(sa.String(60), info=CODE)
    thing_id: Mapped[int]
    # This is the highest number among the deleted things, which no new thing may get.
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(sa.String(TITLE_LONGEST), default="", info=copies())
    # These are the ids or numbers of the rows in the copy, by the feature's names for them, without any text.
    holds: Mapped[dict[str, list[int]]] = mapped_column(sa.JSON, default=dict, info=CODE)
    # These are the rows with their earlier values, each with its `table` and `id`.
    rows: Mapped[list[dict[str, Any]] | None] = deferred(
        mapped_column(sa.JSON(none_as_null=True), info=copies())
    )
    ended_at: Mapped[datetime | None]
    ended: Mapped[SnapshotEnd | None] = mapped_column(enum_type(SnapshotEnd, "keptend"))


def keep(
    coalition_id: int,
    actor_id: int | None,
    kept_for: SnapshotFor,
    what: str,
    rows: list[dict[str, object]],
    *,
    thing: str,
    thing_id: int,
    number: int | None = None,
    title: str = "",
    holds: dict[str, list[int]] | None = None,
) -> Snapshot:
    """Saves a copy. The returned object has only its id and its purpose; load it to read the rest."""
    values: dict[str, object] = {
        "coalition_id": coalition_id,
        "made_by_id": actor_id,
        "kept_for": kept_for,
        "what": str(what),
        "made_at": clock.now(),
        "thing": thing,
        "thing_id": thing_id,
        "number": number,
        "title": title,
        "holds": holds or {},
        "rows": rows,
    }
    # The row is written without the session: each change of status writes one, and the session takes three
    # times as long.
    table = Base.metadata.tables[Snapshot.__tablename__]
    written = db.session.connection().execute(sa.insert(table), values).inserted_primary_key
    assert written is not None
    return Snapshot(id=written[0], kept_for=kept_for)


def since(now: datetime) -> datetime:
    """Returns the age limit: older copies are no longer offered, and the daily job deletes them."""
    return now - timedelta(days=SNAPSHOT_DAYS)


def days_left(made_at: datetime, now: datetime) -> int:
    """Returns the whole days until a copy is deleted, including the last one."""
    return max(0, SNAPSHOT_DAYS - (now - made_at).days)


def copy_of(coalition_id: int, copy_id: int) -> Snapshot | None:
    """Returns this coalition's copy, even if it has ended, but not if it is too old."""
    return db.session.scalar(
        sa.select(Snapshot).where(
            Snapshot.coalition_id == coalition_id,
            Snapshot.id == copy_id,
            Snapshot.made_at > since(clock.now()),
        )
    )


def waiting(coalition_id: int, kept_for: SnapshotFor) -> sa.Select[Snapshot]:
    """Returns the statement for copies that can still be used, newest first."""
    return (
        sa.select(Snapshot)
        .where(
            Snapshot.coalition_id == coalition_id,
            Snapshot.kept_for == kept_for,
            Snapshot.made_at > since(clock.now()),
            Snapshot.ended_at.is_(None),
        )
        .order_by(Snapshot.made_at.desc(), Snapshot.id.desc())
    )


def end(copy: Snapshot, how: SnapshotEnd) -> bool:
    """Empties a copy that is used or deleted for good; returns False if someone else did so first.

    Read the copy's rows before you call this.
    """
    if how is SnapshotEnd.DELETED:
        text_is_gone()
    ended = db.session.execute(
        sa.update(Snapshot)
        .where(Snapshot.id == copy.id, Snapshot.ended_at.is_(None))
        .values(ended_at=clock.now(), ended=how, rows=sa.null(), title="")
        .execution_options(synchronize_session=False)
    )
    return ended.rowcount == 1  # type: ignore[attr-defined]


def highest_number(coalition_id: int, things: Collection[str]) -> int | None:
    """Returns the highest number of these things in the trash, so that no new thing gets it."""
    return db.session.scalar(
        sa.select(sa.func.max(Snapshot.number)).where(
            Snapshot.coalition_id == coalition_id,
            Snapshot.kept_for == SnapshotFor.TRASH,
            Snapshot.thing.in_(things),
        )
    )


def free_number(coalition_id: int, model: type[Any]) -> int:
    """Returns the number after the highest in a table and in the trash."""
    highest = db.session.scalar(
        sa.select(sa.func.max(model.number)).where(model.coalition_id == coalition_id)
    )
    return max(highest or 0, highest_number(coalition_id, [model.__tablename__]) or 0) + 1


def follow(
    coalition_id: int, until: datetime, columns: Collection[tuple[str, str]], key: int, made: int
) -> None:
    """Makes copies from up to `until` refer to a restored row's new id; `columns` refer to its table."""
    for copy in db.session.scalars(
        sa.select(Snapshot).where(
            Snapshot.coalition_id == coalition_id, Snapshot.ended_at.is_(None), Snapshot.made_at <= until
        )
    ):
        rows = [_followed(row, columns, key, made) for row in copy.rows or []]
        if rows != copy.rows:
            copy.rows = rows


def _followed(
    row: dict[str, Any], columns: Collection[tuple[str, str]], key: int, made: int
) -> dict[str, object]:
    if "values" not in row:
        return row
    new = {
        name: made
        for name, value in row["values"].items()
        if value == key and (row["table"], name) in columns
    }
    return {**row, "values": row["values"] | new} if new else row


def forget(coalition_id: int, table: str, ids: Collection[int], until: datetime | None = None) -> None:
    """Removes these rows from every step and import that can be undone, for redaction.

    The trash is left alone: rows with these ids in it are other rows, since ids are reused. `until` is when
    the rows were deleted; only earlier steps are changed.
    """
    steps = sa.select(Snapshot).where(
        Snapshot.coalition_id == coalition_id,
        Snapshot.kept_for != SnapshotFor.TRASH,
        Snapshot.ended_at.is_(None),
        *(() if until is None else (Snapshot.made_at <= until,)),
    )
    for copy in db.session.scalars(steps):
        _leave_out(copy, lambda row: row["table"] == table and row["id"] in ids and _holds_values(row))


def _holds_values(row: Mapping[str, object]) -> bool:
    """Returns whether the row holds earlier values; of a row that an import added, only a digest is stored."""
    return not row.keys().isdisjoint({"before", "values"})


def forget_where(coalition_id: int, table: str, values: Mapping[str, object]) -> None:
    """Removes the rows of a table that hold these values from every copy, for people whose account is deleted."""
    copies = sa.select(Snapshot).where(Snapshot.coalition_id == coalition_id, Snapshot.ended_at.is_(None))
    for copy in db.session.scalars(copies):
        _leave_out(
            copy,
            lambda row: row["table"] == table and "values" in row and values.items() <= row["values"].items(),
        )


def _leave_out(copy: Snapshot, is_gone: Callable[[dict[str, Any]], bool]) -> None:
    """Removes rows from a copy.

    The copy is ended if no row is left, or if the deleted thing itself was removed.
    """
    rows = copy.rows or []
    gone = [row for row in rows if is_gone(row)]
    if not gone:
        return
    is_the_thing = (copy.thing, copy.thing_id) in {(row["table"], row["id"]) for row in gone}
    if len(gone) == len(rows) or (copy.kept_for is SnapshotFor.TRASH and is_the_thing):
        end(copy, SnapshotEnd.FORGOTTEN)
    else:
        copy.rows = [row for row in rows if row not in gone]


def forget_texts(coalition_id: int, texts: Collection[str], word: str) -> None:
    """Replaces these texts by `word` in every row and title of a copy, whatever the row's id, for redaction.

    Unlike `forget`, it also finds rows that were restored from the trash under a new id.
    """
    for copy in db.session.scalars(
        sa.select(Snapshot).where(Snapshot.coalition_id == coalition_id, Snapshot.ended_at.is_(None))
    ):
        copy.title = word if any(text[:TITLE_LONGEST] == copy.title for text in texts) else copy.title
        rows = [_sorted_anew(row, without(row, texts, word), word) for row in copy.rows or []]
        if rows != (copy.rows or []):
            copy.rows = rows


def _sorted_anew(before: dict[str, object], row: dict[str, Any], word: str) -> dict[str, object]:
    """Replaces the row's sort key if a text was replaced: the key is that text in lower case."""
    if row == before or "sort_key" not in row.get("values", {}):
        return row
    return {**row, "values": {**row["values"], "sort_key": folded(word)}}


def without(value: object, texts: Collection[str], word: str) -> Any:
    """Returns the JSON value with `word` in place of each of these texts."""
    if isinstance(value, Mapping):
        return {key: without(each, texts, word) for key, each in value.items()}
    if isinstance(value, list):
        return [without(each, texts, word) for each in value]
    return word if isinstance(value, str) and value in texts else value


def prune(now: datetime) -> int:
    """Deletes the copies that are too old. Returns how many."""
    gone = db.session.execute(
        sa.delete(Snapshot).where(Snapshot.made_at <= since(now)).execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


# -- values in the form that a copy stores


def plain(value: object) -> object:
    """Returns a column's value in the form that JSON stores."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def restored(column: sa.ColumnElement[object], value: Any) -> object:
    """Returns the column's value that `plain` turned into JSON."""
    if value is None:
        return None
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(kind, sa.Date):
        return date.fromisoformat(value)
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    return value


def restored_values(table: sa.Table, values: Mapping[str, object]) -> dict[str, object]:
    """Returns the values of several columns by name, without columns that the table no longer has."""
    return {name: restored(table.c[name], value) for name, value in values.items() if name in table.c}
