"""Puts votes on needs into words."""

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.strengths.labels import plain_number
from engage.strengths.votes.queries import RunningVote
from engage.strengths.votes.results import RankedNeed
from engage.strengths.votes.rules import (
    FEWEST,
    BallotProblem,
    MarkProblem,
    NotCounted,
    VoteAccess,
    VoteMethod,
    VoteState,
)

METHOD_LABELS = {
    VoteMethod.RATING: _l("Importance and feasibility, 1 to 5"),
    VoteMethod.DOTS: _l("Dots"),
}
METHOD_WHY = {
    VoteMethod.RATING: _l("Everyone rates each need twice. The median ratings become the need’s ratings."),
    VoteMethod.DOTS: _l(
        "Everyone gets a few dots to spread. This is quicker: it ranks the needs but does not rate them."
    ),
}
ACCESS_LABELS = {
    VoteAccess.OPEN: _l("Open: one vote per device"),
    VoteAccess.CODES: _l("With paper slips: one vote per slip"),
}
ACCESS_WHY = {
    VoteAccess.OPEN: _l(
        "Anyone who has the link can vote, even more than once; paper slips prevent that. The screen shows "
        "the number of ballots and of people, so you notice if there are more ballots."
    ),
    VoteAccess.CODES: _l("You print slips and hand one to each person. Each works once."),
}
STATE_LABELS = {
    VoteState.PREPARED: _l("Prepared"),
    VoteState.OPEN: _l("Open now"),
    VoteState.CLOSED: _l("Closed"),
}
STATE_TAGS = {VoteState.PREPARED: "notstarted", VoteState.OPEN: "underway", VoteState.CLOSED: "done"}


def turnout(standing: RunningVote) -> str:
    """Returns words such as "42 ballots, 40 people here"."""
    ballots = ngettext("%(num)s ballot", "%(num)s ballots", standing.ballots)
    if standing.people is None:
        return ballots
    people = ngettext("%(num)s person here", "%(num)s people here", standing.people)
    return _("%(ballots)s, %(people)s", ballots=ballots, people=people)


def what_to_do(method: VoteMethod, dots: int | None, each: int | None) -> str:
    """Says in a sentence what a ballot asks people to do."""
    if method is VoteMethod.DOTS:
        given = ngettext("You have %(num)s dot", "You have %(num)s dots", dots or 0)
        return _("%(given)s. Spread them, at most %(most)s on one need.", given=given, most=each or 0)
    return _("Rate how important each need is, and how feasible within a year, from 1 to 5.")


def left_words(left: int) -> str:
    """Says how many dots a ballot can still give."""
    return ngettext("%(num)s dot to give", "%(num)s dots to give", left) if left else _("All dots are given.")


def result_words(row: RankedNeed) -> str:
    """Says the result of a need, or why nothing is shown."""
    result = row.result
    if result.dots is not None:
        return ngettext("%(num)s dot", "%(num)s dots", result.dots)
    if result.product is not None and result.importance is not None and result.feasibility is not None:
        return _(
            "importance %(importance)s x feasibility %(feasibility)s = %(product)s",
            importance=plain_number(result.importance),
            feasibility=plain_number(result.feasibility),
            product=f"{result.product:g}",
        )
    if row.need.by_hand:
        return _("hands not counted")
    return _("fewer than %(fewest)s ballots: no result is shown", fewest=FEWEST)


def counted_words(row: RankedNeed) -> str:
    """Says how many people voted on a need, and by hands or ballots."""
    if row.need.by_hand:
        return (
            ngettext("%(num)s hand", "%(num)s hands", row.result.voters)
            if row.result.voters
            else _("by raised hands")
        )
    return ngettext("%(num)s ballot", "%(num)s ballots", row.result.voters)


def place_words(row: RankedNeed) -> str:
    """Returns the rank in words, and whether needs share it."""
    if row.place is None:
        return _("no place")
    return _("%(place)s, shared", place=row.place) if row.tied else str(row.place)


def ballot_problem(problem: BallotProblem, method: VoteMethod, dots: int | None, given: int | str) -> str:
    if problem is BallotProblem.TOO_MANY_DOTS:
        return _("You gave %(given)s dots and have %(dots)s. Remove some.", given=given, dots=dots or 0)
    if method is VoteMethod.DOTS:
        return _("Give at least one dot.")
    return _("Rate at least one need.")


def mark_problem(problem: MarkProblem) -> str:
    return {
        MarkProblem.NO_IMPORTANCE: _("Also say how important it is."),
        MarkProblem.NO_FEASIBILITY: _("Also say how feasible it is."),
        MarkProblem.NOT_OFFERED: _("Choose one of the numbers."),
    }[problem]


def not_counted(why: NotCounted) -> tuple[str, str]:
    """Returns title and text for a person whose ballot was not counted."""
    return {
        NotCounted.CLOSED: (
            _("The vote has ended"),
            _("The vote closed before your ballot arrived, so your ballot is not counted. Thank you anyway."),
        ),
        NotCounted.USED: (
            _("This slip has been used"),
            _(
                "Someone already voted with it from another phone. If that was not you, ask the "
                "facilitator for a new slip."
            ),
        ),
        NotCounted.FULL: (
            _("The vote is full"),
            _("This vote cannot take more ballots. Let the facilitator know; hands can be counted instead."),
        ),
        NotCounted.CHANGED: (
            _("The vote was changed"),
            _("It now asks something different. Load the page again and vote again; it takes a moment."),
        ),
    }[why]
