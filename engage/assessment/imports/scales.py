"""Reads the words and numbers of scales.

Only what is certain is read. What a number or a word means is asked; `meaning_of` only suggests it.
"""

import re
from collections.abc import Collection, Mapping
from enum import StrEnum
from typing import Final

from engage.content.import_words import import_words
from engage.database import folded
from engage.imports.target import meanings

DONT_KNOW: Final = "dont_know"
DOES_NOT_APPLY: Final = "does_not_apply"


_NUMBER: Final = re.compile(r"(\d{1,2})(?:\.0+)?(?:\s*/\s*(?:4|5)|\s*(?:stars?|estrellas?))?", re.IGNORECASE)
_STARS: Final = re.compile("[★⭐\ufe0f]+[☆\ufe0f]*")
_WORDS: Final = import_words("answer_scales")
_RANK_BEFORE: Final = re.compile(r"\d\s*[-–—.:)=]\s*|\d\s+(?=[^\W\d])")
_APOSTROPHES: Final = str.maketrans("’‘ʼ", "'''")


def words_for(kind: str) -> tuple[str, ...]:
    """Returns the words that certainly say *don't know* or *does not apply*."""
    return tuple(map(folded, _WORDS[kind]))


_MEANINGS: Final = meanings({key.removeprefix("rating_"): words for key, words in _WORDS.items()})


def plain(word: str) -> str:
    """Returns the form in which words of scales are compared: "1 - Strongly agree." is "strongly agree"."""
    said = folded(word).translate(_APOSTROPHES).strip(" .!")
    return _RANK_BEFORE.sub("", said, count=1) if _RANK_BEFORE.match(said) else said


def meaning_of(word: str) -> str | None:
    """Returns what a word of a scale usually means: a rating from 0 to 4, or another answer."""
    return _MEANINGS.get(plain(word))


def number_in(text: str) -> int | None:
    """Returns the number that an answer is: "4", "4.0", "4 stars", "4/5" and four stars are all 4."""
    said = text.strip()
    if _STARS.fullmatch(said):
        return sum(said.count(each) for each in "★⭐")
    match = _NUMBER.fullmatch(said)
    return int(match[1]) if match else None


class Direction(StrEnum):
    """What a scale of numbers means. Which end is the best one is asked, and never guessed."""

    ONE_TO_FIVE = "1-5"
    FIVE_TO_ONE = "5-1"
    ZERO_TO_FOUR = "0-4"
    FOUR_TO_ZERO = "4-0"

    @property
    def ratings(self) -> dict[str, str]:
        """Returns the rating for each number."""
        first, last = (int(each) for each in self.value.split("-"))
        step = 1 if first < last else -1
        return {str(number): str(rating) for rating, number in enumerate(range(first, last + step, step))}


def directions(numbers: Collection[int]) -> list[Direction]:
    """Returns what a scale with these numbers can mean; nothing if it is no scale of five."""
    return [each for each in Direction if {str(number) for number in numbers} <= each.ratings.keys()]


def scales(numbers: Mapping[str, Collection[int]]) -> dict[str, list[str]]:
    """Returns the columns (keys of `numbers`) that have the same scale, as far as their numbers tell.

    A column with neither 0 nor 5 may have either scale: it is asked about with the others if those all have the same.
    """
    kinds: dict[str, list[str]] = {"from_0": [], "to_5": [], "other": []}
    for key, found in numbers.items():
        kinds["from_0" if 0 in found else "to_5" if 5 in found else "other"].append(key)
    first = [kind for kind in ("from_0", "to_5") if kinds[kind]]
    if len(first) == 1:
        kinds[first[0]] += kinds.pop("other")
    return {kind: keys for kind, keys in kinds.items() if keys}
