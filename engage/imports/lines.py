"""Reads the rows of a sheet by a target's fields, and finds the words in it that are not known yet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from flask_babel import gettext as _
from msgspec import Struct

from engage.database import folded
from engage.imports.cells import says_nothing
from engage.imports.days import LASTING
from engage.imports.preview import Problem
from engage.imports.reading import Record
from engage.imports.target import DAY_WORDS, Choice, Field, Meant, NotTaken, Target, Text, Value, cleaned


class ImportLine(Struct, frozen=True):
    """A row as its fields; fields that it leaves empty are not in `values`.

    `instead` holds what a person said a new row gets if the file says nothing.
    """

    number: int
    values: dict[str, Value]
    instead: dict[str, Value]
    problems: tuple[Problem, ...]


class Unknown(Struct, frozen=True):
    """A word that is not one of a field's choices, and the number of rows with it; "" is an empty cell."""

    field: Choice
    word: str
    count: int


# These are the columns of each field: key -> indexes.
Places = Mapping[str, list[int]]


def places_of(chosen: Mapping[int, str]) -> dict[str, list[int]]:
    """Turns {0: "name", 3: "languages", 4: "languages"} the other way around."""
    places: dict[str, list[int]] = {}
    for index, key in sorted(chosen.items()):
        places.setdefault(key, []).append(index)
    return places


def lines_of(records: Iterable[Record], places: Places, target: Target, meant: Meant) -> list[ImportLine]:
    """Returns the rows as their fields."""
    return [_line(record, places, target, meant) for record in records]


def unknown_in(records: Iterable[Record], places: Places, field: Choice) -> list[Unknown]:
    """Returns the words that are not among the field's choices, the most frequent first.

    "" is last, if the field asks for it.
    """
    words: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for record in records:
        text = _text(record, field, places.get(field.key, []))
        if not text and field.asks_without:
            words[""] += 1
        for word in field.unknown(text) if text else ():
            spelled.setdefault(folded(word), word)
            words[folded(word)] += 1
    empty = words.pop("", 0)
    found = [Unknown(field, spelled[word], count) for word, count in words.most_common() if word]
    return [*found, Unknown(field, "", empty)] if empty else found


def _line(record: Record, places: Places, target: Target, meant: Meant) -> ImportLine:
    values: dict[str, Value] = {}
    instead: dict[str, Value] = {}
    problems: list[Problem] = []
    for field in target.fields:
        text = _text(record, field, places.get(field.key, [])) or _said_elsewhere(record, field, places)
        if isinstance(field, Text) and field.keeps:
            days = [target.field(key) for key in field.keeps]
            kept = (_in_place_of_a_date(record, day, places, meant) for day in days)
            text = "\n\n".join(filter(None, (text, *kept)))
        try:
            if text:
                if (value := field.read(text, meant)) is not None:
                    values[field.key] = value
            elif said := meant.get(field.key, {}).get(""):
                instead[field.key] = said
            elif field.required:
                raise NotTaken(_("This is missing."))
        except NotTaken as refusal:
            problems.append(Problem(field.label, text, refusal.message))
    return ImportLine(record.number, values, instead, tuple(problems))


def _said_elsewhere(record: Record, field: Field, places: Places) -> str:
    if not isinstance(field, Choice) or not field.also_in:
        return ""
    text = _text(record, field, places.get(field.also_in, []))
    return text if folded(text) in field.by_word else ""


def _in_place_of_a_date(record: Record, day: Field, places: Places, meant: Meant) -> str:
    """Returns "By when: ongoing"; blank if the cell holds a date, or nothing."""
    text = _text(record, day, places.get(day.key, []))
    is_kept = folded(text) in LASTING or meant.get(DAY_WORDS, {}).get(folded(text)) == ""
    return f"{day.label}: {text}" if is_kept else ""


def _text(record: Record, field: Field, columns: list[int]) -> str:
    """Returns the field's text; none for "TBD" in place of one of its choices."""
    text = (field.joins or "").join(_cells(record, columns))
    is_none = isinstance(field, Choice) and says_nothing(text) and folded(text) not in field.by_word
    return "" if is_none else text


def _cells(record: Record, columns: list[int]) -> Iterator[str]:
    return (text for column in columns if (text := cleaned(record.cell(column))))
