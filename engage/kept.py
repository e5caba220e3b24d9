"""Keeps copies of what was changed or deleted, for undo and for the trash.

No other table still holds a text after someone changed or deleted it. A copy is emptied when it is used, when
it is deleted for good and when a text is redacted; after 30 days it is deleted.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from engage import clock
from engage.database import Base, Tenant, UtcDateTime, folded, text_is_gone, within
from engage.extensions import db

KEPT_DAYS = 30
TITLE_LONGEST = 300


class KeptFor(StrEnum):
    UNDO = "undo"
    TRASH = "trash"


class KeptEnd(StrEnum):
    """The ways a copy ends before its time."""

    TAKEN_BACK = "taken_back"
    RESTORED = "restored"
    DELETED = "deleted"
    FORGOTTEN = "forgotten"


class KeptCopy(Tenant, Base):
    """A copy of what one step changed or deleted, as it was before."""

    __tablename__ = "kept_copy"
    __table_args__ = (
        within("made_by_id", "coalitions_membership"),
        # An ended copy holds no text any more.
        sa.CheckConstraint("(ended_at IS NULL) = (ended IS NULL)", name="ended"),
        sa.CheckConstraint("ended_at IS NULL OR (rows IS NULL AND title = '')", name="ended_is_empty"),
        sa.Index("ix_kept_copy_kept_for", "coalition_id", "kept_for", "made_at"),
        sa.Index("ix_kept_copy_made_at", "made_at"),
        # A page that is still open must never undo another step.
        {"sqlite_autoincrement": True},
    )

    kept_for: Mapped[KeptFor]
    # This says what was done, in the feature's own word.
    what: Mapped[str] = mapped_column(sa.String(40))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(index=True)
    # These are the table and the id of the thing, or of the first of several. There is no foreign key, since
    # any table may be meant.
    thing: Mapped[str] = mapped_column(sa.String(60))
    thing_id: Mapped[int]
    # This is the highest number among the deleted things, so that it is not given again.
    number: Mapped[int | None]
    title: Mapped[str] = mapped_column(sa.String(TITLE_LONGEST), default="")
    # These are the ids or numbers of the rows in the copy, by name, without any text.
    holds: Mapped[dict[str, list[int]]] = mapped_column(sa.JSON, default=dict)
    # These are the rows as they were, each with its `table` and `id`.
    rows: Mapped[list[dict[str, Any]] | None] = deferred(mapped_column(sa.JSON(none_as_null=True)))
    ended_at: Mapped[datetime | None]
    ended: Mapped[KeptEnd | None]


def keep(
    coalition_id: int,
    actor_id: int | None,
    kept_for: KeptFor,
    what: str,
    rows: list[dict[str, Any]],
    *,
    thing: str,
    thing_id: int,
    number: int | None = None,
    title: str = "",
    holds: dict[str, list[int]] | None = None,
) -> KeptCopy:
    """Saves a copy. The returned row knows only its id and its purpose; load it to read the rest."""
    values: dict[str, Any] = {
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
    # The row is written outside the session: each change of status writes one, and flushing a row costs three
    # times as much.
    table = Base.metadata.tables[KeptCopy.__tablename__]
    written = db.session.connection().execute(sa.insert(table), values).inserted_primary_key
    assert written is not None
    return KeptCopy(id=written[0], kept_for=kept_for)


def since(now: datetime) -> datetime:
    """Returns the age limit: older copies are no longer offered, and the daily work deletes them."""
    return now - timedelta(days=KEPT_DAYS)


def days_left(made_at: datetime, now: datetime) -> int:
    """Returns the whole days until a copy is deleted, including the last one."""
    return max(0, KEPT_DAYS - (now - made_at).days)


def copy_of(coalition_id: int, copy_id: int) -> KeptCopy | None:
    """Returns this coalition's copy, even if it has ended, but not if it is too old."""
    return db.session.scalar(
        sa.select(KeptCopy).where(
            KeptCopy.coalition_id == coalition_id,
            KeptCopy.id == copy_id,
            KeptCopy.made_at > since(clock.now()),
        )
    )


def waiting(coalition_id: int, kept_for: KeptFor) -> sa.Select[KeptCopy]:
    """Selects the copies that can still be used, newest first."""
    return (
        sa.select(KeptCopy)
        .where(
            KeptCopy.coalition_id == coalition_id,
            KeptCopy.kept_for == kept_for,
            KeptCopy.made_at > since(clock.now()),
            KeptCopy.ended_at.is_(None),
        )
        .order_by(KeptCopy.made_at.desc(), KeptCopy.id.desc())
    )


def end(copy: KeptCopy, how: KeptEnd) -> bool:
    """Empties a copy that is used or deleted for good; returns False if someone else did so first.

    Read the copy's rows before you call this.
    """
    if how is KeptEnd.DELETED:
        text_is_gone()
    ended = db.session.execute(
        sa.update(KeptCopy)
        .where(KeptCopy.id == copy.id, KeptCopy.ended_at.is_(None))
        .values(ended_at=clock.now(), ended=how, rows=sa.null(), title="")
        .execution_options(synchronize_session=False)
    )
    return ended.rowcount == 1  # type: ignore[attr-defined]


def highest_number(coalition_id: int, things: Collection[str]) -> int | None:
    """Returns the highest number that copies in the trash hold for these things, so that no new thing gets it."""
    return db.session.scalar(
        sa.select(sa.func.max(KeptCopy.number)).where(
            KeptCopy.coalition_id == coalition_id,
            KeptCopy.kept_for == KeptFor.TRASH,
            KeptCopy.thing.in_(things),
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
    """Points copies made up to `until` at the new id of a restored row; `columns` are those that refer to its table."""
    for copy in db.session.scalars(
        sa.select(KeptCopy).where(
            KeptCopy.coalition_id == coalition_id, KeptCopy.ended_at.is_(None), KeptCopy.made_at <= until
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
    """Removes these rows from every step that can be undone, for redaction.

    The trash is left alone: whatever it holds under these ids is something else, since ids are used again.
    `until` is when the rows were deleted, so that only steps before it are looked at.
    """
    steps = sa.select(KeptCopy).where(
        KeptCopy.coalition_id == coalition_id,
        KeptCopy.kept_for == KeptFor.UNDO,
        KeptCopy.ended_at.is_(None),
        *(() if until is None else (KeptCopy.made_at <= until,)),
    )
    for copy in db.session.scalars(steps):
        _leave_out(copy, lambda row: row["table"] == table and row["id"] in ids)


def forget_where(coalition_id: int, table: str, values: Mapping[str, object]) -> None:
    """Removes the rows of a table that hold these values from every copy, for people whose account is deleted."""
    copies = sa.select(KeptCopy).where(KeptCopy.coalition_id == coalition_id, KeptCopy.ended_at.is_(None))
    for copy in db.session.scalars(copies):
        _leave_out(
            copy,
            lambda row: row["table"] == table and "values" in row and values.items() <= row["values"].items(),
        )


def _leave_out(copy: KeptCopy, is_gone: Callable[[dict[str, Any]], bool]) -> None:
    """Removes rows from a copy, which ends if none is left, or if the deleted thing itself is among them."""
    rows = copy.rows or []
    gone = [row for row in rows if is_gone(row)]
    if not gone:
        return
    is_the_thing = (copy.thing, copy.thing_id) in {(row["table"], row["id"]) for row in gone}
    if len(gone) == len(rows) or (copy.kept_for is KeptFor.TRASH and is_the_thing):
        end(copy, KeptEnd.FORGOTTEN)
    else:
        copy.rows = [row for row in rows if row not in gone]


def forget_texts(coalition_id: int, texts: Collection[str], word: str) -> None:
    """Replaces these texts by `word` in every row and title of a copy, whatever its id, for redaction.

    Unlike `forget`, it also finds rows that were restored from the trash under a new id.
    """
    for copy in db.session.scalars(
        sa.select(KeptCopy).where(KeptCopy.coalition_id == coalition_id, KeptCopy.ended_at.is_(None))
    ):
        copy.title = word if any(text[:TITLE_LONGEST] == copy.title for text in texts) else copy.title
        rows = [_sorted_anew(row, without(row, texts, word), word) for row in copy.rows or []]
        if rows != (copy.rows or []):
            copy.rows = rows


def _sorted_anew(before: dict[str, Any], row: dict[str, Any], word: str) -> dict[str, object]:
    """Updates the row's sort key if a text was replaced: the key is that text in lower case."""
    if row == before or "sort_key" not in row.get("values", {}):
        return row
    return {**row, "values": {**row["values"], "sort_key": folded(word)}}


def without(value: Any, texts: Collection[str], word: str) -> Any:
    """Returns the JSON with `word` in place of each of these texts."""
    if isinstance(value, Mapping):
        return {key: without(each, texts, word) for key, each in value.items()}
    if isinstance(value, list):
        return [without(each, texts, word) for each in value]
    return word if isinstance(value, str) and value in texts else value


def prune(now: datetime) -> int:
    """Deletes the copies that are too old. Returns how many."""
    gone = db.session.execute(
        sa.delete(KeptCopy).where(KeptCopy.made_at <= since(now)).execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


# -- values as a copy holds them


def plain(value: Any) -> Any:
    """Returns a column's value as JSON holds it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def restored(column: sa.ColumnElement[Any], value: Any) -> Any:
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
