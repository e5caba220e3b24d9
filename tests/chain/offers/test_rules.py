"""Tests how far an offer came, from its matches and the actions that came of them."""

from datetime import date

import pytest

from engage.chain.offers.rules import OfferFact, OfferStage, Use, use_of
from engage.strengths.rules import MatchState

MAY, JUNE, JULY, AUGUST = (date(2026, month, 1) for month in (5, 6, 7, 8))


def test_no_one_asked_for_what_no_need_is_matched_to() -> None:
    assert use_of([]) == Use(OfferStage.NONE)


@pytest.mark.parametrize(
    ("fact", "use"),
    [
        (OfferFact(MatchState.TO_ASK, MAY), Use(OfferStage.MATCHED, MAY)),
        (OfferFact(MatchState.ASKED, MAY, JUNE), Use(OfferStage.ASKED, JUNE)),
        (OfferFact(MatchState.AGREED, MAY, JUNE), Use(OfferStage.AGREED, JUNE)),
        (OfferFact(MatchState.DECLINED, MAY, JUNE), Use(OfferStage.DECLINED, JUNE)),
        (OfferFact(MatchState.DECLINED, MAY), Use(OfferStage.DECLINED, MAY)),
        (OfferFact(MatchState.AGREED, MAY, JUNE, 14, JULY), Use(OfferStage.ACTION, JULY, 14)),
        # An action says more than what stands at the match.
        (OfferFact(MatchState.TO_ASK, MAY, None, 14, JULY), Use(OfferStage.ACTION, JULY, 14)),
        (OfferFact(MatchState.AGREED, MAY, JUNE, 14, JULY, AUGUST), Use(OfferStage.DONE, AUGUST, 14)),
    ],
)
def test_each_stage_has_its_own_day(fact: OfferFact, use: Use) -> None:
    assert use_of([fact]) == use


def test_the_furthest_of_several_counts() -> None:
    declined, asked = OfferFact(MatchState.DECLINED, MAY, JUNE), OfferFact(MatchState.ASKED, MAY, JULY)
    done = OfferFact(MatchState.AGREED, MAY, JUNE, 3, JULY, AUGUST)
    assert use_of([declined, asked]).stage is OfferStage.ASKED
    assert use_of([declined, done, asked]) == Use(OfferStage.DONE, AUGUST, 3)


def test_of_two_equally_far_the_earlier_says_since_when() -> None:
    later, earlier = OfferFact(MatchState.ASKED, MAY, JULY), OfferFact(MatchState.ASKED, MAY, JUNE)
    assert use_of([later, earlier]) == Use(OfferStage.ASKED, JUNE)
