"""A text that is removed leaves no earlier wording of it: in undo, in the trash, in the adopted plan."""

import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engage import snapshots as engage_snapshots
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.trash import restoring
from engage.coalitions.trash import service as trash_service
from engage.extensions import db
from engage.operations.redaction import service as redaction_service
from engage.operations.redaction.service import RedactionTarget
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.plans import service as plans_service
from engage.plan.plans.service import snapshot
from engage.plan.rules import PlanStatus
from engage.plan.undo.rules import What
from engage.plan.undo.service import steps, trash
from engage.snapshots import Snapshot, SnapshotFor
from tests.factories import make_action, make_goal, make_membership, make_objective, make_plan

OLD, NEW = "Call the Canary family on Route 9", "Call the family again"


@pytest.fixture
def boss(app: object) -> Membership:
    return make_membership(role=Role.COORDINATOR)


def reword(boss: Membership, row: Any, title: str) -> None:
    before = steps.before([row])
    row.title = title
    db.session.flush()
    steps.record(boss, What.CHANGED, before)
    db.session.commit()


def come_back(boss: Membership, copy: Snapshot) -> int:
    found = restoring.restore(boss, db.session.get_one(Snapshot, copy.id))
    db.session.commit()
    return int(found.row["id"])


def redact(boss: Membership, table: str, key: int, column: str = "title") -> None:
    assert redaction_service.redact(boss, [RedactionTarget(table, key, column)])
    db.session.commit()


def kept_texts() -> str:
    db.session.expire_all()
    copies = db.session.scalars(sa.select(Snapshot)).all()
    return json.dumps([[copy.title, copy.rows] for copy in copies])


def snapshots() -> str:
    db.session.expire_all()
    return json.dumps(db.session.scalars(sa.select(Plan.snapshot)).all())


def test_a_wording_of_before_the_trash_goes_though_its_number_was_given_again(boss: Membership) -> None:
    plan = make_plan()
    action = make_action(plan, title=OLD)
    was = action.id
    reword(boss, action, NEW)
    copy, _next = trash.delete_action(boss, action)
    db.session.commit()
    other = make_action(plan, id=was, title="Print the cards")
    reword(boss, other, "Print the new cards")
    key = come_back(boss, copy)
    assert key != was and OLD in kept_texts()
    redact(boss, "plan_action", key)
    assert OLD not in kept_texts()
    assert "Print the cards" in kept_texts(), "what has the number now keeps its steps"
    assert db.session.get_one(Action, was).title == "Print the new cards"


def test_it_goes_after_two_ways_through_the_trash(boss: Membership) -> None:
    action = make_action(make_plan(), title=OLD)
    reword(boss, action, NEW)
    for _time in range(2):
        copy, _next = trash.delete_action(boss, action)
        db.session.commit()
        make_action(db.session.scalars(sa.select(Plan)).one(), id=copy_id(copy))
        action = db.session.get_one(Action, come_back(boss, copy))
    redact(boss, "plan_action", action.id)
    assert OLD not in kept_texts()


def copy_id(copy: Snapshot) -> int:
    return db.session.get_one(Snapshot, copy.id).thing_id


def test_the_adopted_plan_loses_the_wording_with_which_it_was_adopted(boss: Membership) -> None:
    plan = make_plan()
    goal = make_goal(plan, title="Goal: " + OLD)
    objective = make_objective(goal, title="Objective: " + OLD, measure="Measure: " + OLD)
    action = make_action(plan, goal, title="Action: " + OLD)
    make_goal(plan, title="Another goal")
    plan.snapshot = snapshot(boss, plan)
    for row in (goal, objective, action):
        row.title = NEW + str(row)
    objective.measure = "Beds"
    db.session.commit()
    redact(boss, "plan_goal", goal.id)
    assert "Goal: " not in snapshots() and "Objective: " in snapshots()
    redact(boss, "plan_objective", objective.id)
    assert "Objective: " not in snapshots() and "Measure: " in snapshots()
    redact(boss, "plan_objective", objective.id, "measure")
    redact(boss, "plan_action", action.id)
    assert OLD not in snapshots()
    assert "Another goal" in snapshots()


def test_the_adopted_plan_loses_it_also_of_what_came_back_from_the_trash(boss: Membership) -> None:
    plan = make_plan()
    goal, other = make_goal(plan, title=OLD), make_goal(plan, title="Another goal")
    first, second = make_objective(goal, title="First " + OLD), make_objective(goal, title="Second")
    plan.snapshot = snapshot(boss, plan)
    goal.title, first.title = "Reworded", "Reworded too"
    db.session.commit()
    was = goal.id, first.id, second.id
    copy = trash.delete_goal(boss, goal)
    db.session.commit()
    for row in (first, second):
        db.session.expunge(row)
    taken = make_goal(plan, id=was[0], title="It has the number now")
    for key in was[1:]:
        make_objective(taken, id=key, title="And these")
    back = come_back(boss, copy)
    assert back not in was
    redact(boss, "plan_goal", back)
    one = db.session.scalars(sa.select(Objective.id).where(Objective.title == "Reworded too")).one()
    redact(boss, "plan_objective", one)
    assert OLD not in snapshots()
    assert "Second" in snapshots() and "Another goal" in snapshots()
    assert db.session.get_one(Goal, other.id).title == "Another goal"


def test_the_adopted_plan_loses_it_also_a_month_after_it_came_back(boss: Membership) -> None:
    """By then no copy tells any more under which number it stood."""
    plan = make_plan(status=PlanStatus.DRAFT)
    goal = make_goal(plan, title=OLD)
    first = make_objective(goal, title="First " + OLD)
    plans_service.adopt(boss, plan, adopted_on=date(2026, 3, 3))
    goal.title, first.title = "Reworded", "Reworded too"
    db.session.commit()
    was = goal.id, first.id
    copy = trash.delete_goal(boss, goal)
    db.session.commit()
    db.session.expunge(first)
    taken = make_goal(plan, id=was[0], title="It has the number now")
    make_objective(taken, id=was[1], title="And this")
    back = come_back(boss, copy)
    db.session.execute(sa.delete(Snapshot))
    redact(boss, "plan_goal", back)
    one = db.session.scalars(sa.select(Objective.id).where(Objective.title == "Reworded too")).one()
    redact(boss, "plan_objective", one)
    assert OLD not in snapshots()


def test_what_lies_in_the_trash_under_the_same_number_stays_there(boss: Membership) -> None:
    """A step of before is forgotten, never a thing that was deleted on its own: its number was given again."""
    rows = [{"table": "plan_action", "id": 9, "values": {"title": "Somebody's own"}}]
    engage_snapshots.keep(
        boss.coalition_id,
        boss.id,
        SnapshotFor.TRASH,
        "deleted",
        rows,
        thing="plan_action",
        thing_id=9,
        title="T",
    )
    db.session.commit()
    action = make_action(make_plan(), id=9, title="Another one: " + OLD)
    redact(boss, "plan_action", action.id)
    assert "Somebody's own" in kept_texts()


def test_a_step_of_what_has_the_number_now_stays_when_what_had_it_before_is_deleted_for_good(
    boss: Membership,
) -> None:
    plan = make_plan()
    first = make_action(plan, title="First")
    copy = trash.delete_action(boss, first)[0]
    db.session.commit()
    second = make_action(plan, id=copy_id(copy), title="Second")
    reword(boss, second, "Second, better")
    trash_service.delete_for_good(boss, db.session.get_one(Snapshot, copy.id))
    db.session.commit()
    assert "Second" in kept_texts() and "First" not in kept_texts()
