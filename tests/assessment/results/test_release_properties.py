"""The promise to respondents: no value of fewer than k people is shown, by itself or by difference."""

import json
import random
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from statistics import median

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engage.assessment.results.rules.closing import ClosedResponse, may_show, release, with_agreed
from engage.assessment.results.rules.releases import (
    OTHERS,
    AreaCell,
    AreaResult,
    IndicatorResult,
    Release,
    ReleasedCell,
    word_for,
)
from engage.assessment.rules import DOES_NOT_APPLY, DONT_KNOW, Answer, AnswerKind, Area, Indicator

GROUPS = ("justice", "health", "schools", "faith")
QUESTIONS = (Area("care", (Indicator("a"), Indicator("b"))), Area("law", (Indicator("c", 2),)))
KEYS = ("a", "b", "c")
RATINGS = [Answer.rated(rating) for rating in range(5)]
# Wishes about as often for a rating as for no rating, so that small rests are common.
ANSWERS = st.sampled_from([*RATINGS, DONT_KNOW, DONT_KNOW, DOES_NOT_APPLY, None])
SMALL_K = st.integers(3, 6)


@st.composite
def crowds(draw: st.DrawFn, most: int = 9) -> list[ClosedResponse]:
    """Draws responses built group by group, because sizes around k are what matters."""
    responses = []
    for group in (*GROUPS, None):
        for _ in range(draw(st.integers(0, most))):
            said = draw(st.tuples(ANSWERS, ANSWERS, ANSWERS))
            answers = {key: answer for key, answer in zip(KEYS, said, strict=True) if answer is not None}
            responses.append(ClosedResponse("some_sector", group, answers))
    return responses


CROWDS = crowds()
SMALL_CROWDS = crowds(most=5)
many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
some = settings(many, max_examples=60)


def close(responses: Iterable[ClosedResponse], k: int, previous: Release | None = None) -> Release:
    return release(QUESTIONS, list(responses), GROUPS, k, previous)


def lines(*releases: Release) -> Iterable[tuple[IndicatorResult, ...]]:
    return zip(*(released.indicators for released in releases), strict=True)


def people_of(row: IndicatorResult, responses: Sequence[ClosedResponse]) -> dict[str, frozenset[int]]:
    """Returns the people behind each shown value of a line, recomputed without the code under test.

    The don't knows add a second set: everyone who is in no shown set, and can be found by subtraction.
    """
    kinds = {number: response.answers.get(row.key) for number, response in enumerate(responses)}
    raters = frozenset(n for n, answer in kinds.items() if answer and answer.kind is AnswerKind.RATING)
    sets: dict[str, frozenset[int]] = {}
    if row.all is not None:
        sets["all"] = raters
        for group in row.groups:
            if group != OTHERS:
                sets[group] = frozenset(n for n in raters if responses[n].group == group)
        if OTHERS in row.groups:
            sets[OTHERS] = raters.difference(*(sets[group] for group in row.groups if group != OTHERS))
    if row.dont_know is not None:
        unsure = frozenset(n for n, answer in kinds.items() if answer and answer.kind is AnswerKind.DONT_KNOW)
        sets["dont_know"] = unsure
        sets["rest"] = frozenset(kinds) - unsure - sets.get("all", frozenset())
    return sets


def row_reduced(vectors: Iterable[Sequence[int]]) -> list[list[Fraction]]:
    basis: list[list[Fraction]] = []
    for vector in vectors:
        left = reduced([Fraction(number) for number in vector], basis)
        if any(left):
            pivot = next(number for number in left if number)
            basis.append([number / pivot for number in left])
    return basis


def reduced(vector: list[Fraction], basis: Sequence[Sequence[Fraction]]) -> list[Fraction]:
    for row in basis:
        at = next(index for index, number in enumerate(row) if number)
        factor = vector[at]
        vector = [number - factor * other for number, other in zip(vector, row, strict=True)]
    return vector


def singled_out(sets: Iterable[frozenset[int]], k: int) -> list[frozenset[int]]:
    """Returns every set of 1 to k-1 people that some sum and difference of the given sets isolates.

    People who are in the same sets cannot be told apart, so it is enough to look at unions of such clusters.
    """
    known = list(dict.fromkeys(sets))
    everybody = sorted(frozenset().union(*known))
    clusters: dict[tuple[int, ...], set[int]] = {}
    for person in everybody:
        clusters.setdefault(tuple(int(person in one) for one in known), set()).add(person)
    signs = list(clusters)
    basis = row_reduced(list(zip(*signs, strict=True)))
    small = [at for at, sign in enumerate(signs) if len(clusters[sign]) < k]
    found = []
    for size in range(1, k):
        for chosen in combinations(small, size):
            union = frozenset().union(*(clusters[signs[at]] for at in chosen))
            vector = [Fraction(int(at in chosen)) for at in range(len(signs))]
            if len(union) < k and not any(reduced(vector, basis)):
                found.append(union)
    return found


def test_the_attack_used_here_finds_what_it_should() -> None:
    """A check of the checker: a difference over two steps, and nothing where nothing is."""
    everybody, women, old = frozenset(range(9)), frozenset(range(4)), frozenset(range(4, 8))
    assert singled_out([everybody, women, old], 3) == [frozenset({8})]
    assert singled_out([everybody, women], 3) == []


@many
@given(CROWDS, SMALL_K)
def test_no_value_is_of_fewer_than_k_people_by_itself_or_by_difference(
    responses: list[ClosedResponse], k: int
) -> None:
    counted = [response for response in responses if response.answers]
    result = close(responses, k)
    for (row,) in lines(result):
        sets = people_of(row, counted)
        assert [len(people) for people in sets.values() if 0 < len(people) < k] == []
        assert singled_out(sets.values(), k) == []


@many
@given(CROWDS, SMALL_K)
def test_every_number_is_that_of_the_people_it_names(responses: list[ClosedResponse], k: int) -> None:
    counted = [response for response in responses if response.answers]
    for (row,) in lines(close(responses, k)):
        for name, people in people_of(row, counted).items():
            if name == "dont_know":
                assert row.dont_know == len(people)
            elif name != "rest":
                ratings = [answer.rating for n in people if (answer := counted[n].answers[row.key])]
                cell = row.all if name == "all" else row.groups[name]
                assert cell == ReleasedCell(
                    median(rating for rating in ratings if rating is not None), len(people)
                )


@many
@given(CROWDS, SMALL_K)
def test_all_minus_the_shown_groups_leaves_no_one_or_at_least_k(
    responses: list[ClosedResponse], k: int
) -> None:
    result = close(responses, k)
    rows: list[IndicatorResult | AreaResult] = [*result.indicators, *result.areas]
    for shown in rows:
        cells: list[ReleasedCell | AreaCell] = [*shown.groups.values()]
        assert all(cell.n >= k for cell in cells)
        if shown.all is not None:
            left = shown.all.n - sum(cell.n for cell in cells)
            assert shown.all.n >= k and (left == 0 or left >= k)
        assert set(shown.groups) <= set(result.groups)


@many
@given(st.tuples(SMALL_CROWDS, SMALL_CROWDS, SMALL_CROWDS), st.integers(3, 4))
def test_releases_side_by_side_single_no_one_out(
    parts: tuple[list[ClosedResponse], list[ClosedResponse], list[ClosedResponse]], k: int
) -> None:
    """Whatever is closed, reopened and closed again: a reader who kept every release learns no more."""
    counted: list[ClosedResponse] = []
    releases: list[Release] = []
    known: dict[str, list[frozenset[int]]] = {key: [] for key in KEYS}
    previous: Release | None = None
    for part in parts:
        counted += [response for response in part if response.answers]
        previous = close(counted, k, previous)
        releases.append(previous)
        for row in previous.indicators:
            # A line that stayed as it was speaks of those who had answered then.
            known[row.key] += people_of(row, counted[: row.respondents]).values()
    for sets in known.values():
        if sets:
            assert singled_out(sets, k) == []
    for earlier, later in pairwise(releases):
        assert later == earlier or may_show(later.people, k, earlier)


@some
@given(CROWDS, SMALL_K, st.data())
def test_a_hidden_group_looks_the_same_as_an_empty_one(
    responses: list[ClosedResponse], k: int, data: st.DataObject
) -> None:
    sizes = {group: sum(bool(r.answers) and r.group == group for r in responses) for group in GROUPS}
    hidden = [group for group in GROUPS if sizes[group] < k]
    emptied = data.draw(st.sampled_from(hidden)) if hidden else None
    moved = [replace(r, group=None) if r.group == emptied else r for r in responses]
    assert close(moved, k).to_json() == close(responses, k).to_json()


@some
@given(CROWDS, SMALL_K, st.randoms(use_true_random=False))
def test_the_order_of_responses_does_not_matter(
    responses: list[ClosedResponse], k: int, rng: random.Random
) -> None:
    mixed = list(responses)
    rng.shuffle(mixed)
    assert json.dumps(close(mixed, k).to_json()) == json.dumps(close(responses, k).to_json())


@some
@given(CROWDS, SMALL_K, st.sampled_from([None, DONT_KNOW, DOES_NOT_APPLY]))
def test_not_rating_in_another_way_never_changes_a_number(
    responses: list[ClosedResponse], k: int, instead: Answer | None
) -> None:
    """Don't know, does not apply and no answer, turned into each other, leave every median alone."""

    def turned(response: ClosedResponse) -> ClosedResponse:
        rated = {key: answer for key, answer in response.answers.items() if answer.kind is AnswerKind.RATING}
        filled = {key: instead for key in KEYS if key not in rated and instead is not None}
        # One answer beside the questions' own keeps the number of respondents as it was.
        kept = {"d": DONT_KNOW} if response.answers else {}
        return replace(response, answers=rated | filled | kept)

    questions = (*QUESTIONS, Area("other", (Indicator("d"),)))
    before = release(questions, [r for r in responses if r.answers], GROUPS, k)
    after = release(questions, [turned(r) for r in responses if r.answers], GROUPS, k)
    for row, again in lines(before, after):
        assert (row.all, row.groups, row.counts) == (again.all, again.groups, again.counts)


@some
@given(CROWDS, SMALL_K)
def test_words_agree_with_the_numbers_as_they_are_read(responses: list[ClosedResponse], k: int) -> None:
    result = close(responses, k)
    for area in result.areas:
        for cell in filter(None, [area.all, *area.groups.values()]):
            read = float(f"{cell.value:.1f}")
            assert read == cell.value and 0 <= read <= 4
            assert (
                cell.word
                == word_for(read)
                == ("need" if read < 2 else "building" if read < 3 else "strength")
            )


@some
@given(CROWDS, SMALL_K, st.dictionaries(st.sampled_from(KEYS), st.floats(0, 4)))
def test_a_stored_release_comes_back_as_it_was(
    responses: list[ClosedResponse], k: int, agreed: dict[str, float]
) -> None:
    result = with_agreed(close(responses, k), agreed)
    assert Release.from_json(*json.loads(json.dumps([result.to_json(), result.sets_to_json()]))) == result


@some
@given(CROWDS, CROWDS, SMALL_K)
def test_what_was_not_submitted_changes_nothing(
    responses: list[ClosedResponse], drafts: list[ClosedResponse], k: int
) -> None:
    unsubmitted = [replace(draft, submitted=False) for draft in drafts]
    assert close([*unsubmitted, *responses], k) == close(responses, k)


@pytest.mark.parametrize("k", [3, 6])
@some
@given(responses=CROWDS)
def test_fewer_than_k_respondents_leave_nothing_to_read(k: int, responses: list[ClosedResponse]) -> None:
    few = [response for response in responses if response.answers][: k - 1]
    assert close(few, k) == close([], k)
