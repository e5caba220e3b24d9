"""Defines what every list needs: filters in the address, links and options that change them, and pages."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Self, TypeVar

from markupsafe import Markup
from msgspec import Struct, field
from msgspec.structs import fields, replace

from engage.numbers import whole_number

PAGE_ROWS = 100
Row = TypeVar("Row")


class ListFilters(Struct, frozen=True):
    """The base of a list's filters.

    Each field is made by one of the functions below, which say how it is read from the address; invalid
    values are ignored.
    """

    @classmethod
    def of(cls, args: Mapping[str, str]) -> Self:
        read = {name: how.read(args.get(said, "")) for name, said, how in _fields(cls)}
        return cls(**{name: value for name, value in read.items() if value is not None})

    def args(self) -> dict[str, Any]:
        """Returns the filters as an address writes them, without the defaults."""
        return {
            said: how.write(value)
            for name, said, how in _fields(type(self))
            if (value := getattr(self, name)) != how.usual and how.write
        }

    def with_(self, **changes: object) -> Self:
        return replace(self, **changes)


class Asked(Struct, frozen=True):
    """How a filter's field is read from and written to an address; a call returns the field's usual value."""

    usual: object
    read: Callable[[str], object]
    says: str
    write: Callable[[object], str] | None

    def __call__(self) -> object:
        return self.usual


# The result is cached, because a page with filters writes dozens of addresses. (`kind` is Any, since mypy
# would require that its instances have a hash.)
@lru_cache
def _fields(kind: Any) -> list[tuple[str, str, Asked]]:
    """Returns each field's name, its name in the address, and how it is read and written."""
    return [
        (each.name, each.default_factory.says or each.name, each.default_factory) for each in fields(kind)
    ]


def asked(
    usual: object,
    read: Callable[[str], object],
    *,
    says: str = "",
    write: Callable[[Any], str] | None = str,
) -> Any:
    """Makes a field of filters.

    `read` returns None for invalid text; `says` is the field's name in the address, if different; `write` is
    None if links leave the field out.
    """
    return field(default_factory=Asked(usual, read, says, write))


def enum_asked(kind: type[StrEnum], usual: StrEnum | None = None, *, says: str = "") -> Any:
    return asked(usual, lambda text: kind(text) if text in set(kind) else None, says=says)


def key_asked(known: Callable[[], Collection[str]], *, says: str = "") -> Any:
    """Makes a field for a key.

    `known` returns the valid keys when an address is read, since they may depend on the content.
    """
    return asked("", lambda text: text if text in known() else None, says=says)


def text_asked(longest: int = 100) -> Any:
    return asked("", lambda text: one_line(text)[:longest])


def one_line(text: str) -> str:
    """Returns a text from an address with white space reduced and without NUL, which PostgreSQL refuses."""
    return " ".join(text.replace("\x00", "").split())


def flag_asked(word: str = "1", *, usual: bool = False, says: str = "") -> Any:
    """Makes a yes-or-no field; `word` in the address reverses the usual value."""
    return asked(
        usual, lambda text: not usual if text == word else None, says=says, write=lambda _value: word
    )


def number_asked(usual: int | None = None, *, least: int = 1, digits: int = 9, travels: bool = True) -> Any:
    """Makes a field for a row's id or another whole number; without `travels`, links leave it out."""
    return asked(usual, lambda text: whole_number(text, least, digits), write=str if travels else None)


def day_asked() -> Any:
    return asked(None, _day)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


class NamedLink(Struct, frozen=True):
    """A link and its words; with an empty URL, only the words are shown."""

    label: str
    url: str


class Choice(Struct, frozen=True):
    """A link that changes what is shown."""

    label: str
    url: str
    current: bool
    count: int | None = None


class Option(Struct, frozen=True):
    """An option of a select."""

    value: str
    label: str
    current: bool


def options_of(choices: Iterable[tuple[object, str]], chosen: object) -> Markup:
    """Renders a select's choices, each a value and its words, as HTML."""
    return rendered_options(tuple(Option(str(value), words, value == chosen) for value, words in choices))


def filter_options(all_: str, choices: Iterable[tuple[object, object]], chosen: object) -> list[Option]:
    """Returns the options of a filter; the first one, `all_`, selects nothing."""
    first = Option("", all_, not chosen)
    return [first, *(Option(str(value), str(label), value == chosen) for value, label in choices)]


@lru_cache(maxsize=500)
def rendered_options(options: tuple[Option, ...]) -> Markup:
    """Renders a select's options as HTML.

    The result is cached, because the same two hundred are on every page of a list, and a template would take
    a millisecond to escape them again.
    """
    one = Markup('<option value="{}"{}>{}</option>')
    chosen = {True: Markup(" selected"), False: ""}
    return Markup().join(one.format(each.value, chosen[each.current], each.label) for each in options)


class Pages(Struct, frozen=True):
    page: int
    pages: int
    url_for: Callable[[int], str]


def pages_of(found: int, text: str, url: Callable[[int], str], most: int = PAGE_ROWS) -> Pages:
    """Returns the page in the address, or the nearest one that exists; `found` is the number of rows."""
    return Pages(*nearest_page(page_asked(text), found, most), url)


def page_asked(text: str) -> int:
    """Returns the page number in an address; 1 if there is none or it is not a number."""
    number = whole_number(text, digits=5)
    return 1 if number is None else number


def nearest_page(number: int, found: int, most: int = PAGE_ROWS) -> tuple[int, int]:
    """Returns the existing page nearest to `number`, and how many pages there are; `most` rows on each."""
    pages = max(1, -(-found // most))
    return min(max(number, 1), pages), pages


def page_of(
    rows: Sequence[Row], text: str, url: Callable[[int], str], most: int = PAGE_ROWS
) -> tuple[Sequence[Row], Pages]:
    """Returns the rows of the page that the address asks for."""
    shown = pages_of(len(rows), text, url, most)
    return rows[(shown.page - 1) * most : shown.page * most], shown
