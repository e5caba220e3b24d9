"""Compares the content of a language with the English one: its texts differ, and nothing else may."""

import re
from datetime import date
from typing import Any

from msgspec import Struct

# Rows of the database and of the content refer to these: they are no texts.
_KEYS = frozenset(
    "key group first_group area tip ask records_follow new_tips existing_tips about".split()  # noqa: SIM905
)
_BLANK = re.compile(r"\{\w+\}")


def difference(english: Any, other: Any, place: str = "") -> str:
    """Returns the first difference in words, for whoever translates; blank if there is none."""
    if isinstance(english, Struct):
        return _in_row(english, other, place)
    if isinstance(english, tuple):
        return _in_list(english, other, place)
    if type(english) is str and type(other) is str:
        blanks = [sorted(set(_BLANK.findall(text))) for text in (english, other)]
        return "" if blanks[0] == blanks[1] else f"{place} has other blanks in braces than English"
    if english == other or isinstance(english, date):  # a source may be read on another day
        return ""
    return f"{place} is {other!r}; in English it is {english!r}"


def _in_row(english: Any, other: Any, place: str) -> str:
    for name in english.__struct_fields__:
        ours, theirs = getattr(english, name), getattr(other, name)
        here = f"{place}/{name}".lstrip("/")
        if name in _KEYS and ours != theirs:
            return f"{here} is {theirs!r}; in English it is {ours!r}"
        if found := difference(ours, theirs, here):
            return found
    return ""


def _in_list(english: tuple[Any, ...], other: tuple[Any, ...], place: str) -> str:
    if len(english) != len(other):
        return f"{place} has {len(other)} entries; in English it has {len(english)}"
    for number, (ours, theirs) in enumerate(zip(english, other, strict=True), 1):
        if found := difference(ours, theirs, f"{place}/{getattr(ours, 'key', number)}"):
            return found
    return ""
