"""Minutes: who came, what was decided and said, what follows; for members with people, for viewers without."""

from typing import Any

import pytest

from engage import clock
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.extensions import db
from engage.meetings.models import Attendance, Meeting
from engage.meetings.papers.pages.minutes import closing_words
from engage.meetings.papers.rules import WIDTH
from engage.meetings.recording import service as recording_service
from engage.meetings.recording.service import Closing
from engage.meetings.rules import Mode, Outcome
from engage.plan.actions import outcomes
from engage.strengths.votes.rules import VoteAccess, VoteMethod
from engage.strengths.votes.service import prepare
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_agreed,
    make_closed_round,
    make_coalition,
    make_membership,
    make_organization,
    make_plan,
    make_round,
    saved,
)
from tests.meetings.rows import COMING, MEETINGS, PAST, make_decision, make_item, make_meeting

CLOSED: dict[str, Any] = {"starts_at": PAST}


def address(meeting: Meeting) -> str:
    return f"{MEETINGS}{meeting.id}/minutes"


def came(meeting: Meeting, person: Membership | None, **values: Any) -> Attendance:
    key = person.id if person is not None else None
    return saved(
        Attendance(coalition_id=meeting.coalition_id, meeting_id=meeting.id, membership_id=key, **values)
    )


def close(meeting: Meeting) -> None:
    meeting.closed_at = clock.now()
    db.session.commit()


def make_held(by: Membership) -> Meeting:
    """Makes a held meeting.

    It has people of one organization, a guest, notes, two decisions and a line carried over to a later
    meeting.
    """
    meeting = make_meeting(by, **CLOSED)
    hospital = make_organization(name="County Hospital", sector="health")
    came(meeting, by, organization_id=hospital.id, sector="health")
    came(meeting, None, guest="Ana Ruiz", organization_id=hospital.id, sector="health", mode=Mode.ONLINE)
    came(meeting, make_membership(name="Kim Yu", user=None), mode=Mode.EXCUSED)
    said = make_item(meeting, "Beds", notes="Two more beds from May.", outcome=Outcome.DONE)
    make_item(meeting, "Interpreters", position=2, outcome=Outcome.NOT_REACHED)
    make_item(meeting, "Break", position=3, about="break")
    make_item(meeting, "Dropped", position=4, outcome=Outcome.DROPPED)
    decision = make_decision(meeting, by, "Ask the county for money", owner_id=by.id, item_id=said.id)
    outcomes.act_on_decision(by, decision)
    make_decision(meeting, by, "Meet at six")
    recording_service.carry_over(by, meeting, make_meeting(by, title="Next meeting"))
    db.session.commit()
    return meeting


def test_the_minutes_hold_who_came_what_was_decided_and_what_was_said(member: EngageClient) -> None:
    meeting = make_held(member.membership)
    page = member.page(address(meeting))
    assert "1 person here, 1 online, 1 excused. From 1 organization and 1 sector." in page.text(
        "#minutes-came"
    )
    assert "County Hospital Ana Ruiz (guest) (online), Dan Reyes" in page.text("#minutes-came")
    assert "Excused Kim Yu" in page.text("#minutes-came")
    assert page.texts(".came-sectors li") == ["Health care and public health: 2"]
    assert page.texts(".minutes-decisions > li") == [
        "Decision 1 Ask the county for money Person responsible: Dan Reyes Action 1",
        "Decision 2 Meet at six",
    ]
    assert page.texts(".minutes-line") == [
        "Beds Done Two more beds from May.",
        "Interpreters Not reached Carried over to: Next meeting, Mar 2, 2094",
    ]
    assert page.has("Action 1: Ask the county for money")


def test_the_minutes_as_text_hold_the_same(member: EngageClient) -> None:
    text = member.page(address(make_held(member.membership))).one("#meetings-minutes-text").text()
    lines = [line.strip() for line in text.splitlines()]
    for wanted in (
        "1 person here, 1 online, 1 excused. From 1 organization and 1 sector.",
        "- County Hospital: Ana Ruiz (guest) (online), Dan Reyes",
        "1.  Ask the county for money",
        "Person responsible: Dan Reyes",
        "Beds [Done]",
        "Two more beds from May.",
        "Carried over to Next meeting, Mar 2, 2094",
        "- Action 1: Ask the county for money",
    ):
        assert wanted in lines
    assert max(map(len, text.splitlines())) <= WIDTH


def test_a_viewer_reads_closed_minutes_without_any_person(member: EngageClient, viewer: EngageClient) -> None:
    meeting = make_held(member.membership)
    assert viewer.get(address(meeting)).status_code == 409
    close(meeting)
    page = viewer.page(address(meeting))
    assert page.has("Ask the county for money")
    assert "County Hospital 2" in page.text("#minutes-came")
    for name in ("Dan Reyes", "Ana Ruiz", "Kim Yu", "Two more beds"):
        assert not page.has(name)
        assert name not in page.text("#meetings-minutes-text")
    inside = [each.attributes["href"] or "" for each in page.all("#meetings-minutes a")]
    assert [link for link in inside if not link.startswith("/c/riverbend/plan/")] == []


def test_votes_and_the_plan_of_the_meeting_are_named(member: EngageClient, viewer: EngageClient) -> None:
    meeting = make_held(member.membership)
    make_plan(title="Plan of 2026", meeting_id=meeting.id)
    columns = {
        "title": "What comes first",
        "access": VoteAccess.OPEN,
        "method": VoteMethod.RATING,
        "meeting_id": meeting.id,
    }
    prepare(member.membership, columns, [])
    close(meeting)
    assert member.page(address(meeting)).has("Plan adopted: Plan of 2026")
    assert member.page(address(meeting)).has("Vote: What comes first")
    assert not viewer.page(address(meeting)).has("What comes first")


def test_agreed_values_are_named_and_lead_to_the_results_that_are_shown(
    member: EngageClient, viewer: EngageClient
) -> None:
    meeting = make_held(member.membership)
    indicator = content().indicators[0]
    closed = make_closed_round(
        [("health", dict.fromkeys([each.key for each in content().indicators], 1))] * 3
    )
    for round_ in (make_round(title="Still open"), closed):
        make_agreed(round_, indicator.key, 2.5, meeting_id=meeting.id)
    close(meeting)
    page = member.page(address(meeting))
    found = [text for text in page.texts("#meetings-minutes li") if text.startswith("Agreed value 2.5: ")]
    assert len(found) == 2
    assert all(indicator.title in text for text in found)
    links = [each.attributes["href"] or "" for each in page.all("#meetings-minutes a")]
    results = [link for link in links if "/assessment/" in link]
    assert len(results) == 1
    assert f"/rounds/{closed.id}/" in results[0]
    assert not viewer.page(address(meeting)).has("Agreed value")


def test_the_action_of_a_line_stands_among_the_actions_once(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, **CLOSED)
    item = make_item(meeting, "Beds")
    decision = make_decision(meeting, member.membership)
    make_action(make_plan(), title="Call the shelter", decision_id=decision.id, agenda_item_id=item.id)
    text = member.page(address(meeting)).text("#meetings-minutes")
    assert text.count("Call the shelter") == 1


def test_before_the_meeting_there_are_no_minutes(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=COMING)
    assert member.get(address(meeting)).status_code == 409
    assert not member.page(f"{MEETINGS}{meeting.id}/").has("Minutes to print")


def test_the_list_leads_to_the_minutes_of_closed_meetings(member: EngageClient) -> None:
    make_meeting(member.membership)
    meeting = make_held(member.membership)
    assert member.page(MEETINGS).all("a[href$='/minutes']") == []
    close(meeting)
    found = member.page(MEETINGS).one("a[href$='/minutes']")
    assert found.attributes["href"] == address(meeting)


def test_a_meeting_of_which_nothing_is_recorded_says_so(member: EngageClient) -> None:
    page = member.page(address(make_meeting(member.membership, **CLOSED)))
    assert page.text("#meetings-minutes") == "Nothing is recorded yet."


def test_another_coalitions_minutes_do_not_exist(member: EngageClient) -> None:
    elsewhere = make_membership(coalition=make_coalition())
    assert member.get(address(make_meeting(elsewhere, **CLOSED))).status_code == 404


@pytest.mark.parametrize(
    ("was_closed", "sees", "words"),
    [
        (True, True, "Closed by Dan Reyes, March 4, 2026."),
        (True, False, "Closed on March 4, 2026."),
        (False, True, "Reopened on March 4, 2026: these minutes may still change."),
    ],
)
def test_the_end_says_whether_the_minutes_stand(app: Any, was_closed: bool, sees: bool, words: str) -> None:
    with app.test_request_context():
        closings = [Closing(PAST, was_closed, "Dan Reyes"), Closing(PAST, not was_closed, "Maria Santos")]
        assert closing_words(closings, sees_people=sees) == words
        assert closing_words([], sees_people=sees) == ""


def test_the_minutes_ask_as_often_for_many_lines_as_for_few(
    member: EngageClient,
) -> None:
    meeting = make_held(member.membership)
    path, plan = address(meeting), make_plan()
    member.page(path)
    with counted_queries() as few:
        member.page(path)
    for position in range(10, 40):
        item = make_item(meeting, f"Line {position}", position=position, notes="Said.")
        decision = make_decision(meeting, member.membership, f"Decision {position}", item_id=item.id)
        make_action(plan, title=f"Action {position}", decision_id=decision.id)
        came(meeting, make_membership(name=f"Person {position}", user=None))
    with counted_queries() as many:
        member.page(path)
    assert len(few) == len(many) <= 15
