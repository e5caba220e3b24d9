"""Changes of fields: what is set, and what history keeps of it."""

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import history, versions
from engage.errors import StaleVersion
from engage.extensions import db
from engage.history import HistoryEntry
from tests.factories import make_item, make_membership


def entries() -> list[tuple[str, str | None, str | None]]:
    rows = db.session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id))
    return [(row.field, row.old, row.new) for row in rows]


def test_only_fields_that_changed_are_recorded_and_only_named_ones_with_their_values(app: Flask) -> None:
    actor, item = make_membership(), make_item(note="As before")
    values = {"owner_id": actor.id, "note": "As before", "proof": "https://example.org/"}
    history.set_fields(actor, item, values, kept=("owner_id",))
    assert (item.owner_id, item.note, item.proof) == (actor.id, "As before", "https://example.org/")
    assert entries() == [("owner_id", None, str(actor.id)), ("proof", None, None)]


def test_a_text_among_the_kept_values_is_refused(app: Flask) -> None:
    actor, item = make_membership(), make_item(note="As before")
    with pytest.raises(TypeError):
        history.set_fields(actor, item, {"note": "Her name is Ana"}, kept=("note",))


def test_a_change_of_an_older_version_sets_and_records_nothing(app: Flask) -> None:
    actor, item = make_membership(), make_item(note="As before")
    versions.change(actor, item, item.version, {"note": "Once"})
    db.session.commit()
    with pytest.raises(StaleVersion):
        versions.change(actor, item, item.version - 1, {"note": "Twice"})
    assert item.note == "Once"
    assert entries() == [("note", None, None)]
