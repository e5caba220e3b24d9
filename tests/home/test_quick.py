"""Saying how an action goes from home: one tap opens, one saves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from engage.accounts.models import SignedIn
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.plan.models import Action, Plan, Update
from engage.plan.repeats import service as repeats_service
from engage.plan.repeats.rules import RepeatUnit, Rule, Series
from engage.plan.rules import ActionStatus, PlanStatus
from tests import databases
from tests.client import EngageClient
from tests.factories import make_action, make_coalition, make_item, make_membership, make_plan
from tests.html import Page
from tests.web.test_replay import sign_in_from

HOME = "/c/riverbend/"
TODAY = date(2026, 11, 25)
STUCK_WORDS = "Say what help is needed, so that someone can offer it."


@pytest.fixture(autouse=True)
def _on_a_wednesday(app: object) -> Iterator[None]:
    with time_machine.travel(datetime(2026, 11, 25, 15, 30, tzinfo=UTC), tick=False):
        yield


def make_mine(client: EngageClient, plan: Plan | None = None, **more: Any) -> Action:
    values = {"owner_id": client.membership.id, "due_on": TODAY + timedelta(days=2), "title": "Print cards"}
    return make_action(plan or make_plan(), **{**values, **more})


def say(client: EngageClient, action: Action, to: str, *, htmx: bool = False, **fields: Any) -> Page:
    due = action.due_on.isoformat() if action.due_on else ""
    values = {"version": action.version, "due_on": due, "text": "", **fields}
    return client.send(f"{HOME}waiting/{action.number}", htmx=htmx, to=to, **values)


def fresh(action: Action) -> Action:
    return db.session.get_one(Action, action.id, populate_existing=True)


def updates() -> list[str]:
    return list(db.session.scalars(sa.select(Update.text).order_by(Update.id)))


def test_beside_each_action_of_mine_stands_a_closed_form_and_beside_nothing_else(
    member: EngageClient,
) -> None:
    action = make_mine(member, title="Print cards")
    make_item(owner_id=member.membership.id)
    page = member.page(HOME)
    assert len(page.all("#home-waiting .waiting-row")) == 2
    form = page.one("#home-waiting details")
    assert "open" not in form.attributes
    assert page.text("#home-waiting summary") == "Say how it is going : Print cards"
    assert page.texts("#home-waiting details button") == [
        f"{word} : Print cards" for word in ("On track", "Stuck", "Done", "Save the date")
    ]
    assert page.one("#home-waiting form").attributes["action"] == f"{HOME}waiting/{action.number}"
    assert page.value("due_on") == "2026-11-27"


@pytest.mark.parametrize("htmx", [False, True])
def test_done_takes_it_from_the_list(member: EngageClient, htmx: bool) -> None:
    plan = make_plan()
    action = make_mine(member, plan)
    make_mine(member, plan, title="Ask the board")
    page = say(member, action, "done", htmx=htmx)
    assert fresh(action).status is ActionStatus.DONE
    if not htmx:
        assert (page.status, page.location) == (303, HOME)
        page = member.page(HOME)
        assert page.has(f"Action {action.number}: Done.")
        assert page.one(".undo").attributes["action"]
    else:
        assert page.status == 200
        assert f"Action {action.number}: Done." in page.text("#status")
        assert page.one("#status .undo").attributes["action"]
        oob = [node.attributes["id"] for node in page.all("[data-hx-swap-oob]")]
        assert oob == ["status"]
        assert "1 action done" in page.text("#home-moved")
    assert page.texts("#home-waiting .row-link") == ["Ask the board"]
    assert page.text("#home-plan .count-words strong") == "1 of 2"


def test_on_track_moves_it_under_way_and_says_so_where_it_is_already(member: EngageClient) -> None:
    action = make_mine(member)
    assert say(member, action, "on_track").status == 303
    assert (fresh(action).status, updates()) == (ActionStatus.UNDER_WAY, [])
    assert say(member, fresh(action), "on_track").status == 303
    assert (fresh(action).status, updates()) == (ActionStatus.UNDER_WAY, ["On track."])


def test_what_is_typed_beside_a_press_is_saved_with_it(member: EngageClient) -> None:
    action = make_mine(member)
    page = say(member, action, "on_track", htmx=True, text="Two families came.", due_on="2026-12-04")
    assert f"Action {action.number} is on track. Your update is saved." in page.text("#status")
    assert (fresh(action).due_on, updates()) == (date(2026, 12, 4), ["Two families came."])
    say(member, fresh(action), "done", text="All four are trained.")
    assert updates() == ["Two families came.", "All four are trained."]


def test_stuck_says_what_help_is_needed(member: EngageClient) -> None:
    action = make_mine(member)
    page = say(member, action, "stuck", htmx=True, text="A trainer")
    assert (fresh(action).status, fresh(action).reason, updates()) == (ActionStatus.STUCK, "A trainer", [])
    assert "Needs: A trainer" in page.text("#home-desk")


def test_a_new_date_leaves_where_it_stands(member: EngageClient) -> None:
    action = make_mine(member, status=ActionStatus.STUCK, reason="A trainer")
    page = say(member, action, "new_date", htmx=True, due_on="2026-12-15")
    assert f"Action {action.number} is now due on December 15, 2026." in page.text("#status")
    now = fresh(action)
    assert (now.due_on, now.status, now.reason) == (date(2026, 12, 15), ActionStatus.STUCK, "A trainer")


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("to", "fields", "errors"),
    [
        ("stuck", {"due_on": "2026-12-24"}, [STUCK_WORDS]),
        ("new_date", {"text": "Typed already"}, ["Choose the new date."]),
        ("new_date", {"due_on": "", "text": "Typed already"}, ["Choose the new date."]),
        (
            "new_date",
            {"due_on": "2026-10-30", "text": "Typed already"},
            ["This is before the start. Choose the same day or a later one."],
        ),
        (
            "done",
            {"due_on": "24 Dec", "text": "Typed already"},
            ["Enter the date as year-month-day, such as 2026-03-15."],
        ),
    ],
)
def test_a_refusal_says_why_in_place_and_nothing_typed_is_lost(
    member: EngageClient, to: str, fields: dict[str, str], errors: list[str], htmx: bool
) -> None:
    plan = make_plan()
    make_mine(member, plan, title="Another")
    action = make_mine(member, plan, start_on=date(2026, 11, 1))
    page = say(member, action, to, htmx=htmx, **fields)
    assert (page.status, page.errors) == (422, errors)
    assert len(page.all("h1")) == (0 if htmx else 1)
    (opened,) = page.all("#home-desk .home-quick[open]")
    assert opened.attributes["id"] == f"home-quick-{action.number}"
    assert opened.css_first("textarea").text().strip() == fields.get("text", "")
    if fields.get("due_on", "").startswith("2026"):
        assert opened.css_first("[name=due_on]").attributes["value"] == fields["due_on"]
    assert fresh(action).status is ActionStatus.NOT_STARTED
    assert updates() == []


def test_personal_details_are_asked_about(member: EngageClient) -> None:
    action = make_mine(member)
    page = say(member, action, "stuck", htmx=True, text="Call Jane at 555-867-5309")
    assert page.status == 422
    assert page.all("#home-desk .finding")
    assert fresh(action).status is ActionStatus.NOT_STARTED


@pytest.mark.parametrize("htmx", [False, True])
def test_someone_who_saved_it_meanwhile_is_not_overwritten(member: EngageClient, htmx: bool) -> None:
    action = make_mine(member)
    seen = action.version
    say(member, action, "stuck", text="A trainer")
    page = say(member, action, "done", htmx=htmx, version=seen, text="All trained")
    assert page.status == 409
    assert page.has("Someone saved this after you opened it")
    (opened,) = page.all("#home-desk .home-quick[open]")
    assert opened.css_first("textarea").text().strip() == "All trained"
    assert "Needs: A trainer" in page.text("#home-desk")
    assert opened.css_first("[name=version]").attributes["value"] == str(fresh(action).version)
    assert fresh(action).status is ActionStatus.STUCK


def test_what_no_longer_waits_is_shown_with_what_was_typed(member: EngageClient) -> None:
    action = make_mine(member)
    say(member, action, "done")
    page = say(member, action, "stuck", htmx=True, version=1, text="A trainer")
    assert page.status == 409
    (opened,) = page.all("#home-desk .home-quick[open]")
    assert opened.css_first("textarea").text().strip() == "A trainer"


def test_done_of_what_repeats_says_which_one_is_next(member: EngageClient) -> None:
    action = make_mine(member)
    repeats_service.begin(member.membership, action, Series(Rule(RepeatUnit.WEEK), TODAY + timedelta(days=2)))
    db.session.commit()
    page = say(member, action, "done", htmx=True)
    assert f"The next one is action {action.number + 1}, due December 4, 2026." in page.text("#status")
    assert page.texts("#home-waiting .row-link") == ["Print cards"]


def test_a_plan_that_was_closed_meanwhile_takes_no_answer(member: EngageClient) -> None:
    plan = make_plan()
    action = make_mine(member, plan)
    plan.status = PlanStatus.CLOSED
    db.session.commit()
    assert say(member, action, "done").status == 409
    assert fresh(action).status is ActionStatus.NOT_STARTED


def test_viewers_say_nothing_and_another_coalitions_action_does_not_exist(
    member: EngageClient, viewer: EngageClient
) -> None:
    action = make_mine(member)
    assert not viewer.page(HOME).all("#home-waiting, [data-hx-post]")
    assert say(viewer, action, "done").status == 403
    other = make_membership(coalition=make_coalition(), role=Role.COORDINATOR)
    theirs = make_action(make_plan(coalition=other.coalition))
    assert say(member, theirs, "done").status == 404
    assert say(member, action, "gone").status == 422
    assert fresh(action).status is ActionStatus.NOT_STARTED


def test_forms_cost_no_query(member: EngageClient) -> None:
    plan = make_plan()
    make_mine(member, plan)
    member.page(HOME)
    with databases.counted_queries() as few:
        member.page(HOME)
    for _n in range(12):
        make_mine(member, plan)
    with databases.counted_queries() as many:
        page = member.page(HOME)
    assert len(page.all("#home-desk .home-quick")) == 3
    assert page.text("#home-waiting .card-more") == "10 more: see all my tasks"
    assert len(many) == len(few) <= 35


def test_each_visitor_gets_their_own_token(member: EngageClient, coordinator: EngageClient) -> None:
    action = make_mine(member)
    mine = member.page(HOME).one("#home-waiting [name='csrf_token']").attributes["value"]
    action.owner_id = coordinator.membership.id
    db.session.commit()
    theirs = coordinator.page(HOME).one("#home-waiting [name='csrf_token']").attributes["value"]
    assert theirs and theirs != mine


def test_after_a_session_that_ended_the_form_stands_open_with_what_was_typed(member: EngageClient) -> None:
    action = make_mine(member)
    db.session.execute(sa.delete(SignedIn))
    db.session.commit()
    page = say(member, action, "stuck", text="A trainer", due_on="2026-12-24")
    assert page.status == 401
    page = sign_in_from(member, page)
    (opened,) = page.all("#home-desk .home-quick[open]")
    assert opened.css_first("textarea").text().strip() == "A trainer"
    assert opened.css_first("[name=due_on]").attributes["value"] == "2026-12-24"
    assert page.errors == []
    assert fresh(action).status is ActionStatus.NOT_STARTED
