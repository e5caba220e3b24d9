"""Nights in which the clock is changed, and titles of any letters, through the pages."""

from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from engage.coalitions.models import Coalition
from engage.extensions import db
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.rules import Outcome
from tests.client import EngageClient
from tests.meetings.rows import MEETINGS, PAST, make_item, make_meeting

TYPED = {
    "kind": "general",
    "group_id": "0",
    "title": "Night of the vigil",
    "place": "",
    "link": "",
    "about": "",
}


def plan(person: EngageClient, **values: Any) -> str:
    answer = person.send(f"{MEETINGS}new", **{**TYPED, **values})
    assert answer.status == 303
    return answer.location or ""


def plainly(text: str) -> str:
    return text.replace("\u202f", " ")


def entry(person: EngageClient, address: str) -> dict[str, str]:
    text = person.get(f"{address}meeting.ics").get_data(as_text=True)
    return dict(line.split(":", 1) for line in text.replace("\r\n ", "").split("\r\n") if line)


# -- the clock


@pytest.mark.parametrize(
    ("day", "time", "minutes", "words", "starts", "ends"),
    [
        # The night of March 14 has no hour from 2 to 3.
        (
            "2027-03-13",
            "23:00",
            300,
            "Saturday, March 13, 2027, 11:00 PM CST to 5:00 AM CDT",
            "20270314T050000Z",
            "20270314T100000Z",
        ),
        (
            "2027-03-14",
            "03:00",
            60,
            "Sunday, March 14, 2027, 3:00 AM to 4:00 AM CDT",
            "20270314T080000Z",
            "20270314T090000Z",
        ),
        # The night of November 7 has the hour from 1 to 2 twice.
        (
            "2027-11-07",
            "01:30",
            45,
            "Sunday, November 7, 2027, 1:30 AM CDT to 1:15 AM CST",
            "20271107T063000Z",
            "20271107T071500Z",
        ),
        (
            "2027-11-07",
            "00:30",
            240,
            "Sunday, November 7, 2027, 12:30 AM CDT to 3:30 AM CST",
            "20271107T053000Z",
            "20271107T093000Z",
        ),
    ],
)
def test_a_meeting_across_a_change_lasts_as_long_as_it_says(
    member: EngageClient, day: str, time: str, minutes: int, words: str, starts: str, ends: str
) -> None:
    address = plan(member, day=day, time=time, minutes=str(minutes))
    assert plainly(member.page(address).text(".lead")) == f"{words} Planned"
    found = entry(member, address)
    assert (found["DTSTART"], found["DTEND"]) == (starts, ends)
    # What is edited stays what it was.
    form = member.page(f"{address}edit")
    assert (form.value("day"), form.value("time"), form.value("minutes")) == (day, time, str(minutes))
    again = {**TYPED, "day": day, "time": time, "minutes": str(minutes), "version": form.value("version")}
    before = db.session.scalars(sa.select(Meeting.starts_at)).one()
    assert member.send(f"{address}edit", **again).status == 303
    assert db.session.scalars(sa.select(Meeting.starts_at)).one() == before


def test_the_lines_of_such_a_night_begin_at_what_the_clock_shows(member: EngageClient) -> None:
    address = plan(member, day="2027-03-14", time="01:30", minutes="60")
    meeting = db.session.scalars(sa.select(Meeting)).one()
    for place in range(3):
        make_item(meeting, f"Line {place}", position=place, minutes=20)
    times = [plainly(each) for each in member.page(address).texts(".agenda-time > :first-child")]
    assert times == ["1:30 AM", "1:50 AM", "3:10 AM"]


def test_an_edit_into_the_hour_that_is_not_there_keeps_what_was_typed(member: EngageClient) -> None:
    address = plan(member, day="2027-03-13", time="02:30", minutes="60")
    typed = {**TYPED, "title": "Moved by a day", "day": "2027-03-14", "time": "02:30", "minutes": "60"}
    page = member.send(f"{address}edit", **typed, version="1")
    assert page.status == 422
    assert [plainly(error) for error in page.errors] == [
        "Clocks move forward that day and skip this time. Choose 3:00 AM or later."
    ]
    assert (page.value("title"), page.value("time")) == ("Moved by a day", "02:30")


def test_another_zone_changes_its_clock_on_another_night(member: EngageClient) -> None:
    coalition = db.session.get_one(Coalition, member.membership.coalition_id)
    coalition.time_zone = "Europe/Berlin"
    address = plan(member, day="2027-03-14", time="02:30", minutes="60")
    assert db.session.scalars(sa.select(Meeting.starts_at)).one() == datetime(2027, 3, 14, 1, 30, tzinfo=UTC)
    assert entry(member, address)["DTSTART"] == "20270314T013000Z"
    page = member.send(f"{MEETINGS}new", **TYPED, day="2027-03-28", time="02:30", minutes="60")
    assert page.status == 422


def test_a_copy_across_the_change_keeps_the_time_on_the_wall_its_lines_and_minutes(
    member: EngageClient,
) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST, minutes=75)
    for place, (title, minutes) in enumerate((("Welcome", 5), ("Beds", 40), ("Next date", 30)), start=1):
        make_item(meeting, title, position=place, minutes=minutes, output=f"{title} done")
    dropped = make_item(meeting, "Left out", position=4, minutes=15)
    dropped.outcome = Outcome.DROPPED
    db.session.commit()
    form = f"{MEETINGS}{meeting.id}/copy"
    # In winter at six, and in summer at six.
    assert member.page(form).value("time") == "18:00"
    address = member.send(form, day="2027-06-01", time="18:00").location or ""
    assert (
        plainly(member.page(address).text(".lead")) == "Tuesday, June 1, 2027, 6:00 PM to 7:15 PM CDT Planned"
    )
    copy = db.session.scalars(sa.select(Meeting).order_by(Meeting.id.desc())).first()
    assert copy is not None
    rows = sa.select(AgendaItem.title, AgendaItem.minutes, AgendaItem.output, AgendaItem.outcome)
    rows = rows.where(AgendaItem.meeting_id == copy.id).order_by(AgendaItem.position)
    assert [tuple(row) for row in db.session.execute(rows)] == [
        ("Welcome", 5, "Welcome done", Outcome.OPEN),
        ("Beds", 40, "Beds done", Outcome.OPEN),
        ("Next date", 30, "Next date done", Outcome.OPEN),
    ]
    # Onto a time that comes twice it is the first, and the page says so.
    address = member.send(form, day="2027-11-07", time="01:30").location or ""
    assert member.page(address).has("show this time twice: this is the first one")
    page = member.send(form, day="2027-03-14", time="02:30")
    assert (page.status, page.value("day"), page.value("time")) == (422, "2027-03-14", "02:30")


# -- titles


@pytest.mark.parametrize(
    "title", ["اجتماع التخطيط الربيعي", "O'Brien's \"open\" <night> & more", "x" * 120, "ש" * 60 + " 2027"]
)
def test_a_title_of_any_letters_is_shown_as_typed_wherever_it_stands(
    coordinator: EngageClient, title: str
) -> None:
    address = plan(coordinator, title=title, day="2027-03-02", time="18:00", minutes="60")
    make_item(db.session.scalars(sa.select(Meeting)).one(), "Line", outcome=Outcome.NOT_REACHED)
    assert coordinator.page(address).text("h1") == title
    assert coordinator.page(MEETINGS).text(".meeting-table .row-link") == title
    assert coordinator.page("/c/riverbend/").text("#home-meeting .row-link") == title
    assert coordinator.page(f"{address}edit").value("title") == title
    for more in ("copy", "notes/", "attendance", "carry-over", "agenda/draft", "delete"):
        assert title in coordinator.page(f"{address}{more}").text(), more
    assert entry(coordinator, address)["SUMMARY"] == title
    copied = coordinator.send(f"{address}copy", day="2027-06-01", time="18:00").location or ""
    assert coordinator.page(copied).text("h1") == title


def test_a_title_of_two_hundred_letters_is_refused_in_an_edit_and_kept(member: EngageClient) -> None:
    address = plan(member, day="2027-03-02", time="18:00", minutes="60")
    title = ("O'Brien " * 25).strip()
    typed = {**TYPED, "title": title, "day": "2027-03-02", "time": "18:00", "minutes": "60"}
    page = member.send(f"{address}edit", **typed, version="1")
    assert (page.status, page.value("title")) == (422, title)
    assert page.has("This is too long: at most 120 characters. Nothing was cut; shorten it.")
