"""A group's lead may do in the group what a coordinator may, and nowhere else, and nothing beside it."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.permissions import ALLOWED, LEAD_MAY_THERE, Permission
from engage.coalitions.rules import GroupKind, Role
from engage.directory.groups import service as groups_service
from engage.extensions import db
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.meetings.rules import MeetingKind, Outcome
from engage.plan.models import Action, Plan
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_membership,
    make_plan,
    saved,
    signed_in_client,
)
from tests.meetings.rows import PAST, make_decision, make_item, make_meeting

MEETINGS, ACTIONS, GROUPS = (
    "/c/riverbend/meetings/",
    "/c/riverbend/plan/actions/",
    "/c/riverbend/people/groups/",
)
UPDATED = {"created_by_id": None}  # not the lead's own


@pytest.fixture
def lead(app: Flask) -> EngageClient:
    """Returns a signed-in member who leads `schools`."""
    return signed_in_client(app, make_membership(name="Lena Ortiz"))


@pytest.fixture
def schools(lead: EngageClient) -> Group:
    return make_group("Schools", lead.membership)


def make_group(name: str, lead: Membership | None = None, **values: object) -> Group:
    by = lead or make_membership()
    made = Group(
        coalition_id=by.coalition_id,
        kind=GroupKind.WORKGROUP,
        name=name,
        sort_key=name.casefold(),
        lead_id=by.id,
        **values,
    )
    saved(made)
    saved(GroupMember(coalition_id=made.coalition_id, group_id=made.id, membership_id=by.id))
    return made


def make_its_meeting(group: Group | None, **values: object) -> Meeting:
    kind = MeetingKind.WORKGROUP if group else MeetingKind.GENERAL
    return make_meeting(
        make_membership(), kind=kind, group_id=group.id if group else None, **{"starts_at": PAST, **values}
    )


def make_its_action(group: Group | None, **values: object) -> Action:
    return make_action(
        db.session.scalar(sa.select(Plan)) or make_plan(),
        group_id=group.id if group else None,
        **{**UPDATED, **values},
    )


def count(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


# -- what the lead may do there


def test_a_lead_closes_and_reopens_a_meeting_of_the_group(lead: EngageClient, schools: Group) -> None:
    meeting = make_its_meeting(schools)
    assert lead.page(f"{MEETINGS}{meeting.id}/").has("Close the meeting")
    assert lead.send(f"{MEETINGS}{meeting.id}/close").status == 303
    assert db.session.get_one(Meeting, meeting.id, populate_existing=True).closed_at is not None
    assert lead.page(f"{MEETINGS}{meeting.id}/").has("Reopen the meeting")
    assert lead.send(f"{MEETINGS}{meeting.id}/reopen").status == 303


def test_a_lead_cancels_a_meeting_of_the_group_and_puts_it_back(lead: EngageClient, schools: Group) -> None:
    meeting = make_its_meeting(schools)
    gone = lead.send(f"{MEETINGS}{meeting.id}/delete")
    assert count(Meeting) == 0
    undo = lead.page(gone.location or "").one("form.undo").attributes["action"] or ""
    assert lead.send(undo).status == 303
    assert count(Meeting) == 1


def test_a_lead_deletes_decisions_and_dropped_items_of_the_groups_meetings(
    lead: EngageClient, schools: Group
) -> None:
    meeting = make_its_meeting(schools)
    decision = make_decision(meeting, make_membership())
    item = make_item(meeting, outcome=Outcome.DROPPED)
    assert lead.page(f"{MEETINGS}decisions/{decision.number}/").has("Delete this decision")
    assert lead.send(f"{MEETINGS}decisions/{decision.number}/delete").status == 303
    assert lead.send(f"{MEETINGS}{meeting.id}/agenda/{item.id}/delete").status == 303
    assert count(Decision) == count(AgendaItem) == 0


def test_a_lead_deletes_any_action_of_the_group_and_moves_it(lead: EngageClient, schools: Group) -> None:
    other = make_group("Outreach")
    action, given = make_its_action(schools), make_its_action(schools, title="Print the card")
    assert lead.page(f"{ACTIONS}{action.number}").has("Delete this action")
    assert lead.send(f"{ACTIONS}{action.number}/delete").status == 303
    answer = lead.send(
        f"{ACTIONS}{given.number}/edit", title="Print the card", version="1", group_id=str(other.id)
    )
    assert answer.status == 303
    assert db.session.get_one(Action, given.id, populate_existing=True).group_id == other.id
    assert lead.send(f"{ACTIONS}{given.number}/delete").status == 409


def test_what_is_added_from_the_room_is_the_groups(lead: EngageClient, schools: Group) -> None:
    make_plan()
    page = lead.page(f"{ACTIONS}new?workgroup={schools.id}")
    assert page.one("#group_id option[selected]").text() == "Schools"
    lead.send(f"{ACTIONS}new", title="Train the nurses", group_id=str(schools.id))
    assert db.session.scalars(sa.select(Action)).one().group_id == schools.id
    form = lead.page(f"{MEETINGS}new?workgroup={schools.id}")
    assert (form.value("title"), form.one("#group_id option[selected]").text()) == ("Schools", "Schools")


def test_what_a_groups_meeting_decides_is_the_groups_action(lead: EngageClient, schools: Group) -> None:
    make_plan()
    decision = make_decision(make_its_meeting(schools), lead.membership)
    lead.send(f"{MEETINGS}decisions/{decision.number}/action")
    assert db.session.scalars(sa.select(Action)).one().group_id == schools.id


# -- what the lead may not do elsewhere


@pytest.mark.parametrize("what", ["close", "reopen", "delete"])
@pytest.mark.parametrize("whose", ["another group's", "the coalition's"])
def test_a_lead_runs_no_other_meeting(lead: EngageClient, schools: Group, what: str, whose: str) -> None:
    meeting = make_its_meeting(make_group("Outreach") if whose == "another group's" else None)
    assert lead.send(f"{MEETINGS}{meeting.id}/{what}").status == 403
    assert lead.get(f"{MEETINGS}{meeting.id}/{what}").status_code == 403
    assert not lead.page(f"{MEETINGS}{meeting.id}/").has("Cancel this meeting")
    assert count(Meeting) == 1 and schools.lead_id == lead.membership.id


def test_a_lead_deletes_no_other_decision_item_or_action(lead: EngageClient, schools: Group) -> None:
    outreach = make_group("Outreach")
    meeting = make_its_meeting(outreach)
    decision = make_decision(meeting, make_membership())
    item = make_item(meeting, outcome=Outcome.DROPPED)
    assert lead.send(f"{MEETINGS}decisions/{decision.number}/delete").status == 403
    assert lead.send(f"{MEETINGS}{meeting.id}/agenda/{item.id}/delete").status == 409
    for action in (make_its_action(outreach), make_its_action(None)):
        assert lead.get(f"{ACTIONS}{action.number}/delete").status_code == 403
        assert lead.send(f"{ACTIONS}{action.number}/delete").status == 409
    assert (count(Decision), count(AgendaItem), count(Action)) == (1, 1, 2) and schools.id


def test_an_action_moved_into_ones_group_stays_where_it_was(lead: EngageClient, schools: Group) -> None:
    for action in (make_its_action(make_group("Outreach")), make_its_action(None)):
        before, path = action.group_id, f"{ACTIONS}{action.number}"
        assert not lead.page(f"{path}/edit").all("#group_id")
        sent = lead.send(f"{path}/edit", title="Mine now", version="1", group_id=str(schools.id))
        assert sent.status == 303
        assert db.session.get_one(Action, action.id, populate_existing=True).group_id == before
        assert lead.send(f"{path}/delete").status == 409


def test_an_action_under_ones_groups_goal_gives_no_right_over_it(lead: EngageClient, schools: Group) -> None:
    plan = make_plan()
    goal = make_goal(plan, group_id=schools.id)
    action = make_action(plan, goal_id=goal.id, **UPDATED)
    assert lead.send(f"{ACTIONS}{action.number}/delete").status == 409


@pytest.mark.parametrize("whose", ["another group's", "the coalition's"])
def test_a_meeting_moved_into_ones_group_stays_where_it_was(
    lead: EngageClient, schools: Group, whose: str
) -> None:
    meeting = make_its_meeting(make_group("Outreach") if whose == "another group's" else None)
    before, path = meeting.group_id, f"{MEETINGS}{meeting.id}"
    assert not lead.page(f"{path}/edit").all("#group_id")
    sent = lead.send(
        f"{path}/edit",
        kind="workgroup",
        group_id=str(schools.id),
        title="Mine now",
        day="2026-03-03",
        time="18:00",
        minutes="90",
        version="1",
    )
    assert sent.status == 303
    assert db.session.get_one(Meeting, meeting.id, populate_existing=True).group_id == before
    assert lead.send(f"{path}/close").status == 403


def test_a_goal_is_not_the_leads_to_move(lead: EngageClient, schools: Group) -> None:
    goal = make_goal(make_plan())
    assert lead.send(f"/c/riverbend/plan/goals/{goal.id}/edit", group_id=str(schools.id)).status == 403


# -- whose lead does not count


def test_a_viewer_who_leads_a_group_may_nothing(app: Flask) -> None:
    viewer = signed_in_client(app, make_membership(role=Role.VIEWER))
    meeting = make_its_meeting(make_group("Schools", viewer.membership))
    assert viewer.send(f"{MEETINGS}{meeting.id}/close").status == 403
    assert viewer.get(f"{GROUPS}{meeting.group_id}").status_code == 403


def test_another_coalitions_lead_finds_nothing(app: Flask, schools: Group) -> None:
    elsewhere = make_membership(coalition=make_coalition(slug="hilltop"))
    theirs = signed_in_client(app, elsewhere)
    make_group("Schools", elsewhere)
    meeting, action = make_its_meeting(schools), make_its_action(schools)
    for slug, status in (("riverbend", 404), ("hilltop", 403)):
        assert theirs.send(f"/c/{slug}/meetings/{meeting.id}/close").status == status
    assert theirs.send(f"/c/hilltop/plan/actions/{action.number}/delete").status == 404
    assert theirs.send(f"/c/hilltop/people/groups/{schools.id}/people/{schools.lead_id}").status == 403
    assert theirs.get(f"/c/hilltop/people/groups/{schools.id}").status_code == 404


def no_longer_lead(group: Group) -> None:
    group.lead_id = make_membership().id


def became_viewer(group: Group) -> None:
    db.session.get_one(Membership, group.lead_id).role = Role.VIEWER


def deleted(group: Group) -> None:
    groups_service.delete(group, make_membership(role=Role.COORDINATOR))


@pytest.mark.parametrize("ending", [no_longer_lead, became_viewer, deleted])
def test_what_the_lead_may_do_ends_with_the_lead(
    lead: EngageClient, schools: Group, ending: Callable[[Group], None]
) -> None:
    meeting, action = make_its_meeting(schools), make_its_action(schools)
    assert lead.get(f"{MEETINGS}{meeting.id}/close").status_code == 200
    ending(schools)
    db.session.commit()
    assert lead.send(f"{MEETINGS}{meeting.id}/close").status == 403
    assert lead.send(f"{ACTIONS}{action.number}/delete").status in {403, 409}
    assert (count(Meeting), count(Action)) == (1, 1)


def test_it_ends_when_the_lead_leaves(lead: EngageClient, schools: Group) -> None:
    meeting = make_its_meeting(schools)
    lead.membership.left_on = PAST.date()
    db.session.commit()
    assert lead.send(f"{MEETINGS}{meeting.id}/close").status == 404


def test_no_longer_lead_one_puts_nothing_back_that_one_deleted_as_the_lead(
    lead: EngageClient, schools: Group
) -> None:
    gone = lead.send(f"{MEETINGS}{make_its_meeting(schools).id}/delete")
    undo = lead.page(gone.location or "").one("form.undo").attributes["action"] or ""
    no_longer_lead(schools)
    db.session.commit()
    assert lead.send(undo).status == 404


# -- what a lead does not gain


def test_the_leads_row_of_the_table_is_of_coordinators_and_small() -> None:
    assert {each.name for each in LEAD_MAY_THERE} == {"CLOSE_MEETINGS", "DELETE_ACTIONS", "RUN_GROUP"}
    assert all(ALLOWED[each] == {Role.COORDINATOR} for each in LEAD_MAY_THERE)
    assert not LEAD_MAY_THERE & {
        Permission.WRITE_TO_PEOPLE,
        Permission.ANNOUNCE,
        Permission.RUN_ROUNDS,
        Permission.IMPORT,
        Permission.EXPORT,
        Permission.REDACT,
        Permission.MANAGE_PEOPLE,
        Permission.EDIT_PLAN,
        Permission.PUBLISH,
    }


@pytest.mark.parametrize(
    "path",
    [
        "people/addresses?to=group:{id}",
        "people/groups/{id}/edit",
        "people/write?to=group:{id}",
        "announcements/new?group={id}",
        "assessment/rounds/new",
        "plan/import/",
        "partners/import/",
        "people/import/",
        "settings/texts/remove",
        "people/addresses.csv?to=group:{id}",
    ],
)
def test_a_lead_gains_no_addresses_letters_rounds_imports_or_redaction(
    app: Flask, lead: EngageClient, schools: Group, path: str
) -> None:
    address = f"/c/riverbend/{path.format(id=schools.id)}"
    adapter = app.url_map.bind("localhost")
    adapter.match(address.partition("?")[0], method="GET")  # there is such a page
    assert lead.get(address).status_code == 403


def test_a_leads_page_offers_none_of_it_and_shows_no_address(lead: EngageClient, schools: Group) -> None:
    hidden = make_membership(name="Bo Ruiz", email="bo@example.org")
    saved(GroupMember(coalition_id=schools.coalition_id, group_id=schools.id, membership_id=hidden.id))
    page = lead.page(f"{GROUPS}{schools.id}")
    assert page.has("Bo Ruiz")
    for words in (
        "Write to this group",
        "Copy e-mail",
        "Post an announcement",
        "Edit the group",
        "bo@example",
    ):
        assert not page.has(words)
