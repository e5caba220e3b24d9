"""Writes of actions."""

from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.checklist.models import Item
from engage.coalitions.models import Membership
from engage.errors import FieldRefused, StaleVersion, WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan import action_history
from engage.plan.actions import service as actions_service
from engage.plan.actions.queries import origins
from engage.plan.models import Action, Plan
from engage.plan.rules import ActionStatus, PlanStatus
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
NOT_STARTED, UNDER_WAY, STUCK, DONE, NO_LONGER_NEEDED = ActionStatus


def test_an_action_lands_in_the_current_plan_although_there_is_a_draft() -> None:
    make_plan(status=PlanStatus.DRAFT)
    current = make_plan()

    assert actions_service.create_action(make_membership(), title="Print cards").plan_id == current.id


def test_without_a_current_plan_an_action_lands_in_the_draft() -> None:
    make_plan(status=PlanStatus.CLOSED)
    draft = make_plan(status=PlanStatus.DRAFT)

    assert actions_service.create_action(make_membership(), title="Print cards").plan_id == draft.id


def test_without_any_plan_an_action_begins_a_draft() -> None:
    action = actions_service.create_action(make_membership(), title="Print cards")

    plan = db.session.get_one(Plan, action.plan_id)
    assert plan.status is PlanStatus.DRAFT
    assert plan.title.startswith("Plan of action 20")
    assert (action.number, action.goal_id) == (1, None)


def test_an_action_under_a_goal_lands_in_that_goals_plan() -> None:
    make_plan()
    draft = make_plan(status=PlanStatus.DRAFT)
    goal = make_goal(draft)
    objective = make_objective(goal)

    action = actions_service.create_action(
        make_membership(), title="Print cards", goal=goal, objective=objective
    )

    assert (action.plan_id, action.goal_id, action.objective_id) == (draft.id, goal.id, objective.id)


def test_numbers_go_up_in_each_coalition_for_itself() -> None:
    here = make_membership()
    there = make_membership(coalition=make_coalition())

    numbers = [
        actions_service.create_action(who, title="Print cards").number for who in (here, here, there, here)
    ]

    assert numbers == [1, 2, 1, 3]


def test_nothing_is_added_to_a_closed_plan() -> None:
    goal = make_goal(make_plan(status=PlanStatus.CLOSED))

    with pytest.raises(WrongState):
        actions_service.create_action(make_membership(), title="Print cards", goal=goal)


def test_two_people_who_add_at_once_get_two_numbers(app: Flask) -> None:
    people = [make_membership().id, make_membership().id]
    together = Barrier(2)

    def add(membership_id: int) -> None:
        with app.app_context():
            together.wait(10)
            membership = db.session.get_one(Membership, membership_id)
            actions_service.create_action(membership, title=f"Action of {membership_id}")
            db.session.commit()

    threads = [Thread(target=add, args=(each,)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    db.session.rollback()
    assert sorted(db.session.scalars(sa.select(Action.number))) == [1, 2]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 1


def test_an_item_knows_the_actions_it_became() -> None:
    membership = make_membership()
    item = saved(Item(coalition_id=membership.coalition_id, key="starting-structure", changed_at=clock.now()))
    action = actions_service.create_action(membership, title="Choose a structure", item=item)

    (ref,) = origins.actions_of_items(membership)[item.id]

    assert (ref.id, ref.number, ref.title, ref.status) == (
        action.id,
        1,
        "Choose a structure",
        NOT_STARTED,
    )
    assert origins.actions_of_items(make_membership(coalition=make_coalition())) == {}


# -- moves


def moved(who: Membership, action: Action, to: ActionStatus, reason: str = "") -> None:
    actions_service.change(who, action, action.version, to, reason)


def test_a_stuck_action_keeps_what_help_is_needed_until_it_moves_on() -> None:
    membership, action = make_membership(), make_action(make_plan())

    moved(membership, action, STUCK, "A licensed trainer")
    assert (action.status, action.reason) == (STUCK, "A licensed trainer")

    moved(membership, action, DONE)
    assert (action.status, action.reason) == (DONE, "")
    assert action.done_on == clock.today("America/Chicago")

    moved(membership, action, UNDER_WAY, "One family left")
    assert (action.reason, action.done_on) == ("One family left", None)


@pytest.mark.parametrize(("from_", "to"), [(UNDER_WAY, STUCK), (STUCK, NO_LONGER_NEEDED), (DONE, UNDER_WAY)])
def test_a_move_that_asks_is_refused_at_the_reason(from_: ActionStatus, to: ActionStatus) -> None:
    action = make_action(make_plan(), status=from_)

    with pytest.raises(FieldRefused) as refused:
        moved(make_membership(), action, to)

    assert refused.value.field == "reason"
    assert action.status is from_


def test_moves_are_listed_with_who_made_them_and_without_what_was_said() -> None:
    maria, action = make_membership(name="Maria Santos"), make_action(make_plan())

    moved(maria, action, STUCK, "A licensed trainer")
    moved(maria, action, UNDER_WAY)
    db.session.flush()

    moves = [(move.from_, move.to, move.actor) for move in action_history.moves_of(action)]
    assert moves == [(STUCK, UNDER_WAY, "Maria Santos"), (NOT_STARTED, STUCK, "Maria Santos")]
    kept = db.session.execute(sa.select(HistoryEntry.old, HistoryEntry.new)).all()
    assert not any("trainer" in str(row) for row in kept)


def test_nothing_moves_in_a_closed_plan() -> None:
    action = make_action(make_plan(status=PlanStatus.CLOSED))

    with pytest.raises(WrongState):
        moved(make_membership(), action, UNDER_WAY)


# -- editing


def test_editing_keeps_dates_and_people_in_history_and_no_text() -> None:
    maria, action = make_membership(name="Maria Santos"), make_action(make_plan(), title="Old words")

    actions_service.edit_action(maria, action, 1, {"title": "New words", "owner_id": maria.id})
    db.session.flush()

    rows = db.session.execute(
        sa.select(HistoryEntry.field, HistoryEntry.old, HistoryEntry.new).order_by(HistoryEntry.id)
    ).all()
    assert [tuple(row) for row in rows] == [("title", None, None), ("owner_id", None, str(maria.id))]
    assert action.version == 2


def test_the_second_of_two_editors_is_told() -> None:
    maria, action = make_membership(), make_action(make_plan())
    actions_service.edit_action(maria, action, 1, {"title": "First"})
    db.session.commit()

    with pytest.raises(StaleVersion):
        actions_service.edit_action(maria, action, 1, {"title": "Second"})

    assert action.title == "First"


def test_helpers_are_exactly_those_chosen() -> None:
    action = make_action(make_plan())
    ann, ben, eve = make_membership(name="Ann"), make_membership(name="Ben"), make_membership(name="Eve")
    actions_service.set_helpers(ann, action, {ann.id, ben.id})
    db.session.flush()

    actions_service.set_helpers(ann, action, {ben.id, eve.id})
    db.session.flush()

    assert [name for _, name in action_history.helpers_of(action)] == ["Ben", "Eve"]


def test_handing_over_moves_what_is_open_and_leaves_what_is_done() -> None:
    plan = make_plan()
    ann, ben = make_membership(name="Ann"), make_membership(name="Ben")
    open_ = make_action(plan, owner_id=ann.id)
    done = make_action(plan, owner_id=ann.id, status=DONE)
    assert [ref.id for ref in origins.actions_held_by(ann)] == [open_.id]

    assert actions_service.hand_over(ann, ben, ben, [open_.id, done.id]) == 1

    assert (open_.owner_id, done.owner_id) == (ben.id, ann.id)
