"""A meeting as a calendar file: right at a daylight-saving change, the same entry after a change, any letters."""

from datetime import date, time

import pytest

from engage.meetings.moments import moment_of
from tests.client import EngageClient
from tests.factories import make_coalition, make_membership
from tests.meetings.rows import MEETINGS, make_meeting


def read(text: str) -> dict[str, str]:
    """Returns the entry's lines by name, unfolded."""
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return dict(line.split(":", 1) for line in text.replace("\r\n ", "").split("\r\n") if line)


@pytest.mark.parametrize(
    ("day", "starts", "ends"),
    [
        (date(2027, 3, 13), "20270314T003000Z", "20270314T020000Z"),
        (date(2027, 3, 14), "20270314T233000Z", "20270315T010000Z"),
    ],
)
def test_the_hour_is_right_on_both_sides_of_a_change(
    member: EngageClient, day: date, starts: str, ends: str
) -> None:
    meeting = make_meeting(member.membership, starts_at=moment_of(day, time(18, 30), "America/Chicago"))
    answer = member.get(f"{MEETINGS}{meeting.id}/meeting.ics")
    assert answer.mimetype == "text/calendar"
    entry = read(answer.get_data(as_text=True))
    assert (entry["DTSTART"], entry["DTEND"]) == (starts, ends)
    assert entry["URL"].endswith(f"{MEETINGS}{meeting.id}/")


def test_a_change_moves_the_entry_instead_of_adding_one(member: EngageClient) -> None:
    path = f"{MEETINGS}{make_meeting(member.membership).id}/"
    before = read(member.get(f"{path}meeting.ics").get_data(as_text=True))
    sent = {"kind": "general", "group_id": "0", "title": "Moved", "day": "2027-03-02", "time": "18:00"}
    member.send(f"{path}edit", **sent, minutes="60", version="1")
    after = read(member.get(f"{path}meeting.ics").get_data(as_text=True))
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"], after["SUMMARY"]) == ("0", "1", "Moved")


def test_commas_lines_and_letters_of_any_kind_stay_whole(member: EngageClient) -> None:
    title = "O'Brien; " + "مرحبا " * 15
    meeting = make_meeting(member.membership, title=title.strip(), place="Room 2, hall", about="One\nTwo\\")
    entry = read(member.get(f"{MEETINGS}{meeting.id}/meeting.ics").get_data(as_text=True))
    assert entry["SUMMARY"] == title.strip().replace(";", "\\;")
    assert (entry["LOCATION"], entry["DESCRIPTION"]) == ("Room 2\\, hall", "One\\nTwo\\\\")


def test_a_meeting_of_another_coalition_has_no_file(member: EngageClient) -> None:
    theirs = make_meeting(make_membership(coalition=make_coalition()))
    assert member.get(f"{MEETINGS}{theirs.id}/meeting.ics").status_code == 404
