"""Handles texts of questions and focus areas, of which one column stores many as JSON.

A path identifies one text in that JSON: "question/own-beds/levels/3", "area/housing/name",
"question/own-beds/texts/es/title". Engage's own unchanged texts cannot be removed.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from typing import Any

import sqlalchemy as sa

from engage.assessment.languages import in_all_languages
from engage.assessment.sets.rules import OWN_KEY, own_key
from engage.assessment.sets.service import everything
from engage.database import Base
from engage.extensions import db
from engage.i18n import lazy_gettext as _l

# Tables that store such texts in their column `questions`.
STORED = frozenset({"assessment_round", "assessment_draft_set"})
COLUMN = "questions"

_WORDS = {
    "question/title": _l("Short title"),
    "question/statement": _l("Statement"),
    "question/why": _l("Why we ask"),
    "question/ask": _l("Who is likely to know"),
    "question/levels": _l("Level"),
    "question/options": _l("Answer"),
    "area/name": _l("Name of a focus area"),
    "area/short": _l("Short name of a focus area"),
    "area/asks": _l("What the area asks"),
}
# Columns, in any table of a coalition, that contain the key of a question or an area.
_KEYED = ("indicator", "area")
# Short texts that contain such keys: URLs, and the subjects of agenda lines.
_NAMING = (
    ("coalitions_reported", "page"),
    ("checklist_item", "proof"),
    ("meetings_agenda_item", "about"),
)


def is_place(column: str) -> bool:
    """Returns whether this could be the path of a text in such a column."""
    kind, _slash, rest = column.partition("/")
    return f"{kind}/{_part(rest)}" in _WORDS


def word(column: str) -> str:
    """Returns a text's label on a page."""
    kind, _slash, rest = column.partition("/")
    language = rest.split("/")[2] if rest.split("/")[1] == "texts" else ""
    said = str(_WORDS[f"{kind}/{_part(rest)}"])
    return f"{said} ({language})" if language else said


def _part(rest: str) -> str:
    """Returns the part of the path after the key: "levels" for "own-beds/texts/es/levels/3"."""
    parts = rest.split("/")[1:]
    parts = parts[2:] if parts[:1] == ["texts"] else parts
    return parts[0] if parts else ""


def key_of(column: str) -> str:
    """Returns the key of the question or area that the text belongs to; blank for another column's text."""
    return column.split("/")[1] if is_place(column) else ""


# -- reading texts


def texts_in(stored: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yields every text that is not Engage's own, with its path, in the order of the questions."""
    for area in stored["areas"]:
        yield from _own("area", area)
        for question in area["questions"]:
            yield from _own("question", question)


def _own(kind: str, thing: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for place, text in _leaves("", thing):
        name = f"{kind}/{thing['key']}{place}"
        if is_place(name) and text and text not in _ours():
            yield name, text


def _leaves(place: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            if key != "questions":
                yield from _leaves(f"{place}/{key}", each)
    elif isinstance(value, list | tuple):
        for number, each in enumerate(value):
            yield from _leaves(f"{place}/{number}", each)
    elif isinstance(value, str):
        yield place, value


@cache
def _ours() -> frozenset[str]:
    sets = (everything(earlier=earlier).questions for earlier in (False, True))
    return frozenset(
        text for each in sets for _place, text in _leaves("", _flat(in_all_languages(each).to_json()))
    )


def _flat(stored: Mapping[str, Any]) -> list[Any]:
    return [*stored["areas"], *(each for area in stored["areas"] for each in area["questions"])]


# -- removing texts


def without(stored: Mapping[str, Any], places: Iterable[str], mark: str) -> dict[str, object]:
    """Returns the JSON with `mark` at these paths. Forms of these questions that are open become outdated."""
    changed = deepcopy(dict(stored))
    for place in places:
        kind, key, *path = place.split("/")
        for thing in _things(changed, kind, key):
            _put(thing, path, mark)
        if "edits" in changed:
            name = key if kind == "question" else f"area:{key}"
            changed["edits"][name] = changed["edits"].get(name, 1) + 1
    return changed


def _things(stored: Mapping[str, Any], kind: str, key: str) -> list[object]:
    areas = stored["areas"]
    things = areas if kind == "area" else [each for area in areas for each in area["questions"]]
    return [each for each in things if each["key"] == key]


def _put(thing: Any, path: list[str], mark: str) -> None:
    for step in path[:-1]:
        thing = thing[step]
    thing[int(path[-1]) if isinstance(thing, list) else path[-1]] = mark


def rename(coalition_id: int, places: Iterable[str]) -> None:
    """Renames the keys of questions and areas that a coalition added.

    Such a key is made from the first title, which may be the removed text. So the key is replaced everywhere,
    and still identifies the same question.
    """
    wanted = {key for place in places if (key := key_of(place)).startswith(OWN_KEY)}
    if not wanted:
        return
    taken = {
        each["key"]
        for name in STORED
        for stored in db.session.scalars(_rows(name, coalition_id, COLUMN))
        for each in _flat(stored)
    }
    new: dict[str, str] = {}
    for key in sorted(wanted):
        new[key] = own_key("removed", taken)
        taken.add(new[key])
    for table in Base.metadata.sorted_tables:
        if "coalition_id" in table.c:
            _rename_in(table, coalition_id, new)


def _rows(name: str, coalition_id: int, column: str) -> sa.Select[Any]:
    table = Base.metadata.tables[name]
    return sa.select(table.c[column]).where(table.c.coalition_id == coalition_id)


def _rename_in(table: sa.Table, coalition_id: int, new: Mapping[str, str]) -> None:
    here = table.c.coalition_id == coalition_id
    for column in table.c:
        if column.name in _KEYED:
            for key, name in new.items():
                db.session.execute(sa.update(table).where(here, column == key).values({column.name: name}))
        elif isinstance(column.type, sa.JSON) or (table.name, column.name) in _NAMING:
            _rename_inside(table, column, here, new)


def _rename_inside(
    table: sa.Table, column: sa.Column[object], here: sa.ColumnElement[bool], new: Mapping[str, str]
) -> None:
    rows = sa.select(table.c.id, column).where(here, column.is_not(None)).with_for_update()
    for key, value in db.session.execute(rows).all():
        if (changed := _renamed(value, new)) != value:
            db.session.execute(sa.update(table).where(table.c.id == key).values({column.name: changed}))


def _renamed(value: object, new: Mapping[str, str]) -> object:
    """Replaces old keys with new ones in JSON or a short text.

    It replaces names and values, and also keys within them that are between slashes or colons.
    """
    if isinstance(value, Mapping):
        return {_renamed(key, new): _renamed(each, new) for key, each in value.items()}
    if isinstance(value, list):
        return [_renamed(each, new) for each in value]
    if isinstance(value, str) and OWN_KEY in value:
        return "".join(new.get(part, part) for part in re.split(r"([/:?#&=])", value))
    return value
