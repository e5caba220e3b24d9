"""Serves the comparison of two closed rounds, with what was done in between."""

from datetime import date, datetime

from flask import abort, g, render_template, request, url_for

from engage import clock
from engage.assessment import bp, queries
from engage.assessment.lookups import results_or_404
from engage.assessment.models import Round
from engage.assessment.results.pages.comparison import ComparisonPage, comparison
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.queries.earlier import earlier_results, latest_comparable, results_beside
from engage.coalitions.permissions import Permission, allows, may
from engage.numbers import whole_number
from engage.plan.actions.queries.done import done_between


@bp.get("/compare")
@allows(Permission.SEE)
def compare() -> str:
    shown = [each for each in queries.closed_rounds(g.membership) if each.respondents]
    latest = queries.leading(shown)
    after = _asked("after") or (results_or_404(latest.id) if latest is not None else None)
    before = _asked("before")
    if after is not None and before is None:
        before = latest_comparable(after, earlier_results(after))
        before = before or latest_comparable(after, results_beside(after))
    return render_template(
        "assessment/comparison/compare.html",
        rounds=shown,
        before=before,
        after=after,
        found=_compared(before, after),
    )


def _asked(name: str) -> Results | None:
    """Returns the round that the address names.

    Returns None for another coalition's round, an open round, or a round that shows nothing.
    """
    text = request.args.get(name, "")
    if not text:
        return None
    number = whole_number(text)
    return abort(404) if number is None else results_or_404(number)


def _compared(before: Results | None, after: Results | None) -> ComparisonPage | None:
    """Compares the two rounds, the earlier one first in either order; None if there are not two rounds.

    Of a round for members and one for anyone, that for members comes first, and nothing was done in between.
    """
    if before is None or after is None or before.round.id == after.round.id:
        return None
    if _order(before.round) > _order(after.round):
        before, after = after, before
    is_same_kind = before.round.is_for_anyone == after.round.is_for_anyone
    done = done_between(g.membership, _day(before.round), _day(after.round)) if is_same_kind else []
    sees_all = may(g.membership.role, Permission.SEE_ALL)
    return comparison(before, after, done, _area_url if sees_all else None)


def _area_url(round_id: int, area: str) -> str:
    return url_for(".area_results", round_id=round_id, key=area)


def _closing(round_: Round) -> datetime:
    assert round_.closed_at is not None
    return round_.closed_at


def _order(round_: Round) -> tuple[bool, datetime]:
    return round_.is_for_anyone, _closing(round_)


def _day(round_: Round) -> date:
    """Returns the day on which the round was closed, in the coalition's time zone."""
    return clock.local_day(_closing(round_), g.coalition.time_zone)
