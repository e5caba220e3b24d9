"""Computes the result of a vote: each need's result, and the ranking."""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from engage.strengths.votes import queries
from engage.strengths.votes.queries import VotedNeed
from engage.strengths.votes.rules import VoteCounts, VoteMethod, VoteResult, VoteState, places, result_of


class RankedNeed(Struct, frozen=True):
    """A need with its rank; `tied` if another need shares it. Without a result it has no rank."""

    need: VotedNeed
    result: VoteResult
    place: int | None
    tied: bool


def counted_now(
    coalition_id: int, vote_id: int, method: VoteMethod, needs: Sequence[VotedNeed]
) -> dict[int, VoteResult]:
    """Computes results from the current ballots and hands, by the vote's own id of each need."""
    tallies = queries.tallies(coalition_id, vote_id)
    ballots = queries.ballots_of(coalition_id, vote_id) if method is VoteMethod.DOTS else 0
    found = {}
    for need in needs:
        if need.by_hand:
            counts = hands_counted(method, need.hands)
        else:
            counts = tallies.get(need.id, VoteCounts())
            if method is VoteMethod.DOTS:
                counts = VoteCounts(dots=counts.dots, voters=ballots)
        found[need.id] = result_of(method, counts, by_hand=need.by_hand)
    return found


def hands_counted(method: VoteMethod, hands: Mapping[str, Any] | None) -> VoteCounts | None:
    """Returns the facilitator's counts of hands; None if there are none yet."""
    if hands is None:
        return None
    if method is VoteMethod.DOTS:
        return VoteCounts(dots=int(hands["dots"]))
    importance, feasibility = hands["importance"], hands["feasibility"]
    return VoteCounts(importance, feasibility, voters=max(sum(importance), sum(feasibility)))


def kept(needs: Sequence[VotedNeed]) -> dict[int, VoteResult]:
    """Returns the results that were stored when the vote was closed."""
    return {
        need.id: VoteResult(need.voters or 0, need.importance, need.feasibility, need.dots) for need in needs
    }


def ranking(needs: Sequence[VotedNeed], results: Mapping[int, VoteResult]) -> list[RankedNeed]:
    """Returns needs by weight, heaviest first; equals in the vote's order, those without a result last."""
    placed = places(results[need.id].weight for need in needs)
    rows = [
        RankedNeed(need, results[need.id], place, place is not None and placed.count(place) > 1)
        for need, place in zip(needs, placed, strict=True)
    ]
    return sorted(rows, key=lambda row: (row.place is None, row.place or 0))


def ranking_of(
    coalition_id: int, vote_id: int, method: VoteMethod, state: VoteState, needs: Sequence[VotedNeed]
) -> list[RankedNeed]:
    """Returns the ranking: the saved one of a closed vote, the current one of an open vote."""
    if state is VoteState.CLOSED:
        return ranking(needs, kept(needs))
    return ranking(needs, counted_now(coalition_id, vote_id, method, needs))
