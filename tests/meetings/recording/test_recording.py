"""While a meeting runs and after: notes, outcomes, carrying over, closing, reopening, copying, calling off."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engage import clock
from engage.errors import WrongState
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.agenda import queries as agenda_queries
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.recording import service as recording_service
from engage.meetings.rules import MeetingKind, Outcome, Source
from engage.plan.models import Action
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership
from tests.meetings.rows import COMING, MEETINGS, PAST, make_decision, make_item, make_meeting


def address(meeting: Meeting, more: str = "") -> str:
    return f"{MEETINGS}{meeting.id}/{more}"


def fresh(item: AgendaItem) -> AgendaItem:
    db.session.refresh(item)
    return item


# -- notes


def test_a_line_is_noted_and_said_to_be_done(member: EngageClient) -> None:
    item = make_item(make_meeting(member.membership, starts_at=PAST))
    path = f"{MEETINGS}{item.meeting_id}/notes/"
    answer = member.send(f"{path}{item.id}", notes="We agreed.", outcome="done", version="1")
    assert answer.location == f"{path}#meetings-item-{item.id}"
    assert (fresh(item).notes, item.outcome, item.recorded_version) == ("We agreed.", Outcome.DONE, 2)
    moved = db.session.scalars(sa.select(HistoryEntry).where(HistoryEntry.field == "outcome")).one()
    assert (moved.old, moved.new) == ("open", "done")
    assert db.session.scalar(sa.select(HistoryEntry.new).where(HistoryEntry.field == "notes")) is None


def test_with_htmx_only_the_line_comes_back(member: EngageClient) -> None:
    item = make_item(make_meeting(member.membership, starts_at=PAST))
    path = f"{MEETINGS}{item.meeting_id}/notes/{item.id}"
    answer = member.send(path, htmx=True, notes="We agreed.", outcome="done", version="1")
    assert answer.status == 200
    assert [node.attributes["id"] for node in answer.all("section")] == [f"meetings-item-{item.id}"]
    assert answer.value("version") == "2"


@pytest.mark.parametrize("htmx", [True, False])
def test_two_who_note_one_line_see_both_texts(member: EngageClient, htmx: bool) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    item, other = make_item(meeting, "One"), make_item(meeting, "Two", position=2)
    path = address(meeting, f"notes/{item.id}")
    member.send(path, notes="Theirs", outcome="done", version="1")
    answer = member.send(path, htmx=htmx, notes="Yours", outcome="dropped", version="1")
    assert answer.status == 409
    assert answer.texts(".conflict-text") == ["Theirs", "Yours", "Done", "Dropped"]
    assert fresh(item).notes == "Theirs"
    assert member.send(path, notes="Both", outcome="done", version="2").status == 303
    # The other line was free all the time.
    assert (
        member.send(address(meeting, f"notes/{other.id}"), notes="Ours", outcome="open", version="1").status
        == 303
    )


def test_a_line_without_an_outcome_is_refused_beside_its_field(member: EngageClient) -> None:
    item = make_item(make_meeting(member.membership, starts_at=PAST))
    page = member.send(f"{MEETINGS}{item.meeting_id}/notes/{item.id}", notes="We agreed.", version="1")
    assert (page.status, page.errors) == (422, ["Say what became of it."])
    assert page.has("We agreed.")


def test_a_line_of_another_meeting_is_not_there(member: EngageClient) -> None:
    meeting, item = make_meeting(member.membership), make_item(make_meeting(member.membership))
    theirs = make_item(make_meeting(make_membership(coalition=make_coalition())))
    for path in (address(meeting, f"notes/{item.id}"), f"{MEETINGS}{theirs.meeting_id}/notes/{theirs.id}"):
        assert member.send(path, notes="x", outcome="done", version="1").status == 404


def test_a_line_becomes_an_action_once(member: EngageClient) -> None:
    item = make_item(make_meeting(member.membership, starts_at=PAST), "Ask the clinic for a room")
    path = f"{MEETINGS}{item.meeting_id}/notes/{item.id}/action"
    for _again in range(2):
        answer = member.send(path)
        assert answer.location == "/c/riverbend/plan/actions/1"
    action = db.session.scalars(sa.select(Action)).one()
    assert (action.title, action.agenda_item_id) == ("Ask the clinic for a room", item.id)
    page = member.page(answer.location or "")
    assert page.has("Ask the clinic for a room (Quarterly meeting, Mar 3, 2026)")
    assert member.page(f"{MEETINGS}{item.meeting_id}/notes/").has("Action 1: Ask the clinic for a room")


def test_recording_asks_as_often_for_many_lines_as_for_few(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    make_item(meeting)
    make_decision(meeting, member.membership)
    paths = (address(meeting), address(meeting, "notes/"))
    counts = []
    for more in (1, 12):
        for n in range(more):
            make_item(meeting, f"Line {n}", position=n, outcome=Outcome.NOT_REACHED)
            make_decision(meeting, member.membership)
        for path in paths:
            member.page(path)
        with counted_queries() as sent:
            for path in paths:
                member.page(path)
        counts.append(len(sent))
    assert counts[0] == counts[1]


# -- carrying over


def test_what_was_not_reached_goes_to_a_later_agenda_once(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, title="January", starts_at=PAST)
    make_item(meeting, "Done already", outcome=Outcome.DONE)
    left = make_item(meeting, "Ask the schools", position=2, outcome=Outcome.NOT_REACHED, minutes=15)
    later = make_meeting(member.membership, title="April")
    make_item(later, "Welcome", position=4)
    assert member.page(address(meeting)).has("1 line was not reached.")
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
    assert coordinator.page(address(meeting, "close")).has("1 line of the agenda is open")
    assert coordinator.send(address(meeting, "close")).location == address(meeting)
    db.session.refresh(meeting)
    assert meeting.closed_at is not None
    assert (fresh(item).outcome, fresh(done).outcome) == (Outcome.NOT_REACHED, Outcome.DONE)
    assert coordinator.page(address(meeting)).has("Closed by Maria Santos")
    for path in ("notes/", "attendance", "edit", "close", "decisions/new"):
        assert coordinator.get(address(meeting, path)).status_code == 409
    path = address(meeting, f"notes/{item.id}")
    assert coordinator.send(path, notes="Late", outcome="done", version="2").status == 409
    assert fresh(item).notes == ""


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
    assert coordinator.page(f"{here}delete").has("Call off this meeting?")
    assert coordinator.send(f"{here}delete").location == MEETINGS
    assert db.session.scalar(sa.select(sa.func.count(AgendaItem.id))) == 0
    assert coordinator.get(here).status_code == 404


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
    coordinator.send(f"{MEETINGS}{item.meeting_id}/notes/{item.id}/action")
    answer = coordinator.send(f"{MEETINGS}{item.meeting_id}/delete")
    assert answer.status == 409
    assert answer.has("Something was built on this meeting.")


def test_closing_and_noting_at_once_leaves_nothing_half_done(coordinator: EngageClient) -> None:
    item = make_item(make_meeting(coordinator.membership, starts_at=PAST))
    coordinator.send(f"{MEETINGS}{item.meeting_id}/close")
    with pytest.raises(WrongState):
        recording_service.note(coordinator.membership, fresh(item), 2, "Late", Outcome.DONE)
