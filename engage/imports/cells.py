"""Splits several words in one cell: separated by semicolons or bars, quoted if a word holds one. It also knows the
words by which a filled cell says that there is nothing. Plain Python."""

import re
from collections.abc import Iterable

from engage.database import folded

_NOTHING = frozenset("-,--,---,–,—,?,n/a,n.a.,none,tbd,t.b.d.,tba,to be determined,unknown".split(","))  # noqa: SIM905


def says_nothing(text: str) -> bool:
    """Returns whether people write this where they have no name, address or number: no one is called "TBD"."""
    return folded(text) in _NOTHING


def parts_of(cell: str, signs: str) -> list[str]:
    """Returns the words of a cell, separated by any of `signs` or a line break.

    White space is folded, and empty words are left out. A word in quotation marks may hold the signs; two
    marks inside are one.
    """
    other = f"[^{re.escape(signs)}\n]"
    # Spaces end at a line break: else each of a thousand empty lines would look through all that follow.
    pattern = rf'[^\S\n]*"((?:[^"]|"")*)"[^\S\n]*(?=[{re.escape(signs)}\n]|$)|({other}+)'
    found = []
    for match in re.finditer(pattern, cell):
        quoted, plain = match.groups()
        word = " ".join((quoted.replace('""', '"') if quoted is not None else plain).split())
        found += [word] if word else []
    return found


def in_one_cell(words: Iterable[str], signs: str) -> str:
    """Joins the words in one cell, so that `parts_of` with the same signs finds them again."""
    return "; ".join(_quoted(word, signs) for word in words)


def _quoted(word: str, signs: str) -> str:
    if word.startswith('"') or any(sign in word for sign in f"{signs}\n"):
        return '"' + word.replace('"', '""') + '"'
    return word
