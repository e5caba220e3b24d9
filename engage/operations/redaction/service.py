"""Removes words from stored texts for good."""

import sys
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from flask import current_app

from engage import clock, kept, tokens
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.database import WAITS_SECONDS, Base, folded, text_is_gone
from engage.extensions import db
from engage.messages.letters import service as letters_service
from engage.messages.letters.models import Letter
from engage.numbers import whole_number
from engage.operations.redaction import earlier, questions
from engage.operations.redaction.columns import EMPTIED, SORTED_BY, TEXTS
from engage.partners.organizations.service import refresh_search
from engage.reports.funder import service as funder_service
from engage.search import index

# `functools.cache` turns a function into an object of this type.
_CACHED = type(cache(len))
# Nothing shows the id of such a row, because ids could reveal what one respondent wrote.
ONE_ANSWER = "assessment_answer"
# A shorter text may occur elsewhere by chance, so only longer ones are searched for in other rows.
SHORTEST_FOUND_ELSEWHERE = 12
# For so many milliseconds a try to empty the log keeps others from saving; for so many seconds it then lets them.
_WAITS_FOR_READERS = 50
_PAUSES = (0.2,) * 9 + (0,)


class Target(NamedTuple):
    """One text in one row; `column` is a path if a column holds many texts (`redaction.questions`)."""

    table: str
    id: int
    column: str

    @classmethod
    def of(cls, text: str) -> "Target | None":
        """Reads a form's value such as "plan_action-14-title"; None if no such text can exist."""
        table, _dash, rest = text.partition("-")
        key, _dash, column = rest.partition("-")
        number = whole_number(key, digits=10)
        known = table in TEXTS and column in TEXTS[table][1]
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
        return self.column not in TEXTS[self.table][1]

    @property
    def words(self) -> str:
        """Returns the text's name: "Goal: Title"."""
        kind, columns = TEXTS[self.table]
        part = questions.word(self.column) if self.is_in_questions else columns[self.column]
        return f"{kind}: {part}"


class Found(NamedTuple):
    """A text as it is stored now."""

    target: Target
    text: str


def mark(today: date) -> str:
    """Returns the mark that replaces a text; it is short enough for every column."""
    return f"[removed {today.isoformat()}]"


def is_removed(text: str) -> bool:
    return text.startswith("[removed 2")


# -- finding


def _table(name: str) -> sa.Table:
    return Base.metadata.tables[name]


def readable(membership: Membership, name: str) -> list[sa.ColumnElement[bool]]:
    """Returns the conditions for rows that a coordinator may see, which leave out private notes and single answers."""
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
            # A person with an account writes their own name.
            here.append(table.c.user_id.is_(None))
    return here


def texts_of(
    membership: Membership, name: str, *where: sa.ColumnElement[bool], most: int = 200
) -> list[Found]:
    """Returns every text of the matching rows, newest rows first; notes to statements in alphabetical order."""
    table, columns = _table(name), TEXTS[name][1]
    stored = [questions.COLUMN] if name in questions.STORED else []
    rows = (
        sa.select(table.c.id, *(table.c[column] for column in (*columns, *stored)))
        .where(*readable(membership, name), *where)
        .order_by(table.c.note if name == ONE_ANSWER else table.c.id.desc())
        .limit(most)
    )
    return [
        Found(Target(name, row["id"], column), text)
        for row in db.session.execute(rows).mappings()
        for column, text in (
            *((column, row[column]) for column in columns),
            *(each for column in stored for each in questions.texts_in(row[column])),
        )
        if text and not is_removed(text)
    ]


def found(membership: Membership, targets: Iterable[Target]) -> list[Found]:
    """Returns those of these texts that exist and that the coordinator may see."""
    by_table = defaultdict(set)
    for target in targets:
        by_table[target.table].add(target)
    return [
        each
        for name, wanted in sorted(by_table.items())
        for each in texts_of(membership, name, _table(name).c.id.in_({target.id for target in wanted}))
        if each.target in wanted
    ]


def same_elsewhere(membership: Membership, chosen: Collection[Found]) -> list[Found]:
    """Returns where else in the coalition exactly the same words occur."""
    texts = {each.text for each in chosen if len(each.text) >= SHORTEST_FOUND_ELSEWHERE}
    if not texts:
        return []
    there = {each.target for each in chosen}

    def holding(name: str) -> sa.ColumnElement[bool]:
        if name in questions.STORED:
            return sa.true()
        return sa.or_(*(_table(name).c[column].in_(texts) for column in TEXTS[name][1]))

    return [
        each
        for name in TEXTS
        for each in texts_of(membership, name, holding(name))
        if each.text in texts and each.target not in there
    ]


# -- removing


def redact(membership: Membership, targets: Iterable[Target]) -> list[Target]:
    """Removes these texts and their copies for good. Returns the ones that existed."""
    lock(membership.coalition_id)
    chosen = found(membership, targets)
    chosen += same_elsewhere(membership, chosen)
    word = mark(clock.today(membership.coalition.time_zone))
    rows: dict[tuple[str, int], dict[str, Any]] = defaultdict(dict)
    places: dict[tuple[str, int], list[str]] = defaultdict(list)
    for each in chosen:
        table, key, column = each.target
        if each.target.is_in_questions:
            places[table, key].append(column)
            column = questions.COLUMN  # its path would contain its words
        else:
            rows[table, key][column] = "" if column in EMPTIED else word
        told = None if table == ONE_ANSWER else key
        audit_service.record_of(membership, AuditEvent.TEXT_REDACTED, table, told, what=column)
    for (table, key), gone in places.items():
        row = (*readable(membership, table), _table(table).c.id == key)
        # A person who edits the set locks its row, not the coalition's.
        held = sa.select(_table(table).c.questions).where(*row).with_for_update()
        stored = db.session.execute(held).scalar_one()
        rows[table, key][questions.COLUMN] = questions.without(stored, gone, word)
    for (table, key), values in rows.items():
        _write(membership, table, key, values)
    _forget_copies(membership, chosen, word)
    questions.rename(membership.coalition_id, {place for each in places.values() for place in each})
    if any(table.startswith("partners_organization") for table, _key in rows):
        refresh_search(membership.coalition_id)
    # No one else gets a letter that has lost a text.
    letters_service.cancel_rest(
        membership.coalition_id, [key for table, key in rows if table == Letter.__tablename__]
    )
    text_is_gone()
    db.session.flush()
    db.session.expire_all()
    return [each.target for each in chosen]


def _write(membership: Membership, name: str, key: int, values: dict[str, Any]) -> None:
    """Raises every version of the row, so that an open form cannot bring the text back."""
    table = _table(name)
    source = SORTED_BY.get(name)
    if source in values:
        if name in {"coalitions_group", "partners_organization_tag"}:  # their sort keys are unique
            values[source] = f"{values[source]} {key}"
        values["sort_key"] = folded(values[source])
    for column in table.c:
        if column.name.endswith("version") and isinstance(column.type, sa.Integer):
            values[column.name] = column + 1
    row = sa.update(table).where(*readable(membership, name), table.c.id == key)
    db.session.execute(row.values(values).execution_options(synchronize_session=False))


def _forget_copies(membership: Membership, chosen: Collection[Found], word: str) -> None:
    here = membership.coalition_id
    columns: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for each in chosen:
        columns[each.target.table][each.target.id].add(each.target.column)
    db.session.flush()
    for table, rows in columns.items():
        earlier.forget(here, table, rows, word)
    texts = {each.text for each in chosen}
    kept.forget_texts(here, texts, word)
    funder_service.forget_texts(here, texts, word)
    plans = _table("plan_plan")
    for key, snapshot in db.session.execute(
        sa.select(plans.c.id, plans.c.snapshot).where(
            plans.c.coalition_id == here, plans.c.snapshot.is_not(None)
        )
    ):
        if (without := kept.without(snapshot, texts, word)) != snapshot:
            db.session.execute(sa.update(plans).where(plans.c.id == key).values(snapshot=without))


# -- afterwards


def settle(engine: sa.Engine) -> None:
    """Makes the search index drop removed words, and empties SQLite's write-ahead log.

    Call it when no transaction is open.
    """
    forget_drawn()
    index.forget_deleted(engine)
    empty_log(engine)


def empty_log(engine: sa.Engine) -> None:
    """Empties SQLite's write-ahead log, which holds earlier pages.

    A simultaneous reader, such as a backup, keeps a part of it. No one can save while SQLite waits for the reader,
    so it waits only for moments; if the reader takes longer, the daily work tries again.
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
    """Clears the rendered and parsed texts that this process caches."""
    for name, module in list(sys.modules.items()):
        if name.startswith("engage.") and not name.startswith("engage.content"):
            for cached in _caches(vars(module)):
                cached.cache_clear()


def _caches(names: Mapping[str, Any]) -> Iterator[Any]:
    for value in list(names.values()):
        if isinstance(value, _CACHED):
            yield value
