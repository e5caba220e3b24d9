"""A due date before the start: refused in words on its field wherever an action's dates are set, nothing lost.

Several at once: `test_several`; beside what waits on home: `tests/home/test_quick`; the rule itself: `test_rules`.
"""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage import clock
from engage.errors import FieldRefused
from engage.extensions import db
from engage.plan.actions import service as actions_service
from engage.plan.models import Action
from engage.plan.repeats import service as repeats_service
from engage.plan.repeats.rules import RepeatUnit, Rule, Series
from engage.plan.rules import ActionStatus
from tests.client import EngageClient
from tests.factories import make_action, make_plan
from tests.html import Page
from tests.partners import steps
from tests.plan.inactive_actions.test_inactive_actions import begin
from tests.plan.inactive_actions.test_inactive_actions import change as change_quiet

ACTIONS = "/c/riverbend/plan/actions/"
IMPORT = "/c/riverbend/plan/import/"
START, EARLY = date(2027, 3, 1), date(2027, 2, 1)
WORDS = "This is before the start. Choose the same day or a later one."


def make_one(**more: Any) -> Action:
    return make_action(make_plan(), **{"title": "Open the house", "start_on": START, **more})


def dates(action: Action) -> tuple[date | None, date | None]:
    now = db.session.get_one(Action, action.id, populate_existing=True)
    return now.start_on, now.due_on


def by_form(client: EngageClient, action: Action) -> Page:
    fields = {"version": 1, "title": "Open the assessment", "start_on": START, "due_on": EARLY, "owner_id": 0}
    return client.send(f"{ACTIONS}{action.number}/edit", details="Typed", **fields)


def by_row(client: EngageClient, action: Action) -> Page:
    fields = {"version": 1, "status": "stuck", "reason": "Typed", "owner_id": 0, "due_on": EARLY}
    return client.send(f"{ACTIONS}{action.number}/change", **fields)


def by_row_with_htmx(client: EngageClient, action: Action) -> Page:
    fields = {"version": 1, "status": "stuck", "reason": "Typed", "owner_id": 0, "due_on": EARLY}
    return client.send(f"{ACTIONS}{action.number}/change", htmx=True, **fields)


def by_going_through(client: EngageClient, action: Action) -> Page:
    action.moved_at = clock.now() - timedelta(days=90)
    db.session.commit()
    page = client.page(begin(client))
    return change_quiet(client, page, action, status="stuck", reason="Typed", due_on=EARLY)


@pytest.mark.parametrize("way", [by_form, by_row, by_row_with_htmx, by_going_through])
def test_the_field_says_so_and_what_was_typed_stays(
    member: EngageClient, way: Callable[[EngageClient, Action], Page]
) -> None:
    action = make_one()
    page = way(member, action)
    assert (page.status, page.errors) == (422, [WORDS])
    assert page.value("due_on") == "2027-02-01"
    assert "Typed" in page.html
    assert dates(action) == (START, None)


def test_a_new_action_is_not_added(member: EngageClient) -> None:
    make_plan()
    page = member.send(f"{ACTIONS}new", title="Open the house", start_on=START, due_on=EARLY)
    assert (page.status, page.errors) == (422, [WORDS])
    assert page.value("title") == "Open the house"
    assert db.session.scalar(sa.select(sa.func.count(Action.id))) == 0


@pytest.mark.parametrize("column", ["start", "due"])
def test_a_file_that_says_one_of_the_dates_is_held_against_the_other(
    coordinator: EngageClient, column: str
) -> None:
    action = make_one(due_on=START + timedelta(days=9))
    day = "2027-04-01" if column == "start" else "2027-02-01"
    text = f"ref,action,{column}\n{action.number},Open the house,{day}\n"
    page = steps.preview(coordinator, text, at=IMPORT)
    assert "This is before the start." in page.text("#imports-wrong")
    assert steps.save(coordinator, page, at=IMPORT).status == 422
    assert dates(action) == (START, START + timedelta(days=9))


def test_a_json_file_is_held_to_it_too(coordinator: EngageClient) -> None:
    action = make_one(due_on=START)
    content = json.loads(coordinator.get(f"/c/riverbend/plan/{action.plan_id}/plan.json").get_data())
    content["actions"][0]["due"] = "2027-02-01"
    page = steps.preview(coordinator, json.dumps(content), at=IMPORT)
    assert "This is before the start." in page.text("#imports-wrong")


def test_of_what_repeats_the_start_moves_along(member: EngageClient) -> None:
    """Also from a long month into a short one, and where one of them was due late."""
    action = make_one(start_on=date(2027, 1, 29), due_on=date(2027, 1, 31))
    repeats_service.begin(
        member.membership, action, Series(Rule(RepeatUnit.MONTH_DAY, 1, 31), date(2027, 1, 31))
    )
    db.session.commit()
    made = actions_service.change(member.membership, action, action.version, ActionStatus.DONE)
    assert made is not None
    assert (made.start_on, made.due_on) == (date(2027, 2, 26), date(2027, 2, 28))


def test_whoever_calls_the_service_is_refused_on_the_field(member: EngageClient) -> None:
    action, me = make_one(), member.membership
    ways: list[Callable[[], object]] = [
        lambda: actions_service.create_action(me, title="Open the assessment", start_on=START, due_on=EARLY),
        lambda: actions_service.edit_action(me, action, 1, {"due_on": EARLY}),
        lambda: actions_service.change(me, action, 1, ActionStatus.UNDER_WAY, "", {"due_on": EARLY}),
    ]
    for way in ways:
        with pytest.raises(FieldRefused) as refused:
            way()
        assert (refused.value.field, refused.value.message) == ("due_on", WORDS)
        db.session.rollback()


def test_the_database_takes_no_such_row(member: EngageClient) -> None:
    with pytest.raises(IntegrityError):
        make_one(due_on=EARLY)
    db.session.rollback()
