"""Tests how far an offer came, from its matches and the actions that came of them."""

from datetime import date

import pytest

from engage.chain.offers.rules import Fact, Stage, Use, use_of
from engage.strengths.rules import MatchState

MAY, JUNE, JULY, AUGUST = (date(2026, month, 1) for month in (5, 6, 7, 8))


def test_no_one_asked_for_what_no_need_is_matched_to() -> None:
    assert use_of([]) == Use(Stage.NONE)


@pytest.mark.parametrize(
    ("fact", "use"),
    [
        (Fact(MatchState.TO_ASK, MAY), Use(Stage.MATCHED, MAY)),
        (Fact(MatchState.ASKED, MAY, JUNE), Use(Stage.ASKED, JUNE)),
        (Fact(MatchState.AGREED, MAY, JUNE), Use(Stage.AGREED, JUNE)),
        (Fact(MatchState.DECLINED, MAY, JUNE), Use(Stage.DECLINED, JUNE)),
        (Fact(MatchState.DECLINED, MAY), Use(Stage.DECLINED, MAY)),
        (Fact(MatchState.AGREED, MAY, JUNE, 14, JULY), Use(Stage.ACTION, JULY, 14)),
        # An action says more than what stands at the match.
        (Fact(MatchState.TO_ASK, MAY, None, 14, JULY), Use(Stage.ACTION, JULY, 14)),
        (Fact(MatchState.AGREED, MAY, JUNE, 14, JULY, AUGUST), Use(Stage.DONE, AUGUST, 14)),
    ],
)
def test_each_stage_has_its_own_day(fact: Fact, use: Use) -> None:
    assert use_of([fact]) == use


def test_the_furthest_of_several_counts() -> None:
    declined, asked = Fact(MatchState.DECLINED, MAY, JUNE), Fact(MatchState.ASKED, MAY, JULY)
    done = Fact(MatchState.AGREED, MAY, JUNE, 3, JULY, AUGUST)
    assert use_of([declined, asked]).stage is Stage.ASKED
    assert use_of([declined, done, asked]) == Use(Stage.DONE, AUGUST, 3)


def test_of_two_equally_far_the_earlier_says_since_when() -> None:
    later, earlier = Fact(MatchState.ASKED, MAY, JULY), Fact(MatchState.ASKED, MAY, JUNE)
    assert use_of([later, earlier]) == Use(Stage.ASKED, JUNE)
