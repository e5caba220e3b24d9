"""Copying a goal: what is copied, into which plan, and what becomes of dates, people, needs and measures."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan import queries as plan_queries
from engage.plan.actions import service as actions_service
from engage.plan.copying import rules as copying_rules
from engage.plan.copying.rules import Baseline, CopiedDates, Shift, Start, Take
from engage.plan.goals import service as goals_service
from engage.plan.measures.models import Measure, Reading
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.rules import ActionStatus, PlanStatus
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    make_reading,
)
from tests.html import Page
from tests.strengths.rows import make_need

PLAN = "/c/riverbend/plan/"
S = ActionStatus
ALL: dict[str, Any] = {
    "title": "Nobody waits, again",
    "actions": "all",
    "dates": "shift",
    "months": "12",
    "people": "y",
    "needs": "y",
    "measures": "y",
    "baseline": "latest",
}


def copy(client: EngageClient, goal: Goal, **fields: Any) -> Page:
    objectives = db.session.scalars(sa.select(Objective.id).where(Objective.goal_id == goal.id)).all()
    values = {**ALL, "plan_id": goal.plan_id, "objectives": objectives, **fields}
    return client.send(
        f"{PLAN}goals/{goal.id}/copy", **{key: value for key, value in values.items() if value is not None}
    )


def the_copy() -> Goal:
    return db.session.scalars(sa.select(Goal).order_by(Goal.id.desc())).first()  # type: ignore[return-value]


def copied_actions() -> list[Action]:
    rows = sa.select(Action).where(Action.goal_id == the_copy().id).order_by(Action.number)
    return list(db.session.scalars(rows))


# -- rules


@pytest.mark.parametrize(
    ("day", "months", "found"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2026, 5, 3), 12, date(2027, 5, 3)),
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
    ],
)
def test_a_date_so_many_months_later_is_the_last_day_where_the_month_is_shorter(
    day: date, months: int, found: date
) -> None:
    assert Shift(CopiedDates.SHIFT, months).of(day) == found


def test_dates_are_shifted_cleared_or_kept() -> None:
    day = date(2026, 5, 3)
    assert Shift(CopiedDates.SHIFT, 6).of(day) == date(2026, 11, 3)
    assert Shift(CopiedDates.CLEAR, 6).of(day) is None
    assert Shift(CopiedDates.KEEP, 6).of(day) == day
    assert Shift(CopiedDates.SHIFT, 6).of(None) is None


def test_open_actions_all_or_none_go_along() -> None:
    assert [status for status in S if copying_rules.takes(Take.OPEN, status)] == [
        S.NOT_STARTED,
        S.UNDER_WAY,
        S.STUCK,
    ]
    assert all(copying_rules.takes(Take.ALL, status) for status in S)
    assert not any(copying_rules.takes(Take.NONE, status) for status in S)


def test_a_target_that_its_start_has_overtaken_has_no_day() -> None:
    start = Start(4, date(2026, 5, 3))
    assert copying_rules.target_day(date(2026, 5, 3), start) is None
    assert copying_rules.target_day(date(2026, 5, 4), start) == date(2026, 5, 4)
    assert copying_rules.target_day(date(2026, 5, 3), Start()) == date(2026, 5, 3)


def test_a_measure_starts_from_its_latest_reading_its_old_start_or_nothing() -> None:
    old, latest = Start(4, date(2026, 1, 5)), Start(9, date(2026, 8, 1))
    assert copying_rules.start_of(Baseline.LATEST, old, latest) == latest
    assert copying_rules.start_of(Baseline.LATEST, old, None) == old
    assert copying_rules.start_of(Baseline.KEEP, old, latest) == old
    assert copying_rules.start_of(Baseline.NONE, old, latest) == Start()


# -- the page


def test_the_page_offers_what_the_goal_holds(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan, title="Nobody waits")
    objective = make_objective(goal, title="Ten beds")
    make_action(plan, goal, objective)
    make_action(plan, goal, status=S.DONE)

    page = coordinator.page(f"{PLAN}goals/{goal.id}/copy")

    assert page.value("title") == "Nobody waits"
    assert page.one("[name=objectives]").attributes.keys() >= {"checked"}
    assert page.has("The 1 open one") and page.has("All 2; finished ones start over")
    # No need and no measure: nothing is asked about them.
    assert page.all("[name=needs], [name=measures], [name=baseline]") == []
    assert page.one("[name=plan_id]").attributes["type"] == "hidden"


def test_the_goal_and_its_panel_lead_to_it_for_coordinators(
    coordinator: EngageClient, member: EngageClient
) -> None:
    goal = make_goal(make_plan())
    address = f"{PLAN}goals/{goal.id}/copy"

    for page in (coordinator.page(PLAN), coordinator.page(f"{PLAN}goals/{goal.id}")):
        assert [node for node in page.all("a") if node.attributes.get("href") == address]
    assert "/copy" not in member.page(f"{PLAN}goals/{goal.id}").html
    assert member.get(address).status_code == 403
    assert copy(member, goal).status == 403


def test_another_coalitions_goal_and_plan_do_not_exist(coordinator: EngageClient) -> None:
    mine = make_goal(make_plan())
    theirs = make_goal(make_plan(coalition=make_coalition()))

    assert copy(coordinator, theirs).status == 404
    assert copy(coordinator, mine, plan_id=theirs.plan_id).status == 422
    assert the_copy().id == theirs.id


# -- what goes along


def test_everything_goes_along_and_starts_anew(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan, title="Nobody waits", why="We saw it", area="response")
    objective = make_objective(goal, title="Ten beds", measure="0 to 10", due_on=date(2026, 12, 31))
    ann, ben = make_membership(name="Ann Lee", user=None), make_membership(name="Ben", user=None)
    church = make_organization()
    done = make_action(
        plan,
        goal,
        objective,
        title="Print cards",
        details="In three languages",
        inform="The county",
        owner_id=ann.id,
        organization_id=church.id,
        status=S.DONE,
        start_on=date(2026, 1, 31),
        due_on=date(2026, 2, 28),
    )
    stuck = make_action(plan, goal, title="Ask", status=S.STUCK, reason="A van")
    actions_service.set_helpers(coordinator.membership, done, {ben.id})
    highest = stuck.number

    page = copy(coordinator, goal, months="1")

    made = the_copy()
    assert (page.status, page.location) == (303, f"{PLAN}?plan={plan.id}#plan-goal-{made.id}")
    assert coordinator.page(page.location or "").has("The goal is copied, with 1 objective and 2 actions.")
    assert (made.title, made.why, made.area) == ("Nobody waits, again", "We saw it", "response")
    assert made.position > goal.position
    (new_objective,) = db.session.scalars(sa.select(Objective).where(Objective.goal_id == made.id))
    assert (new_objective.title, new_objective.measure) == ("Ten beds", "0 to 10")
    assert new_objective.due_on == date(2027, 1, 31)
    first, second = copied_actions()
    assert [first.number, second.number] == [highest + 1, highest + 2]
    assert (first.title, first.details, first.inform) == ("Print cards", "In three languages", "The county")
    assert (first.status, first.done_on, first.version) == (S.NOT_STARTED, None, 1)
    assert (first.owner_id, first.organization_id) == (ann.id, church.id)
    assert (first.start_on, first.due_on) == (date(2026, 2, 28), date(2026, 3, 28))
    assert first.objective_id == new_objective.id and second.objective_id is None
    assert (second.status, second.reason) == (S.NOT_STARTED, "")
    assert first.created_by_id == coordinator.membership.id
    assert db.session.scalars(sa.select(Action.status).where(Action.id == done.id)).one() is S.DONE
    created = db.session.scalars(sa.select(HistoryEntry.thing).where(HistoryEntry.field == "created"))
    assert sorted(created) == ["plan_goal", "plan_objective"]


def test_only_open_actions_and_chosen_objectives_go_along(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    kept, left = make_objective(goal, title="Kept"), make_objective(goal, title="Left")
    make_action(plan, goal, kept, title="Goes")
    make_action(plan, goal, kept, title="Over", status=S.DONE)
    make_action(plan, goal, left, title="Stays")
    make_action(plan, goal, title="Goes, too")

    copy(coordinator, goal, objectives=[kept.id], actions="open")

    assert [action.title for action in copied_actions()] == ["Goes", "Goes, too"]


def test_without_people_dates_and_actions(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    ann = make_membership(name="Ann Lee", user=None)
    make_action(plan, goal, owner_id=ann.id, due_on=date(2026, 5, 3))

    copy(coordinator, goal, people=None, dates="clear", months="")
    (action,) = copied_actions()
    assert (action.owner_id, action.due_on) == (None, None)

    copy(coordinator, goal, actions="none")
    assert copied_actions() == []


def test_whoever_has_left_leads_and_helps_with_nothing_new(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    gone = make_membership(name="Gone", user=None, left_on=date(2026, 1, 1))
    action = make_action(plan, goal, owner_id=gone.id)
    actions_service.set_helpers(coordinator.membership, action, {gone.id})

    copy(coordinator, goal)

    (made,) = copied_actions()
    assert made.owner_id is None


@pytest.mark.parametrize("kept", [True, False])
def test_ties_to_needs_go_along_by_choice(coordinator: EngageClient, kept: bool) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    need = make_need(coordinator.membership)
    goals_service.link_needs(coordinator.membership, goal, {need.id})
    make_action(plan, goal, need_id=need.id)

    copy(coordinator, goal, needs="y" if kept else None)

    expected = [need.id] if kept else []
    assert plan_queries.needs_of_goal(the_copy()) == expected
    assert [action.need_id for action in copied_actions()] == (expected or [None])


@pytest.mark.parametrize(
    ("baseline", "start", "day"),
    [("latest", 9, date(2026, 8, 1)), ("keep", 4, date(2026, 1, 5)), ("none", None, None)],
)
def test_measures_go_along_without_readings_from_the_chosen_start(
    coordinator: EngageClient, baseline: str, start: float | None, day: date | None
) -> None:
    goal = make_goal(make_plan())
    measure = make_measure(make_objective(goal), title="Beds")
    make_reading(measure, 6, date(2026, 3, 1))
    make_reading(measure, 9, date(2026, 8, 1))

    copy(coordinator, goal, baseline=baseline)

    made = db.session.scalars(sa.select(Measure).where(Measure.id != measure.id)).one()
    assert (made.title, made.unit, made.target_value) == ("Beds", "beds", 20)
    assert (made.baseline_value, made.baseline_on, made.target_on) == (start, day, date(2027, 12, 31))
    assert db.session.scalar(sa.select(sa.func.count(Reading.id))) == 2


def test_a_target_day_before_the_new_start_is_left_out(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    measure = make_measure(make_objective(goal))
    make_reading(measure, 9, date(2027, 2, 1))

    assert copy(coordinator, goal, dates="keep").status == 303

    made = db.session.scalars(sa.select(Measure).where(Measure.id != measure.id)).one()
    assert (made.baseline_on, made.target_on) == (date(2027, 2, 1), None)


def test_measures_stay_where_they_are_not_wanted(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    make_measure(make_objective(goal))

    copy(coordinator, goal, measures=None)

    assert db.session.scalar(sa.select(sa.func.count(Measure.id))) == 1


# -- into which plan


def test_a_goal_of_a_closed_plan_is_copied_into_the_current_one(coordinator: EngageClient) -> None:
    closed = make_plan(status=PlanStatus.CLOSED, closed_on=date(2026, 1, 1), title="Last year")
    goal = make_goal(closed)
    make_action(closed, goal)
    plan = make_plan()

    assert coordinator.page(f"{PLAN}goals/{goal.id}/copy").value("plan_id") == str(plan.id)
    assert copy(coordinator, goal, plan_id=plan.id).status == 303

    assert the_copy().plan_id == plan.id
    assert [action.plan_id for action in copied_actions()] == [plan.id]
    assert copy(coordinator, goal, plan_id=closed.id).status == 422


def test_with_a_draft_beside_the_current_plan_one_chooses(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    draft = make_plan(status=PlanStatus.DRAFT, title="Next year")

    page = coordinator.page(f"{PLAN}goals/{goal.id}/copy")
    assert page.has("Draft: Next year") and page.value("plan_id") == str(goal.plan_id)

    copy(coordinator, goal, plan_id=draft.id)
    assert the_copy().plan_id == draft.id


def test_without_an_open_plan_it_says_what_to_do(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan(status=PlanStatus.CLOSED, closed_on=date(2026, 1, 1)))

    page = Page(coordinator.get(f"{PLAN}goals/{goal.id}/copy"))

    assert page.status == 409 and page.has("Start the next plan first")


# -- refused


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"title": " "}, "Say what should be different."),
        ({"months": ""}, "Enter a whole number."),
        ({"months": "999"}, "Enter a whole number from 1 to 60."),
        ({"dates": "sideways"}, "Not a valid choice."),
        ({"actions": "some"}, "Not a valid choice."),
    ],
)
def test_what_is_missing_is_said_and_the_rest_kept(
    coordinator: EngageClient, fields: dict[str, Any], message: str
) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    make_action(plan, goal)

    page = copy(coordinator, goal, **{"title": "Kept words", **fields})

    assert page.status == 422
    assert page.errors == [message]
    assert page.value("title") == fields.get("title", "Kept words").strip()
    assert the_copy().id == goal.id


def test_an_objective_that_is_gone_by_now_is_refused(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    gone = make_objective(goal)
    kept = make_objective(goal)
    db.session.delete(gone)
    db.session.commit()

    page = copy(coordinator, goal, objectives=[kept.id, gone.id])

    assert page.status == 422 and page.errors
    assert the_copy().id == goal.id


def test_what_a_colleague_changed_before_the_press_is_what_is_copied(
    coordinator: EngageClient, member: EngageClient
) -> None:
    plan = make_plan()
    goal, other = make_goal(plan), make_goal(plan)
    stays, leaves = make_action(plan, goal, title="Stays"), make_action(plan, goal, title="Leaves")
    coordinator.page(f"{PLAN}goals/{goal.id}/copy")
    for number, place, title in ((stays.number, goal, "Stays, in new words"), (leaves.number, other, "Left")):
        page = member.send(
            f"{PLAN}actions/{number}/edit",
            version=1,
            title=title,
            place=f"goal-{place.id}",
            owner_id="0",
            organization_id="0",
            need_id="0",
        )
        assert page.status == 303

    copy(coordinator, goal)

    assert [action.title for action in copied_actions()] == ["Stays, in new words"]


def test_a_second_press_makes_no_second_copy(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan(), title="Nobody waits")
    opened = coordinator.page(f"{PLAN}goals/{goal.id}/copy").value("newest")

    assert copy(coordinator, goal, title="Nobody waits", newest=opened).status == 303
    page = copy(coordinator, goal, title="Nobody waits", newest=opened)

    assert page.status == 422 and "choose another name" in page.errors[0]
    assert db.session.scalar(sa.select(sa.func.count(Goal.id))) == 2
    # Whoever opens the page anew may copy it once more.
    opened = coordinator.page(f"{PLAN}goals/{goal.id}/copy").value("newest")
    assert copy(coordinator, goal, title="Nobody waits", newest=opened).status == 303


# -- speed


def test_the_number_of_statements_does_not_grow_with_what_it_holds(coordinator: EngageClient) -> None:
    def statements(count: int) -> int:
        plan = db.session.scalar(sa.select(Plan)) or make_plan()
        goal = make_goal(plan)
        for n in range(count):
            objective = make_objective(goal, due_on=date(2026, 12, 31) if n % 2 else None)
            make_reading(make_measure(objective), 6, date(2026, 3, 1))
            action = make_action(plan, goal, objective, due_on=date(2026, 12, 31) if n % 2 else None)
            actions_service.set_helpers(coordinator.membership, action, {helper.id})
        db.session.commit()
        with counted_queries() as found:
            assert copy(coordinator, goal).status == 303
        return len(found)

    helper: Membership = make_membership(user=None)
    assert statements(2) == statements(9)
