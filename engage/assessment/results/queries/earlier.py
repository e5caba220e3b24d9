"""Finds the round that a closed one is compared with: an earlier one of its kind, or one of the other kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engage.assessment.models import Round, StoredRelease
from engage.assessment.results.queries.agreed import agreed_in
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.queries.released import releases_before, releases_of_the_other_kind
from engage.assessment.results.rules.changes import in_common

# The search covers this many earlier rounds, because reading a round takes time.
MOST: Final = 6


def earlier_results(results: Results) -> list[Results]:
    """Returns the earlier rounds of the same kind that show something, latest first."""
    return _results(results, releases_before(results.round, MOST))


def results_beside(results: Results) -> list[Results]:
    """Returns the rounds of the other kind that show something: those open at the same time, then the others."""
    found = _results(results, releases_of_the_other_kind(results.round, MOST))
    return sorted(found, key=lambda each: not were_together(results.round, each.round))


def were_together(one: Round, other: Round) -> bool:
    """Returns whether the two closed rounds took answers at the same time, one for members and one for anyone."""
    assert one.closed_at is not None
    assert other.closed_at is not None
    is_same_kind = one.is_for_anyone == other.is_for_anyone
    return not is_same_kind and one.opened_at < other.closed_at and other.opened_at < one.closed_at


def beside(results: Results) -> Round | None:
    """Returns the latest round of the other kind that was open at the same time and shows something."""
    found = (each for each, _stored in releases_of_the_other_kind(results.round, MOST))
    return next((each for each in found if were_together(results.round, each)), None)


def _results(results: Results, found: Sequence[tuple[Round, StoredRelease]]) -> list[Results]:
    agreed = agreed_in([round_ for round_, _stored in found])
    return [
        Results.of(round_, stored, agreed.get(round_.id, {}), results.content) for round_, stored in found
    ]


def latest_comparable(results: Results, earlier: Sequence[Results]) -> Results | None:
    """Returns the latest earlier round that can be compared on at least half of what this round shows.

    If there is none, it returns the latest round that can be compared on anything. So a short check-in does
    not keep last year's full round from being used.
    """
    shown = sum(row.value is not None for row in results.release.indicators)
    shown += sum(line.answered is not None for line in results.release.options)
    now = (results.questions, results.release)
    shared = [(each, in_common((each.questions, each.release), now)) for each in earlier]
    half = (each for each, count in shared if count and 2 * count >= shown)
    return next(half, next((each for each, count in shared if count), None))
