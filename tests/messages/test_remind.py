"""Tests who is reminded, with a text for each; who was told; slips of paper."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage.accounts.sign_in_links.rules import masked
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.messages.models import Told
from engage.plan.models import Plan
from engage.plan.rules import ActionStatus
from tests import factories
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.html import Page
from tests.messages.letters.posted import mailing, run

REMIND = "/c/riverbend/messages/remind"
NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def time(app: object) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


def make_owner(
    name: str = "Dan Reyes", title: str = "Print cards & posters", **overrides: object
) -> Membership:
    """Makes someone with an action that is three days late."""
    person = factories.make_membership(name=name, **overrides)
    plan = db.session.scalar(sa.select(Plan).where(Plan.coalition_id == person.coalition_id))
    factories.make_action(
        plan or factories.make_plan(coalition=person.coalition),
        title=title,
        owner_id=person.id,
        due_on=date(2026, 11, 22),
    )
    return person


def text_of(page: Page, person: Membership) -> str:
    return page.one(f"#messages-reminder-{person.id}-text").text().strip()


def link_of(page: Page, person: Membership, scheme: str) -> str:
    return page.one(f"#messages-reminder-{person.id} a[href^='{scheme}:']").attributes["href"] or ""


def test_everybody_for_whom_something_waits_has_a_ready_text(coordinator: EngageClient) -> None:
    dan, quiet = make_owner(), factories.make_membership(name="Quiet Person")
    reader = factories.make_membership(name="Reading Person")
    factories.make_reader(factories.make_section(), coordinator.membership)
    factories.make_reader(factories.make_section(), reader)
    page = coordinator.page(REMIND)
    assert page.texts(".reminder-name") == ["Dan Reyes", "Reading Person"]
    assert page.text(f"#messages-reminder-{dan.id} .tag") == "1 late"
    assert text_of(page, dan).startswith("Hello Dan,\n\nYour tasks in Riverbend County Coalition:")
    assert "was due Nov 22, 3 days late" in text_of(page, dan)
    assert "http://127.0.0.1/c/riverbend/" in text_of(page, dan)
    assert "readonly" in page.one(f"#messages-reminder-{dan.id}-text").attributes
    assert quiet.name not in page.text(".reminders")


def test_where_mail_is_set_up_reminders_go_out_in_one_press_as_they_stand_there(
    app: Flask, monkeypatch: pytest.MonkeyPatch, coordinator: EngageClient
) -> None:
    dan = make_owner(user=None, email="dan@example.org")
    eve = make_owner(name="Eve Hall", user=None, email="eve@example.org")
    make_owner(name="No Mail", user=None)
    assert not coordinator.page(REMIND).all("form[action$='/send']")
    assert coordinator.send(f"{REMIND}/send").status == 404
    with mailing(app, monkeypatch) as post:
        page = coordinator.page(REMIND)
        text = text_of(page, dan)
        assert page.text(".btn-primary") == "Remind 2 by e-mail"
        coordinator.send(f"{REMIND}/{dan.id}/send")
        assert coordinator.page(REMIND).has("A reminder to Dan Reyes is on its way by e-mail.")
        assert coordinator.page(REMIND).text(".btn-primary") == "Remind 1 by e-mail"
        coordinator.send(f"{REMIND}/send")
        coordinator.send(f"{REMIND}/send")
        assert run(post.port).sent == 2
    assert post.recipients == ["dan@example.org", "eve@example.org"]
    plain = post.mails[0].get_body(("plain",))
    assert plain is not None
    assert str(plain.get_content()).replace("\r\n", "\n").startswith(text)
    told = set(db.session.scalars(sa.select(Told.membership_id)))
    assert told == {dan.id, eve.id}


def test_a_mailed_reminder_links_to_the_page_by_way_of_its_readers_own_address(
    app: Flask, monkeypatch: pytest.MonkeyPatch, coordinator: EngageClient, client: EngageClient
) -> None:
    dan = make_owner(understood_at=NOW, shows_email=True)
    assert dan.user is not None
    with mailing(app, monkeypatch) as post:
        coordinator.send(f"{REMIND}/{dan.id}/send")
        assert run(post.port).sent == 1
        plain = post.mails[0].get_body(("plain",))
        assert plain is not None
        [link] = re.findall(r"http://127\.0\.0\.1(/from-mail/\S+/c/riverbend/)\s", str(plain.get_content()))
        assert "http://127.0.0.1/c/" not in str(plain.get_content())
        asked = client.page(client.get(link).headers["Location"])
    assert asked.has("Send me a sign-in link") and asked.has(f"It goes to {masked(dan.user.email)}.")


def test_links_carry_the_whole_text_well_encoded(coordinator: EngageClient) -> None:
    title = "Ask 50% & more? #1 + «años» = 'q' \"w\" <b>"
    dan = make_owner(title=title, user=None, email="dan+work@example.org", phone="(915) 555-0142")
    page = coordinator.page(REMIND)
    text = text_of(page, dan)
    assert title in text
    mail, sms = urlsplit(link_of(page, dan, "mailto")), urlsplit(link_of(page, dan, "sms"))
    assert mail.path == "dan%2Bwork@example.org"
    assert parse_qs(mail.query)["body"] == [text.replace("\n", "\r\n")]
    assert sms.path == "9155550142"
    assert parse_qs(sms.query)["body"] == [text]
    assert "+" not in mail.query + sms.query  # mail programs show it as it is


def test_a_text_that_is_too_long_for_a_mail_link_is_cut_there_with_a_count(
    coordinator: EngageClient,
) -> None:
    dan = make_owner()
    plan = db.session.scalars(sa.select(Plan)).one()
    for _ in range(6):
        factories.make_action(plan, title="Ñ" * 120, owner_id=dan.id, due_on=date(2026, 11, 24))
    page = coordinator.page(REMIND)
    link = link_of(page, dan, "mailto")
    assert len(link) <= 1800
    assert "more" in parse_qs(urlsplit(link).query)["body"][0]
    assert text_of(page, dan).count("Ñ" * 120) == 6


def test_owners_without_an_account_are_there_and_those_who_left_are_not(coordinator: EngageClient) -> None:
    without = make_owner("No Account", user=None)
    make_owner("Gone Person", left_on=date(2026, 11, 1))
    make_owner("Elsewhere Person", coalition=factories.make_coalition())
    page = coordinator.page(REMIND)
    assert page.texts(".reminder-name") == ["No Account"]
    assert "1 task, no account." in page.text(f"#messages-reminder-{without.id}")


def test_the_coordinator_marks_whom_they_told_and_it_shows_when_and_by_whom(
    coordinator: EngageClient, time: time_machine.Traveller
) -> None:
    dan = make_owner()
    assert "Not reminded yet." in coordinator.page(REMIND).text(f"#messages-reminder-{dan.id}")
    assert coordinator.page(REMIND).text(f"#messages-reminder-{dan.id} form") == "I sent it (Dan Reyes)"
    for _press in range(2):
        answer = coordinator.send(f"{REMIND}/{dan.id}/told")
        assert (answer.status, answer.location) == (303, f"{REMIND}#messages-reminder-{dan.id}")
    assert db.session.scalar(sa.select(sa.func.count(Told.id))) == 1
    time.shift(timedelta(days=3))
    page = coordinator.page(REMIND)
    assert "Reminded on Nov 25 by Maria Santos." in page.text(f"#messages-reminder-{dan.id}")
    # Yesterday's mark is a fact; it is not taken back but said again.
    assert page.one(f"#messages-reminder-{dan.id} form").attributes["action"] == f"{REMIND}/{dan.id}/told"


def test_marking_with_htmx_answers_with_the_person_alone(coordinator: EngageClient) -> None:
    dan = make_owner()
    page = coordinator.send(f"{REMIND}/{dan.id}/told", htmx=True)
    assert (page.status, len(page.all("h1"))) == (200, 0)
    assert page.one("li").attributes["id"] == f"messages-reminder-{dan.id}"
    assert "Undo: not sent" in page.text("form")


def test_a_slip_of_the_finger_is_taken_back_and_others_marks_stay(coordinator: EngageClient) -> None:
    dan, other = make_owner(), factories.make_membership(role=Role.COORDINATOR, name="Lt. Okafor")
    today = date(2026, 11, 25)
    row = {"coalition_id": dan.coalition_id, "membership_id": dan.id, "told_on": today}
    factories.saved(Told(**row, told_by_id=other.id, told_at=NOW - timedelta(hours=1)))
    coordinator.send(f"{REMIND}/{dan.id}/told")
    coordinator.send(f"{REMIND}/{dan.id}/not-told")
    assert "Reminded on Nov 25 by Lt. Okafor." in coordinator.page(REMIND).text(
        f"#messages-reminder-{dan.id}"
    )
    coordinator.send(f"{REMIND}/{dan.id}/not-told")
    assert db.session.scalar(sa.select(sa.func.count(Told.id))) == 1


def test_slips_have_a_code_for_those_with_an_account(coordinator: EngageClient) -> None:
    make_owner()
    make_owner("No Account", user=None)
    page = coordinator.page("/c/riverbend/messages/slips")
    assert page.texts(".vote-slip strong") == ["Dan Reyes", "No Account"]
    assert len(page.all(".vote-slip svg.qr")) == 1
    assert page.one(".invite-link").text().strip() == "http://127.0.0.1/c/riverbend/messages/"
    assert "Please let Maria Santos know how it's going." in page.text(".vote-slip:last-child")
    assert "3 days late" in page.text(".vote-slip:last-child")


def test_no_one_to_remind_is_said(coordinator: EngageClient) -> None:
    for path in (REMIND, "/c/riverbend/messages/slips"):
        assert coordinator.page(path).has("No reminders needed")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_only_coordinators_remind(role: Role, member: EngageClient, viewer: EngageClient) -> None:
    client, dan = member if role is Role.MEMBER else viewer, make_owner()
    assert client.get(REMIND).status_code == 403
    assert client.get("/c/riverbend/messages/slips").status_code == 403
    assert client.send(f"{REMIND}/{dan.id}/told").status == 403


def test_a_person_of_another_coalition_does_not_exist(coordinator: EngageClient) -> None:
    stranger = make_owner(coalition=factories.make_coalition())
    for verb in ("told", "not-told"):
        assert coordinator.send(f"{REMIND}/{stranger.id}/{verb}").status == 404


def test_many_people_come_on_pages_in_a_fixed_number_of_queries(coordinator: EngageClient) -> None:
    counts = []
    for number in (3, 50):
        for each in range(number):
            person = make_owner(f"Owner {number} {each:02}", user=None)
        with counted_queries() as statements:
            page = coordinator.page(REMIND)
        counts.append(len(statements))
    assert counts[0] == counts[1]
    assert len(page.all(".reminder")) == 50
    assert person.name not in page.text(".reminders")
    assert len(coordinator.page(f"{REMIND}?page=2").all(".reminder")) == 3


def test_what_is_stuck_is_told_beside_what_is_late(coordinator: EngageClient) -> None:
    dan = make_owner()
    plan = db.session.scalars(sa.select(Plan)).one()
    factories.make_action(plan, owner_id=dan.id, status=ActionStatus.STUCK, reason="A licensed trainer.")
    assert coordinator.page(REMIND).texts(f"#messages-reminder-{dan.id} .tag") == ["1 late", "1 stuck"]
