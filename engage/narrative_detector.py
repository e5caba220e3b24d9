"""Finds where a text seems to tell a story about a real person. It leads to a warning, never to a block.

Engage must hold no details of a case. A story needs no number: an age, a relative and a motel are enough for
neighbors to know who is meant. But no single word makes a story; partners' names, the ages of a training's
audience and motels are in every plan. So this module weighs hints: a particular person, control over that
person, someone who reported it. Words that plans and statistics use count against it. A text is a story if up
to three sentences in a row reach `ENOUGH`. Every text is checked in each of `LANGUAGES`, whatever the page's
language is.

Phrases are looked up by their rarest word, so that the time grows only with the number of words.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import product
from pathlib import Path

from engage.languages import plain

Words = frozenset[str]
# A phrase is the position of the part by which it is looked up, and all its parts.
Phrase = tuple[int, tuple[Words, ...]]

# A text without any of these hints, which mean a particular person, is no story.
_IN_PARTICULAR = frozenset({"Age", "Someone", "He or she", "Initials"})
# A story often takes several sentences: "She is 15. Her uncle drives her there."
SENTENCES_TOGETHER = 3
# Up to this many words are allowed between the parts of a phrase: "takes [all of the girls'] money".
LONGEST_GAP = 4
# Each further sentence has to add this much, so that weak hints in three sentences of meeting minutes are no
# story.
MORE_A_SENTENCE = 1.0
# Dictated text has no periods; a longer sentence is split into several.
LONGEST_SENTENCE = 240


def story_in(text: str) -> tuple[int, int] | None:
    """Returns the start and the end of the first story, as positions in the text; None if there is none."""
    for paragraph in _PARAGRAPH.finditer(text.translate(_ALIKE)):
        sentences = list(_sentences(paragraph[0]))
        hints = [hints_in(sentence) for _, sentence in sentences]
        for first, last in _neighbors(len(sentences)):
            # Without hints in its first or last sentence, a shorter span has the same hints.
            if not (hints[first] and hints[last]):
                continue
            if tells_a_story(frozenset().union(*hints[first : last + 1]), last - first):
                begin, sentence = sentences[last]
                return paragraph.start() + sentences[first][0], paragraph.start() + begin + len(sentence)
    return None


def tells_a_story(hints: Set[str], more: int = 0) -> bool:
    """Returns whether these hints, each counted once, are enough for one sentence and `more` further ones.

    One hint must mean a particular person. Words are weighed by one language at a time, phrases of all
    languages count: a bilingual coalition changes between languages in one sentence.
    """
    enough = ENOUGH + more * MORE_A_SENTENCE
    return bool(hints & _IN_PARTICULAR) and any(
        sum(weights[hint] for hint in hints if hint in weights) >= enough for weights in _WEIGHTS
    )


def hints_in(sentence: str) -> frozenset[str]:
    """Returns the hints in one sentence: words, and the kinds of its phrases, which begin with a capital."""
    words = [*_WORD.findall(plain(sentence.lower())), _END]
    found = set(_WEIGHED.intersection(words))
    for place, word in enumerate(words):
        for kind, phrases in _BY_RAREST_WORD.get(word, ()):
            if kind in found:
                continue
            for before, parts in phrases:
                if place >= before and _follows(words, place - before, parts):
                    found.add(kind)
                    break
    found.update(kind for kind, pattern in _PATTERNS if kind not in found and pattern.search(sentence))
    return frozenset(found)


def _neighbors(number: int) -> Iterator[tuple[int, int]]:
    """Yields the first and the last of up to three sentences in a row."""
    for first in range(number):
        for last in range(first, min(first + SENTENCES_TOGETHER, number)):
            yield first, last


def _follows(words: Sequence[str], place: int, parts: Sequence[Words]) -> bool:
    """Returns whether the parts of a phrase follow each other from this position in the sentence on."""
    for number, part in enumerate(parts):
        if part is _GAP:
            later = range(place, min(place + LONGEST_GAP + 1, len(words)))
            return any(_follows(words, start, parts[number + 1 :]) for start in later)
        if place == len(words) or (part is not _ANY and words[place] not in part):
            return False
        place += 1
    return True


# -- sentences and words

_ALIKE = str.maketrans("\u2018\u2019\u02bc\u201c\u201d\u2013\u2014\u00a0", "'''\"\"-- ")
_PIECE = re.compile(rf"\S(?:.{{0,{LONGEST_SENTENCE - 1}}}(?!\S)|.{{0,{LONGEST_SENTENCE - 1}}})")
_PARAGRAPH = re.compile(r"[^\n]+")
# The period after a title or an initial does not end a sentence.
_SENTENCE_END = re.compile(
    r"[.!?;](?<![A-Z]\.)(?<!(?:Mr|Ms|Dr|St|vs)\.)(?<!(?:Mrs|Sgt|Det|Rev)\.)(?<!approx\.)(?=\s)"
)
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[,.;:?!)]")
_END = "."


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yields each sentence with its position."""
    begin = 0
    for end in (*(stop.end() for stop in _SENTENCE_END.finditer(text)), len(text)):
        for piece in _PIECE.finditer(text, begin, end):
            yield piece.start(), piece[0]
        begin = end


# -- phrases; `narrative_detector_en.toml` explains how they are written


def _read(phrase: str) -> Iterator[tuple[Words, ...]]:
    """Yields the phrase as sets of words, with and without each part that is optional."""
    parts = phrase.split()
    for kept in product(*((True, False) if part.endswith("?") else (True,) for part in parts)):
        yield tuple(_either(part.removesuffix("?")) for part, keep in zip(parts, kept, strict=True) if keep)


@cache
def _either(part: str) -> Words:
    """Returns the words of a part; phrases with the same part use one set, which saves half a megabyte."""
    if part in ("...", "_"):
        return _GAP if part == "..." else _ANY
    return frozenset(word for name in part.split("/") for word in _LISTS.get(name, name).split())


def _by_rarest_word(
    phrases: Iterable[tuple[str, str]],
) -> dict[str, tuple[tuple[str, tuple[Phrase, ...]], ...]]:
    """Returns phrases and their kinds by the word under which they are looked up.

    Words with the same phrases use one value, which saves half a megabyte.
    """
    found: dict[str, dict[str, list[Phrase]]] = {}
    for kind, written in phrases:
        for parts in _read(written):
            phrase = (_rarest(parts), parts)
            for word in parts[phrase[0]]:
                found.setdefault(word, {}).setdefault(kind, []).append(phrase)
    leads = {
        word: tuple((kind, tuple(those)) for kind, those in kinds.items()) for word, kinds in found.items()
    }
    shared: dict[object, tuple[tuple[str, tuple[Phrase, ...]], ...]] = {}
    return {word: shared.setdefault(each, each) for word, each in leads.items()}


def _rarest(parts: Sequence[Words]) -> int:
    """Returns the index of the part with the rarest words.

    Parts after a gap have no fixed position, so they are left out.
    """
    known = parts[: parts.index(_GAP)] if _GAP in parts else parts
    return min(
        range(len(known)), key=lambda at: len(known[at] & _COMMON) if known[at] is not _ANY else len(_COMMON)
    )


_HERE = Path(__file__).parent
# Each language has a table of phrases and words. The first table also names the kinds of phrases and their
# weights.
LANGUAGES = ("en", "es")
_TABLES = [
    tomllib.loads((_HERE / f"narrative_detector_{language}.toml").read_text(encoding="utf-8"))
    for language in LANGUAGES
]
_GAP, _ANY = frozenset({"..."}), frozenset({"_"})
_COMMON = frozenset(word for table in _TABLES for word in table["common"].split())
_LISTS: Mapping[str, str] = {name: words for table in _TABLES for name, words in table["lists"].items()}
_BY_RAREST_WORD = _by_rarest_word(
    (kind, phrase)
    for table in _TABLES
    for kind, phrases in table["phrases"].items()
    for phrase in phrases.strip().splitlines()
)
# These patterns need the sentence as it was typed, because they match capitals or the endings of words.
_PATTERNS = [
    (kind, re.compile(pattern, re.VERBOSE))
    for table in _TABLES
    for kind, pattern in table["patterns"].items()
]
ENOUGH: float = _TABLES[0]["enough"]
# A word's weight depends on the language: "son" is a relative in English and means "are" in Spanish.
_WEIGHTS = [
    {
        **{word: float(weight) for weight, words in table["words"].items() for word in words.split()},
        **_TABLES[0]["kinds"],
    }
    for table in _TABLES
]
_WEIGHED = frozenset().union(*_WEIGHTS)
