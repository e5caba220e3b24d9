"""Finds a round of the person's coalition, or its results; if there is none, the response is 404."""

from flask import abort, g

from engage.assessment import queries
from engage.assessment.models import Round
from engage.assessment.results.queries.closed import Results
from engage.content.loader import content


def round_or_404(round_id: int) -> Round:
    """Returns the coalition's own round; aborts with 404 for another's."""
    round_ = queries.round_of(g.membership, round_id)
    if round_ is None:
        abort(404)
    return round_


def results_or_404(round_id: int) -> Results:
    """Returns the results of a closed round that shows something; otherwise aborts with 404."""
    round_ = round_or_404(round_id)
    results = Results.newest(round_, content()) if round_.closed_at is not None else None
    if results is None or not results.is_shown:
        abort(404)
    return results
