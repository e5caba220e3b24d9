"""Contacts of an organization: main, alternate, others."""

from typing import Any

import pytest
import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners.models import Contact, Conversation, Organization
from engage.partners.rules import ContactPlace, places_after, places_joined
from tests.client import EngageClient
from tests.factories import make_affiliation, make_coalition, make_membership, make_organization
from tests.html import Page

PARTNERS = "/c/riverbend/partners/"
MAIN, ALTERNATE, OTHER = ContactPlace
FILLED = {
    "name": "Keisha Hall",
    "job": "Night desk",
    "place": "main",
    "may_commit": "yes",
    "membership_id": "0",
    "email": "Keisha@Example.org",
    "phone": "555-0101",
}


def add(client: EngageClient, organization: Organization, **fields: Any) -> Page:
    return client.send(f"{PARTNERS}{organization.id}/contacts/new", **{**FILLED, **fields})


def shown(client: EngageClient, organization: Organization) -> list[str]:
    return client.page(f"{PARTNERS}{organization.id}/").texts("#partners-contacts li > div")


def contact(name: str) -> Contact:
    db.session.expire_all()
    return db.session.scalars(sa.select(Contact).where(Contact.name == name)).one()


# -- who has which place


@pytest.mark.parametrize(
    ("before", "wanted", "after"),
    [
        ({9: OTHER}, MAIN, {9: MAIN}),
        ({1: MAIN, 9: OTHER}, MAIN, {1: ALTERNATE, 9: MAIN}),
        ({1: MAIN, 2: ALTERNATE, 9: OTHER}, MAIN, {1: OTHER, 2: ALTERNATE, 9: MAIN}),
        ({1: MAIN, 9: ALTERNATE}, MAIN, {1: ALTERNATE, 9: MAIN}),
        ({1: MAIN, 2: ALTERNATE, 9: OTHER}, ALTERNATE, {1: MAIN, 2: OTHER, 9: ALTERNATE}),
        ({1: MAIN, 9: ALTERNATE}, OTHER, {1: MAIN, 9: OTHER}),
        ({9: MAIN}, MAIN, {9: MAIN}),
    ],
)
def test_whoever_held_a_place_makes_room(
    before: dict[int, ContactPlace], wanted: ContactPlace, after: dict[int, ContactPlace]
) -> None:
    assert places_after(before, 9, wanted) == after


@pytest.mark.parametrize(
    ("kept", "joining", "after"),
    [
        ({}, {7: MAIN, 8: ALTERNATE, 9: OTHER}, {7: MAIN, 8: ALTERNATE, 9: OTHER}),
        ({}, {9: OTHER}, {9: OTHER}),
        ({1: MAIN}, {7: MAIN, 8: ALTERNATE}, {1: MAIN, 7: ALTERNATE, 8: OTHER}),
        ({1: MAIN}, {7: ALTERNATE, 8: MAIN}, {1: MAIN, 7: OTHER, 8: ALTERNATE}),
        ({1: MAIN, 2: ALTERNATE}, {7: MAIN, 8: ALTERNATE}, {1: MAIN, 2: ALTERNATE, 7: OTHER, 8: OTHER}),
        ({2: ALTERNATE}, {7: MAIN, 8: ALTERNATE}, {2: ALTERNATE, 7: MAIN, 8: OTHER}),
        ({1: OTHER}, {8: ALTERNATE}, {1: OTHER, 8: ALTERNATE}),
    ],
)
def test_of_two_organizations_contacts_those_of_the_kept_one_stay(
    kept: dict[int, ContactPlace], joining: dict[int, ContactPlace], after: dict[int, ContactPlace]
) -> None:
    assert places_joined(kept, joining) == after


# -- pages


def test_a_contact_is_added_and_shown_with_whether_they_may_commit(member: EngageClient) -> None:
    harbor = make_organization(name="Harbor House")
    page = member.page(f"{PARTNERS}{harbor.id}/contacts/new")
    assert page.one("[name=place][checked]").attributes["value"] == "main"
    assert add(member, harbor).status == 303
    assert shown(member, harbor) == [
        "Keisha Hall Main contact, Night desk May commit the organization: yes. 555-0101 , keisha@example.org"
    ]
    assert add(member, harbor, name="Ann", may_commit="", place="alternate", job="").status == 303
    assert "May commit the organization: not asked yet." in shown(member, harbor)[1]
    # The list names the main one.
    assert "Keisha Hall" in member.page(PARTNERS).text(".partner-table tbody tr")


def test_a_new_main_contact_moves_the_one_before_to_the_alternates_place(member: EngageClient) -> None:
    harbor = make_organization()
    for name in ("First", "Second", "Third"):
        add(member, harbor, name=name)
    places = [contact(name).place for name in ("First", "Second", "Third")]
    assert places == [ALTERNATE, OTHER, MAIN]
    assert len(shown(member, harbor)) == 3


@pytest.mark.parametrize("name", ["Sinéad O'Connor <b>", "فاطمة الزهراء", "n" * 200])
def test_names_of_all_kinds_are_kept(member: EngageClient, name: str) -> None:
    harbor = make_organization()
    assert add(member, harbor, name=name).status == 303
    assert member.page(f"{PARTNERS}{harbor.id}/").text("#partners-contacts li strong") == name


def test_a_contact_needs_a_name_and_a_place(member: EngageClient) -> None:
    harbor = make_organization()
    page = add(member, harbor, name="", place="", email="x", phone="555-0101")
    assert page.status == 422 and page.value("phone") == "555-0101"
    assert page.errors == [
        "Enter the person’s name.",
        "Enter an e-mail address like name@example.org.",
        "Choose the kind of contact.",
    ]
    assert add(member, harbor, name="n" * 201).status == 422


def test_a_contact_may_be_a_member_and_leads_to_their_page(member: EngageClient) -> None:
    harbor = make_organization(name="Harbor House")
    rosa = make_membership(name="Rosa Diaz")
    make_affiliation(rosa, harbor)
    page = member.page(f"{PARTNERS}{harbor.id}/")
    link = next(each for each in page.all("#partners-people a.btn"))
    form = member.page(link.attributes["href"] or "")
    assert (form.value("name"), form.value("membership_id")) == ("Rosa Diaz", str(rosa.id))
    assert add(member, harbor, name="Rosa Diaz", membership_id=str(rosa.id)).status == 303
    page = member.page(f"{PARTNERS}{harbor.id}/")
    assert page.one("#partners-contacts strong a").attributes["href"] == f"/c/riverbend/people/{rosa.id}"
    elsewhere = make_membership(coalition=make_coalition())
    assert add(member, harbor, membership_id=str(elsewhere.id)).status == 422


def test_editing_a_contact_notes_states_and_no_texts(member: EngageClient) -> None:
    harbor = make_organization()
    add(member, harbor)
    url = f"{PARTNERS}contacts/{contact('Keisha Hall').id}/edit"
    page = member.page(url)
    assert page.one("[name=may_commit][checked]").attributes["value"] == "yes"
    changed = {**FILLED, "job": "Director", "may_commit": "no", "place": "other"}
    assert member.send(url, **changed, version=page.value("version")).status == 303
    assert (contact("Keisha Hall").job, contact("Keisha Hall").may_commit) == ("Director", False)
    entries = db.session.execute(
        sa.select(HistoryEntry.field, HistoryEntry.old, HistoryEntry.new)
        .where(HistoryEntry.thing == "partners_contact")
        .order_by(HistoryEntry.id)
    )
    assert [tuple(entry) for entry in entries] == [
        ("added", None, None),
        ("job", None, None),
        ("place", "main", "other"),
        ("may_commit", "1", "0"),
    ]


def test_two_people_editing_a_contact_at_once_see_both_texts(
    member: EngageClient, coordinator: EngageClient
) -> None:
    add(member, make_organization())
    url = f"{PARTNERS}contacts/{contact('Keisha Hall').id}/edit"
    opened = {**FILLED, "version": member.page(url).value("version")}
    assert coordinator.send(url, **{**opened, "job": "Theirs"}).status == 303
    page = member.send(url, **{**opened, "job": "Mine"})
    assert page.status == 409 and page.texts(".conflict-text") == ["Theirs", "Mine"]
    assert member.send(url, **{**FILLED, "job": "Mine", "version": page.value("version")}).status == 303
    assert contact("Keisha Hall").job == "Mine"


def test_a_second_press_is_told_that_the_contact_was_saved(member: EngageClient) -> None:
    add(member, make_organization())
    url = f"{PARTNERS}contacts/{contact('Keisha Hall').id}/edit"
    opened = {**FILLED, "email": "keisha@example.org", "version": member.page(url).value("version")}
    assert [member.send(url, **opened).status, (page := member.send(url, **opened)).status] == [303, 409]
    assert page.texts(".two-texts h2") == ["Someone saved this after you opened it"]


def test_a_form_that_was_open_before_does_not_take_the_main_contacts_place_back(
    member: EngageClient, coordinator: EngageClient
) -> None:
    harbor = make_organization()
    add(member, harbor, name="Ana")
    url = f"{PARTNERS}contacts/{contact('Ana').id}/edit"
    opened = member.page(url).value("version")
    add(coordinator, harbor, name="Ben")
    page = member.send(url, **{**FILLED, "name": "Ana", "phone": "555-0199", "version": opened})
    assert page.status == 409
    assert page.texts(".conflict-text")[:2] == ["Alternate contact", "Main contact"]
    assert (contact("Ana").place, contact("Ben").place) == (ALTERNATE, MAIN)


def test_a_contact_who_was_deleted_leaves_the_conversations_without_the_name(
    member: EngageClient, coordinator: EngageClient
) -> None:
    harbor = make_organization()
    add(coordinator, harbor)
    keisha = contact("Keisha Hall")
    form = {"happened_on": "2026-01-15", "contact_id": str(keisha.id), "note": "A first talk.", "level": ""}
    assert member.send(f"{PARTNERS}{harbor.id}/conversations/new", **form).status == 303
    url = f"{PARTNERS}contacts/{keisha.id}/delete"
    # Someone else's stays, but for coordinators.
    assert member.page(url).has("Only a coordinator can delete")
    assert member.send(url).status == 409
    assert coordinator.send(url).status == 303
    assert not db.session.scalar(sa.select(sa.func.count(Contact.id)))
    assert db.session.scalars(sa.select(Conversation)).one().contact_id is None
    page = member.page(f"{PARTNERS}{harbor.id}/")
    assert page.has("A first talk.") and not page.has("Keisha")


def test_whoever_added_a_contact_may_delete_it(member: EngageClient) -> None:
    harbor = make_organization()
    add(member, harbor)
    assert member.send(f"{PARTNERS}contacts/{contact('Keisha Hall').id}/delete").status == 303
    assert not db.session.scalar(sa.select(sa.func.count(Contact.id)))


def test_a_contact_of_whom_the_member_has_left_can_still_be_edited(member: EngageClient) -> None:
    harbor, rosa = make_organization(), make_membership(name="Rosa Diaz")
    add(member, harbor, name="Rosa Diaz", membership_id=str(rosa.id))
    place = db.session.get_one(Membership, rosa.id)
    place.left_on = place.joined_at.date()
    db.session.commit()
    url = f"{PARTNERS}contacts/{contact('Rosa Diaz').id}/edit"
    page = member.page(url)
    assert page.value("membership_id") == str(rosa.id)
    form = {**FILLED, "name": "Rosa Diaz", "membership_id": str(rosa.id), "version": page.value("version")}
    assert member.send(url, **form).status == 303
