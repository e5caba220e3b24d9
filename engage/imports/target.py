"""Describes what the rows of a table become: fields, names people use for them, and how to read a cell.

Each feature with an import defines its own Target. Reading, choosing columns and the preview work with any
Target.
"""

import re
from collections.abc import Callable, Container, Iterable, Mapping
from datetime import date
from functools import cached_property

from email_validator import EmailNotValidError, validate_email
from msgspec import Struct, field
from msgspec.structs import replace

from engage import languages
from engage.addresses import web_address_in
from engage.database import folded
from engage.dates import medium_day
from engage.extensions import in_language, language
from engage.i18n import gettext as _
from engage.imports.cells import in_one_cell, parts_of, says_nothing
from engage.imports.columns import ImportColumn, guessed, normal
from engage.imports.days import DayOrder, Doubtful, NoDate, day_of
from engage.imports.reading import ReadFile
from engage.web.csv_files import unsafe
from engage.web.forms import CONTROLS

Value = str | bool | tuple[str, ...]

# For each field, the choice that each unknown word means, by the folded word; "" is an empty cell.
Meant = Mapping[str, Mapping[str, str]]
# The choice for a word that should not be imported.
LEFT_OUT = "-"
# The key of `Meant` that is no field: the order of day and month.
DAY_ORDER = "day order"


class NotTaken(Exception):
    """The cell holds a value that its field does not accept; `message` says what to write instead."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


# Spreadsheets write these where a formula fails. From a workbook, such a cell is read as empty.
_FAILED = frozenset(
    "#REF! #N/A #VALUE! #DIV/0! #NAME? #NUM! #NULL! #ERROR! #SPILL! #CALC!".split()  # noqa: SIM905
)


def cleaned(cell: str) -> str:
    """Returns the cell without invisible characters and the marks that protect spreadsheets from formulas.

    The name of a formula error, such as "#N/A", becomes an empty text.
    """
    text = CONTROLS.sub("", unsafe(cell)).replace("\r\n", "\n").replace("\r", "\n").strip()
    return "" if text in _FAILED else text


class Field(Struct, frozen=True, kw_only=True):
    """A field of one line of text. `label` is in the reader's language: a target is made for each request.

    `joins` is the text put between several columns that mean this field; None allows only one column. Cells
    whose words are stored as typed (`is_typed`) are checked for personal and case details; `free` texts also
    for street addresses. In a `free` text, "none" is an ordinary word.
    """

    key: str
    label: str
    synonyms: tuple[str, ...] = ()
    required: bool = False
    joins: str | None = None
    free: bool = False
    is_typed: bool = True
    longest: int = 120
    # Whether the value is also stored folded, which turns some letters into two and may exceed the length.
    is_sorted_by: bool = False
    # Whether a column may be chosen for it. The target itself finds the columns of the others.
    is_offered: bool = True

    def read(self, text: str, meant: Meant) -> Value | None:
        """Returns the value of a filled cell; None if the cell says that there is none. Raises NotTaken."""
        if says_nothing(text) and not (self.required or self.free):
            return None
        return self._short(" ".join(text.split()))

    def shown(self, value: Value) -> str:
        """Returns the value as the text of a cell; reading that text gives the same value."""
        return str(value)

    def typed(self, value: Value) -> str:
        """Returns the words of the cell that are checked for personal and case details."""
        return self.shown(value)

    def is_same(self, old: Value, new: Value) -> bool:
        return old == new

    def _short(self, text: str) -> str:
        if len(text) > self.longest or (self.is_sorted_by and len(folded(text)) > self.longest):
            raise NotTaken(
                _(
                    "This is too long: at most %(most)s characters. Nothing was cut; shorten it.",
                    most=self.longest,
                )
            )
        return text


class TextField(Field, frozen=True, kw_only=True):
    """A field that may have several lines."""

    # Keys of date fields. This field stores the words that their columns hold instead of a date, such as
    # *ongoing*.
    keeps: tuple[str, ...] = ()

    def read(self, text: str, meant: Meant) -> Value:
        return self._short(text)


# Mail programs and people write an address as "Ann Lee <ann@example.org>" or "ann@example.org (work)".
_IN_BRACKETS = re.compile(r"[^<>@]*<\s*([^\s<>@]+@[^\s<>@]+)\s*>")
_WITH_NOTE = re.compile(r"([^\s<>()@]+@[^\s<>()@]+)\s*\([^()@]*\)")


def _only_address(text: str) -> str:
    match = _IN_BRACKETS.fullmatch(text) or _WITH_NOTE.fullmatch(text)
    return match[1] if match else ""


class Email(Field, frozen=True, kw_only=True):
    is_typed: bool = False
    longest: int = 254

    def read(self, text: str, meant: Meant) -> Value | None:
        if says_nothing(text):
            return None
        address = (_only_address(text) or text).removeprefix("mailto:").lower()
        if address.count("@") > 1:
            raise NotTaken(_("Only one e-mail address fits here. Keep one, like name@example.org."))
        try:
            validate_email(address, check_deliverability=False)
        except EmailNotValidError:
            raise NotTaken(_("Enter an e-mail address like name@example.org.")) from None
        return self._short(address)


class PhoneField(Field, frozen=True, kw_only=True):
    """A phone number. Spreadsheets may store a number: "6145551234.0" is corrected, "6.1E+09" refused."""

    longest: int = 40

    def read(self, text: str, meant: Meant) -> Value | None:
        if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", text, re.IGNORECASE):
            raise NotTaken(
                _(
                    "Your spreadsheet left out digits of this number. Make its column wider or plain text there,"
                    " and save the file again."
                )
            )
        return super().read(re.sub(r"(?<=^\d{10})\.0+$|(?<=^\d{11})\.0+$", "", text), meant)


class WebAddress(Field, frozen=True, kw_only=True):
    is_typed: bool = False
    longest: int = 300

    def read(self, text: str, meant: Meant) -> Value | None:
        if says_nothing(text):
            return None
        address = web_address_in(text)
        if address is None:
            raise NotTaken(_("Enter a web address like example.org or https://example.org/help."))
        return self._short(address)


class YesNo(Field, frozen=True, kw_only=True):
    is_typed: bool = False

    def read(self, text: str, meant: Meant) -> Value | None:
        word = folded(text)
        if word in {"yes", "y", "true", "1", "x", "si", folded(_("yes"))}:
            return True
        if word in {"no", "n", "false", "0", folded(_("no"))}:
            return False
        if says_nothing(text):
            return None
        raise NotTaken(_("Enter yes or no, or leave it empty."))

    def shown(self, value: Value) -> str:
        return _("yes") if value is True else _("no") if value is False else ""


class DayField(Field, frozen=True, kw_only=True):
    """A date such as 2026-03-15; a month or a year means its last day, or its first if not `ends`."""

    is_typed: bool = False
    ends: bool = True
    # Whether a text field keeps what is no date, such as "Fall 2026".
    keeps_words: bool = False

    def read(self, text: str, meant: Meant) -> Value | None:
        order = meant.get(DAY_ORDER, {}).get("")
        try:
            return day_of(text, DayOrder(order) if order else None, ends=self.ends).isoformat()
        except Doubtful:
            raise NotTaken(_("Choose above which comes first, the month or the day.")) from None
        except NoDate:
            if self.keeps_words or says_nothing(text):
                return None
            raise NotTaken(_("Enter a date such as 3/15/2026 or 2026-03-15, or leave it empty.")) from None

    def shown(self, value: Value) -> str:
        return medium_day(date.fromisoformat(str(value))) if value else ""


class WordsField(Field, frozen=True, kw_only=True):
    """A field of several short texts in one cell, separated by any of `parted_by` or a line break."""

    parted_by: str = ";|"
    most: int = 30
    joins: str | None = "; "
    is_sorted_by: bool = True

    def read(self, text: str, meant: Meant) -> Value | None:
        words: dict[str, str] = {}
        for word in parts_of(text, self.parted_by):
            if (key := folded(word)) and not says_nothing(word):
                words.setdefault(key, self._short(word))
        if len(words) > self.most:
            raise NotTaken(_("At most %(most)s. Nothing was cut; name the main ones.", most=self.most))
        return tuple(words.values()) or None

    def shown(self, value: Value) -> str:
        return in_one_cell(value if isinstance(value, tuple) else (str(value),), self.parted_by)

    def is_same(self, old: Value, new: Value) -> bool:
        """Returns whether the values are the same, regardless of order, capitals and accents."""
        return _folded_set(old) == _folded_set(new)


def _folded_set(value: Value) -> set[str]:
    return {folded(word) for word in value} if isinstance(value, tuple) else {folded(str(value))}


class ChoiceField(Field, frozen=True, kw_only=True, dict=True):
    """A field with one of `choices` (key -> label). The page asks what any other word means."""

    is_typed: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    # Descriptions of the choices, used to suggest a choice for an unknown word: key -> text.
    described: Mapping[str, str] = field(default_factory=dict)
    # Other words for a choice: folded word -> key.
    also: Mapping[str, str] = field(default_factory=dict)
    # The choice offered first if the page asks what rows without a word for the field mean. If empty, the
    # page does not ask, and such rows have no choice.
    asks_without: str = ""
    # Whether the person may leave out a word.
    may_go: bool = False
    # If a column has more unknown words, it was assigned to the wrong field.
    most_unknown: int = 40
    # The name of a scale: the page asks only once what a word means in all fields that share it.
    scale: str = ""
    scale_label: str = ""

    @property
    def asked_as(self) -> str:
        """Returns the key under which the page asks what words mean."""
        return self.scale or self.key

    @property
    def asked_label(self) -> str:
        return self.scale_label or self.label

    @cached_property
    def by_word(self) -> dict[str, str]:
        named = {folded(str(words)): key for key, words in self.choices.items()}
        return {**self.also, **named, **{folded(key): key for key in self.choices}}

    def offered(self, word: str) -> Mapping[str, str]:
        """Returns the choices that the page offers for an unknown word."""
        return self.choices

    def suggests(self, word: str) -> str | None:
        """Returns a choice that the field suggests for a word; None to compare the word with labels only."""
        return None

    def parts(self, text: str) -> list[str]:
        return [" ".join(text.split())]

    def unknown(self, text: str) -> list[str]:
        """Returns the words of a cell that are not among the choices."""
        return [word for word in self.parts(text) if folded(word) not in self.by_word]

    def key_of(self, word: str, meant: Meant) -> str:
        """Returns the choice that the word means; LEFT_OUT for none. Raises NotTaken if that is unknown."""
        said = meant.get(self.key, {}).get(folded(word)) or meant.get(self.asked_as, {}).get(folded(word))
        key = self.by_word.get(folded(word)) or said
        if not key:
            raise NotTaken(
                _("“%(word)s” is not one of the choices. Say above what it means.", word=word[:80])
            )
        return key

    def read(self, text: str, meant: Meant) -> Value | None:
        key = self.key_of(text, meant)
        return None if key == LEFT_OUT else key

    def shown(self, value: Value) -> str:
        return str(self.choices.get(str(value), value))


class ChoicesField(ChoiceField, frozen=True, kw_only=True):
    """A field with several of `choices` in one cell."""

    joins: str | None = "; "
    may_go: bool = True

    def parts(self, text: str) -> list[str]:
        """Splits a cell. Commas also separate words, unless a label contains one."""
        found: list[str] = []
        for part in parts_of(text, ";|"):
            whole = folded(part) in self.by_word or "," not in part
            found += [part] if whole else parts_of(part, ",")
        return found

    def read(self, text: str, meant: Meant) -> Value:
        keys = dict.fromkeys(self.key_of(word, meant) for word in self.parts(text))
        return tuple(key for key in keys if key != LEFT_OUT)

    def shown(self, value: Value) -> str:
        keys = value if isinstance(value, tuple) else (str(value),)
        return in_one_cell([str(self.choices.get(key, key)) for key in keys], ";|")

    def is_same(self, old: Value, new: Value) -> bool:
        return _folded_set(old) == _folded_set(new)


def meanings(words: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Returns the choice that each word means, by the folded word."""
    return {folded(word): key for key, each in words.items() for word in each}


def in_every_language(
    fields: Callable[[], Iterable[Field]], words: Mapping[str, tuple[str, ...]]
) -> tuple[Field, ...]:
    """Returns fields labeled in the reader's language that also know labels and choices in the others.

    So a person who uses Engage in English can import a file that was exported in Spanish. `words` are what people
    call the columns, by the field's key.
    """
    found = [replace(each, synonyms=words.get(each.key, each.synonyms)) for each in fields()]
    taken = {name for each in found for name in (each.label, each.key, *each.synonyms)}
    for wanted in languages.offered():
        if wanted == language():
            continue
        with in_language(wanted):
            found = [_knowing(*pair, taken) for pair in zip(found, fields(), strict=True)]
    return tuple(found)


def _knowing(own: Field, other: Field, taken: Container[str]) -> Field:
    found = own if other.label in taken else replace(own, synonyms=(*own.synonyms, other.label))
    if isinstance(found, ChoiceField) and isinstance(other, ChoiceField) and found.choices != other.choices:
        words = {folded(str(words)): key for key, words in other.choices.items()}
        return replace(found, also={**words, **found.also})
    return found


class Target(Struct, frozen=True, dict=True):
    """The fields of one kind of row; `named_by` is the field that identifies a row by its name.

    `asks_policy` is the question about what happens to existing rows. `written_in_each` is a field, such as the goal,
    that other tables may write once for several rows; those with one of `own_columns` are from Engage, and do not.
    """

    fields: tuple[Field, ...]
    named_by: str = ""
    # If empty, the import never changes existing rows, and the page does not ask.
    asks_policy: str = ""
    accepts: str = ".csv,.xlsx,.tsv,.txt,text/csv"
    written_in_each: str = ""
    own_columns: frozenset[str] = frozenset()
    # Whether columns that are not read may not even go from page to page; `sifted` then takes them out.
    is_sifted: bool = False
    # Whether `opens` reads every file, and finds all columns by itself, so that nothing is asked about them.
    reads_all: bool = False

    def opens(self, raw: bytes) -> ReadFile | None:
        """Reads a file in a form of the target's own. Returns None for other files; raises Unreadable."""
        return None

    def field(self, key: str) -> Field:
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, Field]:
        return {each.key: each for each in self.fields}

    @property
    def choices(self) -> Iterable[ChoiceField]:
        return (each for each in self.fields if isinstance(each, ChoiceField))

    @property
    def known(self) -> dict[str, set[str]]:
        """Returns the column names that mean each field."""
        return {
            each.key: {normal(each.label), normal(each.key), *map(normal, each.synonyms)}
            for each in self.fields
        }

    def sifted(self, sheet: ReadFile, heading: int) -> ReadFile:
        """Returns the file without what may never be read; a page gets nothing else of it."""
        return sheet

    def places(self, chosen: Mapping[int, str]) -> dict[str, list[int]]:
        """Turns {0: "name", 3: "languages"} into {"name": [0], "languages": [3]}."""
        places: dict[str, list[int]] = {}
        for index, key in sorted(chosen.items()):
            places.setdefault(key, []).append(index)
        return places

    def guess(self, columns: Iterable[ImportColumn]) -> dict[int, str]:
        """Returns the field that each column seems to mean, by its index."""
        joining = {each.key for each in self.fields if each.joins is not None}
        lists = {each.key for each in self.fields if isinstance(each, WordsField | ChoicesField)}
        return guessed(list(columns), self.known, joining=joining, lists=lists)
