"""Plans over HTTP: starting a draft, adopting, closing, and what is carried over."""

from datetime import date
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.coalitions.models import Membership
from engage.errors import WrongState
from engage.extensions import db
from engage.plan.models import Action, Plan
from engage.plan.plans import service as plans_service
from engage.plan.rules import ActionStatus, PlanStatus
from tests.client import EngageClient
from tests.factories import make_action, make_coalition, make_goal, make_membership, make_objective, make_plan
from tests.meetings.rows import PAST, make_meeting

PLAN = "/c/riverbend/plan/"
DRAFT, ADOPTED, CLOSED = PlanStatus


def plan_with(status: PlanStatus) -> Plan | None:
    db.session.expire_all()
    return db.session.scalar(sa.select(Plan).where(Plan.status == status))


def action_in(number: int) -> Action:
    db.session.expire_all()
    return db.session.scalars(sa.select(Action).where(Action.number == number)).one()


# -- starting and editing


def test_a_coordinator_starts_a_draft(coordinator: EngageClient) -> None:
    assert coordinator.page(f"{PLAN}new").text("h1") == "Start a plan"

    page = coordinator.send(
        f"{PLAN}new", title="Plan of action 2026-27", starts_on="2026-12-01", ends_on="2027-11-30"
    )

    draft = plan_with(DRAFT)
    assert draft is not None
    assert page.location == f"{PLAN}?plan={draft.id}"
    assert (draft.title, draft.starts_on, draft.ends_on) == (
        "Plan of action 2026-27",
        date(2026, 12, 1),
        date(2027, 11, 30),
    )
    empty = coordinator.page(page.location or "")
    assert empty.texts("main a.btn-primary") == ["Add the first goal"]
    assert not empty.has("Adopt this plan")
    make_goal(draft)
    begun = coordinator.page(page.location or "")
    assert begun.texts("main a.btn-primary") == ["Add an action"]
    assert begun.has("Adopt this plan")
    assert "Add a goal" in begun.texts(".more-list a")


def test_a_plan_that_ends_before_it_begins_is_refused(coordinator: EngageClient) -> None:
    page = coordinator.send(f"{PLAN}new", title="", starts_on="2026-12-01", ends_on="2026-11-30")

    assert page.status == 422
    assert page.errors == ["Give the plan a name.", "This is before the plan begins. Choose a later day."]
    assert page.value("starts_on") == "2026-12-01"
    assert plan_with(DRAFT) is None


def test_there_is_one_draft_at_a_time(coordinator: EngageClient) -> None:
    make_plan(status=DRAFT)

    page = coordinator.send(f"{PLAN}new", title="Another")

    assert page.status == 409
    assert page.has("There is already a draft.")
    assert not coordinator.page(PLAN).has("Start the next plan")


def test_the_second_of_two_who_rename_a_plan_sees_both(coordinator: EngageClient) -> None:
    plan = make_plan(title="Old")
    address = f"{PLAN}{plan.id}/edit"
    assert coordinator.page(address).value("title") == "Old"
    coordinator.send(address, version=1, title="First")

    page = coordinator.send(address, version=1, title="Second")

    assert page.status == 409
    assert page.texts(".conflict-text") == ["First", "Second"]
    assert coordinator.send(address, version=page.value("version"), title="Second").status == 303


# -- adopting


def test_adopting_records_the_day_the_meeting_and_a_snapshot(coordinator: EngageClient) -> None:
    plan = make_plan(status=DRAFT)
    objective = make_objective(make_goal(plan, title="Nobody waits"), title="Beds")
    action = make_action(plan, None, objective, title="Train families")
    assert coordinator.page(f"{PLAN}{plan.id}/adopt").value("adopted_on") == str(
        clock.today("America/Chicago")
    )

    page = coordinator.send(
        f"{PLAN}{plan.id}/adopt", adopted_on="2026-11-03", adopted_at_meeting="at the library"
    )

    assert (page.status, page.location) == (303, PLAN)
    adopted = plan_with(ADOPTED)
    assert adopted is not None
    assert (adopted.adopted_on, adopted.adopted_at_meeting) == (date(2026, 11, 3), "at the library")
    snapshot = adopted.snapshot
    assert snapshot is not None
    assert [goal["title"] for goal in snapshot["goals"]] == ["Nobody waits"]
    assert [(each["number"], each["status"]) for each in snapshot["actions"]] == [
        (action.number, "not_started")
    ]
    assert coordinator.page(PLAN).has("Adopted November 3, 2026.")


def test_adopting_closes_the_current_plan_and_carries_over_what_is_ticked(
    coordinator: EngageClient,
) -> None:
    before, plan = make_plan(title="The old one"), make_plan(status=DRAFT)
    goal = make_goal(before)
    kept = make_action(before, goal).number
    left = make_action(before, goal).number
    done = make_action(before, goal, status=ActionStatus.DONE).number

    page = coordinator.page(f"{PLAN}{plan.id}/adopt")
    assert page.has("The current plan, The old one, closes when you adopt this one.")
    offered = [node.attributes["value"] for node in page.all("[name=carried][checked]")]
    assert offered == [str(kept), str(left)]
    page = coordinator.send(f"{PLAN}{plan.id}/adopt", adopted_on="2026-11-03", carried=[kept])

    assert page.status == 303
    closed = plan_with(CLOSED)
    assert closed is not None
    assert (closed.id, closed.closed_on) == (before.id, clock.today("America/Chicago"))
    assert (action_in(kept).plan_id, action_in(kept).goal_id) == (plan.id, None)
    assert action_in(left).plan_id == action_in(done).plan_id == before.id
    assert plan_with(ADOPTED).id == plan.id  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "field", [{"adopted_on": ""}, {"adopted_on": "soon"}, {"carried": "987654"}, {"carried": "x"}]
)
def test_a_refused_adoption_changes_nothing(coordinator: EngageClient, field: dict[str, str]) -> None:
    plan = make_plan(status=DRAFT)

    page = coordinator.send(
        f"{PLAN}{plan.id}/adopt",
        **{"adopted_on": "2026-11-03", "adopted_at_meeting": "at the library", **field},
    )

    assert page.status == 422
    assert page.value("adopted_at_meeting") == "at the library"
    assert plan_with(DRAFT) is not None


def test_an_adopted_plan_is_not_adopted_again(coordinator: EngageClient) -> None:
    plan = make_plan()

    assert coordinator.send(f"{PLAN}{plan.id}/adopt", adopted_on="2026-11-03").status == 409


def test_when_and_at_which_meeting_a_plan_was_adopted_can_be_put_right(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership, title="Planning session", starts_at=PAST)
    elsewhere = make_meeting(make_membership(coalition=make_coalition()), starts_at=PAST)
    plan = make_plan(status=DRAFT, title="Next")
    address = f"{PLAN}{plan.id}/edit"
    assert not coordinator.page(address).all("[name=adopted_on], [name=meeting_id]")
    coordinator.send(f"{PLAN}{plan.id}/adopt", adopted_on="2026-11-03", adopted_at_meeting="at the library")
    page = coordinator.page(address)
    assert page.value("adopted_on") == "2026-11-03"
    sent = {"title": "Next", "version": page.value("version"), "adopted_on": "2026-11-01"}

    refused = coordinator.send(address, **sent, meeting_id=elsewhere.id)
    assert refused.errors == ["This meeting is no longer on the list. Choose another one, or none."]
    refused = coordinator.send(address, **{**sent, "adopted_on": ""}, meeting_id=0)
    assert refused.errors == ["Enter the day the plan was adopted."]
    page = coordinator.send(address, **sent, meeting_id=meeting.id, adopted_at_meeting="")

    assert page.status == 303
    adopted = plan_with(ADOPTED)
    assert adopted is not None and adopted.adopted_on == date(2026, 11, 1)
    assert (adopted.meeting_id, adopted.adopted_at_meeting) == (meeting.id, "")
    when, where = coordinator.page(PLAN).texts(".plan-adopted")
    assert when == "Adopted November 1, 2026."
    assert where.startswith("Adopted at: Planning session")


def test_a_meeting_that_was_called_off_meanwhile_is_not_where_a_plan_was_adopted(
    coordinator: EngageClient,
) -> None:
    plan = make_plan()
    with pytest.raises(WrongState, match="canceled in the meantime"):
        plans_service.edit_plan(coordinator.membership, plan, plan.version, {"meeting_id": 987654})


def test_a_form_without_the_adoption_leaves_it_as_it_is(coordinator: EngageClient) -> None:
    plan = make_plan(adopted_on=date(2026, 11, 3), adopted_at_meeting="at the library")
    page = coordinator.send(f"{PLAN}{plan.id}/edit", version=1, title="Renamed")
    assert page.errors == [] and page.status == 303
    adopted = plan_with(ADOPTED)
    assert adopted is not None and adopted.title == "Renamed"
    assert (adopted.adopted_on, adopted.adopted_at_meeting) == (date(2026, 11, 3), "at the library")


# -- closing


def test_closing_makes_a_plan_read_only(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    objective = make_objective(goal)
    assert coordinator.page(f"{PLAN}{plan.id}/close").has("There is no other open plan.")

    assert coordinator.send(f"{PLAN}{plan.id}/close").status == 303

    page = coordinator.page(f"{PLAN}?plan={plan.id}")
    assert page.has("This plan is closed.")
    for address in (
        f"{plan.id}/edit",
        f"{plan.id}/adopt",
        f"{plan.id}/close",
        f"{plan.id}/goals/new",
        f"goals/{goal.id}/edit",
        f"goals/{goal.id}/delete",
        f"goals/{goal.id}/shift",
        f"goals/{goal.id}/objectives/new",
        f"objectives/{objective.id}/edit",
        f"objectives/{objective.id}/delete",
        f"objectives/{objective.id}/shift",
    ):
        values = {"version": 2, "title": "New", "adopted_on": "2026-11-03"}
        answer = coordinator.send(f"{PLAN}{address}", **values)
        assert (address, answer.status) == (address, 409)
        assert answer.has("This plan is closed.")


def test_closing_the_current_plan_can_take_open_actions_into_the_draft(coordinator: EngageClient) -> None:
    plan, draft = make_plan(), make_plan(status=DRAFT, title="Next")
    number = make_action(plan).number
    assert coordinator.page(f"{PLAN}{plan.id}/close").has("The items you check continue in Next.")

    coordinator.send(f"{PLAN}{plan.id}/close", carried=[number])

    assert action_in(number).plan_id == draft.id


def test_who_loses_a_race_for_adoption_is_told(monkeypatch: pytest.MonkeyPatch, member: EngageClient) -> None:
    """The index decides when both have read that no plan is adopted."""
    make_plan()
    draft = make_plan(status=DRAFT)
    monkeypatch.setattr(plans_service.queries, "current_plan", lambda membership: None)

    with pytest.raises(WrongState):
        plans_service.adopt(member.membership, draft, adopted_on=date(2026, 11, 3), adopted_at_meeting="")


def test_of_two_who_start_a_draft_at_once_one_is_told(app: Flask) -> None:
    people = [make_membership().id, make_membership().id]
    together, told = Barrier(2), []

    def start(membership_id: int) -> None:
        with app.app_context():
            together.wait(10)
            try:
                plans_service.start_draft(db.session.get_one(Membership, membership_id), title="Next")
                db.session.commit()
            except WrongState as wrong:
                told.append(wrong.message)

    threads = [Thread(target=start, args=(each,)) for each in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert [message[:27] for message in told] == ["There is already a draft. A"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Plan)) == 1


# -- who may


def test_members_do_not_decide_on_plans(member: EngageClient) -> None:
    plan = make_plan(status=DRAFT)

    for address in ("new", f"{plan.id}/edit", f"{plan.id}/adopt", f"{plan.id}/close"):
        assert member.get(f"{PLAN}{address}").status_code == 403
        assert member.send(f"{PLAN}{address}", title="New", adopted_on="2026-11-03").status == 403
    offered = set(member.page(PLAN).texts("main a"))
    assert not offered & {"Add a goal", "Name and period", "Adopt this plan", "Close this plan"}


def test_another_coalitions_plan_does_not_exist(coordinator: EngageClient) -> None:
    plan = make_plan(coalition=make_coalition(), status=DRAFT)

    for verb in ("edit", "adopt", "close", "goals/new"):
        assert coordinator.get(f"{PLAN}{plan.id}/{verb}").status_code == 404
        assert coordinator.send(f"{PLAN}{plan.id}/{verb}", title="New", adopted_on="2026-11-03").status == 404
