"""Replies to shared notes: who writes and deletes them, the trash, and that a replied-to note stays shared."""

from collections.abc import Callable

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.snapshots import Snapshot
from engage.toolkit.models import NoteReply
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, make_note
from tests.toolkit.test_deciding import AREA, NOTES, idea


def texts() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(NoteReply.text).order_by(NoteReply.id)))


def test_a_member_replies_and_everyone_who_sees_notes_reads_it_below(
    coordinator: EngageClient, member: EngageClient, client_of: Callable[[Membership], EngageClient]
) -> None:
    note = idea(coordinator)
    page = member.send(f"{NOTES}{note.id}/reply", text="  ")
    assert (page.status, page.errors) == (422, ["Write a sentence first."])
    assert member.send(f"{NOTES}{note.id}/reply", text="Call 555-201-8834").status == 422
    assert member.send(f"{NOTES}{note.id}/reply", text="The inn on Main Street would host it.").status == 303
    shown = coordinator.page(AREA).text(f"#toolkit-note-{note.id} .toolkit-replies")
    assert shown.startswith(f"The inn on Main Street would host it. {member.membership.name}")
    viewer = client_of(make_membership(role=Role.VIEWER))
    assert viewer.send(f"{NOTES}{note.id}/reply", text="And I").status == 403


def test_neither_a_private_note_nor_another_coalitions_is_replied_to(
    coordinator: EngageClient, member: EngageClient
) -> None:
    private = idea(coordinator, is_shared=False)
    elsewhere = make_membership(coalition=make_coalition(slug="elsewhere"))
    theirs = make_note(elsewhere, area="prevention", is_shared=True, text="Theirs")
    for client in (member, coordinator):
        for note in (private, theirs):
            assert client.get(f"{NOTES}{note.id}/reply").status_code == 404
            assert client.send(f"{NOTES}{note.id}/reply", text="No").status == 404
    assert texts() == []


def test_its_author_or_a_coordinator_deletes_a_reply_and_it_comes_back(
    coordinator: EngageClient, member: EngageClient, client_of: Callable[[Membership], EngageClient]
) -> None:
    note = idea(coordinator)
    member.send(f"{NOTES}{note.id}/reply", text="First")
    reply_id = db.session.scalars(sa.select(NoteReply.id)).one()
    url = f"{NOTES}{note.id}/replies/{reply_id}/delete"
    other = client_of(make_membership(name="Someone Else"))
    assert other.send(url).status == 404 and not other.page(AREA).all(f"a[href='{url}']")
    assert member.page(url).has("First")
    assert member.send(url).status == 303
    assert texts() == []
    copy_id = db.session.scalars(sa.select(Snapshot.id)).one()
    assert coordinator.send(f"/c/riverbend/settings/trash/{copy_id}/restore").status == 303
    assert texts() == ["First"]
    # With its note it goes and comes back.
    assert coordinator.send(f"{NOTES}{note.id}/delete").status == 303
    assert texts() == []
    copy_id = db.session.scalars(sa.select(sa.func.max(Snapshot.id))).one()
    assert coordinator.send(f"/c/riverbend/settings/trash/{copy_id}/restore").status == 303
    assert texts() == ["First"]


def test_a_reply_whose_note_is_gone_is_not_restored_and_says_why(
    coordinator: EngageClient, member: EngageClient
) -> None:
    note = idea(coordinator)
    member.send(f"{NOTES}{note.id}/reply", text="First")
    reply_id = db.session.scalars(sa.select(NoteReply.id)).one()
    member.send(f"{NOTES}{note.id}/replies/{reply_id}/delete")
    copy_id = db.session.scalars(sa.select(Snapshot.id)).one()
    coordinator.send(f"{NOTES}{note.id}/delete")
    page = coordinator.send(f"/c/riverbend/settings/trash/{copy_id}/restore")
    assert page.status in {409, 422}, page.text()
    assert texts() == []


def test_a_note_that_others_replied_to_stays_shared(coordinator: EngageClient, member: EngageClient) -> None:
    note = idea(coordinator)
    member.send(f"{NOTES}{note.id}/reply", text="First")
    typed = {"text": "Mine alone", "mark": "idea", "seen_by": "private", "version": str(note.version)}
    page = coordinator.send(f"{NOTES}{note.id}/edit", **typed)
    assert page.status == 422 and page.has("Others have replied to it")
    assert page.value("text") == "Mine alone"


def test_the_page_asks_as_often_for_many_replies_as_for_few(member: EngageClient) -> None:
    note = idea(member)
    member.send(f"{NOTES}{note.id}/reply", text="First")
    with counted_queries() as few:
        member.page(AREA)
    for n in range(9):
        member.send(f"{NOTES}{note.id}/reply", text=f"Reply {n}")
    with counted_queries() as many:
        assert len(member.page(AREA).all(".toolkit-replies li")) == 10
    assert len(many) == len(few)
