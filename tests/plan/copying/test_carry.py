"""The next plan, started from the current one: what continues, what stays behind, and how both pages say why."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.actions.queries import waiting as waiting_queries
from engage.plan.carryover.models import ActionCarryover, GoalCarryover
from engage.plan.copying.next_plan.rules import PlanSpan, following, next_title, target_day
from engage.plan.copying.rules import Start
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.models import Measure
from engage.plan.models import Action, ActionHelper, Goal, GoalNeed, Objective, Plan
from engage.plan.rules import ActionStatus, PlanStatus
from engage.strengths.models import Need
from tests import databases
from tests.client import EngageClient
from tests.factories import (
    make_action,
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

PLAN = "/c/riverbend/plan/"
NOT_STARTED, UNDER_WAY, STUCK, DONE, NO_LONGER_NEEDED = ActionStatus
NEW = {"title": "Plan 2027", "starts_on": "2027-01-01", "ends_on": "2027-12-31", "baseline": "latest"}


def the_plan(**values: Any) -> Plan:
    dates = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    return make_plan(**{"title": "Plan of action 2026", **dates, **values})


def start(client: EngageClient, plan: Plan, **fields: Any) -> Page:
    return client.send(f"{PLAN}{plan.id}/next", **{**NEW, **fields})


def the_draft() -> Plan:
    db.session.expire_all()
    return db.session.scalars(sa.select(Plan).where(Plan.status == PlanStatus.DRAFT)).one()


def actions_of(plan: Plan) -> list[Action]:
    rows = sa.select(Action).where(Action.plan_id == plan.id).order_by(Action.number)
    return list(db.session.scalars(rows))


# -- rules


@pytest.mark.parametrize(
    ("title", "following_"),
    [
        ("Plan of action 2026", "Plan of action 2027"),
        ("Plan of action 2026-27", "Plan of action 2027-28"),
        ("Plan 2026-2027", "Plan 2027-2028"),
        ("Plan 2099/00", "Plan 2100/01"),
        ("Our plan", "Our plan"),
    ],
)
def test_the_next_plan_is_called_a_year_later(title: str, following_: str) -> None:
    assert next_title(title) == following_


def test_the_next_plan_begins_when_the_old_one_ends_and_is_as_long() -> None:
    assert following(date(2026, 1, 1), date(2026, 12, 31)) == PlanSpan(date(2027, 1, 1), date(2027, 12, 31))
    assert following(date(2026, 7, 1), date(2027, 6, 30)) == PlanSpan(date(2027, 7, 1), date(2028, 6, 30))
    assert following(date(2026, 1, 1), date(2027, 12, 31)) == PlanSpan(date(2028, 1, 1), date(2029, 12, 31))
    assert following(None, date(2026, 12, 31)) == PlanSpan(date(2027, 1, 1), date(2027, 12, 31))
    assert following(None, None) == PlanSpan(None, None)


def test_dates_go_along_where_they_lie_in_the_new_plan() -> None:
    year, today = PlanSpan(date(2027, 1, 1), date(2027, 12, 31)), date(2026, 11, 25)
    assert year.keeps(date(2027, 3, 1), today) == date(2027, 3, 1)
    assert year.keeps(date(2026, 12, 31), today) is None
    assert year.keeps(date(2028, 1, 1), today) is None
    assert PlanSpan(None, None).keeps(date(2026, 12, 1), today) == date(2026, 12, 1)
    assert PlanSpan(None, None).keeps(date(2026, 11, 1), today) is None
    assert PlanSpan(None, None).keeps(None, today) is None


def test_a_target_behind_the_start_moves_to_the_new_plans_end() -> None:
    year = PlanSpan(date(2027, 1, 1), date(2027, 12, 31))
    read = Start(12, date(2026, 12, 1))
    assert target_day(20, date(2026, 12, 31), read, year) == date(2026, 12, 31)
    assert target_day(20, date(2026, 11, 30), read, year) == date(2027, 12, 31)
    assert target_day(20, date(2026, 11, 30), read, PlanSpan(None, None)) is None
    assert target_day(None, None, read, year) is None


# -- starting it


def test_what_was_chosen_goes_on_with_its_reason_and_the_old_plan_stays(coordinator: EngageClient) -> None:
    plan = the_plan()
    need = saved(
        Need(
            coalition_id=plan.coalition_id,
            number=1,
            title="Beds for boys",
            area="rescue",
            stated_gap=4,
            created_at=clock.now(),
        )
    )
    goal, gone = make_goal(plan, title="Beds", why="Nobody waits."), make_goal(plan, title="Schools")
    saved(GoalNeed(coalition_id=plan.coalition_id, goal_id=goal.id, need_id=need.id))
    objective = make_objective(goal, title="Six beds", due_on=date(2026, 12, 1))
    ana, left = make_membership(name="Ana"), make_membership(name="Lee", left_on=date(2026, 10, 1))
    action = make_action(
        plan,
        objective=objective,
        title="Find a house",
        status=STUCK,
        reason="A landlord",
        owner_id=ana.id,
        due_on=date(2027, 3, 1),
        start_on=date(2026, 11, 1),
        need_id=need.id,
    )
    saved(ActionHelper(coalition_id=plan.coalition_id, action_id=action.id, membership_id=left.id))
    saved(ActionHelper(coalition_id=plan.coalition_id, action_id=action.id, membership_id=ana.id))
    orphan = make_action(plan, gone, title="Visit schools", owner_id=left.id, due_on=date(2026, 12, 1))
    behind = make_action(plan, goal, title="Print cards")
    make_action(plan, goal, title="Done already", status=DONE)

    answer = start(
        coordinator,
        plan,
        **{
            f"goal_{goal.id}": "continues",
            f"objective_{objective.id}": "not_finished",
            f"action_{action.number}": "other",
            f"action_{action.number}_words": "The house is nearly found.",
            f"action_{orphan.number}": "not_finished",
        },
    )

    draft = the_draft()
    assert answer.location == f"{PLAN}{draft.id}/carried"
    assert (draft.title, draft.starts_on, draft.ends_on) == (
        "Plan 2027",
        date(2027, 1, 1),
        date(2027, 12, 31),
    )
    new_goal = db.session.scalars(sa.select(Goal).where(Goal.plan_id == draft.id)).one()
    assert (new_goal.title, new_goal.why) == ("Beds", "Nobody waits.")
    linked = sa.select(GoalNeed.need_id).where(GoalNeed.goal_id == new_goal.id)
    assert list(db.session.scalars(linked)) == [need.id]
    new_objective = db.session.scalars(sa.select(Objective).where(Objective.goal_id == new_goal.id)).one()
    assert new_objective.due_on is None
    first, second = actions_of(draft)
    assert (first.title, first.status, first.reason) == ("Find a house", STUCK, "A landlord")
    assert (first.objective_id, first.owner_id, first.need_id) == (new_objective.id, ana.id, need.id)
    assert (first.start_on, first.due_on) == (None, date(2027, 3, 1))
    assert (second.title, second.goal_id, second.owner_id, second.due_on) == (
        "Visit schools",
        None,
        None,
        None,
    )
    helpers = sa.select(ActionHelper.membership_id).where(ActionHelper.action_id == first.id)
    assert list(db.session.scalars(helpers)) == [ana.id]
    # The old plan is as it was.
    assert [each.status for each in actions_of(plan)] == [STUCK, NOT_STARTED, NOT_STARTED, DONE]
    assert {each.version for each in actions_of(plan)} == {1}
    noted = sa.select(HistoryEntry.thing, HistoryEntry.field).order_by(HistoryEntry.id)
    assert [tuple(row) for row in db.session.execute(noted)] == [
        ("plan_plan", "status"),
        ("plan_goal", "created"),
        ("plan_objective", "created"),
    ]

    page = coordinator.page(answer.location or "")
    assert page.texts("#plan-carried tbody tr") == [
        "Beds Goal it continues Plan of action 2026",
        "Six beds Objective not finished yet Plan of action 2026",
        f"{first.number}. Find a house Action The house is nearly found. "
        f"Plan of action 2026, action {action.number}",
        f"{second.number}. Visit schools Action not finished yet Plan of action 2026, action {orphan.number}",
    ]
    assert page.texts("#plan-left .waiting-row") == ["Goal Schools", f"Action {behind.number}. Print cards"]
    assert page.has("1 goal, 1 objective, and 2 actions were carried over, 2 were not.")


def test_the_form_stands_ready_with_what_is_open(coordinator: EngageClient) -> None:
    plan = the_plan(title="Plan of action 2026-27")
    goal, done = make_goal(plan), make_goal(plan)
    action = make_action(plan, goal)
    make_action(plan, done, status=DONE)
    page = coordinator.page(f"{PLAN}{plan.id}/next")
    assert page.value("title") == "Plan of action 2027-28"
    assert (page.value("starts_on"), page.value("ends_on")) == ("2027-01-01", "2027-12-31")
    chosen = {
        name: page.value(name) for name in (f"goal_{goal.id}", f"goal_{done.id}", f"action_{action.number}")
    }
    assert list(chosen.values()) == ["continues", "", "not_finished"]


def test_measures_go_on_from_their_last_reading_or_their_old_start(coordinator: EngageClient) -> None:
    plan = the_plan()
    objective = make_objective(make_goal(plan))
    measure = make_measure(objective, title="Beds", target_on=date(2026, 12, 31))
    make_reading(measure, 9, date(2026, 6, 1))
    make_reading(measure, 12, date(2026, 12, 31))
    chosen = {f"goal_{objective.goal_id}": "continues", f"objective_{objective.id}": "continues"}

    assert start(coordinator, plan, **chosen).status == 303
    new = db.session.scalars(sa.select(Measure).where(Measure.id != measure.id)).one()
    assert (new.title, new.baseline_value, new.baseline_on) == ("Beds", 12, date(2026, 12, 31))
    assert (new.target_value, new.target_on) == (20, date(2027, 12, 31))

    coordinator.send(f"{PLAN}{the_draft().id}/close")
    assert start(coordinator, plan, **{**chosen, "baseline": "keep"}).status == 303
    newest = db.session.scalars(sa.select(Measure).order_by(Measure.id.desc()).limit(1)).one()
    assert (newest.baseline_value, newest.baseline_on) == (4, date(2026, 1, 5))
    assert newest.target_on == date(2026, 12, 31)


def test_a_refused_form_says_why_and_keeps_what_was_typed(coordinator: EngageClient) -> None:
    plan = the_plan()
    action = make_action(plan)
    other = {f"action_{action.number}": "other"}
    words = f"action_{action.number}_words"
    cases: list[tuple[dict[str, Any], list[str]]] = [
        (other, ["Say in a few words why it continues."]),
        (
            {**other, words: "x" * 301},
            ["This is too long: at most 300 characters. Nothing was cut; shorten it."],
        ),
        ({**other, words: "Because", "title": ""}, ["Give the plan a name."]),
        (
            {**other, words: "Because", "ends_on": "2026-01-01"},
            ["This is before the plan begins. Choose a later day."],
        ),
        ({f"action_{action.number}": "because"}, ["Not a valid choice."]),
    ]
    for fields, messages in cases:
        page = start(coordinator, plan, **fields)
        assert (page.status, page.errors) == (422, messages)
    nothing = start(coordinator, plan, **{f"action_{action.number}": ""})
    assert nothing.status == 422
    assert nothing.has("Choose at least one thing to carry over, or start an empty plan instead.")
    assert start(coordinator, plan, **{**other, words: "Because", "title": ""}).value(words) == "Because"
    page = start(coordinator, plan, **{**other, words: "Call 555-201-3344"})
    assert page.status == 422
    assert page.has("This looks like it contains a phone number.")
    assert db.session.scalar(sa.select(sa.func.count(Plan.id))) == 1


def test_what_was_added_since_the_page_was_opened_stays_behind(coordinator: EngageClient) -> None:
    plan = the_plan()
    shown, _since = make_action(plan), make_action(plan)
    start(coordinator, plan, **{f"action_{shown.number}": "continues"})
    assert [each.title for each in actions_of(the_draft())] == [shown.title]


def test_beside_a_draft_no_other_is_started(coordinator: EngageClient) -> None:
    plan = the_plan()
    action = make_action(plan)
    make_plan(title="Plan 2027", status=PlanStatus.DRAFT)
    chosen = {f"action_{action.number}": "not_finished"}
    for page in (coordinator.send(f"{PLAN}{plan.id}/next", **NEW, **chosen),):
        assert page.status == 409
        assert page.has("There is already a draft: Plan 2027. Adopt it or close it before you start another.")
    assert coordinator.get(f"{PLAN}{plan.id}/next").status_code == 409
    assert len(actions_of(plan)) == 1


def test_a_draft_itself_starts_no_next_plan(coordinator: EngageClient) -> None:
    draft = make_plan(status=PlanStatus.DRAFT)
    assert coordinator.get(f"{PLAN}{draft.id}/next").status_code == 409


def test_nothing_is_written_where_something_fails(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engage.plan.copying.next_plan import service as carry

    plan = the_plan()
    action = make_action(plan, goal := make_goal(plan))

    def fail(*_args: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(carry._Carrying, "_carry_agreements", fail)
    with pytest.raises(RuntimeError):
        start(
            coordinator, plan, **{f"goal_{goal.id}": "continues", f"action_{action.number}": "not_finished"}
        )
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Plan.id))) == 1
    assert db.session.scalar(sa.select(sa.func.count(Goal.id))) == 1


def test_statements_do_not_grow_with_what_goes_on(coordinator: EngageClient) -> None:
    counts = []
    coordinator.page(PLAN)
    plan = the_plan()
    for more in (2, 120):
        goals = [make_goal(plan) for _n in range(2)]
        objectives = [make_objective(goal) for goal in goals for _n in range(2)]
        for objective in objectives:
            make_reading(make_measure(objective), 5, date(2026, 5, 1))
        for n in range(more):
            action = make_action(plan, objective=objectives[n % 4])
            saved(
                ActionHelper(
                    coalition_id=plan.coalition_id,
                    action_id=action.id,
                    membership_id=coordinator.membership.id,
                )
            )
        chosen = {
            **{f"goal_{each.id}": "continues" for each in goals},
            **{f"objective_{each.id}": "continues" for each in objectives},
            **{f"action_{each.number}": "not_finished" for each in actions_of(plan)},
        }
        with databases.counted_queries() as statements:
            assert start(coordinator, plan, **chosen).status == 303
        counts.append(len(statements))
        coordinator.send(f"{PLAN}{the_draft().id}/close")
    assert counts[0] == counts[1]


# -- seen from both sides


def carried_pair(coordinator: EngageClient) -> tuple[Plan, Action, Plan, Action]:
    plan = the_plan()
    action = make_action(
        plan,
        make_goal(plan, title="Beds"),
        title="Find a house",
        owner_id=coordinator.membership.id,
        due_on=clock.today("America/Chicago"),
    )
    start(
        coordinator,
        plan,
        starts_on="",
        ends_on="",
        **{
            f"goal_{action.goal_id}": "other",
            f"goal_{action.goal_id}_words": "Still the largest gap.",
            f"action_{action.number}": "not_finished",
        },
    )
    draft = the_draft()
    return plan, db.session.get_one(Action, action.id), draft, actions_of(draft)[0]


def test_both_pages_say_what_came_of_what_and_why(coordinator: EngageClient, viewer: EngageClient) -> None:
    plan, old, draft, new = carried_pair(coordinator)
    said = "because: not finished yet"
    assert coordinator.page(f"{PLAN}actions/{new.number}").has(
        f"Carried over from Plan of action 2026, action {old.number}, {said}"
    )
    assert coordinator.page(f"{PLAN}actions/{old.number}").has(
        f"Carried over to Plan 2027, action {new.number}, {said}"
    )
    goal = db.session.scalars(sa.select(Goal).where(Goal.plan_id == draft.id)).one()
    page = coordinator.page(f"{PLAN}goals/{goal.id}")
    assert page.texts("#plan-carried-links li") == [
        "Carried over from: Plan of action 2026, “Beds” (Still the largest gap.)"
    ]
    # A viewer reads no free text of members.
    assert viewer.page(f"{PLAN}goals/{old.goal_id}").texts("#plan-carried-links li") == [
        "Carried over to: Plan 2027, “Beds” (another reason)"
    ]
    assert not viewer.page(f"{PLAN}{draft.id}/carried").has("Still the largest gap.")
    assert coordinator.page(f"{PLAN}?plan={draft.id}").has("Started from Plan of action 2026")
    assert coordinator.page(f"{PLAN}?plan={plan.id}").has("Plan 2027 was started from this plan")


def test_what_waits_is_not_doubled_while_both_plans_are_open(coordinator: EngageClient) -> None:
    _plan, old, draft, new = carried_pair(coordinator)
    today = clock.today("America/Chicago")

    def waiting() -> list[int]:
        return [each.number for each in waiting_queries.waiting_for(coordinator.membership, today).shown]

    assert waiting() == [old.number]
    coordinator.send(f"{PLAN}actions/{old.number}/move", version=old.version, status="done")
    assert waiting() == [new.number]
    page = coordinator.page(f"{PLAN}{draft.id}/carried")
    assert page.has("status there now: Done")


def test_measures_are_asked_for_in_the_old_plan_alone(coordinator: EngageClient) -> None:
    plan = the_plan()
    objective = make_objective(make_goal(plan))
    long_ago = clock.today("America/Chicago") - timedelta(days=200)
    measure = make_measure(objective, baseline_on=long_ago, target_on=None, target_value=None)
    start(
        coordinator,
        plan,
        **{f"goal_{objective.goal_id}": "continues", f"objective_{objective.id}": "continues"},
    )
    due = measures_queries.due_for(coordinator.membership, clock.today("America/Chicago"))
    assert [each.id for each in due] == [measure.id]


def test_adopting_it_offers_only_what_could_not_be_chosen_before(coordinator: EngageClient) -> None:
    plan = the_plan()
    first, behind = make_action(plan), make_action(plan)
    start(coordinator, plan, **{f"action_{first.number}": "not_finished"})
    later = make_action(plan, number=900, created_at=clock.now() + timedelta(minutes=1))
    form = coordinator.page(f"{PLAN}{the_draft().id}/adopt")
    offered = {node.attributes["value"]: "checked" in node.attributes for node in form.all("[name=carried]")}
    assert offered == {str(behind.number): False, str(later.number): True}


@pytest.mark.parametrize("whole", [True, False])
def test_what_moves_at_the_adoption_stays_under_the_goal_that_continues_its_own(
    coordinator: EngageClient, whole: bool
) -> None:
    plan = the_plan()
    objective = make_objective(make_goal(plan, title="Beds"))
    kept = make_action(plan, objective=objective)
    alone = make_action(plan, make_goal(plan, title="Left behind"))
    parts = {f"goal_{objective.goal_id}": "continues"}
    start(coordinator, plan, **parts, **({f"objective_{objective.id}": "continues"} if whole else {}))
    draft = the_draft()
    goal = db.session.scalars(sa.select(Goal).where(Goal.plan_id == draft.id)).one()
    here = db.session.scalars(sa.select(Objective).where(Objective.goal_id == goal.id)).one_or_none()

    numbers = [kept.number, alone.number]
    coordinator.send(f"{PLAN}{draft.id}/adopt", adopted_on="2026-11-03", carried=numbers)

    db.session.expire_all()
    first, second = actions_of(draft)
    assert (first.number, first.goal_id) == (kept.number, goal.id)
    assert first.objective_id == (here.id if here is not None else None)
    assert (here is not None) is whole
    assert (second.number, second.goal_id, second.objective_id) == (alone.number, None, None)


# -- who may


def test_coordinators_start_it_and_everybody_reads_what_went_on(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    plan, _old, draft, _new = carried_pair(coordinator)
    for client in (member, viewer):
        assert client.get(f"{PLAN}{plan.id}/next").status_code == 403
        client.page(f"{PLAN}{draft.id}/carried")
    assert coordinator.get(f"{PLAN}{plan.id}/carried").status_code == 404


def test_another_coalitions_plan_does_not_exist(client_of: Callable[[Membership], EngageClient]) -> None:
    plan = the_plan()
    action = make_action(plan)
    person = make_membership(coalition=make_coalition(slug="elsewhere"), role="coordinator")
    client = client_of(person)
    for path in ("next", "carried"):
        assert client.get(f"/c/elsewhere/plan/{plan.id}/{path}").status_code == 404
    page = client.send(f"/c/elsewhere/plan/{plan.id}/next", **NEW, **{f"action_{action.number}": "continues"})
    assert page.status == 404


def test_a_deleted_source_leaves_what_went_on(coordinator: EngageClient) -> None:
    _plan, old, _draft, new = carried_pair(coordinator)
    coordinator.send(f"{PLAN}actions/{old.number}/delete")
    assert db.session.scalar(sa.select(sa.func.count(ActionCarryover.id))) == 0
    assert db.session.scalar(sa.select(sa.func.count(GoalCarryover.id))) == 1
    assert not coordinator.page(f"{PLAN}actions/{new.number}").has("Carried over from")
