"""Goals and objectives over HTTP."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.extensions import db
from engage.plan import queries as plan_queries
from engage.plan.measures.models import Measure
from engage.plan.models import Action, Goal, Objective
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_plan,
)
from tests.strengths.rows import make_need

PLAN = "/c/riverbend/plan/"


def fresh(row: Any) -> Any:
    (key,) = sa.inspect(row).identity
    db.session.expire_all()
    return db.session.get(type(row), key)


# -- goals


def test_a_goal_is_added_at_the_end(coordinator: EngageClient) -> None:
    plan = make_plan()
    make_goal(plan, title="First")
    address = f"{PLAN}{plan.id}/goals/new"
    assert coordinator.page(address).text("h1") == "Add a goal"

    page = coordinator.send(address, title="Second", why="9 of 14 said so", area="prevention")

    goal = db.session.scalars(sa.select(Goal).where(Goal.title == "Second")).one()
    assert page.location == f"{PLAN}?plan={plan.id}#plan-goal-{goal.id}"
    assert (goal.why, goal.area) == ("9 of 14 said so", "prevention")
    titles = coordinator.page(PLAN).texts(".plan-goal h2")
    assert titles == ["Goal 1. First", "Goal 2. Second"]


@pytest.mark.parametrize(
    "field",
    [{"title": ""}, {"area": "nowhere"}, {"why": "x" * 300_000}, {"title": "a\x00b"}, {"title": "x" * 301}],
)
def test_a_refused_goal_keeps_what_was_typed(coordinator: EngageClient, field: dict[str, str]) -> None:
    plan = make_plan()

    page = coordinator.send(f"{PLAN}{plan.id}/goals/new", **{"title": "New", "why": "So", **field})

    assert page.status == 422
    assert page.value("why") == field.get("why", "So")
    assert db.session.scalar(sa.select(Goal.id)) is None


def test_the_second_of_two_who_edit_a_goal_sees_both(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan(), title="Old")
    address = f"{PLAN}goals/{goal.id}/edit"
    assert coordinator.page(address).value("title") == "Old"
    coordinator.send(address, version=1, title="First")

    page = coordinator.send(address, version=1, title="Second", area="prevention")

    assert page.status == 409
    assert page.texts(".conflict-text") == ["First", "Second", "Several, or none", "Prevention"]
    assert fresh(goal).title == "First"
    coordinator.send(address, version=page.value("version"), title="Second")
    assert fresh(goal).title == "Second"


def test_the_word_after_a_count_of_actions_agrees_with_them_in_spanish(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    make_action(plan, goal)
    page = member.page(f"{PLAN}goals/{goal.id}", headers={"Accept-Language": "es-MX"})
    assert page.text("#plan-thing-progress .count-words") == "0 de 1 hechas"


def test_goals_move_up_and_down(coordinator: EngageClient) -> None:
    plan = make_plan()
    a, b, c = (make_goal(plan, title=title) for title in "ABC")

    def order() -> list[str]:
        return [title[-1] for title in coordinator.page(PLAN).texts(".plan-goal h2")]

    page = coordinator.send(f"{PLAN}goals/{c.id}/shift", to="up")
    assert page.location == f"{PLAN}?plan={plan.id}#plan-goal-{c.id}"
    assert order() == ["A", "C", "B"]
    coordinator.send(f"{PLAN}goals/{a.id}/shift", to="down")
    assert order() == ["C", "A", "B"]
    coordinator.send(f"{PLAN}goals/{b.id}/shift", to="down")
    assert order() == ["C", "A", "B"]


def test_a_goal_that_moves_is_in_the_way_of_no_one_who_edits_inside_it(
    coordinator: EngageClient, member: EngageClient
) -> None:
    plan = make_plan()
    first, second = make_goal(plan, title="A"), make_goal(plan, title="B")
    objective = make_objective(first, title="Six places")
    number = make_action(plan, objective=objective, title="Ask").number
    action, target = f"{PLAN}actions/{number}/edit", f"{PLAN}objectives/{objective.id}/edit"
    opened = {at: client.page(at) for at, client in ((action, member), (target, coordinator))}

    coordinator.send(f"{PLAN}goals/{first.id}/shift", to="down")

    fields = {"place": opened[action].value("place"), "details": "Typed meanwhile"}
    assert member.send(action, version=opened[action].value("version"), title="Ask", **fields).status == 303
    version = opened[target].value("version")
    assert coordinator.send(target, version=version, title="Six places", measure="Counted").status == 303
    saved = db.session.scalars(sa.select(Action)).one()
    assert (saved.details, saved.goal_id, saved.objective_id) == ("Typed meanwhile", first.id, objective.id)
    assert (fresh(objective).measure, fresh(first).position > fresh(second).position) == ("Counted", True)


def test_a_goal_is_deleted_with_everything_in_it_and_says_so_first(coordinator: EngageClient) -> None:
    plan = make_plan()
    empty, full = make_goal(plan), make_goal(plan)
    make_action(plan, full, make_objective(full))
    make_action(plan, full)

    assert coordinator.page(f"{PLAN}goals/{empty.id}/delete").all("main form strong") == []
    asked = coordinator.page(f"{PLAN}goals/{full.id}/delete")
    assert asked.text("main form strong") == "This also deletes: 1 objective, 2 actions."
    for goal in (empty, full):
        assert coordinator.send(f"{PLAN}goals/{goal.id}/delete").status == 303
        assert fresh(goal) is None
    assert db.session.scalars(sa.select(Action)).all() == []


# -- objectives


def test_an_objective_is_added_to_its_goal(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    address = f"{PLAN}goals/{goal.id}/objectives/new"
    assert coordinator.page(address).text("h1") == "Add an objective"

    page = coordinator.send(address, title="Beds for boys", measure="0 to 6", due_on="2027-09-01")

    objective = db.session.scalars(sa.select(Objective)).one()
    assert page.location == f"{PLAN}?plan={goal.plan_id}#plan-objective-{objective.id}"
    assert (objective.goal_id, objective.measure, objective.due_on) == (goal.id, "0 to 6", date(2027, 9, 1))
    assert coordinator.page(PLAN).text(".objective") == "Objective 1.1 Beds for boys"


def test_an_objective_with_two_numbers_has_its_measure_at_once(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    address = f"{PLAN}goals/{goal.id}/objectives/new"
    coordinator.send(address, title="Beds", measure="Places for boys, from 0 to 12", due_on="2094-09-01")
    measure = db.session.scalars(sa.select(Measure)).one()
    assert (measure.title, measure.baseline_value, measure.target_value) == ("Places for boys", 0, 12)
    assert (measure.baseline_on, measure.target_on) == (clock.today("America/Chicago"), date(2094, 9, 1))
    assert coordinator.page(PLAN).has("with a measure that starts today")


def test_an_objective_in_words_alone_says_that_it_does_not_count(coordinator: EngageClient) -> None:
    objective = make_objective(make_goal(make_plan()), measure="More places for boys")
    page = coordinator.page(f"{PLAN}objectives/{objective.id}")
    assert page.text("#plan-only-words").startswith("“More places for boys” is only in words so far")
    objective.measure = "Places for boys, 2 to 6"
    db.session.commit()
    form = coordinator.page(f"{PLAN}objectives/{objective.id}/measures/new")
    assert [form.value(name) for name in ("title", "baseline_value", "target_value")] == [
        "Places for boys",
        "2",
        "6",
    ]


def test_a_refused_objective_keeps_what_was_typed(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())

    page = coordinator.send(f"{PLAN}goals/{goal.id}/objectives/new", title="", measure="0 to 6", due_on="x")

    assert page.status == 422
    assert page.errors[0] == "Say what you will achieve within a year."
    assert page.value("measure") == "0 to 6"


def test_the_second_of_two_who_edit_an_objective_sees_both(coordinator: EngageClient) -> None:
    objective = make_objective(make_goal(make_plan()), title="Same")
    address = f"{PLAN}objectives/{objective.id}/edit"
    assert coordinator.page(address).value("title") == "Same"
    coordinator.send(address, version=1, title="Same", due_on="2027-09-01")

    page = coordinator.send(address, version=1, title="Same", measure="0 to 6")

    assert page.status == 409
    assert page.texts(".conflict-text") == ["(empty)", "0 to 6", "September 1, 2027", "(empty)"]
    assert coordinator.send(address, version=page.value("version"), title="Same").status == 303


def test_what_only_one_of_two_changed_needs_no_choice(coordinator: EngageClient) -> None:
    """The form knows what it was opened with: it takes over what only the other changed, and keeps one's own."""
    objective = make_objective(make_goal(make_plan()), title="Same", measure="")
    address = f"{PLAN}objectives/{objective.id}/edit"
    opened = {"version": 1, "version-opened": coordinator.page(address).value("version-opened")}
    coordinator.send(address, **opened, title="Theirs", due_on="2027-09-01")

    page = coordinator.send(address, **opened, title="Mine", measure="0 to 6")

    assert page.status == 409
    assert page.texts(".two-texts section h2") == ["Two versions of: Objective"]
    assert page.texts(".conflict-text") == ["Theirs", "Mine"]
    assert page.has("Also changed, and already in the boxes below: By when.")
    assert [page.value(each) for each in ("title", "measure", "due_on")] == ["Mine", "0 to 6", "2027-09-01"]

    # A third save meets the form as it is compared now.
    again = {each: page.value(each) for each in ("version", "version-opened", "title", "measure", "due_on")}
    coordinator.send(address, **again | {"due_on": "2027-10-01"})
    page = coordinator.send(address, **again)
    assert page.texts(".conflict-text") == []
    assert page.value("due_on") == "2027-10-01"


def test_objectives_move_within_their_goal(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    make_objective(goal, title="A")
    second = make_objective(goal, title="B")

    coordinator.send(f"{PLAN}objectives/{second.id}/shift", to="up")

    assert coordinator.page(PLAN).texts(".objective") == ["Objective 1.1 B", "Objective 1.2 A"]


def test_an_objective_is_deleted_with_everything_in_it_and_says_so_first(coordinator: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan)
    full = make_objective(goal)
    make_action(plan, None, full)
    make_measure(full)
    beside = make_action(plan, goal)

    asked = coordinator.page(f"{PLAN}objectives/{full.id}/delete")
    assert asked.text("main form strong") == "This also deletes: 1 measure, 1 action."
    assert coordinator.send(f"{PLAN}objectives/{full.id}/delete").status == 303
    assert fresh(full) is None
    assert db.session.scalars(sa.select(Action.id)).all() == [beside.id]


# -- who may


ADDRESSES: list[Callable[[Objective, int], str]] = [
    lambda objective, plan: f"{plan}/goals/new",
    lambda objective, plan: f"goals/{objective.goal_id}/edit",
    lambda objective, plan: f"goals/{objective.goal_id}/shift",
    lambda objective, plan: f"goals/{objective.goal_id}/delete",
    lambda objective, plan: f"goals/{objective.goal_id}/objectives/new",
    lambda objective, plan: f"objectives/{objective.id}/edit",
    lambda objective, plan: f"objectives/{objective.id}/shift",
    lambda objective, plan: f"objectives/{objective.id}/delete",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_members_do_not_change_goals_and_objectives(
    member: EngageClient, address: Callable[[Objective, int], str]
) -> None:
    plan = make_plan()
    objective = make_objective(make_goal(plan))

    assert member.send(PLAN + address(objective, plan.id), version=1, title="New").status == 403
    assert not member.page(PLAN).has("Change goal")


@pytest.mark.parametrize("address", ADDRESSES)
def test_another_coalitions_goals_and_objectives_do_not_exist(
    coordinator: EngageClient, address: Callable[[Objective, int], str]
) -> None:
    plan = make_plan(coalition=make_coalition())
    objective = make_objective(make_goal(plan))

    assert coordinator.send(PLAN + address(objective, plan.id), version=1, title="New").status == 404


# -- the needs they answer


def ticked(page: Any, name: str) -> list[str]:
    return [str(each.attributes["value"]) for each in page.all(f"input[name={name}][checked]")]


def test_a_goal_says_which_needs_it_answers(coordinator: EngageClient) -> None:
    plan = make_plan()
    beds, buses = (make_need(coordinator.membership, title) for title in ("Beds", "Buses"))
    address = f"{PLAN}{plan.id}/goals/new"
    assert [each.attributes["value"] for each in coordinator.page(address).all("input[name=needs]")] == [
        str(beds.id),
        str(buses.id),
    ]

    coordinator.send(address, title="A bed tonight", needs=[beds.id])

    goal = db.session.scalars(sa.select(Goal)).one()
    assert plan_queries.needs_of_goal(goal) == [beds.id]
    edit = f"{PLAN}goals/{goal.id}/edit"
    assert ticked(coordinator.page(edit), "needs") == [str(beds.id)]
    coordinator.send(edit, version=1, title="A bed tonight", needs=[buses.id])
    assert plan_queries.needs_of_goal(fresh(goal)) == [buses.id]


def test_a_need_of_another_coalition_or_a_closed_one_cannot_be_linked(coordinator: EngageClient) -> None:
    plan = make_plan()
    make_need(coordinator.membership)
    theirs = make_need(make_membership(coalition=make_coalition()))
    closed = make_need(coordinator.membership, "Old")
    closed.closed_on = date(2026, 1, 1)

    for need in (theirs, closed):
        page = coordinator.send(f"{PLAN}{plan.id}/goals/new", title="A bed tonight", needs=[need.id])
        assert page.status == 422
        assert page.value("title") == "A bed tonight"
    assert db.session.scalar(sa.select(Goal.id)) is None


def test_a_linked_need_that_closed_stays_linked_until_it_is_unticked(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    need = make_need(coordinator.membership)
    edit = f"{PLAN}goals/{goal.id}/edit"
    coordinator.send(edit, version=1, title="A bed tonight", needs=[need.id])
    need.closed_on = date(2026, 1, 1)
    db.session.commit()

    assert ticked(coordinator.page(edit), "needs") == [str(need.id)]
    coordinator.send(edit, version=2, title="A bed tonight")
    assert plan_queries.needs_of_goal(fresh(goal)) == []


def test_two_who_tie_needs_to_one_goal_see_both(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan(), title="A bed tonight")
    beds, buses = (make_need(coordinator.membership, title) for title in ("Beds", "Buses"))
    edit = f"{PLAN}goals/{goal.id}/edit"
    coordinator.send(edit, version=1, title="A bed tonight", needs=[beds.id])

    page = coordinator.send(edit, version=1, title="A bed tonight", needs=[buses.id])

    assert page.status == 409
    assert page.texts(".conflict-text") == ["1. Beds", "2. Buses"]
    assert plan_queries.needs_of_goal(fresh(goal)) == [beds.id]


def test_where_there_is_no_need_the_goal_does_not_ask(coordinator: EngageClient) -> None:
    assert not coordinator.page(f"{PLAN}{make_plan().id}/goals/new").all("[name=needs]")
