"""Compares the content of a language with the English content. Only the texts may differ."""

import re
from datetime import date
from typing import Any

from msgspec import Struct

# These fields are keys, not texts: rows of the database and other content refer to them.
_KEYS = frozenset(
    "key group first_group area tip ask records_follow new_tips existing_tips about".split()  # noqa: SIM905
)
_BLANK = re.compile(r"\{\w+\}")


def difference(english: object, other: Any, place: str = "") -> str:
    """Returns a message for translators that names the first difference; blank if there is none."""
    if isinstance(english, Struct):
        return _in_row(english, other, place)
    if isinstance(english, tuple):
        return _in_list(english, other, place)
    if type(english) is str and type(other) is str:
        blanks = [sorted(set(_BLANK.findall(text))) for text in (english, other)]
        return "" if blanks[0] == blanks[1] else f"{place} has other blanks in braces than English"
    if english == other or isinstance(english, date):  # translators may check a source on another day
        return ""
    return f"{place} is {other!r}; in English it is {english!r}"


def _in_row(english: Any, other: object, place: str) -> str:
    for name in english.__struct_fields__:
        ours, theirs = getattr(english, name), getattr(other, name)
        here = f"{place}/{name}".lstrip("/")
        if name in _KEYS and ours != theirs:
            return f"{here} is {theirs!r}; in English it is {ours!r}"
        if found := difference(ours, theirs, here):
            return found
    return ""


def _in_list(english: tuple[object, ...], other: tuple[object, ...], place: str) -> str:
    if len(english) != len(other):
        return f"{place} has {len(other)} entries; in English it has {len(english)}"
    for number, (ours, theirs) in enumerate(zip(english, other, strict=True), 1):
        if found := difference(ours, theirs, f"{place}/{getattr(ours, 'key', number)}"):
            return found
    return ""
