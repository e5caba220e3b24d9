"""Finds a round of the person's coalition or answers 404."""

from flask import abort, g

from engage.assessment import queries
from engage.assessment.models import Round


def round_or_404(round_id: int) -> Round:
    """Returns the coalition's own round; answers "not found" for another's."""
    round_ = queries.round_of(g.membership, round_id)
    if round_ is None:
        abort(404)
    return round_
