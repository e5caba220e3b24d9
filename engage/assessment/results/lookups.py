"""Finds the results of a round of the person's coalition or answers 404."""

from flask import abort

from engage.assessment.lookups import round_or_404
from engage.assessment.results.queries.closed import Results
from engage.content.loader import content


def results_or_404(round_id: int) -> Results:
    """Returns a closed round that shows something; else answers "not found"."""
    round_ = round_or_404(round_id)
    results = Results.newest(round_, content()) if round_.closed_at is not None else None
    if results is None or not results.is_shown:
        abort(404)
    return results
