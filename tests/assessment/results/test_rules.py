"""Answers, round states, progress, and the release on examples small enough to check by hand."""

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from msgspec.structs import replace

from engage.assessment.results.rules.closing import (
    ClosedResponse,
    may_show,
    median,
    notes_to_show,
    release,
    separate_groups,
    with_agreed,
)
from engage.assessment.results.rules.findings import (
    FindingOrder,
    biggest_gaps,
    greatest_strengths,
    highest_area,
    lowest_area,
    most_disagreement,
    most_unknown,
    ordered,
)
from engage.assessment.results.rules.people import People
from engage.assessment.results.rules.releases import (
    OTHERS,
    AreaCell,
    IndicatorResult,
    Release,
    ReleasedCell,
    ResultWord,
    Showing,
    one_decimal,
    word_for,
)
from engage.assessment.rules import (
    DOES_NOT_APPLY,
    DONT_KNOW,
    Answer,
    AnswerKind,
    Area,
    Filled,
    Indicator,
    RespondentState,
    RoundState,
    Said,
    WayIn,
    area_progress,
    keyed_choice,
    next_unanswered,
    respondent_state,
    round_state,
    whole_progress,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
TODAY = date(2026, 5, 10)
GROUPS = ("justice", "health", "faith")
QUESTIONS = (Area("care", (Indicator("beds"), Indicator("boys"))), Area("law", (Indicator("court"),)))
BEDS = (Area("care", (Indicator("beds"),)),)
SAYS = {"?": DONT_KNOW, "n": DOES_NOT_APPLY}


def people(group: str | None, said: str, *keys: str) -> list[ClosedResponse]:
    """Returns one response for each character of `said`: a rating, ? don't know, n does not apply, - no answer."""
    return [
        ClosedResponse(
            "some_sector",
            group,
            {key: SAYS.get(word) or Answer.rated(int(word)) for key in keys or ("beds",) if word != "-"},
        )
        for word in said
    ]


def shown(
    responses: Sequence[ClosedResponse],
    questions: Sequence[Area] = BEDS,
    k: int = 3,
    previous: Release | None = None,
) -> Release:
    return release(questions, responses, GROUPS, k, previous)


def cells(result: Release, key: str = "beds") -> dict[str, tuple[float, int]]:
    row = next(row for row in result.indicators if row.key == key)
    found = {group: (cell.value, cell.n) for group, cell in row.groups.items()}
    return found if row.all is None else {"all": (row.all.value, row.all.n)} | found


# Answers and states


@pytest.mark.parametrize("rating", [-1, 5, None])
def test_a_rating_outside_the_five_levels_is_no_answer(rating: int | None) -> None:
    with pytest.raises(ValueError, match=r"[Rr]ating"):
        Answer(AnswerKind.RATING, rating)


@pytest.mark.parametrize("kind", [AnswerKind.DONT_KNOW, AnswerKind.DOES_NOT_APPLY])
def test_only_a_rating_carries_a_number(kind: AnswerKind) -> None:
    with pytest.raises(ValueError, match="carries no number"):
        Answer(kind, 0)


@pytest.mark.parametrize(
    ("closed_at", "closes_on", "state"),
    [
        (None, None, RoundState.OPEN),
        (None, date(2026, 5, 10), RoundState.OPEN),
        (None, date(2026, 5, 9), RoundState.OVER),
        (NOON, date(2026, 5, 20), RoundState.CLOSED),
    ],
)
def test_the_state_of_a_round_follows_from_its_dates(
    closed_at: datetime | None, closes_on: date | None, state: RoundState
) -> None:
    assert round_state(closed_at, closes_on, TODAY) is state


@pytest.mark.parametrize("chosen", [(), (1, 0), (0, 0), (-1,), (7,)])
def test_a_choice_names_its_options_in_order_and_each_once(chosen: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="options"):
        Answer(AnswerKind.CHOICE, chosen=chosen)


def test_nothing_but_a_choice_names_options() -> None:
    with pytest.raises(ValueError, match="options"):
        Answer(AnswerKind.RATING, 3, (0,))
    assert Answer.chose(6, 0).chosen == (0, 6)


@pytest.mark.parametrize("answer", [Answer.rated(0), Answer.rated(4), DONT_KNOW, Answer.chose(0, 2, 6)])
def test_an_answer_comes_back_as_a_row_holds_it(answer: Answer) -> None:
    assert Answer.stored(answer.kind, answer.rating, answer.bits) == answer
    assert (answer.bits is None) is (answer.kind is not AnswerKind.CHOICE)


@pytest.mark.parametrize(
    ("code", "several", "answer"),
    [
        ("2", False, Answer.chose(1)),
        ("2", True, Answer.chose(1)),
        ("3, 1", True, Answer.chose(0, 2)),
        ("13", True, Answer.chose(0, 2)),
        ("321", True, Answer.chose(0, 1, 2)),
        ("1 3", False, None),
        ("1 1", True, None),
        ("4", True, None),
        ("0", True, None),
        ("", True, None),
        (" ,", True, None),
        ("D", True, DONT_KNOW),
        ("n", False, DOES_NOT_APPLY),
    ],
)
def test_keys_stand_for_the_options_of_a_question_with_three(
    code: str, several: bool, answer: Answer | None
) -> None:
    assert keyed_choice(code, 3, several=several) == answer


@pytest.mark.parametrize(
    ("is_asked", "took_part", "submitted", "state"),
    [
        (False, False, None, RespondentState.NOT_ASKED),
        (True, False, None, RespondentState.NOT_STARTED),
        (True, False, False, RespondentState.STARTED),
        (False, False, True, RespondentState.FINISHED),
        (True, True, False, RespondentState.COUNTED),
    ],
)
def test_whoever_took_part_answers_no_second_time(
    is_asked: bool, took_part: bool, submitted: bool | None, state: RespondentState
) -> None:
    assert respondent_state(is_asked=is_asked, took_part=took_part, submitted=submitted) is state


def test_only_those_who_are_asked_and_have_not_finished_are_reminded() -> None:
    waiting = [state for state in RespondentState if state.waits]
    assert waiting == [RespondentState.NOT_STARTED, RespondentState.STARTED]


def test_a_question_is_rated_in_its_first_meaning_and_an_answer_has_no_note_unless_it_is_said() -> None:
    assert Indicator("beds") == Indicator("beds", meaning=1, options=0, several=False)
    assert Said(DONT_KNOW) == Said(DONT_KNOW, "")


# Progress


@pytest.mark.parametrize(
    ("answered", "count", "filled"),
    [
        (set(), 0, Filled.NOT_STARTED),
        ({"court"}, 0, Filled.NOT_STARTED),
        ({"boys"}, 1, Filled.PARTLY),
        ({"beds", "boys"}, 2, Filled.ALL),
    ],
)
def test_an_area_says_how_far_it_is_filled_in(answered: set[str], count: int, filled: Filled) -> None:
    progress = area_progress(QUESTIONS[0], answered)
    assert (progress.answered, progress.total, progress.filled) == (count, 2, filled)


def test_the_whole_response_counts_over_all_areas() -> None:
    progress = whole_progress(QUESTIONS, {"beds", "court"})
    assert (progress.answered, progress.total) == (2, 3)


@pytest.mark.parametrize(
    ("answered", "after", "following"),
    [
        (set(), None, "beds"),
        ({"beds"}, "beds", "boys"),
        ({"boys"}, "beds", "court"),
        ({"court"}, "court", "beds"),
        ({"beds", "court"}, "court", "boys"),
        (set(), "gone", "beds"),
        ({"beds", "boys", "court"}, "beds", None),
    ],
)
def test_the_next_indicator_is_the_first_unanswered_one(
    answered: set[str], after: str | None, following: str | None
) -> None:
    assert next_unanswered(QUESTIONS, answered, after) == following


# Numbers and words


@pytest.mark.parametrize(("ratings", "middle"), [([3], 3), ([4, 0, 1], 1), ([0, 4, 1, 2], Fraction(3, 2))])
def test_the_median_is_the_middle_or_the_mean_of_the_two_middle_ones(
    ratings: list[int], middle: Fraction
) -> None:
    assert median(ratings) == middle


@pytest.mark.parametrize(
    ("exact", "rounded", "word"),
    [
        (1.94, 1.9, ResultWord.LOW),
        (1.95, 2.0, ResultWord.GROWING),
        (Fraction(39, 20), 2.0, ResultWord.GROWING),
        (2.05, 2.1, ResultWord.GROWING),
        (2.949, 2.9, ResultWord.GROWING),
        (Fraction(59, 20), 3.0, ResultWord.STRONG),
        (0, 0.0, ResultWord.LOW),
        (4, 4.0, ResultWord.STRONG),
    ],
)
def test_the_word_follows_the_rounded_number(
    exact: Fraction | float, rounded: float, word: ResultWord
) -> None:
    assert (one_decimal(exact), word_for(exact), ReleasedCell(rounded, 3).word) == (rounded, word, word)


# Which groups stand by themselves


@pytest.mark.parametrize(
    ("sizes", "rest", "separate"),
    [
        ({"a": 5, "b": 4, "c": 3}, 0, ("a", "b", "c")),
        ({"a": 5, "b": 4, "c": 2}, 0, ("a",)),
        ({"a": 5, "b": 4, "c": 2}, 1, ("a", "b")),
        ({"a": 3, "b": 3}, 1, ("b",)),
        ({"a": 5, "b": 2}, 0, ()),
        ({"a": 5}, 0, ()),
        ({"a": 2, "b": 2}, 0, ()),
        ({"a": 5, "b": 0}, 3, ("a",)),
        ({"a": 5, "b": 3, "c": 0}, 0, ("a", "b")),
    ],
)
def test_a_small_rest_takes_in_the_smallest_shown_group(
    sizes: dict[str, int], rest: int, separate: tuple[str, ...]
) -> None:
    people = {group: People(account=size) for group, size in sizes.items()}
    assert separate_groups(people, People(account=sum(sizes.values()) + rest), 3) == separate


def test_groups_large_enough_have_a_column_and_the_others_share_one() -> None:
    result = shown(people("justice", "1123") + people("health", "4") + people(None, "34"))
    assert cells(result) == {"all": (3.0, 7), "justice": (1.5, 4), OTHERS: (4.0, 3)}
    assert result.groups == ("justice", OTHERS)
    assert result.to_json()["groups"] == ["justice", "others"]
    assert result.showing is Showing.GROUPS


def test_the_rule_holds_again_on_each_indicator_by_its_ratings() -> None:
    three = people("justice", "111", "beds", "boys")
    result = shown(three + people("health", "2222", "beds") + people("health", "2-", "boys"), QUESTIONS)
    assert cells(result) == {"all": (2.0, 7), "justice": (1.0, 3), "health": (2.0, 4)}
    assert cells(result, "boys") == {"all": (1.0, 4)}


def test_a_column_that_would_repeat_all_is_not_shown() -> None:
    result = shown(people("justice", "11234"))
    assert cells(result) == {"all": (2.0, 5)}
    assert (result.groups, result.showing) == ((), Showing.ONLY_ALL)


def test_fewer_than_k_respondents_see_nothing_and_are_not_even_counted() -> None:
    result = shown(people("justice", "11"))
    assert result == shown([])
    assert (result.showing, result.respondents, result.areas) == (Showing.NOTHING, 0, ())


def test_only_submitted_responses_with_an_answer_count() -> None:
    unsubmitted = ClosedResponse("s", "justice", {"beds": Answer.rated(0)}, submitted=False)
    blank = ClosedResponse("s", "justice", {})
    elsewhere = ClosedResponse("s", "justice", {"not_asked": Answer.rated(0)})
    result = shown([*people("justice", "444"), unsubmitted, blank, elsewhere])
    assert (result.respondents, cells(result)) == (3, {"all": (4.0, 3)})


def test_k_is_never_below_three() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        shown([], k=2)


@pytest.mark.parametrize("groups", [("a", OTHERS), ("a", "a")])
def test_group_keys_that_would_mix_columns_are_refused(groups: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="different keys"):
        release(BEDS, [], groups, 3)


# Spread and don't know


def test_all_has_its_distribution_and_says_where_people_disagree() -> None:
    (row,) = shown(people("justice", "1123") + people("health", "4?n")).indicators
    assert row.counts == (0, 2, 1, 1, 1)
    assert (row.lowest, row.highest, row.spread, row.disagrees) == (1, 4, 3, True)
    (row,) = shown(people("justice", "1133")).indicators
    assert row.disagrees is True
    (row,) = shown(people("justice", "1122")).indicators
    assert row.disagrees is False


def test_an_indicator_with_few_ratings_looks_like_one_with_none() -> None:
    few = shown(people("justice", "34????"))
    none = shown(people("justice", "--????", "beds") + people("justice", "11", "elsewhere"))
    (few_row,), (none_row,) = few.indicators, none.indicators
    assert few_row.all is none_row.all is None
    assert few_row.counts is None and (few_row.lowest, few_row.highest, few_row.spread) == (None, None, 0)


@pytest.mark.parametrize(
    ("said", "dont_know"),
    [
        ("111???", 3),
        ("111??", None),
        ("111", None),
        ("111????n", None),
        ("111????nnn", 4),
        ("?????", 5),
        ("11???", None),
        ("11n???", 3),
    ],
)
def test_dont_know_is_counted_only_where_it_singles_out_no_few(said: str, dont_know: int | None) -> None:
    (row,) = shown(people("justice", said)).indicators
    assert row.dont_know == dont_know


# Areas


FIVE = (Area("care", tuple(Indicator(f"i{number}") for number in range(5))),)


@pytest.mark.parametrize(
    ("rated", "not_applicable", "value"),
    [(2, 0, None), (3, 0, 2.0), (2, 1, None), (2, 2, 2.0), (0, 5, None)],
)
def test_an_area_needs_three_fifths_of_its_applicable_indicators(
    rated: int, not_applicable: int, value: float | None
) -> None:
    keys = [f"i{number}" for number in range(5)]
    answers = dict.fromkeys(keys, DONT_KNOW)
    answers |= dict.fromkeys(keys[:rated], Answer.rated(2))
    answers |= dict.fromkeys(keys[5 - not_applicable :], DOES_NOT_APPLY)
    (area,) = shown([ClosedResponse("s", "justice", answers)] * 3, FIVE).areas
    assert area.applicable == 5 - not_applicable
    assert (area.all.value if area.all else None) == value


def test_an_indicator_that_one_person_finds_applicable_is_applicable() -> None:
    (area,) = shown(people("justice", "nn?", "i0") + people("justice", "---", "i1"), FIVE).areas
    assert area.applicable == 5


def two_groups_that_rated_two_of_five() -> list[ClosedResponse]:
    """Returns two groups that rated two; no one knew the rest, but two of it do not apply to anyone in justice."""
    rated = {"i0": Answer.rated(2), "i1": Answer.rated(2), "i2": DONT_KNOW}
    justice = ClosedResponse("s", "justice", rated | dict.fromkeys(("i3", "i4"), DOES_NOT_APPLY))
    health = ClosedResponse("s", "health", rated | dict.fromkeys(("i3", "i4"), DONT_KNOW))
    return [justice] * 3 + [health] * 3


def test_what_applies_to_a_group_is_for_the_group_to_say() -> None:
    (area,) = shown(two_groups_that_rated_two_of_five(), FIVE).areas
    assert area.groups == {"justice": AreaCell(2.0, 6, 2, 3)}
    assert area.all is None


def test_others_have_no_area_for_a_single_indicator_on_which_they_were_pooled() -> None:
    said = (("justice", "222"), ("health", "22?"), ("faith", "2??"))
    (area,) = shown([one for group, ratings in said for one in people(group, ratings, "i0")], FIVE).areas
    assert area.indicators[0].groups == {"justice": ReleasedCell(2.0, 3), OTHERS: ReleasedCell(2.0, 3)}
    assert area.groups == {}


def test_a_reopened_round_takes_what_applies_from_all() -> None:
    old = two_groups_that_rated_two_of_five()
    (area,) = shown(old * 2, FIVE, previous=shown(old, FIVE)).areas
    assert area.groups == {} and set(area.indicators[0].groups) == {"justice", "health"}


def test_an_area_is_the_mean_of_its_indicators_and_counts_ratings() -> None:
    responses = people("justice", "1122", "beds") + people("justice", "444", "boys")
    area = shown(responses, QUESTIONS).areas[0]
    assert area.all is not None
    assert (area.all.value, area.all.word, area.all.n) == (2.8, ResultWord.GROWING, 7)
    assert (area.all.rated, area.all.applicable) == (2, 2)


# Agreed values


def test_an_agreed_value_replaces_the_median_in_all_only() -> None:
    result = with_agreed(shown(people("justice", "111") + people("health", "222")), {"beds": 3})
    (row,) = result.indicators
    assert (row.value, row.word, row.all) == (3, ResultWord.STRONG, ReleasedCell(1.5, 6))
    assert row.groups == {"justice": ReleasedCell(1.0, 3), "health": ReleasedCell(2.0, 3)}
    assert result.areas[0].all is not None
    assert (result.areas[0].all.value, result.areas[0].groups["justice"].value) == (3.0, 1.0)


def test_a_group_may_agree_on_what_no_one_alone_knew() -> None:
    result = with_agreed(shown(people("justice", "???")), {"beds": 1})
    assert result.areas[0].all is not None
    assert (result.areas[0].all.value, result.areas[0].all.n) == (1.0, 0)


@pytest.mark.parametrize("questions", [QUESTIONS, BEDS])
def test_an_agreed_value_can_be_taken_back(questions: Sequence[Area]) -> None:
    plain = shown(people("justice", "111"), questions)
    assert with_agreed(with_agreed(plain, {"beds": 3}), {}) == plain


@pytest.mark.parametrize("value", [0, 4])
def test_a_group_may_agree_on_the_lowest_and_the_highest_level(value: int) -> None:
    (row,) = with_agreed(shown(people("justice", "111")), {"beds": value}).indicators
    assert row.value == value


@pytest.mark.parametrize("value", [-0.5, 4.5])
def test_an_agreed_value_outside_the_levels_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 4"):
        with_agreed(shown(people("justice", "111")), {"beds": value})


# After reopening


def test_a_release_is_replaced_only_when_k_responses_were_added() -> None:
    old = people("justice", "1111")
    first = shown(old)
    assert not may_show(People(account=6), 3, first) and may_show(People(account=7), 3, first)
    assert shown(old + people("justice", "44"), previous=first) == first
    assert cells(shown(old + people("justice", "444"), previous=first)) == {"all": (1.0, 7)}


def test_a_release_that_showed_nothing_is_replaced_from_k_responses_on() -> None:
    old = people("justice", "11")
    assert shown(old + people("justice", "4"), previous=shown(old)).respondents == 3


def test_a_line_that_gained_too_few_ratings_stays_as_it_was() -> None:
    first = shown(people("justice", "1111"))
    again = shown(people("justice", "1111??4"), previous=first)
    assert cells(again) == cells(first)
    assert again.respondents == 7


def test_a_group_that_gained_too_few_ratings_joins_the_others() -> None:
    old = people("justice", "1111") + people("health", "2222") + people("faith", "333")
    first = shown(old)
    again = shown(
        old + people("justice", "4") + people("health", "00") + people("faith", "000"), previous=first
    )
    assert set(cells(first)) == {"all", *GROUPS}
    assert cells(again) == {"all": (1.0, 17), "faith": (1.5, 6), OTHERS: (1.0, 11)}


def test_a_group_that_was_not_shown_before_stays_unseen() -> None:
    old = people("justice", "1111") + people("health", "0")
    again = shown(old + people("health", "4444"), previous=shown(old))
    assert cells(again) == {"all": (1.0, 9)}


def test_a_dont_know_number_that_was_held_back_stays_so() -> None:
    old = people("justice", "111??")
    again = shown(old + people("justice", "444???"), previous=shown(old))
    assert next(again.indicators).dont_know is None


@pytest.mark.parametrize(
    ("added", "dont_know"),
    [("???", 6), ("?????", 8), ("???444", 6), ("444", 3), ("??444", None), ("???n", None), ("???nnn", 6)],
)
def test_a_dont_know_number_moves_by_none_or_by_k(added: str, dont_know: int | None) -> None:
    old = people("justice", "111???")
    again = shown(old + people("justice", added), previous=shown(old))
    assert next(again.indicators).dont_know == dont_know


def test_a_dont_know_number_moves_where_no_one_rated_at_all() -> None:
    old = people("justice", "?????")
    again = shown(old + people("justice", "???"), previous=shown(old))
    assert next(again.indicators).dont_know == 8


def test_agreed_values_outlive_a_reopening() -> None:
    old = people("justice", "111")
    first = with_agreed(shown(old), {"beds": 4})
    again = shown(old + people("justice", "222"), previous=first)
    assert next(again.indicators).value == 4


def test_the_k_of_a_reopened_round_is_never_lowered() -> None:
    first = shown(people("justice", "1111"), k=4)
    with pytest.raises(ValueError, match="never lowered"):
        shown([], k=3, previous=first)
    again = people("justice", "1111444")
    assert shown(again, k=4, previous=first) == first
    assert shown([*again, *people("justice", "44")], k=5, previous=first).respondents == 9


# Notes


ACCOUNT, LINK, SLIP = WayIn.ACCOUNT, WayIn.LINK, WayIn.SLIPS


@pytest.mark.parametrize(
    ("writers", "more", "shown"),
    [
        ([ACCOUNT] * 3, False, "all"),
        ([ACCOUNT] * 2, False, "none"),
        ([SLIP] * 5, False, "all"),
        ([SLIP] * 4, False, "none"),
        ([SLIP] * 5, True, "none"),  # beside earlier notes it takes ten
        ([SLIP] * 10, True, "all"),
        ([LINK] * 10, False, "all"),
        ([LINK] * 9, False, "none"),
        ([ACCOUNT] * 2 + [LINK] * 10, False, "link"),
        ([ACCOUNT] * 2 + [LINK] * 9, False, "none"),
        ([ACCOUNT] * 3 + [LINK], True, "all"),
    ],
)
def test_notes_are_shown_where_enough_people_wrote_one(writers: list[WayIn], more: bool, shown: str) -> None:
    ways = {"all": frozenset(WayIn), "link": frozenset({LINK}), "none": ()}
    assert notes_to_show(writers, 3, more=more) == ways[shown]


# Findings and storage


def sheets(said: dict[str, str]) -> list[ClosedResponse]:
    """Returns one response for each place of the words, which say what was answered to each question."""
    return [
        ClosedResponse(
            "s", None, {key: SAYS.get(word) or Answer.rated(int(word)) for key, word in each.items()}
        )
        for each in (dict(zip(said, words, strict=True)) for words in zip(*said.values(), strict=True))
    ]


def ranked() -> Release:
    questions = (
        Area("care", (Indicator("low"), Indicator("split"), Indicator("unknown"))),
        Area("law", (Indicator("high"), Indicator("also_low"), Indicator("wide"))),
    )
    said = {
        "low": "0000",
        "split": "0044",
        "unknown": "????",
        "high": "4444",
        "also_low": "0000",
        "wide": "0224",
    }
    return shown(sheets(said), questions)


def test_findings_are_ordered_and_ties_keep_the_order_of_the_questions() -> None:
    result = ranked()
    assert [row.key for row in biggest_gaps(result)] == ["low", "also_low", "split", "wide"]
    assert [row.key for row in biggest_gaps(result, 1)] == ["low"]
    assert [row.key for row in greatest_strengths(result)] == ["high", "split", "wide"]
    assert [row.key for row in most_disagreement(result)] == ["split", "wide"]
    assert [row.key for row in most_unknown(result)] == ["unknown"]


@pytest.mark.parametrize(
    ("said", "finding"),
    [
        ("1111", biggest_gaps),
        ("4444", greatest_strengths),
        ("0044", most_disagreement),
        ("????", most_unknown),
    ],
)
def test_of_what_stands_out_five_are_named(
    said: str, finding: Callable[[Release], list[IndicatorResult]]
) -> None:
    keys = [f"q{place}" for place in range(6)]
    questions = (Area("care", tuple(map(Indicator, keys))),)
    assert [row.key for row in finding(shown(people(None, said, *keys), questions))] == keys[:5]


def test_the_lowest_and_the_highest_area_are_named() -> None:
    lowest, highest = lowest_area(ranked()), highest_area(ranked())
    assert lowest is not None and highest is not None
    assert (lowest.key, highest.key) == ("care", "law")


def test_of_areas_with_the_same_number_the_first_is_named() -> None:
    result = shown(people(None, "222", "beds", "boys", "court"), QUESTIONS)
    lowest, highest = lowest_area(result), highest_area(result)
    assert lowest is not None and highest is not None
    assert lowest.key == highest.key == "care"


def test_the_widest_apart_come_first_and_then_the_most_scattered() -> None:
    said = {"narrow": "0022", "wide": "0333", "far": "0004", "apart": "0044", "few": "0?44", "alike": "2222"}
    result = shown(sheets(said), (Area("care", (Indicator("quiet"), *map(Indicator, said))),))
    assert [row.key for row in most_disagreement(result)] == ["apart", "few", "far", "wide", "narrow"]
    assert [row.key for row in ordered(result.indicators, FindingOrder.DISAGREEMENT, {})][-2:] == [
        "alike",
        "quiet",
    ]


def test_what_most_did_not_know_comes_first() -> None:
    said = {"some": "???111", "most": "??????"}
    result = shown(sheets(said), (Area("care", tuple(map(Indicator, said))),))
    assert [row.key for row in most_unknown(result)] == ["most", "some"]
    assert [row.key for row in ordered(result.indicators, FindingOrder.DONT_KNOW, {})] == ["most", "some"]
    some, most = result.indicators
    earlier = replace(some, respondents=3)  # as it was told before the round was reopened: by all of these
    later = replace(most, respondents=10)
    assert ordered([later, earlier], FindingOrder.DONT_KNOW, {}) == [earlier, later]


def test_a_release_that_shows_nothing_has_no_findings() -> None:
    nothing = shown([])
    assert lowest_area(nothing) is highest_area(nothing) is None
    assert biggest_gaps(nothing) == greatest_strengths(nothing) == most_unknown(nothing) == []


def test_a_stored_release_keeps_its_options_and_its_languages() -> None:
    heard = Indicator("heard", options=3)
    counted = [
        ClosedResponse("s", None, {"beds": Answer.rated(2), "heard": Answer.chose(at % 2)}) for at in range(7)
    ]
    spoken = {"en": People(account=4), "es": People(account=3)}
    made = release((Area("care", (Indicator("beds"), heard)),), counted, GROUPS, 3, None, spoken)
    assert (made.languages, made.options[0].counts) == ({"en": 4, "es": 3}, (4, 3, 0))
    assert Release.from_json(*json.loads(json.dumps([made.to_json(), made.sets_to_json()]))) == made
    assert not {"languages", "options"} & shown(people(None, "2222")).to_json().keys()


def test_a_stored_release_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format 2"):
        Release.from_json(ranked().to_json() | {"format": 2})
