"""Knows how makers of forms name their columns, and finds what each column of a file is. Plain Python."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import log
from typing import Final

from msgspec.structs import replace

from engage.assessment.imports.rules import time_in
from engage.assessment.imports.scales import meaning_of, number_in
from engage.content.import_words import import_words
from engage.database import folded
from engage.imports.columns import ImportColumn, normal
from engage.imports.reading import ReadFile, Record

_WORDS: Final = import_words("answers")
IDS: Final = _WORDS["row_id"]
TIMES: Final = _WORDS["row_time"]
_PERSONAL: Final = frozenset(_WORDS["personal words"])
_LONGEST_PERSONAL: Final = 6
_NEVER: Final = re.compile(
    r"@|\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){4,7}\b|https?:", re.IGNORECASE
)
_MANY_DIGITS: Final = re.compile(r"(?:\d[\s().+-]*){7,}")
# A column with more different texts, or longer ones, than these does not hold choices.
_MOST_CHOICES: Final = 20
_MOST_OF_A_STATEMENT: Final = 40
_LONGEST_CHOICE: Final = 300


class Holds(StrEnum):
    """What a column seems to hold: choices, texts that people wrote, or what is never read."""

    CHOICES = "choices"
    TEXTS = "texts"
    NOTHING_TO_READ = "nothing"


def holds(heading: str, cells: Sequence[str], *, is_a_statement: bool) -> Holds:
    """Returns what a column holds. `is_a_statement` says that its name is one of the statements' words."""
    said = normal(heading).split()
    if said[:1] in (
        ["points"],
        ["feedback"],
        ["puntos"],
        ["comentarios"],
    ):  # Microsoft Forms adds these to a quiz
        return Holds.NOTHING_TO_READ
    if not is_a_statement and len(said) <= _LONGEST_PERSONAL and _PERSONAL & set(said):
        return Holds.NOTHING_TO_READ
    # A column of addresses or numbers is not read; one address among other texts is for the guard to find.
    found = sum(bool(_NEVER.search(cell) or _MANY_DIGITS.search(cell)) for cell in cells)
    if found:
        return Holds.NOTHING_TO_READ if found * 5 >= len(cells) else Holds.TEXTS
    texts = {folded(cell) for cell in cells}
    longest = max(map(len, texts), default=0)
    numbers = [number_in(each) for each in texts]
    if all(each is not None for each in numbers):
        return (
            Holds.CHOICES if max((each or 0 for each in numbers), default=0) <= 10 else Holds.NOTHING_TO_READ
        )
    if all(meaning_of(each) is not None for each in texts):
        return Holds.CHOICES
    if is_a_statement and len(texts) <= _MOST_OF_A_STATEMENT and longest <= _LONGEST_CHOICE:
        return Holds.CHOICES
    repeats = len(texts) * 2 <= len(cells) and len(texts) <= _MOST_CHOICES
    return Holds.CHOICES if repeats and longest <= _LONGEST_CHOICE else Holds.TEXTS


# SurveyMonkey writes one of these below a question, in a second row of names.
_NO_NAME: Final = frozenset(("response", "open ended response", "respuesta", "respuesta abierta"))


def with_one_heading(sheet: ReadFile, heading: int) -> ReadFile:
    """Returns the file with one row of names, if it has two, as SurveyMonkey's files have.

    There the first row names a question, and the second row each of its parts, in columns that have no name of
    their own in the first. The first column has a name in the first row only. Either may be taken for the heading.
    """
    for at, (first, second) in enumerate(pairwise(sheet.records)):
        is_pair = heading in {first.number, second.number} and second.number == first.number + 1
        if is_pair and normal(first.cell(0)) in IDS and not second.cell(0):
            joined = Record(heading, tuple(_joined(first, second)))
            return replace(sheet, records=(*sheet.records[:at], joined, *sheet.records[at + 2 :]))
    return sheet


def _joined(first: Record, second: Record) -> Iterator[str]:
    last = ""
    for column in range(max(len(first.cells), len(second.cells))):
        said, part = (" ".join(each.cell(column).split()) for each in (first, second))
        last = said or last
        is_part = part and normal(part) not in _NO_NAME
        yield f"{last}: {part}" if is_part and last else part if is_part else said


# -- which statement a column is

# This share of a statement's words, weighed by how rare they are, has to be in a column's name.
_ENOUGH: Final = 0.6
# And no other statement may be as close as this.
_CLEARLY: Final = 0.12


def suggested(columns: Iterable[ImportColumn], statements: Mapping[str, Collection[str]]) -> dict[int, str]:
    """Returns the statement that each column's name seems to be, by the column's index; each at most once.

    `statements` holds the texts of each statement by its key: title and statement, in each language.
    """
    texts = [(key, _stems(text)) for key, each in statements.items() for text in each if text]
    common = Counter(word for _key, words in texts for word in words)
    weight = {word: log(1 + len(texts) / number) for word, number in common.items()}
    found = []
    for column in columns:
        said = _stems(column.heading)
        scores: dict[str, float] = {}
        for key, words in texts:
            whole = sum(weight[word] for word in words)
            score = sum(weight[word] for word in words & said) / whole if whole else 0
            # Of two titles that are both in the name, the longer one says more.
            scores[key] = max(scores.get(key, 0), score + len(words & said) / 1000 if score else 0)
        ranked = sorted(scores.items(), key=lambda pair: -pair[1])[:2]
        if not ranked or ranked[0][1] < _ENOUGH:
            continue
        lead = ranked[0][1] - ranked[1][1] if len(ranked) > 1 else 1
        if lead >= _CLEARLY or _is_whole(column.heading, statements[ranked[0][0]]):
            found.append((ranked[0][1], column.index, ranked[0][0]))
    chosen: dict[int, str] = {}
    for _score, index, key in sorted(found, key=lambda each: (-each[0], each[1])):
        if key not in chosen.values():
            chosen[index] = key
    return chosen


def _is_whole(heading: str, texts: Collection[str]) -> bool:
    return normal(heading) in map(normal, texts)


def _stems(text: str) -> frozenset[str]:
    return frozenset(
        word.removesuffix("s") for word in normal(text).split() if word not in _WORDS["short words"]
    )


# -- when people answered


def last_day(times: Iterable[str], today: date) -> date:
    """Returns the day of the last of these times, as a suggestion: where day and month could be either, US order."""
    days = [found.date() for text in times if (found := time_in(text)) is not None]
    return min(max(days, default=today), today)
