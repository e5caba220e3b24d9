"""Two rounds side by side: what is compared, what is not and why."""

import pytest
from msgspec.structs import replace

from engage.assessment.questions import Question, QuestionArea, QuestionSet
from engage.assessment.results.rules.changes import (
    Apart,
    AreaChange,
    OptionsPair,
    ResultChange,
    in_common,
    options_of_both,
    side_by_side,
)
from engage.assessment.results.rules.closing import ClosedResponse, release, with_agreed
from engage.assessment.results.rules.findings import FindingOrder, ordered
from engage.assessment.results.rules.releases import OptionsResult, Release
from engage.assessment.rules import DONT_KNOW, Answer

SCALE = ("Absent", "Starting", "Partial", "Established", "Sustained")
Said = int | None


def asking(key: str, meaning: int = 1) -> Question:
    return Question(key, meaning, key.title(), f"There is {key}.", "Because.", (), SCALE)


def set_of(**areas: str | list[Question]) -> QuestionSet:
    """Returns a set of areas by key with their questions, as words or whole."""
    made = []
    for key, asked in areas.items():
        questions = [asking(each) for each in asked.split()] if isinstance(asked, str) else asked
        made.append(QuestionArea(key, key.title(), key, "?", tuple(questions)))
    return QuestionSet("en", SCALE, tuple(made))


def round_of(questions: QuestionSet, *people: dict[str, Said]) -> tuple[QuestionSet, Release]:
    """Returns what these people's ratings release; None is don't know."""
    responses = [
        ClosedResponse(
            "health",
            "care",
            {key: DONT_KNOW if said is None else Answer.rated(said) for key, said in each.items()},
        )
        for each in people
    ]
    return questions, release(questions.for_rules, responses, ("care",), 3)


def alike(questions: QuestionSet, **said: Said) -> tuple[QuestionSet, Release]:
    return round_of(questions, said, said, said)


def test_numbers_of_the_same_statement_are_compared() -> None:
    asked = set_of(a="beds vans")
    before, after = alike(asked, beds=1, vans=3), alike(asked, beds=2, vans=1)
    found = side_by_side(before, after)
    assert found.indicators == {"beds": ResultChange(1.0, 2.0), "vans": ResultChange(3.0, 1.0)}
    assert [change.difference for change in found.indicators.values()] == [1.0, -2.0]
    assert found.areas == {"a": AreaChange(ResultChange(2.0, 1.5), 2, 2)}
    assert found.areas["a"].change.difference == -0.5


def test_an_agreed_value_is_what_is_compared() -> None:
    asked = set_of(a="beds")
    questions, released = alike(asked, beds=1)
    found = side_by_side((questions, with_agreed(released, {"beds": 1.5})), alike(asked, beds=2))
    assert found.indicators["beds"] == ResultChange(1.5, 2.0)


def test_what_is_not_comparable_says_why() -> None:
    before = alike(set_of(a="beds vans work quiet"), beds=1, vans=2, work=3, quiet=None)
    after = alike(
        set_of(a=[asking("beds"), asking("vans", 2), asking("food"), asking("quiet")]),
        beds=None,
        vans=3,
        food=4,
        quiet=2,
    )
    found = side_by_side(before, after)
    assert {key: (change.apart, change.difference) for key, change in found.indicators.items()} == {
        "beds": (Apart.NOT_SHOWN_AFTER, None),
        "quiet": (Apart.NOT_SHOWN_BEFORE, None),
        "vans": (Apart.NEW_QUESTION, None),
        "food": (Apart.NOT_ASKED_BEFORE, None),
        "work": (Apart.NOT_ASKED_AFTER, None),
    }
    assert in_common(before, after) == 0


def test_an_area_is_counted_anew_on_what_both_rounds_asked() -> None:
    """A statement that was hidden between two rounds moves no area."""
    before = alike(set_of(a="beds vans work"), beds=1, vans=1, work=4)
    after = alike(set_of(a="beds vans"), beds=1, vans=1)
    assert before[1].areas[0].all is not None
    assert before[1].areas[0].all.value == 2.0
    assert side_by_side(before, after).areas["a"] == AreaChange(ResultChange(1.0, 1.0), 2, 3)


@pytest.mark.parametrize(
    ("asked", "apart"),
    [
        ("beds vans work buses", None),
        ("beds vans work buses trains", None),
        ("beds vans buses trains", Apart.TOO_LITTLE_IN_COMMON),
    ],
)
def test_an_area_needs_three_fifths_of_the_round_that_shows_fewer(asked: str, apart: Apart | None) -> None:
    said = dict.fromkeys(("beds", "vans", "work", "food", "laws", "buses", "trains"), 1)
    found = side_by_side(alike(set_of(a="beds vans work food laws"), **said), alike(set_of(a=asked), **said))
    assert found.areas["a"].change.apart is apart


def test_a_short_set_and_the_whole_one_are_compared_on_what_they_share() -> None:
    whole, short = set_of(a="beds vans work food laws"), set_of(a="beds vans")
    said = {"beds": 1, "vans": 2, "work": 4, "food": 4, "laws": 4}
    asked = alike(short, beds=3, vans=2)
    there_and_back = [side_by_side(alike(whole, **said), asked), side_by_side(asked, alike(whole, **said))]
    assert [found.areas["a"] for found in there_and_back] == [
        AreaChange(ResultChange(1.5, 2.5), 2, 5),
        AreaChange(ResultChange(2.5, 1.5), 2, 5),
    ]


def test_an_area_that_only_one_round_has_is_not_compared() -> None:
    before, after = (
        alike(set_of(a="beds", b="work"), beds=1, work=2),
        alike(set_of(a="beds", c="food"), beds=1, food=3),
    )
    found = side_by_side(before, after)
    assert found.areas["b"] == AreaChange(ResultChange(2.0, None, Apart.NOT_ASKED_AFTER), 0, 1)
    assert found.areas["c"] == AreaChange(ResultChange(None, 3.0, Apart.NOT_ASKED_BEFORE), 0, 1)


def test_an_area_without_a_number_is_not_compared() -> None:
    asked = set_of(a="beds vans")
    found = side_by_side(alike(asked, beds=None, vans=None), alike(asked, beds=1, vans=1))
    assert found.areas["a"].change == ResultChange(None, 1.0, Apart.NOT_SHOWN_BEFORE)


def told(key: str, *counts: int, meaning: int = 1) -> OptionsResult:
    return OptionsResult(key, meaning, 6, 6, counts)


def test_questions_are_paired_whose_meaning_and_options_are_the_same_and_of_which_something_is_told() -> None:
    asked = set_of(a="beds")
    released = alike(asked, beds=1)[1]
    then = (told("heard", 3, 3), told("helped", 6, 0), told("web"), told("news", 3, 3), told("size", 3, 3))
    now = (told("size", 3, 3, 0), told("news", 3, 3, meaning=2), told("helped", 3, 3), told("web"))
    before, after = replace(released, options=then), replace(released, options=(*now, told("heard", 4, 2)))
    assert options_of_both(before, after) == [
        OptionsPair(told("helped", 6, 0), told("helped", 3, 3)),
        OptionsPair(told("heard", 3, 3), told("heard", 4, 2)),
    ]
    assert in_common((asked, before), (asked, after)) == 3


def test_indicators_are_ordered_and_what_has_no_number_comes_last() -> None:
    asked = set_of(a="quiet wide scattered low")
    _, shown = round_of(
        asked,
        {"quiet": None, "wide": 0, "scattered": 1, "low": 0},
        {"quiet": None, "wide": 3, "scattered": 3, "low": 0},
        {"quiet": None, "wide": 3, "scattered": 3, "low": 1},
    )
    rows = list(shown.indicators)

    def keys(order: FindingOrder, **changes: float) -> list[str]:
        return [row.key for row in ordered(rows, order, changes)]

    assert keys(FindingOrder.GAP) == ["low", "wide", "scattered", "quiet"]
    assert keys(FindingOrder.DISAGREEMENT) == ["wide", "scattered", "low", "quiet"]
    assert keys(FindingOrder.DONT_KNOW) == ["quiet", "wide", "scattered", "low"]
    assert keys(FindingOrder.CHANGE, scattered=0.5, low=-1.5, quiet=0.0) == [
        "low",
        "scattered",
        "quiet",
        "wide",
    ]


def test_scatter_decides_between_equal_spreads() -> None:
    people = [{"a": 0, "b": 0}, {"a": 2, "b": 2}, {"a": 2, "b": 2}, {"a": 2, "b": 0}]
    _, shown = round_of(set_of(x="a b"), *people)
    assert [row.key for row in ordered(shown.indicators, FindingOrder.DISAGREEMENT, {})] == ["b", "a"]


def test_the_lowest_number_comes_first_also_where_it_is_zero() -> None:
    people = [{"half": 0, "none": 0}, {"half": 1, "none": 0}] * 2
    _, shown = round_of(set_of(x="half none"), *people)
    assert [row.key for row in ordered(shown.indicators, FindingOrder.GAP, {})] == ["none", "half"]
