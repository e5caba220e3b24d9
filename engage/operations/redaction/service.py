"""Removes texts from the database for good, including copies, caches and the search index."""

import sys
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app

from engage import clock, snapshots, tokens
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.columns import about
from engage.database import WAITS_SECONDS, Base, folded, text_is_gone
from engage.extensions import db
from engage.messages.letters import service as letters_service
from engage.messages.letters.models import Letter
from engage.numbers import whole_number
from engage.operations.redaction import earlier, questions
from engage.operations.redaction.columns import labels
from engage.partners.organizations.service import refresh_search
from engage.reports.funder import service as funder_service
from engage.reports.tables import service as tables_service
from engage.search import index

# The type of the objects that `functools.cache` makes of functions.
_CACHED = type(cache(len))
# The audit log does not store the id of such a row, because it could reveal what one respondent wrote.
ONE_ANSWER = "assessment_answer"
# Shorter texts may occur elsewhere by chance, so only texts of this length are searched for in other rows.
SHORTEST_FOUND_ELSEWHERE = 12
# Milliseconds for which a try to empty the log blocks others from saving, and seconds between tries.
_WAITS_FOR_READERS = 50
_PAUSES = (0.2,) * 9 + (0,)


class RedactionTarget(NamedTuple):
    """One text in one row; `column` is a path if the column stores many texts (see `redaction.questions`)."""

    table: str
    id: int
    column: str

    @classmethod
    def of(cls, text: str) -> "RedactionTarget | None":
        """Parses a form's value such as "plan_action-14-title"; None if there can be no such text."""
        table, _dash, rest = text.partition("-")
        key, _dash, column = rest.partition("-")
        number = whole_number(key, digits=10)
        known = table in labels() and column in labels()[table].columns
        known = known or (table in questions.STORED and questions.is_place(column))
        if number is None or not known:
            return None
        if table == ONE_ANSWER:
            number = tokens.unveiled(number, current_app.config["SECRET_KEY"], table)
        return cls(table, number, column) if number < 2**31 else None

    def __str__(self) -> str:
        number = self.id
        if self.table == ONE_ANSWER:
            number = tokens.veiled(number, current_app.config["SECRET_KEY"], self.table)
        return f"{self.table}-{number}-{self.column}"

    @property
    def is_in_questions(self) -> bool:
        return self.column not in labels()[self.table].columns

    @property
    def words(self) -> str:
        """Returns the text's label, such as "Goal: Title"."""
        row, columns = labels()[self.table]
        part = questions.word(self.column) if self.is_in_questions else columns[self.column]
        return f"{row}: {part}"


class FoundText(NamedTuple):
    """A text as it is stored now."""

    target: RedactionTarget
    text: str


def mark(today: date) -> str:
    """Returns the text that replaces a removed text; it is short enough for every column."""
    return f"[removed {today.isoformat()}]"


def is_removed(text: str) -> bool:
    return text.startswith("[removed 2")


# -- finding texts


def _table(name: str) -> sa.Table:
    return Base.metadata.tables[name]


def readable(membership: Membership, name: str) -> list[sa.ColumnElement[bool]]:
    """Returns the condition for rows that a coordinator may see; no private notes, no individual answers."""
    table = _table(name)
    if name == "coalitions_coalition":
        return [table.c.id == membership.coalition_id]
    here: list[sa.ColumnElement[bool]] = [table.c.coalition_id == membership.coalition_id]
    match name:
        case "toolkit_note":
            here.append(table.c.is_shared)
        case "assessment_effort":
            here += [table.c.response_id.is_(None), table.c.shared]
        case "assessment_answer":
            here.append(table.c.note_released)
        case "coalitions_membership":
            # People with an account write their names themselves.
            here.append(table.c.user_id.is_(None))
    return here


def texts_of(
    membership: Membership, name: str, *where: sa.ColumnElement[bool], most: int = 200
) -> list[FoundText]:
    """Returns every text of the matching rows, newest rows first; notes to statements are sorted by text."""
    table, columns = _table(name), labels()[name].columns
    stored = [questions.COLUMN] if name in questions.STORED else []
    rows = (
        sa.select(table.c.id, *(table.c[column] for column in (*columns, *stored)))
        .where(*readable(membership, name), *where)
        .order_by(table.c.note if name == ONE_ANSWER else table.c.id.desc())
        .limit(most)
    )
    return [
        FoundText(RedactionTarget(name, row["id"], column), text)
        for row in db.session.execute(rows).mappings()
        for column, text in (
            *((column, row[column]) for column in columns),
            *(each for column in stored for each in questions.texts_in(row[column])),
        )
        if text and not is_removed(text)
    ]


def found(membership: Membership, targets: Iterable[RedactionTarget]) -> list[FoundText]:
    """Returns those of these texts that still exist and that the coordinator may see."""
    by_table = defaultdict(set)
    for target in targets:
        by_table[target.table].add(target)
    return [
        each
        for name, wanted in sorted(by_table.items())
        for each in texts_of(membership, name, _table(name).c.id.in_({target.id for target in wanted}))
        if each.target in wanted
    ]


def same_elsewhere(membership: Membership, chosen: Collection[FoundText]) -> list[FoundText]:
    """Returns the other texts of the coalition with exactly the same words."""
    texts = {each.text for each in chosen if len(each.text) >= SHORTEST_FOUND_ELSEWHERE}
    if not texts:
        return []
    there = {each.target for each in chosen}

    def holding(name: str) -> sa.ColumnElement[bool]:
        if name in questions.STORED:
            return sa.true()
        return sa.or_(*(_table(name).c[column].in_(texts) for column in labels()[name].columns))

    return [
        each
        for name in labels()
        for each in texts_of(membership, name, holding(name))
        if each.text in texts and each.target not in there
    ]


# -- removing texts


def redact(membership: Membership, targets: Iterable[RedactionTarget]) -> list[RedactionTarget]:
    """Removes these texts and their copies for good. Returns those that existed."""
    lock(membership.coalition_id)
    chosen = found(membership, targets)
    chosen += same_elsewhere(membership, chosen)
    word = mark(clock.today(membership.coalition.time_zone))
    rows: dict[tuple[str, int], dict[str, object]] = defaultdict(dict)
    places: dict[tuple[str, int], list[str]] = defaultdict(list)
    for each in chosen:
        table, key, column = each.target
        if each.target.is_in_questions:
            places[table, key].append(column)
            column = questions.COLUMN  # the path would contain removed words
        else:
            rows[table, key][column] = "" if about(_table(table).c[column]).is_address else word
        told = None if table == ONE_ANSWER else key
        audit_service.record_of(membership, AuditEvent.TEXT_REDACTED, table, told, what=column)
    for (table, key), gone in places.items():
        row = (*readable(membership, table), _table(table).c.id == key)
        # Editing a set of questions locks its row and not the coalition's.
        held = sa.select(_table(table).c.questions).where(*row).with_for_update()
        stored = db.session.execute(held).scalar_one()
        rows[table, key][questions.COLUMN] = questions.without(stored, gone, word)
    for (table, key), values in rows.items():
        _write(membership, table, key, values)
    _forget_copies(membership, chosen, word)
    questions.rename(membership.coalition_id, {place for each in places.values() for place in each})
    if any(table.startswith("partners_organization") for table, _key in rows):
        refresh_search(membership.coalition_id)
    # A letter from which a text was removed is not sent to anyone else.
    letters_service.cancel_rest(
        membership.coalition_id, [key for table, key in rows if table == Letter.__tablename__]
    )
    text_is_gone()
    db.session.flush()
    db.session.expire_all()
    return [each.target for each in chosen]


def _write(membership: Membership, name: str, key: int, values: dict[str, Any]) -> None:
    """Writes the values and raises the row's versions, so that an open form cannot restore the text."""
    table = _table(name)
    source = about(table.c.sort_key).folded_from if "sort_key" in table.c else ""
    if source in values:
        if name in {"coalitions_group", "partners_organization_tag"}:  # these sort keys are unique
            values[source] = f"{values[source]} {key}"
        values["sort_key"] = folded(values[source])
    for column in table.c:
        if column.name.endswith("version") and isinstance(column.type, sa.Integer):
            values[column.name] = column + 1
    row = sa.update(table).where(*readable(membership, name), table.c.id == key)
    db.session.execute(row.values(values).execution_options(synchronize_session=False))


def _forget_copies(membership: Membership, chosen: Collection[FoundText], word: str) -> None:
    here = membership.coalition_id
    columns: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in chosen:
        columns[each.target.table][each.target.id].add(each.target.column)
    db.session.flush()
    for table, rows in columns.items():
        earlier.forget(here, table, rows, word)
    texts = {each.text for each in chosen}
    snapshots.forget_texts(here, texts, word)
    funder_service.forget_texts(here, texts, word)
    tables_service.forget_copies(here)
    plans = _table("plan_plan")
    for key, snapshot in db.session.execute(
        sa.select(plans.c.id, plans.c.snapshot).where(
            plans.c.coalition_id == here, plans.c.snapshot.is_not(None)
        )
    ):
        if (without := snapshots.without(snapshot, texts, word)) != snapshot:
            db.session.execute(sa.update(plans).where(plans.c.id == key).values(snapshot=without))


# -- clearing caches, search index and log


def settle(engine: sa.Engine) -> None:
    """Removes the texts from caches, from the search index and from SQLite's write-ahead log.

    Call it while no transaction is open.
    """
    forget_drawn()
    index.forget_deleted(engine)
    empty_log(engine)


def empty_log(engine: sa.Engine) -> None:
    """Empties SQLite's write-ahead log, which contains earlier pages of the database.

    This fails while another connection, such as a backup, reads. No one can save while SQLite waits for the
    reader, so each attempt is short. If all attempts fail, the daily work tries again.
    """
    if engine.dialect.name != "sqlite":
        return
    driver = engine.raw_connection()
    cursor = driver.cursor()
    try:
        cursor.execute(f"PRAGMA busy_timeout={_WAITS_FOR_READERS}")
        for pause in _PAUSES:
            is_busy, *_pages = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                break
            time.sleep(pause)
    finally:
        cursor.execute(f"PRAGMA busy_timeout={WAITS_SECONDS * 1000}")
        driver.close()


def forget_drawn() -> None:
    """Clears the caches of rendered and parsed texts in this process."""
    for name, module in list(sys.modules.items()):
        if name.startswith("engage.") and not name.startswith("engage.content"):
            for cached in _caches(vars(module)):
                cached.cache_clear()


def _caches(names: Mapping[str, object]) -> Iterator[Any]:
    for value in list(names.values()):
        if isinstance(value, _CACHED):
            yield value
