"""Finds names among thousands that may mean the same organization, without comparing every pair."""

from collections import defaultdict
from collections.abc import Hashable, Iterator
from itertools import pairwise

from msgspec import Struct

from engage.partners.rules import are_alike, core_words

# A feature, such as a word, that more names than this have in common is ignored.
MOST_SHARING = 60
# Names that share this many letters at the beginning or the end are compared.
_ENDS = 4
# Names that differ by a typo share more letter pairs than this; names that only share a word share fewer.
_PAIRS_FROM = 0.65
# The letter pairs of a name are stored as a number of this many bits.
_BITS = 1024


class _Shape(Struct, frozen=True):
    """The parts of a name that are compared before the letters. `pairs` has a bit for each letter pair."""

    name: str
    words: frozenset[str]
    joined: str
    initials: str
    pairs: int

    def may_be(self, other: "_Shape") -> bool:
        if self.words <= other.words or other.words <= self.words:
            return True
        if self.initials == other.joined or self.joined == other.initials:
            return True
        both = self.pairs.bit_count() + other.pairs.bit_count()
        return 2 * (self.pairs & other.pairs).bit_count() >= _PAIRS_FROM * both


def _shape(name: str) -> _Shape:
    words = core_words(name)
    joined = "".join(words)
    pairs = 0
    for first, second in pairwise(joined):
        pairs |= 1 << (ord(first) * 31 + ord(second)) % _BITS
    return _Shape(name, frozenset(words), joined, "".join(word[0] for word in words), pairs)


class DuplicateNames:
    """An index of names by what similar names have in common: words, first or last letters, initials.

    `like` finds what `are_alike` would find, except names that share only something very common.
    """

    def __init__(self) -> None:
        self._sharing: dict[str, list[Hashable]] = defaultdict(list)
        self._shapes: dict[Hashable, _Shape] = {}

    def add(self, key: Hashable, name: str) -> None:
        """Adds a name, which must be folded; `like` will return its `key`."""
        self._shapes[key] = shape = _shape(name)
        for shared in _shared(shape, name):
            self._sharing[shared].append(key)

    def like(self, name: str, most: int = 5) -> list[Hashable]:
        """Returns the keys of names that may be the same, in the order of the names."""
        shape = _shape(name)
        near: set[Hashable] = set()
        for shared in _shared(shape, name):
            keys = self._sharing.get(shared, ())
            if len(keys) <= MOST_SHARING:
                near.update(keys)
        found = [
            key for key in near if self._shapes[key].may_be(shape) and are_alike(self._shapes[key].name, name)
        ]
        return sorted(found, key=lambda key: self._shapes[key].name)[:most]


def _shared(shape: _Shape, name: str) -> Iterator[str]:
    words = core_words(name)
    yield from shape.words
    yield from (f"{first} {second}" for first, second in pairwise(words))
    yield f"{shape.joined[:_ENDS]}^"
    yield f"{shape.joined[-_ENDS:]}$"
    yield f"={shape.initials if len(words) > 1 else shape.joined}"
