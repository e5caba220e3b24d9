"""The lines of an agenda on a meeting's page: added, edited, moved, dropped; two who do so at once."""

from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.meetings.rules import Outcome, Source
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_action, make_coalition, make_membership, make_plan, saved
from tests.html import Page
from tests.meetings.rows import MEETINGS, make_item, make_meeting


@pytest.fixture
def meeting(member: EngageClient) -> Meeting:
    return make_meeting(member.membership)


def address(meeting: Meeting, item: AgendaItem | None = None, verb: str = "") -> str:
    line = f"{item.id}/" if item is not None else ""
    return f"{MEETINGS}{meeting.id}/agenda/{line}{verb}"


def page_of(client: EngageClient, meeting: Meeting) -> Page:
    return client.page(f"{MEETINGS}{meeting.id}/")


def titles(meeting: Meeting) -> list[str]:
    rows = sa.select(AgendaItem.title).where(AgendaItem.meeting_id == meeting.id)
    return list(db.session.scalars(rows.order_by(AgendaItem.position)))


def positions(meeting: Meeting) -> list[int]:
    rows = sa.select(AgendaItem.position).where(AgendaItem.meeting_id == meeting.id)
    return sorted(db.session.scalars(rows))


def only_line() -> AgendaItem:
    return db.session.scalars(sa.select(AgendaItem)).one()


def three(meeting: Meeting) -> list[AgendaItem]:
    return [make_item(meeting, title, position=n) for n, title in enumerate(("A", "B", "C"), start=1)]


def typed(**values: Any) -> dict[str, Any]:
    return {"title": "Beds for boys", "minutes": "15", "about_kind": "", "about_number": "", **values}


# -- adding


def test_an_added_line_stands_last_with_its_time(member: EngageClient, meeting: Meeting) -> None:
    make_item(meeting, "Welcome", minutes=10)
    answer = member.send(address(meeting, verb="add"), **typed(output="Who asks by when"))
    assert answer.location == f"{MEETINGS}{meeting.id}/#meetings-agenda"
    page = page_of(member, meeting)
    assert page.texts(".agenda-line .agenda-body strong") == ["Welcome", "Beds for boys"]
    assert [text.replace("\u202f", " ") for text in page.texts(".agenda-time")] == [
        "6:00 PM 10 minutes",
        "6:10 PM 15 minutes",
    ]
    assert page.has("Who asks by when")
    assert page.has("25 of 90 minutes are on the agenda; 65 minutes are free.")
    line = db.session.scalars(sa.select(AgendaItem).where(AgendaItem.title == "Beds for boys")).one()
    assert (line.source, line.created_by_id) == (Source.HAND, member.membership.id)


def test_several_lines_are_added_one_after_another(member: EngageClient, meeting: Meeting) -> None:
    answer = member.send(address(meeting, verb="add"), **typed(another="1"))
    assert answer.location == address(meeting, verb="add")


def test_a_line_without_a_title_is_refused_in_words_and_keeps_what_was_typed(
    member: EngageClient, meeting: Meeting
) -> None:
    page = member.send(address(meeting, verb="add"), **typed(title="", output="A name"))
    assert page.status == 422
    assert page.errors == ["Write what the item is."]
    assert page.value("output") == "A name"
    assert page.value("minutes") == "15"


def test_what_looks_like_a_phone_number_in_a_title_asks_once(member: EngageClient, meeting: Meeting) -> None:
    page = member.send(address(meeting, verb="add"), **typed(title="Call Ana at 312-555-0142"))
    assert page.status == 422
    assert page.has("This looks like it contains a phone number.")


def test_a_line_about_an_action_leads_to_it(member: EngageClient, meeting: Meeting) -> None:
    action = make_action(make_plan(), title="Ask the church")
    member.send(address(meeting, verb="add"), **typed(about_kind="action", about_number=f"#{action.number}"))
    assert only_line().about == f"action:{action.number}"
    link = page_of(member, meeting).one(".agenda-body .row-link")
    assert link.attributes["href"] == f"/c/riverbend/plan/actions/{action.number}"


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("", "Enter its number, such as 14."),
        ("none", "Enter its number, such as 14."),
        ("0", "Enter its number, such as 14."),
        ("99", "No item of this kind has that number."),
    ],
)
def test_an_action_that_is_not_there_is_refused(
    member: EngageClient, meeting: Meeting, number: str, error: str
) -> None:
    page = member.send(address(meeting, verb="add"), **typed(about_kind="action", about_number=number))
    assert (page.status, page.errors) == (422, [error])
    assert titles(meeting) == []


def test_another_coalitions_action_is_not_there(member: EngageClient, meeting: Meeting) -> None:
    elsewhere = make_coalition()
    theirs = make_action(make_plan(coalition=elsewhere), number=77)
    page = member.send(address(meeting, verb="add"), **typed(about_kind="action", about_number="77"))
    assert theirs.number == 77
    assert page.errors == ["No item of this kind has that number."]


def test_a_line_whose_action_was_deleted_stays_without_its_link(
    member: EngageClient, meeting: Meeting
) -> None:
    action = make_action(make_plan())
    item = make_item(meeting, "The action", about=f"action:{action.number}", source=Source.LATE_ACTION)
    assert page_of(member, meeting).all(".agenda-body a")
    db.session.delete(action)
    db.session.commit()
    page = page_of(member, meeting)
    assert page.texts(".agenda-body strong") == ["The action"]
    assert page.has("A late action")
    assert not page.all(".agenda-body a")
    form = member.page(address(meeting, item, "edit"))
    answer = member.send(address(meeting, item, "edit"), **typed(title="Still here"), version="1")
    assert form.value("about_kind") == "action" and answer.status == 303
    assert only_line().about == ""


def test_an_agenda_holds_a_hundred_lines(member: EngageClient, meeting: Meeting) -> None:
    for n in range(100):
        db.session.add(
            AgendaItem(coalition_id=meeting.coalition_id, meeting_id=meeting.id, position=n, title=f"{n}")
        )
    db.session.commit()
    answer = member.send(address(meeting, verb="add"), **typed())
    assert answer.status == 409
    assert answer.has("at most 100 items")


# -- editing


def test_editing_a_line_notes_the_minutes_and_no_text(member: EngageClient, meeting: Meeting) -> None:
    item = make_item(meeting, "Beds", minutes=10)
    member.send(address(meeting, item, "edit"), **typed(), version="1")
    line = only_line()
    assert (line.title, line.minutes, line.version) == ("Beds for boys", 15, 2)
    noted = db.session.scalars(sa.select(HistoryEntry).where(HistoryEntry.thing == "meetings_agenda_item"))
    assert {(each.field, each.old, each.new) for each in noted} == {
        ("title", None, None),
        ("minutes", "10", "15"),
    }


def test_what_a_drafted_line_is_about_stays_when_it_is_edited(member: EngageClient, meeting: Meeting) -> None:
    item = make_item(meeting, "Leadership", about="tip:leadership", source=Source.TIP)
    form = member.page(address(meeting, item, "edit"))
    assert form.value("about_kind") == "same"
    assert form.texts("select[name=about_kind] option")[0] == "Tips for Success: Leadership"
    member.send(address(meeting, item, "edit"), **typed(about_kind="same"), version="1")
    assert only_line().about == "tip:leadership"


def test_two_who_edit_a_line_see_both_texts(member: EngageClient, meeting: Meeting) -> None:
    item = make_item(meeting, "Beds", minutes=10)
    member.send(address(meeting, item, "edit"), **typed(title="Beds for girls"), version="1")
    page = member.send(address(meeting, item, "edit"), **typed(title="Beds for boys"), version="1")
    assert page.status == 409
    assert page.texts(".conflict-text") == ["Beds for girls", "Beds for boys"]
    assert page.value("version") == "2"
    assert only_line().title == "Beds for girls"


def test_a_line_is_made_a_break(member: EngageClient, meeting: Meeting) -> None:
    item = make_item(meeting, "Coffee")
    member.send(address(meeting, item, "edit"), **typed(about_kind="break"), version="1")
    assert only_line().about == "break"
    assert member.page(address(meeting, item, "edit")).value("about_kind") == "break"
    assert page_of(member, meeting).all(".agenda-break")


# -- moving


def move_form(page: Page, item: AgendaItem, way: str) -> dict[str, str]:
    """Returns what the button of the page would send."""
    button = page.one(f"#meetings-{way}-{item.id}")
    form = button.parent
    assert form is not None
    return {"before": form.css("[name=before]")[0].attributes["value"] or ""}


def test_the_buttons_move_a_line_up_and_down(member: EngageClient, meeting: Meeting) -> None:
    a, _b, c = three(meeting)
    page = page_of(member, meeting)
    assert not page.all(f"#meetings-up-{a.id}") and not page.all(f"#meetings-down-{c.id}")
    answer = member.send(address(meeting, c, "move"), **move_form(page, c, "up"))
    assert answer.location == f"{MEETINGS}{meeting.id}/#meetings-agenda"
    assert titles(meeting) == ["A", "C", "B"]
    member.send(address(meeting, a, "move"), **move_form(page_of(member, meeting), a, "down"))
    assert titles(meeting) == ["C", "A", "B"]
    member.send(address(meeting, a, "move"), **move_form(page_of(member, meeting), a, "down"))
    assert titles(meeting) == ["C", "B", "A"]
    assert positions(meeting) == [1, 2, 3]
    assert page_of(member, meeting).has("“A” is moved.")


def test_two_who_press_up_at_once_move_it_once(member: EngageClient, meeting: Meeting) -> None:
    _a, _b, c = three(meeting)
    fields = move_form(page_of(member, meeting), c, "up")
    for _press in range(2):
        member.send(address(meeting, c, "move"), **fields)
    assert titles(meeting) == ["A", "C", "B"]


def test_moves_of_two_people_that_cross_keep_every_line_once(member: EngageClient, meeting: Meeting) -> None:
    a, _b, c = three(meeting)
    page = page_of(member, meeting)
    first, second = move_form(page, c, "up"), move_form(page, a, "down")
    member.send(address(meeting, c, "move"), **first)
    member.send(address(meeting, a, "move"), **second)
    # C before B, then A before C: each where its button said.
    assert titles(meeting) == ["A", "C", "B"]
    assert positions(meeting) == [1, 2, 3]


def test_moving_before_a_line_that_is_gone_changes_nothing(member: EngageClient, meeting: Meeting) -> None:
    a, b, c = three(meeting)
    db.session.delete(b)
    db.session.commit()
    answer = member.send(address(meeting, c, "move"), before=str(b.id))
    assert answer.status == 409
    assert answer.has("The item it should come before is gone.")
    assert titles(meeting) == ["A", "C"]
    assert member.send(address(meeting, a, "move"), before="x").status == 422


def test_moving_under_htmx_answers_with_the_agenda_and_keeps_the_focus(
    member: EngageClient, meeting: Meeting
) -> None:
    a, _b, _c = three(meeting)
    page = member.send(address(meeting, a, "move"), htmx=True, before="0")
    assert page.texts(".agenda-body strong") == ["B", "C", "A"]
    assert page.has("“A” is moved.")
    assert page.one("[autofocus]").attributes["id"] == f"meetings-up-{a.id}"
    assert not page.all("h1")


# -- dropping


def test_a_dropped_line_stands_below_and_comes_back_where_it_was(
    member: EngageClient, meeting: Meeting
) -> None:
    _a, b, _c = three(meeting)
    member.send(address(meeting, b, "drop"))
    page = page_of(member, meeting)
    assert page.texts(".agenda-body strong") == ["A", "C"]
    assert page.text("details.more summary") == "1 dropped item"
    assert page.has("20 of 90 minutes")
    member.send(address(meeting, b, "keep"))
    assert page_of(member, meeting).texts(".agenda-body strong") == ["A", "B", "C"]


def test_dropping_twice_is_dropping_once(member: EngageClient, meeting: Meeting) -> None:
    item = make_item(meeting)
    for _press in range(2):
        assert member.send(address(meeting, item, "drop")).status == 303
    moved = db.session.scalars(sa.select(HistoryEntry).where(HistoryEntry.field == "outcome")).one()
    assert (moved.old, moved.new) == ("open", "dropped")


def test_putting_back_a_line_that_is_done_leaves_it_done(member: EngageClient, meeting: Meeting) -> None:
    item = make_item(meeting, outcome=Outcome.DONE)
    member.send(address(meeting, item, "keep"))
    assert only_line().outcome is Outcome.DONE


def test_ones_own_dropped_line_is_deleted_and_others_by_a_coordinator_only(
    member: EngageClient, coordinator: EngageClient
) -> None:
    meeting = make_meeting(member.membership)
    own = make_item(meeting, "Mine", outcome=Outcome.DROPPED, created_by_id=member.membership.id)
    other = make_item(meeting, "Theirs", outcome=Outcome.DROPPED)
    kept = make_item(meeting, "Kept", created_by_id=member.membership.id)
    page = page_of(member, meeting)
    assert [node.attributes["href"] for node in page.all("a[href$='/delete']")] == [
        address(meeting, own, "delete")
    ]
    asks = member.page(address(meeting, own, "delete"))
    assert asks.text(".lead") == own.title
    assert asks.has(
        "It goes to the trash with everything written about it. You can restore it from there for 30 days."
    )
    assert member.send(address(meeting, own, "delete")).status == 303
    assert member.send(address(meeting, other, "delete")).status == 409
    assert coordinator.send(address(meeting, kept, "delete")).status == 409
    assert coordinator.send(address(meeting, other, "delete")).status == 303
    assert titles(meeting) == ["Kept"]


def test_a_line_that_something_was_decided_on_is_not_deleted(
    coordinator: EngageClient, member: EngageClient
) -> None:
    meeting = make_meeting(member.membership)
    item = make_item(meeting, outcome=Outcome.DROPPED)
    decision = Decision(
        coalition_id=meeting.coalition_id,
        number=1,
        meeting_id=meeting.id,
        item_id=item.id,
        text="We do it",
        decided_on=clock.today("America/Chicago"),
    )
    saved(decision)
    answer = coordinator.send(address(meeting, item, "delete"))
    assert answer.status == 409
    assert answer.has("Something was decided or carried over from this item.")


# -- minutes


def test_minutes_are_spread_over_the_meeting(member: EngageClient, meeting: Meeting) -> None:
    for title, minutes in (("A", 30), ("B", 60), ("C", 90)):
        make_item(meeting, title, minutes=minutes)
    make_item(meeting, "Not kept", minutes=60, outcome=Outcome.DROPPED)
    make_item(meeting, "Break", minutes=10, about="break")
    page = page_of(member, meeting)
    assert page.has("190 minutes on the agenda: 100 minutes more than the meeting has.")
    answer = member.send(address(meeting, verb="spread"), htmx=True)
    assert answer.has("The minutes are divided among the agenda items.")
    assert answer.has("The agenda fills the 90 minutes of the meeting.")
    assert not answer.all("form[action$='/spread']")
    found = {each.title: each.minutes for each in db.session.scalars(sa.select(AgendaItem))}
    assert found["Break"] == 10 and found["Not kept"] == 60
    assert found["A"] + found["B"] + found["C"] == 80
    assert found["A"] < found["B"] < found["C"]


def test_twenty_lines_in_fifteen_minutes_say_by_how_much_they_do_not_fit(member: EngageClient) -> None:
    meeting = make_meeting(member.membership, minutes=15)
    for n in range(20):
        make_item(meeting, f"Line {n}", position=n)
    answer = member.send(address(meeting, verb="spread"), htmx=True)
    assert answer.has("they still do not fit")
    assert answer.has("100 minutes on the agenda: 85 minutes more than the meeting has.")


# -- who, when, how often


def test_a_closed_meetings_agenda_is_read_only(member: EngageClient) -> None:
    meeting = make_meeting(member.membership)
    item = make_item(meeting)
    dropped = make_item(meeting, "Not kept", position=2, outcome=Outcome.DROPPED)
    meeting.closed_at = clock.now()
    db.session.commit()
    page = page_of(member, meeting)
    assert page.has(item.title)
    assert not page.all("#meetings-agenda form") and not page.all("#meetings-agenda a.btn")
    for line, verb in ((item, "drop"), (dropped, "keep"), (dropped, "delete")):
        assert member.send(address(meeting, line, verb)).status == 409
    assert member.send(address(meeting, item, "move"), before="0").status == 409
    assert member.send(address(meeting, item, "edit"), **typed(), version="1").status == 409
    assert member.get(address(meeting, item, "edit")).status_code == 409
    assert member.send(address(meeting, verb="add"), **typed()).status == 409
    assert member.send(address(meeting, verb="spread")).status == 409
    assert [each.version for each in db.session.scalars(sa.select(AgendaItem))] == [1, 1]


def test_a_line_of_another_meeting_is_not_there(member: EngageClient, meeting: Meeting) -> None:
    other = make_item(make_meeting(member.membership, title="Another"))
    for verb in ("drop", "keep", "delete", "move", "edit"):
        assert member.send(address(meeting, other, verb), before="0").status == 404


def test_a_line_of_another_coalition_does_not_exist(member: EngageClient) -> None:
    stranger = make_membership(coalition=make_coalition(), role=Role.COORDINATOR)
    theirs = make_meeting(stranger)
    item = make_item(theirs)
    assert member.send(address(theirs, item, "drop")).status == 404
    assert only_line().outcome is Outcome.OPEN


def test_the_page_asks_as_often_for_many_lines_as_for_few(member: EngageClient, meeting: Meeting) -> None:
    plan = make_plan()
    make_item(meeting, about=f"action:{make_action(plan).number}")
    path = f"{MEETINGS}{meeting.id}/"
    member.page(path)
    with counted_queries() as few:
        member.page(path)
    for n in range(40):
        make_item(meeting, about=f"action:{make_action(plan).number}", position=n)
    with counted_queries() as many:
        assert len(member.page(path).all(".agenda-line")) == 41
    assert len(many) == len(few)


def test_a_title_of_markup_in_another_script_is_shown_as_typed(
    member: EngageClient, meeting: Meeting
) -> None:
    title = "<b>O'Neil</b> \u05e9\u05dc\u05d5\u05dd"
    make_item(meeting, title)
    assert page_of(member, meeting).texts(".agenda-body strong") == [title]
