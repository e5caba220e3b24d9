"""Tests attendance: ticking people, guests, mark all present, two who tick at once, and what is kept of the day."""

from datetime import date

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.rules import GroupKind
from engage.directory.groups import service as groups_service
from engage.extensions import db
from engage.meetings.attendance.service import attended
from engage.meetings.models import Attendance, Meeting
from engage.meetings.rules import AttendanceChange, Mode, collisions
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_affiliation, make_coalition, make_membership, make_organization
from tests.meetings.rows import MEETINGS, PAST, make_meeting

HERE, ONLINE = Mode.HERE, Mode.ONLINE


def sheet_of(meeting: Meeting) -> str:
    return f"{MEETINGS}{meeting.id}/attendance"


def on_record() -> list[tuple[str, Mode]]:
    db.session.expire_all()
    meeting = db.session.scalars(sa.select(Meeting)).first()
    assert meeting is not None
    return [(each.name, each.mode) for each in attended(meeting).lines]


@pytest.mark.parametrize(
    ("was", "now", "saved", "lost"),
    [
        (None, HERE, None, False),
        (None, HERE, HERE, False),
        (None, HERE, ONLINE, True),
        (HERE, None, HERE, False),
        (HERE, None, ONLINE, True),
        (HERE, ONLINE, None, True),
    ],
)
def test_only_a_tick_that_someone_else_changed_is_lost(
    was: Mode | None, now: Mode | None, saved: Mode | None, lost: bool
) -> None:
    assert collisions({"p1": AttendanceChange(was, now)}, {"p1": saved}) == (["p1"] if lost else [])


def test_ticking_people_records_where_they_come_from(member: EngageClient) -> None:
    hospital = make_organization(name="County Hospital", sector="health")
    ana, ben, kim = (make_membership(name=name, user=None) for name in ("Ana Ruiz", "Ben Cole", "Kim Yu"))
    make_affiliation(ana, hospital)
    make_affiliation(ben)
    meeting = make_meeting(member.membership, starts_at=PAST)
    answer = member.send(
        sheet_of(meeting),
        **{f"now-p{ana.id}": "here", f"now-p{ben.id}": "online", f"now-p{kim.id}": "excused"},
    )
    assert answer.location == sheet_of(meeting)
    rows = db.session.execute(
        sa.select(Attendance.membership_id, Attendance.sector, Attendance.organization_id)
    )
    assert {tuple(row) for row in rows} == {
        (ana.id, "health", hospital.id),
        (ben.id, "residents", None),
        (kim.id, "", None),
    }
    page = member.page(f"{MEETINGS}{meeting.id}/")
    text = page.text("#meetings-came")
    assert "1 person here, 1 online, 1 excused" in text
    assert "County Hospital Ana Ruiz" in text
    assert "On their own Ben Cole (online)" in text
    assert "Excused Kim Yu" in text
    assert page.texts(".came-sectors li") == [
        "Health care and public health: 1",
        "Residents, parents, and young people: 1",
    ]


def test_mark_all_present_ticks_whoever_has_no_tick(member: EngageClient) -> None:
    ana, ben = (make_membership(name=name, user=None) for name in ("Ana Ruiz", "Ben Cole"))
    meeting = make_meeting(member.membership, starts_at=PAST)
    member.send(sheet_of(meeting), **{f"now-p{ana.id}": "excused", "everybody": "here"})
    assert on_record() == [("Ana Ruiz", Mode.EXCUSED), ("Ben Cole", HERE), ("Dan Reyes", HERE)]
    member.send(
        sheet_of(meeting),
        **{
            f"was-p{ben.id}": "here",
            f"now-p{ben.id}": "",
            f"was-p{ana.id}": "excused",
            f"now-p{ana.id}": "here",
        },
        **{f"was-p{member.membership.id}": "here", f"now-p{member.membership.id}": "here"},
    )
    assert on_record() == [("Ana Ruiz", HERE), ("Dan Reyes", HERE)]


def test_of_a_groups_meeting_its_members_are_marked_and_others_may_be_ticked(
    coordinator: EngageClient,
) -> None:
    who = coordinator.membership
    ana, ben = (make_membership(name=name, user=None) for name in ("Ana Ruiz", "Ben Cole"))
    content = groups_service.GroupContent(GroupKind.WORKGROUP, "Schools", "", None, frozenset({ana.id}), None)
    group = groups_service.create(who, content)
    db.session.commit()
    meeting = make_meeting(who, group_id=group.id, starts_at=PAST)
    page = coordinator.page(sheet_of(meeting))
    assert page.texts("#meetings-people > .attend-list .attend-name") == ["Ana Ruiz"]
    assert page.texts("details.more .attend-name") == ["Ben Cole", "Maria Santos"]
    coordinator.send(sheet_of(meeting), **{f"now-p{ben.id}": "here", "everybody": "here"})
    assert on_record() == [("Ana Ruiz", HERE), ("Ben Cole", HERE)]


def test_a_guest_comes_by_name_for_an_organization_or_a_sector(member: EngageClient) -> None:
    church = make_organization(name="Grace Church", sector="faith")
    meeting = make_meeting(member.membership, starts_at=PAST)
    name = "Siobhán O'Brien-Nakamura"
    member.send(
        sheet_of(meeting),
        guest=name,
        guest_organization_id=str(church.id),
        guest_mode="here",
        guest_sector="media",
    )
    member.send(sheet_of(meeting), guest="Lee Park", guest_sector="media", guest_mode="online")
    rows = db.session.execute(sa.select(Attendance.guest, Attendance.sector).order_by(Attendance.id)).all()
    assert [tuple(row) for row in rows] == [(name, "faith"), ("Lee Park", "media")]
    page = member.page(sheet_of(meeting))
    assert page.texts("#meetings-guests .attend-name") == [name, "Lee Park"]
    assert page.has(f"{name} (guest)")
    first = db.session.scalars(sa.select(Attendance).order_by(Attendance.id)).first()
    assert first is not None
    member.send(sheet_of(meeting), **{f"was-g{first.id}": "here", f"now-g{first.id}": ""})
    assert [name for name, _mode in on_record()] == ["Lee Park"]


def test_no_one_is_put_down_as_a_survivor(member: EngageClient) -> None:
    thistle = make_organization(name="Thistle House", sector="survivor_led")
    make_affiliation(member.membership, thistle)
    meeting = make_meeting(member.membership, starts_at=PAST)
    page = member.page(sheet_of(meeting))
    assert "survivor_led" not in page.html
    member.send(sheet_of(meeting), **{f"now-p{member.membership.id}": "here"})
    member.send(sheet_of(meeting), guest="Lee Park", guest_organization_id=str(thistle.id), guest_mode="here")
    assert set(db.session.scalars(sa.select(Attendance.sector))) == {"nonprofit"}


def test_what_the_day_was_stays_when_an_organization_or_a_person_moves_on(member: EngageClient) -> None:
    hospital, church = make_organization(name="Hospital", sector="health"), make_organization(name="Church")
    ana = make_membership(name="Ana Ruiz", user=None)
    place = make_affiliation(ana, hospital)
    meeting = make_meeting(member.membership, starts_at=PAST)
    member.send(sheet_of(meeting), **{f"now-p{ana.id}": "here"})
    hospital.name, hospital.sector = "County Hospital", "business"
    place.organization_id = church.id
    ana.left_on = date(2026, 4, 1)
    db.session.commit()
    text = member.page(f"{MEETINGS}{meeting.id}/").text("#meetings-came")
    assert "County Hospital Ana Ruiz" in text
    assert "Health care and public health: 1" in text
    # Who left stands on the sheet of the day, and on none that comes.
    assert "Ana Ruiz" in member.page(sheet_of(meeting)).texts(".attend-name")
    later = make_meeting(member.membership)
    assert "Ana Ruiz" not in member.page(sheet_of(later)).texts(".attend-name")


def test_two_who_tick_different_people_lose_nothing(member: EngageClient) -> None:
    ana, ben = (make_membership(name=name, user=None) for name in ("Ana Ruiz", "Ben Cole"))
    meeting = make_meeting(member.membership, starts_at=PAST)
    for person in (ana, ben):
        sent = {f"was-p{each.id}": "" for each in (ana, ben)} | {f"now-p{person.id}": "here"}
        assert member.send(sheet_of(meeting), **sent).status == 303
    assert on_record() == [("Ana Ruiz", HERE), ("Ben Cole", HERE)]


def test_two_who_tick_one_person_differently_see_both(member: EngageClient) -> None:
    ana, ben = (make_membership(name=name, user=None) for name in ("Ana Ruiz", "Ben Cole"))
    meeting = make_meeting(member.membership, starts_at=PAST)
    member.send(sheet_of(meeting), **{f"now-p{ana.id}": "online"})
    page = member.send(
        sheet_of(meeting),
        **{f"was-p{ana.id}": "", f"now-p{ana.id}": "here", f"was-p{ben.id}": "", f"now-p{ben.id}": "here"},
    )
    assert page.status == 409
    assert page.has("Ana Ruiz: saved now: Online; yours: Here")
    assert on_record() == [("Ana Ruiz", ONLINE)]
    # Pressed again, what was typed is saved over it.
    sent = {
        node.attributes["name"] or "": node.attributes["value"] or ""
        for node in page.all(".attend-row input[type=hidden], .attend-row input[checked]")
    }
    assert member.send(sheet_of(meeting), **sent).status == 303
    assert on_record() == [("Ana Ruiz", HERE), ("Ben Cole", HERE)]


def test_a_tick_that_is_no_choice_and_a_strangers_person_change_nothing(member: EngageClient) -> None:
    ana = make_membership(name="Ana Ruiz", user=None)
    theirs = make_membership(coalition=make_coalition(), user=None)
    meeting = make_meeting(member.membership, starts_at=PAST)
    page = member.send(sheet_of(meeting), **{f"now-p{ana.id}": "asleep"})
    assert page.status == 422
    assert page.has("One of your choices could not be read.")
    member.send(sheet_of(meeting), **{f"now-p{theirs.id}": "here"})
    assert on_record() == []


def test_a_closed_meeting_takes_no_ticks(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST, closed_at=clock.now())
    assert member.get(sheet_of(meeting)).status_code == 409
    assert member.send(sheet_of(meeting), **{f"now-p{member.membership.id}": "here"}).status == 409
    assert on_record() == []
    assert not member.page(f"{MEETINGS}{meeting.id}/").all(f"a[href='{sheet_of(meeting)}']")


def test_the_sheet_asks_as_often_for_many_people_as_for_few(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, starts_at=PAST)
    member.page(sheet_of(meeting))
    with counted_queries() as few:
        member.page(sheet_of(meeting))
    for _n in range(20):
        make_affiliation(make_membership(user=None), make_organization())
    with counted_queries() as many:
        assert len(member.page(sheet_of(meeting)).all(".attend-row")) == 21
    assert len(many) == len(few)
