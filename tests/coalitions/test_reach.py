"""Whose address a coordinator sees, whose a member, and from when on."""

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.coalitions import reach
from engage.coalitions.models import Membership
from engage.coalitions.rules import PersonState, Role, sees_email
from engage.extensions import db
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.directory.joining.test_joining import NEW, bound_link, go_on
from tests.factories import make_coalition, make_membership, signed_in_client

PEOPLE = "/c/riverbend/people/"
TODAY = clock.today("America/Chicago")


@pytest.mark.parametrize("reader", Role)
@pytest.mark.parametrize("state", PersonState)
@pytest.mark.parametrize("has_account", [True, False])
@pytest.mark.parametrize("shows_email", [True, False])
@pytest.mark.parametrize("has_understood", [True, False])
def test_an_address_is_seen_by_whom_its_owner_was_told(
    reader: Role, state: PersonState, has_account: bool, shows_email: bool, has_understood: bool
) -> None:
    seen = sees_email(
        reader, has_account=has_account, shows_email=shows_email, has_understood=has_understood, state=state
    )
    if state is PersonState.LEFT:
        assert not seen
    elif shows_email:
        assert seen
    elif reader is not Role.COORDINATOR:
        assert not seen
    else:
        assert seen is (has_understood or not has_account)


def test_a_coordinator_reaches_every_person_but_those_not_told_yet(
    coordinator: EngageClient, member: EngageClient
) -> None:
    told = make_membership(name="Told Tina", phone="512 555 0143")
    make_membership(name="Untold Uma", understood_at=None)
    shows = make_membership(name="Shows Sam", understood_at=None, shows_email=True)
    make_membership(name="Paper Pat", user=None, email="pat@example.org")
    make_membership(name="Gone Gus", left_on=TODAY)
    make_membership(name="Paused Pia", disabled_at=clock.now())
    make_membership(name="Waiting Wes", approved_at=None)
    make_membership(coalition=make_coalition(slug="lakeside", name="Lakeside"), name="Elsewhere Eve")
    assert told.user is not None and shows.user is not None
    mine = {coordinator.membership.id, member.membership.id}
    with counted_queries() as statements:
        found = [each for each in reach.reached(coordinator.membership) if each.id not in mine]
    assert len(statements) == 1
    assert {each.name: (each.email, each.phone) for each in found} == {
        "Paper Pat": ("pat@example.org", ""),
        "Shows Sam": (shows.user.email, ""),
        "Told Tina": (told.user.email, ""),
        "Untold Uma": ("", ""),
    }
    only = reach.reached(coordinator.membership, {told.id})
    assert [(each.name, each.email) for each in only] == [("Told Tina", told.user.email)]
    of_member = {each.name: each.email for each in reach.reached(member.membership)}
    assert (of_member["Told Tina"], of_member["Shows Sam"]) == ("", shows.user.email)
    assert of_member["Paper Pat"] == ""


def test_an_address_from_before_appears_when_its_owner_presses_understood_and_goes_when_they_leave(
    app: Flask, coordinator: EngageClient, member: EngageClient
) -> None:
    dan = make_membership(name="Dan Reyes", understood_at=None)
    assert dan.user is not None
    email, browser = dan.user.email, signed_in_client(app, dan)

    def seen_by(client: EngageClient) -> list[bool]:
        return [client.page(path).has(email) for path in (PEOPLE, f"{PEOPLE}{dan.id}")]

    asked = browser.page("/c/riverbend/plan/")
    assert asked.has("Yours stays hidden until you press Understood")
    assert seen_by(coordinator) == [False, False]
    back = browser.send("/c/riverbend/people/me/understood", next="/c/riverbend/plan/")
    assert (back.status, back.location) == (303, "/c/riverbend/plan/")
    assert seen_by(coordinator) == [True, True]
    assert seen_by(member) == [False, False]
    assert not browser.page("/c/riverbend/plan/").all(".banner-asks")
    browser.send("/c/riverbend/people/me/leave")
    assert seen_by(coordinator) == [False, False]


def test_who_shows_the_address_to_all_is_asked_only_once_they_hide_it(
    app: Flask, coordinator: EngageClient
) -> None:
    dan = make_membership(name="Dan Reyes", understood_at=None, shows_email=True)
    assert dan.user is not None
    email, browser = dan.user.email, signed_in_client(app, dan)
    assert not browser.page("/c/riverbend/").all(".banner-asks")
    assert coordinator.page(PEOPLE).has(email)
    dan.shows_email = False
    db.session.commit()
    assert browser.page("/c/riverbend/").all(".banner-asks")
    assert not coordinator.page(PEOPLE).has(email)


def test_understood_leads_to_no_other_site(member: EngageClient) -> None:
    path = "/c/riverbend/people/me/understood"
    for wanted in ("https://evil.example/", "//evil.example", "/c/lakeside/", ""):
        assert member.send(path, next=wanted).location == "/c/riverbend/"


def test_who_joins_is_told_on_the_page_and_asked_nothing_later(
    client: EngageClient, coordinator: EngageClient
) -> None:
    page = go_on(client, bound_link(coordinator.membership))
    assert page.has("The coalition’s coordinators see it, so that they can write to you")
    client.send("/join", **NEW)
    place = db.session.scalars(sa.select(Membership).where(Membership.name == "Ann Lee")).one()
    assert place.understood_at is not None
    assert not client.page("/c/riverbend/").all(".banner-asks")
    assert coordinator.page(PEOPLE).has("ann@example.org")
