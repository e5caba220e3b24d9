"""The ready text that reminds a person."""

from datetime import UTC, date, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.checklist.rules import ItemState
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.plan.models import Plan
from engage.plan.rules import ActionStatus
from tests import factories
from tests.client import EngageClient
from tests.html import Page
from tests.messages.letters.posted import mailing

NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _on_a_wednesday_morning(app: object) -> object:
    with time_machine.travel(NOW, tick=False):
        yield


def make_person(**overrides: object) -> Membership:
    """Makes someone with a late action."""
    person = factories.make_membership(**{"name": "Dan Reyes", **overrides})
    factories.make_action(
        factories.make_plan(coalition=person.coalition),
        title="Print cards & posters",
        number=12,
        owner_id=person.id,
        due_on=date(2026, 11, 22),
    )
    return person


def href(page: Page, scheme: str) -> str:
    return page.one(f"main a[href^='{scheme}:']").attributes["href"] or ""


def test_the_text_says_what_by_when_and_where(coordinator: EngageClient) -> None:
    dan = make_person()
    page = coordinator.page(f"/c/riverbend/remind/{dan.id}")
    assert page.one("#home-remind-text").text() == (
        "Hello Dan,\n\nYour tasks in Riverbend County Coalition:\n\n- Print cards & posters "
        "(action 12): was due Nov 22, 3 days late\n\nHere is the link: "
        "http://127.0.0.1/c/riverbend/\n\nThank you!\nMaria Santos"
    )
    assert page.one("button[data-copy]").attributes["data-copy"] == "home-remind-text"


def test_a_reminder_sent_from_a_persons_own_page_is_remembered_where_all_are(
    coordinator: EngageClient,
) -> None:
    dan = make_person()
    page = coordinator.page(f"/c/riverbend/remind/{dan.id}")
    assert page.text("main form") == "I sent it"
    listed = coordinator.send(page.one("main form").attributes["action"] or "").location or ""
    assert "Reminded on Nov 25 by Maria Santos." in coordinator.page(listed).text(
        f"#messages-reminder-{dan.id}"
    )


def test_where_mail_reaches_the_person_sending_it_from_here_is_the_first_button(
    app: Flask, monkeypatch: pytest.MonkeyPatch, coordinator: EngageClient
) -> None:
    dan = make_person(user=None, email="dan@example.org")
    there = f"/c/riverbend/remind/{dan.id}"
    assert coordinator.page(there).texts(".btn-primary") == ["Copy the text"]
    with mailing(app, monkeypatch):
        assert coordinator.page(there).texts(".btn-primary") == ["Send by e-mail"]
        dan.email = ""
        db.session.commit()
        assert coordinator.page(there).texts(".btn-primary") == ["Copy the text"]


def test_stuck_soon_and_undated_things_are_said_as_they_are(coordinator: EngageClient) -> None:
    dan = factories.make_membership(name="Dan Reyes")
    plan = factories.make_plan()
    factories.make_action(plan, title="A", owner_id=dan.id, status=ActionStatus.STUCK, reason="Help.")
    factories.make_action(plan, title="B", owner_id=dan.id, due_on=date(2026, 11, 25))
    factories.make_action(plan, title="C", owner_id=dan.id, due_on=date(2026, 11, 28))
    factories.make_item(owner_id=dan.id, state=ItemState.IN_PROGRESS)
    text = coordinator.page(f"/c/riverbend/remind/{dan.id}").text("#home-remind-text")
    assert "stuck, no due date" in text
    assert "due today" in text
    assert "due Nov 28" in text
    assert "(Tips for Success): no due date" in text


def test_a_long_list_is_cut_so_that_links_can_hold_it(coordinator: EngageClient) -> None:
    dan = make_person()
    plan = db.session.scalars(sa.select(Plan)).one()
    for _ in range(11):
        factories.make_action(plan, owner_id=dan.id, due_on=date(2026, 11, 26))
    text = coordinator.page(f"/c/riverbend/remind/{dan.id}").text("#home-remind-text")
    assert text.count("(action ") == 10
    assert "- and 2 more" in text


def test_mail_and_messages_carry_the_whole_text(coordinator: EngageClient) -> None:
    page = coordinator.page(f"/c/riverbend/remind/{make_person(understood_at=None).id}")
    text = page.one("#home-remind-text").text()
    mail, sms = urlsplit(href(page, "mailto")), urlsplit(href(page, "sms"))
    assert (mail.path, sms.path) == ("", "")
    assert parse_qs(mail.query)["body"] == [text.replace("\n", "\r\n")]
    assert parse_qs(mail.query)["subject"] == ["Engage: 1 thing waits"]
    assert parse_qs(sms.query)["body"] == [text]


def test_an_address_is_used_only_when_coordinators_see_it(coordinator: EngageClient) -> None:
    dan = make_person(phone="(915) 555-0142", understood_at=None)
    assert dan.user is not None
    page = coordinator.page(f"/c/riverbend/remind/{dan.id}")
    assert dan.user.email not in page.html
    assert "555-0142" not in page.html
    assert "5550142" not in page.html
    dan.shows_email = dan.shows_phone = True
    db.session.commit()
    page = coordinator.page(f"/c/riverbend/remind/{dan.id}")
    assert href(page, "mailto").startswith(f"mailto:{dan.user.email}?")
    assert href(page, "sms").startswith("sms:9155550142?")


def test_a_person_without_account_is_written_to_at_the_stored_address_and_gets_no_link(
    coordinator: EngageClient,
) -> None:
    dan = make_person(user=None, email="dan@example.org", phone="915-555-0142")
    page = coordinator.page(f"/c/riverbend/remind/{dan.id}")
    assert href(page, "mailto").startswith("mailto:dan@example.org?")
    assert href(page, "sms").startswith("sms:9155550142?")
    assert "Please let me know how it's going." in page.text("#home-remind-text")
    assert "http" not in page.text("#home-remind-text")


def test_nothing_to_remind_of_is_said(coordinator: EngageClient) -> None:
    dan = factories.make_membership(name="Dan Reyes")
    page = coordinator.page(f"/c/riverbend/remind/{dan.id}")
    assert page.has("Dan Reyes has nothing that is late, stuck, or due soon.")
    assert not page.all("main a[href^='mailto:']")


def test_people_who_left_wait_or_are_elsewhere_do_not_exist(coordinator: EngageClient) -> None:
    left = factories.make_membership(left_on=date(2026, 11, 1))
    waiting = factories.make_membership(approved_at=None)
    disabled = factories.make_membership(disabled_at=clock.now())
    stranger = make_person(coalition=factories.make_coalition())
    for person in (left, waiting, disabled, stranger):
        assert coordinator.get(f"/c/riverbend/remind/{person.id}").status_code == 404
    assert coordinator.get("/c/riverbend/remind/999999").status_code == 404


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_only_coordinators_remind(role: Role, member: EngageClient, viewer: EngageClient) -> None:
    client = member if role is Role.MEMBER else viewer
    assert client.get(f"/c/riverbend/remind/{make_person().id}").status_code == 403
