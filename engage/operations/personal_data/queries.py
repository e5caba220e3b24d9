"""Writes all data linked to one person, in all their coalitions, as one JSON document (docs/own-data.md).

Models declare which columns belong to a person (`own_data` and `written` in engage/columns.py). Other
people's names and addresses, texts that others helped to write, and secrets of links and passwords are left
out. A test fails if a column that refers to a person declares neither an owner nor why there is none.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa

from engage.accounts.models import User
from engage.assessment.rules import MOST_OPTIONS
from engage.coalitions import queries
from engage.coalitions.models import Membership
from engage.columns import of_person, that_say
from engage.database import Base
from engage.extensions import db
from engage.snapshots import plain

FORMAT, VERSION = "engage-own-data", 1


class Own(NamedTuple):
    """Rows that refer to a person by `column`: their key in the document, and the included columns."""

    column: sa.Column[object]
    kind: str
    columns: list[str]


# For rows that belong to a response: the column with the time at which they were given.
GIVEN = {"answers": "answered_at", "efforts": "added_at"}
# If a row refers to another thing, the thing's name replaces its id.
NAMES = {
    "organization_id": "partners_organization.name",
    "group_id": "coalitions_group.name",
    "meeting_id": "meetings_meeting.title",
    "round_id": "assessment_round.title",
    "need_id": "strengths_need.title",
    "action_id": "plan_action.title",
    "measure_id": "plan_measure.title",
    "section_id": "toolkit_section.key",
}
# Columns of an account and of a membership that are included, besides the person's own texts.
ACCOUNT = "language created_at is_admin second_factor_at"
PLACE = "role shows_email shows_phone understood_at named_in_public joined_at approved_at left_on came_by accepted_on"

Row = dict[str, Any]


def document(user: User, now: datetime) -> str:
    """Returns the document as text, in a fixed number of queries."""
    places = queries.places_of(user.id)
    records = _of_places([place.id for place in places], user.let_in_at)
    whole = {
        "format": FORMAT,
        "version": VERSION,
        "made_at": plain(now),
        "account": _values(user, ACCOUNT),
        **{own.kind: [row for _of, row in _rows(own, [user.id])] for own in owned("accounts_user")},
        "coalitions": [_place(place, records[place.id]) for place in places],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2)


@cache
def owned(table: str) -> list[Own]:
    """Returns the kinds of rows that refer to this table: to accounts, to memberships, or to responses."""
    return [
        Own(column, kind, of_person(column.table, column.name))
        for column, kind in that_say(Base.metadata, "own_data")
        if any(key.column.table.name == table for key in column.foreign_keys)
    ]


def _values(row: User | Membership, columns: str) -> Row:
    own_texts = of_person(Base.metadata.tables[row.__tablename__], "id")
    return {name: plain(getattr(row, name)) for name in (*own_texts, *columns.split())}


def _place(place: Membership, records: Mapping[str, list[Row]]) -> Row:
    return {
        "coalition": place.coalition.name,
        "place": _values(place, PLACE),
        **dict(sorted(records.items())),
    }


def _of_places(place_ids: list[int], let_in_at: datetime | None) -> dict[int, dict[str, list[Row]]]:
    """Returns the rows by membership and kind, without empty kinds.

    Answers from before `let_in_at`, when someone else last gave access to the account, are left out, because
    another person may now use the account.
    """
    found: dict[int, dict[str, list[Row]]] = defaultdict(lambda: defaultdict(list))
    for own in owned("coalitions_membership"):
        for place_id, row in _rows(own, place_ids):
            found[place_id][own.kind].append(row)
    responses = [row for kinds in found.values() for row in kinds.get("responses", [])]
    _add_answers(responses, let_in_at)
    _add_names(row for kinds in found.values() for rows in kinds.values() for row in rows)
    return found


def _rows(own: Own, ids: Iterable[int], since: datetime | None = None) -> Iterator[tuple[int, Row]]:
    """Yields the rows whose column is one of the ids, each with that id; with `since`, only later ones."""
    table = own.column.table
    rows = (
        sa.select(own.column.label("of_id"), *(table.c[each] for each in own.columns))
        .where(own.column.in_(list(ids)))
        .order_by(table.c.id)
    )
    if since is not None:
        rows = rows.where(table.c[GIVEN[own.kind]] > since)
    for of_id, *values in db.session.execute(rows):
        yield of_id, {each: plain(value) for each, value in zip(own.columns, values, strict=True)}


def _add_answers(responses: list[Row], let_in_at: datetime | None) -> None:
    by_id = {row.pop("id"): row for row in responses}
    for own in owned("assessment_response"):
        for response_id, row in _rows(own, by_id, let_in_at):
            if row.get("chosen") is not None:
                # The positions of the chosen options, counted from 1 as on paper.
                row["chosen"] = [place + 1 for place in range(MOST_OPTIONS) if row["chosen"] >> place & 1]
            by_id[response_id].setdefault(own.kind, []).append(row)


def _add_names(rows: Iterable[Row]) -> None:
    """Replaces ids with names: `action_id: 12` becomes `action: "Print the flyer"`."""
    waiting: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for column in row.keys() & NAMES.keys():
            waiting[column].append(row)
    for column, with_it in waiting.items():
        table_name, name = NAMES[column].split(".")
        table = Base.metadata.tables[table_name]
        ids = {row[column] for row in with_it} - {None}
        found = sa.select(table.c.id, table.c[name].label("name")).where(table.c.id.in_(ids))
        names: dict[int, str] = {row.id: row.name for row in db.session.execute(found)}
        for row in with_it:
            row[column.removesuffix("_id")] = names.get(row.pop(column))
