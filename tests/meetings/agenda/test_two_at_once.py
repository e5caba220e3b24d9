"""Two people in one meeting: who edits the agenda, who records, who carries over; nothing of either is lost."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.extensions import db
from engage.meetings.agenda.rules.about import AboutKind, about
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.rules import Outcome
from tests.client import EngageClient
from tests.factories import make_membership, signed_in_client
from tests.meetings.rows import MEETINGS, PAST, make_item, make_meeting, opened


@pytest.fixture
def meeting(member: EngageClient) -> Meeting:
    return make_meeting(member.membership, starts_at=PAST)


def line(item: AgendaItem, verb: str) -> str:
    return f"{MEETINGS}{item.meeting_id}/agenda/{item.id}/{verb}"


def notes(meeting: Meeting) -> str:
    return f"{MEETINGS}{meeting.id}/notes/"


def noted(item: AgendaItem, said: str, outcome: str) -> dict[str, str]:
    return {f"{item.id}-notes": said, f"{item.id}-outcome": outcome}


def fresh(item: AgendaItem) -> AgendaItem:
    db.session.refresh(item)
    return item


def titles(meeting: Meeting) -> list[str]:
    rows = sa.select(AgendaItem.title).where(AgendaItem.meeting_id == meeting.id)
    return list(db.session.scalars(rows.order_by(AgendaItem.position, AgendaItem.id)))


EDIT = {"minutes": "20", "about_kind": "", "about_number": ""}


# -- who edits the line, and who records it


@pytest.mark.parametrize("recorder_first", [True, False])
def test_recording_a_line_is_not_in_the_way_of_editing_it(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting, recorder_first: bool
) -> None:
    item = make_item(meeting, "Beds")
    # Both have opened their page.
    edited = coordinator.page(line(item, "edit")).value("version")
    page = opened(member, meeting) | noted(item, "We agreed.", "done")
    sends = [
        lambda: member.send(notes(meeting), **page).status,
        lambda: coordinator.send(line(item, "edit"), title="Beds for boys", **EDIT, version=edited).status,
    ]
    assert [send() for send in (sends if recorder_first else reversed(sends))] == [303, 303]
    assert (fresh(item).title, item.minutes, item.notes, item.outcome) == (
        "Beds for boys",
        20,
        "We agreed.",
        Outcome.DONE,
    )


def test_two_titles_for_one_line_are_both_shown(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    item = make_item(meeting, "Beds", minutes=20)
    coordinator.send(line(item, "edit"), title="Beds for boys", **EDIT, version="1")
    member.send(notes(meeting), **opened(member, meeting) | noted(item, "We agreed.", "done"))
    page = member.send(line(item, "edit"), title="Shelter", **EDIT, version="1")
    assert page.status == 409
    assert page.texts(".conflict-text") == ["Beds for boys", "Shelter"]
    assert member.send(line(item, "edit"), title="Both", **EDIT, version=page.value("version")).status == 303
    assert (fresh(item).title, item.notes) == ("Both", "We agreed.")


def test_who_drops_a_line_that_someone_records_is_in_no_ones_way(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    item = make_item(meeting, "Beds")
    page = opened(member, meeting)
    coordinator.send(line(item, "drop"))
    assert member.send(notes(meeting), **page | noted(item, "We agreed.", "open")).status == 303
    assert (fresh(item).outcome, item.notes) == (Outcome.DROPPED, "We agreed.")
    # Both say what became of it: each sees the other's word.
    answer = member.send(notes(meeting), **page | noted(item, "We agreed.", "done"))
    assert answer.status == 409
    assert answer.texts(".conflict-text") == ["Dropped", "Done"]
    # A title is something else: it is saved.
    assert member.send(line(item, "edit"), title="Beds for boys", **EDIT, version="1").status == 303
    assert fresh(item).outcome is Outcome.DROPPED


def test_minutes_spread_meanwhile_are_shown_beside_those_typed(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    item = make_item(meeting, "Beds", minutes=10)
    page_of_recorder = opened(member, meeting) | noted(item, "We agreed.", "done")
    coordinator.send(f"{MEETINGS}{meeting.id}/agenda/spread")
    assert member.send(notes(meeting), **page_of_recorder).status == 303
    page = member.send(line(item, "edit"), title="Beds", **{**EDIT, "minutes": "25"}, version="1")
    assert page.status == 409
    assert page.texts(".conflict-text") == [str(fresh(item).minutes), "25"]


def test_closing_while_someone_records_keeps_their_text(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    item = make_item(meeting, "Beds")
    typed = opened(member, meeting) | noted(item, "We agreed on two beds.", "done")
    coordinator.send(f"{MEETINGS}{meeting.id}/close")
    page = member.send(notes(meeting), **typed)
    assert page.status == 409
    assert page.has("We agreed on two beds.")
    # Reopened, the text is saved, and the outcome that closing set is shown beside theirs.
    coordinator.send(f"{MEETINGS}{meeting.id}/reopen")
    page = member.send(notes(meeting), **typed)
    assert page.texts(".conflict-text") == ["Not reached", "Done"]
    assert fresh(item).notes == "We agreed on two beds."


# -- who moves, and who adds


def test_moving_while_someone_adds_loses_no_line(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    first, _second, third = [make_item(meeting, title, position=n) for n, title in enumerate("ABC", 1)]
    # The page that was open shows A, B and C; in the meantime D is added.
    coordinator.send(f"{MEETINGS}{meeting.id}/agenda/add", title="D", **EDIT)
    assert member.send(line(third, "move"), before=str(first.id)).status == 303
    assert titles(meeting) == ["C", "A", "B", "D"]
    assert member.send(line(first, "move"), before="0").status == 303
    assert titles(meeting) == ["C", "B", "D", "A"]


def test_moving_and_adding_at_the_very_same_moment_keeps_every_line_in_its_own_place(
    app: Flask, meeting: Meeting
) -> None:
    items = [make_item(meeting, title, position=n) for n, title in enumerate("ABC", 1)]
    keys, key = [each.id for each in items], meeting.id
    people = [signed_in_client(app, make_membership()) for _ in range(4)]
    db.session.commit()

    def work(number: int) -> int:
        with app.app_context():
            here = f"{MEETINGS}{key}/agenda/"
            if number % 2:
                return people[number].send(f"{here}add", title=f"New {number}", **EDIT).status
            return people[number].send(f"{here}{keys[2 - number]}/move", before=str(keys[1])).status

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(work, range(4))) == [303] * 4
    rows = sa.select(AgendaItem.position, AgendaItem.title).where(AgendaItem.meeting_id == key)
    found = sorted(tuple(row) for row in db.session.execute(rows))
    assert [position for position, _title in found] == [1, 2, 3, 4, 5]
    assert {title for _position, title in found} == {"A", "B", "C", "New 1", "New 3"}


# -- who carries over


def test_two_who_carry_over_at_once_carry_each_line_once(app: Flask, meeting: Meeting) -> None:
    for number in range(3):
        make_item(meeting, f"Line {number}", position=number, outcome=Outcome.NOT_REACHED)
    people = [signed_in_client(app, make_membership()) for _ in range(2)]
    later = [make_meeting(people[0].membership, title=f"Later {number}").id for number in range(2)]
    path = f"{MEETINGS}{meeting.id}/carry-over"
    db.session.commit()

    def carry(number: int) -> int:
        with app.app_context():
            return people[number].send(path, to=str(later[number])).status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(carry, range(2))) == [303, 409]
    carried = sa.select(sa.func.count()).where(AgendaItem.carried_from_id.is_not(None))
    assert db.session.scalar(carried) == 3


def test_carrying_over_takes_the_output_along_and_leaves_breaks(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    make_item(meeting, "Ask the schools", output="Who asks whom")
    pause = make_item(meeting, "Coffee", position=2, about=about(AboutKind.BREAK))
    assert coordinator.page(f"{MEETINGS}{meeting.id}/close").has("Nothing is recorded for 1 item")
    # No one says what became of a break.
    assert member.page(f"{MEETINGS}{meeting.id}/notes/").texts("#meetings-record textarea") == [""]
    coordinator.send(f"{MEETINGS}{meeting.id}/close")
    assert fresh(pause).outcome is Outcome.DONE
    later = make_meeting(member.membership, title="April")
    # Of a closed meeting, too.
    assert member.send(f"{MEETINGS}{meeting.id}/carry-over", to=str(later.id)).status == 303
    carried = db.session.scalars(sa.select(AgendaItem).where(AgendaItem.meeting_id == later.id)).one()
    assert (carried.title, carried.output) == ("Ask the schools", "Who asks whom")
    # Marked by hand as not reached, a break is still nothing to carry.
    pause.outcome = Outcome.NOT_REACHED
    db.session.commit()
    assert not member.page(f"{MEETINGS}{meeting.id}/").has("not reached.")
    assert member.send(f"{MEETINGS}{meeting.id}/carry-over", to=str(later.id)).status == 409


def test_a_carried_line_and_the_one_it_came_from_lead_to_each_other(
    member: EngageClient, meeting: Meeting
) -> None:
    meeting.title = "January"
    action = about(AboutKind.ACTION, 14)
    plain, tied = make_item(meeting, "Ask the schools"), make_item(meeting, "Room", position=2, about=action)
    for item in (plain, tied):
        item.outcome = Outcome.NOT_REACHED
    later = make_meeting(member.membership, title="April")
    member.send(f"{MEETINGS}{meeting.id}/carry-over", to=str(later.id))
    page = member.page(f"{MEETINGS}{later.id}/")
    assert page.texts(".agenda-body .small-muted") == ["Carried over from January, Mar 3, 2026"] * 2
    # The meeting is linked once in each line, beside the words.
    assert len(page.all(f".agenda-body a[href='{MEETINGS}{meeting.id}/']")) == 2
    back = member.page(f"{MEETINGS}{meeting.id}/")
    assert [text for text in back.texts(".agenda-body .small-muted") if "to" in text.split()] == [
        "Carried over to April, Mar 2, 2094"
    ] * 2
    assert len(back.all(f".agenda-body a[href='{MEETINGS}{later.id}/']")) == 2
    assert back.texts(".agenda-body .tag") == ["Not reached"] * 2


def test_a_full_agenda_takes_nothing_over_and_says_so(member: EngageClient, meeting: Meeting) -> None:
    make_item(meeting, "Ask the schools", outcome=Outcome.NOT_REACHED)
    later = make_meeting(member.membership, title="April")
    rows = [
        AgendaItem(coalition_id=later.coalition_id, meeting_id=later.id, position=n, title=str(n))
        for n in range(100)
    ]
    db.session.add_all(rows)
    page = member.send(f"{MEETINGS}{meeting.id}/carry-over", to=str(later.id))
    assert page.status == 409
    assert page.has("An agenda has at most 100 items.")


def test_a_line_deleted_from_the_later_agenda_can_be_carried_again(
    member: EngageClient, meeting: Meeting
) -> None:
    make_item(meeting, "Ask the schools", outcome=Outcome.NOT_REACHED)
    later = make_meeting(member.membership, title="April")
    for _again in range(2):
        assert member.send(f"{MEETINGS}{meeting.id}/carry-over", to=str(later.id)).status == 303
        carried = db.session.scalars(sa.select(AgendaItem).where(AgendaItem.meeting_id == later.id)).one()
        # Who carried it over may delete it again.
        member.send(line(carried, "drop"))
        assert member.send(line(carried, "delete")).status == 303
