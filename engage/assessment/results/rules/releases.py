"""Defines what a release holds, how it is stored, and what can be read from it.

`closing.py` computes it. Everything here is already safe to show to readers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any, Final, Self

from msgspec import Struct, field
from msgspec.structs import asdict

FORMAT: Final = 1
# These are the counts of options, None for each that is held back.
Counts = tuple[int | None, ...]
# This is the column of everyone whose sector group has no column. It never says which groups it holds.
OTHERS: Final = "others"
# Ratings this far apart are worth discussing.
DISAGREEMENT: Final = 2


class Word(StrEnum):
    """The words for bands of numbers. Their values are also the names of styles."""

    LOW = "need"
    GROWING = "building"
    STRONG = "strength"


class Showing(StrEnum):
    """The reasons for what a release may show, so that the page can explain why it shows no more."""

    NOTHING = "nothing"
    ONLY_ALL = "only_all"
    GROUPS = "groups"


def one_decimal(value: Fraction | float) -> float:
    """Rounds half up, as people do by hand. It takes a float as it is written, so 1.95 becomes 2.0."""
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    return floor(exact * 10 + Fraction(1, 2)) / 10


@lru_cache(maxsize=256)
def word_for(value: Fraction | float) -> Word:
    """Returns low below 2, growing below 3, strong from 3 on; it rounds first, so that word and number agree."""
    rounded = one_decimal(value)
    if rounded < 2:
        return Word.LOW
    return Word.GROWING if rounded < 3 else Word.STRONG


class Cell(Struct, frozen=True):
    """An indicator in a group: the median of its ratings, 0 to 4 in halves, and the number of ratings."""

    value: float
    n: int

    @property
    def word(self) -> Word:
        return word_for(self.value)


class AreaCell(Struct, frozen=True):
    """An area in a group: the mean of its shown indicators, 0 to 4 with one decimal.

    `n` counts ratings over all these indicators, not people. The mean is based on `rated` of the `applicable`
    indicators.
    """

    value: float
    n: int
    rated: int
    applicable: int

    @property
    def word(self) -> Word:
        return word_for(self.value)


class IndicatorResult(Struct, frozen=True):
    """One indicator's line. A value that is None or missing is either empty or held back; no one can tell which.

    `respondents` is how many people had answered the round when the line was computed. `counts` is how many
    gave each of the levels 0 to 4, for All. `agreed` is what the group settled on; it replaces the median of
    All.
    """

    key: str
    meaning: int
    respondents: int
    all: Cell | None
    groups: Mapping[str, Cell]
    counts: tuple[int, ...] | None
    dont_know: int | None
    agreed: float | None = None

    @property
    def value(self) -> float | None:
        """Returns the number of All: the agreed value if there is one, else the median."""
        if self.agreed is not None:
            return self.agreed
        return None if self.all is None else self.all.value

    @property
    def word(self) -> Word | None:
        return None if self.value is None else word_for(self.value)

    @property
    def lowest(self) -> int | None:
        return min(self._given_levels(), default=None)

    @property
    def highest(self) -> int | None:
        return max(self._given_levels(), default=None)

    @property
    def spread(self) -> int:
        """Returns the levels between the lowest and the highest rating; 0 if nothing is shown."""
        levels = self._given_levels()
        return levels[-1] - levels[0] if levels else 0

    @property
    def disagrees(self) -> bool:
        return self.spread >= DISAGREEMENT

    def _given_levels(self) -> list[int]:
        return [level for level, count in enumerate(self.counts or ()) if count]


class AreaResult(Struct, frozen=True):
    """A focus area's line and its indicators. `applicable` is how many indicators apply, for All."""

    key: str
    applicable: int
    all: AreaCell | None
    groups: Mapping[str, AreaCell]
    indicators: tuple[IndicatorResult, ...]


class OptionsResult(Struct, frozen=True):
    """The shown result of a question with options, for All only.

    `respondents` is how many people had answered the round then, `answered` is how many of them chose
    anything, None if fewer than k. `counts` are by option, None for each that is held back. `dont_know` is
    None if it is empty or held back.
    """

    key: str
    meaning: int
    respondents: int
    answered: int | None = None
    counts: Counts = ()
    dont_know: int | None = None

    @property
    def is_whole(self) -> bool:
        return None not in self.counts


class Release(Struct, frozen=True):
    """The results that a closed round shows. `groups` are the columns beside All, in order, OTHERS last.

    With fewer than k respondents it holds nothing, not even their number.
    """

    k: int
    respondents: int
    groups: tuple[str, ...]
    areas: tuple[AreaResult, ...]
    options: tuple[OptionsResult, ...] = ()
    # This many people answered in each language, by its code; languages that are held back are missing.
    languages: Mapping[str, int] = field(default_factory=dict)

    @property
    def showing(self) -> Showing:
        if not self.respondents:
            return Showing.NOTHING
        return Showing.GROUPS if self.groups else Showing.ONLY_ALL

    @property
    def indicators(self) -> Iterator[IndicatorResult]:
        return (row for area in self.areas for row in area.indicators)

    def to_json(self) -> dict[str, object]:
        return {
            "format": FORMAT,
            "k": self.k,
            "respondents": self.respondents,
            "groups": list(self.groups),
            "areas": [_area_to_json(area) for area in self.areas],
            **({"options": [asdict(each) for each in self.options]} if self.options else {}),
            **({"languages": dict(self.languages)} if self.languages else {}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Reads a stored release. Raises ValueError for a format that this version does not read."""
        if stored.get("format") != FORMAT:
            raise ValueError(
                f"a stored release has format {stored.get('format')!r}, this version reads {FORMAT}"
            )
        areas = tuple(_area_from_json(area) for area in stored["areas"])
        options = (
            OptionsResult(**{**each, "counts": tuple(each["counts"])}) for each in stored.get("options", ())
        )
        groups, languages = tuple(stored["groups"]), stored.get("languages", {})
        return cls(stored["k"], stored["respondents"], groups, areas, tuple(options), languages)


def _area_to_json(area: AreaResult) -> dict[str, object]:
    return {
        "key": area.key,
        "applicable": area.applicable,
        "all": None if area.all is None else _area_cell_to_json(area.all),
        "groups": {group: _area_cell_to_json(cell) for group, cell in area.groups.items()},
        "indicators": [_indicator_to_json(row) for row in area.indicators],
    }


def _area_cell_to_json(cell: AreaCell) -> list[float]:
    return [cell.value, cell.n, cell.rated, cell.applicable]


def _indicator_to_json(row: IndicatorResult) -> dict[str, object]:
    return {
        "key": row.key,
        "meaning": row.meaning,
        "respondents": row.respondents,
        "all": None if row.all is None else [row.all.value, row.all.n],
        "groups": {group: [cell.value, cell.n] for group, cell in row.groups.items()},
        "counts": None if row.counts is None else list(row.counts),
        "dont_know": row.dont_know,
        "agreed": row.agreed,
    }


def _area_from_json(stored: Mapping[str, Any]) -> AreaResult:
    return AreaResult(
        key=stored["key"],
        applicable=stored["applicable"],
        all=None if stored["all"] is None else AreaCell(*stored["all"]),
        groups={group: AreaCell(*cell) for group, cell in stored["groups"].items()},
        indicators=tuple(_indicator_from_json(row) for row in stored["indicators"]),
    )


def _indicator_from_json(stored: Mapping[str, Any]) -> IndicatorResult:
    return IndicatorResult(
        key=stored["key"],
        meaning=stored["meaning"],
        respondents=stored["respondents"],
        all=None if stored["all"] is None else Cell(*stored["all"]),
        groups={group: Cell(*cell) for group, cell in stored["groups"].items()},
        counts=None if stored["counts"] is None else tuple(stored["counts"]),
        dont_know=stored["dont_know"],
        agreed=stored["agreed"],
    )
