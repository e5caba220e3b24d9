"""Tests what an import says before it writes."""

from collections.abc import Sequence

import pytest

from engage.operations.coalition_file.service.importing import Incoming, summary
from engage.strengths.votes.rules import VoteState


def said(stays: object, votes: Sequence[VoteState] = ()) -> list[str]:
    """Returns the lines about ballots, of a file with these votes."""
    document = {"accounts": [], "single_answers": True, "stays": stays}
    rows = {"coalitions_membership": [{}], "strengths_vote": [{"state": each} for each in votes]}
    first, _accounts, *others = summary(Incoming(document, {"name": "Riverbend"}, rows, "riverbend", {}))
    assert first == f"“Riverbend” as riverbend: {1 + len(votes)} rows, 1 person."
    return others


@pytest.mark.parametrize("stays", [None, {}, {"strengths_ballot": 0}, {"strengths_ballot": "some"}, [13]])
def test_without_ballots_left_behind_nothing_is_said_of_them(stays: object) -> None:
    assert said(stays, [VoteState.OPEN]) == []


def test_ballots_of_closed_votes_were_counted() -> None:
    assert said({"strengths_ballot": 13}, [VoteState.CLOSED, VoteState.PREPARED]) == [
        "Individual ballots stayed behind: 13. Results of votes that were closed are in this file."
    ]


def test_ballots_of_an_open_vote_have_to_be_cast_again() -> None:
    assert said({"strengths_ballot": 5}, [VoteState.CLOSED, VoteState.OPEN]) == [
        "Individual ballots stayed behind: 5. Results of votes that were closed are in this file.",
        "Votes that were still open: 1. Ballots in them have to be cast again here.",
    ]
