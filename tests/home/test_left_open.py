"""What was left open comes to those who can finish it: meetings first, then events, reviews and terms."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from engage.coalitions.models import Group, Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.partners.rules import AgreementState
from engage.plan.activities.rules import ActivityState
from tests.calendar.rows import make_group
from tests.client import EngageClient
from tests.coalitions.about.rows import make_position
from tests.factories import make_action, make_activity, make_coalition, make_membership, make_plan
from tests.meetings.rows import make_meeting
from tests.partners.agreements.rows import make_agreement

HOME = "/c/riverbend/"
TASKS = f"{HOME}messages/"
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_a_wednesday(app: object) -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def card(person: EngageClient) -> str:
    return person.page(HOME).text("#home-next")


def tasks(person: EngageClient) -> list[str]:
    return person.page(TASKS).texts(".waiting-row")


def test_a_meeting_that_was_held_and_not_closed_is_the_first_row_of_home_and_of_my_tasks(
    coordinator: EngageClient, member: EngageClient
) -> None:
    make_action(make_plan(), owner_id=coordinator.membership.id, title="Late", due_on=date(2026, 1, 2))
    meeting = make_meeting(coordinator.membership, starts_at=NOW - timedelta(days=1))
    row = "Meeting Quarterly meeting It was on Nov 24 and is not closed yet."
    assert tasks(coordinator)[0] == row
    assert tasks(member) == [], "who may not close it is not asked to"
    assert "Quarterly meeting" not in card(member)
    assert card(coordinator) == (
        "Next: close the meeting “Quarterly meeting” It was on Nov 24 and is not closed yet."
        " Closing it makes the minutes final. Go to the meeting"
    ), "it stands above one's own late action"
    home = coordinator.page(HOME)
    assert [each.split()[0] for each in home.texts("#home-late .waiting-row")] != ["Meeting"], (
        "it is said once"
    )
    page = coordinator.page(home.one("#home-next .btn-primary").attributes["href"] or "")
    close = page.one(f"main a[href$='/meetings/{meeting.id}/close']")
    assert close.text() == "Close the meeting" and "btn" in (close.attributes["class"] or "")
    coordinator.send(close.attributes["href"] or "")
    assert "Quarterly meeting" not in " ".join((card(coordinator), *tasks(coordinator)))


def test_a_meeting_that_still_goes_on_is_not_left_open(coordinator: EngageClient) -> None:
    make_meeting(coordinator.membership, starts_at=NOW - timedelta(minutes=89), minutes=90)
    assert "not closed yet" not in " ".join(tasks(coordinator))
    with time_machine.travel(NOW + timedelta(minutes=1), tick=False):
        assert "not closed yet" in tasks(coordinator)[0]


def test_several_meetings_are_one_row_that_leads_to_the_list(coordinator: EngageClient) -> None:
    for days in (1, 8):
        make_meeting(coordinator.membership, title=f"Day {days}", starts_at=NOW - timedelta(days=days))
    assert tasks(coordinator) == [
        "Meeting 2 meetings to close The oldest: Day 8. It was on Nov 17 and is not closed yet."
    ]
    assert "“Day 8”" in card(coordinator) and "1 more meeting is to close." in card(coordinator)
    link = coordinator.page(TASKS).one(".waiting-row .row-link").attributes["href"] or ""
    assert coordinator.page(link).text("h1") == "Meetings"


def test_the_lead_of_a_group_is_asked_to_close_its_meetings_only(
    coordinator: EngageClient, client_of: Callable[[Membership], EngageClient]
) -> None:
    lead = make_membership(role=Role.MEMBER)
    group = make_group(coordinator.membership, "Schools", lead)
    db.session.execute(sa.update(Group).where(Group.id == group.id).values(lead_id=lead.id))
    db.session.commit()
    before = NOW - timedelta(days=1)
    make_meeting(coordinator.membership, title="Everyone", starts_at=before)
    make_meeting(coordinator.membership, title="Ours", starts_at=before, group_id=group.id)
    assert [each for each in tasks(client_of(lead)) if "not closed" in each] == [
        "Meeting Ours It was on Nov 24 and is not closed yet."
    ]
    assert "“Ours”" in card(client_of(lead))


def test_events_reviews_and_terms_whose_day_has_passed_are_tasks_until_they_are_settled(
    coordinator: EngageClient, member: EngageClient
) -> None:
    here, day = coordinator.membership.coalition_id, date(2026, 11, 24)
    event = {"state": ActivityState.PLANNED, "reached": None, "hours": None}
    make_activity(title="Open house", happened_on=day, created_by_id=member.membership.id, **event)
    make_activity(title="Tomorrow", happened_on=date(2026, 11, 26), **event)
    make_agreement(coordinator.membership, review_on=day)
    make_group(coordinator.membership, "Schools", review_on=day)
    make_position(here, "Chair", membership_id=member.membership.id, until=day)
    make_position(here, "Treasurer", until=day)
    found = [each for each in tasks(coordinator) if "Nov 24" in each]
    assert found == [
        "Event Open house It was on Nov 24. Count who came.",
        "Agreement Grace Church Its review was due on Nov 24.",
        "Group Schools Its review was due on Nov 24.",
        "Position Chair The term ended on Nov 24.",
    ]
    assert [each for each in tasks(member) if "Nov 24" in each] == found[:1]
    for link in coordinator.page(TASKS).all(".waiting-row .row-link"):
        assert coordinator.get(link.attributes["href"] or "").status_code == 200


def test_what_is_settled_or_of_another_coalition_is_no_task(coordinator: EngageClient) -> None:
    day = date(2026, 11, 24)
    make_activity(title="Held", happened_on=day, state=ActivityState.HELD)
    make_agreement(coordinator.membership, review_on=day, state=AgreementState.DRAFTING)
    make_meeting(make_membership(coalition=make_coalition()), starts_at=NOW - timedelta(days=1))
    make_meeting(coordinator.membership, starts_at=NOW - timedelta(days=1), closed_at=NOW)
    assert not [each for each in tasks(coordinator) if "Nov 24" in each]


def test_an_event_is_counted_from_its_page_once_there_is_something_to_count(
    coordinator: EngageClient,
) -> None:
    planned = {"state": ActivityState.PLANNED, "reached": None, "hours": None}
    ahead = make_activity(happened_on=date(2026, 11, 27), **planned)
    over = make_activity(happened_on=date(2026, 11, 24), **planned)
    activity = f"{HOME}plan/activities/"
    assert not coordinator.page(f"{activity}{ahead.id}/").has("Count who came")
    assert coordinator.page(f"{activity}{over.id}/").has("Count who came")
