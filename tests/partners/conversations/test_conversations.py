"""Conversations with an organization, and how firm the relationship is after each."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners.models import Conversation, Organization
from engage.partners.organizations.pages.organization import CONVERSATIONS_ON_A_PAGE
from engage.partners.rules import ContactPlace
from tests import databases
from tests.client import EngageClient
from tests.factories import make_organization
from tests.html import Page
from tests.partners.imports.test_import_pages import make_contact

PARTNERS = "/c/riverbend/partners/"


def log(client: EngageClient, organization: Organization, **fields: Any) -> Page:
    given = {"happened_on": "2026-03-02", "with_whom": "The director", "note": "We met.", "level": "1"}
    return client.send(f"{PARTNERS}{organization.id}/conversations/new", **{**given, **fields})


def level(organization: Organization) -> int | None:
    db.session.expire_all()
    return db.session.get_one(Organization, organization.id).level


def conversation(note: str = "We met.") -> Conversation:
    db.session.expire_all()
    return db.session.scalars(sa.select(Conversation).where(Conversation.note == note)).one()


def page_of(client: EngageClient, organization: Organization) -> Page:
    return client.page(f"{PARTNERS}{organization.id}/")


def test_a_conversation_is_logged_with_a_date_and_a_word(member: EngageClient) -> None:
    harbor = make_organization(name="Harbor House")
    form = member.page(f"{PARTNERS}{harbor.id}/conversations/new")
    assert form.value("happened_on") == clock.today("America/Chicago").isoformat()
    assert not form.all("[name=contact_id]")
    assert log(member, harbor).status == 303
    page = page_of(member, harbor)
    assert page.text("#partners-conversations li .partners-conversation-head") == (
        "March 2, 2026 with The director 1: Networking"
    )
    assert page.has("We met.") and page.has("Written by Dan Reyes.")
    assert page.text("#partners-relationship strong") == "1: Networking"
    assert level(harbor) == 1


def test_the_level_has_a_dated_history_and_is_what_the_newest_conversation_says(member: EngageClient) -> None:
    harbor = make_organization()
    log(member, harbor, happened_on="2026-03-02", level="1")
    log(member, harbor, happened_on="2026-06-01", level="3", note="June")
    # A note from before comes in late; one without a level says nothing about it.
    log(member, harbor, happened_on="2026-04-01", level="1", note="April")
    log(member, harbor, happened_on="2026-07-01", level="", note="July")
    assert level(harbor) == 3
    assert page_of(member, harbor).texts(".partners-levels li") == [
        "3: Coordination since June 1, 2026",
        "1: Networking since March 2, 2026",
    ]
    member.send(f"{PARTNERS}conversations/{conversation('June').id}/delete")
    assert level(harbor) == 1
    for note in ("We met.", "April"):
        member.send(f"{PARTNERS}conversations/{conversation(note).id}/delete")
    assert level(harbor) is None
    moves = db.session.execute(
        sa.select(HistoryEntry.old, HistoryEntry.new)
        .where(HistoryEntry.thing == "partners_organization", HistoryEntry.field == "level")
        .order_by(HistoryEntry.id)
    )
    assert [tuple(move) for move in moves] == [(None, "1"), ("1", "3"), ("3", "1"), ("1", None)]


def test_of_two_conversations_on_one_day_the_one_logged_last_counts(member: EngageClient) -> None:
    harbor = make_organization()
    log(member, harbor, level="4")
    log(member, harbor, level="2", note="Later that day")
    assert level(harbor) == 2


def test_viewers_see_how_firm_and_since_when_and_no_word_of_what_was_said(
    member: EngageClient, viewer: EngageClient
) -> None:
    harbor = make_organization()
    log(member, harbor, level="1")
    log(member, harbor, level="2", happened_on="2026-05-01")
    page = page_of(viewer, harbor)
    assert page.texts(".partners-levels li")[0] == "2: Cooperation since May 1, 2026"
    assert not any(page.has(words) for words in ("We met.", "The director", "Dan Reyes", "Conversations"))


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("happened_on", "", "Enter the date."),
        ("happened_on", "2026-02-31", "Enter the date as year-month-day"),
        (
            "happened_on",
            (clock.today("America/Chicago") + timedelta(days=3)).isoformat(),
            "This day is in the future.",
        ),
        ("level", "6", "Not a valid choice"),
        ("contact_id", "99999", "Not a valid choice"),
        ("with_whom", "w" * 201, "at most 200 characters"),
    ],
)
def test_what_cannot_be_is_refused_and_the_note_kept(
    member: EngageClient, field: str, value: str, message: str
) -> None:
    harbor = make_organization()
    make_contact(harbor, ContactPlace.MAIN, "Ann")
    page = log(member, harbor, **{field: value})
    assert page.status == 422 and page.value("note") == "We met."
    assert not db.session.scalar(sa.select(sa.func.count(Conversation.id)))
    assert any(message in error for error in page.errors)


def test_a_note_with_details_of_a_person_is_warned_about(member: EngageClient) -> None:
    page = log(member, make_organization(), note="Call her at 312-555-0147.")
    assert page.status == 422 and page.has("This looks like it contains a phone number")


def test_one_edits_and_deletes_ones_own_alone(member: EngageClient, coordinator: EngageClient) -> None:
    harbor = make_organization()
    log(member, harbor)
    url = f"{PARTNERS}conversations/{conversation().id}/"
    page = member.page(f"{url}edit")
    assert page.one("[name=level][checked]").attributes["value"] == "1"
    assert page.value("with_whom") == "The director"
    form = {"happened_on": "2026-03-03", "with_whom": "", "note": "Anew.", "level": "2"}
    assert member.send(f"{url}edit", **form, version=page.value("version")).status == 303
    assert (conversation("Anew.").happened_on, level(harbor)) == (date(2026, 3, 3), 2)
    # Someone else neither changes it nor, but for coordinators, deletes it.
    assert not page_of(coordinator, harbor).all(f"a[href='{url}edit']")
    assert coordinator.get(f"{url}edit").status_code == 404
    assert coordinator.send(f"{url}edit", **form, version="2").status == 404
    assert coordinator.send(f"{url}delete").status == 303
    log(coordinator, harbor, note="Hers.")
    theirs = f"{PARTNERS}conversations/{conversation('Hers.').id}/delete"
    assert member.page(theirs).has("Only a coordinator can delete")
    assert member.send(theirs).status == 409


def test_a_conversation_saved_in_another_window_meanwhile_shows_both_texts(member: EngageClient) -> None:
    harbor = make_organization()
    log(member, harbor)
    url = f"{PARTNERS}conversations/{conversation().id}/edit"
    form = {"happened_on": "2026-03-02", "with_whom": "The director", "level": "1", "version": "1"}
    assert member.send(url, **form, note="On the phone.").status == 303
    page = member.send(url, **form, note="At the desk.")
    assert page.status == 409 and page.texts(".conflict-text") == ["On the phone.", "At the desk."]
    assert conversation("On the phone.").version == 2


def test_many_conversations_have_pages_and_cost_no_more_queries(member: EngageClient) -> None:
    harbor = make_organization()

    def counted() -> int:
        with databases.counted_queries() as statements:
            page_of(member, harbor)
        return len(statements)

    log(member, harbor, note="Number 0")
    few = counted()
    for number in range(1, CONVERSATIONS_ON_A_PAGE + 2):
        log(member, harbor, note=f"Number {number}")
    assert counted() == few
    page = page_of(member, harbor)
    assert len(page.all(".partners-conversation-rows > li")) == CONVERSATIONS_ON_A_PAGE and page.has(
        "Number 11"
    )
    following = page.one("#partners-conversations .pages a[rel=next]").attributes["href"] or ""
    assert [
        text.split()[-1] for text in member.page(following).texts(".partners-conversation-rows .plan-text")
    ] == [
        "1",
        "0",
    ]


def test_the_main_contact_is_offered_first(member: EngageClient) -> None:
    harbor = make_organization()
    for name, place in (("Ann", "other"), ("Zoe", "main")):
        fields = {"name": name, "place": place, "membership_id": "0"}
        member.send(f"{PARTNERS}{harbor.id}/contacts/new", **fields)
    form = member.page(f"{PARTNERS}{harbor.id}/conversations/new")
    assert form.texts("[name=contact_id] option") == ["Someone else", "Zoe", "Ann"]
    zoe = form.value("contact_id")
    assert log(member, harbor, contact_id=zoe, with_whom="ignored").status == 303
    assert (conversation().contact_id, conversation().with_whom) == (int(zoe), "")
    assert "with Zoe" in page_of(member, harbor).text(".partners-conversation-head")
