"""A group's page gathers what belongs to it, as far as the reader may see it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.coalitions.announcements.models import Announcement
from engage.coalitions.models import Group, GroupMember
from engage.coalitions.rules import GroupKind
from engage.documents.models import Document
from engage.documents.rules import DocumentKind, Readers
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.meetings.rules import MeetingKind
from engage.plan.models import Action, Goal
from engage.plan.rules import ActionStatus
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.directory.groups.test_lead import make_group
from tests.factories import make_action, make_goal, make_membership, make_plan, saved, signed_in_client
from tests.meetings.rows import COMING, PAST, make_meeting

GROUPS = "/c/riverbend/people/groups/"


@pytest.fixture
def lead(app: Flask) -> EngageClient:
    return signed_in_client(app, make_membership(name="Lena Ortiz"))


@pytest.fixture
def schools(lead: EngageClient) -> Group:
    return make_group("Schools", lead.membership, purpose="Teach staff what to look for.")


def announce(group: Group | None, title: str) -> Announcement:
    by = make_membership()
    made: Announcement = saved(
        Announcement(
            coalition_id=by.coalition_id,
            title=title,
            text="Come.",
            until_on=clock.today("UTC") + timedelta(days=9),
            group_id=group.id if group else None,
            is_public=False,
            posted_at=clock.now(),
            posted_by_id=by.id,
            version=1,
        )
    )
    return made


def meet(group: Group | None, **values: object) -> Meeting:
    kind = MeetingKind.WORKGROUP if group else MeetingKind.GENERAL
    return make_meeting(make_membership(), kind=kind, group_id=group.id if group else None, **values)


def test_an_empty_room_says_what_comes_and_offers_the_first_action(
    lead: EngageClient, member: EngageClient, schools: Group
) -> None:
    page = lead.page(f"{GROUPS}{schools.id}")
    assert page.one(".head-tools .btn-primary").text() == "Add an action"
    assert page.has("Teach staff what to look for.") and page.has("Lead: Lena Ortiz")
    assert page.has("This group has no actions yet.") and page.has("No meeting is planned.")
    assert not member.page(f"{GROUPS}{schools.id}").all(".head-tools .btn-primary")


def test_a_room_shows_what_is_late_first_then_what_is_next(lead: EngageClient, schools: Group) -> None:
    plan, today = make_plan(), clock.today("America/Chicago")
    goal = make_goal(plan, title="Schools know the signs", group_id=schools.id)
    make_action(plan, title="Print", due_on=today + timedelta(days=3), group_id=schools.id)
    make_action(plan, title="Train", due_on=today - timedelta(days=3), goal_id=goal.id)
    make_action(
        plan, title="Ask", status=ActionStatus.DONE, done_on=today, goal_id=goal.id, group_id=schools.id
    )
    make_action(plan, title="Of others", group_id=make_group("Outreach").id, goal_id=goal.id)
    make_action(plan, title="Of nobody")
    page = lead.page(f"{GROUPS}{schools.id}")
    assert page.texts("#coalitions-next .row-link") == ["Train", "Print"]
    assert page.has("1 late") and page.has("1 action done.")
    assert page.has("Schools know the signs") and page.has("1 of 3 actions done")


def test_many_actions_are_cut_and_lead_to_the_plan(lead: EngageClient, schools: Group) -> None:
    plan = make_plan()
    for number in range(9):
        make_action(plan, title=f"Visit {number}", group_id=schools.id)
    make_action(plan, title="Of nobody")
    page = lead.page(f"{GROUPS}{schools.id}")
    assert len(page.all("#coalitions-next .waiting-row")) == 6
    assert page.has("See all 9 open actions in the plan")
    listed = lead.page(f"/c/riverbend/plan/?workgroup={schools.id}")
    assert listed.has("Visit 8") and not listed.has("Of nobody")


def test_a_room_has_its_meetings_with_minutes_and_its_announcements(
    lead: EngageClient, schools: Group
) -> None:
    meet(schools, title="School visits", starts_at=COMING)
    held = meet(schools, title="First round", starts_at=PAST, closed_at=PAST)
    meet(None, title="Everyone")
    announce(schools, "New flyer")
    announce(None, "Potluck")
    announce(make_group("Outreach"), "Vans")
    page = lead.page(f"{GROUPS}{schools.id}")
    assert page.texts("#coalitions-meetings .row-link") == ["School visits", "First round"]
    assert page.one(f"#coalitions-meetings a[href='/c/riverbend/meetings/{held.id}/minutes']")
    assert page.text("#coalitions-next .row-link") == "School visits"
    assert page.texts("#coalitions-announcements .row-link") == ["New flyer"]


def test_a_room_has_the_documents_that_its_reader_may_see(
    app: Flask, lead: EngageClient, member: EngageClient, schools: Group
) -> None:
    for title, readers in (("Charter", Readers.MEMBERS), ("Notes of visits", Readers.GROUP)):
        saved(
            Document(
                coalition_id=schools.coalition_id,
                title=title,
                link="https://example.org/d",
                kind=DocumentKind.OTHER,
                group_id=schools.id,
                readers=readers,
            )
        )
    path = f"{GROUPS}{schools.id}"
    assert lead.page(path).texts("#coalitions-documents .row-link") == ["Charter", "Notes of visits"]
    assert member.page(path).texts("#coalitions-documents .row-link") == ["Charter"]


def test_what_is_announced_to_a_group_is_not_shown_to_others_in_its_room(
    member: EngageClient, schools: Group
) -> None:
    announce(schools, "New flyer")
    assert not member.page(f"{GROUPS}{schools.id}").has("New flyer")


def test_the_core_teams_room_has_its_meetings(coordinator: EngageClient) -> None:
    team = make_group("Core team", coordinator.membership)
    team.kind = GroupKind.CORE_TEAM
    make_meeting(coordinator.membership, kind=MeetingKind.CORE_TEAM, title="Agenda for May")
    assert coordinator.page(f"{GROUPS}{team.id}").text("#coalitions-next .row-link") == "Agenda for May"


def test_deleting_a_group_leaves_its_goals_and_actions_and_restoring_ties_them_again(
    coordinator: EngageClient, schools: Group
) -> None:
    plan = make_plan()
    goal, meeting = make_goal(plan, group_id=schools.id), meet(schools)
    action = make_action(plan, group_id=schools.id)
    gone = coordinator.send(f"{GROUPS}{schools.id}/delete")

    def groups() -> list[int | None]:
        keys = ((Goal, goal.id), (Action, action.id), (Meeting, meeting.id))
        return [db.session.scalar(sa.select(model.group_id).where(model.id == key)) for model, key in keys]

    assert groups() == [None, None, None]
    undo = coordinator.page(gone.location or "").one("form.undo").attributes["action"] or ""
    coordinator.send(undo)
    back = db.session.scalars(sa.select(Group)).one()
    assert groups() == [back.id, back.id, back.id]


def test_a_goal_gets_its_group_in_its_form_and_says_so(coordinator: EngageClient, schools: Group) -> None:
    goal = make_goal(make_plan())
    path = f"/c/riverbend/plan/goals/{goal.id}"
    assert coordinator.page(f"{path}/edit").one("details #group_id")
    coordinator.send(f"{path}/edit", title="Schools know", version="1", group_id=str(schools.id))
    assert coordinator.page(path).has("Group: Schools")


def test_a_coalition_without_groups_is_not_asked_for_one(coordinator: EngageClient) -> None:
    goal = make_goal(make_plan())
    assert not coordinator.page(f"/c/riverbend/plan/goals/{goal.id}/edit").all("#group_id")
    assert not coordinator.page("/c/riverbend/plan/actions/new").all("#group_id")


def test_a_viewer_filters_by_no_group(viewer: EngageClient, schools: Group) -> None:
    make_action(make_plan(), title="Of nobody")
    page = viewer.page(f"/c/riverbend/plan/?workgroup={schools.id}")
    assert page.has("Of nobody") and not page.has("Schools")


def test_a_full_room_takes_as_many_queries_as_a_small_one(lead: EngageClient, schools: Group) -> None:
    plan = make_plan()

    def fill() -> None:
        make_action(plan, group_id=schools.id)
        make_goal(plan, group_id=schools.id)
        meet(schools)
        announce(schools, "New flyer")
        place = {"group_id": schools.id, "membership_id": make_membership().id}
        saved(GroupMember(coalition_id=schools.coalition_id, **place))

    def asked() -> int:
        with counted_queries() as statements:
            lead.page(f"{GROUPS}{schools.id}")
        return len(statements)

    fill()
    few = asked()
    for _round in range(4):
        fill()
    assert asked() == few
    assert few <= 20
