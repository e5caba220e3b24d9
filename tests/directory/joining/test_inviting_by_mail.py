"""Tests that invitations go out by mail in one press, and that pages say truly how far they are."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.coalitions.invitations import service as invitations
from engage.coalitions.models import Invitation
from engage.extensions import db
from engage.messages.letters.models import Letter
from tests.client import EngageClient
from tests.messages.letters.posted import mailing, run
from tests.messages.smtp import Taken, closed_port

PAGE = "/c/riverbend/people/invitations/"
HOME = "/c/riverbend/"
THREE = "Ann Lee <ann@example.org>\nben@example.org\ncy@example.org"


@pytest.fixture
def post(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Taken]:
    with mailing(app, monkeypatch) as taken:
        yield taken


def send_three(coordinator: EngageClient) -> str:
    answer = coordinator.send(f"{PAGE}bound", addresses=THREE, role="member", days="7", do="send")
    assert answer.status == 303
    return answer.location or ""


def told(coordinator: EngageClient) -> list[str]:
    return coordinator.page(PAGE).texts(".invitation .tag")


def test_one_press_makes_the_links_and_sends_them(coordinator: EngageClient, post: Taken) -> None:
    page = coordinator.page(PAGE)
    assert "Hello there," in page.text(".invite-text") and "/join/…" in page.text(".invite-text")
    assert page.text(".btn-primary") == "Send the invitations"
    page = coordinator.page(send_three(coordinator))
    assert page.has("3 invitations are on their way by e-mail.")
    assert told(coordinator) == ["Being sent"] * 3
    assert "3 invitations are on their way." in coordinator.page(HOME).text("#home-evening-invite")
    assert not coordinator.page(HOME).has("not sent yet")
    assert run(post.port).sent == 3
    assert told(coordinator) == ["Sent"] * 3
    assert "3 invitations are sent." in coordinator.page(HOME).text("#home-evening-invite")
    assert sorted(post.recipients) == ["ann@example.org", "ben@example.org", "cy@example.org"]
    assert "Hello Ann," in str(post.mails[0].get_body(("plain",)).get_content())  # type: ignore[union-attr]


def test_the_links_alone_send_nothing(coordinator: EngageClient, post: Taken) -> None:
    coordinator.send(f"{PAGE}bound", addresses=THREE, role="member", days="7")
    assert run(post.port).sent == 0
    assert told(coordinator) == ["Not sent"] * 3


def test_what_was_not_sent_goes_out_in_one_press_and_only_once(
    coordinator: EngageClient, post: Taken
) -> None:
    coordinator.send(f"{PAGE}bound", addresses=THREE, role="member", days="7")
    for _press in range(2):
        assert coordinator.send(f"{PAGE}send").location == PAGE
    assert db.session.scalar(sa.select(sa.func.count(Letter.id))) == 1
    assert run(post.port).sent == 3


def test_a_server_that_is_down_keeps_them_on_their_way_and_a_refusal_brings_the_task_back(
    coordinator: EngageClient, post: Taken
) -> None:
    send_three(coordinator)
    run(closed_port())
    assert told(coordinator) == ["Being sent"] * 3
    post.refused["ben@example.org"] = "550 no such person"
    db.session.execute(sa.text("UPDATE messages_letter_to SET claimed_at = NULL"))
    run(post.port)
    assert sorted(told(coordinator)) == ["Not sent", "Sent", "Sent"]
    assert coordinator.page(HOME).has("1 invitation is not sent yet")


def test_what_a_coordinator_cancels_is_not_on_its_way(coordinator: EngageClient, post: Taken) -> None:
    send_three(coordinator)
    letter = db.session.scalars(sa.select(Letter)).one()
    coordinator.send(f"/c/riverbend/people/letters/{letter.id}/stop")
    assert told(coordinator) == ["Not sent"] * 3


def test_a_mail_that_was_lost_does_not_hide_the_task_for_good(coordinator: EngageClient, post: Taken) -> None:
    send_three(coordinator)
    for row in db.session.scalars(sa.select(Invitation)):
        assert row.queued_at is not None
        row.queued_at -= timedelta(days=3)
    db.session.commit()
    assert told(coordinator) == ["Not sent"] * 3
    assert len(invitations.unsent_of(coordinator.membership)) == 3


def test_without_mail_there_is_nothing_to_press(coordinator: EngageClient) -> None:
    coordinator.send(f"{PAGE}bound", addresses=THREE, role="member", days="7", do="send")
    assert not coordinator.page(PAGE).all(f"form[action='{PAGE}send'], button[name=do]")
    assert coordinator.send(f"{PAGE}send").status == 404
    assert told(coordinator) == ["Not sent"] * 3


def test_all_sent_marks_the_whole_sheet_and_one_can_be_taken_back(coordinator: EngageClient) -> None:
    answer = coordinator.send(f"{PAGE}bound", addresses=THREE, role="member", days="7")
    ids = [row.id for row in db.session.scalars(sa.select(Invitation))]
    sheet = coordinator.page(answer.location or "")
    assert sheet.text(".btn-primary") == "All sent"
    assert coordinator.send(sheet.one(".head-tools form").attributes["action"] or "").status == 303
    assert told(coordinator) == ["Sent"] * 3
    coordinator.send(f"{PAGE}{ids[0]}/sent", **{"not": "yes"})
    assert sorted(told(coordinator)) == ["Not sent", "Sent", "Sent"]
