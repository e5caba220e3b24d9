"""Compares two closed rounds: which numbers may be compared, and how they changed.

Only what both releases show for All is used, so that a comparison reveals nothing that the two do not show by
themselves. Sector groups are not compared: with three people in the earlier round and four in the later one,
a change says more about who answered than about the community, and the column of the others holds different
groups each time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from engage.assessment.questions import QuestionComparison, QuestionSet, comparable
from engage.assessment.results.rules.closing import ENOUGH_OF_AN_AREA
from engage.assessment.results.rules.releases import AreaResult, OptionsResult, Release, one_decimal


class Apart(StrEnum):
    """The reasons why two numbers are not compared."""

    NOT_ASKED_BEFORE = "not_asked_before"
    NOT_ASKED_AFTER = "not_asked_after"
    # The key is the same, but the meaning number is not.
    NEW_QUESTION = "new_question"
    NOT_SHOWN_BEFORE = "not_shown_before"
    NOT_SHOWN_AFTER = "not_shown_after"
    # The area's two numbers are based on too few common statements.
    TOO_LITTLE_IN_COMMON = "too_little_in_common"


class ResultChange(Struct, frozen=True):
    """A number of All in the earlier and the later round, 0 to 4; None if a round does not show it."""

    before: float | None
    after: float | None
    apart: Apart | None = None

    @property
    def difference(self) -> float | None:
        """Returns after minus before, with one decimal; None if the two are not compared."""
        if self.apart is not None or self.before is None or self.after is None:
            return None
        return float(Fraction(str(self.after)) - Fraction(str(self.before)))


class AreaChange(Struct, frozen=True):
    """An area in both rounds, its numbers computed again from the statements that both ask and show.

    `compared` is the number of these; `statements` is the number of all that either round asked in the area.
    """

    change: ResultChange
    compared: int
    statements: int


class SideBySide(Struct, frozen=True):
    """The comparison of two rounds by key, in the later round's order."""

    areas: Mapping[str, AreaChange]
    indicators: Mapping[str, ResultChange]


def side_by_side(before: tuple[QuestionSet, Release], after: tuple[QuestionSet, Release]) -> SideBySide:
    (old_questions, old), (new_questions, new) = before, after
    common = comparable(old_questions, new_questions)
    indicators = _indicators(old, new, common)
    areas = {}
    for key in dict.fromkeys(area.key for area in (*new_questions.areas, *old_questions.areas)):
        asked = _asked(new_questions, key) + [
            each for each in _asked(old_questions, key) if each in common.only_before
        ]
        areas[key] = _area(_find(old.areas, key), _find(new.areas, key), asked, indicators)
    return SideBySide(areas, indicators)


class OptionsPair(Struct, frozen=True):
    """A question with options that both rounds asked, with some result in both."""

    before: OptionsResult
    after: OptionsResult


def options_of_both(before: Release, after: Release) -> list[OptionsPair]:
    """Returns the questions with options that are the same in both rounds, in the later round's order."""
    then = {(line.key, line.meaning, len(line.counts)): line for line in before.options if line.counts}
    pairs = ((then.get((line.key, line.meaning, len(line.counts))), line) for line in after.options)
    return [OptionsPair(old, line) for old, line in pairs if old is not None]


def in_common(before: tuple[QuestionSet, Release], after: tuple[QuestionSet, Release]) -> int:
    """Returns how many statements have comparable numbers in both rounds, and how many questions have counts."""
    changes = side_by_side(before, after).indicators.values()
    options = options_of_both(before[1], after[1])
    return sum(change.difference is not None for change in changes) + len(options)


def _indicators(old: Release, new: Release, common: QuestionComparison) -> dict[str, ResultChange]:
    then = {row.key: row.value for row in old.indicators}
    now = {row.key: row.value for row in new.indicators}
    apart = {
        **dict.fromkeys(common.changed, Apart.NEW_QUESTION),
        **dict.fromkeys(common.only_after, Apart.NOT_ASKED_BEFORE),
        **dict.fromkeys(common.only_before, Apart.NOT_ASKED_AFTER),
    }
    found = {}
    for key in (*common.both, *common.changed, *common.only_after, *common.only_before):
        before, after = then.get(key), now.get(key)
        why = apart.get(key)
        if why is None and after is None:
            why = Apart.NOT_SHOWN_AFTER
        if why is None and before is None:
            why = Apart.NOT_SHOWN_BEFORE
        found[key] = ResultChange(before, after, why)
    return found


def _area(
    old: AreaResult | None, new: AreaResult | None, asked: Sequence[str], changes: Mapping[str, ResultChange]
) -> AreaChange:
    both = [changes[key] for key in asked if changes[key].difference is not None]
    before = old.all.value if old is not None and old.all is not None else None
    after = new.all.value if new is not None and new.all is not None else None
    if new is None:
        return AreaChange(ResultChange(before, None, Apart.NOT_ASKED_AFTER), 0, len(asked))
    if old is None:
        return AreaChange(ResultChange(None, after, Apart.NOT_ASKED_BEFORE), 0, len(asked))
    if after is None or before is None:
        why = Apart.NOT_SHOWN_AFTER if after is None else Apart.NOT_SHOWN_BEFORE
        return AreaChange(ResultChange(before, after, why), len(both), len(asked))
    # A short set asks a part of the whole set; the two are compared on that part.
    fewer = min(_shown(old), _shown(new))
    if not both or Fraction(len(both), fewer) < ENOUGH_OF_AN_AREA:
        return AreaChange(ResultChange(before, after, Apart.TOO_LITTLE_IN_COMMON), len(both), len(asked))
    change = ResultChange(_mean(each.before for each in both), _mean(each.after for each in both))
    return AreaChange(change, len(both), len(asked))


def _mean(values: Iterable[float | None]) -> float:
    exact = [Fraction(str(value)) for value in values if value is not None]
    return one_decimal(sum(exact, Fraction()) / len(exact))


def _shown(area: AreaResult) -> int:
    return sum(row.value is not None for row in area.indicators)


def _asked(questions: QuestionSet, key: str) -> list[str]:
    area = questions.area(key)
    return [each.key for each in area.questions] if area is not None else []


def _find(areas: Iterable[AreaResult], key: str) -> AreaResult | None:
    return next((area for area in areas if area.key == key), None)
