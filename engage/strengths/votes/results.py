"""What a vote has come to: each need's result, and the ranking."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engage.strengths.votes import queries
from engage.strengths.votes.queries import VotedNeed
from engage.strengths.votes.rules import Counts, Result, VoteMethod, VoteState, places, result_of


@dataclass(frozen=True, slots=True)
class RankedNeed:
    """A need with its place; `tied` where another one shares it. Without a result it has none."""

    need: VotedNeed
    result: Result
    place: int | None
    tied: bool


def counted_now(
    coalition_id: int, vote_id: int, method: VoteMethod, needs: Sequence[VotedNeed]
) -> dict[int, Result]:
    """By the vote's own id of each need, from ballots and hands as they are."""
    tallies = queries.tallies(coalition_id, vote_id)
    ballots = queries.ballots_of(coalition_id, vote_id) if method is VoteMethod.DOTS else 0
    found = {}
    for need in needs:
        if need.by_hand:
            counts = hands_counted(method, need.hands)
        else:
            counts = tallies.get(need.id, Counts())
            if method is VoteMethod.DOTS:
                counts = Counts(dots=counts.dots, voters=ballots)
        found[need.id] = result_of(method, counts, by_hand=need.by_hand)
    return found


def hands_counted(method: VoteMethod, hands: Mapping[str, Any] | None) -> Counts | None:
    """What the facilitator wrote down; None where nothing is yet."""
    if hands is None:
        return None
    if method is VoteMethod.DOTS:
        return Counts(dots=int(hands["dots"]))
    importance, feasibility = hands["importance"], hands["feasibility"]
    return Counts(importance, feasibility, voters=max(sum(importance), sum(feasibility)))


def kept(needs: Sequence[VotedNeed]) -> dict[int, Result]:
    """As it was written down at closing."""
    return {need.id: Result(need.voters or 0, need.importance, need.feasibility, need.dots) for need in needs}


def ranking(needs: Sequence[VotedNeed], results: Mapping[int, Result]) -> list[RankedNeed]:
    """The heaviest first, equals side by side in the order of the vote; those without a result last."""
    placed = places(results[need.id].weight for need in needs)
    rows = [
        RankedNeed(need, results[need.id], place, place is not None and placed.count(place) > 1)
        for need, place in zip(needs, placed, strict=True)
    ]
    return sorted(rows, key=lambda row: (row.place is None, row.place or 0))


def ranking_of(
    coalition_id: int, vote_id: int, method: VoteMethod, state: VoteState, needs: Sequence[VotedNeed]
) -> list[RankedNeed]:
    """Of a closed vote as it was written down, of an open one as it stands."""
    if state is VoteState.CLOSED:
        return ranking(needs, kept(needs))
    return ranking(needs, counted_now(coalition_id, vote_id, method, needs))
