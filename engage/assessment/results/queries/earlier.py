"""Finds the earlier round that a closed one is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engage.assessment.results.queries.agreed import agreed_in
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.queries.released import releases_before
from engage.assessment.results.rules.changes import in_common

# The search goes back no further than this, because reading a round takes time.
MOST: Final = 6


def earlier_results(results: Results) -> list[Results]:
    """Returns the earlier rounds that show something, latest first."""
    found = releases_before(results.round, MOST)
    agreed = agreed_in([round_ for round_, _stored in found])
    return [
        Results.of(round_, stored, agreed.get(round_.id, {}), results.content) for round_, stored in found
    ]


def latest_comparable(results: Results, earlier: Sequence[Results]) -> Results | None:
    """Returns the latest earlier round that can be compared on at least half of what this round shows.

    If there is none, it returns the latest round that can be compared on anything. So a short check-in does
    not hide last year's whole round.
    """
    shown = sum(row.value is not None for row in results.release.indicators)
    shown += sum(line.answered is not None for line in results.release.options)
    now = (results.questions, results.release)
    shared = [(each, in_common((each.questions, each.release), now)) for each in earlier]
    half = (each for each, count in shared if count and 2 * count >= shown)
    return next(half, next((each for each, count in shared if count), None))
