"""Which sets of people may be shown: by how many of them have an account, a slip or a sheet, or came by the link."""

from collections.abc import Sequence

import pytest

from engage.assessment.results.rules.closing import (
    ClosedResponse,
    column_sizes,
    may_share_efforts,
    release,
    told_by_link,
    told_languages,
)
from engage.assessment.results.rules.people import (
    NOBODY,
    People,
    none_or_all,
    none_or_part,
    together,
)
from engage.assessment.results.rules.releases import (
    OTHERS,
    AreaResult,
    IndicatorResult,
    OptionSets,
    OptionsResult,
    Release,
    ReleasedCell,
    Sets,
)
from engage.assessment.rules import DONT_KNOW, Answer, Area, Indicator, WayIn

GROUPS = ("justice", "health", "faith")
BEDS = (Area("care", (Indicator("beds"),)),)
ACCOUNT, LINK, SLIPS, PAPER = WayIn.ACCOUNT, WayIn.LINK, WayIn.SLIPS, WayIn.PAPER


def people(way: WayIn, group: str | None, said: str) -> list[ClosedResponse]:
    """Returns one response for each character of `said`: a rating, ? for "don't know", or - for no answer to it."""
    answers = {"?": {"beds": DONT_KNOW}, "-": {"cars": DONT_KNOW}}
    return [
        ClosedResponse("some_sector", group, answers.get(each) or {"beds": Answer.rated(int(each))}, way=way)
        for each in said
    ]


def shown(
    *came: Sequence[ClosedResponse],
    k: int = 3,
    previous: Release | None = None,
    spoken: dict[str, People] | None = None,
) -> Release:
    questions = (*BEDS, Area("roads", (Indicator("cars"),)))
    return release(questions, [each for part in came for each in part], GROUPS, k, previous, spoken)


def cells(made: Release) -> dict[str, tuple[float, int]]:
    row = next(made.indicators, None)
    if row is None:
        return {}
    found = {group: (cell.value, cell.n) for group, cell in row.groups.items()}
    return found if row.all is None else {"all": (row.all.value, row.all.n)} | found


# The rule


@pytest.mark.parametrize(
    ("account", "hand", "link", "k", "all_", "part"),
    [
        (0, 0, 0, 3, True, True),
        (3, 0, 0, 3, True, True),
        (2, 0, 0, 3, False, False),
        (2, 0, 90, 3, False, False),  # the link protects no one
        (3, 0, 1, 3, True, True),
        (2, 3, 0, 3, True, False),
        (2, 2, 0, 3, False, False),
        (0, 5, 0, 3, True, False),
        (0, 4, 90, 3, False, False),
        (0, 9, 0, 3, True, False),
        (0, 10, 0, 3, True, True),
        (1, 9, 0, 3, True, True),
        (0, 0, 9, 3, False, False),
        (0, 0, 10, 3, True, True),
        (0, 0, 1, 3, False, False),
        (8, 0, 0, 9, False, False),
        (9, 0, 0, 9, True, True),
        (0, 10, 0, 9, False, False),
        (0, 11, 0, 9, True, True),
        (0, 0, 11, 12, False, False),
        (0, 0, 12, 12, True, True),
    ],
)
def test_a_set_is_measured_by_those_whom_no_one_can_make_up(
    account: int, hand: int, link: int, k: int, all_: bool, part: bool
) -> None:
    counted = People(account, hand, link)
    assert (none_or_all(counted, k), none_or_part(counted, k)) == (all_, part)


def test_sets_are_added_and_subtracted_by_way() -> None:
    assert together([People(1, 2, 3), People(4, 5, 6)]) == People(5, 7, 9)
    assert People(5, 7, 9) - People(1, 2, 3) == People(4, 5, 6)
    assert People.of([ACCOUNT, SLIPS, PAPER, LINK, LINK]) == People(1, 2, 2)
    assert (People(1, 2, 4).known, People(1, 2, 4).number, together([])) == (3, 7, NOBODY)


# What rounds show with k = 3


def test_members_alone_are_shown_from_three_on_as_they_always_were() -> None:
    assert cells(shown(people(ACCOUNT, "justice", "12"))) == {}
    made = shown(people(ACCOUNT, "justice", "112"), people(ACCOUNT, "health", "333"))
    assert cells(made) == {"all": (2.5, 6), "justice": (1.0, 3), "health": (3.0, 3)}
    assert next(made.indicators).counts == (0, 2, 1, 3, 0)


def test_neighbors_count_in_the_columns_of_members() -> None:
    members = [("justice", "1111"), ("health", "2222"), ("faith", "33"), (None, "00")]
    neighbors = [("justice", "4" * 10), ("health", "0" * 20), ("faith", "4" * 10)]
    made = shown(*(people(ACCOUNT, *each) for each in members), *(people(LINK, *each) for each in neighbors))
    assert made.people == People(12, 0, 40)
    assert {column: n for column, (_value, n) in cells(made).items()} == {
        "all": 52,
        "justice": 14,
        "health": 24,
        OTHERS: 14,
    }


def test_a_column_of_neighbors_and_one_member_is_not_shown() -> None:
    """Who writes 0 and 4 by the link would read the member's answer as the middle of three."""
    made = shown(
        people(ACCOUNT, "justice", "1"), people(LINK, "justice", "04"), people(ACCOUNT, "health", "2222")
    )
    assert made.groups == ()
    by_hand = shown(
        people(ACCOUNT, "justice", "1"), people(SLIPS, "justice", "04"), people(ACCOUNT, "health", "2222")
    )
    assert by_hand.groups == ()


def test_neighbors_alone_are_shown_from_ten_on_without_columns() -> None:
    assert shown(people(LINK, "justice", "123412341")).respondents == 0
    made = shown(
        people(LINK, "justice", "1" * 20),
        people(LINK, "health", "2" * 15 + "?" * 10),
        spoken={"en": People(link=30), "es": People(link=15)},
    )
    row = next(made.indicators)
    assert cells(made) == {"all": (1.0, 35)}
    assert (row.counts, row.dont_know, row.by_link, made.groups) == ((0, 20, 15, 0, 0), 10, True, ())
    assert made.languages == {"en": 30, "es": 15}


def test_two_members_are_left_out_beside_forty_neighbors() -> None:
    made = shown(people(ACCOUNT, "justice", "00"), people(LINK, "justice", "4" * 40))
    assert (made.respondents, made.by_link_alone, cells(made)) == (40, True, {"all": (4.0, 40)})
    assert next(made.indicators).counts == (0, 0, 0, 0, 40)


def test_a_statement_that_only_two_members_rated_shows_the_neighbors_answers_alone() -> None:
    made = shown(people(ACCOUNT, "justice", "00" + "-" * 10), people(LINK, "justice", "4" * 40))
    row = next(made.indicators)
    assert (made.respondents, cells(made), row.by_link) == (52, {"all": (4.0, 40)}, True)
    assert (row.respondents, row.counts, row.dont_know) == (40, (0, 0, 0, 0, 40), None)


def test_nine_on_paper_have_all_and_no_columns() -> None:
    made = shown(people(PAPER, "justice", "11122"), people(PAPER, "health", "3333"))
    assert cells(made) == {"all": (2.0, 9)}
    assert next(made.indicators).counts == (0, 3, 2, 4, 0)
    columns = shown(people(PAPER, "justice", "1" * 10), people(PAPER, "health", "3" * 10))
    assert columns.groups == ("justice", "health")


# What is left when shown sets are subtracted


def test_a_pool_that_neighbors_fill_takes_in_a_column() -> None:
    made = shown(
        people(ACCOUNT, "justice", "1111"),
        people(ACCOUNT, "health", "222"),
        people(ACCOUNT, "faith", "3"),
        people(LINK, "faith", "4" * 12),
    )
    assert {column: n for column, (_value, n) in cells(made).items()} == {"all": 20, "justice": 4, OTHERS: 16}


def test_a_newer_release_needs_enough_newcomers_by_themselves() -> None:
    old = people(ACCOUNT, "justice", "1111")
    first = shown(old)
    assert shown(old, people(LINK, "justice", "4" * 9), previous=first) == first
    assert shown(old, people(LINK, "justice", "4" * 10), previous=first).respondents == 14
    assert shown(old, people(PAPER, "justice", "4" * 9), previous=first) == first
    assert shown(old, people(ACCOUNT, "health", "44"), people(LINK, None, "4" * 40), previous=first) == first


def test_members_who_were_left_out_count_when_enough_of_them_have_come() -> None:
    first = shown(people(ACCOUNT, "justice", "00"), people(LINK, "justice", "4" * 40))
    again = shown(people(ACCOUNT, "justice", "000"), people(LINK, "justice", "4" * 40), previous=first)
    assert (again.respondents, cells(again)) == (43, {"all": (4.0, 43)})
    still = shown(people(ACCOUNT, "justice", "00"), people(LINK, "justice", "4" * 50), previous=first)
    assert (still.respondents, cells(still)) == (50, {"all": (4.0, 50)})


def test_a_line_that_counted_members_never_goes_back_to_neighbors_alone() -> None:
    old = [*people(ACCOUNT, "justice", "000"), *people(LINK, "justice", "4" * 10)]
    first = shown(old)
    again = shown(old, people(ACCOUNT, None, "1"), people(PAPER, None, "-" * 10), previous=first)
    assert (again.respondents, cells(again)) == (24, cells(first))


@pytest.mark.parametrize("way", [ACCOUNT, PAPER])
def test_a_release_of_the_earlier_rule_is_read_as_if_everyone_had_come_in_one_way(way: WayIn) -> None:
    def old(came: WayIn) -> list[ClosedResponse]:
        return [*people(came, "justice", "1111??? "[:7]), *people(came, "health", "2222")]

    spoken = {"en": People(account=7), "es": People(account=4)}
    stored = Release.from_json(shown(old(ACCOUNT), spoken=spoken).to_json()).assuming(way)
    assert stored.people.account == (11 if way is ACCOUNT else 0)
    assert stored.people.number == 11
    assert {key: each.number for key, each in stored.language_sets.items()} == {"en": 7, "es": 4}
    again = shown(old(way), people(ACCOUNT, "justice", "444"), previous=stored)
    expected = {"all": (2.0, 11)}
    if way is ACCOUNT:
        expected |= {"justice": (1.0, 7), "health": (2.0, 4)}
    assert cells(again) == expected
    assert next(again.indicators).dont_know == (3 if way is ACCOUNT else None)
    assert shown(old(way), people(ACCOUNT, "justice", "44"), previous=stored) == stored


# Numbers beside the results


def test_the_header_of_the_others_is_shown_only_where_they_are_enough() -> None:
    """An unchanged line may show a group that belongs to the others in new lines."""
    responses = [*people(ACCOUNT, "justice", "1111"), *people(ACCOUNT, "health", "2")]
    made = Release(3, 5, ("justice", OTHERS), (), people=People(account=5))
    assert column_sizes(made, responses) == {"justice": 4}
    four = [*responses, *people(ACCOUNT, "faith", "222")]
    made = Release(3, 8, ("justice", OTHERS), (), people=People(account=8))
    assert column_sizes(made, four) == {"justice": 4, OTHERS: 4}
    nobody = Release(3, 4, ("justice", OTHERS), (), people=People(account=4))
    assert column_sizes(nobody, responses[:4]) == {"justice": 4}


@pytest.mark.parametrize(
    ("people", "told"),
    [
        (People(3, 0, 10), 10),
        (People(0, 0, 10), 10),
        (People(2, 0, 10), None),  # so two did not
        (People(5, 0, 3), None),
        (People(0, 9, 12), None),
        (People(0, 10, 12), 12),
    ],
)
def test_how_many_came_by_the_link_is_told_where_neither_they_nor_the_others_are_few(
    people: People, told: int | None
) -> None:
    assert told_by_link(people, 3) == told


def test_how_many_came_by_the_link_is_told_anew_where_enough_came_since() -> None:
    first = Release(3, 13, (), (), people=People(3, 0, 10))
    assert told_by_link(People(6, 0, 10), 3, first) == 10
    assert told_by_link(People(6, 0, 12), 3, first) is None
    assert told_by_link(People(4, 0, 20), 3, first) is None


def test_that_few_came_by_the_link_is_told_no_more_because_none_came_since() -> None:
    first = Release(3, 15, (), (), people=People(10, 0, 5))
    assert told_by_link(People(13, 0, 5), 3, first) is None


def test_efforts_are_shared_where_k_with_an_account_came_since() -> None:
    three = people(ACCOUNT, "justice", "111")
    first = shown(three)
    assert may_share_efforts(first, None) is True
    assert may_share_efforts(shown(people(PAPER, "justice", "1" * 10)), None) is False
    assert may_share_efforts(shown(three, people(LINK, None, "1" * 10), previous=first), first) is False
    assert may_share_efforts(shown(three, three, previous=first), first) is True


def test_languages_are_not_told_apart_by_answers_that_anyone_may_have_made_up() -> None:
    spoken = {"en": People(account=10), "es": People(link=12)}
    assert told_languages(spoken, People(10, 0, 12), 3) == []
    spoken = {"en": People(account=10), "es": People(account=12)}
    assert told_languages(spoken, People(account=22), 3) == ["en", "es"]


def test_languages_stay_as_they_were_where_all_newcomers_answered_in_one() -> None:
    six = People(account=6)
    first = Release(3, 12, (), (), (), {"en": 6, "es": 6}, People(account=12), {"en": six, "es": six})
    nine = People(account=9)
    assert told_languages({"en": nine, "es": six}, People(account=15), 3, first) == []
    assert told_languages({"en": nine, "es": nine}, People(account=18), 3, first) == ["en", "es"]


def test_languages_of_the_link_stay_as_they_were_where_all_newcomers_answered_in_one() -> None:
    ten = People(link=10)
    first = Release(3, 20, (), (), (), {"en": 10, "es": 10}, People(link=20), {"en": ten, "es": ten})
    more = {"en": People(link=22), "es": ten}
    assert told_languages(more, People(link=32), 3, first) == []
    more = {"en": People(link=22), "es": People(link=22)}
    assert told_languages(more, People(link=44), 3, first) == ["en", "es"]


def test_a_line_that_no_one_rated_does_not_say_that_neighbors_did() -> None:
    unrated = next(shown(people(ACCOUNT, "justice", "---")).indicators)
    assert (unrated.all, unrated.by_link) == (None, False)
    rated = next(shown(people(LINK, "justice", "1" * 10)).indicators)
    assert rated.by_link is True


# What is kept of a release


def test_a_kept_release_says_which_lines_are_of_the_link_alone_and_others_say_nothing_of_it() -> None:
    made = shown(people(LINK, "justice", "1" * 10))
    assert made.by_link_alone is True
    kept = made.to_json()
    assert next(Release.from_json(kept, made.sets_to_json()).indicators).by_link is True
    (line, *_rest) = kept["areas"][0]["indicators"]  # type: ignore[index]
    assert line["by_link"] is True
    members = shown(people(ACCOUNT, "justice", "1" * 10))
    assert members.by_link_alone is False
    (line, *_rest) = members.to_json()["areas"][0]["indicators"]  # type: ignore[index]
    assert "by_link" not in line
    assert next(Release.from_json(members.to_json()).indicators).by_link is False
    assert IndicatorResult("beds", 1, 0, None, {}, None, None).by_link is False


def test_without_its_columns_a_release_shows_everyone_as_before() -> None:
    made = shown(people(ACCOUNT, "justice", "111"), people(ACCOUNT, "health", "333"))
    alone = made.without_columns()
    assert (made.groups, alone.groups) == (("justice", "health"), ())
    assert cells(alone) == {"all": (2.0, 6)}
    assert [area.groups for area in alone.areas] == [{}] * len(made.areas)
    assert [area.all for area in alone.areas] == [area.all for area in made.areas]


def test_assuming_one_way_everyone_of_an_earlier_release_counts_as_if_they_had_come_by_it() -> None:
    line = IndicatorResult(
        "beds",
        1,
        12,
        ReleasedCell(2.0, 9),
        {"justice": ReleasedCell(1.0, 4), OTHERS: ReleasedCell(3.0, 5)},
        None,
        3,
    )
    assert line.assuming(PAPER).sets == Sets(
        People(hand=12), People(hand=9), {"justice": People(hand=4)}, People(hand=3)
    )
    empty = IndicatorResult("cars", 1, 12, None, {}, None, None)
    assert empty.assuming(PAPER).sets == Sets(People(hand=12))
    asked = OptionsResult("how", 1, 12, 8, (5, None), 3)
    assert asked.assuming(PAPER).sets == OptionSets(
        People(hand=12), People(hand=8), (People(hand=5), NOBODY), People(hand=3)
    )
    unasked = OptionsResult("why", 1, 12)
    assert unasked.assuming(PAPER).sets == OptionSets(People(hand=12))
    area = AreaResult("care", 2, None, {}, (line, empty))
    whole = Release(3, 12, (), (area,), (asked, unasked), {"en": 7}).assuming(PAPER)
    assert (whole.people, whole.language_sets) == (People(hand=12), {"en": People(hand=7)})
    assert [row.sets.people for row in (*whole.indicators, *whole.options)] == [People(hand=12)] * 4
