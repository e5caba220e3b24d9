"""What is decided about an idea: kept, for later, not for us; open again."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.toolkit.models import Note
from engage.toolkit.rules import IdeaStanding, NoteMark
from tests import factories
from tests.client import EngageClient

NOTES = "/c/riverbend/toolkit/notes/"
AREA = "/c/riverbend/toolkit/areas/prevention"


def idea(client: EngageClient, **values: Any) -> Note:
    given = {
        "area": "prevention",
        "mark": NoteMark.IDEA,
        "is_shared": True,
        "text": "Train hotel staff",
        **values,
    }
    note: Note = factories.make_note(client.membership, **given)
    return note


def standing(note: Note) -> IdeaStanding | None:
    db.session.expire_all()
    return db.session.get_one(Note, note.id).standing


@pytest.mark.parametrize(
    ("value", "words"), [("kept", "Kept"), ("parked", "For later"), ("set_aside", "Not for us")]
)
def test_any_member_decides_about_an_idea_and_all_see_it(
    coordinator: EngageClient, member: EngageClient, value: str, words: str
) -> None:
    note = idea(coordinator)
    assert member.send(f"{NOTES}{note.id}/decide", standing=value).status == 303
    assert standing(note) == value
    assert words in coordinator.page(AREA).text(
        f"#toolkit-note-{note.id} .tag-row, #toolkit-note-{note.id} p + p"
    )
    assert coordinator.page(f"{NOTES}?standing={value}").has("Train hotel staff")
    others = {"kept", "parked", "set_aside"} - {value}
    assert not any(coordinator.page(f"{NOTES}?standing={each}").has("Train hotel staff") for each in others)
    entry = db.session.scalars(sa.select(HistoryEntry)).one()
    assert (entry.field, entry.old, entry.new) == ("standing", None, value)


def test_a_decision_can_be_taken_back(member: EngageClient) -> None:
    note = idea(member, standing=IdeaStanding.SET_ASIDE)
    buttons = member.page(AREA).texts(f"#toolkit-note-{note.id} button[name=standing]")
    assert [each.split(":")[0].strip() for each in buttons] == [
        "Keep the idea",
        "Park the idea for later",
        "Reopen the idea",
    ]
    member.send(f"{NOTES}{note.id}/decide", standing="open")
    assert standing(note) is None


@pytest.mark.parametrize("values", [{"mark": NoteMark.QUESTION}, {"is_shared": False}])
def test_only_a_shared_idea_is_decided_about(member: EngageClient, values: dict[str, Any]) -> None:
    note = idea(member, **values)
    assert not member.page(AREA).all("button[name=standing]")
    assert member.send(f"{NOTES}{note.id}/decide", standing="kept").status == 409
    assert standing(note) is None


def test_an_idea_that_its_author_takes_back_is_open_when_it_is_shared_again(member: EngageClient) -> None:
    note = idea(member, standing=IdeaStanding.KEPT)
    fields = {"text": "Train hotel staff", "mark": "idea", "seen_by": "private", "version": "1"}
    assert member.send(f"{NOTES}{note.id}/edit", **fields).status == 303
    assert standing(note) is None


def test_what_is_no_decision_changes_nothing(member: EngageClient) -> None:
    note = idea(member, standing=IdeaStanding.KEPT)
    assert member.send(f"{NOTES}{note.id}/decide", standing="burnt").status == 422
    assert member.send(f"{NOTES}{note.id}/decide").status == 422
    assert standing(note) is IdeaStanding.KEPT


def test_viewers_decide_nothing(member: EngageClient, client_of: Callable[..., EngageClient]) -> None:
    note = idea(member)
    viewer = client_of(factories.make_membership(role=Role.VIEWER, name="Vera Lund"))
    assert viewer.send(f"{NOTES}{note.id}/decide", standing="kept").status == 403
