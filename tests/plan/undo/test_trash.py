"""The trash: what goes into it, what is restored and how, who sees it, and when it is gone."""

from datetime import date, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError

from engage import clock, snapshots
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.trash import restoring
from engage.coalitions.trash.branches import hanging_on
from engage.errors import WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.operations.daily import tick
from engage.partners.merging import service as merging_service
from engage.plan.actions import service as actions_service
from engage.plan.activities.models import Activity
from engage.plan.measures.models import Measure, Reading
from engage.plan.models import (
    Action,
    ActionAgreement,
    ActionHelper,
    ActionNote,
    Goal,
    GoalNeed,
    Objective,
    Plan,
    Update,
)
from engage.plan.rules import ActionStatus, PlanStatus
from engage.plan.undo.rules import What
from engage.plan.undo.service import steps, trash
from engage.snapshots import Snapshot, SnapshotEnd, SnapshotFor
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_activity,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_note,
    make_objective,
    make_organization,
    make_plan,
    make_reading,
    saved,
)
from tests.html import Page
from tests.strengths.rows import make_match

PLAN = "/c/riverbend/plan/"
ACTIONS = f"{PLAN}actions/"
TRASH = "/c/riverbend/settings/trash"
TABLES = (Goal, GoalNeed, Objective, Measure, Reading, Action, ActionHelper, ActionNote, Update, Activity)


def everything() -> dict[str, list[Any]]:
    """Returns every row of the plan's tables, as the database holds it."""
    db.session.expire_all()
    return {
        model.__tablename__: [
            tuple(row) for row in db.session.execute(sa.select(model.__table__).order_by(model.id))
        ]
        for model in (*TABLES, ActionAgreement)
    }


def only_copy() -> Snapshot:
    db.session.commit()
    db.session.expire_all()
    return db.session.scalars(sa.select(Snapshot).where(Snapshot.kept_for == SnapshotFor.TRASH)).one()


def deleted(client: EngageClient, address: str) -> Page:
    """Deletes it there; returns the page that follows."""
    answer = client.send(f"{PLAN}{address}/delete")
    assert answer.status == 303
    return client.page(answer.location or "")


def restored(client: EngageClient, **fields: object) -> Page:
    """Restores the one thing in the trash; returns the page that follows."""
    answer = client.send(f"{TRASH}/{only_copy().id}/restore", **fields)
    assert answer.status == 303, answer.text("main")
    return client.page(answer.location or "")


def whole_goal(by: Membership) -> tuple[Goal, Action]:
    """Makes a goal with everything that can belong to it."""
    plan, ann = make_plan(), make_membership(name="Ann Lee")
    goal, match = make_goal(plan, title="Nobody waits"), make_match(by)
    saved(GoalNeed(coalition_id=goal.coalition_id, goal_id=goal.id, need_id=match.need_id))
    objective = make_objective(goal, title="Beds for boys", due_on=date(2031, 3, 1))
    make_reading(make_measure(objective), 7.5, date(2026, 6, 1), source="Count", written_by_id=ann.id)
    action = make_action(
        plan,
        goal,
        objective,
        title="Train families",
        owner_id=ann.id,
        organization_id=make_organization().id,
        status=ActionStatus.DONE,
        need_id=match.need_id,
        match_id=match.id,
        details="Four evenings",
    )
    common = {"coalition_id": goal.coalition_id, "action_id": action.id}
    saved(ActionHelper(**common, membership_id=by.id))
    saved(ActionNote(**common, note_id=make_note(ann).id))
    saved(Update(**common, author_id=ann.id, written_at=clock.now(), text="Two families came."))
    make_activity(action_id=action.id)
    make_activity(goal_id=goal.id)
    return goal, action


# -- what goes in comes back


@pytest.mark.parametrize("kind", ["action", "objective", "goal"])
def test_it_comes_back_as_it_was_with_everything_that_hung_on_it(
    coordinator: EngageClient, kind: str
) -> None:
    goal, action = whole_goal(coordinator.membership)
    before = everything()
    address = {
        "action": f"actions/{action.number}",
        "objective": f"objectives/{action.objective_id}",
        "goal": f"goals/{goal.id}",
    }[kind]

    page = deleted(coordinator, address)

    left = everything()
    assert left["plan_action"] == left["plan_update"] == left["plan_action_helper"] == []
    assert left["plan_goal"] == ([] if kind == "goal" else before["plan_goal"])
    assert len(left["plan_activity"]) == 2

    answer = coordinator.send(page.one("form.undo").attributes["action"] or "")

    assert coordinator.page(answer.location or "").text(".flash").endswith("is back.")
    assert everything() == before
    assert only_copy().ended is SnapshotEnd.RESTORED
    assert (only_copy().rows, only_copy().title) == (None, "")


def test_every_table_that_points_at_the_plans_parts_goes_along_or_is_let_go() -> None:
    found = {
        (each.table.name, each.column): each.goes
        for name in (trash.GOALS, trash.OBJECTIVES, trash.MEASURES, trash.ACTIONS)
        for each in hanging_on(name)
    }

    assert {key for key, goes in found.items() if not goes} == {
        ("plan_activity", "goal_id"),
        ("plan_activity", "objective_id"),
        ("plan_activity", "action_id"),
    }


def test_history_says_what_was_deleted_and_restored_and_never_a_text(member: EngageClient) -> None:
    action = make_action(make_plan(), created_by_id=member.membership.id)
    deleted(member, f"actions/{action.number}")
    restored(member)

    entries = db.session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id))
    number = str(action.number)
    assert [(e.field, e.old, e.new) for e in entries] == [
        ("deleted", number, None),
        ("restored", None, number),
    ]


def test_a_number_in_the_trash_is_not_given_to_another_action(member: EngageClient) -> None:
    action = make_action(make_plan(), number=14, created_by_id=member.membership.id)
    deleted(member, f"actions/{action.number}")

    answer = member.send(f"{ACTIONS}new", title="Print cards", owner_id="0")
    assert member.page(answer.location or "").has("Added as action 15.")
    assert restored(member).text(".flash") == "Action 14 is back."
    db.session.expire_all()
    assert sorted(db.session.scalars(sa.select(Action.number))) == [14, 15]


def test_where_its_id_was_given_to_another_row_it_gets_a_new_one_and_keeps_its_history(
    coordinator: EngageClient,
) -> None:
    plan = make_plan()
    action = make_action(plan, title="First")
    key = action.id
    coordinator.send(f"{ACTIONS}{action.number}/move", version=1, status="under_way")
    coordinator.send(f"{ACTIONS}{action.number}/updates", text="Two families came.")
    deleted(coordinator, f"actions/{action.number}")
    other = make_action(plan, id=key, title="Second")
    coordinator.send(f"{ACTIONS}{other.number}/move", version=1, status="done")

    page = restored(coordinator)

    assert page.text("h1") == "First"
    assert page.text("#plan-updates .rows li").startswith("Two families came.")
    assert page.text("#plan-standing .rows li").startswith("From Not started to Under way")
    assert (
        coordinator.page(f"{ACTIONS}{other.number}")
        .text("#plan-standing .rows li")
        .startswith("From Not started to Done")
    )


# -- what it hung on is gone


def test_an_action_whose_goal_is_gone_is_not_yet_under_one(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    action = make_action(plan, None, make_objective(goal), owner_id=coordinator.membership.id)
    deleted(coordinator, f"actions/{action.number}")
    db.session.execute(sa.delete(Objective))
    db.session.delete(db.session.get_one(Goal, goal.id))

    page = restored(coordinator)

    assert page.text(".flash") == (
        f"Action {action.number} is back. Its goal was deleted. Put it under another goal."
    )
    back = db.session.scalars(sa.select(Action)).one()
    assert (back.plan_id, back.goal_id, back.objective_id) == (plan.id, None, None)


def test_a_goal_comes_back_to_what_was_deleted_before_it(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    objective = make_objective(goal)
    deleted(coordinator, f"objectives/{objective.id}")
    of_objective = only_copy().id
    deleted(coordinator, f"goals/{goal.id}")
    of_goal = db.session.scalar(sa.select(Snapshot.id).where(Snapshot.thing == "plan_goal"))

    refused = coordinator.send(f"{TRASH}/{of_objective}/restore")
    assert refused.status == 422
    assert refused.has("Choose the goal that it belongs to.")
    assert refused.has("Its goal is also in the trash: restore that first, or choose another.")
    coordinator.send(f"{TRASH}/{of_goal}/restore")
    assert coordinator.send(f"{TRASH}/{of_objective}/restore").status == 303

    assert db.session.scalars(sa.select(Objective.goal_id)).one() == goal.id


def test_an_objective_whose_goal_is_gone_goes_under_the_one_that_is_chosen(
    coordinator: EngageClient,
) -> None:
    plan = make_plan()
    goal, other = make_goal(plan), make_goal(plan, title="Other goal")
    objective = make_objective(goal)
    action = make_action(plan, None, objective)
    deleted(coordinator, f"objectives/{objective.id}")
    db.session.delete(db.session.get_one(Goal, goal.id))
    elsewhere = make_goal(make_plan(coalition=make_coalition(slug="elsewhere")))
    address = f"{TRASH}/{only_copy().id}/restore"

    assert coordinator.page(address).texts("select option") == ["Choose a goal", "Other goal"]
    assert coordinator.send(address, into=elsewhere.id).status == 422
    assert restored(coordinator, into=other.id).has("The objective is back.")

    db.session.expire_all()
    assert db.session.scalars(sa.select(Objective.goal_id)).one() == other.id
    back = db.session.scalars(sa.select(Action)).one()
    assert (back.number, back.goal_id, back.objective_id) == (action.number, other.id, objective.id)


def test_where_no_plan_is_open_an_objective_asks_for_one_instead_of_a_goal(
    coordinator: EngageClient,
) -> None:
    plan = make_plan()
    objective = make_objective(make_goal(plan))
    deleted(coordinator, f"objectives/{objective.id}")
    coordinator.send(f"{PLAN}{plan.id}/close")
    address = f"{TRASH}/{only_copy().id}/restore"

    for answer in (Page(coordinator.get(address)), coordinator.send(address)):
        assert answer.status == 409
        assert answer.has("no other is open. Start a draft, then restore it.")
    assert only_copy().ended is None


def test_ties_to_what_is_gone_are_left_out_and_named(coordinator: EngageClient) -> None:
    match, partner = make_match(coordinator.membership), make_organization()
    action = make_action(make_plan(), need_id=match.need_id, match_id=match.id, organization_id=partner.id)
    deleted(coordinator, f"actions/{action.number}")
    for table in ("strengths_match", "strengths_need", "partners_organization"):
        db.session.execute(sa.text(f"DELETE FROM {table}"))

    page = restored(coordinator)

    assert page.text(".flash").startswith(
        f"Action {action.number} is back. Deleted in the meantime and left out: "
    )
    for what in ("the match", "the need", "the partner organization"):
        assert page.has(what)


def test_a_partner_that_was_merged_meanwhile_is_the_one_it_became(coordinator: EngageClient) -> None:
    one, other = make_organization(), make_organization()
    action = make_action(make_plan(), organization_id=other.id)
    deleted(coordinator, f"actions/{action.number}")
    merging_service.merge(coordinator.membership, one, other, (one.version, other.version), {})

    assert restored(coordinator).text(".flash").endswith(" is back.")
    assert db.session.scalars(sa.select(Action.organization_id)).one() == one.id


def test_a_note_that_became_another_action_meanwhile_stays_with_that(coordinator: EngageClient) -> None:
    plan, note = make_plan(), make_note(coordinator.membership)
    action, other = make_action(plan), make_action(plan)
    tie = {"coalition_id": plan.coalition_id, "note_id": note.id}
    saved(ActionNote(**tie, action_id=action.id))
    deleted(coordinator, f"actions/{action.number}")
    saved(ActionNote(**tie, action_id=other.id))

    assert restored(coordinator).has(f"Action {action.number} is back.")
    db.session.expire_all()
    assert db.session.scalars(sa.select(ActionNote.action_id)).all() == [other.id]


@pytest.mark.parametrize(("status", "leads"), [(ActionStatus.UNDER_WAY, False), (ActionStatus.DONE, True)])
def test_who_has_left_leads_nothing_that_is_open(
    coordinator: EngageClient, status: ActionStatus, leads: bool
) -> None:
    ann = make_membership(name="Ann Lee")
    action = make_action(make_plan(), owner_id=ann.id, status=status)
    deleted(coordinator, f"actions/{action.number}")
    db.session.get_one(Membership, ann.id).left_on = date(2026, 3, 1)

    page = restored(coordinator)

    assert page.has("Ann Lee has left: no one leads it now.") is not leads
    assert db.session.scalars(sa.select(Action.owner_id)).one() == (ann.id if leads else None)


@pytest.mark.parametrize("kind", ["action", "goal"])
def test_out_of_a_plan_that_was_closed_it_comes_back_to_the_open_one(
    coordinator: EngageClient, kind: str
) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    action = make_action(plan, goal)
    deleted(coordinator, f"actions/{action.number}" if kind == "action" else f"goals/{goal.id}")
    db.session.get_one(Plan, plan.id).status = PlanStatus.CLOSED
    db.session.flush()
    address = f"{TRASH}/{only_copy().id}/restore"

    refused = coordinator.send(address)
    assert refused.status == 409
    assert refused.has("Start a draft, then restore it.")
    draft = make_plan(status=PlanStatus.DRAFT, title="Next plan")

    assert restored(coordinator).has("The plan it was in is closed: it is now in Next plan.")
    back = db.session.scalars(sa.select(Action)).one()
    assert (back.plan_id, back.goal_id) == (draft.id, goal.id if kind == "goal" else None)


# -- two at once


def test_whoever_works_on_what_is_in_the_trash_is_told_and_keeps_what_was_typed(
    member: EngageClient, coordinator: EngageClient, viewer: EngageClient
) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    action = make_action(plan, goal, created_by_id=member.membership.id)
    number, goal_id = action.number, goal.id
    deleted(coordinator, f"goals/{goal_id}")
    typed = "Train families in the four evenings of May"
    address = f"{ACTIONS}{number}/edit"

    page = member.send(address, version=1, title=typed, owner_id="0")

    assert page.status == 409
    assert page.has(f"Action {number} was deleted by Maria Santos and is in the trash.")
    assert page.has("Ask them or a coordinator to restore it, then try again.")
    assert page.text("textarea[name=title]") == typed
    for where in ("move", "change", "updates"):
        assert member.send(f"{ACTIONS}{number}/{where}", text="Done").status == 409
    card = member.send(f"{PLAN}board/move?plan={plan.id}", card=f"{number}:1", **{f"to-{number}": "done"})
    assert card.status == 409
    told = coordinator.send(f"{PLAN}goals/{goal_id}/edit", title="X")
    assert told.has("This was deleted by Maria Santos and is in the trash. Restore it, then try again.")
    assert told.one(f"main a[href='{TRASH}'][target=_blank]")
    assert Page(coordinator.get(f"{ACTIONS}{number}")).one(f"main a.btn-primary[href='{TRASH}']")
    assert viewer.get(f"{ACTIONS}{number}").status_code == 404
    restored(coordinator)
    assert member.send(address, version=1, title=typed, owner_id="0", place=f"goal-{goal_id}").status == 303
    assert db.session.scalars(sa.select(Action.title)).one() == typed


def test_restoring_twice_restores_once(coordinator: EngageClient) -> None:
    action = make_action(make_plan())
    deleted(coordinator, f"actions/{action.number}")
    address = f"{TRASH}/{only_copy().id}/restore"
    assert coordinator.send(address).status == 303

    for again in (coordinator.send(address), Page(coordinator.get(address))):
        assert again.status == 409
        assert again.has("This was already restored, or deleted for good.")
    assert len(everything()["plan_action"]) == 1


def at_once(app: Flask, work: Any) -> list[Any]:
    """Returns what two people get who do the same at the same moment."""
    together, found = Barrier(2), []

    def run() -> None:
        with app.app_context():
            together.wait(10)
            try:
                work()
                db.session.commit()
                found.append("done")
            except (WrongState, steps.NotAsItWas) as refused:
                db.session.rollback()
                found.append(type(refused).__name__)

    threads = [Thread(target=run) for _n in range(2)]
    db.session.commit()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    db.session.rollback()
    db.session.expire_all()
    return sorted(found)


def test_two_who_restore_at_the_same_moment_restore_once(app: Flask) -> None:
    me = make_membership()
    action = make_action(make_plan(), created_by_id=me.id)
    me_id, number = me.id, action.number
    copy, _following = trash.delete_action(me, action)
    copy_id = copy.id

    def work() -> None:
        copy = db.session.get_one(Snapshot, copy_id)
        restoring.restore(db.session.get_one(Membership, me_id), copy)

    assert at_once(app, work) == ["WrongState", "done"]
    assert db.session.scalars(sa.select(Action.number)).all() == [number]


def test_two_who_take_back_at_the_same_moment_take_back_once(app: Flask) -> None:
    me, action = make_membership(), make_action(make_plan())
    me_id, before = me.id, steps.before([action])
    action.title, action.version = "Other", 2
    step = steps.record(me, What.CHANGED, before)
    assert step is not None
    step_id = step.id

    def work() -> None:
        copy = db.session.get_one(Snapshot, step_id)
        steps.take_back(db.session.get_one(Membership, me_id), copy)

    assert at_once(app, work) == ["WrongState", "done"]
    assert db.session.scalars(sa.select(Action.version)).one() == 3
    assert db.session.scalar(sa.select(sa.func.count()).select_from(HistoryEntry)) == 1


def test_what_someone_writes_at_the_same_moment_is_kept_or_refused_never_lost(app: Flask) -> None:
    me, plan = make_membership(role=Role.COORDINATOR), make_plan()
    me_id, goal_id = me.id, make_goal(plan).id
    action_id = make_action(plan, db.session.get_one(Goal, goal_id)).id
    db.session.commit()
    together, said = Barrier(2), []

    def delete() -> None:
        with app.app_context():
            together.wait(10)
            goal = db.session.get_one(Goal, goal_id)
            trash.delete_goal(db.session.get_one(Membership, me_id), goal)
            db.session.commit()

    def write() -> None:
        with app.app_context():
            action = db.session.get_one(Action, action_id)
            me = db.session.get_one(Membership, me_id)
            db.session.rollback()  # SQLite has one writer: it would wait for the other until neither goes on
            together.wait(10)
            try:
                actions_service.add_update(me, action, "Two families came.")
                db.session.commit()
                said.append(True)
            except (IntegrityError, StaleDataError, ObjectDeletedError):
                db.session.rollback()

    threads = [Thread(target=delete), Thread(target=write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    copies = str(db.session.execute(sa.text("SELECT rows FROM kept_copy")).all())
    assert ("Two families came." in copies) is bool(said)
    assert db.session.scalars(sa.select(Action.id)).all() == []


# -- the page, and who sees it


def test_the_page_shows_what_is_in_it_who_put_it_there_and_for_how_long(coordinator: EngageClient) -> None:
    goal, _action = whole_goal(coordinator.membership)
    deleted(coordinator, f"goals/{goal.id}")

    page = coordinator.page(TRASH)

    row = page.text(".trash-row")
    assert row.startswith("Goal Nobody waits With 1 objective, 1 measure, 1 action Deleted by Maria Santos")
    assert "30 days left" in row
    assert coordinator.page(PLAN).one(f"a[href='{TRASH}']")


def test_old_addresses_of_the_plans_trash_lead_to_the_coalitions(
    coordinator: EngageClient, viewer: EngageClient
) -> None:
    action = make_action(make_plan())
    deleted(coordinator, f"actions/{action.number}")
    old = f"{PLAN}trash"

    assert coordinator.get(old).location == TRASH
    for rest in ("restore", "delete"):
        assert (
            coordinator.get(f"{old}/{only_copy().id}/{rest}").location == f"{TRASH}/{only_copy().id}/{rest}"
        )
    pressed = coordinator.send(f"{old}/{only_copy().id}/restore")
    assert (pressed.status, pressed.location) == (308, f"{TRASH}/{only_copy().id}/restore")
    assert viewer.get(old).status_code == 403


def test_an_empty_trash_says_what_will_be_here(member: EngageClient) -> None:
    assert member.page(TRASH).text(".empty h2") == "The trash is empty"


def test_the_page_leads_to_the_last_change(member: EngageClient) -> None:
    action = make_action(make_plan())
    member.send(f"{ACTIONS}{action.number}/move", version=1, status="done")

    page = member.page(TRASH)

    assert page.text("#coalitions-last-step").startswith(f"Your last change Action {action.number}: Moved")
    link = page.one("#coalitions-last-step a").attributes["href"] or ""
    assert member.page(link).text("h1") == "Undo this change?"


def test_what_was_deleted_last_is_the_last_change(member: EngageClient) -> None:
    plan = make_plan()
    moved = make_action(plan).number
    gone = make_action(plan, created_by_id=member.membership.id).number
    member.send(f"{ACTIONS}{moved}/move", version=1, status="done")
    deleted(member, f"actions/{gone}")

    page = member.page(TRASH)

    assert page.text("#coalitions-last-step").startswith(f"Your last change Action {gone}: Deleted")
    link = page.one("#coalitions-last-step a").attributes["href"] or ""
    assert member.send(link).status == 303
    assert (
        member.page(TRASH).text("#coalitions-last-step").startswith(f"Your last change Action {moved}: Moved")
    )


def test_a_member_sees_and_restores_only_what_they_deleted(
    member: EngageClient, coordinator: EngageClient, viewer: EngageClient
) -> None:
    plan = make_plan()
    own, other = make_action(plan, created_by_id=member.membership.id), make_action(plan, title="Other")
    deleted(member, f"actions/{own.number}")
    mine = only_copy().id
    deleted(coordinator, f"actions/{other.number}")
    theirs = db.session.scalar(sa.select(Snapshot.id).where(Snapshot.id != mine))

    assert len(member.page(TRASH).all(".trash-row")) == 1
    assert len(coordinator.page(TRASH).all(".trash-row")) == 2
    for address in (f"{TRASH}/{theirs}/restore", f"{PLAN}undo/{mine}"):
        assert member.get(address).status_code == 404
        assert member.send(address).status == 404
    assert member.send(f"{TRASH}/{mine}/delete").status == 403
    for address in (TRASH, f"{TRASH}/{mine}/restore"):
        assert viewer.get(address).status_code == 403
    assert not viewer.page(PLAN).has("Undo and trash")
    assert coordinator.send(f"{TRASH}/{mine}/restore").status == 303


def test_the_page_takes_the_same_queries_for_many(coordinator: EngageClient) -> None:
    plan, counts = make_plan(), []
    for more in (1, 1, 20):
        for _n in range(more):
            deleter = make_membership()
            deleter.role = coordinator.membership.role if deleter.user_id else deleter.role
            trash.delete_goal(deleter, make_goal(plan))
        db.session.commit()
        with databases.counted_queries() as queries:
            coordinator.page(TRASH)
        counts.append(len(queries))

    assert counts[1] == counts[2]


def test_the_trash_has_pages(coordinator: EngageClient) -> None:
    plan = make_plan()
    for _n in range(51):
        trash.delete_goal(coordinator.membership, make_goal(plan))

    assert len(coordinator.page(TRASH).all(".trash-row")) == 50
    assert len(coordinator.page(f"{TRASH}?page=2").all(".trash-row")) == 1


# -- gone


def test_deleted_for_good_nothing_of_it_is_left_in_any_copy(coordinator: EngageClient) -> None:
    action = make_action(make_plan(), title="Secret words")
    coordinator.send(f"{ACTIONS}{action.number}/edit", version=1, title="Other words", place="", owner_id="0")
    deleted(coordinator, f"actions/{action.number}")
    address = f"{TRASH}/{only_copy().id}/delete"
    assert coordinator.page(address).has("This cannot be undone.")

    assert coordinator.send(address).location == TRASH

    assert coordinator.page(TRASH).has("The trash is empty")
    kept_text = db.session.execute(sa.text("SELECT title, rows FROM kept_copy")).all()
    assert len(kept_text) == 2
    assert "words" not in str(kept_text)
    assert coordinator.send(address).status == 409


def test_after_thirty_days_it_is_not_offered_and_the_days_work_takes_it(coordinator: EngageClient) -> None:
    action = make_action(make_plan())
    deleted(coordinator, f"actions/{action.number}")
    copy = only_copy()
    db.session.execute(sa.update(Snapshot).values(made_at=clock.now() - timedelta(days=29, hours=23)))
    assert "1 day left" in coordinator.page(TRASH).text(".trash-row")
    assert tick.run().erased["copies"] == 0
    db.session.execute(sa.update(Snapshot).values(made_at=clock.now() - timedelta(days=30, minutes=1)))

    assert coordinator.page(TRASH).has("The trash is empty")
    assert coordinator.send(f"{TRASH}/{copy.id}/restore").status == 404
    assert tick.run().erased["copies"] == 1
    assert tick.run().erased["copies"] == 0


def test_forgetting_a_person_takes_what_is_theirs_out_of_every_copy(coordinator: EngageClient) -> None:
    action = make_action(make_plan())
    coordinator.send(f"{ACTIONS}{action.number}/updates", text="Somebody's name")
    theirs = {"text": "Somebody's name"}
    deleted(coordinator, f"actions/{action.number}")
    coalition_id = coordinator.membership.coalition_id

    snapshots.forget_where(make_coalition(slug="elsewhere").id, "plan_update", theirs)
    snapshots.forget_where(coalition_id, "plan_update", theirs | {"text": "Another's"})
    assert "Somebody" in str(only_copy().rows)
    snapshots.forget_where(coalition_id, "plan_update", theirs)
    db.session.commit()

    assert "Somebody" not in str(db.session.execute(sa.text("SELECT rows FROM kept_copy")).all())
    assert restored(coordinator).has(f"Action {action.number} is back.")
    assert everything()["plan_update"] == []


def test_forgetting_the_thing_itself_ends_its_copy(coordinator: EngageClient) -> None:
    action = make_action(make_plan(), title="Theirs")
    deleted(coordinator, f"actions/{action.number}")

    snapshots.forget_where(coordinator.membership.coalition_id, "plan_action", {"title": "Theirs"})
    db.session.commit()

    assert only_copy().ended is SnapshotEnd.FORGOTTEN
    assert coordinator.page(TRASH).has("The trash is empty")
