"""Defines what a release holds, how it is stored, and what can be read from it.

`closing.py` computes it. What `to_json` returns is safe to show to readers. The sets of people behind the
values are stored separately, by `sets_to_json`: no page and no coordinator's file contains them, and the next
closing of the round needs them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from math import floor
from typing import Any, Final, Self

from msgspec import Struct, convert, field, to_builtins
from msgspec.structs import replace

from engage.assessment.results.rules.people import NOBODY, People, all_by
from engage.assessment.rules import WayIn

FORMAT: Final = 1
# The counts of options, None for each that is hidden.
Counts = tuple[int | None, ...]
# The column of everyone whose sector group has no column. It never shows which groups it holds.
OTHERS: Final = "others"
# Ratings this far apart are worth discussing.
DISAGREEMENT: Final = 2


class ResultWord(StrEnum):
    """The words for ranges of numbers. The values are also names of CSS classes."""

    LOW = "need"
    GROWING = "building"
    STRONG = "strength"


class Showing(StrEnum):
    """How much a release may show, so that the page can explain why it shows no more."""

    NOTHING = "nothing"
    ONLY_ALL = "only_all"
    GROUPS = "groups"


def one_decimal(value: Fraction | float) -> float:
    """Rounds half up, as people do by hand. A float is taken as it is written, so 1.95 becomes 2.0."""
    exact = value if isinstance(value, Fraction) else Fraction(str(value))
    return floor(exact * 10 + Fraction(1, 2)) / 10


@lru_cache(maxsize=256)
def word_for(value: Fraction | float) -> ResultWord:
    """Returns low below 2, growing below 3, strong from 3 on; it rounds first, so that word and number agree."""
    rounded = one_decimal(value)
    if rounded < 2:
        return ResultWord.LOW
    return ResultWord.GROWING if rounded < 3 else ResultWord.STRONG


class Sets(Struct, frozen=True):
    """The sets of people behind a line: all who had answered the round, who rated (also by column), who did not know.

    `groups` never has OTHERS, which is everyone else.
    """

    people: People
    all: People = NOBODY
    groups: Mapping[str, People] = {}
    dont_know: People = NOBODY


class OptionSets(Struct, frozen=True):
    """The sets of people behind the result of a question with options; `counts` are by option."""

    people: People
    answered: People = NOBODY
    counts: tuple[People, ...] = ()
    dont_know: People = NOBODY


class ReleasedCell(Struct, frozen=True):
    """An indicator's cell for a group: the median of its ratings, 0 to 4 in halves, and the number of ratings."""

    value: float
    n: int

    @property
    def word(self) -> ResultWord:
        return word_for(self.value)


class AreaCell(Struct, frozen=True):
    """An area's cell for a group: the mean of its shown indicators, 0 to 4 with one decimal.

    `n` is the number of ratings of all these indicators, not of people. The mean is based on `rated` of the
    `applicable` indicators.
    """

    value: float
    n: int
    rated: int
    applicable: int

    @property
    def word(self) -> ResultWord:
        return word_for(self.value)


class IndicatorResult(Struct, frozen=True):
    """One indicator's line. A value that is None or missing is either empty or hidden; readers cannot tell which.

    `respondents` is how many people had answered the round when the line was computed. `counts` is how many
    gave each of the levels 0 to 4, for All. `agreed` is what the group settled on; it replaces the median of
    All. `by_link` says that all ratings came through the open link.
    """

    key: str
    meaning: int
    respondents: int
    all: ReleasedCell | None
    groups: Mapping[str, ReleasedCell]
    counts: tuple[int, ...] | None
    dont_know: int | None
    agreed: float | None = None
    by_link: bool = False
    stored_sets: Sets | None = None

    @property
    def sets(self) -> Sets:
        # Only a closing uses the sets of people, and only from a release that has them.
        assert self.stored_sets is not None
        return self.stored_sets

    def assuming(self, way: WayIn) -> Self:
        """Returns the line as if everyone counted in it had answered in this way."""
        groups = {group: all_by(way, cell.n) for group, cell in self.groups.items() if group != OTHERS}
        rated = 0 if self.all is None else self.all.n
        people, unsure = all_by(way, self.respondents), all_by(way, self.dont_know or 0)
        return replace(self, stored_sets=Sets(people, all_by(way, rated), groups, unsure))

    @property
    def value(self) -> float | None:
        """Returns the number for All: the agreed value if there is one, else the median."""
        if self.agreed is not None:
            return self.agreed
        return None if self.all is None else self.all.value

    @property
    def word(self) -> ResultWord | None:
        return None if self.value is None else word_for(self.value)

    @property
    def lowest(self) -> int | None:
        return min(self._given_levels(), default=None)

    @property
    def highest(self) -> int | None:
        return max(self._given_levels(), default=None)

    @property
    def spread(self) -> int:
        """Returns the number of levels between the lowest and the highest rating; 0 if nothing is shown."""
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
    anything, None if fewer than k. `counts` are by option, None for each that is hidden. `dont_know` is None
    if it is empty or hidden.
    """

    key: str
    meaning: int
    respondents: int
    answered: int | None = None
    counts: Counts = ()
    dont_know: int | None = None
    stored_sets: OptionSets | None = None

    @property
    def is_whole(self) -> bool:
        return None not in self.counts

    @property
    def sets(self) -> OptionSets:
        # Only a closing uses the sets of people, and only from a release that has them.
        assert self.stored_sets is not None
        return self.stored_sets

    def assuming(self, way: WayIn) -> Self:
        """Returns the result as if everyone counted in it had answered in this way."""
        people, answered, unsure = (
            all_by(way, number or 0) for number in (self.respondents, self.answered, self.dont_know)
        )
        counts = tuple(all_by(way, count or 0) for count in self.counts)
        return replace(self, stored_sets=OptionSets(people, answered, counts, unsure))

    def to_json(self) -> dict[str, object]:
        shown = {name: getattr(self, name) for name in self.__struct_fields__ if name != "stored_sets"}
        return {**shown, "counts": list(self.counts)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], sets: OptionSets | None = None) -> Self:
        return cls(**{**stored, "counts": tuple(stored["counts"]), "stored_sets": sets})


class Release(Struct, frozen=True):
    """The results that a closed round shows. `groups` are the columns beside All, in order, OTHERS last.

    If too few answered, it holds nothing, not even their number.
    """

    k: int
    respondents: int
    groups: tuple[str, ...]
    areas: tuple[AreaResult, ...]
    options: tuple[OptionsResult, ...] = ()
    # How many people answered in each language, by its code; languages that are hidden are missing.
    languages: Mapping[str, int] = field(default_factory=dict)
    # The sets of all who were counted, and of those who answered in each shown language.
    people: People = NOBODY
    language_sets: Mapping[str, People] = field(default_factory=dict)

    def assuming(self, way: WayIn) -> Self:
        """Returns the release as if everyone had answered in this way, because earlier releases stored no ways."""
        areas = tuple(
            replace(area, indicators=tuple(row.assuming(way) for row in area.indicators))
            for area in self.areas
        )
        return replace(
            self,
            areas=areas,
            options=tuple(each.assuming(way) for each in self.options),
            people=all_by(way, self.respondents),
            language_sets={key: all_by(way, count) for key, count in self.languages.items()},
        )

    def without_columns(self) -> Self:
        """Returns the release with only what it shows of everyone together, without sector groups."""
        areas = tuple(
            replace(area, groups={}, indicators=tuple(replace(row, groups={}) for row in area.indicators))
            for area in self.areas
        )
        return replace(self, groups=(), areas=areas)

    @property
    def by_link_alone(self) -> bool:
        """Returns whether only answers of the open link are counted."""
        return bool(self.respondents) and not self.people.known

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
            **({"options": [each.to_json() for each in self.options]} if self.options else {}),
            **({"languages": dict(self.languages)} if self.languages else {}),
        }

    def sets_to_json(self) -> dict[str, object]:
        """Returns the sets of people behind all values, which no reader may see."""
        lines: dict[str, object] = {row.key: row.stored_sets for row in self.indicators}
        lines |= {each.key: each.stored_sets for each in self.options}
        return {
            "people": to_builtins(self.people),
            "languages": to_builtins(self.language_sets),
            "lines": to_builtins({key: each for key, each in lines.items() if each is not None}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any], sets: Mapping[str, Any] | None = None) -> Self:
        """Reads a stored release. Raises ValueError for a format that this version does not read.

        `sets` are the sets of people behind its values, if they were stored.
        """
        if stored.get("format") != FORMAT:
            raise ValueError(
                f"a stored release has format {stored.get('format')!r}, this version reads {FORMAT}"
            )
        sets = sets or {}
        of = sets.get("lines", {})
        areas = tuple(_area_from_json(area, of) for area in stored["areas"])
        options = (
            OptionsResult.from_json(each, convert(of.get(each["key"]), OptionSets | None))
            for each in stored.get("options", ())
        )
        return cls(
            stored["k"],
            stored["respondents"],
            tuple(stored["groups"]),
            areas,
            tuple(options),
            stored.get("languages", {}),
            convert(sets.get("people", []), People),
            convert(sets.get("languages", {}), dict[str, People]),
        )


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
        **({"by_link": True} if row.by_link else {}),
    }


def _area_from_json(stored: Mapping[str, Any], sets: Mapping[str, Any]) -> AreaResult:
    return AreaResult(
        key=stored["key"],
        applicable=stored["applicable"],
        all=None if stored["all"] is None else AreaCell(*stored["all"]),
        groups={group: AreaCell(*cell) for group, cell in stored["groups"].items()},
        indicators=tuple(_indicator_from_json(row, sets.get(row["key"])) for row in stored["indicators"]),
    )


def _indicator_from_json(stored: Mapping[str, Any], sets: object) -> IndicatorResult:
    return IndicatorResult(
        key=stored["key"],
        meaning=stored["meaning"],
        respondents=stored["respondents"],
        all=None if stored["all"] is None else ReleasedCell(*stored["all"]),
        groups={group: ReleasedCell(*cell) for group, cell in stored["groups"].items()},
        counts=None if stored["counts"] is None else tuple(stored["counts"]),
        dont_know=stored["dont_know"],
        agreed=stored["agreed"],
        by_link=stored.get("by_link", False),
        stored_sets=convert(sets, Sets | None),
    )
