"""Splits a cell with several words: semicolons or bars separate them, and a word that contains one is quoted. It also
knows the words that people write to say that there is nothing. Plain Python."""

import re
from collections.abc import Iterable

from engage.database import folded

_NOTHING = frozenset("-,--,---,–,—,?,n/a,n.a.,none,tbd,t.b.d.,tba,to be determined,unknown".split(","))  # noqa: SIM905


def says_nothing(text: str) -> bool:
    """Returns whether people write this text if they have no name, address or number, such as "TBD"."""
    return folded(text) in _NOTHING


def parts_of(cell: str, signs: str) -> list[str]:
    """Returns the words of a cell, separated by any of `signs` or a line break.

    White space becomes one space, and empty words are left out. A word in quotation marks may contain the signs; a
    doubled mark inside it stands for one.
    """
    return [word for word, _is_quoted in parts_and_quotes(cell, signs)]


def parts_and_quotes(cell: str, signs: str) -> list[tuple[str, bool]]:
    """Returns the same words as `parts_of`, and for each whether it was in quotation marks."""
    other = f"[^{re.escape(signs)}\n]"
    # White space must end at a line break; else each of a thousand empty lines would be searched to the end.
    pattern = rf'[^\S\n]*"((?:[^"]|"")*)"[^\S\n]*(?=[{re.escape(signs)}\n]|$)|({other}+)'
    found = []
    for match in re.finditer(pattern, cell):
        quoted, plain = match.groups()
        word = " ".join((quoted.replace('""', '"') if quoted is not None else plain).split())
        found += [(word, quoted is not None)] if word else []
    return found


def in_one_cell(words: Iterable[str], signs: str) -> str:
    """Joins the words in one cell, so that `parts_of` with the same signs finds them again."""
    return "; ".join(_quoted(word, signs) for word in words)


def _quoted(word: str, signs: str) -> str:
    if word.startswith('"') or any(sign in word for sign in f"{signs}\n"):
        return '"' + word.replace('"', '""') + '"'
    return word
