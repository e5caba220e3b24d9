"""Reads the rows of a sheet as a target's fields, and finds words that are not known choices yet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from engage.database import folded
from engage.i18n import gettext as _
from engage.imports.cells import says_nothing
from engage.imports.days import is_no_day
from engage.imports.preview import ImportProblem
from engage.imports.reading import Record
from engage.imports.target import (
    ChoiceField,
    Field,
    Meant,
    NotTaken,
    Target,
    TextField,
    Value,
    cleaned,
)


class ImportLine(Struct, frozen=True):
    """A row as values by field. Fields with empty cells are not in `values`.

    `instead` holds values that the person chose for new rows where the file says nothing.
    """

    number: int
    values: dict[str, Value]
    instead: dict[str, Value]
    problems: tuple[ImportProblem, ...]


class UnknownValue(Struct, frozen=True):
    """A word that is not one of a field's choices, and the number of rows with it; "" is an empty cell."""

    field: ChoiceField
    word: str
    count: int


# The columns of each field: key -> indexes.
Places = Mapping[str, list[int]]


def lines_of(records: Iterable[Record], places: Places, target: Target, meant: Meant) -> list[ImportLine]:
    """Returns the rows, each as values by field."""
    fields = [each for each in target.fields if _may_have_a_value(each, places, meant)]
    return [_line(record, places, fields, target, meant) for record in records]


def _may_have_a_value(field: Field, places: Places, meant: Meant) -> bool:
    is_elsewhere = isinstance(field, TextField) and bool(field.keeps)
    return field.key in places or field.required or is_elsewhere or bool(meant.get(field.key, {}).get(""))


def unknown_in(records: Iterable[Record], places: Places, field: ChoiceField) -> list[UnknownValue]:
    """Returns the words that are not among the field's choices, the most frequent first.

    The empty word "" comes last; it is included if the field asks what rows without a word mean.
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
    found = [UnknownValue(field, spelled[word], count) for word, count in words.most_common() if word]
    return [*found, UnknownValue(field, "", empty)] if empty else found


def _line(
    record: Record, places: Places, fields: Iterable[Field], target: Target, meant: Meant
) -> ImportLine:
    values: dict[str, Value] = {}
    instead: dict[str, Value] = {}
    problems: list[ImportProblem] = []
    for field in fields:
        text = _text(record, field, places.get(field.key, []))
        if isinstance(field, TextField) and field.keeps:
            days = [target.field(key) for key in field.keeps]
            kept = (_in_place_of_a_date(record, day, places) for day in days)
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
            problems.append(ImportProblem(field.label, text, refusal.message))
    return ImportLine(record.number, values, instead, tuple(problems))


def _in_place_of_a_date(record: Record, day: Field, places: Places) -> str:
    """Returns a text such as "By when: ongoing"; blank if the cell holds a date or nothing."""
    text = _text(record, day, places.get(day.key, []))
    return f"{day.label}: {text}" if text and is_no_day(text) else ""


def _text(record: Record, field: Field, columns: list[int]) -> str:
    """Returns the field's text; blank for a text such as "TBD" in place of one of its choices."""
    text = (field.joins or "").join(_cells(record, columns))
    is_none = isinstance(field, ChoiceField) and says_nothing(text) and folded(text) not in field.by_word
    return "" if is_none else text


def _cells(record: Record, columns: list[int]) -> Iterator[str]:
    return (text for column in columns if (text := cleaned(record.cell(column))))
