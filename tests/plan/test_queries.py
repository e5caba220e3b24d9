"""Tests what other features read from the plan."""

from datetime import date, timedelta

import pytest

from engage import clock
from engage.assessment.models import Round
from engage.coalitions.models import Membership
from engage.plan.actions.queries import origins, waiting
from engage.plan.plans import queries as plans_queries
from engage.plan.plans.queries import PlanStepCounts
from engage.plan.rules import ActionStatus, PlanStatus, Progress
from tests import databases
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_membership,
    make_objective,
    make_plan,
    saved,
)

pytestmark = pytest.mark.usefixtures("app")
TODAY = date(2026, 11, 24)
NOT_STARTED, UNDER_WAY, STUCK, DONE, NO_LONGER_NEEDED = ActionStatus


@pytest.fixture
def me() -> Membership:
    return make_membership(name="Dan Reyes")


@pytest.fixture
def stranger() -> Membership:
    return make_membership(coalition=make_coalition())


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def test_an_indicator_knows_the_actions_it_became(me: Membership, stranger: Membership) -> None:
    plan = make_plan()
    round_ = saved(Round(coalition_id=plan.coalition_id, title="2026", questions={}, opened_at=clock.now()))
    action = make_action(plan, round_id=round_.id, indicator="public-understanding")
    make_action(plan)

    found = origins.actions_of_indicators(me, round_.id)

    assert {key: [ref.id for ref in refs] for key, refs in found.items()} == {
        "public-understanding": [action.id]
    }
    assert origins.actions_of_indicators(stranger, round_.id) == {}


def test_what_waits_for_me_is_late_first_then_stuck_then_soon(me: Membership, stranger: Membership) -> None:
    plan, closed = make_plan(), make_plan(status=PlanStatus.CLOSED)
    for title, more in {
        "Later": {"due_on": day(15)},
        "Soon": {"due_on": day(14)},
        "Stuck": {"status": STUCK, "reason": "A van"},
        "Late": {"due_on": day(-1), "status": STUCK, "reason": "A key"},
        "Later still late": {"due_on": day(-9)},
        "Done": {"due_on": day(-3), "status": DONE},
        "No date": {},
    }.items():
        make_action(plan, title=title, owner_id=me.id, **more)
    make_action(closed, title="In a closed plan", owner_id=me.id, due_on=day(-3))
    make_action(plan, title="Not mine", due_on=day(-3))

    found = waiting.waiting_for(me, TODAY).shown

    assert [each.title for each in found] == ["Later still late", "Late", "Stuck", "Soon"]
    assert [each.is_late for each in found] == [True, True, False, False]
    assert [each.help_needed for each in found] == ["", "A key", "A van", ""]
    assert waiting.waiting_for(stranger, TODAY).shown == []


def test_others_that_are_late_or_stuck_come_with_whom_to_remind(me: Membership, stranger: Membership) -> None:
    plan, ann = make_plan(), make_membership(name="Ann Lee", user=None)
    make_action(plan, title="Ann's", owner_id=ann.id, status=STUCK, reason="A van")
    make_action(plan, title="Nobody's", due_on=day(-1))
    make_action(plan, title="Mine", owner_id=me.id, due_on=day(-1))
    make_action(plan, title="Ann's in time", owner_id=ann.id, due_on=day(1))

    found = waiting.others_late_or_stuck(me, TODAY).shown

    assert [(each.title, each.owner_id, each.owner_name) for each in found] == [
        ("Nobody's", None, None),
        ("Ann's", ann.id, "Ann Lee"),
    ]
    assert waiting.others_late_or_stuck(stranger, TODAY) == waiting.WaitingActions([], 0)


def test_of_many_that_wait_the_first_are_read_and_all_counted(me: Membership) -> None:
    plan = make_plan()
    for n in range(5):
        make_action(plan, title=f"Mine {n}", owner_id=me.id, due_on=day(-n))
        make_action(plan, title=f"Nobody's {n}", due_on=day(-n - 1))

    mine, others = waiting.waiting_for(me, TODAY, 2), waiting.others_late_or_stuck(me, TODAY, 3)

    assert ([each.title for each in mine.shown], mine.total) == (["Mine 4", "Mine 3"], 5)
    assert ([each.title for each in others.shown], others.total) == (
        ["Nobody's 4", "Nobody's 3", "Nobody's 2"],
        5,
    )


def test_the_summary_speaks_of_the_current_plan_in_one_query(me: Membership, stranger: Membership) -> None:
    make_action(make_plan(status=PlanStatus.DRAFT), status=DONE)
    plan = make_plan()
    for status, due_on in [
        (DONE, day(-3)),
        (UNDER_WAY, day(-1)),
        (STUCK, date(2026, 11, 30)),
        (NOT_STARTED, date(2026, 12, 1)),
        (NO_LONGER_NEEDED, None),
    ]:
        make_action(plan, status=status, due_on=due_on)

    plans_queries.plan_summary(me, TODAY)
    with databases.counted_queries() as counted:
        found = plans_queries.plan_summary(me, TODAY)

    assert found is not None
    assert len(counted) == 1
    assert (found.plan_id, found.status, found.progress) == (plan.id, PlanStatus.ADOPTED, Progress(1, 4, 1))
    assert (found.late, found.stuck, found.due_this_month) == (1, 1, 1)
    assert plans_queries.plan_summary(stranger, TODAY) is None


def test_without_a_current_plan_the_summary_speaks_of_the_draft(me: Membership) -> None:
    make_plan(status=PlanStatus.CLOSED)
    draft = make_plan(status=PlanStatus.DRAFT)

    found = plans_queries.plan_summary(me, TODAY)

    assert found is not None
    assert (found.plan_id, found.progress) == (draft.id, Progress(0, 0, 0))


def test_getting_started_counts_the_current_plan(me: Membership, stranger: Membership) -> None:
    draft = make_plan(status=PlanStatus.DRAFT)
    make_objective(make_goal(draft))
    assert plans_queries.step_counts(me.coalition_id) == PlanStepCounts(False, 1, 1, 0, 1, 0)
    plan = make_plan()
    goal = make_goal(plan)
    make_goal(plan)
    ready, no_date, _without = make_objective(goal), make_objective(goal), make_objective(goal)
    make_action(plan, None, ready, owner_id=me.id, due_on=day(1))
    make_action(plan, None, no_date, owner_id=me.id)
    make_action(plan, None, no_date, owner_id=me.id, due_on=day(1), status=NO_LONGER_NEEDED, reason="No")

    assert plans_queries.step_counts(me.coalition_id) == PlanStepCounts(True, 2, 1, 0, 3, 1)
    assert plans_queries.step_counts(stranger.coalition_id) == PlanStepCounts(False, 0, 0, 0, 0, 0)
