"""Detects as much about a file as possible: how to read it, and what its columns and words mean."""

import hashlib
from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from engage.database import folded
from engage.i18n import gettext as _
from engage.imports import hidden_file, workbooks
from engage.imports.columns import ImportColumn, columns_of, heading_of
from engage.imports.days import Doubtful, NoDate, day_of
from engage.imports.lines import ImportLine, UnknownValue, lines_of, unknown_in
from engage.imports.out_of_place import out_of_place, without_their_goal, words_of
from engage.imports.preview import ImportProblem
from engage.imports.reading import (
    HEADS_WITHIN,
    ReadFile,
    Record,
    Trouble,
    Unreadable,
    read,
)
from engage.imports.target import (
    LEFT_OUT,
    ChoiceField,
    DayField,
    Meant,
    Target,
    cleaned,
)
from engage.limits import MOST_FILE_BYTES, MOST_ROWS


class Guess(Struct, frozen=True, dict=True):
    """A file, with everything that was detected or chosen.

    `heading` is the number of the row that names the columns, 0 for none; `chosen` is the field of each
    column.
    """

    target: Target
    raw: bytes
    sheet: ReadFile
    heading: int
    columns: tuple[ImportColumn, ...]
    chosen: dict[int, str]
    # The names of a workbook's visible sheets. The first one is the sheet that was read.
    sheets: tuple[str, ...] = ()

    @property
    def packed(self) -> str:
        return hidden_file.packed(self.raw)

    @property
    def packed_chosen(self) -> str:
        """Returns the file with only the chosen columns, if the target lets no others through."""
        if not self.target.is_sifted:
            return self.packed
        return hidden_file.packed(self.sheet.only(self.chosen, self.heading).written())

    @cached_property
    def table(self) -> tuple[Record, ...]:
        """Returns the rows below the one that names the columns."""
        return self.sheet.below(self.heading)

    @cached_property
    def places(self) -> dict[str, list[int]]:
        return self.target.places(self.chosen)

    @cached_property
    def _words(self) -> dict[str, list[UnknownValue]]:
        """Returns the unknown words of each field, by its key."""
        fields = (each for each in self.target.choices if each.key in self.places or each.asks_without)
        return {field.key: unknown_in(self._rows, self.places, field) for field in fields}

    @cached_property
    def crowded(self) -> list[ChoiceField]:
        """Returns the fields whose column has so many unknown words that it was assigned to the wrong field."""
        return [
            each
            for each in self.target.choices
            if each.key in self._words and len(self._words[each.key]) > each.most_unknown
        ]

    @cached_property
    def unknown(self) -> tuple[UnknownValue, ...]:
        """Returns the words in the chosen columns that are not among their fields' choices, once for each scale."""
        found: dict[str, UnknownValue] = {}
        left_out = {each.key for each in self.crowded}
        for each in (word for key, words in self._words.items() if key not in left_out for word in words):
            first = found.get(word_name(each))
            found[word_name(each)] = replace(first, count=first.count + each.count) if first else each
        return tuple(found.values())

    @cached_property
    def doubtful_days(self) -> tuple[str, ...]:
        """Returns the dates that are ambiguous because the order of month and day is unknown, each once."""
        return tuple(dict.fromkeys(text for _field, text in self._days if _is_doubtful(text)))

    @cached_property
    def _days(self) -> tuple[tuple[DayField, str], ...]:
        columns = [
            (field, column)
            for field in self.target.fields
            if isinstance(field, DayField)
            for column in self.places.get(field.key, [])
        ]
        rows = self._rows if columns else ()
        return tuple((field, cleaned(row.cell(column))) for row in rows for field, column in columns)

    def lines(self, meant: Meant) -> list[ImportLine]:
        """Returns the rows as values; a row that is no row of the table has only a problem."""
        found = lines_of(self._rows, self.places, self.target, meant)
        for each in self.table:
            if message := self._out_of_place.get(each.number):
                problem = ImportProblem(_("Row"), ", ".join(words_of(each)), message)
                found.append(ImportLine(each.number, {}, {}, (problem,)))
        return sorted(found, key=lambda line: line.number)

    @cached_property
    def _rows(self) -> tuple[Record, ...]:
        return tuple(each for each in self.table if each.number not in self._out_of_place)

    @cached_property
    def _out_of_place(self) -> dict[int, str]:
        """Returns what is wrong with rows that are no rows of the table. Files from Engage have none."""
        if self.target.own_columns & {column.heading.lower() for column in self.columns}:
            return {}
        heading = next((each for each in self.sheet.records if each.number == self.heading), None)
        goal = self.places.get(self.target.written_in_each, [None])[0]
        below = without_their_goal(self.table, goal) if self.target.written_in_each else ()
        return {**dict(below), **dict(out_of_place(self.table, heading))}


def guessed(
    target: Target,
    raw: bytes,
    heading: int | None = None,
    chosen: Mapping[int, str] | None = None,
    most_bytes: int = MOST_FILE_BYTES,
    *,
    is_new: bool = False,
) -> Guess:
    """Interprets a file, and detects everything that is not given. Raises Unreadable.

    `is_new` says that the file was just chosen, so that the target has not sifted it yet.
    """
    if len(raw) > most_bytes:
        raise Unreadable(Trouble.TOO_LARGE)
    sheets: tuple[str, ...] = ()
    if workbooks.is_workbook(raw):
        book = workbooks.sheets_of(raw)
        raw, sheets = book.csv, book.names
    sheet = target.opens(raw) or read(raw, most_bytes=most_bytes)
    if heading is None or heading > max(record.number for record in sheet.records[:HEADS_WITHIN]):
        heading = heading_of(sheet, target.known)
    if is_new and target.is_sifted:
        sheet = target.sifted(sheet, heading)
        raw = sheet.written()
    rows = len(sheet.below(heading))
    if rows > MOST_ROWS:
        raise Unreadable(Trouble.MANY_ROWS)
    if not rows:
        raise Unreadable(Trouble.NO_ROWS)
    columns = columns_of(sheet, heading)
    if chosen is None:
        chosen = target.guess(columns)
    free = {column.index for column in columns if not column.holds_addresses}
    chosen = {index: key for index, key in chosen.items() if index in free}
    return Guess(target, raw, sheet, heading, columns, chosen, sheets)


def _is_doubtful(text: str) -> bool:
    try:
        day_of(text)
    except Doubtful:
        return True
    except NoDate:
        return False
    return False


def _digest(word: str) -> str:
    return hashlib.blake2b(folded(word).encode("utf-8", "replace"), digest_size=8).hexdigest()


def word_name(unknown: UnknownValue) -> str:
    """Returns the name of the form field that asks what a word means. It depends on field and word only."""
    return f"meant_{unknown.field.asked_as}_{_digest(unknown.word)}"


def suggested(unknown: UnknownValue) -> str:
    """Returns the suggestion for a word: the only choice whose label or description contains the word.

    If there is none, the suggestion is to leave out the word, where the field allows that.
    """
    if (own := unknown.field.suggests(unknown.word)) is not None:
        return own
    stem = _stem(unknown.word)
    fitting = [
        key
        for key, words in unknown.field.choices.items()
        if stem
        and stem in {_stem(word) for word in f"{words} {unknown.field.described.get(key, '')}".split()}
    ]
    if len(fitting) == 1:
        return fitting[0]
    return LEFT_OUT if unknown.field.may_go else ""


def _stem(word: str) -> str:
    """Returns a rough stem for suggestions: "church" for "Churches,"."""
    plain = "".join(letter for letter in folded(word) if letter.isalnum() or letter == " ").strip()
    for ending in ("es", "s"):
        if plain.endswith(ending) and len(plain) > len(ending) + 3:
            return plain.removesuffix(ending)
    return plain
