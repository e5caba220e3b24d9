"""Reviews of a plan: both ends of a period, what moved, numbers, decisions, and what is recorded with a meeting."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import Decision, Meeting
from engage.meetings.rules import MeetingKind
from engage.plan.models import Action, Goal, Plan
from engage.plan.review.models import Review, ReviewNote
from engage.plan.rules import ActionStatus, PlanStatus
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_activity,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_plan,
    make_reading,
    saved,
)
from tests.html import Page
from tests.plan.past import changed, noon

PLAN = "/c/riverbend/plan/"
SPRING = "since=2026-04-01&until=2026-06-30"
PAGE = f"{PLAN}review?{SPRING}"
NEW = f"{PLAN}reviews/new?{SPRING}"
NOT_STARTED, UNDER_WAY, STUCK, DONE, NO_LONGER_NEEDED = ActionStatus
LONG_AGO = datetime(2026, 1, 5, 15, tzinfo=UTC)


def the_plan(**values: Any) -> Plan:
    return make_plan(**{"created_at": LONG_AGO, "adopted_on": date(2026, 1, 10), **values})


def old_action(plan: Plan, goal: Goal | None = None, **values: Any) -> Action:
    return make_action(plan, goal, **{"created_at": LONG_AGO, **values})


def make_meeting(membership: Membership, starts_at: datetime, title: str = "Quarterly meeting") -> Meeting:
    return saved(
        Meeting(
            coalition_id=membership.coalition_id,
            kind=MeetingKind.GENERAL,
            title=title,
            starts_at=starts_at,
            created_at=clock.now(),
        )
    )


def decide(meeting: Meeting, number: int, text: str, day: date) -> None:
    saved(
        Decision(
            coalition_id=meeting.coalition_id,
            number=number,
            meeting_id=meeting.id,
            text=text,
            decided_on=day,
        )
    )


def cells(page: Page, part: str) -> list[str]:
    return page.texts(f"#plan-review-{part} tbody tr")


# -- progress


def test_progress_at_both_ends_is_what_history_says(member: EngageClient) -> None:
    plan = the_plan()
    goal, other = make_goal(plan, title="Beds"), make_goal(plan, title="Schools")
    before = old_action(plan, goal, status=DONE)
    changed(before, "status", NOT_STARTED, DONE, noon(2, 1))
    within = old_action(plan, goal, status=UNDER_WAY)
    changed(within, "status", NOT_STARTED, DONE, noon(5, 1))
    changed(within, "status", DONE, UNDER_WAY, noon(8, 1))
    make_action(plan, goal, created_at=noon(5, 1))
    make_action(plan, goal, created_at=noon(8, 1))
    dropped = old_action(plan, other, status=NO_LONGER_NEEDED)
    changed(dropped, "status", STUCK, NO_LONGER_NEEDED, noon(6, 1))
    moved_here = old_action(plan, other, status=NOT_STARTED)
    changed(moved_here, "goal_id", goal.id, other.id, noon(8, 1))

    page = member.page(PAGE)

    assert page.texts(".review-ends p")[1::2] == [
        "1 of 4 actions done.",
        "2 of 4 actions done, 1 no longer needed.",
    ]
    assert cells(page, "progress") == [
        "Goal 1. Beds 2 of 4 Start: 1 of 3 End: 2 of 4 +1",
        "Goal 2. Schools Start: 0 of 1 End: 0 of 0 (1 no longer needed)",
    ]
    assert page.text("h1") == "Quarterly review, 2nd quarter 2026"
    assert page.text(".lead") == "Plan of action 2026-27, April 1, 2026 to June 30, 2026"


def test_an_action_that_went_on_in_another_plan_counts_where_it_was(coordinator: EngageClient) -> None:
    old = the_plan(status=PlanStatus.CLOSED, closed_on=date(2026, 7, 10), title="Plan 2026")
    goal = make_goal(old)
    new = make_plan(title="Plan 2027", created_at=noon(7, 1), adopted_on=date(2026, 7, 10))
    action = old_action(new)
    changed(action, "plan_id", old.id, new.id, noon(7, 10))
    changed(action, "goal_id", goal.id, None, noon(7, 10))
    page = coordinator.page(PAGE)
    assert page.has("Plan 2026, April 1, 2026")
    assert page.texts(".review-goals tbody tr")[0].endswith("Start: 0 of 1 End: 0 of 1")
    assert coordinator.page(f"{PAGE}&plan={new.id}").has("No actions yet.")


def test_closing_a_plan_notes_the_goal_that_a_carried_action_leaves(coordinator: EngageClient) -> None:
    plan = the_plan()
    action = old_action(plan, goal := make_goal(plan))
    draft = make_plan(status=PlanStatus.DRAFT)
    assert coordinator.send(f"{PLAN}{plan.id}/close", carried=[str(action.number)]).status == 303
    rows = sa.select(HistoryEntry.field, HistoryEntry.old, HistoryEntry.new).order_by(HistoryEntry.id)
    found = [tuple(row) for row in db.session.execute(rows.where(HistoryEntry.thing == "plan_action"))]
    assert found == [
        ("plan_id", str(plan.id), str(draft.id)),
        ("goal_id", str(goal.id), None),
    ]


# -- the rest of the page


def test_what_was_late_and_stuck_at_its_end_is_told_with_the_help_it_needs(member: EngageClient) -> None:
    plan = the_plan()
    ana = make_membership(name="Ana")
    stuck = old_action(plan, title="Find a house", status=STUCK, reason="A landlord", owner_id=ana.id)
    changed(stuck, "status", UNDER_WAY, STUCK, noon(6, 1))
    late = old_action(plan, title="Print cards", status=DONE, due_on=date(2026, 9, 1))
    changed(late, "due_on", "2026-06-10", "2026-09-01", noon(7, 1))
    changed(late, "status", UNDER_WAY, DONE, noon(8, 1))
    old_action(plan, title="Not late then", due_on=date(2026, 7, 2))
    page = member.page(PAGE)
    assert page.texts("#plan-review-waits .waiting-row") == [
        f"Stuck {stuck.number}. Find a house Ana · Needs: A landlord",
        f"Late {late.number}. Print cards no owner · due Jun 10 · now: Done",
    ]
    assert page.texts("#plan-review-moved li")[0] == "1 action stuck"


def test_numbers_are_compared_with_the_start_and_the_target(member: EngageClient) -> None:
    objective = make_objective(make_goal(the_plan()), title="Six beds")
    measure = make_measure(objective, title="Beds")
    for value, day in ((6, (3, 1)), (9, (4, 20)), (12, (6, 20)), (19, (8, 1))):
        make_reading(measure, value, date(2026, *day))
    make_measure(objective, title="Nights")
    make_activity(happened_on=date(2026, 5, 3))
    make_activity(happened_on=date(2026, 8, 3))
    page = member.page(PAGE)
    assert cells(page, "measures") == [
        "Beds Six beds Start: 6 beds, Mar 1 End: 12 beds, Jun 20 2 readings Target: 20 beds by Dec 31 On track",
        "Nights Six beds Start: 4 beds, Jan 5 End: no new number Target: 20 beds by Dec 31",
    ]
    assert cells(page, "activities") == ["Training 1 activity 23 reached 9.5 hours"]


def test_a_viewer_sees_counts_and_no_people_decisions_or_reasons(viewer: EngageClient) -> None:
    plan = the_plan()
    ana = make_membership(name="Ana")
    old_action(
        plan, make_goal(plan), title="Find a house", status=STUCK, reason="A landlord", owner_id=ana.id
    )
    meeting = make_meeting(viewer.membership, noon(5, 12))
    decide(meeting, 1, "We rent a house.", date(2026, 5, 12))
    make_activity(happened_on=date(2026, 5, 3))
    page = viewer.page(PAGE)
    assert page.has("Find a house")
    for hidden in ("Ana", "A landlord", "We rent a house", "Training", "Record this review"):
        assert not page.has(hidden), hidden


# -- recording


def test_a_review_is_recorded_with_its_meeting_and_shows_what_was_decided_there(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    plan = the_plan()
    goal, other = make_goal(plan, title="Beds"), make_goal(plan, title="Schools")
    within = make_meeting(coordinator.membership, noon(5, 12), "General meeting")
    decide(within, 1, "We rent a house.", date(2026, 5, 12))
    at = make_meeting(coordinator.membership, clock.now() - timedelta(days=2))
    decide(at, 2, "We stop the billboard.", date(2026, 7, 10))
    form = coordinator.page(NEW)
    assert form.value("meeting_id") == str(at.id)

    sent = {
        "meeting_id": at.id,
        "held_on": form.value("held_on"),
        "next_on": "2099-10-10",
        "assess_on": "2099-12-01",
        f"note_{goal.id}": "The house is found.",
        f"note_{other.id}": "",
    }
    answer = coordinator.send(NEW, **sent)

    review = db.session.scalars(sa.select(Review)).one()
    assert answer.location == f"{PLAN}reviews/{review.id}"
    assert (review.plan_id, review.since, review.until) == (plan.id, date(2026, 4, 1), date(2026, 6, 30))
    page = member.page(answer.location or "")
    assert "We stop the billboard." in page.text("#plan-review-decided")
    assert "We rent a house." in page.text("#plan-review-decisions")
    assert page.texts(".review-note") == ["The house is found."]
    assert page.has("October 10, 2099")
    assert not viewer.page(answer.location or "").has("The house is found.")
    assert f"{PLAN}reviews/{review.id}" in [
        a.attributes["href"]
        for a in member.page(f"/c/riverbend/meetings/{at.id}/").all("#meetings-settled a")
    ]
    minutes = member.page(f"/c/riverbend/meetings/{at.id}/minutes")
    assert minutes.has("Plan reviewed: Plan of action 2026-27, April 1, 2026 to June 30, 2026")
    assert member.page(PAGE).texts("#plan-reviews li a")[0].endswith("Quarterly review, 2nd quarter 2026")
    noted = sa.select(HistoryEntry.field).where(HistoryEntry.thing == "plan_review").order_by(HistoryEntry.id)
    assert list(db.session.scalars(noted)) == ["created", "notes"]


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ({"held_on": ""}, "Enter the day of the review."),
        ({"held_on": "2099-01-01"}, "This day is in the future. Record the review after it was held."),
        ({"next_on": "2026-07-01"}, "Choose a day after the review."),
        ({"assess_on": "2026-07-10"}, "Choose a day after the review."),
        ({"meeting_id": "987654"}, "This meeting is no longer on the list. Choose another one, or none."),
    ],
)
def test_a_refused_review_says_why_and_keeps_what_was_typed(
    coordinator: EngageClient, field: dict[str, str], message: str
) -> None:
    goal = make_goal(the_plan())
    make_meeting(coordinator.membership, noon(5, 12))
    sent = {"held_on": "2026-07-10", f"note_{goal.id}": "Went well.", "meeting_id": "0", **field}
    page = coordinator.send(NEW, **sent)
    assert page.status == 422
    assert page.errors == [message]
    assert page.value(f"note_{goal.id}") == "Went well."
    assert db.session.scalar(sa.select(Review.id)) is None


def test_what_looks_like_personal_details_is_asked_about(coordinator: EngageClient) -> None:
    goal = make_goal(the_plan())
    page = coordinator.send(NEW, held_on="2026-07-10", **{f"note_{goal.id}": "Call 555-201-3344"})
    assert page.status == 422
    assert page.has("This looks like it contains a phone number.")


def held(plan: Plan, **values: Any) -> Review:
    fields: dict[str, Any] = {
        "since": date(2026, 4, 1),
        "until": date(2026, 6, 30),
        "held_on": date(2026, 7, 10),
        "created_at": clock.now(),
    }
    return saved(Review(coalition_id=plan.coalition_id, plan_id=plan.id, **{**fields, **values}))


def test_the_second_of_two_who_edit_a_review_sees_both(coordinator: EngageClient) -> None:
    goal = make_goal(plan := the_plan())
    address = f"{PLAN}reviews/{held(plan).id}/edit"
    first = {"version": 1, "held_on": "2026-07-10", f"note_{goal.id}": "Went well."}
    assert coordinator.send(address, **first).status == 303
    page = coordinator.send(address, **{**first, f"note_{goal.id}": "Went slowly."})
    assert page.status == 409
    assert page.texts(".conflict-text") == ["Went well.", "Went slowly."]
    assert coordinator.send(address, **{**first, "version": 2, f"note_{goal.id}": ""}).status == 303
    assert db.session.scalar(sa.select(ReviewNote.id)) is None


def test_a_deleted_review_takes_its_notes_and_nothing_else(coordinator: EngageClient) -> None:
    plan = the_plan()
    goal = make_goal(plan)
    review = held(plan)
    saved(ReviewNote(coalition_id=plan.coalition_id, review_id=review.id, goal_id=goal.id, text="Fine."))
    address = f"{PLAN}reviews/{review.id}/delete"
    assert coordinator.page(address).has("April 1, 2026 to June 30, 2026")
    assert coordinator.send(address).location == f"{PLAN}review"
    assert db.session.scalar(sa.select(sa.func.count(ReviewNote.id))) == 0
    assert db.session.get(Goal, goal.id) is not None


def test_a_deleted_review_comes_back_with_its_notes(coordinator: EngageClient) -> None:
    plan = the_plan()
    goal, gone = make_goal(plan), make_goal(plan)
    review = held(plan)
    for each in (goal, gone):
        saved(ReviewNote(coalition_id=plan.coalition_id, review_id=review.id, goal_id=each.id, text="Fine."))
    address = f"{PLAN}reviews/{review.id}"
    assert coordinator.page(f"{address}/delete").has("You can restore it from there for 30 days.")
    page = coordinator.page(coordinator.send(f"{address}/delete").location or "")
    assert page.has("The review is in the trash.")
    assert coordinator.get(address).status_code == 409
    assert coordinator.page("/c/riverbend/settings/trash").has("April 1, 2026 to June 30, 2026")
    coordinator.send(f"{PLAN}goals/{gone.id}/delete")

    back = coordinator.send(page.one("form.undo").attributes["action"] or "")

    assert coordinator.page(back.location or "").has(
        "The review is back. Deleted in the meantime and left out: the goal."
    )
    assert db.session.scalars(sa.select(ReviewNote.goal_id)).all() == [goal.id]


def test_a_goal_that_is_deleted_takes_its_notes_along(coordinator: EngageClient) -> None:
    plan = the_plan()
    goal = make_goal(plan)
    review = held(plan)
    saved(ReviewNote(coalition_id=plan.coalition_id, review_id=review.id, goal_id=goal.id, text="Fine."))
    assert coordinator.send(f"{PLAN}goals/{goal.id}/delete").status == 303
    assert coordinator.page(f"{PLAN}reviews/{review.id}").status == 200


def test_a_meeting_that_held_a_review_is_not_called_off(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership, clock.now() + timedelta(days=1))
    held(the_plan(), meeting_id=meeting.id)
    page = coordinator.send(f"/c/riverbend/meetings/{meeting.id}/delete")
    assert page.status == 409
    assert page.has("Other records refer to this meeting.")


def test_members_read_reviews_and_coordinators_record_them(
    member: EngageClient, viewer: EngageClient
) -> None:
    review = held(the_plan())
    for client in (member, viewer):
        client.page(f"{PLAN}reviews/{review.id}")
        for path in ("new", f"{review.id}/edit", f"{review.id}/delete"):
            assert client.get(f"{PLAN}reviews/{path}").status_code == 403


def test_another_coalitions_review_does_not_exist(client_of: Callable[[Membership], EngageClient]) -> None:
    plan = the_plan()
    review = held(plan)
    client = client_of(make_membership(coalition=make_coalition(slug="elsewhere")))
    assert client.get(f"/c/elsewhere/plan/reviews/{review.id}").status_code == 404
    assert client.get(f"/c/elsewhere/plan/review?plan={plan.id}").status_code == 404


def test_without_a_plan_the_page_says_so(member: EngageClient) -> None:
    assert member.page(PAGE).has("There is no plan yet")


def test_the_page_asks_the_same_however_much_there_is(member: EngageClient) -> None:
    plan = the_plan()
    goal = make_goal(plan)
    objective = make_objective(goal)
    member.page(PAGE)
    counts = []
    for more in (1, 60):
        for _n in range(more):
            action = old_action(plan, goal, status=DONE, owner_id=member.membership.id)
            changed(action, "status", NOT_STARTED, DONE, noon(5, 5), member.membership.id)
            stuck = old_action(plan, goal, status=STUCK, reason="Help")
            changed(stuck, "status", NOT_STARTED, STUCK, noon(5, 5))
            make_reading(make_measure(objective), 5, date(2026, 5, 1))
            make_activity()
        with databases.counted_queries() as queries:
            page = member.page(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert page.has("and 21 more")
