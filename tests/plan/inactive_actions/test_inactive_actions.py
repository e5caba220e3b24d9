"""Reviewing quiet actions: which they are, one at a time, what was decided."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from engage import clock
from engage.extensions import db
from engage.plan.inactive_actions.rules import MOST, Walk, days_asked, is_inactive
from engage.plan.models import Action, Plan, Update
from engage.plan.repeats import service as repeats_service
from engage.plan.repeats.rules import RepeatUnit, Rule, Series
from engage.plan.rules import ActionStatus, PlanStatus
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_action, make_coalition, make_goal, make_membership, make_objective, make_plan
from tests.html import Page

PLAN = "/c/riverbend/plan/"
STALE = f"{PLAN}stale"
S = ActionStatus
TODAY = date(2026, 11, 25)


def quiet(plan: Plan, days: int = 40, **overrides: Any) -> Action:
    """Makes an action that no one has touched for so many days."""
    return make_action(plan, moved_at=clock.now() - timedelta(days=days), **overrides)


def begin(client: EngageClient, days: int = 30) -> str:
    """Returns the address of the first one."""
    page = Page(client.get(f"{STALE}/begin?days={days}"))
    assert page.status == 303 and page.location
    return page.location


def numbers(address: str) -> list[int]:
    return [int(each) for each in parse_qs(urlsplit(address).query)["of"][0].split("-")]


def press(client: EngageClient, page: Page, end: str, **fields: Any) -> Page:
    """Presses the button of the form with this ending of its address."""
    (form,) = [node for node in page.all("form") if f"/{end}?" in (node.attributes["action"] or "")]
    return client.send(form.attributes["action"] or "", **fields)


def change(client: EngageClient, page: Page, action: Action, **fields: Any) -> Page:
    usual = {
        "version": action.version,
        "status": action.status.value,
        "owner_id": action.owner_id or 0,
        "due_on": action.due_on or "",
        "reason": action.reason,
    }
    return press(client, page, "change", **{**usual, **fields})


def fresh(action: Action) -> Action:
    return db.session.scalars(
        sa.select(Action).where(Action.id == action.id).execution_options(populate_existing=True)
    ).one()


# -- rules


@pytest.mark.parametrize(
    ("status", "moved", "due", "stale"),
    [
        (S.UNDER_WAY, TODAY - timedelta(days=31), None, True),
        (S.UNDER_WAY, TODAY - timedelta(days=30), None, False),
        (S.UNDER_WAY, TODAY, TODAY - timedelta(days=1), True),
        (S.UNDER_WAY, TODAY, TODAY, False),
        (S.STUCK, TODAY - timedelta(days=90), None, True),
        (S.DONE, TODAY - timedelta(days=90), TODAY - timedelta(days=90), False),
        (S.NO_LONGER_NEEDED, TODAY - timedelta(days=90), None, False),
    ],
)
def test_open_and_late_or_untouched_for_so_many_days_is_quiet(
    status: S, moved: date, due: date | None, stale: bool
) -> None:
    assert is_inactive(status, moved, due, TODAY, 30) is stale


def test_a_walk_is_what_its_address_says() -> None:
    walk = Walk((3, 7, 12), 2, 1_764_000_000, 60)
    assert Walk.of({key: str(value) for key, value in walk.args().items()}) == walk
    assert (walk.number, walk.next, walk.before) == (
        7,
        Walk((3, 7, 12), 3, 1_764_000_000, 60),
        Walk((3, 7, 12), 1, 1_764_000_000, 60),
    )
    last = Walk((3,), 1, 0, 30)
    assert (last.next, last.before) == (None, None)


@pytest.mark.parametrize("of", ["", "a-b", "-", "9" * 30, "\u0663"])
def test_an_address_without_actions_is_no_walk(of: str) -> None:
    assert Walk.of({"of": of}) is None


def test_what_an_address_says_wrongly_is_put_right() -> None:
    assert Walk.of({"of": "3-x-3-7", "at": "99", "since": "soon", "days": "31"}) == Walk((3, 7), 2, 0, 30)
    assert Walk.of({"of": "3", "at": "0"}) == Walk((3,), 1, 0, 30)
    long = Walk.of({"of": "-".join(map(str, range(1, 500)))})
    assert long is not None and len(long.numbers) == MOST
    assert days_asked("90") == 90


# -- where it begins


def test_the_plan_leads_there_and_it_says_how_many(member: EngageClient) -> None:
    plan = make_plan()
    quiet(plan, 20)
    quiet(plan, 100)
    make_action(plan, due_on=clock.today("America/Chicago") - timedelta(days=3))
    make_action(plan)
    quiet(plan, 100, status=S.DONE)

    assert [node for node in member.page(PLAN).all("a") if (node.attributes["href"] or "").startswith(STALE)]
    assert member.page(STALE).texts(".option-name") == [
        "14 days: 3 actions",
        "30 days: 2 actions",
        "60 days: 2 actions",
        "90 days: 2 actions",
    ]


def test_begin_takes_the_longest_untouched_first(member: EngageClient) -> None:
    plan = make_plan()
    some, most = quiet(plan, 40), quiet(plan, 80)
    quiet(plan, 20)

    assert numbers(begin(member)) == [most.number, some.number]
    assert numbers(begin(member, 60)) == [most.number]


def test_the_rule_of_the_list_is_that_of_one_action(member: EngageClient) -> None:
    plan = make_plan()
    today = clock.today("America/Chicago")
    for days in (13, 14, 15, 16):
        make_action(plan, moved_at=clock.now() - timedelta(days=days))

    found = numbers(begin(member, 14))

    rows = db.session.scalars(sa.select(Action))
    moved = {each.number: (clock.now() - each.moved_at).days for each in rows}
    assert found == sorted(
        (
            n
            for n, days in moved.items()
            if is_inactive(S.NOT_STARTED, today - timedelta(days), None, today, 14)
        ),
        key=lambda n: -moved[n],
    )


def test_where_nothing_is_quiet_it_says_so(member: EngageClient) -> None:
    make_action(make_plan())

    assert member.page(STALE).has("All actions are up to date")
    page = Page(member.get(f"{STALE}/begin"))
    assert (page.status, page.location) == (303, f"{STALE}?days=30")


def test_without_a_plan_it_leads_to_the_plans_page(member: EngageClient) -> None:
    assert Page(member.get(STALE)).location == PLAN
    assert Page(member.get(f"{STALE}/begin")).status == 303


def test_a_viewer_does_not_decide(viewer: EngageClient) -> None:
    action = quiet(make_plan())

    for path in ("", "/begin", f"/one?of={action.number}", f"/end?of={action.number}"):
        assert viewer.get(f"{STALE}{path}").status_code == 403
    assert viewer.send(f"{STALE}/{action.number}/on-track", text="").status == 403
    assert viewer.send(f"{STALE}/{action.number}/change", status="done", version=1).status == 403


def test_another_coalitions_plan_and_actions_do_not_exist(member: EngageClient) -> None:
    make_plan()
    plan = make_plan(coalition=make_coalition())
    theirs = quiet(plan, title="Nobody's business")

    assert member.get(f"{STALE}?plan={plan.id}").status_code == 404
    assert member.send(f"{STALE}/{theirs.number}/on-track", text="").status == 404
    assert member.send(f"{STALE}/{theirs.number}/change", status="done", version=1).status == 404
    assert "Nobody's business" not in member.page(f"{STALE}/one?of={theirs.number}").html
    assert "Nobody's business" not in member.page(f"{STALE}/end?of={theirs.number}").html


def test_a_closed_plan_is_read_and_not_decided_on(member: EngageClient) -> None:
    plan = make_plan(status=PlanStatus.CLOSED, closed_on=date(2026, 1, 1))
    action = quiet(plan)

    assert member.get(f"{STALE}?plan={plan.id}").status_code == 409
    page = member.page(f"{STALE}/one?of={action.number}")
    assert page.has("This plan is closed") and page.all("main form") == []
    assert member.send(f"{STALE}/{action.number}/on-track", text="").status == 409


# -- one at a time


def test_one_shows_what_a_meeting_needs_to_know(member: EngageClient) -> None:
    plan = make_plan()
    goal = make_goal(plan, title="Nobody waits")
    ann = make_membership(name="Ann Lee", user=None)
    objective = make_objective(goal, title="Ten beds")
    make_plan_action = quiet(plan, 43, title="Print cards", owner_id=ann.id, status=S.STUCK, reason="A van")
    make_plan_action.goal_id, make_plan_action.objective_id = goal.id, objective.id
    old = Update(
        coalition_id=plan.coalition_id,
        action_id=make_plan_action.id,
        author_id=ann.id,
        written_at=clock.now() - timedelta(days=43),
        text="The printer promised July",
    )
    db.session.add(old)
    quiet(plan, 40)

    page = member.page(begin(member))

    assert page.text("h1") == f"{make_plan_action.number} Print cards"
    assert page.one("h1").attributes.keys() >= {"autofocus", "tabindex"}
    assert page.has("1 of 2") and page.has("Ann Lee") and page.has("Nobody waits · Ten beds")
    assert page.has("No one has written or changed anything in 43 days.")
    assert page.has("The printer promised July") and page.has("Help needed: A van")
    assert page.all("a[rel=prev]") == []


def test_still_on_track_writes_a_dated_line_and_goes_on(member: EngageClient) -> None:
    plan = make_plan()
    first, second = quiet(plan, 80), quiet(plan)
    address = begin(member)

    page = press(member, member.page(address), "on-track", text="The printer answered")

    assert page.status == 303 and page.location == address.replace("at=1", "at=2")
    update = db.session.scalars(sa.select(Update)).one()
    assert (update.action_id, update.text) == (first.id, "Still on track. The printer answered")
    assert update.author_id == member.membership.id
    page = member.page(page.location or "")
    assert page.text("h1").startswith(str(second.number)) and page.has("2 of 2")
    # Touched by now, and still where it was in the walk.
    assert member.page(address).has("Since you began: Still on track. The printer answered")


def test_without_words_the_line_says_it_alone(member: EngageClient) -> None:
    quiet(make_plan())

    page = press(member, member.page(begin(member)), "on-track", text="")

    assert page.location and "/stale/end?" in page.location
    assert db.session.scalars(sa.select(Update.text)).one() == "Still on track."


def test_a_button_pressed_twice_writes_one_line(member: EngageClient) -> None:
    quiet(make_plan())
    page = member.page(begin(member))

    assert [press(member, page, "on-track", text="").status for _ in range(2)] == [303, 303]

    assert db.session.scalar(sa.select(sa.func.count(Update.id))) == 1


def test_personal_details_in_the_line_wait_for_their_writer(member: EngageClient) -> None:
    quiet(make_plan())

    page = press(member, member.page(begin(member)), "on-track", text="Call Jo at 512-555-0137")

    assert page.status == 422 and page.has("a phone number")
    assert page.value("text") == "Call Jo at 512-555-0137"
    assert db.session.scalar(sa.select(Update.id)) is None
    # The focus goes to what is wrong.
    assert "autofocus" not in page.one("h1").attributes


def test_a_move_a_date_and_a_new_lead_are_one_press_that_can_be_taken_back(member: EngageClient) -> None:
    plan = make_plan()
    action = quiet(plan)
    quiet(plan, 35)
    ann = make_membership(name="Ann Lee", user=None)
    address = begin(member)

    page = change(
        member, member.page(address), action, status="under_way", due_on="2027-01-15", owner_id=ann.id
    )

    assert page.location == address.replace("at=1", "at=2")
    moved = fresh(action)
    assert (moved.status, moved.due_on, moved.owner_id) == (S.UNDER_WAY, date(2027, 1, 15), ann.id)
    following = member.page(page.location or "")
    assert following.has(f"Action {action.number} is saved.")
    assert member.send(following.one(".flash-undo form").attributes["action"] or "").status == 303
    assert fresh(action).status is S.NOT_STARTED
    assert member.page(address.replace("/one", "/end")).has("0 of 2 actions decided.")


def test_what_repeats_and_is_done_says_which_comes_next(member: EngageClient) -> None:
    plan = make_plan()
    action = quiet(plan, title="Send the numbers", due_on=date(2026, 10, 31))
    series = Series(Rule(RepeatUnit.MONTH_DAY, 1, 31), date(2026, 10, 31))
    repeats_service.begin(member.membership, action, series)

    page = change(member, member.page(begin(member)), action, status="done")

    following = db.session.scalars(sa.select(Action).where(Action.id != action.id)).one()
    assert following.status is S.NOT_STARTED
    assert member.page(page.location or "").has(f"The next one is action {following.number}, due")


def test_stuck_asks_what_help_is_needed_and_keeps_what_was_chosen(member: EngageClient) -> None:
    action = quiet(make_plan())

    page = change(member, member.page(begin(member)), action, status="stuck", due_on="2027-01-15")

    assert page.status == 422
    assert page.errors == ["Say what help is needed, so that someone can offer it."]
    assert page.value("status") == "stuck" and page.value("due_on") == "2027-01-15"
    assert "autofocus" not in page.one("h1").attributes
    assert fresh(action).version == 1


@pytest.mark.parametrize("what", ["change", "on-track"])
def test_the_address_of_a_refused_form_leads_back_to_its_action(member: EngageClient, what: str) -> None:
    action = quiet(make_plan())
    address = begin(member)

    page = Page(member.get(f"{STALE}/{action.number}/{what}?{urlsplit(address).query}"))

    assert (page.status, page.location) == (303, address)
    assert member.get(f"{STALE}/987654/{what}").status_code == 404


def test_saving_without_a_change_is_no_decision(member: EngageClient) -> None:
    action = quiet(make_plan(), status=S.STUCK, reason="A van")

    page = change(member, member.page(begin(member)), action)

    assert page.status == 422 and page.has("Nothing has changed.")
    assert fresh(action).version == 1


def test_what_someone_changed_meanwhile_is_shown_beside_what_was_chosen(
    member: EngageClient, coordinator: EngageClient
) -> None:
    action = quiet(make_plan())
    page = member.page(begin(member))
    other = {"status": "under_way", "version": 1, "owner_id": "0", "due_on": ""}
    assert coordinator.send(f"{PLAN}actions/{action.number}/change", **other).status == 303

    page = change(member, page, action, version=1, status="not_started", due_on="2027-01-15")

    assert page.status == 409
    assert page.has("Someone saved this after you opened it")
    assert page.value("due_on") == "2027-01-15" and page.value("version") == "2"
    assert fresh(action).due_on is None


def test_an_owner_who_left_since_is_refused(member: EngageClient) -> None:
    action = quiet(make_plan())
    page = member.page(begin(member))
    gone = make_membership(name="Gone", user=None, left_on=date(2026, 1, 1))

    assert change(member, page, action, owner_id=gone.id).status == 422
    assert fresh(action).owner_id is None


def test_skip_and_back_and_a_reload_hold_the_place(member: EngageClient) -> None:
    plan = make_plan()
    for days in (80, 60, 40):
        quiet(plan, days)
    address = begin(member)

    second = member.page(address).one("a[rel=next]").attributes["href"] or ""
    page = member.page(second)
    assert page.has("2 of 3")
    assert page.one("a[rel=prev]").attributes["href"] == address
    assert member.page(second).text("h1") == page.text("h1")
    last = member.page(page.one("a[rel=next]").attributes["href"] or "")
    assert "/stale/end?" in (last.one("a[rel=next]").attributes["href"] or "")
    assert db.session.scalar(sa.select(Update.id)) is None


def test_an_action_that_was_deleted_since_is_said_and_one_goes_on(
    member: EngageClient, coordinator: EngageClient
) -> None:
    plan = make_plan()
    number = quiet(plan, 80).number
    quiet(plan)
    address = begin(member)
    assert coordinator.send(f"{PLAN}actions/{number}/delete").status == 303

    page = member.page(address)

    assert page.text("h1") == f"Action {number} is no longer there"
    assert page.one("a[rel=next]").attributes["href"] == address.replace("at=1", "at=2")
    assert member.page(address.replace("/one", "/end")).has("0 of 1 action decided.")


def test_what_is_done_by_now_can_be_moved_back_but_is_not_on_track(member: EngageClient) -> None:
    action = make_action(make_plan(), status=S.DONE)

    page = member.page(f"{STALE}/one?of={action.number}")

    assert page.all("form[action*='on-track']") == []
    assert change(member, page, action, status="under_way", reason="Half of it").status == 303


def test_every_page_without_actions_leads_to_the_beginning(member: EngageClient) -> None:
    make_plan()

    for path in ("one", "end", "one?of=x", "end?of="):
        assert Page(member.get(f"{STALE}/{path}")).location == STALE


# -- what was decided


def test_the_end_sums_up_what_was_decided_and_what_was_not(member: EngageClient) -> None:
    plan = make_plan()
    first, second, third = quiet(plan, 90), quiet(plan, 80), quiet(plan, 70, due_on=date(2026, 1, 1))
    skipped = quiet(plan, 60)
    ann = make_membership(name="Ann Lee", user=None)
    address = begin(member)
    page = press(member, member.page(address), "on-track", text="")
    page = change(member, member.page(page.location or ""), second, status="stuck", reason="A van")
    page = change(member, member.page(page.location or ""), third, owner_id=ann.id, due_on="")

    end = member.page(member.page(page.location or "").one("a[rel=next]").attributes["href"] or "")

    assert end.has("3 of 4 actions decided.")
    assert end.texts("#plan-stale-done .rows > li ul li") == [
        "Still on track.",
        "From Not started to Stuck",
        "Handed to Ann Lee",
        "Date removed",
    ]
    assert end.texts("#plan-stale-left .row-link") == [skipped.title]
    assert first.number
    # The text of what help is needed is no history.
    assert "A van" not in end.html


def test_what_was_decided_before_it_began_is_not_counted(
    member: EngageClient, coordinator: EngageClient
) -> None:
    action = quiet(make_plan())
    db.session.add(
        Update(
            coalition_id=action.coalition_id,
            action_id=action.id,
            author_id=coordinator.membership.id,
            written_at=clock.now() - timedelta(days=40),
            text="Long ago",
        )
    )

    assert member.page(begin(member).replace("/one", "/end")).has("0 of 1 action decided.")


def test_the_number_of_queries_does_not_grow_with_the_actions(member: EngageClient) -> None:
    plan = make_plan()

    def asked(count: int) -> tuple[int, int, int]:
        for _ in range(count):
            quiet(plan)
        address = begin(member)
        with counted_queries() as start:
            member.page(STALE)
        with counted_queries() as one:
            member.page(address)
        with counted_queries() as end:
            member.page(address.replace("/one", "/end"))
        return len(start), len(one), len(end)

    assert asked(2) == asked(12)
