"""The sample coalition's votes: one that was closed at the planning session, and one prepared for the next time."""

import random
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engage import clock
from engage.extensions import db
from engage.strengths import ballots, votes
from engage.strengths.vote_models import Vote, VoteNeed
from engage.strengths.vote_rules import LEVELS, Mark, VoteAccess, VoteMethod

if TYPE_CHECKING:
    from engage.operations.sample import Sample


def add_votes(sample: "Sample") -> None:
    """The closed one rates its needs, as closing does."""
    for values in sample.source["votes"]:
        if "closed" in values:
            _held(sample, values)
        else:
            _prepared(sample, values)


def _prepared(sample: "Sample", values: Mapping[str, Any]) -> None:
    dots, each = values["dots"]
    chosen = [(sample.needs[key].id, False) for key in values["needs"]]
    _vote(sample, values, chosen, method=VoteMethod.DOTS, dots=dots, dots_each=each)


def _vote(sample: "Sample", values: Mapping[str, Any], chosen: list[tuple[int, bool]], **more: Any) -> Vote:
    meeting = sample.meetings.get(values.get("meeting", ""))
    columns = {
        "title": values["title"],
        "access": VoteAccess.OPEN,
        "meeting_id": meeting.id if meeting else None,
        **more,
    }
    return votes.prepare(sample.people["maria"], columns, chosen)


def _held(sample: "Sample", values: Mapping[str, Any]) -> None:
    maria = sample.people["maria"]
    chosen = [
        *((sample.needs[key].id, False) for key in values["ballots"]),
        *((sample.needs[key].id, True) for key in values["hands"]),
    ]
    vote = _vote(sample, values, chosen, method=VoteMethod.RATING, people_here=values["people"])
    votes.open_vote(maria, vote)
    ids = {row.need_id: row.id for row in db.session.scalars(sa.select(VoteNeed).filter_by(vote_id=vote.id))}
    by_phone = {ids[sample.needs[key].id]: counts for key, counts in values["ballots"].items()}
    chance = random.Random(11)  # noqa: S311 - nothing secret
    for number, marks in enumerate(_ballots(chance, by_phone, values["people"])):
        key = ballots.key_hash(f"sample {number}", vote.id, None)
        ballots.cast(vote.coalition_id, vote.id, key, None, marks)
    hands = {ids[sample.needs[key].id]: counts for key, counts in values["hands"].items()}
    votes.count_hands(maria, vote, vote.version, hands)
    votes.close(maria, vote)
    _move_to(sample, vote, values["closed"])


def _ballots(
    chance: random.Random, by_phone: Mapping[int, Mapping[str, list[int]]], people: int
) -> Iterator[dict[int, Mark]]:
    """As many ballots as people, whose ratings come to these counts."""
    piles = {
        (need, name): [level for level, count in zip(LEVELS, counts, strict=True) for _one in range(count)]
        for need, rated in by_phone.items()
        for name, counts in rated.items()
    }
    for pile in piles.values():
        chance.shuffle(pile)
    for number in range(people):
        yield {
            need: Mark(piles[need, "importance"][number], piles[need, "feasibility"][number])
            for need in by_phone
        }


def _move_to(sample: "Sample", vote: Vote, days: int) -> None:
    """It was on that day; its ballots are erased by now."""
    vote.created_at = sample.moment(days - 3)
    vote.closed_at = sample.moment(days)
    vote.opened_at = vote.closed_at - timedelta(minutes=14)
    for need in sample.needs.values():
        if need.id in set(db.session.scalars(sa.select(VoteNeed.need_id).filter_by(vote_id=vote.id))):
            need.rated_on = sample.day(days)
    db.session.flush()
    votes.erase_old_ballots(clock.now(), vote.coalition_id)
