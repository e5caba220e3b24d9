"""Agreed values and a plan's adoption say at which meeting they were made, and the meeting lists them."""

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from engage import clock
from engage.assessment.models import AgreedValue, Round
from engage.assessment.results.queries.agreed import agreed_of
from engage.content.loader import content
from engage.errors import WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings import held as held_queries
from engage.meetings.models import Meeting
from engage.plan.models import Plan
from engage.plan.plans import service as plans_service
from engage.plan.rules import PlanStatus
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_agreed, make_closed_round, make_coalition, make_membership, make_plan
from tests.html import Page
from tests.meetings.rows import COMING, MEETINGS, make_meeting

NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
DAY = timedelta(days=1)
AREA = content().areas[0]
INDICATORS = content().indicators_in(AREA.key)
KEY = INDICATORS[0].key
PLAN = "/c/riverbend/plan/"


@pytest.fixture(autouse=True)
def _on_a_wednesday(app: object) -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def closed_round() -> Round:
    said = dict.fromkeys([each.key for each in content().indicators], 1)
    return make_closed_round([("health", said)] * 3)


def form_of(round_: Round) -> str:
    return f"/c/riverbend/assessment/rounds/{round_.id}/agreement/{KEY}"


def agreed(meeting: Meeting | int, version: int = 0) -> dict[str, str]:
    key = meeting if isinstance(meeting, int) else meeting.id
    said = {"value": "2.5", "reason": "One program began.", "agreed_on": "2026-11-20"}
    return {**said, "meeting_id": str(key), "version": str(version)}


def offered(page: Page) -> list[str]:
    return page.texts("select[name=meeting_id] option")


def chosen(page: Page) -> str:
    return page.text("select[name=meeting_id] option[selected]")


# -- which meeting is offered


def test_meetings_up_to_today_are_offered_the_latest_first(coordinator: EngageClient) -> None:
    who, round_ = coordinator.membership, closed_round()
    make_meeting(who, title="Autumn", starts_at=NOW - 20 * DAY)
    make_meeting(who, title="Closed", starts_at=NOW - 60 * DAY, closed_at=NOW - 59 * DAY)
    make_meeting(who, title="Next year", starts_at=COMING)
    make_meeting(make_membership(coalition=make_coalition()), title="Theirs", starts_at=NOW - DAY)
    plan = make_plan(status=PlanStatus.DRAFT)
    for path in (form_of(round_), f"{PLAN}{plan.id}/adopt"):
        page = coordinator.page(path)
        assert offered(page) == ["Not at a meeting", "Autumn, Nov 5, 2026", "Closed, Sep 26, 2026"]
        assert chosen(page) == "Autumn, Nov 5, 2026"
        day = page.one("input[name=agreed_on], input[name=adopted_on]").attributes["value"]
        assert day == "2026-11-05"


@pytest.mark.parametrize(
    ("hours", "likely"),
    [
        # Of today's meetings the latest that began, else the first that comes; then of the last month the latest.
        ((-2, -1, 3, -30), -1),
        ((5, 3, -30), 3),
        ((-30, -50), -30),
        ((-24 * 32,), None),
        ((), None),
    ],
)
def test_the_meeting_that_it_was_likely_made_at(
    coordinator: EngageClient, hours: tuple[int, ...], likely: int | None
) -> None:
    for each in hours:
        make_meeting(coordinator.membership, title=str(each), starts_at=NOW + timedelta(hours=each))
    found = held_queries.likely_meeting(
        coordinator.membership, held_queries.held_meetings(coordinator.membership)
    )
    assert (found.title if found else None) == (None if likely is None else str(likely))


def test_where_no_meeting_was_held_the_forms_do_not_ask(coordinator: EngageClient) -> None:
    make_meeting(coordinator.membership, starts_at=COMING)
    plan = make_plan(status=PlanStatus.DRAFT)
    for path in (form_of(closed_round()), f"{PLAN}{plan.id}/adopt"):
        assert not coordinator.page(path).all("select[name=meeting_id]")


# -- agreed values


def test_an_agreed_value_and_its_meeting_lead_to_each_other(
    coordinator: EngageClient, member: EngageClient
) -> None:
    round_, meeting = closed_round(), make_meeting(coordinator.membership, starts_at=NOW - 5 * DAY)
    answer = coordinator.send(form_of(round_), **agreed(meeting))
    assert answer.status == 303
    page = member.page(f"/c/riverbend/assessment/rounds/{round_.id}/results/{AREA.key}")
    assert "Meeting: Quarterly meeting, Nov 20, 2026 . Recorded by" in page.text(f"#{KEY} .agreed")
    address = f"{MEETINGS}{meeting.id}/"
    assert page.all(f"#{KEY} .agreed a[href='{address}']")
    there = member.page(address)
    assert there.text("#meetings-settled").startswith(f"Agreed value 2.5: {INDICATORS[0].title}")
    link = there.one("#meetings-settled a").attributes["href"] or ""
    assert link == answer.location
    assert member.get(link).status_code == 200


def test_the_meeting_of_an_agreed_value_is_changed_and_on_record(coordinator: EngageClient) -> None:
    round_ = closed_round()
    first = make_meeting(coordinator.membership, title="First", starts_at=NOW - 70 * DAY)
    second = make_meeting(coordinator.membership, title="Second", starts_at=NOW - 5 * DAY)
    coordinator.send(form_of(round_), **agreed(first))
    # What is saved stays chosen, whatever met since.
    assert chosen(coordinator.page(form_of(round_))) == "First, Sep 16, 2026"
    coordinator.send(form_of(round_), **agreed(second, version=1))
    coordinator.send(form_of(round_), **agreed(0, version=2))
    assert agreed_of(round_)[KEY].meeting is None
    assert chosen(coordinator.page(form_of(round_))) == "Not at a meeting"
    moved = sa.select(HistoryEntry.old, HistoryEntry.new).where(HistoryEntry.field == "meeting_id")
    assert [tuple(row) for row in db.session.execute(moved.order_by(HistoryEntry.id))] == [
        (None, str(first.id)),
        (str(first.id), str(second.id)),
        (str(second.id), None),
    ]


def test_two_who_choose_another_meeting_see_both(coordinator: EngageClient) -> None:
    round_, meeting = closed_round(), make_meeting(coordinator.membership, starts_at=NOW - 5 * DAY)
    coordinator.send(form_of(round_), **agreed(meeting))
    page = coordinator.send(form_of(round_), **agreed(0))
    assert page.status == 409
    assert page.texts(".conflict-text") == ["Quarterly meeting, Nov 20, 2026", "Not at a meeting"]


def test_a_meeting_that_is_not_ours_or_gone_is_refused_and_nothing_is_lost(coordinator: EngageClient) -> None:
    who, round_ = coordinator.membership, closed_round()
    make_meeting(who, starts_at=NOW - DAY)
    theirs = make_meeting(make_membership(coalition=make_coalition()), starts_at=NOW - DAY)
    gone = make_meeting(who, starts_at=NOW - DAY).id
    coordinator.send(f"{MEETINGS}{gone}/delete")
    plan = make_plan(status=PlanStatus.DRAFT)
    for key in (theirs.id, gone):
        page = coordinator.send(form_of(round_), **agreed(key))
        assert (page.status, page.errors) == (
            422,
            ["This meeting is no longer on the list. Choose another one, or none."],
        )
        assert page.has("One program began.")
        page = coordinator.send(f"{PLAN}{plan.id}/adopt", adopted_on="2026-11-20", meeting_id=str(key))
        assert page.status == 422
    assert db.session.scalars(sa.select(AgreedValue)).all() == []
    assert db.session.get_one(Plan, plan.id).status is PlanStatus.DRAFT


def test_a_meeting_called_off_between_the_form_and_the_save_is_said(coordinator: EngageClient) -> None:
    who, plan = coordinator.membership, make_plan(status=PlanStatus.DRAFT)
    theirs = make_meeting(make_membership(coalition=make_coalition()), starts_at=NOW - DAY)
    for key in (theirs.id, 987654):
        with pytest.raises(WrongState, match="canceled in the meantime"):
            plans_service.adopt(who, plan, adopted_on=date(2026, 11, 20), meeting_id=key)
        db.session.rollback()


def test_a_value_that_is_taken_back_leaves_its_meeting(coordinator: EngageClient) -> None:
    round_, meeting = closed_round(), make_meeting(coordinator.membership, starts_at=NOW - 5 * DAY)
    coordinator.send(form_of(round_), **agreed(meeting))
    answer = coordinator.send(f"{MEETINGS}{meeting.id}/delete")
    assert answer.status == 409
    assert answer.has("Other records refer to this meeting.")
    coordinator.send(f"{form_of(round_)}/take-back", version="1")
    assert not coordinator.page(f"{MEETINGS}{meeting.id}/").all("#meetings-settled")
    # Written down again, it is offered as if for the first time.
    assert chosen(coordinator.page(form_of(round_))) == "Quarterly meeting, Nov 20, 2026"
    assert coordinator.send(f"{MEETINGS}{meeting.id}/delete").status == 303


def test_a_round_that_is_open_again_shows_no_results_to_link(coordinator: EngageClient) -> None:
    round_, meeting = closed_round(), make_meeting(coordinator.membership, starts_at=NOW - 5 * DAY)
    make_agreed(round_, KEY, 2.5, meeting_id=meeting.id)
    db.session.get_one(Round, round_.id).closed_at = None
    page = coordinator.page(f"{MEETINGS}{meeting.id}/")
    assert page.has("Agreed value 2.5")
    assert not page.all("#meetings-settled a")


def test_a_meetings_page_asks_no_more_for_more_agreed_values(coordinator: EngageClient) -> None:
    round_, meeting = closed_round(), make_meeting(coordinator.membership, starts_at=NOW - 5 * DAY)
    counts = []
    for each in INDICATORS:
        make_agreed(round_, each.key, 2.5, meeting_id=meeting.id)
        with counted_queries() as sent:
            coordinator.page(f"{MEETINGS}{meeting.id}/")
        counts.append(len(sent))
    assert len(counts) > 2
    assert len(set(counts[1:])) == 1


# -- the plan


def test_an_adopted_plan_and_its_meeting_lead_to_each_other(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    meeting = make_meeting(coordinator.membership, starts_at=NOW - 5 * DAY)
    plan = make_plan(status=PlanStatus.DRAFT, title="Plan 2027")
    said = {"adopted_on": "2026-11-20", "meeting_id": str(meeting.id), "adopted_at_meeting": ""}
    assert coordinator.send(f"{PLAN}{plan.id}/adopt", **said).status == 303
    page = member.page(PLAN)
    assert page.texts(".plan-adopted")[-1] == "Adopted at: Quarterly meeting, Nov 20, 2026"
    assert page.all(f".plan-adopted a[href='{MEETINGS}{meeting.id}/']")
    there = member.page(f"{MEETINGS}{meeting.id}/")
    assert there.text("#meetings-settled") == "Plan adopted: Plan 2027"
    assert member.get(there.one("#meetings-settled a").attributes["href"] or "").status_code == 200
    # Who does not see meetings is not told of one.
    assert not viewer.page(PLAN).has("Quarterly meeting")
    assert coordinator.send(f"{MEETINGS}{meeting.id}/delete").status == 409


def test_a_plan_is_adopted_elsewhere_in_words(coordinator: EngageClient) -> None:
    make_meeting(coordinator.membership, starts_at=NOW - 5 * DAY)
    plan = make_plan(status=PlanStatus.DRAFT)
    said = {"adopted_on": "2026-11-20", "meeting_id": "0", "adopted_at_meeting": "the fall retreat"}
    assert coordinator.send(f"{PLAN}{plan.id}/adopt", **said).status == 303
    assert coordinator.page(PLAN).texts(".plan-adopted")[-1] == "Adopted at: the fall retreat"


def test_the_clock_of_the_coalition_says_which_day_is_today(coordinator: EngageClient) -> None:
    # 19:00 on the 25th in Chicago is the 26th in London.
    meeting = make_meeting(coordinator.membership, starts_at=datetime(2026, 11, 26, 1, tzinfo=UTC))
    tomorrow = make_meeting(coordinator.membership, starts_at=datetime(2026, 11, 26, 7, tzinfo=UTC))
    found = [each.id for each in held_queries.held_meetings(coordinator.membership)]
    assert found == [meeting.id]
    assert clock.now() < tomorrow.starts_at
