"""Notices where a text seems to tell a story about a real person. It leads to a warning, never to a block.

Engage must hold no details of a case. A story needs no number: an age, a relative and a motel are enough for
neighbors to know who is meant. No single word makes a story either; partners' names, the ages of a training's
audience and motels stand in every plan. So this module weighs hints: someone in particular, control over that
person, someone who told it. Words that plans and statistics use count against it. A story is found where up
to three sentences in a row reach `ENOUGH`.

Phrases are looked up by their rarest word, so that the time grows with the number of words and with nothing else.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import chain, product
from pathlib import Path
from typing import Any

Words = frozenset[str]

# A text without a particular person is no story, however grave.
_IN_PARTICULAR = frozenset({"Age", "Someone", "He or she", "Initials"})
# A story rarely keeps to one sentence: "She is 15. Her uncle drives her there."
SENTENCES_TOGETHER = 3
# This many words may stand between the parts of a phrase: "takes [all of the girls'] money".
LONGEST_GAP = 4


def story_in(text: str) -> tuple[int, int] | None:
    """Returns where the first story begins and ends, or None; the offsets are those of the text."""
    for paragraph in _PARAGRAPH.finditer(text.translate(_ALIKE)):
        sentences = list(_sentences(paragraph[0]))
        hints = [hints_in(sentence) for _, sentence in sentences]
        for first, last in _neighbors(len(sentences)):
            if tells_a_story(frozenset().union(*hints[first : last + 1])):
                begin, sentence = sentences[last]
                return paragraph.start() + sentences[first][0], paragraph.start() + begin + len(sentence)
    return None


def tells_a_story(hints: Set[str]) -> bool:
    """Returns whether these hints, each counted once, are enough; one of them must be a particular person."""
    return bool(hints & _IN_PARTICULAR) and sum(map(_WEIGHTS.__getitem__, hints)) >= ENOUGH


def hints_in(sentence: str) -> frozenset[str]:
    """Returns the hints in one sentence: single words, and kinds of phrases, whose names are capitalized."""
    words = [*_WORD.findall(sentence.lower()), _END]
    found = _WEIGHTS.keys() & words
    for place, word in enumerate(words):
        for kind, before, parts in _BY_RAREST_WORD.get(word, ()):
            if kind not in found and place >= before and _follows(words, place - before, parts):
                found.add(kind)
    return frozenset(found | {"Initials"} if _INITIALS.search(sentence) else found)


def _neighbors(number: int) -> Iterator[tuple[int, int]]:
    """Yields the first and the last of up to three sentences in a row."""
    for first in range(number):
        for last in range(first, min(first + SENTENCES_TOGETHER, number)):
            yield first, last


def _follows(words: Sequence[str], place: int, parts: Sequence[Words]) -> bool:
    """Returns whether the parts of a phrase follow each other from this position on."""
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
_PARAGRAPH = re.compile(r"[^\n]+")
# The period after a title or an initial ends no sentence.
_SENTENCE_END = re.compile(
    r"[.!?;](?<![A-Z]\.)(?<!(?:Mr|Ms|Dr|St|vs)\.)(?<!(?:Mrs|Sgt|Det|Rev)\.)(?<!approx\.)(?=\s)"
)
_WORD = re.compile(r"[a-z0-9\u00c0-\u024f]+(?:'[a-z]+)?|[,.;:?!)]")
_END = "."
_INITIALS = re.compile(
    r"(?<![A-Za-z.])[A-Z]\. ?[A-Z]\.(?![A-Za-z.])|(?<![A-Za-z])(?:M[rs]s?|Miss)\.? [A-Z](?![\w&])"
    r"|(?<![A-Za-z])(?!At|In|Plan|Part|Step|The)[A-Z][a-z]{2,12} [A-Z]\.(?! [A-Z])"
    r"|(?:one|kid|girl|boy|woman|man|guys?|lady|teen|grader|client|student|mother|workers?|friend|niece|nephew)"
    r", [A-Z][a-z]{1,12},"
)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Yields each sentence with its position."""
    begin = 0
    for end in (*(stop.end() for stop in _SENTENCE_END.finditer(text)), len(text)):
        if not text[begin:end].isspace() and end > begin:
            yield begin, text[begin:end]
        begin = end


# -- phrases: `stories.toml` says how they are written


def _read(phrase: str) -> Iterator[list[Words]]:
    """Yields the phrase as sets of words, once with and once without each part that may be missing."""
    parts = phrase.split()
    for kept in product(*((True, False) if part.endswith("?") else (True,) for part in parts)):
        yield [_either(part.removesuffix("?")) for part, keep in zip(parts, kept, strict=True) if keep]


@cache
def _either(part: str) -> Words:
    """Returns the words of a part: one set for all phrases that have it, which would take half a megabyte more."""
    if part in ("...", "_"):
        return _GAP if part == "..." else _ANY
    return frozenset(word for name in part.split("/") for word in _LISTS.get(name, name).split())


def _by_rarest_word(kinds: Mapping[str, Any]) -> dict[str, list[tuple[str, int, list[Words]]]]:
    """Returns, for each word that a phrase is looked up by, the kind, how many parts stand before it, and all parts."""
    found: dict[str, list[tuple[str, int, list[Words]]]] = {}
    for kind, hint in kinds.items():
        for parts in chain.from_iterable(map(_read, hint["phrases"].strip().splitlines())):
            at = _rarest(parts)
            phrase = (kind, at, parts)
            for word in parts[at]:
                found.setdefault(word, []).append(phrase)
    return found


def _rarest(parts: Sequence[Words]) -> int:
    """Returns the index of the part with the rarest words. Parts after a gap are left out, as their positions vary."""
    known = parts[: parts.index(_GAP)] if _GAP in parts else parts
    return min(
        range(len(known)), key=lambda at: len(known[at] & _COMMON) if known[at] is not _ANY else len(_COMMON)
    )


_GAP, _ANY = frozenset({"..."}), frozenset({"_"})
_TABLES = tomllib.loads(Path(__file__).with_name("stories.toml").read_text(encoding="utf-8"))
_COMMON = frozenset(_TABLES["common"].split())
_LISTS: Mapping[str, str] = _TABLES["lists"]
_BY_RAREST_WORD = _by_rarest_word(_TABLES["kinds"])
_WEIGHTS = {
    **{word: float(weight) for weight, words in _TABLES["words"].items() for word in words.split()},
    **{kind: hint["weight"] for kind, hint in _TABLES["kinds"].items()},
}
ENOUGH: float = _TABLES["enough"]
