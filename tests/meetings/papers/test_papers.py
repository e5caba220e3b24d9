"""A meeting's papers: the agenda to print and to send, the sheet to sign in on, and *I'm here*."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.rules import GroupKind
from engage.directory.groups import service as groups_service
from engage.extensions import db
from engage.meetings.models import Attendance, Meeting
from engage.meetings.papers.rules import WIDTH, listed, paragraph, text_of
from engage.meetings.rules import Mode, Outcome, may_sign_in
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_affiliation, make_coalition, make_membership, make_organization
from tests.meetings.rows import COMING, MEETINGS, PAST, make_item, make_meeting

STARTS = datetime(2026, 3, 4, 0, 0, tzinfo=UTC)


def address(meeting: Meeting, more: str = "agenda/") -> str:
    return f"{MEETINGS}{meeting.id}/{more}"


def plain(text: str) -> str:
    """Replaces special spaces: Babel puts a narrow one before PM, the agenda a non-breaking one before its unit."""
    return text.replace("\u202f", " ").replace("\xa0", " ")


# -- plain text


def test_a_long_paragraph_is_wrapped_under_its_first_line() -> None:
    lines = paragraph("word " * 40, indent=9, first="6:00 PM")
    assert lines[0].startswith("6:00 PM  word word")
    assert all(line.startswith(" " * 9) for line in lines[1:])
    assert max(map(len, lines)) <= WIDTH


def test_a_link_is_never_broken() -> None:
    link = "https://meet.example.org/" + "room-" * 30
    assert link in paragraph(f"Online: {link}")


def test_lines_that_someone_typed_stay_lines() -> None:
    assert paragraph("One\n\nTwo", indent=2) == ["  One", "", "  Two"]
    assert paragraph("", indent=2, first="- ") == ["-"]
    assert listed(["One", "Two"]) == ["- One", "- Two"]


def test_blocks_stand_apart_and_empty_ones_leave_no_gap() -> None:
    assert text_of([["One", "Two"], [], ["Three"]]) == "One\nTwo\n\nThree"


# -- the agenda


def make_agenda(by: Membership, **values: object) -> Meeting:
    meeting = make_meeting(
        by, **{"place": "County Library", "link": "https://meet.example.org/room", **values}
    )
    make_item(meeting, "Welcome", minutes=10, output="Who is here, by sector")
    make_item(meeting, "Dropped", minutes=30, position=2, outcome=Outcome.DROPPED)
    make_item(meeting, "Break", minutes=15, position=3, about="break")
    make_item(meeting, "Vote", minutes=20, position=4)
    return meeting


def test_the_agenda_says_when_each_line_begins_and_what_to_have_at_its_end(member: EngageClient) -> None:
    page = member.page(address(make_agenda(member.membership, about="Bring the brief.")))
    assert plain(page.text("h1")) == "Agenda Quarterly meeting"
    assert "6:00 PM to 7:30 PM CST" in plain(page.text(".lead"))
    assert [plain(text) for text in page.texts(".meeting-paper-agenda tbody tr")] == [
        "6:00 PM 10 minutes Welcome Aim: Who is here, by sector",
        "6:10 PM 15 minutes Break",
        "6:25 PM 20 minutes Vote",
        "6:45 PM End",
    ]
    assert page.has("County Library")
    assert page.has("Bring the brief.")


def test_the_agenda_as_text_is_wrapped_and_leads_to_the_meeting(member: EngageClient) -> None:
    meeting = make_agenda(member.membership, about="Bring the brief. " * 20)
    page = member.page(address(meeting))
    text = page.one("#meetings-agenda-text").text()
    lines = plain(text).splitlines()
    assert lines[:2] == ["Quarterly meeting", "Riverbend County Coalition"]
    assert "6:00 PM  Welcome (10 minutes)" in lines
    assert "         Aim: Who is here, by sector" in lines
    assert "6:45 PM  End" in lines
    assert max(map(len, lines)) <= WIDTH
    assert text.rstrip().endswith(f"/c/riverbend/meetings/{meeting.id}/")


def test_mail_opens_with_the_agenda_and_messages_with_what_fits(member: EngageClient) -> None:
    page = member.page(address(make_agenda(member.membership)))
    links = [each.attributes["href"] or "" for each in page.all("#meetings-text a")]
    mail = next(each for each in links if each.startswith("mailto:?subject=Quarterly%20meeting"))
    assert "Welcome%20%2810%C2%A0minutes%29" in mail
    message = next(each for each in links if each.startswith("sms:?body=Quarterly%20meeting"))
    assert "Welcome" not in message
    assert "County%20Library" in message


def test_an_agenda_too_long_for_a_link_to_mail_stays_whole_on_the_page(member: EngageClient) -> None:
    meeting = make_agenda(member.membership)
    for position in range(5, 35):
        make_item(meeting, f"Line {position} about something that takes its words", position=position)
    page = member.page(address(meeting))
    mail = next(
        each.attributes["href"] or ""
        for each in page.all("#meetings-text a")
        if (each.attributes["href"] or "").startswith("mailto")
    )
    assert len(mail) < 800
    assert "Line 34" in page.text("#meetings-agenda-text")


def test_a_meeting_without_an_agenda_has_a_paper_that_says_so(member: EngageClient) -> None:
    page = member.page(address(make_meeting(member.membership)))
    assert page.text(".meeting-paper") == "No agenda yet."


def test_a_viewer_reads_the_agenda_without_a_way_to_the_meeting(
    viewer: EngageClient, member: EngageClient
) -> None:
    meeting = make_agenda(member.membership)
    page = viewer.page(address(meeting))
    assert page.has("Welcome")
    assert not page.has("Dan Reyes")
    assert page.all(".crumbs") == []
    assert page.text("#meetings-agenda-text").endswith(f"/meetings/{meeting.id}/agenda/")


def test_the_agenda_asks_as_often_for_forty_lines_as_for_two(member: EngageClient) -> None:
    meeting = make_agenda(member.membership)
    path = address(meeting)
    member.page(path)
    with counted_queries() as few:
        member.page(path)
    for position in range(5, 45):
        make_item(meeting, f"Line {position}", position=position)
    with counted_queries() as many:
        member.page(path)
    assert len(few) == len(many) <= 5


# -- the sheet


def test_the_sheet_bears_everybody_by_organization_and_rows_for_others(member: EngageClient) -> None:
    zion = make_organization(name="Zion Church", sector="faith")
    voices = make_organization(name="Open Door", sector="survivor_led")
    ana, ben, kim = (make_membership(name=name, user=None) for name in ("Ana Ruiz", "Ben Cole", "Kim Yu"))
    make_affiliation(ana, zion)
    make_affiliation(ben, voices)
    make_affiliation(kim)
    page = member.page(address(make_meeting(member.membership), "sign-in"))
    rows = page.texts(".sign-in-sheet tbody tr")
    assert rows[:4] == [
        "Ben Cole Open Door Nonprofit and community services",
        "Ana Ruiz Zion Church Faith-based",
        "Dan Reyes",
        "Kim Yu Residents, parents, and young people",
    ]
    assert set(rows[4:]) == {""}
    assert len(rows[4:]) == 12
    assert page.all("svg.qr") != []


def test_a_groups_sheet_bears_its_members(coordinator: EngageClient) -> None:
    ana = make_membership(name="Ana Ruiz", user=None)
    content = groups_service.GroupContent(GroupKind.WORKGROUP, "Schools", "", None, frozenset({ana.id}), None)
    group = groups_service.create(coordinator.membership, content)
    db.session.commit()
    meeting = make_meeting(coordinator.membership, group_id=group.id)
    rows = coordinator.page(address(meeting, "sign-in")).texts(".sign-in-sheet tbody tr")
    assert [row for row in rows if row] == ["Ana Ruiz"]


def test_the_sheet_says_where_its_code_leads(member: EngageClient) -> None:
    meeting = make_meeting(member.membership)
    page = member.page(address(meeting, "sign-in"))
    assert page.text(".invite-link").endswith(f"/c/riverbend/meetings/{meeting.id}/")
    assert page.has("Scan the code and press “I'm here”.")


def test_no_one_signs_in_on_paper_at_a_closed_meeting(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST, closed_at=clock.now())
    assert member.get(address(meeting, "sign-in")).status_code == 409


def test_a_viewer_gets_no_sheet_of_people(viewer: EngageClient, member: EngageClient) -> None:
    assert viewer.get(address(make_meeting(member.membership), "sign-in")).status_code == 403


def test_another_coalitions_papers_do_not_exist(member: EngageClient) -> None:
    elsewhere = make_membership(coalition=make_coalition())
    meeting = make_meeting(elsewhere)
    for more in ("agenda/", "sign-in"):
        assert member.get(address(meeting, more)).status_code == 404
    assert member.send(address(meeting, "here"), mode="here").status == 404


def test_the_sheet_asks_as_often_for_sixty_people_as_for_one(member: EngageClient) -> None:
    meeting = make_meeting(member.membership)
    path = address(meeting, "sign-in")
    member.page(path)
    with counted_queries() as few:
        member.page(path)
    for number in range(60):
        make_affiliation(make_membership(name=f"Person {number}", user=None), make_organization())
    with counted_queries() as many:
        member.page(path)
    assert len(few) == len(many) <= 5


# -- I'm here


@pytest.mark.parametrize(
    ("now", "closed", "may"),
    [
        (STARTS - timedelta(hours=2, seconds=1), False, False),
        (STARTS - timedelta(hours=2), False, True),
        (STARTS + timedelta(hours=5), False, True),
        (STARTS + timedelta(hours=5), True, False),
    ],
)
def test_people_sign_in_from_two_hours_before_until_it_is_closed(
    now: datetime, closed: bool, may: bool
) -> None:
    assert may_sign_in(STARTS, STARTS + timedelta(hours=3) if closed else None, now) is may


def on_record() -> list[tuple[int | None, str, Mode]]:
    db.session.expire_all()
    rows = sa.select(Attendance.membership_id, Attendance.sector, Attendance.mode)
    return [tuple(row) for row in db.session.execute(rows)]  # type: ignore[misc]


def test_a_member_puts_themselves_on_the_list_with_one_press(member: EngageClient) -> None:
    make_affiliation(member.membership, make_organization(name="County Hospital", sector="health"))
    meeting = make_meeting(member.membership, starts_at=clock.now() + timedelta(hours=1))
    page = member.page(address(meeting, ""))
    assert page.texts("#meetings-here button") == ["I'm here"]
    answer = member.send(address(meeting, "here"), mode="here")
    assert answer.location == address(meeting, "")
    assert on_record() == [(member.membership.id, "health", Mode.HERE)]
    page = member.page(address(meeting, ""))
    assert page.text("#meetings-here") == "You are signed in to this meeting: Here."
    assert "County Hospital Dan Reyes" in page.text("#meetings-came")


def test_pressed_twice_it_is_once_and_online_replaces_excused(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=clock.now(), link="https://meet.example.org/room")
    db.session.add(
        Attendance(
            coalition_id=meeting.coalition_id,
            meeting_id=meeting.id,
            membership_id=member.membership.id,
            mode=Mode.EXCUSED,
        )
    )
    db.session.commit()
    for _time in range(2):
        assert member.send(address(meeting, "here"), mode="online").status == 303
    assert on_record() == [(member.membership.id, "", Mode.ONLINE)]


def test_too_early_or_too_late_no_one_signs_in(member: EngageClient) -> None:
    for meeting in (
        make_meeting(member.membership, starts_at=COMING),
        make_meeting(member.membership, starts_at=PAST, closed_at=clock.now()),
        make_meeting(member.membership, starts_at=clock.now() - timedelta(days=2)),
    ):
        assert member.page(address(meeting, "")).all("#meetings-here") == []
        assert member.send(address(meeting, "here"), mode="here").status == 409
    assert on_record() == []


@pytest.mark.parametrize("mode", ["excused", "", "nonsense"])
def test_only_here_or_online_can_be_pressed(member: EngageClient, mode: str) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    assert member.send(address(meeting, "here"), mode=mode).status == 422
    assert on_record() == []


def test_a_viewer_signs_in_nowhere(viewer: EngageClient, member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    assert viewer.send(address(meeting, "here"), mode="here").status == 403
