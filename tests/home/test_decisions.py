"""Decisions to review wait on home: for those who carry them, and for coordinators."""

from datetime import UTC, date, datetime

import pytest
import time_machine

from engage.coalitions.models import Membership
from engage.meetings.models import Decision
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership
from tests.meetings.rows import PAST, make_decision, make_meeting

HOME = "/c/riverbend/"
LIST = f"{HOME}meetings/decisions/"


@pytest.fixture(autouse=True)
def _on_a_wednesday(app: object) -> object:
    with time_machine.travel(datetime(2026, 11, 25, 15, 30, tzinfo=UTC), tick=False):
        yield


def decide(who: Membership, text: str, review_on: date | None, owner: Membership | None = None) -> Decision:
    meeting = make_meeting(who, starts_at=PAST)
    return make_decision(
        meeting, who, text, review_on=review_on, owner_id=owner.id if owner is not None else None
    )


def waiting(person: EngageClient) -> list[str]:
    return person.page(HOME).texts("#home-waiting .waiting-row")


def test_a_coordinator_sees_all_that_are_due_with_the_oldest(
    coordinator: EngageClient, member: EngageClient
) -> None:
    decide(coordinator.membership, "Meet on Tuesdays", date(2026, 11, 25), member.membership)
    decide(coordinator.membership, "Print the card", date(2026, 11, 3))
    decide(coordinator.membership, "Not yet", date(2026, 11, 26))
    decide(coordinator.membership, "Never", None)
    theirs = make_membership(coalition=make_coalition())
    decide(theirs, "Theirs", date(2026, 1, 1))
    assert waiting(coordinator) == ["Decision 2 decisions to review The oldest: “Print the card”, due Nov 3."]
    link = coordinator.page(HOME).one("#home-waiting .row-link").attributes["href"] or ""
    assert link == f"{LIST}?show=due"
    page = coordinator.page(link)
    assert [text.split(" ", 1)[1] for text in page.texts(".decision-table .row-link")] == [
        "Print the card",
        "Meet on Tuesdays",
    ]


def test_who_carries_a_decision_is_asked_about_their_own_only(
    member: EngageClient, coordinator: EngageClient, viewer: EngageClient
) -> None:
    decide(coordinator.membership, "Print the card", date(2026, 11, 3))
    assert waiting(member) == []
    decide(coordinator.membership, "Meet on Tuesdays", date(2026, 11, 25), member.membership)
    assert waiting(member) == ["Decision 1 decision to review “Meet on Tuesdays”, due Nov 25."]
    link = member.page(HOME).one("#home-waiting .row-link").attributes["href"] or ""
    assert link == f"{LIST}?show=due&mine=1"
    assert member.page(link).texts(".decision-table .row-link")[0].endswith("Meet on Tuesdays")
    assert not viewer.page(HOME).has("to check")


def test_looking_again_takes_it_off_home(coordinator: EngageClient) -> None:
    decision = decide(coordinator.membership, "Print the card", date(2026, 11, 3))
    path = f"{LIST}{decision.number}/edit"
    values = {"text": "Print the card", "owner_id": "0", "item_id": "0", "review_on": "2027-05-01"}
    assert coordinator.send(path, **values, version="1").status == 303
    assert waiting(coordinator) == []


def test_a_long_decision_is_cut_short(coordinator: EngageClient) -> None:
    decide(coordinator.membership, "word " * 300, date(2026, 11, 3))
    (row,) = waiting(coordinator)
    assert "word…”, due Nov 3." in row
    assert len(row) < 200


def test_home_asks_no_more_for_many_decisions(coordinator: EngageClient) -> None:
    counts = []
    for _more in range(3):
        coordinator.page(HOME)
        with counted_queries() as sent:
            coordinator.page(HOME)
        counts.append(len(sent))
        decide(coordinator.membership, "Print the card", date(2026, 11, 3))
    assert len(set(counts)) == 1
