"""The calendar by secret link: what stands in it, who can stop it, and when it forgets."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.calendar.models import CalendarLink
from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.rules import GroupKind, Role
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.meetings.rules import MeetingKind
from engage.plan.actions import service as actions_service
from engage.plan.models import Action
from engage.plan.repeats import service as repeats_service
from engage.plan.repeats.rules import RepeatUnit, Rule, Series
from engage.plan.rules import ActionStatus, PlanStatus
from tests import factories
from tests.calendar.ics import Calendar, read
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.meetings.rows import make_meeting

ACCOUNT = "/account/messages"


def link_of(client: EngageClient) -> str:
    """Makes this person's calendar and returns its path."""
    assert client.send("/account/calendar").status == 303
    return (
        client.page(ACCOUNT)
        .one("#messages-calendar-link")
        .attributes["value"]
        .removeprefix("http://127.0.0.1")
    )


def calendar(client: EngageClient, path: str) -> Calendar:
    return read(client.get(path).get_data(as_text=True))


def test_it_holds_what_is_due_of_mine_and_my_meetings(member: EngageClient, client: EngageClient) -> None:
    me, plan = member.membership, factories.make_plan()
    boss = factories.make_membership(role=Role.COORDINATOR)
    action = factories.make_action(plan, title="Print cards", owner_id=me.id, due_on=date(2027, 3, 14))
    factories.make_action(plan, title="Not mine", owner_id=boss.id, due_on=date(2027, 3, 14))
    factories.make_action(plan, title="No day", owner_id=me.id)
    factories.make_action(
        plan, title="Done", owner_id=me.id, due_on=date(2027, 3, 1), status=ActionStatus.DONE
    )
    closed = factories.make_plan(status=PlanStatus.CLOSED)
    factories.make_action(closed, title="Of old", owner_id=me.id, due_on=date(2027, 3, 1))
    item = factories.make_item(owner_id=me.id, due_on=date(2027, 4, 1))
    factories.make_reader(factories.make_section(title="Our report", due_on=date(2027, 4, 2)), me)
    meeting = make_meeting(boss, title="Quarterly", place="Town hall", about="Bring cake.")
    found = calendar(client, link_of(member))
    assert [title[:12] for title in found.titles()] == [
        "Print cards",
        found.titles()[1][:12],
        "Our report",
        "Quarterly",
    ]
    due, tip, _reading, met = found.events
    assert (due["DTSTART;VALUE=DATE"], due["DTEND;VALUE=DATE"]) == ("20270314", "20270315")
    assert due["TRANSP"] == "TRANSPARENT"
    assert due["URL"] == f"http://127.0.0.1/c/riverbend/plan/actions/{action.number}"
    assert tip["URL"].endswith(item.key)
    assert met["DTSTART"] == meeting.starts_at.strftime("%Y%m%dT%H%M%SZ")
    # Titles and dates alone: the link may get into wrong hands.
    assert "LOCATION" not in met.lines
    assert "DESCRIPTION" not in met.lines
    assert found.head["REFRESH-INTERVAL;VALUE=DURATION"] == found.head["X-PUBLISHED-TTL"] == "PT12H"


def test_what_repeats_stands_in_it_a_year_ahead_each_date_once(
    member: EngageClient, client: EngageClient
) -> None:
    me, today = member.membership, clock.today("America/Chicago")
    action = factories.make_action(factories.make_plan(), title="Count", owner_id=me.id, due_on=today)
    quarterly = Series(Rule(RepeatUnit.MONTH_DAY, 3, today.day), today)
    repeats_service.begin(me, action, quarterly)
    db.session.commit()
    path = link_of(member)
    before = calendar(client, path)
    assert before.titles() == ["Count"] * 5
    days = [each["DTSTART;VALUE=DATE"] for each in before.events]
    assert days == [f"{day:%Y%m%d}" for day in islice(quarterly.dates(), 5)]
    actions_service.change(me, action, action.version, ActionStatus.DONE)
    db.session.commit()
    assert [each["DTSTART;VALUE=DATE"] for each in calendar(client, path).events] == days[1:]


def test_it_is_for_calendar_programs_not_for_stores_and_search_engines(
    member: EngageClient, client: EngageClient
) -> None:
    answer = client.get(link_of(member))
    assert answer.mimetype == "text/calendar"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "noindex" in answer.headers["X-Robots-Tag"]
    assert "Set-Cookie" not in answer.headers


def test_an_entry_keeps_its_uid_and_counts_its_changes(member: EngageClient, client: EngageClient) -> None:
    plan, path = factories.make_plan(), link_of(member)
    action = factories.make_action(plan, owner_id=member.membership.id, due_on=date(2027, 3, 14))
    before = calendar(client, path).events[0]
    row = db.session.get_one(Action, action.id)
    row.due_on, row.version = date(2027, 3, 21), 2
    db.session.commit()
    after = calendar(client, path).events[0]
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == ("0", "1")
    assert after["DTSTART;VALUE=DATE"] == "20270321"


def test_a_meeting_is_the_same_entry_as_in_its_own_file(member: EngageClient, client: EngageClient) -> None:
    meeting = make_meeting(member.membership)
    own = member.get(f"/c/riverbend/meetings/{meeting.id}/meeting.ics").get_data(as_text=True)
    (entry,) = calendar(client, link_of(member)).events
    assert f"UID:{entry['UID']}\r\n" in own


@pytest.mark.parametrize("how", ["left_on", "disabled_at", "approved_at"])
def test_a_coalition_one_leaves_drops_out_at_once(
    member: EngageClient, client: EngageClient, how: str
) -> None:
    other = factories.make_coalition(name="Bexar County", slug="bexar")
    place = factories.make_membership(coalition=other, user=db.session.merge(member.membership.user))
    for coalition, owner in ((None, member.membership), (other, place)):
        plan = factories.make_plan(**({"coalition": coalition} if coalition else {}))
        factories.make_action(plan, title="Act", owner_id=owner.id, due_on=date(2027, 1, 1))
    make_meeting(place, title="There")
    path = link_of(member)
    found = calendar(client, path)
    assert sorted(found.titles()) == [
        "Act (Bexar County)",
        "Act (Riverbend County Coalition)",
        "There (Bexar County)",
    ]
    assert any("/c/bexar/" in event["URL"] for event in found.events)
    row = db.session.get_one(Membership, place.id)
    setattr(row, how, {"left_on": date(2026, 1, 1), "disabled_at": clock.now(), "approved_at": None}[how])
    db.session.commit()
    assert calendar(client, path).titles() == ["Act"]


def test_a_new_link_ends_the_old_one_and_stopping_ends_it(member: EngageClient, client: EngageClient) -> None:
    first = link_of(member)
    second = link_of(member)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    assert client.head(second).status_code == 200
    member.send("/account/calendar/stop")
    assert client.get(second).status_code == 404
    assert not member.page(ACCOUNT).all("#messages-calendar-link")
    assert db.session.scalar(sa.select(sa.func.count(CalendarLink.id))) == 0


def test_an_account_that_is_closed_shows_nothing(member: EngageClient, client: EngageClient) -> None:
    path = link_of(member)
    user = member.membership.user
    assert user is not None
    user.disabled_at = clock.now()
    db.session.commit()
    assert client.get(path).status_code == 404


def test_the_database_alone_does_not_give_the_link_away(member: EngageClient) -> None:
    path = link_of(member)
    row = db.session.scalars(sa.select(CalendarLink)).one()
    token = path.removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) >= 43
    assert token not in (row.nonce, row.token_hash)


def test_a_link_of_an_earlier_key_still_works_and_is_not_shown(
    app: Flask,
    member: EngageClient,
    client_of: Callable[[Membership], EngageClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = link_of(member)
    monkeypatch.setitem(app.config, "SECRET_KEY", "another-key-another-key-another-key-another")
    again = client_of(member.membership)
    assert again.page(ACCOUNT).has("was made with an earlier key")
    assert again.get(path).status_code == 200


def test_a_viewer_has_no_dates_of_members(viewer: EngageClient, client: EngageClient) -> None:
    make_meeting(factories.make_membership(role=Role.COORDINATOR))
    assert calendar(client, link_of(viewer)).events == []


def test_past_meetings_stay_a_month_and_a_groups_are_its_members(
    member: EngageClient, client: EngageClient
) -> None:
    me, boss = member.membership, factories.make_membership(role=Role.COORDINATOR)
    groups = []
    for name, person in (("Ours", me), ("Theirs", boss)):
        group = factories.saved(
            Group(coalition_id=me.coalition_id, kind=GroupKind.WORKGROUP, name=name, sort_key=name)
        )
        factories.saved(GroupMember(coalition_id=me.coalition_id, group_id=group.id, membership_id=person.id))
        make_meeting(boss, title=name, kind=MeetingKind.WORKGROUP, group_id=group.id)
        groups.append(group)
    for title, days in (("Long ago", 40), ("Last week", 7)):
        meeting = make_meeting(boss, title=title)
        db.session.get_one(Meeting, meeting.id).starts_at = clock.now() - timedelta(days=days)
        db.session.commit()
    assert calendar(client, link_of(member)).titles() == ["Last week", "Ours"]


def test_any_letters_stay_whole(member: EngageClient, client: EngageClient) -> None:
    title = "Señal; «مرحبا», 100% \\ ok " * 4
    factories.make_action(
        factories.make_plan(), title=title.strip(), owner_id=member.membership.id, due_on=date(2027, 1, 1)
    )
    (found,) = calendar(client, link_of(member)).titles()
    assert found.replace("\\,", ",").replace("\\;", ";").replace("\\\\", "\\") == title.strip()


def test_the_number_of_queries_does_not_grow(member: EngageClient, client: EngageClient) -> None:
    path, plan, counts = link_of(member), factories.make_plan(), []
    for number in range(2):
        for _row in range(5):
            factories.make_action(plan, owner_id=member.membership.id, due_on=date(2027, 1, 1))
            make_meeting(member.membership, starts_at=datetime(2094, 1, 1 + number, tzinfo=UTC))
        with counted_queries() as statements:
            client.get(path)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_only_the_person_makes_or_stops_it(
    member: EngageClient, client: EngageClient, client_of: Callable[[Membership], EngageClient]
) -> None:
    path = link_of(member)
    assert client.send("/account/calendar/stop").status == 401
    assert member.send("/account/calendar/stop", token=False).status == 400
    client_of(factories.make_membership()).send("/account/calendar/stop")
    assert client.get(path).status_code == 200
