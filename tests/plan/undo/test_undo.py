"""Undo of what was just changed: from where it is offered to what it restores, and what prevents it."""

from datetime import date

import pytest
import sqlalchemy as sa

from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.models import Action, ActionHelper, Goal, GoalNeed, Objective, Plan
from engage.plan.rules import ActionStatus, PlanStatus
from engage.plan.undo.rules import What
from engage.plan.undo.service import steps
from engage.snapshots import Snapshot, SnapshotEnd
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_goal,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
)
from tests.html import Page
from tests.strengths.rows import make_need

PLAN = "/c/riverbend/plan/"
ACTIONS = f"{PLAN}actions/"
UNDO = "form.undo"


def offered(page: Page) -> str:
    """Returns where the notice's button posts to."""
    return page.one(UNDO).attributes["action"] or ""


def only_copy() -> Snapshot:
    return db.session.scalars(sa.select(Snapshot)).one()


def fresh(action: Action) -> Action:
    db.session.expire_all()
    return db.session.get_one(Action, action.id)


def moved(client: EngageClient, action: Action, **fields: object) -> str:
    """Moves it on its page; returns where the next page's notice undoes it."""
    fields = {"version": action.version, "status": "done", **fields}
    answer = client.send(f"{ACTIONS}{action.number}/move", **fields)
    assert answer.status == 303
    return offered(client.page(answer.location or ""))


# -- where it is offered, and that it works


def test_a_move_is_taken_back_by_the_button_of_its_notice(member: EngageClient) -> None:
    action = make_action(make_plan(), status=ActionStatus.STUCK, reason="A trainer")
    silent_since = action.moved_at

    answer = member.send(moved(member, action))

    assert answer.status == 303
    assert member.page(answer.location or "").has(
        f"Action {action.number} is restored to what it was before."
    )
    back = fresh(action)
    assert (back.status, back.reason, back.done_on) == (ActionStatus.STUCK, "A trainer", None)
    assert back.moved_at == silent_since
    assert back.version == 3
    entries = db.session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id))
    assert [(e.field, e.old, e.new) for e in entries] == [
        ("status", "stuck", "done"),
        ("status", "done", "stuck"),
    ]


def test_under_htmx_the_row_the_card_and_the_page_offer_it_in_the_status_region(member: EngageClient) -> None:
    plan = make_plan()
    action = make_action(plan)
    row = member.send(
        f"{ACTIONS}{action.number}/change", htmx=True, version=1, status="under_way", owner_id="0"
    )
    card = member.send(
        f"{PLAN}board/move?plan={plan.id}",
        htmx=True,
        card=f"{action.number}:2",
        **{f"to-{action.number}": "done"},
    )
    page = member.send(f"{ACTIONS}{action.number}/move", htmx=True, version=3, status="stuck", reason="A van")

    for answer in (row, card, page):
        assert answer.status == 200
        assert answer.one(f"#status {UNDO}")
    assert member.send(offered(page)).status == 303
    assert fresh(action).status is ActionStatus.DONE


@pytest.mark.parametrize("to", ["list", "board"])
def test_without_htmx_the_row_and_the_card_offer_it_too(member: EngageClient, to: str) -> None:
    plan = make_plan()
    action = make_action(plan)
    if to == "list":
        answer = member.send(
            f"{ACTIONS}{action.number}/change", version=1, status="done", owner_id="0", due_on="2031-03-01"
        )
    else:
        answer = member.send(
            f"{PLAN}board/move?plan={plan.id}", card=f"{action.number}:1", **{f"to-{action.number}": "done"}
        )
    member.send(offered(member.page(answer.location or "")))

    assert (fresh(action).status, fresh(action).due_on) == (ActionStatus.NOT_STARTED, None)


@pytest.mark.parametrize("htmx", [True, False])
def test_what_was_moved_on_the_board_is_taken_back_there(member: EngageClient, htmx: bool) -> None:
    plan = make_plan()
    action = make_action(plan)
    fields = {"card": f"{action.number}:1", f"to-{action.number}": "done"}
    moved = member.send(f"{PLAN}board/move?plan={plan.id}&view=board&mine=1", htmx=htmx, **fields)
    answer = member.send(offered(moved if htmx else member.page(moved.location or "")))
    assert answer.location == f"{PLAN}?plan={plan.id}&mine=1&view=board#plan-card-{action.number}"
    assert fresh(action).status is ActionStatus.NOT_STARTED


def test_an_edit_is_taken_back_with_its_place_and_its_helpers(member: EngageClient) -> None:
    plan, ann, bob = make_plan(), make_membership(name="Ann Lee"), make_membership(name="Bob Orr")
    goal = make_goal(plan)
    objective = make_objective(goal)
    action = make_action(plan, goal, objective, title="Train families", details="Four evenings")
    first = member.send(
        f"{ACTIONS}{action.number}/edit",
        version=1,
        title="Train families",
        place=f"objective-{objective.id}",
        owner_id=ann.id,
        helpers=[str(bob.id)],
        details="Four evenings",
        organization_id="0",
        need_id="0",
    )
    member.page(first.location or "")
    answer = member.send(
        f"{ACTIONS}{action.number}/edit",
        version=2,
        title="Train",
        place="",
        owner_id=bob.id,
        helpers=[str(ann.id)],
        organization_id="0",
        need_id="0",
    )

    member.send(offered(member.page(answer.location or "")))

    back = fresh(action)
    assert (back.title, back.details, back.owner_id) == ("Train families", "Four evenings", ann.id)
    assert (back.goal_id, back.objective_id) == (goal.id, objective.id)
    assert list(db.session.scalars(sa.select(ActionHelper.membership_id))) == [bob.id]
    texts = sa.select(HistoryEntry).where(HistoryEntry.field.in_(["title", "details"]))
    assert [(e.old, e.new) for e in db.session.scalars(texts)] == [(None, None)] * 4


def test_goals_and_objectives_are_taken_back_with_their_needs(coordinator: EngageClient) -> None:
    goal, need = (
        make_goal(make_plan(), title="Nobody waits", area="prevention"),
        make_need(coordinator.membership),
    )
    objective = make_objective(goal, title="Beds", due_on=date(2031, 3, 1))
    coordinator.send(
        f"{PLAN}goals/{goal.id}/edit", version=1, title="Nobody waits", area="", needs=[str(need.id)]
    )
    coordinator.page(PLAN)
    answer = coordinator.send(f"{PLAN}goals/{goal.id}/edit", version=2, title="Other", area="")
    assert coordinator.send(offered(coordinator.page(answer.location or ""))).status == 303
    answer = coordinator.send(f"{PLAN}objectives/{objective.id}/edit", version=1, title="Bed")
    assert coordinator.send(offered(coordinator.page(answer.location or ""))).status == 303

    db.session.expire_all()
    assert db.session.scalars(sa.select(Goal.title)).one() == "Nobody waits"
    assert db.session.scalars(sa.select(GoalNeed.need_id)).one() == need.id
    back = db.session.scalars(sa.select(Objective)).one()
    assert (back.title, back.due_on) == ("Beds", date(2031, 3, 1))


def test_what_changed_nothing_offers_nothing(member: EngageClient) -> None:
    action = make_action(make_plan())
    answer = member.send(f"{ACTIONS}{action.number}/move", version=1, status="not_started")

    assert member.page(answer.location or "").all(UNDO) == []
    assert db.session.scalars(sa.select(Snapshot)).all() == []


def test_the_address_asks_first_and_writes_nothing(member: EngageClient) -> None:
    action = make_action(make_plan(), title="Train families")
    address = moved(member, action)

    page = member.page(address)

    assert page.text("h1") == "Undo this change?"
    assert page.text(".undo-title") == f"{action.number}. Train families"
    assert page.texts(".undo-fields dd") == ["Before: Not started", "Now: Done"]
    assert page.one(f"main form[action='{address}']")
    assert fresh(action).status is ActionStatus.DONE


# -- several at once, as a bulk edit does


def several(client: EngageClient, count: int, plan: Plan | None = None) -> tuple[list[Action], Snapshot]:
    plan = plan or make_plan()
    rows = [make_action(plan) for _n in range(count)]
    before = steps.before(rows)
    for row in rows:
        row.due_on, row.status, row.version = date(2031, 3, 1), ActionStatus.UNDER_WAY, row.version + 1
    step = steps.record(client.membership, What.SEVERAL, before)
    db.session.commit()
    assert step is not None
    return rows, step


def test_a_step_of_several_is_taken_back_whole(member: EngageClient) -> None:
    rows, step = several(member, 3)
    answer = member.send(f"{PLAN}undo/{step.id}")

    assert member.page(answer.location or "").has("3 changes are undone.")
    assert {(fresh(row).status, fresh(row).due_on) for row in rows} == {(ActionStatus.NOT_STARTED, None)}


def test_where_one_of_several_changed_since_nothing_happens_until_the_rest_is_chosen(
    member: EngageClient,
) -> None:
    rows, step = several(member, 3)
    member.send(f"{ACTIONS}{rows[0].number}/move", version=2, status="done")
    address = f"{PLAN}undo/{step.id}"

    refused = member.send(address)

    assert refused.status == 409
    assert refused.text(".undo-row:first-of-type .undo-why") == "Someone has changed it since then."
    assert refused.texts(".undo-row:first-of-type dd") == [
        "Before: (empty)",
        "Now: March 1, 2031",
        "Before: Not started",
        "Now: Done",
    ]
    assert [fresh(row).status.value for row in rows] == ["done", "under_way", "under_way"]
    assert refused.text("main form .btn-primary") == "Undo the other 2"

    answer = member.send(address, rest="yes")

    assert member.page(answer.location or "").has("2 changes are undone. 1 stays as it is.")
    assert [fresh(row).status.value for row in rows] == ["done", "not_started", "not_started"]


def test_asking_and_taking_back_take_the_same_queries_for_many(member: EngageClient) -> None:
    plan = make_plan()
    several(member, 1, plan)  # whatever is asked only once
    asked, written = [], []
    for many in (2, 30):
        _rows, step = several(member, many, plan)
        with databases.counted_queries() as queries:
            member.page(f"{PLAN}undo/{step.id}")
        asked.append(len(queries))
        with databases.counted_queries() as queries:
            assert member.send(f"{PLAN}undo/{step.id}").status == 303
        written.append(len(queries))

    assert (asked[0], written[0]) == (asked[1], written[1])


# -- what is in its way


def test_after_someone_else_changed_it_both_states_are_shown_and_nothing_is_lost(
    member: EngageClient, coordinator: EngageClient
) -> None:
    action = make_action(make_plan())
    address = moved(member, action)
    coordinator.send(f"{ACTIONS}{action.number}/move", version=2, status="stuck", reason="A van")

    page = member.send(address)

    assert page.status == 409
    assert page.text("h1") == "It changed in the meantime"
    assert page.texts(".undo-fields dd")[:2] == ["Before: Not started", "Now: Stuck"]
    assert page.all("main form button") == []
    assert fresh(action).reason == "A van"
    assert only_copy_of(member).ended_at is None


def only_copy_of(client: EngageClient) -> Snapshot:
    mine = sa.select(Snapshot).where(Snapshot.made_by_id == client.membership.id)
    return db.session.scalars(mine).one()


def test_a_line_on_how_it_goes_stands_in_no_ones_way_and_stays_the_last_move(member: EngageClient) -> None:
    action = make_action(make_plan())
    address = moved(member, action)
    member.send(f"{ACTIONS}{action.number}/updates", text="Two families came.")
    said_at = fresh(action).moved_at

    assert member.send(address).status == 303
    assert (fresh(action).status, fresh(action).moved_at) == (ActionStatus.NOT_STARTED, said_at)


def test_what_was_deleted_since_is_restored_first(coordinator: EngageClient) -> None:
    action = make_action(make_plan())
    number, address = action.number, moved(coordinator, action)
    answer = coordinator.send(f"{ACTIONS}{number}/delete")
    restore = offered(coordinator.page(answer.location or ""))

    page = coordinator.send(address)

    assert page.status == 409
    assert page.text(".undo-row") == (
        f"Action {number} It has since been deleted. If it is in the trash, restore it first."
        " Status Before: Not started"
    )
    assert coordinator.send(restore).status == 303
    assert coordinator.send(address).status == 303
    db.session.expire_all()
    assert db.session.scalars(sa.select(Action.status)).one() is ActionStatus.NOT_STARTED


def test_another_row_with_the_id_of_a_deleted_one_is_not_touched(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan, title="First")
    key, version = goal.id, 2
    answer = coordinator.send(f"{PLAN}goals/{key}/edit", version=1, title="Changed", area="")
    address = offered(coordinator.page(answer.location or ""))
    coordinator.send(f"{PLAN}goals/{key}/delete")
    make_goal(plan, id=key, version=version, title="Another")

    page = coordinator.send(address)

    assert page.status == 409
    assert page.text(".undo-why").startswith("It has since been deleted.")
    db.session.expire_all()
    assert db.session.scalars(sa.select(Goal.title)).one() == "Another"


def test_twice_is_once(member: EngageClient) -> None:
    action = make_action(make_plan())
    address = moved(member, action)
    assert member.send(address).status == 303

    for answer in (member.send(address), Page(member.get(address))):
        assert answer.status == 409
        assert answer.has("This was already undone.")
    assert fresh(action).version == 3
    copy = only_copy()
    assert (copy.ended, copy.rows) == (SnapshotEnd.TAKEN_BACK, None)


def test_what_is_linked_to_something_that_is_gone_says_so(coordinator: EngageClient) -> None:
    plan, gone = make_plan(), make_organization()
    action = make_action(plan, organization_id=gone.id)
    answer = coordinator.send(
        f"{ACTIONS}{action.number}/edit",
        version=1,
        title=action.title,
        place="",
        owner_id="0",
        organization_id="0",
        need_id="0",
    )
    address = offered(coordinator.page(answer.location or ""))
    db.session.delete(gone)

    page = coordinator.send(address)

    assert page.status == 409
    assert page.text(".undo-why") == "The item it was linked to was deleted."
    assert page.texts(".undo-fields dd") == ["Before: gone", "Now: (empty)"]


def test_no_one_who_has_left_leads_it_again(member: EngageClient) -> None:
    ann = make_membership(name="Ann Lee")
    action = make_action(make_plan(), owner_id=ann.id)
    answer = member.send(f"{ACTIONS}{action.number}/change", version=1, status="under_way", owner_id="0")
    address = offered(member.page(answer.location or ""))
    ann.left_on = date(2026, 3, 1)

    answer = member.send(address)

    assert member.page(answer.location or "").has("Ann Lee has left: no one leads it now.")
    assert (fresh(action).status, fresh(action).owner_id) == (ActionStatus.NOT_STARTED, None)


def test_in_a_plan_that_was_closed_nothing_is_taken_back(member: EngageClient) -> None:
    plan = make_plan()
    action = make_action(plan)
    address = moved(member, action)
    plan.status, plan.closed_on = PlanStatus.CLOSED, date(2026, 12, 1)

    page = member.send(address)

    assert (page.status, page.text(".undo-why")) == (409, "Its plan is closed.")
    assert fresh(action).status is ActionStatus.DONE


# -- whose it is


def test_only_the_person_who_did_it_and_coordinators_take_it_back(
    member: EngageClient, coordinator: EngageClient, viewer: EngageClient, client_of
) -> None:
    other = client_of(make_membership(name="Ann Lee"))
    action = make_action(make_plan())
    address = moved(member, action)

    assert [other.get(address).status_code, other.send(address).status] == [404, 404]
    assert viewer.send(address).status == 403
    assert fresh(action).status is ActionStatus.DONE
    assert coordinator.send(address).status == 303
    assert fresh(action).status is ActionStatus.NOT_STARTED


def test_a_coordinator_who_is_one_no_more_does_not_take_a_goal_back(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan(), title="Nobody waits")
    answer = coordinator.send(f"{PLAN}goals/{goal.id}/edit", version=1, title="Other", area="")
    address = offered(coordinator.page(answer.location or ""))
    db.session.execute(
        sa.text("UPDATE coalitions_membership SET role = 'member' WHERE id = :id"),
        {"id": coordinator.membership.id},
    )

    assert coordinator.send(address).status == 404


def test_what_took_the_place_of_something_deleted_is_never_given_its_former_text(
    member: EngageClient, coordinator: EngageClient
) -> None:
    """SQLite gives the id of the latest row again after it was deleted."""
    plan = make_plan()
    gone = make_action(plan, title="Ask the hospital")
    key, number, undo_url = gone.id, gone.number, moved(member, gone)
    assert coordinator.send(f"{ACTIONS}{number}/delete").status == 303
    db.session.expunge(gone)
    other = make_action(plan, id=key, title="Print cards")
    # As often changed as the other was.
    coordinator.send(f"{ACTIONS}{other.number}/move", version=1, status="done")

    page = member.send(undo_url)

    assert page.status == 409
    assert page.has("It has since been deleted.")
    assert not page.has("Print cards")
    assert fresh(other).status is ActionStatus.DONE
