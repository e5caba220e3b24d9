"""Tests what a draft proposes, in which order, and what is ticked by default."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.meetings.agenda.rules import about as about_rules
from engage.meetings.agenda.rules.about import AboutKind, about
from engage.meetings.agenda.rules.draft import (
    MOST,
    ORDER,
    Brought,
    Proposal,
    chosen,
    frame,
    merged,
    sections,
    ticked,
)
from engage.meetings.rules import MeetingKind, Source


def line(source: Source, about: str = "", **more: object) -> Proposal:
    return Proposal(source, title=f"About {about}", why="Because", about=about, **more)  # type: ignore[arg-type]


def late(count: int) -> Brought:
    first = tuple(line(Source.LATE_ACTION, f"action:{n}") for n in range(1, min(count, 20) + 1))
    return Brought(Source.LATE_ACTION, first, count, "/plan/")


TEMPLATE = [
    line(Source.TEMPLATE, f"template:general:{key}", rank=float(rank), minutes=minutes)
    for rank, (key, minutes) in enumerate([("welcome", 10), ("moved", 10), ("close", 5)])
]


def test_of_three_hundred_late_actions_the_first_few_are_shown_and_the_rest_counted() -> None:
    (section,) = sections([late(300)], [])
    assert [each.about for each in section.proposals] == ["action:1", "action:2", "action:3"]
    assert section.more == 297
    assert section.url == "/plan/"


def test_what_is_on_the_agenda_is_not_proposed_again_and_the_next_one_moves_up() -> None:
    (section,) = sections([late(5)], ["action:1", "", "action:3"])
    assert [each.about for each in section.proposals] == ["action:2", "action:4", "action:5"]
    assert section.more == 0


def test_a_thing_that_two_sources_bring_up_stands_once_with_the_first() -> None:
    beds = about(AboutKind.INDICATOR, 7, "beds")
    found = sections(
        [
            Brought(Source.DISAGREEMENT, (line(Source.DISAGREEMENT, beds),), 1),
            Brought(Source.GAP, (line(Source.GAP, beds),), 1),
            Brought(Source.DISCUSSION, (line(Source.DISCUSSION, beds),), 1),
        ],
        [],
    )
    assert [(section.source, len(section.proposals)) for section in found] == [(Source.DISCUSSION, 1)]


def test_lines_about_nothing_are_not_taken_for_one_another() -> None:
    twice = (line(Source.CARRIED_OVER, carried_from=1), line(Source.CARRIED_OVER, carried_from=2))
    (section,) = sections([Brought(Source.CARRIED_OVER, twice, 2)], ["", ""])
    assert len(section.proposals) == 2
    assert len({each.key for each in section.proposals}) == 2


def test_nothing_recorded_leaves_the_template() -> None:
    assert sections([], []) == []
    assert sections([Brought(Source.GAP, (), 0)], []) == []
    assert frame(TEMPLATE, []) == TEMPLATE


def test_a_template_line_that_is_there_is_left_out() -> None:
    assert frame(TEMPLATE, ["template:general:welcome"]) == TEMPLATE[1:]


@given(st.dictionaries(st.sampled_from(ORDER), st.integers(1, 40)), st.sets(st.integers(1, 40)))
def test_no_source_proposes_more_than_its_share_and_shown_and_more_make_all(
    counts: dict[Source, int], there: set[int]
) -> None:
    already = [about(AboutKind.ACTION, n) for n in there]
    brought = [
        Brought(source, tuple(line(source, f"action:{n}") for n in range(1, count + 1)), count)
        for source, count in counts.items()
    ]
    found = sections(brought, already)
    assert [section.source for section in found] == [
        source for source in ORDER if source in {each.source for each in found}
    ]
    shown = [each.about for section in found for each in section.proposals]
    assert len(set(shown)) == len(shown) and not set(shown) & set(already)
    for section in found:
        assert 0 < len(section.proposals) <= MOST[section.source]
        assert section.more >= 0


def test_what_fits_is_ticked_the_frame_first() -> None:
    found = sections([late(3), Brought(Source.GAP, (line(Source.GAP, "indicator:7:beds"),), 1)], [])
    short_of_time = ticked(MeetingKind.GENERAL, TEMPLATE, found, 40)
    # 25 for the frame, 10 for each line: one fits.
    assert short_of_time == {each.key for each in [*TEMPLATE, found[0].proposals[0]]}
    assert len(ticked(MeetingKind.GENERAL, TEMPLATE, found, 90)) == 3 + 4


def test_a_meeting_of_fifteen_minutes_ticks_only_what_its_least_fits() -> None:
    many = [line(Source.TEMPLATE, f"template:general:{n}", rank=float(n)) for n in range(20)]
    assert len(ticked(MeetingKind.GENERAL, many, sections([late(20)], []), 15)) == 3


def test_beside_a_planning_sessions_own_lines_only_what_was_not_reached_is_ticked() -> None:
    left = Brought(Source.CARRIED_OVER, (line(Source.CARRIED_OVER, carried_from=4),), 1)
    found = sections([late(3), left], [])
    keys = ticked(MeetingKind.PLANNING_SESSION, TEMPLATE, found, 180)
    assert keys == {each.key for each in [*TEMPLATE, *found[0].proposals]}


def test_the_records_follow_their_line_of_the_frame() -> None:
    found = sections([late(2)], [])
    keys = [each.key for each in TEMPLATE] + [found[0].proposals[1].key, "late_action|action:99"]
    kept = chosen(TEMPLATE, found, keys, follows=1.0)
    assert [each.about for each in kept] == [
        "template:general:welcome",
        "template:general:moved",
        "action:2",
        "template:general:close",
    ]


@given(st.lists(st.integers(0, 9)), st.lists(st.integers(0, 9).map(float)))
def test_new_lines_leave_the_order_of_those_that_are_there(existing: list[int], new: list[float]) -> None:
    order = merged([float(each) for each in existing], sorted(new))
    assert [index for is_new, index in order if not is_new] == list(range(len(existing)))
    assert [index for is_new, index in order if is_new] == list(range(len(new)))


def test_a_new_line_goes_before_the_first_that_belongs_after_it() -> None:
    # Welcome, a late action, the close; then another action and a template line that was left out before.
    order = merged([0.0, 1.5, 9.0], [1.0, 1.5])
    assert order == [(False, 0), (True, 0), (False, 1), (True, 1), (False, 2)]


@pytest.mark.parametrize(
    ("text", "kind", "names"),
    [
        ("action:14", AboutKind.ACTION, ("14",)),
        ("indicator:7:beds", AboutKind.INDICATOR, ("7", "beds")),
        ("template:general:welcome", AboutKind.TEMPLATE, ("general", "welcome")),
        ("sector:health", AboutKind.SECTOR, ("health",)),
        ("break", AboutKind.BREAK, ()),
    ],
)
def test_what_a_line_is_about_is_read_as_it_was_written(
    text: str, kind: AboutKind, names: tuple[str, ...]
) -> None:
    found = about_rules.read(text)
    assert found is not None and (found.kind, found.names) == (kind, names)
    assert about(kind, *names) == str(found) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "action", "action:", "action:x", "action:0", "action:-1", "action:1:2", f"action:{2**31}"),
        *("action:²", "indicator:7", "indicator:x:beds", "indicator:7:", "break:1", "unheard:1", ":"),
        "template:general",
    ],
)
def test_what_says_nothing_is_about_nothing(text: str) -> None:
    assert about_rules.read(text) is None
