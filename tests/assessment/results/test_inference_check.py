"""The promise to respondents: whatever is counted, there are at least two worlds for everyone's answer."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from engage.assessment.results.rules import closing
from engage.assessment.results.rules.inference_check import Unrated, may_show_dont_know
from engage.assessment.results.rules.people import NOBODY, People
from engage.assessment.results.rules.releases import Release, Sets
from tests.assessment.results.possible_answers import (
    ANSWERS,
    LANGUAGES,
    Round,
    every_round,
    faults_among,
    one_world,
)

# What was said is drawn from one of these, so that statements which all but a few rated, or left open, are common.
PALETTES = ("r?", "rrr?", "rrrrr?", "r?n", "r?-", "rr??n-", "?n")
# People by sector group, in one list per closing.
SYSTEMS = (
    [[("a", 4), ("b", 4), (None, 3)]],
    [[("a", 3), ("b", 3)], [("a", 2), ("b", 1)]],
)
# The last letter of each pair is said in Spanish, as are Q and _.
SPOKEN = ("rR", "rrrR", "rRRR", "rR?Q", "rrR-_", "R", "rrrrrrrR")
# People who come later are few in a sector group, or all of one language, or both.
SPOKEN_SYSTEMS = (
    [[("a", 3), ("b", 3)], [("a", 2), ("b", 1)]],
    [[("a", 4), ("b", 4), (None, 3)], [("a", 1), ("b", 2)]],
    [[("a", 3), ("b", 4)], [("a", 1), ("b", 3)], [("b", 3)]],
    [[("a", 2)], [("a", 2), ("b", 3)], [("a", 3), ("b", 3)]],
)
# These take long enough to be run on their own.
LARGER_SYSTEMS = (
    [[("a", 4), ("b", 5), (None, 3)]],
    [[("a", 3), ("b", 3), ("c", 3), (None, 3)]],
    [[("a", 4), ("b", 2)], [("a", 1), ("b", 2)]],
    [[("a", 4), ("b", 3)], [("b", 4)]],
    [[("a", 4), ("b", 4)], [("a", 1), ("b", 2)]],
    [[("a", 4)], [("a", 1), ("b", 3)], [("b", 3)]],
    [[("a", 3)], [("b", 3)], [("a", 2), ("b", 3)]],
)


@st.composite
def rounds(draw: st.DrawFn) -> Round:
    """Draws 3 to 40 people and up to three reopenings."""
    rng = random.Random(draw(st.integers(0, 2**32)))
    return a_round(rng)


@st.composite
def spoken_rounds(draw: st.DrawFn) -> Round:
    """Draws the same of people who speak two languages."""
    return a_round(random.Random(draw(st.integers(0, 2**32))), SPOKEN)


def a_round(rng: random.Random, palettes: Sequence[str] = PALETTES) -> Round:
    palette, total = rng.choice(palettes), rng.randint(3, 40)
    closings = sorted({*rng.sample(range(3, total + 1), min(rng.randint(0, 3), total - 2)), total})
    groups = rng.choices(("a", "b", "c", None), weights=(5, 4, 2, 2), k=total)
    return Round(
        tuple((group, rng.choice(palette)) for group in groups), tuple(closings), rng.choice((3, 3, 4, 5))
    )


@pytest.fixture
def looking_at_all_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rule as it was: the don't knows and the rest of All, and no column."""

    def for_all(now: Unrated, k: int, old: Sets | None) -> bool:
        return may_show_dont_know(replace(now, cells=(), settled=NOBODY), k, old)

    monkeypatch.setattr(closing, "may_show_dont_know", for_all)
    monkeypatch.setattr(closing, "needs_its_dont_know", lambda _old: False)


def enough_rounds(count: int) -> Iterator[Round]:
    return (a_round(random.Random(seed)) for seed in range(count))


@pytest.mark.parametrize("sizes", SYSTEMS)
def test_no_answer_of_few_follows_in_any_way_to_answer_a_small_round(
    sizes: list[list[tuple[str, int]]],
) -> None:
    _rounds, _told, faults = faults_among(every_round(sizes, 3))
    assert faults == []


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.parametrize("sizes", LARGER_SYSTEMS)
def test_no_answer_of_few_follows_in_any_way_to_answer_a_larger_round(
    sizes: list[list[tuple[str, int]]],
) -> None:
    _rounds, _told, faults = faults_among(every_round(sizes, 3))
    assert faults == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(rounds())
def test_an_exchange_of_answers_leaves_every_release_of_a_round_as_it_is(round_: Round) -> None:
    assert one_world(round_) is None


@pytest.mark.usefixtures("looking_at_all_only")
def test_the_search_finds_a_rule_that_looks_at_all_only() -> None:
    """A check of the checker."""
    found = [faults_among(every_round(sizes, 3))[2] for sizes in SYSTEMS]
    assert all(found), [len(faults) for faults in found]
    assert any(one_world(round_) for round_ in enough_rounds(120))


# How many answered in each language


def test_no_language_of_few_follows_in_any_way_to_answer_a_small_round() -> None:
    sizes = [[("a", 6)], [("a", 2), ("b", 1)]]
    _rounds, _told, faults = faults_among(every_round(sizes, 3, "r?RQ"), LANGUAGES)
    assert faults == []


@pytest.mark.parametrize("sizes", SPOKEN_SYSTEMS)
def test_no_language_of_few_follows_where_everybody_rates(sizes: list[list[tuple[str, int]]]) -> None:
    count, told, faults = faults_among(every_round(sizes, 3, "rR"), LANGUAGES)
    assert faults == []
    assert count > told > 1  # some totals are told, or nothing is tried


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_no_answer_of_few_follows_where_languages_are_told_beside_it() -> None:
    _rounds, _told, faults = faults_among(every_round(SPOKEN_SYSTEMS[0], 3, "r?nR"), ANSWERS)
    assert faults == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None)
@given(spoken_rounds())
def test_an_exchange_of_languages_leaves_every_release_of_a_round_as_it_is(round_: Round) -> None:
    assert one_world(round_, LANGUAGES) is None
    assert one_world(round_) is None


Rule = Callable[[Mapping[str, People], People, int, Release | None], list[str]]


def each_by_itself(
    spoken: Mapping[str, People], people: People, k: int, previous: Release | None = None
) -> list[str]:
    """A rule that looks at this release alone."""
    return [each for each, size in spoken.items() if size.number >= k and people.number - size.number >= k]


def as_columns(
    spoken: Mapping[str, People], people: People, k: int, previous: Release | None = None
) -> list[str]:
    """A rule that holds languages apart as columns, and forgets that newcomers may all speak one."""
    before = (previous.language_sets, previous.people) if previous and previous.respondents else None
    known = {each: size for each, size in spoken.items() if before is None or each in before[0]}
    return list(closing.separate_groups(known, people, k, before))


@pytest.mark.parametrize("rule", [each_by_itself, as_columns])
def test_the_search_finds_rules_that_tell_the_languages_of_few(
    monkeypatch: pytest.MonkeyPatch, rule: Rule
) -> None:
    """A check of the checker."""
    monkeypatch.setattr(closing, "told_languages", rule)
    assert all(faults_among(every_round(sizes, 3, "rR"), LANGUAGES)[2] for sizes in SPOKEN_SYSTEMS[:2])
    assert any(one_world(a_round(random.Random(seed), SPOKEN), LANGUAGES) for seed in range(200))


# Examples that can be checked by hand


def shown(people: str, *more: str, k: int = 3) -> list[int | None]:
    """Returns the don't knows of each closing. A person is a group and what was said; . stands for no group."""
    written = [part.split() for part in (people, *more)]
    persons = tuple((None if each[0] == "." else each[0], each[1]) for part in written for each in part)
    sizes = [len(part) for part in written]
    closings = tuple(sum(sizes[: at + 1]) for at in range(len(sizes)))
    return [next(each.indicators).dont_know for each in Round(persons, closings, k).releases()]


def test_a_column_of_four_with_three_ratings_hides_that_one_did_not_know() -> None:
    assert shown("ar ar ar ar a? a? a? .r .r .r .?") == [None]


@pytest.mark.parametrize(
    "people",
    [
        "ar ar ar ar a? a? a? .r .r .r",  # no one of the others is without a rating
        "ar ar ar a? a? a? .r .r .r .? .? .?",  # three of them are
        "ar ar ar a? a? a? .r .r .r .n .n .-",  # no one knows whether this one did not know or left it open
    ],
)
def test_dont_know_is_told_where_columns_single_out_no_few(people: str) -> None:
    assert shown(people) == [people.count("?")]


def test_a_column_in_which_it_applies_to_no_one_does_not_stand_for_those_who_left_it_open() -> None:
    assert shown("ar ar ar br br b? cn cn cn .? .? .n") == [None]
    # Nor for the one person of no column who did not know.
    assert shown("ar ar ar a? a? a? cn cn cn .r .r .r .?") == [None]
    assert shown("ar ar ar a? a? a? cn cn cn .r .r .r .? .? .?") == [6]


def test_newcomers_who_are_few_in_a_column_hide_that_all_of_them_did_not_know() -> None:
    first = "ar ar ar a? a? a? br br br b? b? b? bn bn bn"
    assert shown(first, "a? a? a? b?") == [6, None]
    assert shown(first, "ar ar ar br br br") == [6, 6]
    assert shown(first, "a? a? a? b? bn an bn") == [6, 10]


def test_ratings_that_come_later_do_not_tell_who_left_it_open_before() -> None:
    line = Round(
        tuple((each[0], each[1]) for each in ["ar", "ar", "a?", "b?", "b?", "bn", "ar", "ar", "ar", "br"]),
        (6, 10),
        3,
    ).releases()[1]
    assert next(line.indicators).all is None


def test_cells_are_looked_at_only_where_everybody_answered_alike() -> None:
    one, three, five, six = (People(account=number) for number in (1, 3, 5, 6))
    assert may_show_dont_know(Unrated(six, three, (one, five)), 3, None)
    assert not may_show_dont_know(Unrated(six, six, (one, five)), 3, None)
    assert may_show_dont_know(Unrated(six, six, (three, three)), 3, None)


def test_answers_of_the_open_link_do_not_hide_that_all_others_answered_alike() -> None:
    one, five, six = (People(account=number) for number in (1, 5, 6))
    link = People(link=12)
    assert not may_show_dont_know(Unrated(six + link, six, (one, five + link)), 3, None)
    assert not may_show_dont_know(Unrated(six + link, link, (one, five + link)), 3, None)
    assert may_show_dont_know(Unrated(six + link, six, (six, link)), 3, None)


def spoken(*closings: str, k: int = 3) -> list[dict[str, int]]:
    """Returns what each closing tells of languages; r answered in English and R in Spanish."""
    people = tuple((None, said) for part in closings for said in part)
    sizes = [len(part) for part in closings]
    totals = tuple(sum(sizes[: at + 1]) for at in range(len(sizes)))
    return [dict(each.languages) for each in Round(people, totals, k).releases()]


@pytest.mark.parametrize(
    ("people", "told"),
    [
        ("rrrrrRRR", {"en": 5, "es": 3}),
        ("rrrrrrRR", {}),  # two are too few
        ("rrRRRRRR", {}),  # and so are two beside six
        ("RRRRRRRR", {}),  # all of them are known to be alike, and so is everyone's language
    ],
)
def test_a_language_is_told_where_it_and_the_rest_are_enough(people: str, told: dict[str, int]) -> None:
    assert spoken(people) == [told]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("rrrRRR", {"en": 6, "es": 6}),
        ("rrrrRR", {}),  # the difference would be two
        ("rrrrrr", {}),  # everyone since then, also whoever is alone in a column
        ("rR", {"en": 3, "es": 3}),  # too few came for another release
    ],
)
def test_a_total_is_held_back_where_its_difference_would_tell_few(more: str, told: dict[str, int]) -> None:
    assert spoken("rrrRRR", more) == [{"en": 3, "es": 3}, told]


def test_a_language_that_was_held_back_stays_so() -> None:
    assert spoken("rrrrR", "rrrRRR") == [{}, {}]
    assert spoken("rrrRRR", "rrrr", "rrrRRR")[1:] == [{}, {}]


def test_a_total_is_told_anew_where_some_newcomers_answered_in_a_language_that_is_not_told() -> None:
    four, seven, eight, ten, all_ = (People(account=number) for number in (4, 7, 8, 10, 14))
    earlier = Release(3, 8, (), (), languages={"en": 4}, people=eight, language_sets={"en": four})
    assert closing.told_languages({"en": seven, "es": seven}, all_, 3, earlier) == ["en"]
    assert closing.told_languages({"en": ten, "es": four}, all_, 3, earlier) == []


def test_people_of_whom_no_language_is_known_stay_out_of_the_totals() -> None:
    spoken = {"en": People(account=4), "es": People(account=3)}
    assert closing.told_languages(spoken, People(account=10), 3) == ["en", "es"]
    assert closing.told_languages(spoken, People(account=8), 3) == ["en"]
