"""Changing several actions at once: choosing them, what would happen, all or nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.coalitions.models import Membership
from engage.errors import WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.bulk import service as bulk_service
from engage.plan.bulk.rules import BulkChange
from engage.plan.bulk.service import Overtaken
from engage.plan.models import Action, Goal, Plan
from engage.plan.repeats import service as repeats_service
from engage.plan.repeats.rules import RepeatUnit, Rule, Series
from engage.plan.rules import ActionStatus, PlanStatus
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_action, make_coalition, make_goal, make_membership, make_objective, make_plan
from tests.html import Page

PLAN = "/c/riverbend/plan/"
BULK = f"{PLAN}several"
SAVE = f"{BULK}/save"
S = ActionStatus
JAN = date(2027, 1, 31)


def fields_of(page: Page) -> dict[str, Any]:
    """Returns what the page's form would send, as a browser does."""
    form = page.one("form.stack[method=post]")
    found: dict[str, Any] = {}
    for node in form.css("input[type=hidden]"):
        found.setdefault(node.attributes["name"] or "", []).append(node.attributes["value"])
    found.pop("csrf_token", None)
    return found


def look(client: EngageClient, *actions: Action, query: str = "", **fields: Any) -> Page:
    return client.send(f"{BULK}{query}", number=[each.number for each in actions], **fields)


def press(client: EngageClient, page: Page, **more: Any) -> Page:
    """Presses the preview's button."""
    action = page.one("form.stack[method=post]").attributes["action"] or ""
    return client.send(action, **{**fields_of(page), **more})


def fresh(action: Action) -> Action:
    return db.session.scalars(
        sa.select(Action).where(Action.id == action.id).execution_options(populate_existing=True)
    ).one()


def notes() -> list[tuple[int, str, str | None, str | None]]:
    rows = db.session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id))
    return [(row.thing_id, row.field, row.old, row.new) for row in rows]


# -- choosing


def test_the_list_leads_to_choosing_several_with_its_filters(member: EngageClient) -> None:
    plan = make_plan()
    make_action(plan, status=S.STUCK, reason="A van")

    page = member.page(f"{PLAN}?stuck=1")

    (link,) = [node for node in page.all("a") if "Change several" in node.text()]
    assert link.attributes["href"] == f"{BULK}?plan={plan.id}&stuck=1"


def test_the_page_has_a_box_for_each_action_and_leaves_everything_as_it_is(member: EngageClient) -> None:
    plan = make_plan()
    first, second = make_action(plan), make_action(plan)

    page = member.page(BULK)

    boxes = [node.attributes["value"] for node in page.all("input[name=number]")]
    assert boxes == [str(first.number), str(second.number)]
    assert [page.value(name) for name in ("status", "owner_id", "goal_id", "due_on", "reason")] == [""] * 5
    assert page.has("All 2 actions that fit")


def test_the_filters_choose_what_is_offered(member: EngageClient) -> None:
    plan = make_plan()
    make_action(plan, title="Goes on")
    make_action(plan, title="Over", status=S.DONE)

    page = member.page(f"{BULK}?state=done")

    assert page.texts(".plan-several label") == [f"{only('Over').number} Over"]


def only(title: str) -> Action:
    return db.session.scalars(sa.select(Action).where(Action.title == title)).one()


def test_a_viewer_makes_no_bulk_change(viewer: EngageClient) -> None:
    action = make_action(make_plan())

    assert viewer.get(BULK).status_code == 403
    assert viewer.send(BULK, number=action.number, owner_id="0").status == 403
    assert viewer.send(SAVE, seen=f"{action.number}:1", owner_id="0").status == 403


def test_a_closed_plan_does_not_change(member: EngageClient) -> None:
    plan = make_plan(status=PlanStatus.CLOSED, closed_on=date(2026, 1, 1))
    action = make_action(plan)

    assert member.get(f"{BULK}?plan={plan.id}").status_code == 409
    assert member.send(f"{SAVE}?plan={plan.id}", seen=f"{action.number}:1", status="done").status == 409
    assert fresh(action).status is S.NOT_STARTED


def test_another_coalitions_plan_people_goals_and_actions_do_not_exist(member: EngageClient) -> None:
    mine = make_action(make_plan())
    elsewhere = make_coalition()
    plan = make_plan(coalition=elsewhere)
    theirs, goal = make_action(plan), make_goal(plan)
    stranger = make_membership(coalition=elsewhere)

    assert member.get(f"{BULK}?plan={plan.id}").status_code == 404
    assert look(member, mine, owner_id=stranger.id).status == 422
    assert look(member, mine, goal_id=goal.id).status == 422
    assert look(member, theirs, status="done").has("1 chosen action is no longer in this plan.")
    assert member.send(SAVE, seen=f"{theirs.number}:1", status="done").status == 409
    assert fresh(theirs).status is S.NOT_STARTED


# -- what would happen


def test_the_preview_says_what_changes_of_each_and_writes_nothing(member: EngageClient) -> None:
    plan = make_plan()
    old, new = make_goal(plan, title="Old goal"), make_goal(plan, title="New goal")
    objective = make_objective(old, title="Ten beds")
    ann = make_membership(name="Ann Lee", user=None)
    first = make_action(plan, old, objective, title="Print cards")
    second = make_action(plan, new, title="Ask", owner_id=ann.id, status=S.UNDER_WAY)

    page = look(member, first, second, status="under_way", owner_id=ann.id, goal_id=new.id)

    assert page.status == 200
    assert page.has("1 action would change.")
    said = page.text("#plan-several-lines")
    assert "Status: Not started → Under way" in said
    assert "Who: No one yet → Ann Lee" in said
    assert "Goal: Goal 1. Old goal → Goal 2. New goal" in said
    assert "so it is removed: Ten beds" in said
    assert "Ask" in page.text("#plan-several-staying")
    assert fresh(first).version == 1 and notes() == []


def test_nothing_ticked_and_nothing_said_is_refused_and_keeps_the_rest(member: EngageClient) -> None:
    action = make_action(make_plan())

    page = member.send(BULK, status="done")
    assert page.status == 422
    assert page.text(".error-summary a[href='#plan-several-choose']") == "Check at least one action."
    assert page.value("status") == "done"

    page = look(member, action)
    assert page.status == 422
    assert page.has("Choose what to change: status, owner, due date, or goal.")
    assert page.one(".error-summary a[href='#plan-several-status']")
    assert page.one(f"#plan-several-{action.number}").attributes.keys() >= {"checked"}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("stuck", "Say what help is needed, so that someone can offer it."),
        ("no_longer_needed", "Say why it is no longer needed."),
    ],
)
def test_a_move_that_asks_is_refused_without_an_answer(member: EngageClient, status: str, words: str) -> None:
    action = make_action(make_plan())

    page = look(member, action, status=status)

    assert page.status == 422
    assert page.errors == [words]
    assert look(member, action, status=status, reason="We wait for the county").status == 200


def test_leaving_done_asks_why_and_says_of_which(member: EngageClient) -> None:
    plan = make_plan()
    done, other = make_action(plan, title="Print cards", status=S.DONE), make_action(plan)

    page = look(member, done, other, status="under_way")

    (error,) = page.errors
    assert error == f"Say why it is open again. This applies to: {done.number} Print cards."


def test_due_before_the_start_is_refused_by_name_and_can_be_left_out(member: EngageClient) -> None:
    plan = make_plan()
    later = make_action(plan, title="Open the house", start_on=date(2027, 3, 1))
    other = make_action(plan)

    page = look(member, later, other, due_on="2027-01-15")
    assert page.status == 422
    (error,) = page.errors
    assert f"before the start of: {later.number} Open the house" in error
    assert page.value("due_on") == "2027-01-15"

    page = look(member, later, other, due_on="2027-01-15", leave_out="y")
    assert press(member, page).status == 303
    assert (fresh(later).due_on, fresh(other).due_on) == (None, date(2027, 1, 15))


def test_a_day_and_no_day_at_once_is_refused(member: EngageClient) -> None:
    page = look(member, make_action(make_plan()), due_on="2027-01-15", no_date="y")

    assert (page.status, page.errors) == (422, ["Choose one: a new date, or no date."])


def test_a_reason_with_personal_details_waits_for_its_writer(member: EngageClient) -> None:
    action = make_action(make_plan())
    text = "Ask Jo at 512-555-0137"

    page = look(member, action, status="stuck", reason=text)
    assert page.status == 422 and page.has("a phone number")

    accepted = {"reason-accepted": page.one("[name='reason-accepted']").attributes["value"]}
    page = look(member, action, status="stuck", reason=text, **accepted)
    assert press(member, page).status == 303
    assert fresh(action).reason == text


def test_back_to_the_choices_brings_the_ticks_and_the_choices(member: EngageClient) -> None:
    plan = make_plan()
    first, second, third = make_action(plan), make_action(plan, status=S.DONE), make_action(plan)
    page = look(member, first, second, status="done")

    page = member.send(BULK, **fields_of(page), back="1")

    assert page.status == 200
    ticked = [node.attributes["value"] for node in page.all("input[name=number][checked]")]
    assert ticked == [str(first.number), str(second.number)]
    assert page.value("status") == "done"
    assert third.number


def test_what_was_ticked_and_is_not_on_the_page_any_more_stays_chosen(member: EngageClient) -> None:
    plan = make_plan()
    action = make_action(plan, status=S.DONE)

    page = look(member, action, query="?state=open")

    assert page.status == 422
    assert page.has("1 action that is not on this page is also chosen.")
    assert page.one("input[type=hidden][name=number]").attributes["value"] == str(action.number)


def test_turning_the_page_brings_along_what_was_ticked_and_typed(
    member: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engage.plan.overview.pages.groups.PAGE_ROWS", 2)
    plan = make_plan()
    first = make_action(plan)
    for _more in range(3):
        make_action(plan)
    button = member.page(BULK).one("nav.pages button")
    typed = {"number": str(first.number), "status": "stuck", "reason": "The van broke down"}

    page = member.send(str(button.attributes["formaction"]), **typed, back="1")

    assert (page.status, page.value("status"), page.value("reason")) == (200, "stuck", "The van broke down")
    assert page.one("input[type=hidden][name=number]").attributes["value"] == str(first.number)


# -- applying


def test_all_are_changed_with_history_and_one_press(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    objective = make_objective(goal)
    first = make_action(plan, goal, objective, moved_at=clock.now() - timedelta(days=90))
    second = make_action(plan, status=S.UNDER_WAY)
    ann = make_membership(name="Ann Lee", user=None)
    page = look(
        member,
        first,
        second,
        status="stuck",
        reason="A van",
        owner_id=ann.id,
        due_on="2027-01-15",
        goal_id="0",
    )

    page = press(member, page)

    assert (page.status, page.location) == (303, f"{PLAN}?plan={plan.id}")
    assert member.page(page.location or "").has("2 actions are changed.")
    for action in (fresh(first), fresh(second)):
        assert (action.status, action.reason, action.owner_id) == (S.STUCK, "A van", ann.id)
        assert (action.due_on, action.goal_id, action.objective_id) == (date(2027, 1, 15), None, None)
        assert action.version == 2
        assert clock.now() - action.moved_at < timedelta(minutes=1)
    mine = [(field, old, new) for key, field, old, new in notes() if key == first.id]
    assert mine == [
        ("status", "not_started", "stuck"),
        ("owner_id", None, str(ann.id)),
        ("due_on", None, "2027-01-15"),
        ("goal_id", str(goal.id), None),
        ("objective_id", str(objective.id), None),
    ]
    assert all(
        entry.actor_id == member.membership.id for entry in db.session.scalars(sa.select(HistoryEntry))
    )


def test_done_and_not_done_keep_the_day_right(member: EngageClient) -> None:
    action = make_action(make_plan())

    press(member, look(member, action, status="done"))
    assert fresh(action).done_on == clock.today("America/Chicago")

    press(member, look(member, action, status="under_way", reason="Half of it came back"))
    assert (fresh(action).done_on, fresh(action).reason) == (None, "Half of it came back")


def test_all_that_fit_are_changed_on_whatever_page_they_are(
    member: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engage.plan.overview.pages.groups.PAGE_ROWS", 2)
    plan = make_plan()
    actions = [make_action(plan) for _ in range(5)]
    kept = make_action(plan, status=S.DONE)

    page = look(member, query="?state=open", every="y", status="under_way")
    assert page.has("5 actions would change.")
    page = press(member, page)

    assert page.location == f"{PLAN}?plan={plan.id}&state=open"
    assert {fresh(action).status for action in actions} == {S.UNDER_WAY}
    assert fresh(kept).status is S.DONE


def test_what_was_looked_at_is_what_changes(member: EngageClient) -> None:
    plan = make_plan()
    make_action(plan)
    page = look(member, every="y", status="done")
    later = make_action(plan)

    press(member, page)

    assert fresh(later).status is S.NOT_STARTED


def test_more_than_can_be_looked_through_are_refused_kindly(
    member: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engage.plan.bulk.routes.MOST", 2)
    plan = make_plan()
    actions = [make_action(plan) for _ in range(3)]

    page = look(member, every="y", status="done")

    assert page.status == 422
    assert page.has("At most 2 actions can be changed at once. Choose fewer with the filters.")
    assert page.value("status") == "done"
    assert {fresh(action).status for action in actions} == {S.NOT_STARTED}


def test_one_press_takes_all_of_it_back(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    objective = make_objective(goal)
    untouched = clock.now() - timedelta(days=90)
    first = make_action(plan, goal, objective, moved_at=untouched, due_on=JAN)
    second = make_action(plan, status=S.STUCK, reason="A van")
    page = press(member, look(member, first, second, status="done", no_date="y", goal_id="0"))
    listed = member.page(page.location or "")

    undone = member.send(listed.one(".flash-undo form").attributes["action"] or "")

    assert undone.status == 303
    was, other = fresh(first), fresh(second)
    assert (was.status, was.done_on, was.due_on, was.moved_at) == (S.NOT_STARTED, None, JAN, untouched)
    assert (was.goal_id, was.objective_id, was.version) == (goal.id, objective.id, 3)
    assert (other.status, other.reason, other.done_on) == (S.STUCK, "A van", None)


def test_what_a_colleague_changed_since_is_not_taken_back_unasked(
    member: EngageClient, coordinator: EngageClient
) -> None:
    plan = make_plan()
    first, second = make_action(plan), make_action(plan)
    page = press(member, look(member, first, second, due_on="2027-01-15"))
    undo = member.page(page.location or "").one(".flash-undo form").attributes["action"] or ""
    press(coordinator, look(coordinator, first, due_on="2027-02-01"))

    assert member.send(undo).status == 409
    assert (fresh(first).due_on, fresh(second).due_on) == (date(2027, 2, 1), date(2027, 1, 15))


def test_what_repeats_and_is_done_now_leaves_its_next_one_in_the_plan(member: EngageClient) -> None:
    plan = make_plan()
    monthly, once = make_action(plan, title="Send the numbers", due_on=JAN), make_action(plan)
    series = Series(Rule(RepeatUnit.MONTH_DAY, 1, 31), JAN)
    repeats_service.begin(member.membership, monthly, series)

    page = press(member, look(member, monthly, once, status="done"))

    assert member.page(page.location or "").has("2 actions are changed. 1 of them repeats")
    following = db.session.scalars(sa.select(Action).where(Action.title == monthly.title)).all()
    assert sorted((each.due_on, each.status) for each in following) == [
        (JAN, S.DONE),
        (date(2027, 2, 28), S.NOT_STARTED),
    ]


# -- others at the same time


def test_someone_was_faster_nothing_is_changed_and_the_page_says_where(
    member: EngageClient, coordinator: EngageClient
) -> None:
    plan = make_plan()
    first, second = make_action(plan, title="Print cards"), make_action(plan)
    page = look(member, first, second, status="under_way", due_on="2027-01-15")
    change = {"status": "done", "version": 1, "owner_id": "0", "due_on": ""}
    assert coordinator.send(f"{PLAN}actions/{first.number}/change", **change).status == 303

    page = press(member, page)

    assert page.status == 409
    assert page.has(f"Someone changed {first.number} Print cards.")
    assert (fresh(first).status, fresh(second).status) == (S.DONE, S.NOT_STARTED)
    # It is done by now: moving it back asks why, at the choices that were kept.
    assert page.value("status") == "under_way"
    assert page.value("due_on") == "2027-01-15"


def test_the_loser_of_two_changes_of_several_sees_what_would_happen_now(
    member: EngageClient, coordinator: EngageClient
) -> None:
    plan = make_plan()
    actions = [make_action(plan) for _ in range(3)]
    mine = look(member, *actions, due_on="2027-01-15")
    theirs = look(coordinator, *actions[:2], due_on="2027-02-01")
    assert press(coordinator, theirs).status == 303

    page = press(member, mine)

    assert page.status == 409
    assert page.has("Someone changed 2 of them")
    assert page.has("Feb 1, 2027 → Jan 15, 2027")
    assert fresh(actions[2]).due_on is None

    assert press(member, page).status == 303
    assert {fresh(action).due_on for action in actions} == {date(2027, 1, 15)}


def test_of_two_changes_at_the_very_same_moment_one_wins_whole(app: Flask, member: EngageClient) -> None:
    plan = make_plan()
    numbers = [make_action(plan).number for _ in range(20)]
    place, plan_id = member.membership.id, plan.id
    # In opposite orders, as two lists would send them: no one locks the other out.
    days = {date(2027, 1, 15): numbers, date(2027, 2, 1): numbers[::-1]}

    def press_now(day: date) -> bool:
        with app.app_context():
            try:
                person = db.session.get_one(Membership, place)
                seen = dict.fromkeys(days[day], 1)
                bulk_service.apply(person, plan_id, seen, BulkChange({"due_on": day}), date(2026, 11, 25))
                db.session.commit()
                return True
            except Overtaken:
                return False
            finally:
                db.session.remove()

    db.session.commit()
    with ThreadPoolExecutor(2) as pool:
        won = list(pool.map(press_now, days))

    assert sorted(won) == [False, True]
    found = set(db.session.execute(sa.select(Action.due_on, Action.version)))
    assert found == {(list(days)[won.index(True)], 2)}


def test_a_plan_that_closes_at_the_last_moment_keeps_its_actions(member: EngageClient) -> None:
    plan = make_plan(status=PlanStatus.CLOSED, closed_on=date(2026, 1, 1))
    action = make_action(plan)

    with pytest.raises(WrongState):
        bulk_service.apply(
            member.membership,
            plan.id,
            {action.number: 1},
            BulkChange({"status": S.DONE}),
            date(2026, 11, 25),
        )


def test_an_action_that_was_deleted_meanwhile_is_said_and_the_others_wait(
    member: EngageClient, coordinator: EngageClient
) -> None:
    plan = make_plan()
    first, second = make_action(plan), make_action(plan)
    page = look(member, first, second, status="done")
    assert coordinator.send(f"{PLAN}actions/{first.number}/delete").status == 303

    page = press(member, page)
    assert page.status == 409
    assert page.has("1 chosen action is no longer in this plan.")
    assert fresh(second).status is S.NOT_STARTED

    assert press(member, page).status == 303
    assert fresh(second).status is S.DONE


def test_an_owner_who_left_between_preview_and_saving_is_refused_and_the_rest_kept(
    member: EngageClient,
) -> None:
    plan = make_plan()
    first = make_action(plan)
    ann = make_membership(name="Ann Lee", user=None)
    page = look(member, first, owner_id=ann.id, due_on="2027-01-15")
    leave(ann)

    page = press(member, page)

    assert page.status == 422
    assert page.errors == ["This person is no longer here. Choose someone else."]
    assert page.value("due_on") == "2027-01-15"
    assert fresh(first).owner_id is None
    assert page.one(f"#plan-several-{first.number}").attributes.keys() >= {"checked"}


def leave(person: Membership) -> None:
    db.session.execute(
        sa.update(Membership).where(Membership.id == person.id).values(left_on=date(2026, 1, 1))
    )
    db.session.commit()


def test_a_goal_that_was_deleted_meanwhile_is_refused(member: EngageClient) -> None:
    plan = make_plan()
    goal, action = make_goal(plan), make_action(plan)
    page = look(member, action, goal_id=goal.id)
    db.session.execute(sa.delete(Goal).where(Goal.id == goal.id))

    page = press(member, page)

    assert (page.status, page.errors) == (422, ["This goal is no longer in the plan. Choose another."])


def test_a_colleague_who_edits_an_action_while_it_is_moved_to_another_goal_sees_both(
    member: EngageClient, coordinator: EngageClient
) -> None:
    plan = make_plan()
    old, new = make_goal(plan, title="Old"), make_goal(plan, title="New")
    action = make_action(plan, old, title="Print cards")
    assert press(member, look(member, action, goal_id=new.id)).status == 303

    page = coordinator.send(
        f"{PLAN}actions/{action.number}/edit",
        version=1,
        title="Print more cards",
        place=f"goal-{old.id}",
        owner_id="0",
        organization_id="0",
        need_id="0",
    )

    assert page.status == 409
    assert page.value("title") == "Print more cards"
    assert fresh(action).title == "Print cards" and fresh(action).goal_id == new.id


@pytest.mark.parametrize("seen", ["", "abc", "1:1 2", "9" * 30 + ":1", "1:1  2:1", "1:1;2:1"])
def test_a_broken_list_of_what_was_seen_is_no_list(member: EngageClient, seen: str) -> None:
    make_action(make_plan())

    assert member.send(SAVE, seen=seen, status="done").status == 422


def test_saving_what_a_rule_holds_back_is_refused_also_without_looking(member: EngageClient) -> None:
    action = make_action(make_plan(), start_on=date(2027, 3, 1))

    assert member.send(SAVE, seen=f"{action.number}:1", status="stuck").status == 422
    assert member.send(SAVE, seen=f"{action.number}:1", due_on="2027-01-01").status == 422
    assert fresh(action).version == 1


def test_the_address_of_a_refused_change_leads_back_to_choosing(member: EngageClient) -> None:
    plan = make_plan()

    page = Page(member.get(f"{SAVE}?state=open&page=2"))

    assert (page.status, page.location) == (303, f"{BULK}?plan={plan.id}&state=open&page=2")


# -- speed


def test_the_number_of_statements_does_not_grow_with_the_actions(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)

    def statements(plan: Plan, count: int) -> tuple[int, int, int]:
        actions = [make_action(plan, goal, make_objective(goal)).number for _ in range(count)]
        with counted_queries() as choosing:
            member.page(BULK)
        with counted_queries() as looking:
            page = member.send(
                BULK, number=actions, status="stuck", reason="A van", due_on="2027-01-15", goal_id="0"
            )
        with counted_queries() as saving:
            assert press(member, page).status == 303
        return len(choosing), len(looking), len(saving)

    assert statements(plan, 2) == statements(plan, 12)


def test_numbers_that_were_never_looked_at_are_not_read_where_someone_was_faster(
    member: EngageClient,
) -> None:
    plan = make_plan()
    first = make_action(plan, title="Print cards")
    make_action(plan, title="Ask the hospital")
    page = look(member, first, status="under_way")
    first.version += 1
    db.session.commit()

    page = press(member, page, number=[str(each) for each in range(1, 1_900)])

    assert page.status == 409
    assert page.has(f"Someone changed {first.number} Print cards.")
    assert not page.has("Ask the hospital")
