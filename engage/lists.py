"""What every list has: links and options that change what is shown, and its pages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from markupsafe import Markup

PAGE_ROWS = 100
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that changes what is shown."""

    label: str
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One of a select's."""

    value: str
    label: str
    current: bool


@lru_cache(maxsize=500)
def drawn(options: tuple[Option, ...]) -> Markup:
    """A select's options as HTML. Kept: the same two hundred stand beside every page of a list, and a template
    takes a millisecond to escape them anew."""
    one = Markup('<option value="{}"{}>{}</option>')
    chosen = {True: Markup(" selected"), False: ""}
    return Markup().join(one.format(each.value, chosen[each.current], each.label) for each in options)


@dataclass(frozen=True, slots=True)
class Pages:
    page: int
    pages: int
    url_for: Callable[[int], str]


def pages_of(found: int, asked: str, url: Callable[[int], str], most: int = PAGE_ROWS) -> Pages:
    """The page that the address asks for, the nearest there is, where so many rows are found; `most` on each."""
    return Pages(*nearest_page(page_asked(asked), found, most), url)


def page_asked(text: str) -> int:
    """The page that an address asks for; the first where it says nothing or no number."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1


def nearest_page(asked: int, found: int, most: int = PAGE_ROWS) -> tuple[int, int]:
    """The page nearest to the one asked for, and how many there are; `most` rows on each."""
    pages = max(1, -(-found // most))
    return min(max(asked, 1), pages), pages


def page_of(
    rows: Sequence[Row], asked: str, url: Callable[[int], str], most: int = PAGE_ROWS
) -> tuple[Sequence[Row], Pages]:
    """The rows of the page that the address asks for."""
    shown = pages_of(len(rows), asked, url, most)
    return rows[(shown.page - 1) * most : shown.page * most], shown
