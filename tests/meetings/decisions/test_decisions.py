"""Decisions: writing down, finding again, following up, and the action that comes of them."""

from datetime import date

import pytest
import sqlalchemy as sa

from engage import clock
from engage.extensions import db
from engage.meetings.decisions.service import DecisionFilters
from engage.meetings.models import Decision
from engage.plan.actions.outcomes import titled
from engage.plan.models import Action
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership
from tests.html import Page
from tests.meetings.rows import MEETINGS, PAST, make_decision, make_item, make_meeting

DECISIONS = f"{MEETINGS}decisions/"


def numbers(page: Page) -> list[int]:
    return [int(words.split(".")[0]) for words in page.texts(".decision-table .row-link")]


def only_decision() -> Decision:
    db.session.expire_all()
    return db.session.scalars(sa.select(Decision)).one()


def test_a_decision_is_written_down_with_owner_and_review_day(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    item = make_item(meeting, "The clinic's card")
    ana = make_membership(name="Ana Ruiz", user=None)
    form = member.page(f"{MEETINGS}{meeting.id}/decisions/new?item={item.id}")
    assert form.value("item_id") == str(item.id)
    answer = member.send(
        f"{MEETINGS}{meeting.id}/decisions/new",
        text="Print the card in Spanish.",
        owner_id=str(ana.id),
        review_on="2027-01-15",
        item_id=str(item.id),
    )
    assert answer.location == f"{MEETINGS}{meeting.id}/notes/#meetings-decisions"
    decision = only_decision()
    assert (decision.number, decision.decided_on) == (1, date(2026, 3, 3))
    page = member.page(f"{DECISIONS}1/")
    for words in ("Print the card in Spanish.", "Ana Ruiz", "January 15, 2027", "The clinic's card"):
        assert page.has(words)
    assert page.one(f"a[href='{MEETINGS}{meeting.id}/']").text() == "Quarterly meeting, Mar 3, 2026"
    # The meeting names the day: when it was typed is no second one.
    assert page.texts("#meetings-decision dt") == [
        "Decided at",
        "Agenda item",
        "Person responsible",
        "Review on",
    ]
    assert member.page(f"{MEETINGS}{meeting.id}/").texts("#meetings-decisions .row-link") == [
        "1. Print the card in Spanish."
    ]


def test_a_decision_without_words_is_refused(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    page = member.send(f"{MEETINGS}{meeting.id}/decisions/new", review_on="soon")
    assert page.status == 422
    assert page.errors == [
        "Write what was decided.",
        "Enter the date as year-month-day, such as 2026-03-15.",
    ]


def test_a_line_or_an_owner_of_someone_elses_is_no_choice(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    other = make_item(make_meeting(member.membership))
    theirs = make_membership(coalition=make_coalition())
    for wrong in ({"item_id": str(other.id)}, {"owner_id": str(theirs.id)}):
        assert member.send(f"{MEETINGS}{meeting.id}/decisions/new", text="Yes.", **wrong).status == 422


def test_decisions_are_numbered_in_their_coalition(member: EngageClient) -> None:
    theirs = make_membership(coalition=make_coalition())
    make_decision(make_meeting(theirs, starts_at=PAST), theirs)
    meeting = make_meeting(member.membership, starts_at=PAST)
    assert [make_decision(meeting, member.membership).number for _again in range(2)] == [1, 2]


# -- finding again


def test_decisions_are_found_by_words_of_any_meeting(member: EngageClient) -> None:
    who = member.membership
    jane = make_membership(name="Jane Núñez", user=None)
    winter = make_meeting(who, title="Winter meeting", starts_at=PAST)
    make_decision(winter, who, "Print the card", owner_id=jane.id)
    make_decision(make_meeting(who, title="Spring meeting", starts_at=PAST), who, "Ask the clinic")
    for text, found in (("", [2, 1]), ("CARD print", [1]), ("nunez", [1]), ("spring", [2]), ("nothing", [])):
        page = member.page(f"{DECISIONS}?text={text}")
        assert numbers(page) == found
    assert page.has("Nothing matches.")
    assert page.value("text") == "nothing"


def test_filters_are_in_the_address_and_say_how_many(member: EngageClient) -> None:
    who, today = member.membership, clock.today("America/Chicago")
    meeting = make_meeting(who, starts_at=PAST)
    make_decision(meeting, who, "Due", review_on=today, owner_id=who.id)
    make_decision(meeting, who, "Later", review_on=date(2094, 1, 1))
    acted = make_decision(meeting, who, "Acted on")
    member.send(f"{DECISIONS}{acted.number}/action")
    page = member.page(DECISIONS)
    assert page.texts(".pill") == [
        "All 3",
        "Due for review 1",
        "Without an action 2",
        "Mine 1",
    ]
    assert numbers(member.page(f"{DECISIONS}?show=due")) == [1]
    assert numbers(member.page(f"{DECISIONS}?show=no_action")) == [2, 1]
    assert numbers(member.page(f"{DECISIONS}?mine=1")) == [1]
    assert numbers(member.page(f"{DECISIONS}?show=no_action&text=later")) == [2]
    assert numbers(member.page(f"{DECISIONS}?show=unheard-of&page=-3")) == [3, 2, 1]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ({}, {}),
        ({"show": "due", "text": " a  b ", "mine": "1"}, {"show": "due", "text": "a b", "mine": "1"}),
        ({"show": "all", "text": "\x00"}, {}),
    ],
)
def test_an_address_says_only_what_differs(args: dict[str, str], said: dict[str, str]) -> None:
    assert DecisionFilters.of(args).args() == said


def test_the_list_asks_as_often_for_many_decisions_as_for_few(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    make_decision(meeting, member.membership)
    member.page(DECISIONS)
    with counted_queries() as few:
        member.page(DECISIONS)
    for _n in range(30):
        make_decision(meeting, member.membership, owner_id=member.membership.id)
    with counted_queries() as many:
        assert len(numbers(member.page(DECISIONS))) == 31
    assert len(many) == len(few)


# -- following up


def test_two_who_change_a_decision_see_both_texts(member: EngageClient) -> None:
    make_decision(make_meeting(member.membership, starts_at=PAST), member.membership, "Print 500 cards")
    page = member.send(f"{DECISIONS}1/edit", text="Print 900 cards", owner_id="0", item_id="0", version="9")
    assert page.status == 409
    assert page.texts(".conflict-text") == ["Print 500 cards", "Print 900 cards"]
    answer = member.send(f"{DECISIONS}1/edit", text="Print 900 cards", owner_id="0", item_id="0", version="1")
    assert answer.location == f"{DECISIONS}1/"
    assert only_decision().text == "Print 900 cards"


def test_after_closing_only_owner_and_review_change(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    make_decision(meeting, member.membership, "Print the card", review_on=date(2026, 4, 1))
    meeting.closed_at = clock.now()
    db.session.commit()
    assert member.page(f"{DECISIONS}1/").has("The review was due on April 1, 2026.")
    assert not member.page(f"{DECISIONS}1/edit").all("[name=text]")
    member.send(f"{DECISIONS}1/edit", owner_id="0", review_on="2094-01-01", version="1")
    decision = only_decision()
    assert (decision.text, decision.review_on) == ("Print the card", date(2094, 1, 1))
    assert not member.page(f"{DECISIONS}1/").has("The review was due on")


def test_new_words_that_come_after_closing_are_kept_on_the_page_and_not_called_saved(
    member: EngageClient,
) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    make_decision(meeting, member.membership, "Print the card")
    meeting.closed_at = clock.now()
    db.session.commit()
    page = member.send(f"{DECISIONS}1/edit", text="Print 500", owner_id="0", item_id="0", version="1")
    assert page.status == 409
    assert page.has("This meeting is closed.")
    assert page.value("text") == "Print 500"
    assert only_decision().version == 1
    same = {"text": "Print the card", "item_id": "0", "version": "1"}
    assert member.send(f"{DECISIONS}1/edit", owner_id=str(member.membership.id), **same).status == 303
    assert only_decision().owner_id == member.membership.id
    assert member.send(f"{DECISIONS}1/edit", owner_id="0", **same).status == 409


def test_a_decision_that_needs_no_action_is_no_loose_end_and_can_still_become_one(
    member: EngageClient,
) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    make_decision(meeting, member.membership, "Approve the minutes")
    meeting.closed_at = clock.now()
    db.session.commit()
    loose = "/c/riverbend/chain/loose-ends"
    assert member.page(loose).has("Approve the minutes")
    assert member.page(f"{DECISIONS}1/").one("a[href$='/edit#no_action']").text() == "No action needed"
    member.send(f"{DECISIONS}1/edit", owner_id="0", no_action="y", version="1")
    assert member.page(f"{DECISIONS}1/").has("This decision needs no action.")
    assert not member.page(loose).has("Approve the minutes")
    assert member.page(DECISIONS).has("none needed")
    assert numbers(member.page(f"{DECISIONS}?show=no_action")) == []
    member.send(f"{DECISIONS}1/edit", owner_id="0", version="2")
    assert numbers(member.page(f"{DECISIONS}?show=no_action")) == [1]


def test_who_left_stays_the_owner_until_someone_else_is_chosen(member: EngageClient) -> None:
    ana = make_membership(name="Ana Ruiz", user=None)
    make_decision(make_meeting(member.membership, starts_at=PAST), member.membership, owner_id=ana.id)
    ana.left_on = date(2026, 4, 1)
    db.session.commit()
    assert member.page(DECISIONS).has("Ana Ruiz (no longer a member)")
    assert member.page(f"{DECISIONS}1/edit").value("owner_id") == str(ana.id)


def test_what_a_person_carries_is_handed_over_when_they_leave(coordinator: EngageClient) -> None:
    ana, ben = (make_membership(name=name, user=None) for name in ("Ana Ruiz", "Ben Cole"))
    meeting = make_meeting(coordinator.membership, starts_at=PAST)
    values = {"owner_id": ana.id, "review_on": date(2094, 1, 1)}
    make_decision(meeting, coordinator.membership, "Print the card", **values)
    assert coordinator.page(f"/c/riverbend/people/{ana.id}/hand-over").has("Print the card")
    coordinator.send(f"/c/riverbend/people/{ana.id}/hand-over", to=str(ben.id))
    assert only_decision().owner_id == ben.id


# -- what comes of it


def test_a_decision_becomes_an_action_once_and_both_name_each_other(member: EngageClient) -> None:
    ana = make_membership(name="Ana Ruiz", user=None)
    meeting = make_meeting(member.membership, starts_at=PAST)
    decision = make_decision(meeting, member.membership, "Print the card\nin Spanish.", owner_id=ana.id)
    assert member.page(f"{DECISIONS}1/").has("A decision without an action is a loose end.")
    for _again in range(2):
        answer = member.send(f"{DECISIONS}1/action")
        assert answer.location == "/c/riverbend/plan/actions/1"
    action = db.session.scalars(sa.select(Action)).one()
    assert (action.title, action.owner_id, action.decision_id) == (
        "Print the card in Spanish.",
        ana.id,
        decision.id,
    )
    page = member.page("/c/riverbend/plan/actions/1")
    assert page.one(f"a[href='{DECISIONS}1/']").text() == "Decision 1: Print the card in Spanish."
    page = member.page(f"{DECISIONS}1/")
    assert page.has("Action 1: Print the card in Spanish.")
    assert not page.all("form[action$='/action']")


def test_a_long_decision_keeps_its_words_in_the_actions_details(member: EngageClient) -> None:
    text = "word " * 100
    make_decision(make_meeting(member.membership, starts_at=PAST), member.membership, text.strip())
    member.send(f"{DECISIONS}1/action")
    action = db.session.scalars(sa.select(Action)).one()
    assert len(action.title) <= 300
    assert action.details == text.strip()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Short", "Short"),
        ("a\n\n b", "a b"),
        ("x" * 301, "x" * 299 + "…"),
        ("y" * 290 + " " + "z" * 20, "y" * 290 + "…"),
    ],
)
def test_a_title_is_one_line_cut_at_a_word(text: str, title: str) -> None:
    assert titled(text) == title


def test_a_viewer_does_not_see_where_an_action_was_decided(
    member: EngageClient, viewer: EngageClient
) -> None:
    make_decision(make_meeting(member.membership, starts_at=PAST), member.membership, "Print the card")
    member.send(f"{DECISIONS}1/action")
    assert not viewer.page("/c/riverbend/plan/actions/1").has("Decision 1")
    assert viewer.get(DECISIONS).status_code == 403


def test_a_coordinator_deletes_a_decision_that_nothing_came_of(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership, starts_at=PAST)
    for _again in range(2):
        make_decision(meeting, coordinator.membership)
    coordinator.send(f"{DECISIONS}1/action")
    assert coordinator.send(f"{DECISIONS}1/delete").status == 409
    assert coordinator.page(f"{DECISIONS}2/delete").has("Delete this decision?")
    assert (
        coordinator.send(f"{DECISIONS}2/delete").location
        == f"{MEETINGS}{meeting.id}/notes/#meetings-decisions"
    )
    assert only_decision().number == 1
