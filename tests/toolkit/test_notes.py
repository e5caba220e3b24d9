"""Notes: written, shared, edited, deleted; and that a private one is no one else's."""

import pytest
import sqlalchemy as sa

from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.toolkit import note_queries
from engage.toolkit.models import Note
from engage.toolkit.rules import NoteMark
from tests import factories
from tests.client import EngageClient
from tests.files import said, told_to_the_typesetter
from tests.test_every_route import every_rule, filled

LEARN = "/c/riverbend/toolkit/"
AREA = f"{LEARN}areas/prevention"
SECTION = f"{LEARN}sections/tips"
TEXT = "The hospital trains its new nurses; hotels are not reached yet."


def notes() -> list[Note]:
    return list(db.session.scalars(sa.select(Note).order_by(Note.id)))


def send(client: EngageClient, path: str, **fields: str):
    return client.send(path, **{"text": TEXT, "mark": "idea", "seen_by": "shared", **fields})


# -- writing


def test_a_note_on_an_area_is_saved(member: EngageClient) -> None:
    page = send(member, f"{AREA}/notes", text=f"  {TEXT}  ", mark="key_point")
    note = notes()[0]
    assert (page.status, page.location) == (303, f"{AREA}#toolkit-note-{note.id}")
    assert (note.area, note.section_id, note.text, note.mark, note.is_shared) == (
        "prevention",
        None,
        TEXT,
        NoteMark.KEY_POINT,
        True,
    )
    shown = member.page(AREA).text(f"#toolkit-note-{note.id}")
    assert TEXT in shown
    assert "Key point" in shown
    assert "Dan Reyes" in shown
    assert "1 shared note" in member.page(f"{LEARN}areas/").texts(".area-count")


def test_a_note_on_a_section_that_no_one_touched_yet_is_saved(member: EngageClient) -> None:
    page = send(member, f"{SECTION}/notes", mark="question")
    assert (page.status, page.location) == (303, f"{SECTION}#toolkit-note-{notes()[0].id}")
    assert member.page(SECTION).has(TEXT)
    assert not member.page(f"{LEARN}sections/getting-started").has(TEXT)


def test_the_form_offers_a_key_point_on_an_area_and_an_idea_on_a_section(member: EngageClient) -> None:
    for path, mark in ((AREA, "key_point"), (SECTION, "idea")):
        page = member.page(path)
        assert page.one("[name=mark][checked]").attributes["value"] == mark
        assert page.one("[name=seen_by][checked]").attributes["value"] == "shared"


@pytest.mark.parametrize("path", [AREA, SECTION])
@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"text": " "}, "Write a sentence first."),
        ({"text": "x" * 2001}, "This is too long: at most 2000 characters. Nothing was cut; shorten it."),
        ({"mark": ""}, "Choose what it is."),
        ({"seen_by": ""}, "Choose who sees it."),
    ],
)
def test_a_refused_note_comes_back_with_its_text(
    path: str, fields: dict[str, str], error: str, member: EngageClient
) -> None:
    page = send(member, f"{path}/notes", **fields)
    assert (page.status, page.errors) == (422, [error])
    assert page.value("text") == fields.get("text", TEXT).strip()
    assert page.text("title").startswith("Error:")
    assert not notes()


def test_a_text_that_looks_like_details_is_saved_when_its_writer_accepts_it(member: EngageClient) -> None:
    warned = send(member, f"{AREA}/notes", text="Room 915-555-0142.")
    assert warned.status == 422
    accept = warned.one("[name='text-accepted']").attributes["value"] or ""
    assert send(member, f"{AREA}/notes", text="Room 915-555-0142.", **{"text-accepted": accept}).status == 303
    assert len(notes()) == 1


# -- private ones


def test_a_private_note_is_marked_for_its_writer(member: EngageClient) -> None:
    send(member, f"{AREA}/notes", seen_by="private")
    page = member.page(AREA)
    assert "Only in your account" in page.text(".toolkit-note")
    assert set(member.page(f"{LEARN}areas/").texts(".area-count")) == {"No shared note yet"}


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MEMBER, Role.VIEWER])
def test_no_page_shows_someone_elses_private_note(role: Role, app, client_of, monkeypatch) -> None:
    told_to_the_typesetter(monkeypatch)
    writer = factories.make_membership(name="Ana Ruiz")
    section = factories.make_section(key="tips", title="")
    own = factories.make_section(title="Our report")
    private = [
        factories.make_note(writer, area="prevention", is_shared=False, text=TEXT, mark=NoteMark.IDEA),
        factories.make_note(writer, section=section, is_shared=False, text=TEXT, mark=NoteMark.IDEA),
        factories.make_note(writer, section=own, is_shared=False, text=TEXT, mark=NoteMark.QUESTION),
    ]
    reader = client_of(factories.make_membership(role=role))
    places = [
        AREA,
        SECTION,
        f"{LEARN}sections/{own.key}",
        f"{LEARN}notes/?mark=idea",
        f"{LEARN}notes/?mine=1",
    ]
    places += [filled(rule, key=private[0].id) for rule in every_rule(app, "GET") if "leave" not in rule.rule]
    for path in places:
        answer = reader.get(path)
        assert "The hospital trains" not in said(answer), path
    for note in private:
        for path in ("edit", "delete", "share", "become"):
            answer = reader.send(f"{LEARN}notes/{note.id}/{path}", kind="need", text="x")
            assert answer.status == (403 if role is Role.VIEWER else 404)
    assert [note.text for note in notes()] == [TEXT] * 3
    assert not any(note.is_shared for note in notes())


def test_private_notes_count_for_no_one(member: EngageClient, coordinator: EngageClient) -> None:
    factories.make_note(member.membership, is_shared=False, mark=NoteMark.IDEA)
    for client in (member, coordinator):
        assert client.page(LEARN).texts("#toolkit-came-up .pill") == [
            "Ideas 0",
            "Questions 0",
            "Key points 0",
        ]
    assert note_queries.note_counts(coordinator.membership) == note_queries.NoteCounts({}, {})


def test_sharing_a_private_note_shows_it_to_others(member: EngageClient, coordinator: EngageClient) -> None:
    send(member, f"{AREA}/notes", seen_by="private")
    note = notes()[0]
    assert not coordinator.page(AREA).has(TEXT)
    page = member.send(f"{LEARN}notes/{note.id}/share")
    assert (page.status, page.location) == (303, f"{AREA}#toolkit-note-{note.id}")
    assert coordinator.page(AREA).has(TEXT)
    assert not member.page(AREA).all("form[action$='/share']")
    assert member.send(f"{LEARN}notes/{note.id}/share").status == 303


def test_sharing_makes_an_older_form_say_so(member: EngageClient) -> None:
    note = factories.make_note(member.membership, is_shared=False)
    path = f"{LEARN}notes/{note.id}/edit"
    old = member.page(path).value("version")
    member.send(f"{LEARN}notes/{note.id}/share")
    assert send(member, path, version=old, seen_by="private").status == 409
    assert notes()[0].is_shared


# -- one's own and others'


def test_a_note_is_edited_and_its_version_goes_up(member: EngageClient) -> None:
    note = factories.make_note(member.membership, text="Old.")
    page = member.page(f"{LEARN}notes/{note.id}/edit")
    assert (page.value("text"), page.value("version")) == ("Old.", "1")
    sent = send(member, f"{LEARN}notes/{note.id}/edit", version="1", seen_by="private")
    assert sent.status == 303
    assert [(row.text, row.mark, row.is_shared, row.version) for row in notes()] == [
        (TEXT, NoteMark.IDEA, False, 2)
    ]


def test_a_refused_edit_comes_back(member: EngageClient) -> None:
    note = factories.make_note(member.membership, text="Old.")
    page = send(member, f"{LEARN}notes/{note.id}/edit", version="1", text="")
    assert (page.status, page.errors) == (422, ["Write a sentence first."])
    assert [row.text for row in notes()] == ["Old."]


@pytest.mark.parametrize("version", ["0", "1", "many", "9" * 30])
def test_a_note_saved_in_another_window_is_not_lost(version: str, member: EngageClient) -> None:
    note = factories.make_note(member.membership, text="From the phone.", version=2)
    path = f"{LEARN}notes/{note.id}/edit"
    page = send(member, path, version=version, text="From the desk.")
    assert page.status == 409
    assert page.has("From the phone.")
    assert page.value("text") == "From the desk."
    assert [row.text for row in notes()] == ["From the phone."]
    assert send(member, path, version=page.value("version"), text="Both.").status == 303
    assert [row.text for row in notes()] == ["Both."]


def test_a_note_is_deleted_after_a_question(member: EngageClient) -> None:
    note = factories.make_note(member.membership, text=TEXT)
    assert member.page(f"{LEARN}notes/{note.id}/delete").has(TEXT)
    page = member.send(f"{LEARN}notes/{note.id}/delete")
    assert (page.status, page.location) == (303, f"{AREA}#toolkit-notes")
    assert not notes()
    assert not db.session.scalar(sa.select(sa.func.count(HistoryEntry.id)))


def test_a_member_changes_no_note_of_others(member: EngageClient, coordinator: EngageClient) -> None:
    note = factories.make_note(coordinator.membership, text=TEXT)
    page = member.page(AREA)
    assert page.text(".toolkit-note .note-text") == TEXT
    assert [each.split(":")[0].strip() for each in page.texts(".toolkit-note a")] == ["Reply"]
    for path in ("edit", "delete", "share"):
        assert send(member, f"{LEARN}notes/{note.id}/{path}", version="1").status == 404
    assert len(notes()) == 1


def test_a_coordinator_takes_out_a_shared_note_and_edits_none(
    member: EngageClient, coordinator: EngageClient
) -> None:
    note = factories.make_note(member.membership, text=TEXT)
    assert coordinator.get(f"{LEARN}notes/{note.id}/edit").status_code == 404
    assert coordinator.send(f"{LEARN}notes/{note.id}/delete").status == 303
    assert not notes()
    entry = db.session.scalars(sa.select(HistoryEntry)).one()
    assert (entry.thing, entry.field, entry.old, entry.new) == ("toolkit_note", "deleted", None, None)


@pytest.mark.parametrize("path", ["edit", "delete", "share", "become"])
def test_another_coalitions_note_does_not_exist(path: str, coordinator: EngageClient) -> None:
    stranger = factories.make_membership(coalition=factories.make_coalition())
    note = factories.make_note(stranger, mark=NoteMark.IDEA)
    page = send(coordinator, f"{LEARN}notes/{note.id}/{path}", version="1", kind="need")
    assert page.status == 404
    assert len(notes()) == 1


# -- all of them


def test_all_notes_stand_on_one_page_with_what_they_are_on(member: EngageClient) -> None:
    section = factories.make_section(key="tips", title="")
    own = factories.make_section(title="Our report")
    factories.make_note(member.membership, text="On prevention.")
    factories.make_note(member.membership, section=section, text="On the tips.", mark=NoteMark.IDEA)
    factories.make_note(
        factories.make_membership(), section=own, text="On the report.", mark=NoteMark.QUESTION
    )
    page = member.page(f"{LEARN}notes/")
    assert page.texts(".toolkit-note .note-text") == ["On the report.", "On the tips.", "On prevention."]
    places = [link.attributes["href"] for link in page.all(".toolkit-note-facts a")]
    assert [place.split("#")[0] for place in places] == [f"{LEARN}sections/{own.key}", SECTION, AREA]
    assert member.page(f"{LEARN}notes/?mark=idea").texts(".note-text") == ["On the tips."]
    assert member.page(f"{LEARN}notes/?mine=1").texts(".note-text") == ["On the tips.", "On prevention."]
    assert member.page(LEARN).texts("#toolkit-came-up .pill") == ["Ideas 1", "Questions 1", "Key points 1"]


def test_without_notes_the_page_says_where_they_come_from(member: EngageClient) -> None:
    assert member.page(f"{LEARN}notes/?mark=nonsense&page=many").text(".empty h2") == "No note here yet"


def test_many_notes_are_paged(member: EngageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(note_queries, "NOTES_MOST", 2)
    for number in range(5):
        factories.make_note(member.membership, text=f"Note {number}.", mark=NoteMark.IDEA)
    page = member.page(f"{LEARN}notes/?mark=idea")
    assert page.one(".pages a[rel=next]").attributes["href"] == f"{LEARN}notes/?mark=idea&page=2"
    page = member.page(f"{LEARN}notes/?mark=idea&endpoint=plan.index&slug=other&_external=1")
    assert page.one(".pages a[rel=next]").attributes["href"] == f"{LEARN}notes/?mark=idea&page=2"
    assert member.page(f"{LEARN}notes/?mark=idea&page=3").texts(".note-text") == ["Note 0."]
    assert member.page(f"{LEARN}notes/?mark=idea&page=99").texts(".note-text") == ["Note 0."]
