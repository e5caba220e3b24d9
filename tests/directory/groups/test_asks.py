"""Anyone here asks to join an open group; its lead or a coordinator answers kindly."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.rules import Role
from engage.directory.groups.asks import service
from engage.directory.groups.asks.models import GroupAsk
from engage.extensions import db
from tests.client import EngageClient
from tests.directory.groups.test_lead import make_group
from tests.factories import make_membership, saved, signed_in_client

GROUPS, TASKS = "/c/riverbend/people/groups/", "/c/riverbend/messages/"
WHY = "I speak Vietnamese and could translate the card."


@pytest.fixture
def lead(app: Flask) -> EngageClient:
    return signed_in_client(app, make_membership(name="Lena Ortiz"))


@pytest.fixture
def schools(lead: EngageClient) -> Group:
    return make_group("Schools", lead.membership, is_open=True)


def every_ask() -> list[GroupAsk]:
    return list(db.session.scalars(sa.select(GroupAsk).execution_options(populate_existing=True)))


def is_in(group: Group, person: Membership) -> bool:
    rows = sa.select(GroupMember.id).where(
        GroupMember.group_id == group.id, GroupMember.membership_id == person.id
    )
    return db.session.scalar(rows) is not None


def asked(member: EngageClient, group: Group, why: str = WHY) -> GroupAsk:
    assert member.send(f"{GROUPS}{group.id}/ask", why=why).status == 303
    return every_ask()[0]


def test_a_member_asks_and_the_lead_welcomes_them(
    lead: EngageClient, schools: Group, member: EngageClient
) -> None:
    assert member.page(f"{GROUPS}{schools.id}").one(".head-tools .btn-primary").text() == "Ask to join"
    assert member.page(f"{GROUPS}{schools.id}/ask").one("#why")
    ask = asked(member, schools)
    assert member.page(f"{GROUPS}{schools.id}").has("Withdraw my request")
    assert lead.page(TASKS).has("Dan Reyes asks to join Schools")
    assert lead.page(f"{GROUPS}{schools.id}").has(WHY)

    assert lead.send(f"{GROUPS}{schools.id}/asks/{ask.id}/welcome").status == 303

    assert is_in(schools, member.membership)
    assert member.page(TASKS).has("Welcome to Schools: you are in the group now.")
    assert not lead.page(TASKS).has("asks to join")
    member.send(f"{GROUPS}{schools.id}/ask/remove")
    assert every_ask() == [] and is_in(schools, member.membership)


def test_a_form_of_the_group_that_was_open_before_does_not_take_the_welcomed_out(
    coordinator: EngageClient, lead: EngageClient, schools: Group, member: EngageClient
) -> None:
    ask = asked(member, schools)
    edit = f"{GROUPS}{schools.id}/edit"
    opened = coordinator.page(edit).value("version")
    lead.send(f"{GROUPS}{schools.id}/asks/{ask.id}/welcome")
    only_lead = str(lead.membership.id)
    page = coordinator.send(
        edit, version=opened, kind="workgroup", name="Schools", lead=only_lead, members=[only_lead]
    )
    assert page.status == 409 and is_in(schools, member.membership)


def test_a_no_is_kind_and_leaves_the_door_open(
    coordinator: EngageClient, schools: Group, member: EngageClient
) -> None:
    ask = asked(member, schools)
    assert coordinator.page(TASKS).has("Dan Reyes asks to join Schools")
    page = coordinator.page(f"{GROUPS}{schools.id}/asks/{ask.id}/decline")
    assert page.has(WHY)
    coordinator.send(f"{GROUPS}{schools.id}/asks/{ask.id}/decline", answer="In May we start a second group.")
    seen = member.page(f"{GROUPS}{schools.id}")
    assert seen.has("Thank you for asking to join Schools") and seen.has("In May we start a second group.")
    assert not is_in(schools, member.membership)
    assert seen.one(".head-tools .btn-primary").text() == "Ask to join"
    asked(member, schools, why="")
    assert [(each.answered_at, each.answer, each.why) for each in every_ask()] == [(None, "", "")]


def test_a_member_withdraws(lead: EngageClient, schools: Group, member: EngageClient) -> None:
    key = asked(member, schools).id
    member.send(f"{GROUPS}{schools.id}/ask/remove")
    late = lead.send(f"{GROUPS}{schools.id}/asks/{key}/welcome")
    assert late.status == 409 and late.has("no longer waiting")
    assert not is_in(schools, member.membership)


def test_a_group_that_is_not_open_takes_no_requests(schools: Group, member: EngageClient) -> None:
    schools.is_open = False
    db.session.commit()
    assert not member.page(f"{GROUPS}{schools.id}").has("Ask to join")
    assert member.send(f"{GROUPS}{schools.id}/ask", why="").status == 409
    assert every_ask() == []


def test_whoever_is_in_it_asks_for_nothing(lead: EngageClient, schools: Group) -> None:
    assert lead.send(f"{GROUPS}{schools.id}/ask", why="").status == 409
    assert not lead.page(f"{GROUPS}{schools.id}").has("Ask to join")


def test_whom_a_coordinator_added_meanwhile_waits_no_longer(
    coordinator: EngageClient, schools: Group, member: EngageClient
) -> None:
    asked(member, schools)
    place = {"group_id": schools.id, "membership_id": member.membership.id}
    saved(GroupMember(coalition_id=schools.coalition_id, **place))
    assert not coordinator.page(TASKS).has("asks to join")
    assert not coordinator.page(f"{GROUPS}{schools.id}").has("Requests to join")


def test_a_case_in_the_request_is_asked_about(schools: Group, member: EngageClient) -> None:
    page = member.send(f"{GROUPS}{schools.id}/ask", why="My client's number is 555-201-3344.")
    assert page.status == 422 and page.value("why").startswith("My client")
    assert every_ask() == []


def test_only_the_lead_and_coordinators_see_and_answer_requests(
    app: Flask, schools: Group, member: EngageClient
) -> None:
    ask = asked(member, schools)
    others = [
        signed_in_client(app, make_membership()),
        signed_in_client(app, make_membership(role=Role.VIEWER)),
        member,
    ]
    other_lead = signed_in_client(app, make_membership())
    outreach = make_group("Outreach", other_lead.membership)
    for client in (*others, other_lead):
        assert client.send(f"{GROUPS}{schools.id}/asks/{ask.id}/welcome").status == 403
        assert client.send(f"{GROUPS}{schools.id}/asks/{ask.id}/decline", answer="No").status == 403
    assert not other_lead.page(f"{GROUPS}{schools.id}").has(WHY)
    assert not other_lead.page(TASKS).has("asks to join")
    # Nor does the address of their own group lead to it.
    assert other_lead.send(f"{GROUPS}{outreach.id}/asks/{ask.id}/welcome").status == 409
    assert every_ask()[0].answered_at is None and not is_in(schools, member.membership)


def test_answers_go_after_thirty_days_and_requests_with_whoever_left(
    lead: EngageClient, schools: Group, member: EngageClient
) -> None:
    ask = asked(member, schools)
    service.decline(ask, "Ask again in May.")
    db.session.commit()
    assert service.prune(clock.now() + timedelta(days=29)) == 0
    assert service.prune(clock.now() + timedelta(days=31)) == 1
    asked(member, schools)
    assert service.prune(clock.now() + timedelta(days=365)) == 0
    member.membership.left_on = clock.today("UTC")
    db.session.commit()
    assert not lead.page(f"{GROUPS}{schools.id}").has(WHY)
    assert service.prune(clock.now()) == 1


def test_a_role_in_the_group_is_words_and_no_right(
    app: Flask, lead: EngageClient, schools: Group, member: EngageClient
) -> None:
    saved(
        GroupMember(
            coalition_id=schools.coalition_id, group_id=schools.id, membership_id=member.membership.id
        )
    )
    path = f"{GROUPS}{schools.id}/people/{member.membership.id}"
    assert lead.page(path).all("datalist option[value='Backup lead']")
    assert lead.send(path, title="Backup lead and recorder").status == 303
    assert "Dan Reyes Backup lead and recorder" in lead.page(f"{GROUPS}{schools.id}").text(
        "#coalitions-members"
    )
    assert member.send(path, title="Lead").status == 403
    assert lead.send(path, title="x" * 81).status == 422
    outsider = make_membership()
    assert lead.get(f"{GROUPS}{schools.id}/people/{outsider.id}").status_code == 404
