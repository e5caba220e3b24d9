"""Lets a column declare what it is: its label, whose text it is, who finds it, and what a file gets of it.

The declaration is in the column's `info`, which `written` and the other functions here make. Redaction, a
person's own data, the search and the coalition's file read it there, so that a new column is described in one
place. A test fails if a text column declares nothing.
"""

from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import MappedColumn, mapped_column

from engage.i18n import LazyString


class Holds(Enum):
    """The kinds of content of a text column."""

    # A person wrote the text, so it can be removed for good.
    TEXT = auto()
    # The column holds copies of such texts. They are searched, too, when a text is removed for good.
    COPIES = auto()
    # The column holds questions of rounds and sets: many texts as JSON.
    QUESTIONS = auto()
    # The column holds keys, tokens, states and numbers, and never people's words.
    CODE = auto()


class Search(Enum):
    """The people who find the row by the words in a column."""

    NO = auto()
    # Everyone who sees the row finds it by these two; TITLE is also the row's name in the results.
    TITLE = auto()
    EVERYONE = auto()
    # People find the row as with EVERYONE, but the text itself is not shown.
    UNSEEN = auto()
    MEMBERS = auto()


class Asked(Enum):
    """How the form of a row asks for an optional text."""

    LINE = auto()
    TEXT = auto()
    PHONE = auto()
    WEB_ADDRESS = auto()


class About(Struct, frozen=True, kw_only=True):
    """What a column declares; `written` and the functions beside it explain the fields."""

    holds: Holds | None = None
    label: LazyString | None = None
    search: Search = Search.NO
    of: str = ""
    is_address: bool = False
    asked: Asked | None = None
    folded_from: str = ""
    own_data: str = ""
    own_columns: str = ""
    not_own_data: str = ""
    is_exported: bool = True
    made_anew: Callable[[], str] | None = None


Info = dict[object, object]
_KEY = "about"
_NOTHING = About()


def _info(**said: Any) -> Info:
    return {_KEY: About(**said)}


def about(column: sa.Column[object]) -> About:
    """Returns what a column declares."""
    said: About = column.info.get(_KEY, _NOTHING)
    return said


def written(
    label: LazyString,
    search: Search,
    *,
    longest: int | None = None,
    of: str = "",
    address: bool = False,
    asked: Asked | None = None,
    **settings: Any,
) -> MappedColumn[Any]:
    """Makes a column for a text that people write.

    It can be removed for good, and is then named by the label. `of` names the columns of the same row,
    separated by spaces, that refer to the people whose text it is; their own data contains it. `id` means
    that the row itself is a person. Without `of` the text is the coalition's. `address` is for what a form or
    a program reads as an address: removing it leaves it empty. Without `longest` the text has no limit.
    `asked` is for `optional_text`.
    """
    info = _info(holds=Holds.TEXT, label=label, search=search, of=of, is_address=address, asked=asked)
    return mapped_column(sa.Text if longest is None else sa.String(longest), info=info, **settings)


def optional_text(
    label: LazyString, search: Search, *, longest: int, of: str = "", asked: Asked = Asked.LINE
) -> MappedColumn[Any]:
    """Makes a column for a text that may be empty, as it is in rows that exist already.

    The row's form asks for it under the label, if the form is made `with_optional_texts`
    (engage/web/forms.py).
    """
    address = asked in {Asked.PHONE, Asked.WEB_ADDRESS}
    more: dict[str, Any] = {"asked": asked, "default": "", "server_default": ""}
    return written(label, search, longest=longest, of=of, address=address, **more)


def copies(search: Search = Search.NO) -> Info:
    """Declares that the column holds copies of texts from elsewhere."""
    return _info(holds=Holds.COPIES, search=search)


def folded_from(column: str) -> Info:
    """Declares that the column is a sort key, made from another column of the same row."""
    return _info(holds=Holds.CODE, folded_from=column)


def opens(made_anew: Callable[[], str]) -> Info:
    """Declares that the value gives access to something.

    No file contains it, and an import makes another one.
    """
    return _info(holds=Holds.CODE, is_exported=False, made_anew=made_anew)


def own_data(kind: str, columns: str = "") -> Info:
    """Declares that the row belongs to the person to whom this column refers, and its name in their own data.

    `columns`, separated by spaces, are part of their own data besides the texts that are `of` this column.
    They may name no one else, and give access to nothing.
    """
    return _info(own_data=kind, own_columns=columns)


def not_own_data(reason: str) -> Info:
    """Declares why rows that refer to a person by this column are not part of the person's own data."""
    return _info(not_own_data=reason)


# The column holds keys, tokens, states or numbers, and never people's words.
CODE = _info(holds=Holds.CODE)
# The column holds questions in rounds and sets.
QUESTIONS = _info(holds=Holds.QUESTIONS)
# The installation sets the value, so it is in no coalition's file.
OF_INSTALLATION = _info(is_exported=False)


def of_person(table: sa.Table, column: str) -> list[str]:
    """Returns the columns of a person's own data, for rows that refer to the person by this column."""
    named = {*about(table.c[column]).own_columns.split(), *written_of(table, column)}
    return [each.name for each in table.c if each.name in named]


def written_of(table: sa.Table, column: str) -> list[str]:
    """Returns the columns with a person's own texts, in rows that refer to the person by this column."""
    return [each.name for each in table.c if column in about(each).of.split()]


def optional_texts(table: sa.Table) -> Iterator[tuple[str, LazyString, int, Asked]]:
    """Yields the name, label, length and kind of each column that `optional_text` made."""
    for column in table.c:
        said, kind = about(column), column.type
        if said.asked is not None and said.label is not None and isinstance(kind, sa.String):
            yield column.name, said.label, kind.length or 0, said.asked


def that_say(metadata: sa.MetaData, field: str) -> Iterator[tuple[sa.Column[object], Any]]:
    """Yields every column that declares this field, with the declared value."""
    for table in metadata.sorted_tables:
        for column in table.c:
            if said := getattr(about(column), field):
                yield column, said
