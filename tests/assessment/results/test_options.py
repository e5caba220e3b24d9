"""Questions with options: no count of few people can be worked out, by whoever knows the rule, too."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, combinations

import pytest
from msgspec.structs import replace

from engage.assessment.results.rules import options
from engage.assessment.results.rules.closing import ClosedResponse, release
from engage.assessment.results.rules.options import options_result, shown_counts
from engage.assessment.results.rules.people import NOBODY, People, together
from engage.assessment.results.rules.releases import OptionSets, OptionsResult, Release
from engage.assessment.rules import DONT_KNOW, Answer, Area, Indicator, WayIn

# How many people gave each answer there is: each set of options, then don't know, then nothing at all.
World = tuple[int, ...]


def question(count: int, *, several: bool = False) -> Indicator:
    return Indicator("how", 1, count, several)


def answers_there_are(asked: Indicator) -> list[Answer | None]:
    sizes = range(1, asked.options + 1) if asked.several else [1]
    chosen = [each for size in sizes for each in combinations(range(asked.options), size)]
    return [*(Answer.chose(*each) for each in chosen), DONT_KNOW, None]


def splits(people: int, kinds: int) -> Iterator[World]:
    """Yields every way to put so many people under so many answers."""
    if kinds == 1:
        yield (people,)
        return
    for first in range(people + 1):
        for rest in splits(people - first, kinds - 1):
            yield (first, *rest)


def result(
    asked: Indicator, world: World, k: int, old: OptionsResult | None = None, before: World | None = None
) -> OptionsResult:
    counts = [now + then for now, then in zip(world, before or [0] * len(world), strict=True)]
    given = [
        each for each, count in zip(answers_there_are(asked), counts, strict=True) for _person in range(count)
    ]
    return options_result(asked, given, k, old, [WayIn.ACCOUNT] * len(given))


def as_read(*results: OptionsResult) -> tuple[OptionsResult, ...]:
    """Returns what readers are told: not the sets of people behind it."""
    return tuple(replace(each, stored_sets=None) for each in results)


def given_away(worlds: Sequence[World], k: int, closings: int = 1) -> tuple[int, ...] | None:
    """Returns answers, by place, that the same few people gave in all these worlds; None if there are none.

    How many chose nothing at all is told on purpose, with how many answered.
    """
    columns = list(zip(*worlds, strict=True))
    some = [place for place, column in enumerate(columns) if any(column)]
    half = len(columns) // closings
    pairs = [(half * number - 2, half * number - 1) for number in range(1, closings + 1)]
    told_on_purpose = [*pairs, tuple(chain.from_iterable(pairs))]
    for size in range(1, len(some) + 1):
        for places in combinations(some, size):
            sums = {sum(each) for each in zip(*(columns[place] for place in places), strict=True)}
            if len(sums) == 1 and 0 < min(sums) < k and places not in told_on_purpose:
                return places
    return None


def faults(asked: Indicator, people: int, k: int) -> list[tuple[OptionsResult, list[World]]]:
    """Returns what is told of few people in any way that so many may answer."""
    same: dict[tuple[OptionsResult, ...], list[World]] = defaultdict(list)
    for world in splits(people, len(answers_there_are(asked))):
        same[as_read(result(asked, world, k))].append(world)
    return [
        (shown, worlds)
        for (shown,), worlds in same.items()
        if shown.answered is not None and given_away(worlds, k) is not None
    ]


def faults_of_two_closings(
    asked: Indicator, first: int, more: int, k: int
) -> list[tuple[OptionsResult, ...]]:
    """Returns what both releases of a reopened round tell of few people: of those who came first, or later, or both."""
    kinds = len(answers_there_are(asked))
    same: dict[tuple[OptionsResult, ...], list[World]] = defaultdict(list)
    for before in splits(first, kinds):
        old = result(asked, before, k)
        for since in splits(more, kinds):
            told_of_both = as_read(old, result(asked, since, k, old, before))
            same[told_of_both].append((*before, *since))
    return [
        shown
        for shown, worlds in same.items()
        if shown[0].answered is not None and given_away(worlds, k, closings=2) is not None
    ]


KINDS = [
    (2, False, 3, 9),
    (3, False, 3, 8),
    (4, False, 3, 7),
    (3, False, 4, 8),
    (2, True, 3, 8),
    (3, True, 3, 6),
]


@pytest.mark.parametrize(("count", "several", "k", "most"), KINDS)
def test_no_count_of_few_follows_in_any_way_to_answer(count: int, several: bool, k: int, most: int) -> None:
    asked = question(count, several=several)
    assert [faults(asked, people, k) for people in range(k, most + 1)] == [[]] * (most + 1 - k)


@pytest.mark.parametrize(("count", "several", "more"), [(2, False, 7), (2, True, 4), (3, False, 4)])
def test_no_count_of_few_follows_from_two_closings(count: int, several: bool, more: int) -> None:
    assert faults_of_two_closings(question(count, several=several), 4, more, 3) == []


def test_the_search_finds_rules_that_are_too_simple(monkeypatch: pytest.MonkeyPatch) -> None:
    """A check of the checker: no second option, options as if they were apart, any newer counts."""

    def alone(counts: Sequence[People], _people: People, k: int) -> set[int]:
        return {option for option, count in enumerate(counts) if count.number < k}

    monkeypatch.setattr(options, "_held_of_one", alone)
    monkeypatch.setattr(options, "_held_of_several", alone)
    assert faults(question(3), 4, 3) and faults(question(2, several=True), 5, 3)
    monkeypatch.undo()
    monkeypatch.setattr(
        options, "_may_follow", lambda old, now, k, **_more: now.answered.number - old.answered >= k
    )
    assert faults_of_two_closings(question(2), 4, 4, 3)


# Examples that can be checked by hand


def members(number: int) -> People:
    return People(account=number)


def told_of_members(counts: Sequence[int], people: int, *, several: bool) -> tuple[int | None, ...]:
    return shown_counts([members(each) for each in counts], members(people), 3, several=several)


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((5, 4, 3), (5, 4, 3)),
        ((8, 4, 1), (8, None, None)),  # one is few, and the next one is held back with it
        ((8, 4, 4, 1), (8, None, None, None)),  # of equal ones no order decides
        ((8, 2, 1), (8, None, None)),  # two are few, and three together
        ((8, 5, 1, 1), (8, None, None, None)),  # two are few, and together, too
        ((8, 5, 2, 2), (8, None, None, None)),  # no other two small numbers make four
        ((8, 4, 0), (8, 4, 0)),  # no one is no one to hide
        ((7, 0), (7, 0)),
        ((6, 1), (None, None)),
    ],
)
def test_of_one_answer_each_small_counts_are_held_back_with_a_second(
    counts: tuple[int, ...], shown: tuple[int | None, ...]
) -> None:
    assert told_of_members(counts, sum(counts), several=False) == shown


@pytest.mark.parametrize(
    ("counts", "people", "shown"),
    [
        ((5, 4, 6), 10, (5, 4, 6)),
        ((5, 4, 1), 8, (5, None, None)),
        ((9, 4, 5), 10, (None, None, 5)),  # all but one chose the first
        ((6, 5), 10, (None, None)),  # exactly one chose both
        ((10, 4, 4), 10, (10, 4, 4)),
        ((3, 5, 6), 10, (3, 5, 6)),
        ((3, 5, 6), 13, (None, None, 6)),  # exactly one chose two
        ((1, 2, 3, 6), 9, (None, None, 3, 6)),  # two are few, and no others
    ],
)
def test_of_several_answers_each_what_all_but_few_chose_is_held_back_too(
    counts: tuple[int, ...], people: int, shown: tuple[int | None, ...]
) -> None:
    assert told_of_members(counts, people, several=True) == shown


@pytest.mark.parametrize(
    ("counts", "k", "shown"),
    [
        # By hand ten are enough: two nines could be nothing else, so a third one is held back with them.
        ([People(hand=9), People(hand=9), People(hand=20)], 3, (None, None, None)),
        ([People(hand=9), People(hand=8), People(hand=20)], 3, (None, None, 20)),
        ([People(hand=10), People(hand=10), People(hand=30)], 9, (None, None, None)),
        # By the link alone as many are enough as k, or ten.
        ([People(link=9), People(link=9), People(link=20)], 9, (None, None, None)),
        ([People(link=9), People(link=8), People(link=20)], 9, (None, None, 20)),
        # What only the link chose is told where each count may be.
        ([People(account=5), People(link=12), NOBODY], 3, (5, 12, 0)),
        ([People(account=5), People(link=12), People(link=4)], 3, (5, None, None)),
    ],
)
def test_counts_by_hand_and_by_the_link_are_held_back_by_floors_of_their_own(
    counts: list[People], k: int, shown: tuple[int | None, ...]
) -> None:
    assert shown_counts(counts, together(counts), k, several=False) == shown


def test_of_a_question_that_two_members_answered_the_neighbors_answers_alone_are_told() -> None:
    answers = [Answer.chose(0)] * 2 + [Answer.chose(1)] * 12
    ways = [WayIn.ACCOUNT] * 2 + [WayIn.LINK] * 12
    made = options_result(question(2), answers, 3, None, ways)
    assert (made.respondents, made.answered, made.counts) == (12, 12, (0, 12))
    few = options_result(question(2), answers[:6], 3, None, ways[:6])
    assert (few.respondents, few.answered) == (6, None)
    assert few.sets == OptionSets(People(2, 0, 4))


def test_without_ways_everyone_counts_as_if_with_an_account() -> None:
    made = options_result(question(2), [Answer.chose(0)] * 3 + [DONT_KNOW] * 3, 3)
    assert (made.counts, made.dont_know) == ((3, 0), 3)
    assert made.sets == OptionSets(members(6), members(3), (members(3), NOBODY), members(3))


def test_who_did_not_know_is_kept_only_where_it_is_told() -> None:
    made = options_result(question(2), [Answer.chose(0)] * 3 + [DONT_KNOW] * 2, 3)
    assert (made.dont_know, made.sets.dont_know) == (None, NOBODY)


def test_dont_know_is_told_where_neither_it_nor_the_rest_is_few() -> None:
    def shown(unsure: int, left_open: int) -> int | None:
        return result(question(2), (4, 4, unsure, left_open), 3).dont_know

    assert [shown(4, 0), shown(3, 3), shown(4, 1), shown(2, 4)] == [4, 3, None, None]


def test_a_question_is_told_from_k_on_who_chose_anything() -> None:
    assert result(question(2), (3, 0, 0, 0), 3).counts == (3, 0)
    assert result(question(2), (2, 0, 0, 0), 3).answered is None


def test_a_reopened_round_tells_a_question_anew_only_if_all_of_it_may_be_told() -> None:
    asked = [Area("feedback", (question(2),))]

    def closing_of(*counts: int, previous: Release | None = None) -> Release:
        chosen = [place for place, count in enumerate(counts) for _person in range(count)]
        people = [ClosedResponse("health", "care", {"how": Answer.chose(place)}) for place in chosen]
        made = release(asked, people, ("care",), 3, previous)
        return Release.from_json(made.to_json(), made.sets_to_json())

    first = closing_of(4, 1)
    assert first.options[0].counts == (None, None)
    assert closing_of(7, 2, previous=first).options == first.options, "the second is still few"
    assert closing_of(4, 4, previous=first).options == first.options, (
        "four of five may have chosen the second"
    )
    assert closing_of(9, 6, previous=first).options[0].counts == (9, 6)
    whole = closing_of(4, 3)
    assert closing_of(8, 4, previous=whole).options == whole.options, "one newcomer chose the second"
    assert closing_of(8, 3, previous=whole).options[0].counts == (8, 3)
    assert whole.areas == () and whole.groups == ()


def shown_before(
    *counts: int | None, answered: int, respondents: int = 20, dont_know: int | None = None
) -> OptionsResult:
    sets = OptionSets(
        members(respondents),
        members(answered),
        tuple(NOBODY if count is None else members(count) for count in counts),
        members(dont_know or 0),
    )
    return OptionsResult("how", 1, respondents, answered, counts, dont_know, sets)


@pytest.mark.parametrize(
    ("old", "counts", "people", "several", "may"),
    [
        (shown_before(4, 4, answered=8), (7, 7), 14, False, True),
        (shown_before(4, 4, answered=8), (7, 4), 11, False, True),
        (shown_before(4, 4, answered=8), (6, 4), 10, False, False),  # two came since
        (shown_before(4, 4, answered=8), (4, 4), 8, False, False),  # no one did
        (shown_before(4, 4, answered=8), (8, 6), 14, False, False),  # two of six chose the second
        (shown_before(6, None, None, answered=10), (6, 4, 4), 14, False, True),
        (
            shown_before(6, None, None, answered=10),
            (6, 3, 5),
            14,
            False,
            False,
        ),  # not all four can have chosen it
        (shown_before(3, 3, 3, answered=6), (6, 6, 6), 12, True, True),
        (shown_before(3, 3, 3, answered=6), (5, 6, 6), 12, True, False),  # two of six chose the first
        (shown_before(3, 3, 3, answered=6), (7, 6, 6), 12, True, False),  # all but two of six did
        (shown_before(3, 3, 3, answered=6), (6, 6, 3), 12, True, True),
        (
            shown_before(3, 3, 3, answered=6),
            (6, 6, 7),
            14,
            True,
            False,
        ),  # they made two answers more than there are
        (shown_before(None, None, None, answered=4), (6, 6, 6), 14, True, False),  # too few answers for ten
        (shown_before(None, None, None, answered=4), (9, 8, 9), 14, True, True),
        (shown_before(None, None, None, answered=4), (10, 10, 10), 14, True, True),
        (shown_before(None, None, None, answered=4), (11, 8, 9), 14, True, False),  # one chose it before
    ],
)
def test_newer_counts_may_stand_beside_earlier_ones(
    old: OptionsResult, counts: tuple[int, ...], people: int, several: bool, may: bool
) -> None:
    now = OptionSets(members(40), members(people), tuple(members(each) for each in counts))
    assert options._may_follow(old, now, 3, several=several) is may


def unsure_of(unsure: int, people: int, old: OptionsResult) -> int | None:
    """Returns how many are said not to know; they are of so many people who chose nothing."""
    now = OptionSets(members(people), NOBODY, (), members(unsure))
    return unsure if options._may_tell_dont_know(now, 3, old) else None


@pytest.mark.parametrize(
    ("unsure", "people", "shown"),
    [(4, 4, 4), (7, 7, 7), (4, 7, 4), (7, 10, 7), (5, 5, None), (7, 8, None), (4, 6, None), (3, 3, None)],
)
def test_dont_know_is_told_anew_where_no_few_newcomers_said_so(
    unsure: int, people: int, shown: int | None
) -> None:
    """Before, 4 of the 12 who had come did not know, and the other 8 chose something."""
    old = shown_before(4, 4, answered=8, respondents=12, dont_know=4)
    assert unsure_of(unsure, people, old) == shown
    assert unsure_of(4, 4, shown_before(4, 4, answered=8, respondents=12)) is None


def test_dont_know_is_told_anew_where_no_few_newcomers_left_it_open() -> None:
    """Before, 4 of the 15 who had come did not know, and 3 left it open."""
    old = shown_before(4, 4, answered=8, respondents=15, dont_know=4)
    told_anew = [unsure_of(4, people, old) for people in (7, 8, 10)]
    assert told_anew == [4, None, 4]
