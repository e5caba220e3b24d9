"""Writes everything of one coalition, without secrets, as one JSON document, for `engage export`."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from engage import clock, release, snapshots
from engage.accounts.models import User
from engage.coalitions.models import Coalition
from engage.extensions import db
from engage.operations.coalition_file.layout import (
    ACCOUNTS,
    COALITIONS,
    FORMAT,
    PEOPLE,
    SINGLE_ANSWERS,
    STAY,
    VERSION,
    Numbers,
    Row,
    columns,
    is_private,
    of_itself,
    pointed,
    pointers,
    taken,
    unmarked,
    with_seen_contacts,
    without_single_answers,
)


def document_of(coalition: Coalition, *, single_answers: bool, all_contacts: bool = True) -> dict[str, Any]:
    """Returns the coalition as a document.

    With `single_answers` it includes each person's answers and private notes, for an admin who moves the
    coalition. Otherwise it contains what a coordinator may read, without the addresses of people who were not
    told that coordinators see them. Without `all_contacts`, phone numbers and addresses that people do not
    show are left out. After an import, a person without an address has no account.
    """
    tables = taken(db.metadata)
    rows = {table.name: list(_rows(table, coalition.id, single_answers=single_answers)) for table in tables}
    if not single_answers:
        rows[PEOPLE] = [with_seen_contacts(row, all_of_them=all_contacts) for row in rows[PEOPLE]]
    accounts = _accounts(tables, rows)
    numbers = _Numbering(rows, accounts)
    numbers.count(COALITIONS, [coalition.id])
    for table in tables:  # tables that other rows require come first
        came = [(row["id"], pointed(table, row, numbers.numbers)) for row in rows[table.name]]
        rows[table.name] = [row for _id, row in came if row is not None]
        if len(rows[table.name]) < len(came):
            numbers.count(table.name, [key for key, row in came if row is not None])
    return {
        "format": FORMAT,
        "version": VERSION,
        "engage": release.version(),
        "schema": db.session.scalar(sa.text("SELECT version_num FROM alembic_version")),
        "exported_at": clock.now().isoformat(),
        "single_answers": single_answers,
        "stays": _stays(coalition.id),
        "coalition": _plain(_about_itself(coalition.id)),
        "accounts": [
            {"id": number, "name": user.name, "email": user.email, "disabled": user.disabled_at is not None}
            for number, user in enumerate(accounts, start=1)
        ],
        "rows": {
            table.name: [
                {**_plain(unmarked(table, row, numbers.numbers)), "id": number}
                for number, row in enumerate(rows[table.name], start=1)
            ]
            for table in tables
        },
    }


def text_of(document: dict[str, Any]) -> str:
    """Returns the document as text with one line per row, so that two files can be compared."""
    head = {name: value for name, value in document.items() if name not in {"accounts", "rows"}}
    lines = [f" {_json(name)}: {_json(value)}," for name, value in head.items()]
    lines += [f' "accounts": {_listed(document["accounts"])},', ' "rows": {']
    lines += [",\n".join(f"  {_json(name)}: {_listed(rows)}" for name, rows in document["rows"].items())]
    return "\n".join(["{", *lines, " }", "}", ""])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _listed(rows: list[Row]) -> str:
    return "[" + ",".join(f"\n   {_json(row)}" for row in rows) + "]"


def _rows(table: sa.Table, coalition_id: int, *, single_answers: bool) -> Iterator[Row]:
    if table.name in SINGLE_ANSWERS and not single_answers:
        return
    wanted = sa.select(*columns(table)).where(table.c.coalition_id == coalition_id).order_by(table.c.id)
    for row in db.session.execute(wanted).mappings():
        if single_answers or not is_private(table.name, dict(row)):
            yield dict(row) if single_answers else without_single_answers(table.name, dict(row))


def _about_itself(coalition_id: int) -> Row:
    here = db.metadata.tables[COALITIONS].c.id == coalition_id
    return dict(db.session.execute(sa.select(*of_itself(db.metadata)).where(here)).mappings().one())


def _accounts(tables: list[sa.Table], rows: dict[str, list[Row]]) -> list[User]:
    """Returns the accounts of all people in the rows."""
    ids = {
        row[column]
        for table in tables
        for column, other in pointers(table).items()
        if other == ACCOUNTS
        for row in rows[table.name]
    }
    return list(db.session.scalars(sa.select(User).where(User.id.in_(ids)).order_by(User.email)))


class _Numbering:
    """Maps ids to numbers in the file. Deleted rows get negative numbers in their table."""

    def __init__(self, rows: dict[str, list[Row]], accounts: list[User]) -> None:
        self._here: dict[str, dict[int, int]] = {}
        for table, all_of in rows.items():
            self.count(table, [row["id"] for row in all_of])
        self.count(ACCOUNTS, [user.id for user in accounts])
        self._gone: dict[str, dict[int, int]] = defaultdict(dict)
        self.numbers = Numbers(self._of, self._missing)

    def count(self, table: str, ids: list[int]) -> None:
        self._here[table] = {key: number for number, key in enumerate(ids, start=1)}

    def _of(self, table: str, key: int) -> int | None:
        return self._here.get(table, {}).get(key)

    def _missing(self, table: str, key: int) -> int:
        known = self._gone[table]
        return known.setdefault(key, -1 - len(known))


def _plain(row: Row) -> Row:
    return {name: snapshots.plain(value) for name, value in row.items()}


def _stays(coalition_id: int) -> dict[str, int]:
    """Counts the rows that are not exported, so that the command can mention them."""
    found = {}
    for name in STAY:
        table = db.metadata.tables[name]
        count = sa.select(sa.func.count()).where(table.c.coalition_id == coalition_id)
        found[name] = db.session.scalar(count) or 0
    return found
