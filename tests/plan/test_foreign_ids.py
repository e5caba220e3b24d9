"""Ids of another coalition in the fields of a form: a coordinator of one is a stranger in the other."""

from datetime import date

import pytest
import sqlalchemy as sa

from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.review.models import Review
from engage.plan.rules import PlanStatus
from engage.reports.models import PublicGoal, PublicMeasure
from engage.snapshots import Snapshot
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_plan,
)
from tests.meetings.rows import make_meeting

PLAN = "/c/riverbend/plan/"


@pytest.fixture
def elsewhere() -> Coalition:
    return make_coalition()


@pytest.fixture
def stranger(elsewhere: Coalition) -> Membership:
    return make_membership(coalition=elsewhere, role=Role.COORDINATOR, name="Ann Lee")


@pytest.fixture
def their_plan(elsewhere: Coalition) -> Plan:
    return make_plan(coalition=elsewhere, title="Their plan")


def test_several_actions_go_neither_to_their_goal_nor_to_their_person(
    coordinator: EngageClient, their_plan: Plan, stranger: Membership
) -> None:
    action, goal = make_action(make_plan()), make_goal(their_plan)
    seen = f"{action.number}:1"
    for fields in ({"goal_id": goal.id}, {"owner_id": stranger.id}):
        for path in ("several", "several/save"):
            assert coordinator.send(f"{PLAN}{path}", seen=seen, **fields).status == 422
    db.session.expire_all()
    assert (action.goal_id, action.owner_id, action.version) == (None, None, 1)
    mine = coordinator.membership.id
    assert coordinator.send(f"{PLAN}several/save", seen=seen, owner_id=mine).status == 303


def test_their_numbers_are_not_among_several(coordinator: EngageClient, their_plan: Plan) -> None:
    make_plan()
    theirs = make_action(their_plan, title="A secret of theirs")
    page = coordinator.send(f"{PLAN}several", number=[theirs.number], status="done")
    assert not page.has("A secret of theirs")
    assert coordinator.send(f"{PLAN}several/save", seen=f"{theirs.number}:1", status="done").status == 409
    assert coordinator.send(f"{PLAN}several?plan={their_plan.id}", number=[1], status="done").status == 404
    db.session.expire_all()
    assert theirs.version == 1


def test_a_goal_is_copied_neither_into_their_plan_nor_with_their_objective(
    coordinator: EngageClient, their_plan: Plan
) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    make_objective(goal)
    theirs = make_objective(make_goal(their_plan))
    fields = {"title": "Copy", "plan_id": plan.id, "actions": "none", "dates": "keep", "months": 12}
    for other in ({"plan_id": their_plan.id}, {"objectives": [theirs.id]}):
        assert coordinator.send(f"{PLAN}goals/{goal.id}/copy", **{**fields, **other}).status == 422
    assert db.session.scalar(sa.select(sa.func.count(Goal.id)).where(Goal.title == "Copy")) == 0
    assert coordinator.send(f"{PLAN}goals/{goal.id}/copy", **fields).status == 303


def test_the_next_plan_takes_nothing_of_theirs(coordinator: EngageClient, their_plan: Plan) -> None:
    plan = make_plan()
    goal, theirs = make_goal(plan), make_goal(their_plan, title="Their goal")
    action = make_action(their_plan, title="Their action")
    fields = {f"goal_{goal.id}": "continues", f"goal_{theirs.id}": "continues", "baseline": "latest"}
    page = coordinator.send(
        f"{PLAN}{plan.id}/next", title="Next", **fields, **{f"action_{action.number}": "continues"}
    )
    assert page.status == 303
    next_plan = db.session.scalars(sa.select(Plan).where(Plan.status == PlanStatus.DRAFT)).one()
    assert db.session.scalars(sa.select(Goal.title).where(Goal.plan_id == next_plan.id)).all() == [goal.title]
    assert not db.session.scalars(sa.select(Action.id).where(Action.plan_id == next_plan.id)).all()


def test_what_is_restored_does_not_go_under_their_goal(coordinator: EngageClient, their_plan: Plan) -> None:
    goal = make_goal(make_plan())
    objective, theirs = make_objective(goal), make_goal(their_plan)
    assert coordinator.send(f"{PLAN}objectives/{objective.id}/delete").status == 303
    copy_id = db.session.scalars(sa.select(Snapshot.id)).one()
    assert coordinator.send(f"{PLAN}goals/{goal.id}/delete").status == 303

    page = coordinator.send(f"/c/riverbend/settings/trash/{copy_id}/restore", into=theirs.id)

    assert page.status == 422
    assert not db.session.scalars(sa.select(Objective.id)).all()
    other = make_goal(db.session.scalars(sa.select(Plan).where(Plan.id != their_plan.id)).one())
    assert coordinator.send(f"/c/riverbend/settings/trash/{copy_id}/restore", into=other.id).status == 303


def test_a_review_names_neither_their_meeting_nor_their_goal(
    coordinator: EngageClient, their_plan: Plan, stranger: Membership
) -> None:
    make_goal(make_plan())
    theirs = make_goal(their_plan)
    meeting = make_meeting(stranger)
    held = {"held_on": date(2026, 1, 5).isoformat()}
    assert coordinator.send(f"{PLAN}reviews/new", **held, meeting_id=meeting.id).status == 422
    page = coordinator.send(f"{PLAN}reviews/new", **held, meeting_id="0", **{f"note_{theirs.id}": "Ours now"})
    assert page.status == 303
    assert not coordinator.page(page.location or "").has("Ours now")
    review = db.session.scalars(sa.select(Review)).one()
    assert coordinator.send(f"{PLAN}reviews/new?plan={their_plan.id}", **held).status == 404
    assert review.coalition_id != their_plan.coalition_id


def test_the_public_page_shows_nothing_of_theirs(coordinator: EngageClient, their_plan: Plan) -> None:
    goal, theirs = make_goal(make_plan()), make_goal(their_plan)
    measure = make_measure(make_objective(theirs))
    ours = {"goals": [goal.id], f"goal-{goal.id}": "Ours", "version": "0"}
    for name, key in (("goals", theirs.id), ("measures", measure.id), ("partners", 1)):
        more = {f"goal-{theirs.id}": "Theirs", f"measure-{measure.id}": "Theirs"}
        fields = {**ours, **more, name: [*ours.get(name, ()), key]}
        assert coordinator.send("/c/riverbend/reports/public", **fields).status == 422
    assert coordinator.send("/c/riverbend/reports/public", **ours, **{f"goal-{theirs.id}": "T"}).status == 303
    assert db.session.scalars(sa.select(PublicGoal.goal_id)).all() == [goal.id]
    assert not db.session.scalars(sa.select(PublicMeasure.id)).all()
