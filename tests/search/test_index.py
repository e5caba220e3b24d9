"""The index holds what the tables hold, whatever wrote to them, and lets go of what is gone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.columns import Search, about
from engage.extensions import db
from engage.operations.redaction import service as redaction_service
from engage.operations.redaction.service import RedactionTarget
from engage.partners.merging import service as merging_service
from engage.search import index
from engage.search.sources import Source
from engage.search.table import SOURCES
from tests import rows
from tests.client import EngageClient
from tests.factories import (
    make_action,
    make_goal,
    make_organization,
    make_plan,
    the_coalition,
)


def behind() -> int:
    return index.behind(db.session.connection())


def held() -> str:
    """Returns everything in the index's own tables."""
    db.session.commit()  # until then FTS5 keeps a part of it in memory
    names = [
        name for name in sa.inspect(db.session.connection()).get_table_names() if name.startswith(index.NAME)
    ]
    return "\n".join(
        repr(tuple(row)) for name in names for row in db.session.execute(sa.text(f"SELECT * FROM {name}"))
    )


def test_every_column_that_says_it_is_searched_is_of_a_searched_table(app: Flask) -> None:
    said = {
        column.table.name
        for table in db.metadata.tables.values()
        for column in table.c
        if about(column).search is not Search.NO
    }
    assert {source.table for source in SOURCES} == said
    assert (
        len({source.number for source in SOURCES})
        == len({source.table for source in SOURCES})
        == len(SOURCES)
    )
    assert max(source.number for source in SOURCES) < index.KINDS


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.table)
def test_each_write_of_a_row_reaches_it_and_a_rebuild_changes_nothing(app: Flask, source: Source) -> None:
    table, here = db.metadata.tables[source.table], the_coalition().id
    key = rows.insert(table, coalition=here)
    assert behind() == 0
    for column in (*source.titles, *source.open, *source.derived, *source.texts):
        # In bulk, as services write it: no row of the session knows.
        db.session.execute(sa.update(table).values({column.key: f"quartermain {column.key}"}))
        assert "quartermain" in held()
        assert behind() == 0
    db.session.execute(sa.delete(table).where(table.c.id == key))
    assert "quartermain" not in held()
    assert behind() == 0


def test_what_a_foreign_key_deletes_leaves_it(app: Flask) -> None:
    here = the_coalition().id
    organization = rows.insert(db.metadata.tables["partners_organization"], coalition=here)
    given = {"organization_id": organization, "name": "Quartermain"}
    rows.insert(db.metadata.tables["partners_contact"], given, coalition=here)
    assert "uartermain" in held()
    db.session.execute(sa.text("DELETE FROM partners_organization"))
    assert "uartermain" not in held()
    assert behind() == 0


def _redacted(place: Any) -> None:
    goal = make_goal(make_plan(), title="About Quartermain")
    db.session.commit()
    assert "uartermain" in held()
    redaction_service.redact(place, [RedactionTarget("plan_goal", goal.id, "title")])


def _merged(place: Any) -> None:
    kept, gone = make_organization(name="County Library"), make_organization(name="Quartermain House")
    merging_service.merge(place, kept, gone, (1, 1), {"name": "County Library"})


@pytest.mark.parametrize("work", [_redacted, _merged], ids=["redaction", "merging"])
def test_what_services_remove_leaves_it(coordinator: EngageClient, work: Callable[[Any], None]) -> None:
    work(coordinator.membership)
    db.session.commit()
    redaction_service.settle(db.engine)
    assert "uartermain" not in held()
    assert behind() == 0


def test_the_trash_is_not_searched_and_undo_brings_a_thing_back(coordinator: EngageClient) -> None:
    number = make_action(make_plan(), title="Ask Quartermain").number
    gone = coordinator.send(f"/c/riverbend/plan/actions/{number}/delete", version="1")
    assert gone.status == 303
    assert "uartermain" not in held()
    page = coordinator.page("/c/riverbend/settings/trash")
    back = next(
        node.attributes["action"]
        for node in page.all("main form")
        if "restore" in str(node.attributes["action"])
    )
    coordinator.send(str(back))
    assert "uartermain" in held()
    assert behind() == 0


@pytest.mark.skipif(
    "sys.modules['sqlite3'].sqlite_version_info < (3, 42)", reason="FTS5 cannot overwrite yet"
)
def test_on_sqlite_a_removed_word_is_not_in_the_files_bytes(app: Flask, coordinator: EngageClient) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    goal = make_goal(make_plan(), title="Quartermain of Elm Street", why="quartermain")
    db.session.commit()
    file = Path(str(db.engine.url.database))

    def in_bytes() -> bool:
        files = [file, file.with_name(f"{file.name}-wal")]
        return any(b"uartermain" in each.read_bytes() for each in files if each.exists())

    assert in_bytes()
    for column in ("title", "why"):
        redaction_service.redact(coordinator.membership, [RedactionTarget("plan_goal", goal.id, column)])
    db.session.commit()
    db.session.remove()
    redaction_service.settle(db.engine)
    assert not in_bytes()


def test_on_postgresql_a_removed_word_is_not_in_the_index_either(
    app: Flask, coordinator: EngageClient
) -> None:
    if db.engine.dialect.name == "sqlite":
        assert "secure-delete" in held()
        return
    goal = make_goal(make_plan(), title="Quartermain")
    db.session.commit()
    before = db.session.scalar(sa.text("SELECT pg_relation_filenode('search_index_words')"))
    redaction_service.redact(coordinator.membership, [RedactionTarget("plan_goal", goal.id, "title")])
    db.session.commit()
    redaction_service.settle(db.engine)
    # Only a new file of the index holds no word that was ever in it.
    assert db.session.scalar(sa.text("SELECT pg_relation_filenode('search_index_words')")) != before


def test_one_that_misses_a_part_or_a_row_is_found_and_made_anew(app: Flask) -> None:
    make_plan(title="x")
    make_goal(make_plan(status="closed", title="y"), title="Beds")
    connection = db.session.connection()
    assert (index.is_missing(connection), behind()) == (False, 0)
    where = "rowid = (SELECT min(rowid) FROM search_index)" if connection.dialect.name == "sqlite" else "true"
    connection.exec_driver_sql(f"DELETE FROM {index.NAME} WHERE {where}")
    assert behind() > 0
    index.build(connection)
    assert behind() == 0
    name, table = next(iter(index._there(connection).items()))
    connection.exec_driver_sql(
        f"DROP TRIGGER {name}" + ("" if connection.dialect.name == "sqlite" else f" ON {table}")
    )
    assert index.is_missing(connection)
    index.build(connection)
    assert not index.is_missing(connection)
    db.session.commit()
