"""Tests what was done between two days."""

from collections import Counter
from datetime import date

from engage.plan.actions.queries.done import DoneAction, done_between, done_by_area
from engage.plan.rules import ActionStatus
from engage.strengths.service import create_need
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_closed_round,
    make_coalition,
    make_goal,
    make_membership,
    make_plan,
)

START, END = date(2026, 1, 31), date(2026, 12, 31)


def test_an_action_answers_its_indicator_its_need_or_its_goals_area(client: EngageClient) -> None:
    person = make_membership()
    plan, round_ = make_plan(), make_closed_round([])
    goal = make_goal(plan, area="response")
    asked = create_need(person, title="Beds", round_=round_, indicator="beds", area="response")
    stated = create_need(person, title="Vans", area="prevention", stated_gap=2)
    done = {"status": ActionStatus.DONE, "done_on": date(2026, 3, 1)}
    made = [
        make_action(plan, goal, round_id=round_.id, indicator="vans", **done),
        make_action(plan, need_id=asked.id, **done),
        make_action(plan, goal, need_id=stated.id, **done),
        make_action(plan, goal, **done),
        make_action(plan, **done),
    ]
    found = done_between(person, START, END)
    assert done_by_area(person, START, END) == Counter(each.area for each in found)
    assert [each.number for each in found] == [each.number for each in made]
    assert [(each.indicator, each.area) for each in found] == [
        ("vans", "response"),
        ("beds", "response"),
        ("", "prevention"),
        ("", "response"),
        ("", ""),
    ]


def test_only_what_was_done_after_the_first_day_and_until_the_last_here(client: EngageClient) -> None:
    person, plan = make_membership(), make_plan()
    theirs = make_plan(coalition=make_coalition())
    for each in (plan, theirs):
        for day in (START, date(2026, 2, 1), END, date(2027, 1, 1)):
            make_action(each, title=f"{day}", status=ActionStatus.DONE, done_on=day)
    make_action(plan, status=ActionStatus.NO_LONGER_NEEDED, reason="Nobody asked.")
    found = done_between(person, START, END)
    assert done_by_area(person, START, END) == Counter(each.area for each in found)
    assert [each.title for each in found] == ["2026-02-01", "2026-12-31"]
    assert isinstance(found[0], DoneAction)
