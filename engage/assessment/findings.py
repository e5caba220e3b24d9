"""What stands out in a release: the raw material of its sentences.

Only what the release shows is read. Ties keep the order of the questions, so the same release always
reads alike.
"""

from __future__ import annotations

from engage.assessment.releases import AreaResult, IndicatorResult, Release, Word


def biggest_gaps(release: Release, n: int = 5) -> list[IndicatorResult]:
    """The lowest indicators for All, lowest first. A strength is never called a gap."""
    shown = [(row.value, row) for row in release.indicators if row.value is not None]
    gaps = [(value, row) for value, row in shown if row.word is not Word.STRENGTH]
    return [row for _, row in sorted(gaps, key=lambda gap: gap[0])[:n]]


def greatest_strengths(release: Release, n: int = 5) -> list[IndicatorResult]:
    """The highest indicators for All, highest first. A need is never called a strength."""
    shown = [(row.value, row) for row in release.indicators if row.value is not None]
    strengths = [(value, row) for value, row in shown if row.word is not Word.NEED]
    return [row for _, row in sorted(strengths, key=lambda strength: -strength[0])[:n]]


def lowest_area(release: Release) -> AreaResult | None:
    shown = [(area.all.value, area) for area in release.areas if area.all is not None]
    return min(shown, key=lambda area: area[0])[1] if shown else None


def highest_area(release: Release) -> AreaResult | None:
    shown = [(area.all.value, area) for area in release.areas if area.all is not None]
    return max(shown, key=lambda area: area[0])[1] if shown else None


def most_disagreement(release: Release, n: int = 5) -> list[IndicatorResult]:
    """Indicators whose ratings lie two levels or more apart: widest first, then the most scattered."""
    apart = [row for row in release.indicators if row.disagrees]
    return sorted(apart, key=lambda row: (-row.spread, -_scatter(row)))[:n]


def most_unknown(release: Release, n: int = 5) -> list[IndicatorResult]:
    """Indicators that most respondents did not know, as far as that number may be shown."""
    unknown = [
        (row.dont_know / row.respondents, row) for row in release.indicators if row.dont_know is not None
    ]
    return [row for _, row in sorted(unknown, key=lambda share: -share[0])[:n]]


def _scatter(row: IndicatorResult) -> float:
    """Mean distance of the ratings from their median, in levels."""
    if row.all is None or row.counts is None:
        return 0.0
    return sum(abs(level - row.all.value) * count for level, count in enumerate(row.counts)) / row.all.n
