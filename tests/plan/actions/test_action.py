"""An action's own page: what it shows, moving, updating, editing and deleting it."""

from datetime import date

import pytest
import sqlalchemy as sa

from engage import clock
from engage.checklist.models import Item
from engage.extensions import db
from engage.plan import action_history
from engage.plan.actions import service as actions_service
from engage.plan.models import Action, Update
from engage.plan.rules import ActionStatus, PlanStatus
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_affiliation,
    make_coalition,
    make_goal,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    saved,
)
from tests.html import Page
from tests.strengths.rows import make_match, make_need

ACTIONS = "/c/riverbend/plan/actions/"
UNDER_WAY, STUCK, DONE = ActionStatus.UNDER_WAY, ActionStatus.STUCK, ActionStatus.DONE


def only_action() -> Action:
    db.session.expire_all()
    return db.session.scalars(sa.select(Action)).one()


def facts(page: Page) -> dict[str, str]:
    return dict(zip(page.texts(".plan-facts dt"), page.texts(".plan-facts dd"), strict=True))


# -- what it shows


@pytest.mark.parametrize(
    ("done_on", "beside", "listed"),
    [(date(2099, 11, 29), "Nov 29, 2099", "Done Nov 29, 2099"), (None, "", "")],
)
def test_beside_done_stands_the_day_on_which_it_was_and_never_the_due_date(
    member: EngageClient, done_on: date | None, beside: str, listed: str
) -> None:
    action = make_action(make_plan(), due_on=date(2099, 12, 16), status=DONE, done_on=done_on)
    page = member.page(f"{ACTIONS}{action.number}")
    assert page.text("#plan-standing .panel-head p") == f"Done {beside}".strip()
    assert facts(page)["By when"] == "Dec 16, 2099"
    assert member.page("/c/riverbend/plan/?status=done").texts(".plan-table tbody td")[1] == listed


def test_beside_an_open_status_stands_that_its_day_is_the_due_date(member: EngageClient) -> None:
    action = make_action(make_plan(), due_on=date(2099, 12, 16), status=STUCK, reason="A van")
    page = member.page(f"{ACTIONS}{action.number}")
    assert page.text("#plan-standing .panel-head p") == "Stuck due Dec 16, 2099"


def test_the_page_shows_everything_about_the_action(member: EngageClient) -> None:
    plan, ann = make_plan(), make_membership(name="Ann Lee", user=None)
    goal = make_goal(plan, title="Nobody waits")
    objective = make_objective(goal, title="Beds for boys")
    item = saved(Item(coalition_id=plan.coalition_id, key="starting-structure", changed_at=clock.now()))
    action = make_action(
        plan,
        goal,
        objective,
        title="Train families",
        owner_id=ann.id,
        organization_id=make_organization(name="Grace Church").id,
        status=STUCK,
        reason="A trainer",
        details="Four evenings",
        barriers="Money",
        item_id=item.id,
    )
    member.send(f"{ACTIONS}{action.number}/updates", text="Two families came.")

    page = member.page(f"{ACTIONS}{action.number}")

    assert page.text("h1") == "Train families"
    assert facts(page) == {
        "Goal": "Nobody waits",
        "Objective": "Beds for boys",
        "Owner": "Ann Lee",
        "Partner organization": "Grace Church",
    }
    assert "Because From Tips for Success: Structure" in page.text("#chain-line")
    assert page.text(".plan-reason") == "What help is needed: A trainer"
    assert page.has("Four evenings")
    assert page.text("#plan-updates .rows li").startswith("Two families came. Dan Reyes")


def test_a_late_action_leads_coordinators_to_reminding_its_owner(
    coordinator: EngageClient, member: EngageClient
) -> None:
    plan, dan = make_plan(), member.membership
    late = make_action(plan, owner_id=dan.id, due_on=date(2026, 1, 2))
    way = f"a[href='/c/riverbend/remind/{dan.id}']"
    assert coordinator.page(f"{ACTIONS}{late.number}").text(way) == "Remind the owner"
    assert not member.page(f"{ACTIONS}{late.number}").all(way)
    own = make_action(plan, owner_id=coordinator.membership.id, due_on=date(2026, 1, 2))
    for other in (make_action(plan, owner_id=dan.id), own, make_action(plan, due_on=date(2026, 1, 2))):
        assert not coordinator.page(f"{ACTIONS}{other.number}").has("Remind the owner")


def test_a_viewer_sees_state_dates_and_the_organization_only(
    member: EngageClient, viewer: EngageClient
) -> None:
    ann = make_membership(name="Ann Lee")
    make_affiliation(ann, make_organization(name="Grace Church"))
    action = make_action(
        make_plan(),
        owner_id=ann.id,
        status=STUCK,
        reason="A trainer",
        details="Four evenings",
        due_on=date(2031, 3, 1),
    )
    member.send(f"{ACTIONS}{action.number}/updates", text="Two families came.")
    member.send(f"{ACTIONS}{action.number}/move", version=1, status="under_way")
    member.send(f"{ACTIONS}{action.number}/move", version=2, status="stuck", reason="A trainer")

    page = viewer.page(f"{ACTIONS}{action.number}")

    assert facts(page) == {
        "Goal": "Not yet under a goal",
        "Organization": "Grace Church",
        "By when": "Mar 1, 2031",
    }
    for hidden in (
        "Ann Lee",
        "Dan Reyes",
        "A trainer",
        "Four evenings",
        "Two families came",
        "change so far",
    ):
        assert not page.has(hidden)
    assert page.all(".main form[method=post]") == []


def test_the_page_takes_the_same_queries_however_long_its_story(member: EngageClient) -> None:
    address = f"{ACTIONS}{make_action(make_plan()).number}"
    counts = []
    for more in (0, 1, 8):
        for n in range(more):
            member.send(f"{address}/updates", text=f"Line {n}")
        with databases.counted_queries() as queries:
            member.page(address)
        counts.append(len(queries))

    assert counts == [counts[0]] * 3


@pytest.mark.parametrize("number", ["987654", "0", "x", "9" * 30])
def test_an_action_that_is_not_there_is_not_found(member: EngageClient, number: str) -> None:
    assert member.get(f"{ACTIONS}{number}").status_code == 404


def test_another_coalitions_action_does_not_exist(member: EngageClient) -> None:
    number = make_action(make_plan(coalition=make_coalition())).number

    assert member.get(f"{ACTIONS}{number}").status_code == 404
    for verb in ("edit", "delete"):
        assert member.get(f"{ACTIONS}{number}/{verb}").status_code == 404
    for verb in ("edit", "delete", "move", "updates"):
        assert member.send(f"{ACTIONS}{number}/{verb}").status == 404


# -- moves


def test_a_move_without_htmx_returns_to_the_action(member: EngageClient) -> None:
    action = make_action(make_plan())

    page = member.send(f"{ACTIONS}{action.number}/move", version=1, status="done")

    assert (page.status, page.location) == (303, f"{ACTIONS}{action.number}")
    assert only_action().status is DONE


def test_a_move_with_htmx_shows_where_it_stands_in_place(member: EngageClient) -> None:
    action = make_action(make_plan())

    page = member.send(f"{ACTIONS}{action.number}/move", htmx=True, version=1, status="stuck", reason="A van")

    assert page.text("#plan-standing .tag") == "Stuck"
    assert page.text(".plan-reason") == "What help is needed: A van"
    assert page.value("version") == "2"
    assert page.text("#plan-standing .rows li").startswith("From Not started to Stuck Dan Reyes")
    assert page.text("#status p") == "Saved."


@pytest.mark.parametrize("htmx", [True, False])
@pytest.mark.parametrize(
    ("from_", "to", "message"),
    [
        (UNDER_WAY, "stuck", "Say what help is needed, so that someone can offer it."),
        (UNDER_WAY, "no_longer_needed", "Say why it is no longer needed."),
        (DONE, "under_way", "Say why it is open again."),
    ],
)
def test_a_move_that_asks_is_refused_at_the_reason(
    member: EngageClient, htmx: bool, from_: ActionStatus, to: str, message: str
) -> None:
    action = make_action(make_plan(), status=from_)

    page = member.send(f"{ACTIONS}{action.number}/move", htmx=htmx, version=1, status=to, reason=" ")

    assert page.status == 422
    assert page.errors == [message]
    assert page.value("status") == to
    assert only_action().status is from_


def test_the_reason_is_not_called_optional_where_a_status_needs_it(member: EngageClient) -> None:
    action = make_action(make_plan(), status=STUCK, reason="A van")
    label = member.page(f"{ACTIONS}{action.number}").one("[for=plan-move-reason]").text()
    assert "What help is needed?" in label
    assert "optional" not in label


@pytest.mark.parametrize("htmx", [True, False])
def test_the_second_of_two_moves_sees_both(member: EngageClient, htmx: bool) -> None:
    action = make_action(make_plan())
    address = f"{ACTIONS}{action.number}/move"
    member.send(address, version=1, status="done")

    page = member.send(address, htmx=htmx, version=1, status="stuck", reason="A van")

    assert page.status == 409
    assert page.texts(".conflict-text") == ["Done", "Stuck", "(empty)", "A van"]
    assert page.value("reason") == "A van"
    assert only_action().status is DONE
    assert member.send(address, version=page.value("version"), status="stuck", reason="A van").status == 303
    assert only_action().status is STUCK


@pytest.mark.parametrize("status", ["", "lost", "x" * 300_000])
def test_an_unknown_status_is_refused(member: EngageClient, status: str) -> None:
    action = make_action(make_plan())

    assert member.send(f"{ACTIONS}{action.number}/move", version=1, status=status).status == 422


# -- updates


def test_an_update_is_refused_without_words_and_with_too_many(member: EngageClient) -> None:
    address = f"{ACTIONS}{make_action(make_plan()).number}/updates"

    assert member.send(address, text=" ").errors == ["Write a line on how it is going."]
    page = member.send(address, text="x" * 300_000)
    assert page.status == 422
    assert len(page.value("text")) == 300_000
    assert member.send(address, text="a\x00b").status == 422
    assert db.session.scalar(sa.select(Update.id)) is None


def test_an_update_with_a_case_number_warns_first(member: EngageClient) -> None:
    address = f"{ACTIONS}{make_action(make_plan()).number}/updates"

    page = member.send(address, text="Case 24-1187 was heard")

    assert page.status == 422
    assert page.has("This looks like it contains a case number.")


# -- adding and editing it whole


def test_no_choice_agrees_in_spanish_with_what_is_not_chosen(member: EngageClient) -> None:
    make_plan()
    make_organization(name="Grace Church")
    page = member.page(f"{ACTIONS}new", headers={"Accept-Language": "es-MX"})
    assert page.texts("[name=organization_id] option")[0] == "Ninguna"


def test_a_new_action_holds_all_its_fields(member: EngageClient) -> None:
    plan, ann, ben = make_plan(), make_membership(name="Ann Lee"), make_membership(name="Ben Ray", user=None)
    objective = make_objective(make_goal(plan))
    church = make_organization(name="Grace Church")

    page = member.send(
        f"{ACTIONS}new?objective={objective.id}",
        title="Train families",
        place=f"objective-{objective.id}",
        owner_id=ben.id,
        helpers=[ann.id, ben.id],
        organization_id=church.id,
        start_on="2026-12-01",
        due_on="2026-12-12",
        details="Four evenings",
        resources_had="A room",
        resources_needed="A trainer",
        barriers="Money",
        inform="The county",
    )

    assert (page.status, page.location) == (303, f"{ACTIONS}1")
    action = only_action()
    assert (action.goal_id, action.objective_id) == (objective.goal_id, objective.id)
    assert (action.owner_id, action.organization_id) == (ben.id, church.id)
    assert (action.start_on, action.due_on) == (date(2026, 12, 1), date(2026, 12, 12))
    assert (action.details, action.resources_had, action.resources_needed) == (
        "Four evenings",
        "A room",
        "A trainer",
    )
    assert (action.barriers, action.inform) == ("Money", "The county")
    assert [name for _, name in action_history.helpers_of(action)] == ["Ann Lee", "Ben Ray"]


def test_the_form_shows_what_who_and_by_when_and_folds_the_rest_which_opens_where_it_is_refused(
    member: EngageClient,
) -> None:
    action = make_action(make_plan(), details="By bus", barriers="Snow")
    page = member.page(f"{ACTIONS}{action.number}/edit")
    assert page.texts("#plan-what summary") == [
        "Repeats: no, one time only",
        "Why, and who helps",
        "Start, details, resources 2 filled in",
    ]
    in_sight = [
        each.attributes["name"] for each in page.all("#plan-what :is(input, select, textarea):not(details *)")
    ]
    assert in_sight == ["title", "place", "owner_id", "due_on"]
    assert not page.all("#plan-what details[open]")
    page = member.send(
        f"{ACTIONS}{action.number}/edit", title="Ride", start_on="2026-13-40", version=str(action.version)
    )
    assert page.texts("#plan-what details[open] summary") == ["Start, details, resources"]


def test_the_new_actions_form_stands_where_it_was_asked_for(member: EngageClient) -> None:
    objective = make_objective(make_goal(make_plan()))

    assert member.page(f"{ACTIONS}new?objective={objective.id}").value("place") == f"objective-{objective.id}"
    assert member.page(f"{ACTIONS}new?goal={objective.goal_id}").value("place") == f"goal-{objective.goal_id}"


def test_a_refused_action_keeps_what_was_typed(member: EngageClient) -> None:
    make_plan()

    page = member.send(
        f"{ACTIONS}new", title="", details="Four evenings", start_on="2026-12-12", due_on="2026-12-01"
    )

    assert page.status == 422
    assert page.errors == [
        "Say what will be done.",
        "This is before the start. Choose the same day or a later one.",
    ]
    assert page.value("details") == "Four evenings"


def test_editing_shows_what_is_saved_and_moves_it_under_a_goal(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    ann = make_membership(name="Ann Lee")
    action = make_action(plan, title="Print cards", details="Blue ones", owner_id=ann.id)
    address = f"{ACTIONS}{action.number}/edit"

    page = member.page(address)
    assert (page.value("title"), page.value("details"), page.value("place")) == (
        "Print cards",
        "Blue ones",
        "",
    )
    assert page.value("owner_id") == str(ann.id)

    page = member.send(address, version=1, title="Print cards", place=f"goal-{goal.id}", owner_id=ann.id)

    assert (page.status, page.location) == (303, f"{ACTIONS}{action.number}")
    assert only_action().goal_id == goal.id


def test_the_second_of_two_editors_reads_who_was_the_first_and_when(
    member: EngageClient, coordinator: EngageClient
) -> None:
    action = make_action(make_plan(), title="Old")
    coordinator.send(f"{ACTIONS}{action.number}/edit", version=1, title="First")
    said = f"{coordinator.membership.name}, {clock.today('America/Chicago'):%b %-d, %Y}, 11:30"
    for address, typed in [
        ("edit", {"title": "Second"}),
        ("move", {"status": "done"}),
        ("change", {"status": "done"}),
    ]:
        page = member.send(f"{ACTIONS}{action.number}/{address}", version=1, **typed)
        assert page.status == 409
        assert page.texts(".conflict-side .small-muted")[0].startswith(said)


def test_the_second_of_two_editors_sees_both_texts_and_can_save(member: EngageClient) -> None:
    action = make_action(make_plan(), title="Old")
    address = f"{ACTIONS}{action.number}/edit"
    member.send(address, version=1, title="First")

    page = member.send(address, version=1, title="Second")

    assert page.status == 409
    assert page.texts(".conflict-text") == ["First", "Second"]
    assert page.texts(".conflict-side .small-muted")[0].startswith("You, in another window, ")
    assert page.value("title") == "Second"
    assert only_action().title == "First"
    assert member.send(address, version=page.value("version"), title="Second").status == 303
    assert only_action().title == "Second"


@pytest.mark.parametrize(
    "field",
    [
        {"place": "goal-987654"},
        {"place": "objective-x"},
        {"owner_id": "987654"},
        {"owner_id": "9" * 400},
        {"helpers": "987654"},
        {"organization_id": "987654"},
        {"start_on": "1066-10-14"},
        {"details": "x" * 300_000},
        {"title": "a\x00b"},
    ],
)
def test_bad_input_in_an_action_is_refused(member: EngageClient, field: dict[str, str]) -> None:
    action = make_action(make_plan(), title="Old")

    page = member.send(f"{ACTIONS}{action.number}/edit", **{"version": 1, "title": "New", **field})

    assert page.status == 422
    assert (only_action().title, only_action().version) == ("Old", 1)


def test_another_coalitions_rows_are_no_choice(member: EngageClient) -> None:
    action = make_action(make_plan())
    elsewhere = make_coalition()
    goal = make_goal(make_plan(coalition=elsewhere))
    person = make_membership(coalition=elsewhere)
    church = make_organization(coalition=elsewhere)
    address = f"{ACTIONS}{action.number}/edit"

    for field in (
        {"place": f"goal-{goal.id}"},
        {"owner_id": person.id},
        {"helpers": person.id},
        {"organization_id": church.id},
    ):
        assert member.send(address, version=1, title="New", **field).status == 422


# -- roles, states, deleting


def test_a_closed_plans_action_is_only_read(member: EngageClient) -> None:
    action = make_action(make_plan(status=PlanStatus.CLOSED))
    address = f"{ACTIONS}{action.number}"

    assert member.page(address).all(".main form[method=post]") == []
    assert member.get(f"{address}/edit").status_code == 409
    assert member.send(f"{address}/edit", version=1, title="New").status == 409
    assert member.send(f"{address}/move", version=1, status="done").status == 409
    assert member.send(f"{address}/updates", text="A line").status == 409
    assert member.send(f"{address}/delete").status == 409
    assert member.get(f"{ACTIONS}new?plan={action.plan_id}").status_code == 409


def test_a_viewer_writes_nothing(viewer: EngageClient) -> None:
    number = make_action(make_plan()).number

    for verb in (f"{number}/edit", f"{number}/move", f"{number}/updates", f"{number}/delete", "new"):
        assert viewer.send(f"{ACTIONS}{verb}").status == 403


def test_a_member_deletes_an_action_of_their_own_that_no_one_updated(member: EngageClient) -> None:
    plan = make_plan()
    action = make_action(plan, created_by_id=member.membership.id)
    address = f"{ACTIONS}{action.number}/delete"

    assert member.page(address).has(action.title)
    assert member.send(address).location == f"/c/riverbend/plan/?plan={plan.id}"
    assert db.session.scalar(sa.select(Action.id)) is None


def test_a_member_does_not_delete_what_others_added_or_updated(
    member: EngageClient, coordinator: EngageClient
) -> None:
    plan = make_plan()
    others = make_action(plan, created_by_id=coordinator.membership.id)
    own = make_action(plan, created_by_id=member.membership.id)
    coordinator.send(f"{ACTIONS}{own.number}/updates", text="Well done.")

    for action in (others, own):
        assert not member.page(f"{ACTIONS}{action.number}").has("Delete this action")
        assert member.get(f"{ACTIONS}{action.number}/delete").status_code == 403
        assert member.send(f"{ACTIONS}{action.number}/delete").status == 409


def test_a_coordinator_deletes_any_action_with_its_story(coordinator: EngageClient) -> None:
    action = make_action(make_plan())
    coordinator.send(f"{ACTIONS}{action.number}/updates", text="Well done.")

    assert coordinator.send(f"{ACTIONS}{action.number}/delete").status == 303
    assert db.session.scalar(sa.select(Update.id)) is None


# -- the need it answers


def test_an_action_says_which_need_it_answers(member: EngageClient) -> None:
    need = make_need(member.membership, "No bed for boys")

    member.send(f"{ACTIONS}new", title="Ask the churches", need_id=need.id)

    action = db.session.scalars(sa.select(Action)).one()
    assert action.need_id == need.id
    assert member.page(f"{ACTIONS}{action.number}/edit").value("need_id") == str(need.id)
    member.send(f"{ACTIONS}{action.number}/edit", title="Ask the churches", version=1)
    assert only_action().need_id is None


def test_an_action_answers_no_need_of_another_coalition(member: EngageClient) -> None:
    theirs = make_need(make_membership(coalition=make_coalition()))

    page = member.send(f"{ACTIONS}new", title="Ask the churches", need_id=theirs.id)

    assert page.status == 422
    assert page.value("title") == "Ask the churches"
    assert db.session.scalar(sa.select(Action.id)) is None


def test_an_action_of_a_match_keeps_the_matchs_need(member: EngageClient) -> None:
    me = member.membership
    match = make_match(me)
    other = make_need(me, "Another")
    action = actions_service.create_action(me, title="Ask the churches", match=match)
    db.session.commit()
    edit = f"{ACTIONS}{action.number}/edit"
    assert not member.page(edit).all("[name=need_id]")

    member.send(edit, title="Ask them all", version=1, need_id=other.id)

    assert (only_action().title, only_action().need_id) == ("Ask them all", match.need_id)
