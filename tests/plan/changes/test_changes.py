"""Tests what moved in the plan between any two dates."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engage import clock
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.meetings.rules import MeetingKind
from engage.plan.changes import queries as changes_queries
from engage.plan.changes.pages import FEW
from engage.plan.changes.queries import Asked, ChangeKind
from engage.plan.changes.rules import (
    ActionState,
    ChangePeriod,
    as_it_was,
    asked,
    quarter_before,
    quarter_of,
    to_review,
    year_of,
)
from engage.plan.models import Action, Goal, Plan
from engage.plan.rules import ActionStatus, PlanStatus
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_affiliation,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    make_reading,
    saved,
)
from tests.plan.past import changed, noon

PAGE = "/c/riverbend/plan/review"
OLD = "/c/riverbend/plan/moved"
CHANGES = f"{PAGE}/changes"
SPRING = "?since=2026-04-01&until=2026-06-30"
PERIOD = ChangePeriod(date(2026, 4, 1), date(2026, 6, 30))
NOT_STARTED, UNDER_WAY, STUCK, DONE, NO_LONGER_NEEDED = ActionStatus
LONG_AGO = datetime(2026, 1, 5, 15, tzinfo=UTC)


def old_action(plan: Plan, goal: Goal | None = None, **values: Any) -> Action:
    return make_action(plan, goal, **{"created_at": LONG_AGO, **values})


def rows(page: Any, key: str) -> list[str]:
    return page.texts(f"#plan-moved-{key} .waiting-row")


# -- periods


def test_quarters_and_years_are_those_of_the_calendar() -> None:
    assert quarter_of(date(2026, 5, 12)) == PERIOD
    assert quarter_of(date(2026, 12, 31)) == ChangePeriod(date(2026, 10, 1), date(2026, 12, 31))
    assert quarter_before(date(2026, 2, 1)) == ChangePeriod(date(2025, 10, 1), date(2025, 12, 31))
    assert year_of(date(2026, 5, 12)) == ChangePeriod(date(2026, 1, 1), date(2026, 12, 31))
    assert to_review(date(2026, 7, 20)) == PERIOD
    assert to_review(date(2026, 8, 20)) == ChangePeriod(date(2026, 7, 1), date(2026, 9, 30))


@pytest.mark.parametrize(
    ("args", "period"),
    [
        ({}, PERIOD),
        ({"since": "2026-05-01"}, ChangePeriod(date(2026, 5, 1), date(2026, 6, 30))),
        ({"since": "2026-08-01"}, ChangePeriod(date(2026, 8, 1), date(2026, 8, 1))),
        ({"since": "2026-08-01", "until": "2026-07-01"}, ChangePeriod(date(2026, 7, 1), date(2026, 8, 1))),
        ({"since": "soon", "until": "2026-02-31"}, PERIOD),
        ({"since": "0001-01-01", "until": "9999-12-31"}, PERIOD),
    ],
)
def test_an_address_says_the_days_and_what_it_says_wrongly_is_left_out(
    args: dict[str, str], period: ChangePeriod
) -> None:
    assert asked(args, PERIOD) == period


def test_how_an_action_stood_is_what_it_was_before_the_first_change() -> None:
    now = ActionState(7, None, DONE)
    assert as_it_was(now, {}) == now
    assert as_it_was(now, {"status": "stuck", "plan_id": "3", "goal_id": "9"}) == ActionState(3, 9, STUCK)
    assert as_it_was(ActionState(7, 4, DONE), {"goal_id": None}) == ActionState(7, None, DONE)


# -- what moved


def test_an_action_is_told_once_from_its_start_to_its_end(member: EngageClient) -> None:
    plan = make_plan()
    action = old_action(plan, title="Train clerks", status=DONE)
    back = old_action(plan, title="Print cards", status=UNDER_WAY)
    changed(action, "status", NOT_STARTED, UNDER_WAY, noon(4, 1), member.membership.id)
    changed(action, "status", UNDER_WAY, STUCK, noon(5, 1))
    changed(action, "status", STUCK, DONE, noon(6, 30), member.membership.id)
    changed(action, "status", DONE, UNDER_WAY, noon(7, 1))
    changed(back, "status", UNDER_WAY, STUCK, noon(5, 1))
    changed(back, "status", STUCK, UNDER_WAY, noon(5, 2))

    page = member.page(f"{PAGE}{SPRING}")

    assert rows(page, "status") == [
        f"Done {action.number}. Train clerks from Not started · Dan Reyes, Jun 30"
    ]
    assert page.texts("#plan-moved-counts li") == ["1 action done"]
    assert page.text(".lead").endswith("April 1, 2026 to June 30, 2026")
    assert rows(member.page(f"{PAGE}?since=2026-07-01&until=2026-07-31"), "status") == [
        f"Under way {action.number}. Train clerks from Done · Jul 1"
    ]


def test_what_happened_to_another_row_of_that_id_is_not_told(member: EngageClient) -> None:
    action = make_action(make_plan(), created_at=noon(5, 20), status=DONE)
    changed(action, "status", NOT_STARTED, STUCK, noon(5, 1))
    changed(action, "status", NOT_STARTED, DONE, noon(5, 25))
    (row,) = rows(member.page(f"{PAGE}{SPRING}"), "status")
    assert "from Not started" in row


def test_what_came_back_from_the_trash_is_not_told_as_deleted(member: EngageClient) -> None:
    plan = make_plan()
    action, goal = old_action(plan), make_goal(plan)
    changed(action, "deleted", action.number, None, noon(5, 9))
    changed(goal, "deleted", None, None, noon(5, 9))
    assert member.page(f"{PAGE}{SPRING}").has("Nothing in the plan changed")


def test_days_begin_and_end_where_the_coalition_is(member: EngageClient) -> None:
    action = old_action(make_plan(), status=DONE)
    # In Chicago still June 30, eleven at night.
    changed(action, "status", NOT_STARTED, DONE, datetime(2026, 7, 1, 4, tzinfo=UTC))
    assert len(rows(member.page(f"{PAGE}{SPRING}"), "status")) == 1
    assert member.page(f"{PAGE}?since=2026-07-01&until=2026-07-31").has("Nothing in the plan changed")


def test_due_dates_and_leads_are_told_with_both_values(coordinator: EngageClient) -> None:
    ana, ben = make_membership(name="Ana"), make_membership(name="Ben")
    plan = make_plan()
    action = old_action(plan, title="Train clerks", due_on=date(2026, 8, 1), owner_id=ben.id)
    dated = old_action(plan, title="Print cards", due_on=date(2026, 9, 1))
    changed(action, "due_on", "2026-05-01", "2026-08-01", noon(5, 1), coordinator.membership.id)
    changed(action, "owner_id", ana.id, ben.id, noon(5, 2), coordinator.membership.id)
    changed(dated, "due_on", None, "2026-09-01", noon(5, 3))
    page = coordinator.page(f"{PAGE}{SPRING}")
    assert rows(page, "due_on") == [
        f"Date set {dated.number}. Print cards Sep 1 · May 3",
        f"Later {action.number}. Train clerks from May 1 to Aug 1 · Maria Santos, May 1",
    ]
    assert rows(page, "owner_id") == [
        f"New owner {action.number}. Train clerks from Ana to Ben · Maria Santos, May 2"
    ]


def test_what_is_new_and_what_is_gone_is_told(member: EngageClient) -> None:
    plan = make_plan(created_at=LONG_AGO, adopted_on=date(2026, 4, 20))
    goal = make_goal(plan, title="Beds for boys")
    objective = make_objective(goal, title="Six beds")
    measure = make_measure(objective, title="Beds")
    make_reading(measure, 12, date(2026, 5, 3))
    make_reading(measure, 14, date(2026, 8, 3))
    new = make_action(
        plan, goal, title="Ask the church", created_at=noon(5, 4), created_by_id=member.membership.id
    )
    changed(goal, "created", None, None, noon(4, 2))
    changed(objective, "created", None, None, noon(4, 3), member.membership.id)
    changed(new, "deleted", 99, None, noon(5, 9), member.membership.id)

    page = member.page(f"{PAGE}{SPRING}")

    assert rows(page, "new") == [f"Not started {new.number}. Ask the church Dan Reyes, May 4"]
    assert rows(page, "places") == ["Objective Six beds Dan Reyes, Apr 3", "Goal Beds for boys Apr 2"]
    assert rows(page, "readings") == ["May 3 Beds 12 of 20 beds"]
    assert rows(page, "deleted") == ["Deleted Action 99 Dan Reyes, May 9"]
    assert rows(page, "plans") == ["Adopted Plan of action 2026-27 Apr 20"]
    assert page.texts("#plan-moved-counts li") == [
        "1 new action",
        "2 new goals and objectives",
        "1 reading",
        "1 deleted",
    ]


def test_a_viewer_reads_organizations_instead_of_people(
    viewer: EngageClient, client_of: Callable[[Membership], EngageClient]
) -> None:
    ana, ben = make_membership(name="Ana"), make_membership(name="Ben")
    church = make_organization(name="Grace Church")
    for person in (ana, ben):
        make_affiliation(person, church)
    plan = make_plan()
    action = old_action(plan, title="Train clerks", status=DONE, owner_id=ben.id)
    changed(action, "status", NOT_STARTED, DONE, noon(5, 1), ana.id)
    changed(action, "owner_id", ana.id, ben.id, noon(5, 2), viewer.membership.id)
    measure = make_measure(make_objective(make_goal(plan)), title="Beds")
    make_reading(measure, 2, date(2026, 5, 3))
    page = viewer.page(f"{PAGE}{SPRING}")
    assert rows(page, "status") == [
        f"Done {action.number}. Train clerks from Not started · Grace Church, May 1"
    ]
    assert rows(page, "owner_id") == [
        f"New owner {action.number}. Train clerks another person from Grace Church · May 2"
    ]
    assert rows(page, "readings") == ["May 3 Beds too few to show"]
    assert not page.has("Ana")
    assert not page.has("Ben")


def test_one_kind_has_pages_of_its_own(member: EngageClient) -> None:
    plan = make_plan()
    for _n in range(FEW + 85):
        make_action(plan, created_at=noon(5, 4))
    page = member.page(f"{PAGE}{SPRING}")
    assert len(rows(page, "new")) == FEW
    (link,) = [a for a in page.all("#plan-moved-new a") if a.text().startswith("Show all")]
    assert len(rows(member.page(link.attributes["href"] or ""), "new")) == 100
    assert len(rows(member.page(f"{CHANGES}{SPRING}&kind=new&page=2"), "new")) == 5
    assert member.get(f"{CHANGES}?kind=weather").status_code == 404


def test_the_page_asks_the_same_however_much_moved(member: EngageClient) -> None:
    plan = make_plan()
    measure = make_measure(make_objective(make_goal(plan)))
    member.page(f"{PAGE}{SPRING}")
    counts = []
    for more in (1, 60):
        for n in range(more):
            action = make_action(plan, created_at=noon(5, 4), status=DONE)
            changed(action, "status", NOT_STARTED, DONE, noon(5, 5), member.membership.id)
            changed(action, "due_on", None, "2026-09-01", noon(5, 5))
            changed(action, "owner_id", None, member.membership.id, noon(5, 5))
            changed(action, "deleted", action.number, None, noon(5, 5), member.membership.id)
            changed(make_goal(plan), "created", None, None, noon(5, 5))
            make_reading(measure, n, date(2026, 5, 1) + timedelta(days=n if more > 1 else 60))
        with databases.counted_queries() as queries:
            member.page(f"{PAGE}{SPRING}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_another_coalitions_moves_are_not_told(member: EngageClient) -> None:
    make_plan()
    theirs = make_plan(coalition=make_coalition())
    action = make_action(theirs, created_at=noon(5, 4), status=DONE)
    changed(action, "status", NOT_STARTED, DONE, noon(5, 5))
    assert member.page(f"{PAGE}{SPRING}").has("Nothing in the plan changed")


def test_the_old_address_leads_to_the_review_since_the_last_meeting(member: EngageClient) -> None:
    make_plan()
    today = clock.today("America/Chicago")
    month_ago = (today - timedelta(days=30)).isoformat()
    assert member.get(OLD).location == f"{PAGE}?since={month_ago}&until={today}#plan-review-moved"
    assert member.get(f"{OLD}{SPRING}&kind=new").location == f"{CHANGES}{SPRING}&kind=new"
    assert member.page(PAGE).texts(".pill")[0] == "This quarter"
    saved(
        Meeting(
            coalition_id=member.membership.coalition_id,
            kind=MeetingKind.GENERAL,
            title="General meeting",
            starts_at=clock.now() - timedelta(days=9),
            created_at=clock.now(),
        )
    )
    page = member.page(member.get(OLD).location or "")
    assert page.value("since") == (today - timedelta(days=9)).isoformat()
    assert page.text('.pill[aria-current="true"]') == "Since the last meeting"
    for link in page.all(".pill"):
        member.page(link.attributes["href"] or "")


def test_the_plan_leads_to_its_review_which_tells_what_moved(viewer: EngageClient) -> None:
    make_action(make_plan(status=PlanStatus.DRAFT))
    review = viewer.page("/c/riverbend/plan/").one('.more-menu a[href^="/c/riverbend/plan/review"]')
    assert viewer.page(review.attributes["href"] or "").all("#plan-review-moved")


def test_counts_are_there_for_whoever_asks(member: EngageClient) -> None:
    plan = make_plan()
    for _n in range(2):
        changed(old_action(plan, status=DONE), "status", STUCK, DONE, noon(5, 1))
    found = changes_queries.counts_of(Asked(member.membership, PERIOD))
    assert (found.to, found.of[ChangeKind.STATUS], found.total) == ({DONE: 2}, 2, 2)
    db.session.rollback()
