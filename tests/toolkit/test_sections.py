"""The reading list: what ships, the coalition's own, which people read what by when."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
import time_machine

from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from engage.history import HistoryEntry
from engage.toolkit import queries, service
from engage.toolkit.models import Note, Reader, Section
from engage.toolkit.rules import NoteMark, NoteWords
from tests import databases, factories
from tests.client import EngageClient
from tests.html import Page

LEARN = "/c/riverbend/toolkit/"
TIPS = f"{LEARN}sections/tips"
TODAY = date(2026, 11, 25)


@pytest.fixture(autouse=True)
def _on_a_wednesday(app: object) -> object:
    with time_machine.travel(datetime(2026, 11, 25, 15, 30, tzinfo=UTC), tick=False):
        yield


def sections() -> list[Section]:
    return list(db.session.scalars(sa.select(Section).order_by(Section.id)))


def readers() -> list[tuple[int, date | None]]:
    return list(db.session.execute(sa.select(Reader.reader_id, Reader.read_on).order_by(Reader.id)).all())


def rows_of(page: Page) -> list[str]:
    return page.texts("#toolkit-sections tbody .what")


# -- the list


def test_the_list_begins_with_the_sections_whose_pages_are_known(member: EngageClient) -> None:
    page = member.page(LEARN)
    assert rows_of(page) == [f"{each.name} Official toolkit, {each.pages}" for each in content().sections]
    assert page.texts("#toolkit-sections .toolkit-due") == ["No date"] * 5
    assert set(page.texts("#toolkit-sections .toolkit-readers")) == {"No one yet"}
    assert not sections()


def test_the_list_says_who_reads_by_when_and_what_is_late(member: EngageClient) -> None:
    section = factories.make_section(due_on=date(2026, 11, 24))
    factories.make_reader(section, member.membership)
    factories.make_reader(section, factories.make_membership(name="Ana Ruiz", user=None), read_on=TODAY)
    factories.make_note(member.membership, section=section)
    page = member.page(LEARN)
    assert (
        page.texts("#toolkit-sections .toolkit-readers")[-1] == "Ana Ruiz (read) , Dan Reyes 1 of 2 read it"
    )
    assert page.texts("#toolkit-sections .toolkit-due")[-1] == "Nov 24, 2026 Late"
    assert page.texts("#toolkit-sections .toolkit-count")[-1] == "1 shared note : Our county's yearly report"


def test_what_everybody_has_read_is_not_late(member: EngageClient) -> None:
    section = factories.make_section(due_on=date(2026, 11, 1))
    factories.make_reader(section, member.membership, read_on=TODAY)
    assert member.page(LEARN).texts("#toolkit-sections .toolkit-due")[-1] == "Read"


def test_the_list_narrows_to_mine_and_to_what_no_one_reads(member: EngageClient) -> None:
    factories.make_reader(factories.make_section(title="The state's report"), member.membership)
    page = member.page(LEARN)
    assert page.texts("#toolkit-sections .pill") == ["All 6", "My reading 1", "No readers yet 5"]
    assert len(rows_of(member.page(f"{LEARN}?show=mine"))) == 1
    assert len(rows_of(member.page(f"{LEARN}?show=open"))) == 5
    assert len(rows_of(member.page(f"{LEARN}?show=nonsense"))) == 6
    assert member.page(f"{LEARN}?show=mine").has("The state's report")


def test_an_empty_choice_says_so(member: EngageClient) -> None:
    assert member.page(f"{LEARN}?show=mine").has("None of the sections.")


def test_a_viewer_sees_the_list_without_people_notes_and_links(viewer: EngageClient) -> None:
    reader = factories.make_membership(name="Ana Ruiz")
    section = factories.make_section(key="tips")
    factories.make_reader(section, reader)
    factories.make_note(reader, section=section)
    page = viewer.page(LEARN)
    assert "1 reader 0 of 1 read it" in page.texts("#toolkit-sections .toolkit-readers")
    assert not page.has("Ana Ruiz")
    assert not page.all("#toolkit-sections a")
    assert not page.all("#toolkit-came-up")
    assert viewer.get(TIPS).status_code == 403
    assert viewer.get(f"{LEARN}notes/").status_code == 403


def test_a_row_of_a_section_that_no_longer_ships_is_left_out(member: EngageClient) -> None:
    gone = factories.make_section(key="gone", title="")
    factories.make_reader(gone, member.membership)
    assert len(rows_of(member.page(LEARN))) == 5
    assert member.get(f"{LEARN}sections/gone").status_code == 404
    assert queries.reading_of(member.membership) == []


# -- one section


@pytest.mark.parametrize("key", [each.key for each in content().sections])
def test_a_section_points_to_the_pages_and_repeats_nothing(key: str, member: EngageClient) -> None:
    page = member.page(f"{LEARN}sections/{key}")
    assert page.text("h1") == content().section(key).name
    assert page.text(".lead") == f"Official toolkit, {content().section(key).pages}"
    assert page.has("In your own copy of the official toolkit.")
    assert not page.all("a[href$='/remove']")


def test_an_unknown_section_does_not_exist(member: EngageClient) -> None:
    assert member.get(f"{LEARN}sections/own-1").status_code == 404
    for path in ("take", "edit", "remove", "notes"):
        assert member.send(f"{LEARN}sections/own-1/{path}", text="x").status == 404


def test_another_coalitions_section_does_not_exist_here(member: EngageClient) -> None:
    stranger = factories.make_membership(coalition=factories.make_coalition())
    theirs = factories.make_section(coalition=stranger.coalition, key="own-7", title="Theirs")
    factories.make_reader(theirs, stranger)
    touched = factories.make_section(coalition=stranger.coalition, key="tips", title="", due_on=TODAY)
    factories.make_reader(touched, stranger)
    factories.make_note(stranger, section=touched, text="Theirs.")
    assert member.get(f"{LEARN}sections/own-7").status_code == 404
    page = member.page(TIPS)
    assert not page.has(stranger.name)
    assert not page.has("Theirs.")
    assert not member.page(LEARN).has("Theirs")


def test_taking_a_section_without_javascript_returns_to_it(member: EngageClient) -> None:
    page = member.send(f"{TIPS}/take")
    assert (page.status, page.location) == (303, f"{TIPS}#toolkit-readers")
    assert readers() == [(member.membership.id, None)]
    assert [row.key for row in sections()] == ["tips"]
    assert not member.page(TIPS).all("form[action$='/take']")


def test_taking_a_section_with_htmx_swaps_its_readers(member: EngageClient) -> None:
    page = member.send(f"{TIPS}/take", htmx=True)
    assert page.status == 200
    assert page.text("#toolkit-readers strong") == "Dan Reyes"
    assert page.text("#status") == "You are now one of its readers. Thank you."


def test_taking_it_twice_counts_once(member: EngageClient) -> None:
    member.send(f"{TIPS}/take")
    assert member.send(f"{TIPS}/take").status == 303
    assert len(readers()) == 1


def test_a_reader_ticks_and_takes_it_back(member: EngageClient) -> None:
    member.send(f"{TIPS}/take")
    tick = f"{TIPS}/readers/{member.membership.id}"
    page = member.send(f"{tick}/read", htmx=True)
    assert page.one(".tick").attributes["aria-pressed"] == "true"
    assert page.text("#status") == "Saved: Dan Reyes has read it."
    assert readers() == [(member.membership.id, TODAY)]
    assert member.send(f"{tick}/unread").status == 303
    assert readers() == [(member.membership.id, None)]


def test_no_one_ticks_for_a_reader_with_an_account(member: EngageClient, coordinator: EngageClient) -> None:
    member.send(f"{TIPS}/take")
    tick = f"{TIPS}/readers/{member.membership.id}/read"
    assert coordinator.send(tick).status == 404
    assert not coordinator.page(TIPS).all(".tick")
    assert readers() == [(member.membership.id, None)]


def test_for_a_reader_without_an_account_others_tick(member: EngageClient) -> None:
    reader = factories.make_membership(name="June Miller", user=None)
    factories.make_reader(factories.make_section(key="tips", title=""), reader)
    assert member.send(f"{TIPS}/readers/{reader.id}/read").status == 303
    assert readers() == [(reader.id, TODAY)]


def test_someone_who_does_not_read_it_has_nothing_to_tick(member: EngageClient) -> None:
    assert member.send(f"{TIPS}/readers/{member.membership.id}/read").status == 404


# -- adding, changing and removing


def test_a_section_of_the_coalitions_own_is_added_with_readers_and_date(member: EngageClient) -> None:
    reader = factories.make_membership(name="June Miller", user=None)
    page = member.send(
        f"{LEARN}sections/new",
        title="  The state's yearly report ",
        place="Blue binder at the library",
        readers=[str(reader.id), str(member.membership.id)],
        due_on="2026-12-12",
    )
    assert (page.status, page.location) == (303, f"{LEARN}sections/own-1")
    shown = member.page(f"{LEARN}sections/own-1")
    assert shown.text("h1") == "The state's yearly report"
    assert shown.text(".lead") == "Blue binder at the library"
    assert shown.texts("#toolkit-readers strong") == ["Dan Reyes", "June Miller"]
    assert shown.has("By Dec 12, 2026")
    member.send(f"{LEARN}sections/new", title="Another")
    assert [row.key for row in sections()] == ["own-1", "own-2"]


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"title": " "}, "Say what there is to read."),
        ({"title": "x" * 301}, "This is too long: at most 300 characters. Nothing was cut; shorten it."),
        ({"title": "Report", "due_on": "soon"}, "Enter the date as year-month-day, such as 2026-03-15."),
    ],
)
def test_a_refused_section_comes_back_with_what_was_typed(
    fields: dict[str, str], error: str, member: EngageClient
) -> None:
    page = member.send(f"{LEARN}sections/new", place="Blue binder", **fields)
    assert (page.status, page.errors) == (422, [error])
    assert page.value("place") == "Blue binder"
    assert page.text("title").startswith("Error:")
    assert not sections()


def test_only_people_of_the_coalition_can_be_readers(member: EngageClient) -> None:
    stranger = factories.make_membership(coalition=factories.make_coalition())
    page = member.send(f"{LEARN}sections/new", title="Report", readers=str(stranger.id))
    assert page.status == 422
    assert not sections()


def test_readers_and_date_of_a_section_that_ships_are_chosen(member: EngageClient) -> None:
    page = member.page(f"{TIPS}/edit")
    assert not page.all("[name=title]")
    sent = member.send(f"{TIPS}/edit", version="1", readers=str(member.membership.id), due_on="2026-12-12")
    assert (sent.status, sent.location) == (303, TIPS)
    assert readers() == [(member.membership.id, None)]
    assert [(row.key, row.title, row.due_on) for row in sections()] == [("tips", "", date(2026, 12, 12))]
    fields = db.session.scalars(sa.select(HistoryEntry.field).order_by(HistoryEntry.id)).all()
    assert fields == ["due_on", "reader"]


def test_a_reader_who_stays_keeps_the_day_and_who_is_taken_off_loses_it(member: EngageClient) -> None:
    section = factories.make_section(key="tips", title="")
    stays, goes = (factories.make_membership(name=name) for name in ("Ana", "Ben"))
    for reader in (stays, goes):
        factories.make_reader(section, reader, read_on=date(2026, 11, 3))
    member.send(f"{TIPS}/edit", version="1", readers=[str(stays.id), str(member.membership.id)])
    assert readers() == [(stays.id, date(2026, 11, 3)), (member.membership.id, None)]


def test_a_reader_who_left_stays_until_taken_off(member: EngageClient) -> None:
    left = factories.make_membership(name="Ana Ruiz", left_on=date(2026, 11, 1))
    factories.make_reader(factories.make_section(key="tips", title=""), left)
    page = member.page(f"{TIPS}/edit")
    assert page.one(f"[name=readers][value='{left.id}']").attributes.get("checked", "no") != "no"
    assert not member.page(f"{LEARN}sections/new").all(f"[name=readers][value='{left.id}']")


def test_two_people_who_edit_a_section_both_see_what_the_other_chose(member: EngageClient) -> None:
    section = factories.make_section(title="Report", due_on=date(2026, 12, 1), version=3)
    path = f"{LEARN}sections/{section.key}/edit"
    page = member.send(path, version="2", title="Yearly report", place="", due_on="2026-12-24")
    assert page.status == 409
    assert page.has("Yearly report")
    assert page.has("December 1, 2026")
    assert page.value("due_on") == "2026-12-24"
    assert [row.title for row in sections()] == ["Report"]
    again = member.send(path, version=page.value("version"), title="Yearly report", due_on="2026-12-24")
    assert again.status == 303
    assert [row.title for row in sections()] == ["Yearly report"]


def test_who_takes_a_section_is_not_taken_off_by_an_older_form(
    member: EngageClient, coordinator: EngageClient
) -> None:
    old = coordinator.page(f"{TIPS}/edit").value("version")
    member.send(f"{TIPS}/take")
    assert coordinator.send(f"{TIPS}/edit", version=old, due_on="2026-12-24").status == 409
    assert readers() == [(member.membership.id, None)]


@pytest.mark.parametrize("who", ["member", "coordinator"])
def test_whoever_added_a_section_or_a_coordinator_takes_it_off(
    who: str, member: EngageClient, coordinator: EngageClient
) -> None:
    member.send(f"{LEARN}sections/new", title="Report", readers=str(member.membership.id))
    client = {"member": member, "coordinator": coordinator}[who]
    assert client.page(f"{LEARN}sections/own-1").has("Remove this section from the list")
    asked = client.page(f"{LEARN}sections/own-1/remove")
    assert asked.has("Report")
    page = client.send(f"{LEARN}sections/own-1/remove")
    assert (page.status, page.location) == (303, f"{LEARN}#toolkit-sections")
    assert not sections()
    assert not readers()


def test_a_section_comes_back_with_its_readers_and_another_key_where_its_own_is_in_use(
    member: EngageClient,
) -> None:
    member.send(f"{LEARN}sections/new", title="Report", readers=str(member.membership.id))
    assert member.page(f"{LEARN}sections/own-1/remove").has("can be restored from there for 30 days")
    page = member.page(member.send(f"{LEARN}sections/own-1/remove").location or "")
    member.send(f"{LEARN}sections/new", title="Guide")

    back = member.send(page.one("form.undo").attributes["action"] or "")

    assert back.location == f"{LEARN}sections/own-2"
    assert member.page(back.location).has("“Report” is back.")
    assert {each.key: each.title for each in sections()} == {"own-1": "Guide", "own-2": "Report"}
    assert readers() == [(member.membership.id, None)]


def test_others_and_what_ships_stay(member: EngageClient, coordinator: EngageClient) -> None:
    coordinator.send(f"{LEARN}sections/new", title="Report")
    assert member.get(f"{LEARN}sections/own-1/remove").status_code == 404
    assert member.send(f"{LEARN}sections/own-1/remove").status == 404
    assert coordinator.send(f"{TIPS}/remove").status == 404
    assert len(sections()) == 1


def test_a_section_with_someones_note_stays(member: EngageClient) -> None:
    member.send(f"{LEARN}sections/new", title="Report")
    factories.make_note(member.membership, section=sections()[0], is_shared=False)
    page = member.send(f"{LEARN}sections/own-1/remove")
    assert page.status == 409
    assert page.has("Someone has written a note on this section, which would be lost.")
    assert len(sections()) == 1


@pytest.mark.parametrize("path", ["take", "edit", "remove", "notes", "readers/1/read"])
def test_a_viewer_writes_nothing(path: str, viewer: EngageClient) -> None:
    assert viewer.send(f"{TIPS}/{path}").status == 403
    assert viewer.send(f"{LEARN}sections/new", title="Report").status == 403
    assert not sections()


# -- what others ask of it


def test_reading_is_handed_over_and_what_is_read_stays(app: object) -> None:
    from_, to, actor = (factories.make_membership(name=name) for name in ("Ana", "Ben", "Cleo"))
    open_, read, both = (factories.make_section(title=title) for title in ("Open", "Read", "Both"))
    factories.make_reader(open_, from_)
    factories.make_reader(read, from_, read_on=TODAY)
    factories.make_reader(both, from_)
    factories.make_reader(both, to)
    assert service.hand_over(from_, to, actor, [each.id for each in (open_, read, both)]) == 2
    db.session.commit()
    assert [task.name for task in queries.reading_of(to)] == ["Open", "Both"]
    assert queries.reading_of(from_) == []
    assert (from_.id, TODAY) in readers()


def test_what_waits_to_be_read_comes_by_date(app: object) -> None:
    reader = factories.make_membership()
    for title, due in (("None", None), ("Late", date(2026, 11, 1)), ("Soon", date(2026, 12, 1))):
        factories.make_reader(factories.make_section(title=title, due_on=due), reader)
    factories.make_reader(factories.make_section(title="Done"), reader, read_on=TODAY)
    factories.make_reader(factories.make_section(key="tips", title=""), reader)
    names = [task.name for task in queries.reading_of(reader)]
    assert names == ["Late", "Soon", "None", content().section("tips").name]


def learned(person: Membership) -> tuple[int, int, int]:
    counts = queries.step_counts(person.coalition_id)
    return counts.people_read, counts.areas_noted, counts.sections_noted


def test_a_section_counts_with_a_reader_and_a_shared_note(app: object) -> None:
    person = factories.make_membership()
    section = factories.make_section(key="tips", title="")
    assert learned(person) == (0, 0, 0)
    reader = factories.make_reader(section, person)
    note = service.write_note(person, NoteWords("Idea.", NoteMark.IDEA, False), section=section)
    db.session.commit()
    assert learned(person) == (0, 0, 0)
    service.share_note(note)
    db.session.commit()
    assert learned(person) == (0, 0, 1)
    assert learned(factories.make_membership(coalition=factories.make_coalition())) == (0, 0, 0)
    db.session.delete(reader)
    db.session.commit()
    assert learned(person) == (0, 0, 0)


def test_areas_count_with_a_shared_note_and_only_those_there_are(app: object) -> None:
    person = factories.make_membership()
    for area, is_shared in (("prevention", True), ("prevention", True), ("reform", False), ("gone", True)):
        factories.make_note(person, area=area, is_shared=is_shared)
    factories.make_areas_read(person)
    assert learned(person) == (1, 1, 0)


@pytest.mark.parametrize("path", ["", "sections/tips", "sections/tips/edit", "notes/"])
def test_the_number_of_queries_does_not_grow(path: str, coordinator: EngageClient) -> None:
    section = factories.make_section(key="tips", title="")

    def more(name: str) -> None:
        person = factories.make_membership(name=name)
        factories.make_reader(section, person)
        factories.make_note(person, section=section, mark=NoteMark.IDEA)
        factories.make_reader(factories.make_section(), person)

    more("First")
    with databases.counted_queries() as few:
        coordinator.page(f"{LEARN}{path}")
    for number in range(6):
        more(f"Person {number}")
    with databases.counted_queries() as many:
        coordinator.page(f"{LEARN}{path}")
    assert len(many) == len(few) <= 9


def test_notes_keep_their_section_from_being_deleted(app: object) -> None:
    section = factories.make_section()
    factories.make_note(factories.make_membership(role=Role.MEMBER), section=section)
    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.delete(Section))
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Note.id))) == 1
