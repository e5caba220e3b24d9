"""The inbox: late, this week, new for me; what is seen; where else something waits."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from engage import history
from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.rules import GroupKind, Role
from engage.extensions import db
from engage.meetings.rules import MeetingKind
from engage.messages.models import Look
from engage.plan.models import Action
from engage.plan.rules import ActionStatus
from tests import factories
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.meetings.rows import make_meeting

INBOX = "/c/riverbend/messages/"
# A Wednesday morning in Chicago.
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)
TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def time(app: object) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


def given(action: Action, person: Membership, by: Membership | None) -> None:
    """Hands an action to someone, as the plan records it."""
    action.owner_id = person.id
    history.record(
        action.coalition_id, by.id if by else None, "plan_action", action.id, "owner_id", new=person.id
    )
    db.session.commit()


def test_each_thing_stands_in_one_list_the_late_first(member: EngageClient) -> None:
    me, plan = member.membership, factories.make_plan()
    for title, days in (("B", -1), ("A", -9), ("C", 0), ("D", 6), ("E", 12)):
        factories.make_action(plan, title=title, owner_id=me.id, due_on=TODAY + timedelta(days=days))
    factories.make_item(owner_id=me.id)
    page = member.page(INBOX)
    assert page.texts("#messages-late .row-link") == ["A", "B"]
    assert page.texts("#messages-week .row-link") == ["C", "D"]
    # Made by no one after this person came.
    assert page.texts("#messages-new .row-link") == []
    assert len(page.all("#messages-later .row-link")) == 2


def test_nothing_waiting_is_said_with_thanks(member: EngageClient) -> None:
    page = member.page(INBOX)
    assert page.has("You have no tasks right now")
    assert not page.all(".messages-seen")


def test_what_others_gave_me_is_new_until_i_have_seen_it(
    member: EngageClient, time: time_machine.Traveller
) -> None:
    me, plan = member.membership, factories.make_plan()
    boss = factories.make_membership(role=Role.COORDINATOR)
    mine = factories.make_action(plan, title="Mine by myself", owner_id=me.id)
    passed_on = factories.make_action(plan, title="Passed on", created_by_id=boss.id)
    late = factories.make_action(plan, title="Late already", due_on=date(2026, 11, 1), created_by_id=boss.id)
    time.shift(60)
    given(mine, me, me)
    given(passed_on, me, boss)
    given(late, me, boss)
    factories.make_action(plan, title="Made for me", owner_id=me.id, created_by_id=boss.id)
    factories.make_action(plan, title="I made it", owner_id=me.id, created_by_id=me.id)
    make_meeting(boss, title="Far away", starts_at=NOW + timedelta(days=90))
    make_meeting(me, title="I planned it", starts_at=NOW + timedelta(days=90))
    page = member.page(INBOX)
    assert sorted(page.texts("#messages-new .row-link")) == ["Far away", "Made for me", "Passed on"]
    # What is new and late is late, and says that it is new.
    assert page.text("#messages-late") == "Late 1 24 days late Late already New You. Due Nov 1."
    time.shift(60)
    answer = member.send(f"{INBOX}seen", shown_at=page.value("shown_at"))
    assert (answer.status, answer.location) == (303, INBOX)
    page = member.page(INBOX)
    assert not page.all("#messages-new, .messages-seen")
    assert "New" not in page.text("#messages-late")


def test_what_came_while_the_page_was_open_stays_new(
    member: EngageClient, time: time_machine.Traveller
) -> None:
    plan, boss = factories.make_plan(), factories.make_membership(role=Role.COORDINATOR)
    time.shift(60)
    factories.make_action(plan, title="First", created_by_id=boss.id, owner_id=member.membership.id)
    time.shift(60)
    shown_at = member.page(INBOX).value("shown_at")
    time.shift(60)
    factories.make_action(plan, title="Second", created_by_id=boss.id, owner_id=member.membership.id)
    time.shift(60)
    member.send(f"{INBOX}seen", shown_at=shown_at)
    assert member.page(INBOX).texts("#messages-new .row-link") == ["Second"]


@pytest.mark.parametrize("sent", ["", "soon", "2099-01-01T00:00:00+00:00", "1969-01-01T00:00:00+00:00"])
def test_a_moment_that_is_none_counts_as_now_and_never_as_later(member: EngageClient, sent: str) -> None:
    assert member.send(f"{INBOX}seen", shown_at=sent).status == 303
    assert db.session.scalars(sa.select(Look.looked_at)).all() == [NOW]


def test_seeing_again_moves_forward_and_never_back(
    member: EngageClient, time: time_machine.Traveller
) -> None:
    for shown_at in (NOW - timedelta(minutes=5), NOW, NOW - timedelta(minutes=9)):
        member.send(f"{INBOX}seen", shown_at=shown_at.isoformat())
    assert db.session.scalars(sa.select(Look.looked_at)).all() == [NOW]


def test_meetings_of_the_week_are_shown_and_a_workgroups_only_to_its_people(
    member: EngageClient, time: time_machine.Traveller
) -> None:
    boss = factories.make_membership(role=Role.COORDINATOR)
    group = Group(
        coalition_id=boss.coalition_id, kind=GroupKind.WORKGROUP, name="Outreach", sort_key="outreach"
    )
    factories.saved(group)
    factories.saved(GroupMember(coalition_id=boss.coalition_id, group_id=group.id, membership_id=boss.id))
    time.shift(60)
    starts_at = datetime(2026, 11, 27, 0, tzinfo=UTC)
    make_meeting(boss, title="Ours", starts_at=starts_at)
    make_meeting(boss, title="Theirs", kind=MeetingKind.WORKGROUP, group_id=group.id, starts_at=starts_at)
    page = member.page(INBOX)
    assert page.text("#messages-week") == (
        "This week 1 Meeting Ours New Nov 26, 6:00 PM. You have not said whether you are coming."
    )


def test_things_of_another_coalition_are_named_by_their_number(
    member: EngageClient, client_of: Callable[[Membership], EngageClient]
) -> None:
    other = factories.make_coalition(name="Bexar County", slug="bexar")
    place = factories.make_membership(
        coalition=other, user=db.session.merge(member.membership.user), name="Dan Reyes"
    )
    plan = factories.make_plan(coalition=other)
    factories.make_action(plan, title="There", owner_id=place.id, due_on=date(2026, 11, 1))
    factories.make_action(plan, title="Stuck", owner_id=place.id, status=ActionStatus.STUCK, reason="Help.")
    page = member.page(INBOX)
    assert page.text("#messages-elsewhere") == "In your other coalitions Bexar County 2 tasks, 1 is late."
    assert page.one("#messages-elsewhere a").attributes["href"] == "/c/bexar/messages/"
    assert "There" not in page.html
    place.left_on = date(2026, 11, 2)
    db.session.commit()
    assert not member.page(INBOX).all("#messages-elsewhere")


def test_home_and_the_menu_lead_to_it_and_nothing_waits_for_viewers(
    member: EngageClient, viewer: EngageClient
) -> None:
    factories.make_item(owner_id=member.membership.id)
    home = member.page("/c/riverbend/")
    assert home.one("#home-waiting .card-more a").attributes["href"] == INBOX
    assert home.all(f".menu-wide nav a[href='{INBOX}']")
    assert viewer.get(INBOX).status_code == 403
    assert INBOX not in viewer.page("/c/riverbend/").html


def test_the_number_of_queries_does_not_grow_with_the_rows(member: EngageClient) -> None:
    me, plan = member.membership, factories.make_plan()
    boss = factories.make_membership(role=Role.COORDINATOR)
    counts = []
    for _round in range(2):
        for number in range(5):
            factories.make_action(plan, owner_id=me.id, created_by_id=boss.id, due_on=TODAY)
            factories.make_reader(factories.make_section(), me)
            make_meeting(boss, title=f"M{number}", starts_at=NOW + timedelta(days=number))
        with counted_queries() as statements:
            member.page(INBOX)
        counts.append(len(statements))
    assert counts[0] == counts[1]
