from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engage.meetings.rules import HeldSession
from engage.onboarding.evidence.rules import (
    BOUNDS,
    EvidenceLine,
    LineKey,
    OutOfBounds,
    Records,
    RoundEvidence,
    Thresholds,
    best_round,
    best_session,
    is_area_answered,
)
from engage.onboarding.rules import (
    COUNTED,
    OnboardingStep,
    Override,
    OverrideWithoutReason,
    PeopleHere,
    StepKey,
    StepsDone,
    StepState,
    lines,
    next_step,
    states,
    steps,
    steps_done,
)

DEFAULTS = Thresholds()
OVERRIDE = Override("We did this before we used Engage.", by=3, on=date(2026, 11, 25))
ENOUGH = Records(
    people_read=2,
    areas_noted=6,
    areas=6,
    sections_noted=3,
    closed_rounds=1,
    best_round_people=5,
    best_round_sectors=3,
    best_round_areas_answered=6,
    best_round_areas=6,
    strengths=10,
    strength_kinds=3,
    needs=3,
    needs_answered=3,
    contacts=5,
    sectors_expected=15,
    sectors_here=12,
    sectors_talked=12,
    sectors_filled=15,
    tip_items=41,
    tip_items_looked_at=13,
    sessions=1,
    session_sectors=3,
    session_decisions=1,
    needs_rated=3,
    adopted_plan=True,
    goals=2,
    goals_with_objective=2,
    goals_measured=2,
    objectives=3,
    objectives_with_action=3,
    review_is_current=True,
    stuck=1,
    stuck_discussed=1,
    assessment_is_set=True,
)
WITH_RECORDS = (
    StepKey.STRATEGY,
    StepKey.TOOLKIT,
    StepKey.ASSESS,
    StepKey.STRENGTHS,
    StepKey.RELATIONSHIPS,
    StepKey.PLANNING,
    StepKey.PLAN,
    StepKey.KEEP_GOING,
)


def state_of(key: StepKey, records: Records, thresholds: Thresholds = DEFAULTS) -> StepState:
    return OnboardingStep(key, lines(key, records, thresholds)).state


# -- lines


@pytest.mark.parametrize(
    ("have", "need", "holds"),
    [(0, 0, False), (3, 0, False), (0, 1, False), (1, 1, True), (4, 5, False), (6, 5, True)],
)
def test_a_line_holds_when_enough_of_something_is_there(have: int, need: int, holds: bool) -> None:
    assert EvidenceLine(LineKey.GOALS, have, need).holds is holds


@pytest.mark.parametrize(
    ("answered", "indicators", "percent", "enough"),
    [
        (0, 0, 60, False),
        (1, 1, 60, True),
        (3, 5, 60, True),
        (2, 5, 60, False),
        (4, 7, 60, False),
        (5, 7, 60, True),
        (7, 7, 100, True),
    ],
)
def test_an_area_is_answered_from_the_percentage_on(
    answered: int, indicators: int, percent: int, enough: bool
) -> None:
    assert is_area_answered(answered, indicators, percent) is enough


def test_the_lines_carry_their_numbers() -> None:
    records = replace(ENOUGH, best_round_people=4)

    assert lines(StepKey.ASSESS, records, DEFAULTS) == (
        EvidenceLine(LineKey.CLOSED_ROUNDS, 1, 1),
        EvidenceLine(LineKey.ROUND_PEOPLE, 4, 5),
        EvidenceLine(LineKey.ROUND_SECTORS, 3, 3),
        EvidenceLine(LineKey.AREAS_ANSWERED, 6, 6),
    )


# -- steps by their records


@pytest.mark.parametrize("key", WITH_RECORDS)
def test_a_step_is_complete_when_every_line_holds(key: StepKey) -> None:
    assert state_of(key, ENOUGH) is StepState.COMPLETE_BY_RECORDS


@pytest.mark.parametrize(
    ("key", "missing"),
    [
        (StepKey.STRATEGY, {"people_read": 1}),
        (StepKey.STRATEGY, {"areas_noted": 5}),
        (StepKey.STRATEGY, {"areas_noted": 0, "areas": 0}),
        (StepKey.TOOLKIT, {"sections_noted": 2}),
        (StepKey.ASSESS, {"closed_rounds": 0}),
        (StepKey.ASSESS, {"best_round_people": 4}),
        (StepKey.ASSESS, {"best_round_sectors": 2}),
        (StepKey.ASSESS, {"best_round_areas_answered": 5}),
        (StepKey.STRENGTHS, {"strengths": 9}),
        (StepKey.STRENGTHS, {"strength_kinds": 2}),
        (StepKey.STRENGTHS, {"needs": 2}),
        (StepKey.STRENGTHS, {"needs_answered": 2}),
        (StepKey.RELATIONSHIPS, {"contacts": 4}),
        (StepKey.RELATIONSHIPS, {"sectors_talked": 11}),
        (StepKey.RELATIONSHIPS, {"sectors_filled": 14}),
        (StepKey.RELATIONSHIPS, {"sectors_here": 0, "sectors_talked": 0}),
        (StepKey.PLANNING, {"tip_items_looked_at": 12}),
        (StepKey.PLANNING, {"tip_items": 44}),
        (StepKey.PLANNING, {"tip_items_looked_at": 0, "tip_items": 0}),
        (StepKey.PLANNING, {"sessions": 0, "session_sectors": 0, "session_decisions": 0}),
        (StepKey.PLANNING, {"session_sectors": 2}),
        (StepKey.PLANNING, {"session_decisions": 0}),
        (StepKey.PLANNING, {"needs_rated": 2}),
        (StepKey.PLAN, {"adopted_plan": False}),
        (StepKey.PLAN, {"goals_with_objective": 1}),
        (StepKey.PLAN, {"goals_measured": 1}),
        (StepKey.KEEP_GOING, {"review_is_current": False}),
        (StepKey.KEEP_GOING, {"stuck": 2}),
        (StepKey.KEEP_GOING, {"assessment_is_set": False}),
        (StepKey.PLAN, {"objectives_with_action": 2}),
        (
            StepKey.PLAN,
            {
                "goals": 0,
                "goals_with_objective": 0,
                "goals_measured": 0,
                "objectives": 0,
                "objectives_with_action": 0,
            },
        ),
        (StepKey.PLAN, {"objectives": 0, "objectives_with_action": 0}),
    ],
)
def test_one_line_short_leaves_a_step_in_progress(key: StepKey, missing: dict[str, Any]) -> None:
    assert state_of(key, replace(ENOUGH, **missing)) is StepState.IN_PROGRESS


@pytest.mark.parametrize("key", StepKey)
def test_nothing_recorded_is_not_started(key: StepKey) -> None:
    assert state_of(key, Records(areas=6)) is StepState.NOT_STARTED


def test_nothing_stuck_and_an_open_round_keep_it_alive_as_well() -> None:
    fields = {"stuck": 0, "stuck_discussed": 0, "assessment_is_set": False, "open_round": True}
    assert state_of(StepKey.KEEP_GOING, replace(ENOUGH, **fields)) is StepState.COMPLETE_BY_RECORDS
    assert [line.key for line in lines(StepKey.KEEP_GOING, replace(ENOUGH, stuck=0), DEFAULTS)] == [
        LineKey.REVIEW_HELD,
        LineKey.ASSESSMENT_SET,
    ]


def test_an_override_completes_what_the_records_do_not() -> None:
    assert (
        OnboardingStep(StepKey.PLAN, lines(StepKey.PLAN, Records(), DEFAULTS), OVERRIDE).state
        is StepState.COMPLETE_BY_OVERRIDE
    )


def test_records_speak_before_an_override() -> None:
    assert (
        OnboardingStep(StepKey.PLAN, lines(StepKey.PLAN, ENOUGH, DEFAULTS), OVERRIDE).state
        is StepState.COMPLETE_BY_RECORDS
    )


@pytest.mark.parametrize("reason", ["", " \n"])
def test_an_override_needs_a_sentence(reason: str) -> None:
    with pytest.raises(OverrideWithoutReason):
        Override(reason, by=3, on=date(2026, 11, 25))


# -- thresholds


def test_a_coalition_may_ask_for_more_or_less() -> None:
    strict = Thresholds(people_read=3, round_people=9, round_sectors=4)

    assert [state_of(key, ENOUGH, strict) for key in WITH_RECORDS] == [
        StepState.IN_PROGRESS,
        StepState.COMPLETE_BY_RECORDS,
        StepState.IN_PROGRESS,
        StepState.COMPLETE_BY_RECORDS,
        StepState.COMPLETE_BY_RECORDS,
        StepState.COMPLETE_BY_RECORDS,
        StepState.COMPLETE_BY_RECORDS,
        StepState.COMPLETE_BY_RECORDS,
    ]
    assert state_of(StepKey.STRATEGY, replace(ENOUGH, people_read=1), Thresholds(people_read=1)).is_complete


@pytest.mark.parametrize("name", BOUNDS)
def test_thresholds_stay_within_their_bounds(name: str) -> None:
    bounds = BOUNDS[name]
    for inside in (bounds.low, bounds.high):
        assert getattr(replace(DEFAULTS, **{name: inside}), name) == inside
    for outside in (bounds.low - 1, bounds.high + 1):
        with pytest.raises(OutOfBounds) as refused:
            replace(DEFAULTS, **{name: outside})
        assert (refused.value.name, refused.value.value, refused.value.bounds) == (name, outside, bounds)


# -- the best round


@pytest.mark.parametrize(
    ("rounds", "best"),
    [
        ([], None),
        ([RoundEvidence(1, 1, 0, 6)], 0),
        ([RoundEvidence(9, 2, 6, 6), RoundEvidence(5, 3, 6, 6)], 1),
        ([RoundEvidence(5, 3, 6, 6), RoundEvidence(9, 3, 5, 6)], 0),
        ([RoundEvidence(6, 3, 6, 6), RoundEvidence(5, 3, 6, 6)], 0),
        ([RoundEvidence(5, 3, 6, 6), RoundEvidence(5, 4, 6, 6)], 1),
        ([RoundEvidence(5, 3, 2, 2), RoundEvidence(9, 3, 5, 6)], 0),
        ([RoundEvidence(5, 3, 1, 2), RoundEvidence(5, 3, 0, 0)], 1),
        ([RoundEvidence(5, 3, 2, 2), RoundEvidence(5, 3, 0, 0)], 0),
    ],
)
def test_the_best_round_holds_most_lines(rounds: list[RoundEvidence], best: int | None) -> None:
    assert best_round(rounds, DEFAULTS) is (None if best is None else rounds[best])


# -- the best planning session


def session(day: int, sectors: str, decisions: int = 0) -> HeldSession:
    return HeldSession(datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day), frozenset(sectors), decisions)


@pytest.mark.parametrize(
    ("sessions", "best"),
    [
        ([], None),
        ([session(0, "")], session(0, "")),
        # Two halves are one session: who was at either was there.
        ([session(0, "ab", 1), session(45, "bc", 2)], session(0, "abc", 3)),
        ([session(0, "ab", 1), session(46, "bc", 2)], session(46, "bc", 2)),
        # The one that holds more lines, then more sectors, then the later one.
        ([session(0, "abc", 1), session(365, "abcd")], session(0, "abc", 1)),
        ([session(0, "abc", 1), session(365, "abcd", 1)], session(365, "abcd", 1)),
        ([session(0, "abc", 1), session(365, "bcd", 1)], session(365, "bcd", 1)),
        ([session(0, "abcd", 1), session(365, "bcd", 1)], session(0, "abcd", 1)),
    ],
)
def test_the_best_session_holds_most_lines(sessions: list[HeldSession], best: HeldSession | None) -> None:
    assert best_session(sessions, DEFAULTS) == best


# -- the path


def test_the_path_has_eight_steps_in_order_with_their_overrides() -> None:
    path = steps(ENOUGH, DEFAULTS, {StepKey.TOOLKIT: OVERRIDE})

    assert [step.key for step in path] == list(StepKey)
    assert [step.key for step in path if step.state.is_complete] == [
        StepKey.STRATEGY,
        StepKey.TOOLKIT,
        StepKey.ASSESS,
        StepKey.STRENGTHS,
        StepKey.RELATIONSHIPS,
        StepKey.PLANNING,
        StepKey.PLAN,
        StepKey.KEEP_GOING,
    ]
    assert next_step(states(path)) is None
    assert steps_done(states(path)) == StepsDone(7, 7)


def test_an_open_round_is_under_way_and_counts_nothing() -> None:
    path = steps(Records(areas=6, open_round=True), DEFAULTS, {})

    assert [step.key for step in path if step.state is StepState.IN_PROGRESS] == [StepKey.ASSESS]


def test_a_new_coalition_begins_with_what_people_do_together() -> None:
    nothing = states(steps(Records(areas=6), DEFAULTS, {}))

    assert next_step(nothing) is next_step({}) is StepKey.ASSESS
    assert steps_done(nothing) == steps_done({}) == StepsDone(0, 7)


def test_what_is_under_way_is_next_the_furthest_along_first_and_reading_last() -> None:
    read = Records(areas=6, people_read=1, areas_noted=6)
    path = steps(replace(read, strengths=1, contacts=4), DEFAULTS, {})
    shares = {step.key: step.share for step in path}
    assert shares[StepKey.STRATEGY] > shares[StepKey.RELATIONSHIPS] > shares[StepKey.STRENGTHS] > 0
    assert next_step(states(path), shares) is StepKey.RELATIONSHIPS
    assert next_step(states(steps(read, DEFAULTS, {}))) is StepKey.ASSESS
    rest: dict[StepKey, StepState] = dict.fromkeys(COUNTED, StepState.COMPLETE_BY_RECORDS)
    assert next_step({**rest, StepKey.TOOLKIT: StepState.IN_PROGRESS}) is StepKey.TOOLKIT


def test_a_step_says_how_many_of_its_parts_are_met_and_how_far_it_is() -> None:
    path = {step.key: step for step in steps(Records(areas=6, people_read=2, areas_noted=3), DEFAULTS, {})}
    assert (path[StepKey.STRATEGY].parts_done, path[StepKey.STRATEGY].share) == (1, 0.75)
    assert path[StepKey.TOOLKIT].share == 0.0
    word = steps(Records(), DEFAULTS, {StepKey.TOOLKIT: OVERRIDE})
    assert word[1].share == 1.0


def test_people_come_first_until_enough_are_here_or_invited() -> None:
    assert PeopleHere(1, 3, 5).comes_first
    assert not PeopleHere(1, 4, 5).comes_first
    assert PeopleHere(4, 9, 5).are_few
    assert not PeopleHere(5, 0, 5).are_few


def test_keeping_it_alive_is_never_next_and_never_counted() -> None:
    all_seven: dict[StepKey, StepState] = dict.fromkeys(COUNTED, StepState.COMPLETE_BY_OVERRIDE)

    assert next_step(all_seven) is None
    assert steps_done({**all_seven, StepKey.KEEP_GOING: StepState.COMPLETE_BY_OVERRIDE}) == StepsDone(7, 7)


@given(st.dictionaries(st.sampled_from(StepKey), st.sampled_from(StepState)))
def test_there_is_a_next_step_until_all_seven_are_done(some: dict[StepKey, StepState]) -> None:
    done = steps_done(some)

    assert 0 <= done.done <= done.total == 7
    assert (next_step(some) is None) is (done.done == 7)
