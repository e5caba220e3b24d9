"""Every page that deletes names what goes, leads to the trash, and offers to undo it on the next page."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engage.database import Base
from engage.extensions import db
from engage.meetings.rules import Outcome
from engage.snapshots import Snapshot
from tests import rows
from tests.client import EngageClient

HERE = "/c/riverbend/"
NAME = "Blue Herons of the County"
# Kind, the column that names it, more of it, and the address that deletes it; without a page where one press does.
DELETING: list[tuple[str, str, dict[str, Any], Callable[[Any], str], bool]] = [
    ("partners_organization", "name", {}, lambda row: f"partners/{row.id}/delete", True),
    ("partners_contact", "name", {}, lambda row: f"partners/contacts/{row.id}/delete", True),
    ("partners_conversation", "note", {}, lambda row: f"partners/conversations/{row.id}/delete", True),
    ("partners_agreement", "title", {}, lambda row: f"partners/agreements/{row.number}/delete", True),
    ("meetings_meeting", "title", {}, lambda row: f"meetings/{row.id}/delete", True),
    (
        "meetings_agenda_item",
        "title",
        {"outcome": Outcome.DROPPED},
        lambda row: f"meetings/{row.meeting_id}/agenda/{row.id}/delete",
        False,
    ),
    ("meetings_decision", "text", {}, lambda row: f"meetings/decisions/{row.number}/delete", True),
    ("strengths_need", "title", {}, lambda row: f"strengths/needs/{row.number}/delete", True),
    ("strengths_strength", "title", {}, lambda row: f"strengths/strengths/{row.id}/withdraw", True),
    ("strengths_vote", "title", {}, lambda row: f"strengths/votes/{row.id}/delete", True),
    ("toolkit_note", "text", {"is_shared": True}, lambda row: f"toolkit/notes/{row.id}/delete", True),
    ("assessment_effort", "who", {"shared": True}, lambda row: f"assessment/efforts/{row.id}/delete", True),
    (
        "assessment_draft_set",
        "title",
        {
            "questions": {
                "format": 3,
                "language": "en",
                "scale": [*"01234"],
                "areas": [],
                "hidden": [],
                "edits": {},
            }
        },
        lambda row: f"assessment/questions/{row.id}/delete",
        True,
    ),
    ("coalitions_position", "title", {}, lambda row: f"about/positions/{row.id}/delete", False),
    ("coalitions_group", "name", {}, lambda row: f"people/groups/{row.id}/delete", False),
]
each = pytest.mark.parametrize("deleting", DELETING, ids=lambda deleting: deleting[0])


def made(client: EngageClient, deleting: Any) -> tuple[sa.Table, str]:
    """Makes the thing; returns its table and the address that deletes it."""
    name, column, more, address, _asks = deleting
    table = Base.metadata.tables[name]
    values = {column: NAME, **more}
    key = rows.insert(table, values, coalition=client.membership.coalition_id)
    db.session.commit()
    row = db.session.execute(sa.select(table).where(table.c.id == key)).one()
    return table, HERE + address(row)


def there(table: sa.Table) -> int:
    db.session.expire_all()
    return db.session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


@each
def test_one_press_deletes_it_and_one_press_undoes_that(coordinator: EngageClient, deleting: Any) -> None:
    table, address = made(coordinator, deleting)
    if deleting[-1]:
        asked = coordinator.page(address)
        # A conversation is named by its day.
        assert asked.has(NAME) or deleting[0] == "partners_conversation"
        assert asked.has("It goes to the trash")
        assert asked.has("30 days")
        assert not asked.has("cannot be undone")

    answer = coordinator.send(address)
    copy = db.session.scalars(sa.select(Snapshot)).one()
    assert (copy.thing, copy.title, copy.made_by_id) == (table.name, NAME, coordinator.membership.id)
    page = coordinator.page(answer.location or "")
    assert there(table) == 0
    undo = page.one("form.undo").attributes["action"] or ""
    back = coordinator.send(undo)

    assert there(table) == 1
    assert coordinator.page(back.location or "").has("is back")


@each
def test_whoever_still_works_on_it_is_told_that_it_is_in_the_trash(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient, deleting: Any
) -> None:
    _table, address = made(coordinator, deleting)
    coordinator.send(address)

    told = coordinator.send(address)

    # No one looks for a note by its address.
    assert told.status == (404 if deleting[0] == "toolkit_note" else 409)
    if told.status == 409:
        assert told.has("This was deleted by Maria Santos and is in the trash. Restore it, then try again.")
        assert told.one("main a[href='/c/riverbend/settings/trash']")
    assert member.send(address).status in {403, 404, 409}
    assert viewer.send(address).status in {403, 404}
