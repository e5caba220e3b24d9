"""Tests which strengths are suggested for which needs, and the reasons."""

import pytest

from engage.strengths.matches.rules import (
    MatchWanted,
    Offered,
    Reason,
    ReasonKind,
    Suggestion,
    needs_for,
    reasons,
    strengths_for,
)

BEDS = MatchWanted(1, "response", "beds-for-youth", frozenset({"foster_care", "youth_workers"}))
AREA = Reason(ReasonKind.AREA, "response")
INDICATOR = Reason(ReasonKind.INDICATOR, "beds-for-youth")
DISCIPLINE = Reason(ReasonKind.DISCIPLINE, "youth_workers")


@pytest.mark.parametrize(
    ("strength", "why"),
    [
        (Offered(1, areas=frozenset({"response", "reform"})), (AREA,)),
        (Offered(1, indicator="beds-for-youth"), (INDICATOR,)),
        (Offered(1, disciplines=frozenset({"youth_workers", "teachers"})), (DISCIPLINE,)),
        (
            Offered(1, frozenset({"response"}), "beds-for-youth", frozenset({"youth_workers"})),
            (INDICATOR, DISCIPLINE, AREA),
        ),
        (Offered(1, frozenset({"reform"}), "beds-for-adults", frozenset({"teachers"})), ()),
        (Offered(1), ()),
    ],
)
def test_a_suggestion_has_its_reasons_the_strongest_first(strength: Offered, why: tuple[Reason, ...]) -> None:
    assert reasons(BEDS, strength) == why


def test_what_is_left_empty_on_both_sides_is_nothing_in_common() -> None:
    assert reasons(MatchWanted(1), Offered(1)) == ()


def test_several_disciplines_are_one_reason() -> None:
    strength = Offered(1, disciplines=frozenset({"youth_workers", "foster_care"}))
    assert reasons(BEDS, strength) == (Reason(ReasonKind.DISCIPLINE, "foster_care"),)


def test_lived_experience_is_never_a_reason() -> None:
    need = MatchWanted(1, ask=frozenset({"lived_experience", "peer_support"}))
    assert reasons(need, Offered(1, disciplines=frozenset({"lived_experience"}))) == ()
    both = Offered(1, disciplines=frozenset({"lived_experience", "peer_support"}))
    assert reasons(need, both) == (Reason(ReasonKind.DISCIPLINE, "peer_support"),)


def ids(found: list[Suggestion]) -> list[int]:
    return [each.strength_id for each in found]


def test_more_and_stronger_reasons_come_first() -> None:
    area = Offered(1, frozenset({"response"}))
    discipline = Offered(2, disciplines=frozenset({"foster_care"}))
    indicator = Offered(3, indicator="beds-for-youth")
    two = Offered(4, frozenset({"response"}), disciplines=frozenset({"foster_care"}))
    assert ids(strengths_for(BEDS, [area, discipline, indicator, two])) == [4, 3, 2, 1]


def test_of_equals_one_that_no_one_uses_comes_first_and_then_the_older() -> None:
    response = frozenset({"response"})
    strengths = [Offered(3, response), Offered(1, response, is_used=True), Offered(2, response)]
    assert ids(strengths_for(BEDS, strengths)) == [2, 3, 1]


def test_what_is_matched_already_or_was_declined_is_not_suggested_again() -> None:
    strengths = [Offered(1, indicator="beds-for-youth"), Offered(2, indicator="beds-for-youth")]
    assert ids(strengths_for(BEDS, strengths, {(BEDS.id, 1)})) == [2]
    assert needs_for(strengths[0], [BEDS], {(BEDS.id, 1)}) == []


def test_a_strength_finds_its_needs_in_their_order_of_priority() -> None:
    strength = Offered(7, frozenset({"response"}), "beds-for-youth")
    needs = [MatchWanted(5, "response"), MatchWanted(9, "response"), MatchWanted(3, "reform"), BEDS]
    found = needs_for(strength, needs)
    assert [each.need_id for each in found] == [1, 5, 9]
    assert found[0].reasons == (INDICATOR, AREA)
