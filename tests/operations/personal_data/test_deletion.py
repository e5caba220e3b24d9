"""Deleting one's own account: the name is gone everywhere, the work stays, and someone can always let others in."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.accounts.models import SignedIn, Throttle, User
from engage.coalitions.models import Membership
from engage.coalitions.rules import PersonState, Role
from engage.errors import WrongState
from engage.extensions import db
from engage.operations.personal_data import service as personal_data_service
from engage.snapshots import Snapshot
from engage.toolkit.models import Note
from tests import rows
from tests.accounts.rows_of_a_person import EMAIL, NAME, everything_written, everywhere, naming, pointing_at
from tests.client import EngageClient
from tests.factories import (
    PASSWORD,
    make_action,
    make_coalition,
    make_membership,
    make_note,
    make_organization,
    make_plan,
    make_user,
    signed_in_client,
)

DELETE = "/account/delete"
# Columns that point at a place whose rows go with the account; all others stay and point at the former member.
GO = {
    "coalitions_invitation.claims_id",
    "coalitions_invitation.created_by_id",  # here: an invitation to the person's own address
    "coalitions_membership_discipline.membership_id",
    "messages_look.membership_id",
    "toolkit_note.author_id",  # here: a note that only they could read
    "toolkit_reply.author_id",  # here: a reply to it
}


def test_of_every_column_that_points_at_a_person_something_is_decided_and_the_name_is_nowhere(
    app: Flask,
) -> None:
    places = everywhere()
    client = signed_in_client(app, places[0])
    ids, user_id = [place.id for place in places], places[0].user_id
    assert user_id is not None
    before = {name: naming(name, ids) for name in pointing_at(Membership)}
    assert all(before.values()), [name for name, count in before.items() if not count]
    assert all(naming(name, [user_id]) for name in pointing_at(User))
    assert client.send(DELETE).location == "/sign-in"
    assert not [name for name in pointing_at(User) if naming(name, [user_id])]
    after = {name: naming(name, ids) for name in pointing_at(Membership)}
    assert {name for name, count in after.items() if not count} == GO
    stay = (
        pointing_at(Membership) - GO - {"history_entry.actor_id", "coalitions_audit.actor_id"}
    )  # leaving is a step
    assert {name: before[name] for name in stay} == {name: after[name] for name in stay}
    for table, text in everything_written().items():
        for word in (NAME, EMAIL, "quartermain", "555-0100"):
            assert word.casefold() not in text.casefold(), f"{table} still holds {word}"


def test_the_place_becomes_a_former_member_whose_work_can_be_handed_over(
    coordinator: EngageClient, member: EngageClient
) -> None:
    place_id = member.membership.id
    action = make_action(make_plan(), title="Print the flyer", owner_id=place_id)
    make_note(member.membership, text="For all.", is_shared=True)
    make_note(member.membership, text="For me alone.", is_shared=False)
    assert member.send(DELETE).location == "/sign-in"
    place = db.session.get_one(Membership, place_id)
    assert (place.state, place.left_on, place.user_id, place.role) == (
        PersonState.LEFT,
        clock.today("America/Chicago"),
        None,
        Role.MEMBER,
    )
    assert place.name == f"Former member {place_id}"
    page = coordinator.page(f"/c/riverbend/people/{place_id}/hand-over")
    assert page.has("Print the flyer")
    handed = coordinator.send(f"/c/riverbend/people/{place_id}/hand-over", to=str(coordinator.membership.id))
    assert handed.status == 303
    db.session.refresh(action)
    assert action.owner_id == coordinator.membership.id
    assert db.session.scalars(sa.select(Note.text)).all() == ["For all."]
    assert coordinator.page(f"/c/riverbend/plan/actions/{action.number}").status == 200


def test_every_session_ends_and_the_address_is_free_again(app: Flask, member: EngageClient) -> None:
    user = db.session.get_one(User, member.membership.user_id)
    email, phone = user.email, signed_in_client(app, member.membership)
    answer = member.send(DELETE)
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert phone.get("/account/").status_code == member.get("/account/").status_code == 303
    assert member.page("/sign-in").has("Your account is deleted.")
    assert db.session.scalars(sa.select(SignedIn)).all() == []
    assert phone.send("/sign-in", email=email, password=PASSWORD).status == 422
    make_user(email=email)


def test_tries_at_the_account_are_forgotten(app: Flask, client: EngageClient, member: EngageClient) -> None:
    user = db.session.get_one(User, member.membership.user_id)
    client.send("/sign-in", email=user.email, password="not this one at all")
    before = db.session.scalar(sa.select(sa.func.count(Throttle.key)).where(Throttle.key.like("account:%")))
    member.send(DELETE)
    after = db.session.scalar(sa.select(sa.func.count(Throttle.key)).where(Throttle.key.like("account:%")))
    assert (before, after) == (1, 0)


def test_the_page_says_what_goes_and_what_stays(member: EngageClient) -> None:
    page = member.page(DELETE)
    assert page.has("you become a former member with a number")
    assert page.has("What you wrote for a coalition stays with it, without your name.")
    assert page.has("Backups made up to today keep everything until they are deleted.")
    assert page.all("a[href='/c/riverbend/people/me/hand-over']")
    assert member.page("/account/").all(f"a[href='{DELETE}']")


def test_the_last_coordinator_is_told_what_to_do_first_and_stays(
    coordinator: EngageClient, member: EngageClient
) -> None:
    page = coordinator.page(DELETE)
    assert page.has("Not yet: you are the only coordinator")
    assert not page.all("main form")
    refused = coordinator.send(DELETE)
    assert (refused.status, refused.has("You are the only coordinator of a coalition.")) == (409, True)
    assert coordinator.page("/c/riverbend/").status == 200
    member.membership.role = Role.COORDINATOR
    db.session.commit()
    assert coordinator.send(DELETE).location == "/sign-in"


def test_the_last_admin_stays_too(app: Flask) -> None:
    place = make_membership(user=make_user(is_admin=True))
    admin = signed_in_client(app, place)
    assert admin.page(DELETE).has("Not yet: you are the only admin of this site")
    assert admin.send(DELETE).status == 409
    make_user(is_admin=True)
    assert admin.send(DELETE).location == "/sign-in"


def test_two_last_coordinators_who_go_at_once_do_not_both_go(app: Flask) -> None:
    ids = [make_membership(role=Role.COORDINATOR).user_id for _each in range(2)]

    def go(user_id: int | None) -> Any:
        with app.app_context(), app.test_request_context(method="POST"):
            try:
                personal_data_service.delete(db.session.get_one(User, user_id))
                db.session.commit()
                return True
            except WrongState:
                db.session.rollback()
                return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(go, ids)) == [False, True]
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 1


def test_a_person_in_no_coalition_and_one_who_left_can_go_as_well(app: Flask) -> None:
    place = make_membership(left_on=clock.today(), coalition=make_coalition(), phone="555-0100")
    client = signed_in_client(app, place)
    assert client.send(DELETE).location == "/sign-in"
    db.session.refresh(place)
    assert (place.name, place.phone) == (f"Former member {place.id}", "")


@pytest.mark.parametrize("path", [DELETE, "/account/export"])
def test_the_password_is_asked_for_where_it_was_given_long_ago(member: EngageClient, path: str) -> None:
    db.session.execute(sa.update(SignedIn).values(proved_at=None))
    db.session.commit()
    page = member.send(path)
    assert (page.status, page.has("Is this you?")) == (401, True)
    assert db.session.get(User, member.membership.user_id) is not None


def test_who_they_were_and_what_they_wrote_for_themselves_goes_from_the_trash_too(
    member: EngageClient, coordinator: EngageClient
) -> None:
    me = member.membership
    note = make_note(me, text="For me alone.", is_shared=False)
    organization = make_organization(name="County Library")
    names = {"name": "Dan Brooks", "sort_key": "dan brooks", "email": "dan@library.example"}
    values = {"organization_id": organization.id, "membership_id": me.id, "place": "main", **names}
    rows.insert(db.metadata.tables["partners_contact"], values, coalition=me.coalition_id)
    db.session.commit()
    assert member.send(f"/c/riverbend/toolkit/notes/{note.id}/delete").status == 303
    assert coordinator.send(f"/c/riverbend/partners/{organization.id}/delete").status == 303

    member.send(DELETE)

    # A row's own repr would cut what is long.
    left = " ".join(str(each) for each in db.session.scalars(sa.select(Snapshot.rows))).casefold()
    assert "county library" in left
    assert [text for text in ("alone", "brooks", "dan@") if text in left] == []
