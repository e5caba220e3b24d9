"""While a meeting runs and after: notes, outcomes, carrying over, closing, reopening, copying, calling off."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engage import clock
from engage.extensions import db
from engage.meetings.agenda import queries as agenda_queries
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.recording import service as recording_service
from engage.meetings.rules import MeetingKind, Outcome, Source
from tests.client import EngageClient
from tests.html import Page
from tests.meetings.rows import COMING, MEETINGS, PAST, make_decision, make_item, make_meeting


def address(meeting: Meeting, more: str = "") -> str:
    return f"{MEETINGS}{meeting.id}/{more}"


def fresh(item: AgendaItem) -> AgendaItem:
    db.session.refresh(item)
    return item


# -- carrying over


def test_what_was_not_reached_goes_to_a_later_agenda_once(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, title="January", starts_at=PAST)
    make_item(meeting, "Done already", outcome=Outcome.DONE)
    left = make_item(meeting, "Ask the schools", position=2, outcome=Outcome.NOT_REACHED, minutes=15)
    later = make_meeting(member.membership, title="April")
    make_item(later, "Welcome", position=4)
    assert member.page(address(meeting)).has("1 item was not reached.")
    answer = member.send(address(meeting, "carry-over"), to=str(later.id))
    assert answer.location == address(later)
    carried = db.session.scalars(sa.select(AgendaItem).where(AgendaItem.carried_from_id == left.id)).one()
    assert (carried.meeting_id, carried.position, carried.title, carried.minutes, carried.source) == (
        later.id,
        5,
        "Ask the schools",
        15,
        Source.CARRIED_OVER,
    )
    assert member.page(address(later)).has("Carried over from January, Mar 3, 2026")
    assert agenda_queries.carried_from(later)[carried.id].meeting == "January"
    assert agenda_queries.carried_to(meeting)[left.id].meeting == "April"
    assert member.send(address(meeting, "carry-over"), to=str(later.id)).status == 409
    assert not member.page(address(meeting)).has("not reached.")


def test_lines_are_carried_to_the_next_of_the_kind_first_and_never_back(member: EngageClient) -> None:
    who, day = member.membership, timedelta(days=1)
    meeting = make_meeting(who, starts_at=COMING)
    make_item(meeting, outcome=Outcome.NOT_REACHED)
    make_meeting(who, title="Earlier", starts_at=COMING - day)
    make_meeting(who, title="Closed", starts_at=COMING + day, closed_at=clock.now())
    core = make_meeting(who, title="Core team", kind=MeetingKind.CORE_TEAM, starts_at=COMING + day)
    alike = make_meeting(who, title="General", starts_at=COMING + 2 * day)
    page = member.page(address(meeting, "carry-over"))
    assert [text.split(",")[0] for text in page.texts("select[name=to] option")] == ["General", "Core team"]
    assert [each.id for each in recording_service.later_meetings(meeting)] == [alike.id, core.id]


def test_where_no_later_meeting_is_planned_a_copy_is_offered(member: EngageClient) -> None:
    meeting = make_meeting(member.membership)
    make_item(meeting, outcome=Outcome.NOT_REACHED)
    assert member.page(address(meeting, "carry-over")).all(f"a[href='{address(meeting, 'copy')}']")
    assert member.send(address(meeting, "carry-over"), to="0").status == 422


# -- closing


def test_a_coordinator_closes_and_open_lines_were_not_reached(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership, starts_at=PAST)
    item, done = make_item(meeting), make_item(meeting, outcome=Outcome.DONE)
    assert coordinator.page(address(meeting, "close")).has("Nothing is recorded for 1 item")
    assert coordinator.send(address(meeting, "close")).location == address(meeting)
    db.session.refresh(meeting)
    assert meeting.closed_at is not None
    assert (fresh(item).outcome, fresh(done).outcome) == (Outcome.NOT_REACHED, Outcome.DONE)
    assert coordinator.page(address(meeting)).has("Closed by Maria Santos")
    for path in ("notes/", "attendance", "edit", "close", "decisions/new"):
        assert coordinator.get(address(meeting, path)).status_code == 409
    late = {f"{item.id}-notes": "Late", f"{item.id}-outcome": "done"}
    assert coordinator.send(address(meeting, "notes/"), **late).status == 409
    assert fresh(item).notes == ""


def test_a_line_that_was_talked_about_is_done_when_the_meeting_is_closed(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership, starts_at=PAST)
    noted = make_item(meeting, notes="Two beds more.")
    decided, acted, silent = (make_item(meeting, title, position=2) for title in ("Card", "Room", "Budget"))
    said = make_item(meeting, notes="No time left.", outcome=Outcome.NOT_REACHED)
    make_decision(meeting, coordinator.membership, item_id=decided.id)
    coordinator.send(address(meeting, "notes/"), **{f"{acted.id}-action": "Ask for a room"})
    assert coordinator.page(address(meeting, "close")).has("Nothing is recorded for 1 item")
    coordinator.send(address(meeting, "close"))
    outcomes = [fresh(each).outcome for each in (noted, decided, acted, silent, said)]
    assert outcomes == [Outcome.DONE] * 3 + [Outcome.NOT_REACHED] * 2


def test_a_meeting_that_has_not_begun_is_not_closed(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership)
    assert not coordinator.page(address(meeting, "close")).all("main form .btn-primary")
    assert coordinator.send(address(meeting, "close")).status == 409
    db.session.refresh(meeting)
    assert meeting.closed_at is None


def test_reopening_is_on_record(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership, starts_at=PAST)
    assert coordinator.send(address(meeting, "reopen")).status == 409
    coordinator.send(address(meeting, "close"))
    assert coordinator.send(address(meeting, "reopen")).location == address(meeting)
    page = coordinator.page(address(meeting))
    assert [words.split(",")[0] for words in page.texts(".meeting-closings li")] == [
        "Reopened by Maria Santos",
        "Closed by Maria Santos",
    ]
    assert coordinator.get(address(meeting, "notes/")).status_code == 200


def test_members_close_reopen_and_call_off_nothing(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    for path in ("close", "reopen", "delete"):
        assert member.get(address(meeting, path)).status_code == 403
        assert member.send(address(meeting, path)).status == 403
        assert not member.page(address(meeting)).all(f"a[href$='{path}']")


# -- copying and calling off


def test_a_copy_takes_the_agenda_along_and_nothing_that_was_recorded(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST, place="Library", about="Bring pens.")
    before = make_item(make_meeting(member.membership, starts_at=PAST), outcome=Outcome.NOT_REACHED)
    make_item(meeting, "Welcome", minutes=5, source=Source.TEMPLATE, notes="All came.", outcome=Outcome.DONE)
    make_item(meeting, "Left over", position=2, source=Source.CARRIED_OVER, carried_from_id=before.id)
    make_decision(meeting, member.membership)
    assert member.page(address(meeting, "copy")).value("time") == "18:00"
    answer = member.send(address(meeting, "copy"), day="2094-06-01", time="19:00")
    copy = db.session.scalars(sa.select(Meeting).order_by(Meeting.id.desc())).first()
    assert copy is not None
    assert answer.location == address(copy)
    assert (copy.title, copy.place, copy.about, copy.closed_at) == (
        meeting.title,
        "Library",
        "Bring pens.",
        None,
    )
    lines = sa.select(
        AgendaItem.title, AgendaItem.minutes, AgendaItem.source, AgendaItem.notes, AgendaItem.outcome
    )
    lines = lines.where(AgendaItem.meeting_id == copy.id).order_by(AgendaItem.position)
    assert [tuple(row) for row in db.session.execute(lines)] == [
        ("Welcome", 5, Source.TEMPLATE, "", Outcome.OPEN),
        ("Left over", 10, Source.HAND, "", Outcome.OPEN),
    ]
    assert member.send(address(meeting, "copy"), day="2027-03-14", time="02:30").status == 422


def test_a_meeting_of_which_nothing_was_recorded_is_called_off(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership)
    make_item(meeting)
    here = address(meeting)
    assert coordinator.page(f"{here}delete").has(f"Cancel “{meeting.title}”?")
    assert coordinator.send(f"{here}delete").location == MEETINGS
    assert db.session.scalar(sa.select(sa.func.count(AgendaItem.id))) == 0
    gone = Page(coordinator.get(here))
    assert gone.status == 409
    assert gone.has("This was deleted by Maria Santos and is in the trash.")


@pytest.mark.parametrize("record", ["note", "outcome", "attendance", "decision", "carried"])
def test_what_was_recorded_keeps_a_meeting(coordinator: EngageClient, record: str) -> None:
    who = coordinator.membership
    meeting = make_meeting(who, starts_at=PAST)
    item = make_item(
        meeting, outcome=Outcome.NOT_REACHED if record in {"outcome", "carried"} else Outcome.OPEN
    )
    if record == "note":
        item.notes = "We agreed."
        db.session.commit()
    if record == "attendance":
        coordinator.send(address(meeting, "attendance"), **{f"now-p{who.id}": "here"})
    if record == "decision":
        make_decision(meeting, who)
    if record == "carried":
        recording_service.carry_over(who, meeting, make_meeting(who))
        db.session.commit()
    assert not coordinator.page(address(meeting, "delete")).all("main form .btn-primary")
    assert coordinator.send(address(meeting, "delete")).status == 409
    assert coordinator.get(address(meeting)).status_code == 200


def test_what_was_built_on_a_meeting_keeps_it(coordinator: EngageClient) -> None:
    item = make_item(make_meeting(coordinator.membership, starts_at=PAST))
    coordinator.send(f"{MEETINGS}{item.meeting_id}/notes/", **{f"{item.id}-action": "Ask for a room"})
    answer = coordinator.send(f"{MEETINGS}{item.meeting_id}/delete")
    assert answer.status == 409
    assert answer.has("Other records refer to this meeting.")
