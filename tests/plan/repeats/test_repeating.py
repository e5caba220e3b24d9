"""Repeating in the browser: set on an action's form, shown, changed from here on, stopped."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.coalitions.models import Membership
from engage.config import ROOT
from engage.extensions import db
from engage.plan.models import Action, Plan
from engage.plan.repeats import service as repeats_service
from engage.plan.repeats.models import Repeat
from engage.plan.repeats.rules import RepeatUnit, Rule, Series
from engage.plan.rules import ActionStatus, PlanStatus
from tests import databases
from tests.client import EngageClient
from tests.factories import make_action, make_coalition, make_membership, make_plan, signed_in_client
from tests.html import Page

ACTIONS = "/c/riverbend/plan/actions/"
DONE = ActionStatus.DONE
# A Tuesday, the second of its month.
OCT_13 = date(2026, 10, 13)


@pytest.fixture(autouse=True)
def _in_october(app: object) -> Iterator[None]:
    with time_machine.travel(datetime(2026, 10, 5, 15, tzinfo=UTC), tick=False):
        yield


def all_actions() -> list[Action]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Action).order_by(Action.number)))


def only_repeat() -> Repeat:
    db.session.expire_all()
    return db.session.scalars(sa.select(Repeat)).one()


def add(client: EngageClient, **fields: Any) -> Page:
    return client.send(f"{ACTIONS}new", **{"title": "Send the numbers", "due_on": "2026-10-13", **fields})


def edit(client: EngageClient, action: Action, **fields: Any) -> Page:
    """Posts the form as it stands, with other values in some fields."""
    page = client.page(f"{ACTIONS}{action.number}/edit")
    names = ("version", "title", "due_on", "start_on", "place", "owner_id", "organization_id", "repeats")
    names += ("every", "on", "weekday", "ends", "times", "until")
    kept = {name: page.value(name) for name in names if page.all(f"[name='{name}']")}
    return client.send(f"{ACTIONS}{action.number}/edit", **{**kept, **fields})


def make_series(client: EngageClient, plan: Plan, **more: Any) -> Action:
    """Makes a series on the second Tuesday of each month."""
    rule = Rule(RepeatUnit.MONTH_WEEKDAY, nth=2, weekday=1)
    action = make_action(plan, due_on=OCT_13, **{"title": "Send the numbers", **more})
    repeats_service.begin(client.membership, action, Series(rule, OCT_13))
    db.session.commit()
    return action


def mark(client: EngageClient, action: Action, status: ActionStatus = DONE, **fields: Any) -> Page:
    return client.send(
        f"{ACTIONS}{action.number}/move", version=action.version, status=status.value, **fields
    )


# -- setting it


@pytest.mark.parametrize(
    ("fields", "says", "comes"),
    [
        ({"repeats": "week-1"}, "Every week on Tuesday.", "2026-10-20"),
        ({"repeats": "week", "every": "3"}, "Every 3 weeks on Tuesday.", "2026-11-03"),
        ({"repeats": "month-1"}, "Every month on day 13.", "2026-11-13"),
        ({"repeats": "month-1", "on": "last_day"}, "Every month on the last day.", "2026-11-30"),
        ({"repeats": "month-1", "on": "2"}, "Every month on the second Tuesday.", "2026-11-10"),
        (
            {"repeats": "month-3", "on": "-1", "weekday": "4"},
            "Every 3 months on the last Friday.",
            "2027-01-29",
        ),
        ({"repeats": "month-12"}, "Every year on October 13.", "2027-10-13"),
        (
            {"repeats": "month-12", "on": "2"},
            "Every year on the second Tuesday of October.",
            "2027-10-12",
        ),
        (
            {"repeats": "month-1", "due_on": "2027-01-30"},
            "Every month on day 30 (or the last day of the month).",
            "2027-02-28",
        ),
        (
            {"repeats": "month-12", "due_on": "2028-02-29"},
            "Every year on February 29 (or the last day of the month).",
            "2029-02-28",
        ),
        (
            {"repeats": "week-1", "ends": "times", "times": "4"},
            "Every week on Tuesday, 4 times starting October 13, 2026.",
            "2026-10-20",
        ),
        (
            {"repeats": "week-1", "ends": "until", "until": "2026-12-31"},
            "Every week on Tuesday, until December 31, 2026.",
            "2026-10-20",
        ),
    ],
)
def test_a_rule_is_set_in_plain_words(
    member: EngageClient, fields: dict[str, str], says: str, comes: str
) -> None:
    make_plan()
    page = add(member, **fields)
    (made,) = all_actions()
    assert page.location == f"{ACTIONS}{made.number}"
    page = member.page(f"{ACTIONS}{made.number}")
    assert page.text("#plan-series strong") == says
    repeat = only_repeat()
    assert (repeat.anchor_on, str(repeat.next_on)) == (made.due_on, comes)
    assert made.repeat_on == made.due_on


def test_it_stands_in_the_list_and_on_the_board_also_for_viewers(
    member: EngageClient, viewer: EngageClient
) -> None:
    plan = make_plan()
    action = make_series(member, plan)
    for client in (member, viewer):
        page = client.page("/c/riverbend/plan/")
        assert "every month" in page.text(f"#plan-row-{action.number}")
        assert "every month" in client.page("/c/riverbend/plan/?view=board").text(
            f"#plan-card-{action.number}"
        )
    page = viewer.page(f"{ACTIONS}{action.number}")
    assert page.text("#plan-series strong") == "Every month on the second Tuesday."
    assert not page.all("#plan-series form, #plan-series .btn")


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        (
            {"repeats": "week-1", "due_on": ""},
            ["A repeating action needs a date: choose the due date for this one."],
        ),
        ({"repeats": "week"}, ["Say how many."]),
        ({"repeats": "week", "every": "53"}, ["Enter a whole number from 1 to 52."]),
        ({"repeats": "month", "every": "2.5"}, ["Enter a whole number from 1 to 60."]),
        ({"repeats": "month", "every": "0"}, ["Enter a whole number from 1 to 60."]),
        (
            {"repeats": "week-1", "ends": "times"},
            ["Say how many times, or choose another end."],
        ),
        ({"repeats": "week-1", "ends": "times", "times": "many"}, ["Enter a number, such as 12 or 12.5."]),
        ({"repeats": "week-1", "ends": "until"}, ["Choose the day it ends, or choose another end."]),
        (
            {"repeats": "week-1", "ends": "until", "until": "2026-10-12"},
            ["This is before the date of this one. Choose a later day."],
        ),
        (
            {"repeats": "week-1", "start_on": "2026-10-14"},
            ["This is before the start. Choose the same day or a later one."],
        ),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(
    member: EngageClient, fields: dict[str, str], errors: list[str]
) -> None:
    make_plan()
    page = add(member, details="Ask the shelter", **fields)
    assert (page.status, page.errors) == (422, errors)
    assert page.value("details") == "Ask the shelter"
    assert page.value("repeats") == fields["repeats"]
    assert "open" in page.one("#plan-repeats").attributes
    assert all_actions() == []


def test_what_another_choice_would_ask_is_not_in_the_way(member: EngageClient) -> None:
    make_plan()
    hidden = {"every": "many", "times": "-3", "until": "2020-13-45"}
    assert add(member, repeats="week-1", ends="never", **hidden).status == 303
    assert add(member, repeats="", ends="until", **hidden).status == 303
    assert only_repeat().until_on is None


# -- the next one


def test_done_says_which_one_follows_and_both_name_each_other(member: EngageClient) -> None:
    action = make_series(member, make_plan())
    page = mark(member, action)
    made = all_actions()[-1]
    assert (made.due_on, made.number) == (date(2026, 11, 10), action.number + 1)
    page = member.page(page.location or "")
    assert page.has(f"Saved. The next one is action {made.number}, due November 10, 2026.")
    page = member.page(f"{ACTIONS}{action.number}")
    assert page.one("#plan-series a.row-link").attributes["href"] == f"{ACTIONS}{made.number}"
    assert page.texts("#plan-series li") == [
        "Oct 13 Done this one",
        f"Action {made.number}, Nov 10 Not started",
    ]
    page = member.page(f"{ACTIONS}{made.number}")
    assert page.one("#plan-series a.row-link").attributes["href"] == f"{ACTIONS}{action.number}"
    assert "The next one is for December 8, 2026. It appears when this one is done" in page.text(
        "#plan-series"
    )


def test_the_row_and_the_board_say_it_too(member: EngageClient) -> None:
    plan = make_plan()
    first = make_series(member, plan)
    answer = member.send(
        f"{ACTIONS}{first.number}/change",
        htmx=True,
        version=1,
        status="no_longer_needed",
        reason="Not this month",
        due_on="2026-10-13",
    )
    second = all_actions()[-1]
    assert f"The next one is action {second.number}, due November 10, 2026." in answer.html
    answer = member.send(
        f"/c/riverbend/plan/board/move?plan={plan.id}",
        htmx=True,
        card=f"{second.number}:1",
        **{f"to-{second.number}": "done"},
    )
    third = all_actions()[-1]
    assert f"The next one is action {third.number}, due December 8, 2026." in answer.html
    assert third.due_on == date(2026, 12, 8)


def test_pressing_done_again_in_another_window_makes_no_second_one(member: EngageClient) -> None:
    action = make_series(member, make_plan())
    mark(member, action)
    stale = member.send(f"{ACTIONS}{action.number}/move", version=1, status="done")
    assert stale.status == 409
    assert len(all_actions()) == 2


def test_that_no_one_leads_the_next_one_is_said(member: EngageClient) -> None:
    ann = make_membership(name="Ann Lee", user=None)
    action = make_series(member, make_plan(), owner_id=ann.id)
    ann.left_on = date(2026, 10, 1)
    db.session.commit()
    mark(member, action)
    page = member.page(f"{ACTIONS}{all_actions()[-1].number}")
    assert "Owner No one yet: the previous owner has left" in page.text("#plan-facts")


def test_deleting_one_says_that_the_next_comes_all_the_same(coordinator: EngageClient) -> None:
    action = make_series(coordinator, make_plan())
    page = coordinator.page(f"{ACTIONS}{action.number}/delete")
    assert page.has("It repeats, so the next one will still appear.")
    coordinator.send(f"{ACTIONS}{action.number}/delete")
    (made,) = all_actions()
    assert made.due_on == date(2026, 11, 10)


def test_two_presses_at_once_make_one_next_action(app: Flask, member: EngageClient) -> None:
    action = make_series(member, make_plan())
    address, ready = f"{ACTIONS}{action.number}/move", Barrier(2)

    def press(_n: int) -> int:
        with app.app_context():
            client = signed_in_client(app, db.session.get_one(Membership, member_id))
            ready.wait()
            status = client.send(address, version=1, status="done").status
            db.session.remove()
            return status

    member_id = member.membership.id
    db.session.commit()
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [303, 409]
    assert [each.due_on for each in all_actions()] == [OCT_13, date(2026, 11, 10)]


# -- changing it from here on


def test_saving_it_as_it_is_changes_nothing(member: EngageClient) -> None:
    action = make_series(member, make_plan())
    mark(member, action)
    latest = all_actions()[-1]
    before = only_repeat().anchor_on
    assert edit(member, latest, title="Send the numbers to the state").status == 303
    assert only_repeat().anchor_on == before
    mark(member, all_actions()[-1])
    assert all_actions()[-1].title == "Send the numbers to the state"


def test_another_rule_holds_from_here_on(member: EngageClient) -> None:
    action = make_series(member, make_plan())
    assert edit(member, action, repeats="week-2", ends="times", times="2").status == 303
    repeat = only_repeat()
    assert (repeat.unit, repeat.every, repeat.times) == (RepeatUnit.WEEK, 2, 2)
    mark(member, all_actions()[0])
    second = all_actions()[-1]
    assert second.due_on == date(2026, 10, 27)
    page = member.page(f"{ACTIONS}{second.number}")
    assert "The last one was the end of the series." in page.text("#plan-series")
    assert member.page(f"{ACTIONS}{second.number}/edit").value("times") == "1"
    assert edit(member, second).status == 303
    assert mark(member, all_actions()[-1]).status == 303
    assert len(all_actions()) == 2


def test_a_new_date_moves_one_alone_or_all_from_here_on(member: EngageClient) -> None:
    action = make_series(member, make_plan())
    repeat_on = {"repeats": "month-1", "on": "date", "weekday": ""}
    assert edit(member, action, **repeat_on).status == 303
    assert edit(member, all_actions()[0], due_on="2026-10-20").status == 303
    assert only_repeat().next_on == date(2026, 11, 13)
    assert edit(member, all_actions()[0], due_on="2026-10-21", from_here="y").status == 303
    assert only_repeat().next_on == date(2026, 11, 21)
    assert all_actions()[0].repeat_on == date(2026, 10, 21)


def test_the_31st_survives_an_edit_in_february(member: EngageClient) -> None:
    make_plan()
    add(member, repeats="month-1", due_on="2027-01-31")
    mark(member, all_actions()[0])
    february = all_actions()[-1]
    assert february.due_on == date(2027, 2, 28)
    assert edit(member, february, repeats="month-2").status == 303
    assert only_repeat().next_on == date(2027, 4, 30)
    assert edit(member, all_actions()[-1], repeats="month-1").status == 303
    assert only_repeat().next_on == date(2027, 3, 31)


def test_counting_from_a_day_before_the_one_before_is_refused(member: EngageClient) -> None:
    action = make_series(member, make_plan())
    mark(member, action)
    page = edit(member, all_actions()[-1], due_on="2026-10-10", from_here="y", details="Mine")
    assert page.status == 422
    assert page.errors == ["The one before was for October 13, 2026. Choose a later day to count from."]
    assert page.value("details") == "Mine"
    assert all_actions()[-1].due_on == date(2026, 11, 10)


def test_an_earlier_one_shows_the_series_and_leads_to_the_latest(member: EngageClient) -> None:
    action = make_series(member, make_plan())
    mark(member, action)
    latest = all_actions()[-1]
    page = member.page(f"{ACTIONS}{action.number}/edit")
    assert not page.all("[name='repeats']")
    assert page.one("#plan-repeats a").attributes["href"] == f"{ACTIONS}{latest.number}/edit#plan-repeats"
    assert edit(member, action, title="Sent the numbers").status == 303
    assert only_repeat().stopped_on is None


def test_while_an_earlier_one_is_open_it_says_that_the_next_waits(member: EngageClient) -> None:
    action = make_series(member, make_plan())
    mark(member, action)
    latest = all_actions()[-1]
    db.session.execute(
        sa.update(Action).where(Action.id == action.id).values(status="under_way", done_on=None)
    )
    db.session.commit()
    said = (
        "The next one appears when this one is done or no longer needed, because an earlier one is still open"
    )
    assert said in member.page(f"{ACTIONS}{latest.number}").text("#plan-series")
    said = "The next one appears when the latest one is done or no longer needed."
    assert said in member.page(f"{ACTIONS}{action.number}").text("#plan-series")


def test_another_rule_typed_while_the_next_one_came_is_refused_and_the_rest_is_kept(
    member: EngageClient,
) -> None:
    action = make_series(member, make_plan())
    opened = {"version": str(action.version), "title": "Send it", "due_on": "2026-10-13", "weekday": "1"}
    repeats_service.make_next(member.membership, action, only_repeat(), OCT_13)
    db.session.commit()
    latest = all_actions()[-1]
    address = f"{ACTIONS}{action.number}/edit"

    page = member.send(address, **opened, repeats="week-2", on="2")

    assert page.status == 422
    assert page.text(".error-summary a") == (
        f"The series continues from action {latest.number}: change how it repeats there. Save this one again "
        "to keep your other changes."
    )
    assert page.one(".error-summary a").attributes["href"] == "#plan-repeats"
    assert page.one("#plan-repeats a").attributes["href"] == f"{ACTIONS}{latest.number}/edit#plan-repeats"
    assert page.value("title") == "Send it"
    assert not page.all("[name='repeats']")
    assert (only_repeat().unit, all_actions()[0].title) == (RepeatUnit.MONTH_WEEKDAY, "Send the numbers")
    stale = member.send(address, **{**opened, "version": "99"}, repeats="week-2", on="2")
    assert stale.status == 409
    assert stale.has("Every 2 weeks")
    assert member.send(address, **opened, repeats="month-1", on="2").status == 303
    assert all_actions()[0].title == "Send it"


# -- stopping it


def test_stop_repeating_and_take_it_up_again(member: EngageClient) -> None:
    action = make_series(member, make_plan())
    page = member.send(f"{ACTIONS}{action.number}/stop-repeating")
    assert page.location == f"{ACTIONS}{action.number}"
    page = member.page(f"{ACTIONS}{action.number}")
    assert page.has("It no longer repeats. Existing actions stay.")
    assert "It was stopped on October 5, 2026." in page.text("#plan-series")
    assert not page.all("#plan-series form")
    assert "every month" not in member.page("/c/riverbend/plan/").text(f"#plan-row-{action.number}")
    assert member.page(f"{ACTIONS}{action.number}/edit").value("repeats") == ""
    assert edit(member, all_actions()[0], repeats="week-1").status == 303
    assert (only_repeat().stopped_on, only_repeat().next_on) == (None, date(2026, 10, 20))


def test_choosing_once_stops_it(member: EngageClient) -> None:
    action = make_series(member, make_plan())
    assert edit(member, action, repeats="").status == 303
    assert only_repeat().stopped_on == date(2026, 10, 5)


def test_only_who_works_in_an_open_plan_stops_it(viewer: EngageClient, member: EngageClient) -> None:
    action = make_series(member, make_plan(status=PlanStatus.CLOSED, adopted_on=None))
    address = f"{ACTIONS}{action.number}/stop-repeating"
    assert viewer.send(address).status == 403
    assert member.send(address).status == 409
    page = member.page(f"{ACTIONS}{action.number}")
    assert "No next one, because its plan is closed." in page.text("#plan-series")
    assert only_repeat().stopped_on is None
    other = make_membership(coalition=make_coalition())
    theirs = make_action(make_plan(coalition=other.coalition))
    assert member.send(f"{ACTIONS}{theirs.number}/stop-repeating").status == 404


def test_what_is_done_once_has_nothing_to_stop(member: EngageClient) -> None:
    action = make_action(make_plan())
    assert member.send(f"{ACTIONS}{action.number}/stop-repeating").status == 303
    assert not member.page(f"{ACTIONS}{action.number}").all("#plan-series")


def test_a_page_of_a_long_series_takes_as_many_queries_as_of_a_short_one(member: EngageClient) -> None:
    plan = make_plan()
    first = make_series(member, plan)
    mark(member, first)
    address = f"{ACTIONS}{first.number}"
    with databases.counted_queries() as few:
        member.page(address)
    for month in range(1, 10):
        place = {"repeat_id": first.repeat_id, "repeat_on": date(2025, month, 1)}
        make_action(plan, number=900 + month, **place)
    with databases.counted_queries() as many:
        page = member.page(address)
    assert len(page.all("#plan-series li")) == 11
    assert len(many) == len(few)


# -- as a file


def test_the_plan_as_json_says_how_an_action_repeats(coordinator: EngageClient) -> None:
    plan = make_plan()
    make_series(coordinator, plan)
    stopped, _once = make_series(coordinator, plan), make_action(plan)
    repeats_service.stop(coordinator.membership, stopped, date(2026, 10, 5))
    db.session.commit()
    content = json.loads(coordinator.get(f"/c/riverbend/plan/{plan.id}/plan.json").get_data())
    first, second, third = (each["repeats"] for each in content["actions"])
    assert second is None and third is None
    assert {name: first[name] for name in ("unit", "every", "nth", "weekday", "counted_from")} == {
        "unit": "month_weekday",
        "every": 1,
        "nth": 2,
        "weekday": 1,
        "counted_from": "2026-10-13",
    }
    words = (ROOT / "docs" / "plan-files.md").read_text()
    assert [name for name in first if f"`{name}`" not in words] == []
