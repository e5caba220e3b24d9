"""Single rows of the list over HTTP: quick add and changing a row, with htmx and without."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engage import clock
from engage.extensions import db
from engage.plan.models import Action
from engage.plan.rules import ActionStatus, PlanStatus
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_membership,
    make_objective,
    make_plan,
)
from tests.html import Page

PLAN = "/c/riverbend/plan/"
LINE = f"{PLAN}actions/line"


def rows(page: Page) -> Page:
    """Returns a fragment that begins with a row, as htmx would read it: a parser drops rows outside a table."""
    page.tree = type(page.tree)(f"<table>{page.html}</table>")
    return page


def only_action() -> Action:
    return db.session.scalars(sa.select(Action)).one()


# -- quick add


def test_quick_add_without_htmx_returns_to_the_list_at_the_new_row(member: EngageClient) -> None:
    plan, ann = make_plan(), make_membership(name="Ann Lee", user=None)

    page = member.send(LINE, title="Print cards", owner_id=ann.id, due_on="2026-12-12")

    assert (page.status, page.location) == (303, f"{PLAN}?plan={plan.id}#plan-row-1")
    action = only_action()
    assert (action.title, action.owner_id, action.due_on) == ("Print cards", ann.id, date(2026, 12, 12))
    assert (action.plan_id, action.goal_id) == (plan.id, None)
    assert member.page(page.location or "").has("Added as action 1.")


def test_quick_add_with_htmx_shows_the_row_the_counts_and_a_fresh_line(member: EngageClient) -> None:
    plan = make_plan()
    make_goal(plan)

    page = member.send(LINE, htmx=True, plan=plan.id, title="Print cards")

    assert page.status == 200
    assert page.value("title") == ""
    assert page.text("#plan-loose .row-link") == "Print cards"
    assert page.text("#plan-counts .lead").startswith("0 of 1 action done")
    assert page.text("#status") == "Added as action 1."


@pytest.mark.parametrize("under", ["goal", "objective"])
def test_quick_add_at_the_plan_offers_its_goals_and_shows_the_row_there(
    member: EngageClient, under: str
) -> None:
    plan = make_plan()
    assert not member.page(f"{LINE}?plan={plan.id}").all("select[name=place]")
    goal = make_goal(plan, title="Nobody waits")
    objective = make_objective(goal, title="Beds")
    offered = member.page(f"{LINE}?plan={plan.id}").texts("select[name=place] option")
    assert offered == ["Not yet under a goal", "Goal 1. Nobody waits", "Objective 1.1. Beds"]
    place = f"{under}-{goal.id if under == 'goal' else objective.id}"

    page = member.send(LINE, htmx=True, plan=plan.id, title="Ask the hospital", place=place)

    assert page.text(f"#plan-goal-{goal.id} .what .row-link") == "Ask the hospital"
    assert page.one("#plan-add select[name=place]")
    assert not member.page(PLAN).all("#plan-loose .row-link")
    assert only_action().objective_id == (objective.id if under == "objective" else None)
    refused = member.send(LINE, plan=plan.id, title="Ask", place="goal-999")
    assert refused.status == 422


@pytest.mark.parametrize("under", ["goal", "objective"])
def test_quick_add_under_a_goal_or_objective_shows_the_row_there(member: EngageClient, under: str) -> None:
    plan = make_plan()
    make_goal(plan)
    goal = make_goal(plan)
    objective = make_objective(goal)
    place = goal.id if under == "goal" else objective.id

    page = member.send(LINE, htmx=True, title="Ask the hospital", **{under: place})

    assert page.text(f"#plan-goal-{goal.id} .what .row-link") == "Ask the hospital"
    assert (only_action().goal_id, only_action().objective_id) == (
        goal.id,
        objective.id if under == "objective" else None,
    )


def test_after_adding_the_line_stays_open_for_the_next_one(member: EngageClient) -> None:
    objective = make_objective(make_goal(make_plan()))
    page = member.send(LINE, htmx=True, title="Ask the hospital", objective=objective.id)
    place = f"#plan-add-objective-{objective.id}"
    assert page.one(f"{place} input[name=title][data-focus]").attributes.get("value", "") == ""
    assert page.one(f"{place} input[name=objective]").attributes["value"] == str(objective.id)


def test_a_finished_objective_is_folded_until_someone_asks_for_some_actions(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    finished, open_one = make_objective(goal, title="Beds"), make_objective(goal, title="Rides")
    make_action(plan, goal, finished, status=ActionStatus.DONE)
    make_action(plan, goal, open_one)
    page = member.page(PLAN)
    assert page.one(f"details#plan-objective-{finished.id} summary h3")
    assert page.one(f"section#plan-objective-{open_one.id}")
    assert member.page(f"{PLAN}?state=done").one(f"section#plan-objective-{finished.id}")


def test_the_line_opens_in_place_or_as_a_page(member: EngageClient) -> None:
    goal = make_goal(make_plan(), title="Nobody waits")
    objective = make_objective(goal)

    piece = Page(member.get(f"{LINE}?objective={objective.id}", headers={"HX-Request": "true"}))
    assert piece.value("objective") == str(objective.id)
    assert piece.one("form").attributes["data-hx-target"] == f"#plan-goal-{goal.id}"

    assert member.page(f"{LINE}?goal={goal.id}").has("Nobody waits")


def test_a_line_without_words_is_refused_and_keeps_the_rest(member: EngageClient) -> None:
    make_plan()

    page = member.send(LINE, title=" ", due_on="2026-12-12")

    assert page.status == 422
    assert page.errors == ["Say what will be done."]
    assert page.value("due_on") == "2026-12-12"
    assert db.session.scalar(sa.select(Action.id)) is None


def test_a_refused_line_under_a_goal_comes_back_inside_its_panel(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    make_action(plan, goal, title="Was there before")

    page = member.send(LINE, htmx=True, goal=goal.id, title="", due_on="2026-12-12")

    assert page.status == 422
    assert page.text(f"#plan-goal-{goal.id} .what .row-link") == "Was there before"
    assert page.text(f"#plan-goal-{goal.id} .form-error p") == "Error: Say what will be done."


@pytest.mark.parametrize(
    "field", [{"title": "x" * 301}, {"title": "a\x00b"}, {"due_on": "soon"}, {"owner_id": "99999999"}]
)
def test_bad_input_in_a_line_is_refused(member: EngageClient, field: dict[str, str]) -> None:
    make_plan()

    assert member.send(LINE, **{"title": "Print cards", **field}).status == 422
    assert db.session.scalar(sa.select(Action.id)) is None


@pytest.mark.parametrize("name", ["plan", "goal", "objective"])
@pytest.mark.parametrize("value", ["9" * 400, "-1", "abc", "987654"])
def test_a_place_that_is_not_there_is_not_found(member: EngageClient, name: str, value: str) -> None:
    make_plan()

    assert member.send(LINE, title="Print cards", **{name: value}).status == 404


def test_another_coalitions_places_and_people_do_not_exist(member: EngageClient) -> None:
    make_plan()
    elsewhere = make_coalition()
    plan = make_plan(coalition=elsewhere)
    goal = make_goal(plan)
    objective = make_objective(goal)
    stranger = make_membership(coalition=elsewhere)

    for place in ({"plan": plan.id}, {"goal": goal.id}, {"objective": objective.id}):
        assert member.send(LINE, title="Print cards", **place).status == 404
    assert member.send(LINE, title="Print cards", owner_id=stranger.id).status == 422
    assert db.session.scalar(sa.select(Action.id)) is None


def test_a_closed_plan_takes_no_line(member: EngageClient) -> None:
    plan = make_plan(status=PlanStatus.CLOSED)

    page = member.send(LINE, plan=plan.id, title="Print cards")

    assert page.status == 409
    assert page.has("This plan is closed.")


def test_a_viewer_adds_nothing(viewer: EngageClient) -> None:
    make_plan()

    assert viewer.send(LINE, title="Print cards").status == 403
    assert viewer.get(LINE).status_code == 403


def test_a_text_with_a_phone_number_warns_before_it_is_saved(member: EngageClient) -> None:
    make_plan()

    page = member.send(LINE, title="Call 512-555-0142")

    assert page.status == 422
    assert page.has("This looks like it contains a phone number.")
    accept = page.one("[name='title-accepted']").attributes["value"]
    assert member.send(LINE, title="Call 512-555-0142", **{"title-accepted": accept}).status == 303


# -- changing a row


def change(client: EngageClient, action: Action, *, htmx: bool = False, **fields: object) -> Page:
    values = {"version": action.version, "status": action.status.value, "owner_id": 0, "due_on": ""}
    return client.send(f"{PLAN}actions/{action.number}/change", htmx=htmx, **{**values, **fields})


def test_a_row_opens_in_place_or_as_a_page(member: EngageClient) -> None:
    action = make_action(make_plan(), owner_id=member.membership.id)
    address = f"{PLAN}actions/{action.number}/change"

    piece = rows(Page(member.get(address, headers={"HX-Request": "true"})))
    assert piece.one(f"#plan-row-{action.number} form").attributes["action"] == address
    assert piece.value("owner_id") == str(member.membership.id)

    page = member.page(address)
    assert page.text("h1") == action.title


def test_changing_a_row_without_htmx_returns_to_it(member: EngageClient) -> None:
    plan = make_plan()
    action = make_action(plan)

    page = change(member, action, owner_id=member.membership.id, due_on="2026-12-12", status="under_way")

    assert (page.status, page.location) == (303, f"{PLAN}?plan={plan.id}#plan-row-{action.number}")
    saved = only_action()
    assert (saved.owner_id, saved.due_on, saved.status) == (
        member.membership.id,
        date(2026, 12, 12),
        ActionStatus.UNDER_WAY,
    )


def test_changing_a_row_with_htmx_counts_at_three_levels(member: EngageClient) -> None:
    plan = make_plan()
    objective = make_objective(make_goal(plan))
    action = make_action(plan, None, objective)
    make_action(plan, None, objective)

    page = rows(change(member, action, htmx=True, status="done"))

    assert page.text(f"#plan-row-{action.number} .tag") == "Done"
    assert page.text(f"#plan-goal-{objective.goal_id}-progress p") == "1 of 2 done"
    assert page.text(f"#plan-objective-{objective.id}-progress p") == "1 of 2 done"
    assert page.text("#plan-counts .lead").startswith("1 of 2 actions done")
    assert page.has(f"Action {action.number} is saved.")


def test_a_loose_row_counts_for_what_is_loose(member: EngageClient) -> None:
    action = make_action(make_plan())

    page = rows(change(member, action, htmx=True, status="done"))

    assert page.text("#plan-loose-progress p") == "1 of 1 done"


@pytest.mark.parametrize("htmx", [True, False])
def test_stuck_asks_what_help_is_needed(member: EngageClient, htmx: bool) -> None:
    action = make_action(make_plan())

    page = rows(change(member, action, htmx=htmx, status="stuck", due_on="2026-12-12"))

    assert page.status == 422
    assert page.errors == ["Say what help is needed, so that someone can offer it."]
    assert (page.value("status"), page.value("due_on")) == ("stuck", "2026-12-12")
    assert (only_action().status, only_action().due_on) == (ActionStatus.NOT_STARTED, None)
    help_ = rows(change(member, action, htmx=True, status="stuck", reason="A printer"))
    assert help_.text(".plan-detail") == "Needs: A printer"


def test_a_due_day_before_the_start_is_refused_at_its_field(member: EngageClient) -> None:
    action = make_action(make_plan(), start_on=date(2026, 12, 10))

    page = change(member, action, due_on="2026-12-09")

    assert page.status == 422
    assert page.errors == ["This is before the start. Choose the same day or a later one."]


@pytest.mark.parametrize("htmx", [True, False])
def test_the_second_of_two_who_change_a_row_sees_both(member: EngageClient, htmx: bool) -> None:
    action = make_action(make_plan())
    assert change(member, action, due_on="2026-12-01").status == 303
    action = only_action()

    page = rows(change(member, action, htmx=htmx, version=1, due_on="2026-12-24"))

    assert page.status == 409
    assert page.texts(".conflict-text") == ["December 1, 2026", "December 24, 2026"]
    assert page.value("due_on") == "2026-12-24"
    assert only_action().due_on == date(2026, 12, 1)
    change(member, action, version=page.value("version"), due_on="2026-12-24")
    db.session.expire_all()
    assert only_action().due_on == date(2026, 12, 24)


@pytest.mark.parametrize("version", ["", "x", "99", "9" * 500])
def test_a_version_that_never_was_changes_nothing(member: EngageClient, version: str) -> None:
    action = make_action(make_plan())

    assert change(member, action, version=version, due_on="2026-12-24").status == 409
    assert only_action().due_on is None


def test_cancel_puts_the_row_back(member: EngageClient) -> None:
    action = make_action(make_plan())
    address = f"{PLAN}actions/{action.number}/row"

    page = rows(Page(member.get(address, headers={"HX-Request": "true"})))

    assert page.text(f"#plan-row-{action.number} .row-link") == action.title
    assert member.get(address).status_code == 303


@pytest.mark.parametrize("field", [{"status": "never"}, {"owner_id": "987654"}, {"reason": "x" * 300_000}])
def test_bad_input_in_a_row_is_refused(member: EngageClient, field: dict[str, str]) -> None:
    action = make_action(make_plan())

    assert change(member, action, **field).status == 422
    assert only_action().version == 1


def test_a_row_of_a_closed_plan_is_only_read(member: EngageClient) -> None:
    action = make_action(make_plan(status=PlanStatus.CLOSED))

    assert change(member, action, status="done").status == 409
    assert member.get(f"{PLAN}actions/{action.number}/change").status_code == 409


def test_another_coalitions_row_does_not_exist(member: EngageClient) -> None:
    action = make_action(make_plan(coalition=make_coalition()))

    assert change(member, action, status="done").status == 404
    assert member.get(f"{PLAN}actions/{action.number}/change").status_code == 404
    assert member.get(f"{PLAN}actions/{action.number}/row").status_code == 404


def test_a_viewer_changes_no_row(viewer: EngageClient) -> None:
    action = make_action(make_plan())

    assert change(viewer, action, status="done").status == 403


def test_a_lead_who_left_stays_the_lead_of_a_row_that_is_changed(member: EngageClient) -> None:
    gone = make_membership(name="Gone Away", left_on=date(2026, 1, 1))
    action = make_action(make_plan(), owner_id=gone.id)

    page = member.page(f"{PLAN}actions/{action.number}/change")
    assert page.value("owner_id") == str(gone.id)

    change(member, action, owner_id=gone.id, due_on=str(clock.today("America/Chicago") + timedelta(days=3)))
    assert only_action().owner_id == gone.id


def test_a_form_on_a_page_of_its_own_has_the_primary_button_and_in_its_row_a_quiet_one(
    member: EngageClient,
) -> None:
    plan = make_plan()
    action, objective = make_action(plan), make_objective(make_goal(plan))
    address = f"{PLAN}actions/{action.number}/change"
    assert member.page(address).texts("main .btn-primary") == ["Save"]
    assert not Page(member.get(address, headers={"HX-Request": "true"})).all(".btn-primary")
    line = f"{LINE}?objective={objective.id}"
    assert member.page(line).texts("main .btn-primary") == ["Add"]
    assert not Page(member.get(line, headers={"HX-Request": "true"})).all(".btn-primary")


def test_a_row_changes_its_goal_and_says_how_it_goes_without_leaving_the_plan(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan, title="Beds")
    objective = make_objective(make_goal(plan, title="Rides"))
    action = make_action(plan, goal)
    form = member.page(f"{PLAN}actions/{action.number}/change")
    assert [each.attributes["value"] for each in form.all("select[name=place] option")][:2] == [
        "",
        f"goal-{goal.id}",
    ]

    page = change(member, action, place=f"objective-{objective.id}", note="Two said yes.", htmx=True)

    assert page.status == 204  # the page is drawn anew: the row stands in another panel
    db.session.refresh(action)
    assert (action.goal_id, action.objective_id) == (objective.goal_id, objective.id)
    shown = member.page(f"{PLAN}actions/{action.number}")
    assert shown.has("Two said yes.")


def test_a_row_takes_no_goal_of_another_coalition(member: EngageClient) -> None:
    action = make_action(make_plan())
    page = change(member, action, place="goal-99999")
    assert page.status == 422
    assert only_action().goal_id is None
