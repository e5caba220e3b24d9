from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.plan.rules import (
    MOVES,
    PLAN_MOVES,
    ActionStatus,
    DueBeforeStart,
    DueKind,
    DueWords,
    MissingReason,
    Move,
    PlanIsClosed,
    PlanStatus,
    Progress,
    QuickAnswer,
    Reason,
    SameStatus,
    check_dates,
    due_words,
    is_late,
    landing,
    next_number,
    reason_needed,
    rollup,
    status_said,
)

NOT_STARTED, UNDER_WAY, STUCK, DONE, NO_LONGER_NEEDED = ActionStatus
DRAFT, ADOPTED, CLOSED = PlanStatus
TODAY = date(2026, 11, 25)

Row = tuple[int | None, int | None, ActionStatus, int]


# -- moves


def test_any_status_may_follow_any_other() -> None:
    assert all(MOVES[status] == set(ActionStatus) - {status} for status in ActionStatus)


@pytest.mark.parametrize("from_", ActionStatus)
@pytest.mark.parametrize("to", ActionStatus)
def test_each_move_asks_its_one_question(from_: ActionStatus, to: ActionStatus) -> None:
    expected = {STUCK: Reason.HELP, NO_LONGER_NEEDED: Reason.WHY_DROPPED}.get(
        to, Reason.WHY_REOPENED if from_ is DONE else None
    )

    assert reason_needed(from_, to) is (None if to is from_ else expected)


@pytest.mark.parametrize(
    ("from_", "to", "reason"),
    [
        (UNDER_WAY, STUCK, Reason.HELP),
        (DONE, STUCK, Reason.HELP),
        (NOT_STARTED, NO_LONGER_NEEDED, Reason.WHY_DROPPED),
        (DONE, UNDER_WAY, Reason.WHY_REOPENED),
    ],
)
@pytest.mark.parametrize("said", ["", " \n\t"])
def test_a_move_that_asks_is_refused_without_an_answer(
    from_: ActionStatus, to: ActionStatus, reason: Reason, said: str
) -> None:
    with pytest.raises(MissingReason) as refused:
        Move(from_, to, said).check(ADOPTED)

    assert refused.value.reason is reason
    with pytest.raises(MissingReason):
        Move(from_, to).check(ADOPTED)
    Move(from_, to, "We wait for the county.").check(ADOPTED)


@pytest.mark.parametrize(
    ("from_", "to"), [(NOT_STARTED, DONE), (STUCK, UNDER_WAY), (NO_LONGER_NEEDED, NOT_STARTED)]
)
@pytest.mark.parametrize("plan", [DRAFT, ADOPTED])
def test_other_moves_ask_nothing(from_: ActionStatus, to: ActionStatus, plan: PlanStatus) -> None:
    Move(from_, to).check(plan)


@pytest.mark.parametrize("status", ActionStatus)
def test_a_status_does_not_follow_itself(status: ActionStatus) -> None:
    with pytest.raises(SameStatus) as refused:
        Move(status, status, "Again").check(DRAFT)

    assert refused.value.status is status


def test_nothing_moves_in_a_closed_plan() -> None:
    with pytest.raises(PlanIsClosed):
        Move(NOT_STARTED, DONE).check(CLOSED)


@pytest.mark.parametrize("before", ActionStatus)
def test_one_press_says_a_status_and_a_new_date_says_none(before: ActionStatus) -> None:
    said = {answer: status_said(answer, before) for answer in QuickAnswer}
    assert said == {
        QuickAnswer.ON_TRACK: UNDER_WAY,
        QuickAnswer.DONE: DONE,
        QuickAnswer.STUCK: STUCK,
        QuickAnswer.NEW_DATE: before,
    }


# -- plans


def test_a_plan_goes_forward_only_and_closed_is_the_end() -> None:
    assert PLAN_MOVES[DRAFT] == {ADOPTED, CLOSED}
    assert PLAN_MOVES[ADOPTED] == {CLOSED}
    assert PLAN_MOVES[CLOSED] == frozenset()


@pytest.mark.parametrize(
    ("plans", "lands_in"),
    [
        ([CLOSED, DRAFT, ADOPTED], ADOPTED),
        ([ADOPTED], ADOPTED),
        ([CLOSED, DRAFT], DRAFT),
        ([CLOSED, CLOSED], None),
        ([], None),
    ],
)
def test_a_one_step_action_lands_in_the_current_plan_else_the_draft_else_a_new_one(
    plans: list[PlanStatus], lands_in: PlanStatus | None
) -> None:
    assert landing(iter(plans)) is lands_in


# -- progress


def progress(statuses: Iterable[ActionStatus]) -> Progress:
    """Returns a plan's progress whose actions have these."""
    return rollup((None, None, status, 1) for status in statuses).plan


def test_what_is_no_longer_needed_leaves_the_denominator() -> None:
    assert progress([DONE, STUCK, NO_LONGER_NEEDED, UNDER_WAY, NOT_STARTED, DONE]) == Progress(2, 5, 1)
    assert Progress(2, 5, 1).all == 6


@pytest.mark.parametrize(
    ("statuses", "percent"),
    [
        ([], 0),
        ([NO_LONGER_NEEDED], 0),
        ([DONE], 100),
        ([DONE, STUCK, STUCK], 33),
        ([DONE] * 199 + [STUCK], 99),
        # As the City of Houston published its two states of a plan: 41 of 63, then 52 of 62.
        ([DONE] * 41 + [UNDER_WAY] * 14 + [NOT_STARTED] * 8 + [NO_LONGER_NEEDED], 65),
        ([DONE] * 52 + [UNDER_WAY] * 7 + [NOT_STARTED] * 3 + [NO_LONGER_NEEDED] * 2, 84),
    ],
)
def test_a_hundred_percent_means_all_of_something(statuses: list[ActionStatus], percent: int) -> None:
    assert progress(statuses).percent == percent


@given(st.lists(st.sampled_from(ActionStatus)))
def test_progress_counts_every_action_once_and_stays_in_bounds(statuses: list[ActionStatus]) -> None:
    result = progress(iter(statuses))

    assert result.total + result.no_longer_needed == len(statuses)
    assert 0 <= result.done <= result.total
    assert 0 <= result.percent <= 100
    assert (result.percent == 100) is (result.done == result.total > 0)


def test_actions_count_for_their_objective_their_goal_and_the_plan() -> None:
    result = rollup(
        iter(
            [
                (1, 10, DONE, 3),
                (1, 10, STUCK, 1),
                (1, None, DONE, 1),
                (2, 20, NO_LONGER_NEEDED, 2),
                (None, None, DONE, 1),
            ]
        )
    )

    assert result.objective(10) == Progress(3, 4, 0)
    assert result.goal(1) == Progress(4, 5, 0)
    assert result.objective(20) == result.goal(2) == Progress(0, 0, 2)
    assert result.loose == Progress(1, 1, 0)
    assert result.plan == Progress(5, 6, 2)


def test_a_goal_without_actions_is_at_none_of_none() -> None:
    assert rollup([]).goal(7) == rollup([]).objective(7) == rollup([]).plan == Progress(0, 0, 0)


def _row(place: tuple[int | None, int | None], status: ActionStatus) -> Row:
    return (*place, status, 1)


PLACES = st.sampled_from([(None, None), (1, None), (1, 10), (1, 11), (2, None), (2, 20)])


@given(st.lists(st.builds(_row, PLACES, st.sampled_from(ActionStatus))))
def test_the_plan_is_the_sum_of_its_goals_and_of_what_is_loose(rows: list[Row]) -> None:
    result = rollup(rows)
    parts = [result.goal(1), result.goal(2), result.loose]

    assert result.plan == Progress(
        sum(part.done for part in parts),
        sum(part.total for part in parts),
        sum(part.no_longer_needed for part in parts),
    )
    for goal_id in (1, 2):
        assert result.goal(goal_id) == progress(status for goal, _, status, _ in rows if goal == goal_id)
    for objective_id in (10, 11, 20):
        assert result.objective(objective_id) == progress(
            status for _, own, status, _ in rows if own == objective_id
        )


# -- dates


@pytest.mark.parametrize(
    ("in_days", "words"),
    [
        (-400, DueWords(DueKind.LATE, 400)),
        (-1, DueWords(DueKind.LATE, 1)),
        (0, DueWords(DueKind.TODAY, 0)),
        (1, DueWords(DueKind.SOON, 1)),
        (14, DueWords(DueKind.SOON, 14)),
        (15, DueWords(DueKind.LATER, 15)),
    ],
)
@pytest.mark.parametrize("status", [NOT_STARTED, UNDER_WAY, STUCK])
def test_an_open_action_says_how_far_its_date_is(in_days: int, words: DueWords, status: ActionStatus) -> None:
    due = TODAY + timedelta(days=in_days)

    assert due_words(due, TODAY, status) == words
    assert is_late(due, status, TODAY) is (in_days < 0)


@pytest.mark.parametrize("status", [DONE, NO_LONGER_NEEDED])
def test_what_is_over_is_never_late(status: ActionStatus) -> None:
    assert due_words(date(2020, 1, 1), TODAY, status) == DueWords(DueKind.NONE)
    assert not is_late(date(2020, 1, 1), status, TODAY)


def test_without_a_date_nothing_is_due() -> None:
    assert due_words(None, TODAY, STUCK) == DueWords(DueKind.NONE)
    assert not is_late(None, STUCK, TODAY)


@pytest.mark.parametrize(
    ("start", "due"),
    [(None, None), (TODAY, None), (None, TODAY), (TODAY, TODAY), (TODAY, date(2026, 11, 26))],
)
def test_an_action_may_be_due_from_its_first_day_on(start: date | None, due: date | None) -> None:
    check_dates(start, due)


def test_an_action_is_not_due_before_it_starts() -> None:
    with pytest.raises(DueBeforeStart) as refused:
        check_dates(TODAY, date(2026, 11, 24))

    assert (refused.value.start, refused.value.due) == (TODAY, date(2026, 11, 24))


@pytest.mark.parametrize(("highest", "following"), [(None, 1), (0, 1), (1, 2), (41, 42)])
def test_numbers_go_up_from_the_highest(highest: int | None, following: int) -> None:
    assert next_number(highest) == following
