"""Finds the indicators of a release that stand out, for the sentences about it.

Only what the release shows is used. Ties keep the order of the questions, so that the same release always
gives the same sentences.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from engage.assessment.results.rules.releases import AreaResult, IndicatorResult, Release, ResultWord


class FindingOrder(StrEnum):
    """The ways to order an area's or a round's indicators."""

    DISAGREEMENT = "disagreement"
    GAP = "gap"
    CHANGE = "change"
    DONT_KNOW = "dont-know"


def biggest_gaps(release: Release, n: int = 5) -> list[IndicatorResult]:
    """Returns the indicators with the lowest numbers for All, lowest first, without those in the band of strengths."""
    shown = [(row.value, row) for row in release.indicators if row.value is not None]
    gaps = [(value, row) for value, row in shown if row.word is not ResultWord.STRONG]
    return [row for _, row in sorted(gaps, key=lambda gap: gap[0])[:n]]


def greatest_strengths(release: Release, n: int = 5) -> list[IndicatorResult]:
    """Returns the indicators with the highest numbers for All, highest first, without those in the band of needs."""
    shown = [(row.value, row) for row in release.indicators if row.value is not None]
    strengths = [(value, row) for value, row in shown if row.word is not ResultWord.LOW]
    return [row for _, row in sorted(strengths, key=lambda strength: -strength[0])[:n]]


def lowest_area(release: Release) -> AreaResult | None:
    shown = [(area.all.value, area) for area in release.areas if area.all is not None]
    return min(shown, key=lambda area: area[0])[1] if shown else None


def highest_area(release: Release) -> AreaResult | None:
    shown = [(area.all.value, area) for area in release.areas if area.all is not None]
    return max(shown, key=lambda area: area[0])[1] if shown else None


def most_disagreement(release: Release, n: int = 5) -> list[IndicatorResult]:
    """Returns indicators whose ratings are two levels or more apart: the widest first, then the most scattered."""
    apart = [row for row in release.indicators if row.disagrees]
    return sorted(apart, key=_apart)[:n]


def most_unknown(release: Release, n: int = 5) -> list[IndicatorResult]:
    """Returns the indicators that the largest share of respondents did not know, if that number may be shown."""
    unknown = [row for row in release.indicators if row.dont_know is not None]
    return sorted(unknown, key=_unknown)[:n]


def ordered(
    rows: Iterable[IndicatorResult], order: FindingOrder, changes: Mapping[str, float]
) -> list[IndicatorResult]:
    """Sorts all indicators; those without the number that the order needs come last.

    `changes` are those since an earlier round, by indicator; the largest comes first, up or down.
    """
    match order:
        case FindingOrder.GAP:
            return sorted(rows, key=lambda row: (row.value is None, row.value or 0.0))
        case FindingOrder.CHANGE:
            return sorted(rows, key=lambda row: -abs(changes[row.key]) if row.key in changes else 1)
        case FindingOrder.DONT_KNOW:
            return sorted(rows, key=lambda row: (row.dont_know is None, _unknown(row)))
    return sorted(rows, key=lambda row: (row.counts is None, *_apart(row)))


def _apart(row: IndicatorResult) -> tuple[int, float]:
    """Returns a sort key that puts the widest and most scattered first."""
    return -row.spread, -_scatter(row)


def _unknown(row: IndicatorResult) -> float:
    """Returns a sort key that puts the largest share of don't knows first."""
    return -(row.dont_know or 0) / row.respondents


def _scatter(row: IndicatorResult) -> float:
    """Returns the mean distance of the ratings from their median, in levels."""
    if row.all is None or row.counts is None:
        return 0.0
    return sum(abs(level - row.all.value) * count for level, count in enumerate(row.counts)) / row.all.n
