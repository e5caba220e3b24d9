"""Reads the words typed into the search box, and marks matches."""

import re
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

from engage.languages import plain as plain_letters

LONGEST = 120
# At most this many words are used: more hardly narrow a search, and each one is another lookup in the index.
WORDS_MOST = 8
# Words shorter than this have too many similar ones: "red", "bad" and "bet" are one letter from "bed".
SHORTEST_MISTYPED = 4
MISTYPED_MOST = 3
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
# A word is letters and digits with the accents that follow them; the index splits texts in the same way.
_WORD = re.compile(r"(?:[^\W_]|[\u0300-\u036f])+")
_AROUND = 70

# The spellings under which one word of a search is looked for: as it was typed, and with one letter changed.
Ways = Sequence[str]


class SearchKind(StrEnum):
    """The headings of the results, in their order."""

    PEOPLE = "people"
    ORGANIZATIONS = "organizations"
    SERVICES = "services"
    AGREEMENTS = "agreements"
    MEETINGS = "meetings"
    ANNOUNCEMENTS = "announcements"
    DECISIONS = "decisions"
    GOALS = "goals"
    ACTIONS = "actions"
    ACTIVITIES = "activities"
    NEEDS = "needs"
    STRENGTHS = "strengths"
    NOTES = "notes"
    DOCUMENTS = "documents"
    TIPS = "tips"
    LEARN = "learn"


class Piece(NamedTuple):
    """A part of a text; `is_match` if it matches the search."""

    text: str
    is_match: bool


def plain(text: str) -> str:
    """Returns a text without accents and case, as the index holds its words."""
    return plain_letters(text).lower()


def words_of(typed: str) -> list[str]:
    """Returns the words to search for, without duplicates; none if only punctuation was typed."""
    return list(dict.fromkeys(_WORD.findall(plain(typed))))[:WORDS_MOST]


def one_letter_off(word: str) -> list[str]:
    """Returns the spellings that are one letter away: one missing, extra, wrong, or swapped with the next."""
    letters = sorted({*_LETTERS, *word})
    halves = [(word[:n], word[n:]) for n in range(len(word) + 1)]
    found = {
        *(a + b[1:] for a, b in halves if b),
        *(a + b[1] + b[0] + b[2:] for a, b in halves if len(b) > 1),
        *(a + c + b[1:] for a, b in halves if b for c in letters),
        *(a + c + b for a, b in halves for c in letters),
    }
    return [word, *sorted(found - {word})]


def mistyped(words: Sequence[str]) -> list[Ways]:
    """Returns for each word its other possible spellings; empty if no word is long enough."""
    doubted = [w for w in words if len(w) >= SHORTEST_MISTYPED and not w.isdecimal()][:MISTYPED_MOST]
    return [one_letter_off(w) if w in doubted else [w] for w in words] if doubted else []


def is_beginning(way: str) -> bool:
    """Returns whether a word may be the beginning of a longer one; a single letter or digit may not."""
    return len(way) > 1


def as_fts5(words: Iterable[Ways], scope: str, columns: str) -> str:
    """Returns the query in FTS5's syntax (SQLite), within one coalition and the columns a reader may see."""
    asked = " AND ".join(
        "(" + " OR ".join(f'"{way}"{"*" if is_beginning(way) else ""}' for way in ways) + ")"
        for ways in words
    )
    return f'scope : "{scope}" AND {{{columns}}} : ({asked})'


def as_tsquery(words: Iterable[Ways], scope: str) -> str:
    """Returns the query in PostgreSQL's syntax."""
    asked = " & ".join(
        "(" + " | ".join(f"'{way}'{':*' if is_beginning(way) else ''}" for way in ways) + ")"
        for ways in words
    )
    return f"'{scope}' & {asked}"


def words_in(text: str) -> str:
    """Returns a text's words in the form that `matches` needs, with a space around each."""
    return f" {' '.join(_WORD.findall(plain(text)))} "


def matches(there: str, words: Iterable[Ways]) -> bool:
    """Returns whether a text from the content, in the form of `words_in`, contains every word."""
    return all(
        any((f" {way}" if is_beginning(way) else f" {way} ") in there for way in ways) for ways in words
    )


def _found_in(text: str, words: Sequence[Ways]) -> Iterator[tuple[int, int]]:
    ways = {way for each in words for way in each}
    beginnings = tuple(way for way in ways if is_beginning(way))
    for word in _WORD.finditer(text):
        written = plain(word.group())
        if written.startswith(beginnings) or written in ways:
            yield word.span()


def marked(text: str, words: Sequence[Ways]) -> list[Piece]:
    """Returns a text in parts: matches, and the text between them."""
    pieces, end = [], 0
    for start, stop in _found_in(text, words):
        pieces += [Piece(text[end:start], is_match=False), Piece(text[start:stop], is_match=True)]
        end = stop
    return [piece for piece in [*pieces, Piece(text[end:], is_match=False)] if piece.text]


def excerpt(text: str, words: Sequence[Ways]) -> list[Piece]:
    """Returns the words around the first match; empty if the text has none."""
    text = " ".join(text.split())
    first = next(_found_in(text, words), None)
    if first is None:
        return []
    start, stop = max(0, first[0] - _AROUND), min(len(text), first[1] + _AROUND)
    # Texts are cut between words, except for a word that is longer than the excerpt.
    start = text.find(" ", start, first[0]) + 1 or start if start else 0
    stop = text.rfind(" ", first[1], stop) if stop < len(text) and " " in text[first[1] : stop] else stop
    shown = f"{'… ' if start else ''}{text[start:stop]}{' …' if stop < len(text) else ''}"
    return marked(shown, words)
