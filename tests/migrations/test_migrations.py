"""Migrations: up, down and up again, equal to the models, and no child is lost when its parent is altered."""

import os
import shutil
from datetime import UTC, date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade

from engage import release
from engage.assessment.models import Answer, StoredRelease
from engage.coalitions.models import Coalition
from engage.config import ROOT
from engage.extensions import db
from engage.operations.schema import EMPTY, of_nothing, written
from engage.search import index
from tests import databases, rows, warm

pytestmark = pytest.mark.slow

ALTERS_A_PARENT = """
import sqlalchemy as sa
from alembic import op
revision = "scratch"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("coalitions_coalition", recreate="{recreate}") as batch:
        batch.add_column(sa.Column("scratch", sa.String(20), nullable=False, server_default="x"))
    {more}


def downgrade():
    with op.batch_alter_table("coalitions_coalition") as batch:
        batch.drop_column("scratch")
"""


def is_of_a_migration(_thing: object, name: str | None, kind: str, *_rest: object) -> bool:
    return not (kind == "table" and str(name).startswith("search_index"))


def tables() -> set[str]:
    found = set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}
    # The index of what is searched is made after each migration, by none of them.
    return {name for name in found if not name.startswith("search_index")}


def schema() -> list[str]:
    """Returns everything a database says about its tables, in a fixed order."""
    inspector = sa.inspect(db.engine)
    found = []
    for table in sorted(inspector.get_table_names()):
        found += [f"{table}.{c['name']} {c['type']} {c['nullable']}" for c in inspector.get_columns(table)]
        found += sorted(
            f"{table} {i['name']} {i['column_names']} {i['unique']}" for i in inspector.get_indexes(table)
        )
        found += sorted(f"{table} {key['constrained_columns']}" for key in inspector.get_foreign_keys(table))
        found += sorted(f"{table} {check['name']}" for check in inspector.get_check_constraints(table))
    return found


def test_up_and_down_and_up_again_gives_the_same_tables(own: Flask) -> None:
    upgrade()
    before = schema()
    assert tables() == set(db.metadata.tables)
    downgrade(revision="base")
    assert tables() == set()
    upgrade()
    assert schema() == before


def test_every_single_migration_goes_down_and_up(own: Flask) -> None:
    upgrade()
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    assert len(scripts.get_heads()) == 1
    for _revision in scripts.walk_revisions():
        downgrade(revision="-1")
    for _revision in scripts.walk_revisions():
        upgrade(revision="+1")
    assert tables() == set(db.metadata.tables)


def test_the_migrations_make_what_the_models_say(own: Flask) -> None:
    upgrade(revision=release.schemas()[-2])  # in one go a new SQLite database is made by migrations/empty.sql
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_of_a_migration}
        )
        assert compare_metadata(context, db.metadata) == []


def test_a_new_database_made_at_once_is_what_the_migrations_make(own: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL's tables are made by the migrations
    upgrade()
    at_once = schema()
    with db.engine.connect() as connection:
        assert written(connection) == EMPTY.read_text()
        assert MigrationContext.configure(connection).get_current_revision() == release.schemas()[-1]
        assert not index.is_missing(connection)
    downgrade(revision="base")
    upgrade(revision=release.schemas()[-2])
    upgrade()
    with db.engine.connect() as connection:
        assert written(connection) == EMPTY.read_text()
    assert sorted(schema()) == sorted(at_once)


def test_without_empty_sql_the_migrations_make_the_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the file can be written again after it was lost, or left out of a merge."""
    monkeypatch.setattr("engage.operations.schema.EMPTY", tmp_path / "empty.sql")
    assert of_nothing() == []


def scratch(folder: Path, more: str = "pass") -> str:
    """Makes a copy of the migrations with one more that alters a table which others point at."""
    target = folder / "migrations"
    shutil.copytree(ROOT / "migrations", target)
    head = ScriptDirectory(str(ROOT / "migrations")).get_current_head()
    # SQLite alters a table by copying it; PostgreSQL needs and allows no copy.
    recreate = "always" if db.engine.dialect.name == "sqlite" else "never"
    text = ALTERS_A_PARENT.format(head=head, more=more, recreate=recreate)
    (target / "versions" / "9999_scratch.py").write_text(text)
    return str(target)


def count(table: str) -> int:
    return int(db.session.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0)


def with_a_coalition_of_rows() -> int:
    coalition = rows.insert(db.metadata.tables["coalitions_coalition"])
    for table in db.metadata.sorted_tables:
        if "coalition_id" in table.c:
            rows.insert(table, coalition=coalition)
    db.session.commit()
    return count("coalitions_membership")


def test_altering_a_parent_table_keeps_its_children(own: Flask, tmp_path: Path) -> None:
    databases.migrate(own)
    people = with_a_coalition_of_rows()
    assert people > 0
    db.session.remove()
    directory = scratch(tmp_path)
    upgrade(directory=directory)
    assert count("coalitions_membership") == people
    assert db.session.scalar(sa.text("SELECT scratch FROM coalitions_coalition LIMIT 1")) == "x"
    db.session.remove()
    downgrade(directory=directory, revision="-1")
    assert count("coalitions_membership") == people


def test_first_impressions_of_areas_become_shared_notes_and_come_back(own: Flask) -> None:
    databases.migrate(own)
    # Before going down: the columns that later ones added are only there now.
    coalition = rows.insert(db.metadata.tables["coalitions_coalition"])
    person = rows.insert(db.metadata.tables["coalitions_membership"], coalition=coalition)
    db.session.commit()
    db.session.remove()
    downgrade(revision="0015")
    old = f"(coalition_id, author_id, area, text, written_at, version) VALUES ({coalition}, {person},"
    db.session.execute(
        sa.text(f"INSERT INTO onboarding_area_note {old} 'reform', 'Beds.', '2026-03-01 12:00:00', 4)")
    )
    db.session.execute(
        sa.text(
            "INSERT INTO onboarding_areas_read (coalition_id, reader_id, read_at)"
            f" VALUES ({coalition}, {person}, '2026-03-02 12:00:00')"
        )
    )
    db.session.commit()
    db.session.remove()
    upgrade()
    note = db.session.execute(sa.text("SELECT * FROM toolkit_note")).mappings().one()
    assert (note["author_id"], note["area"], note["text"], note["version"]) == (person, "reform", "Beds.", 4)
    assert (note["mark"], bool(note["is_shared"]), note["section_id"]) == ("key_point", True, None)
    assert db.session.scalar(sa.text("SELECT reader_id FROM toolkit_areas_read")) == person
    db.session.execute(
        sa.text(
            "INSERT INTO toolkit_note (coalition_id, author_id, area, mark, text, is_shared, written_at, version)"
            f" SELECT {coalition}, {person}, 'reform', 'idea', 'Newer.', is_shared, written_at, 1 FROM toolkit_note"
        )
    )
    db.session.commit()
    db.session.remove()
    downgrade(revision="0015")
    assert db.session.scalars(sa.text("SELECT text FROM onboarding_area_note")).all() == ["Beds."]
    assert count("onboarding_areas_read") == 1


def changed_at(revision: str, *statements: str) -> None:
    """Goes down to a revision, changes what it allowed, and comes up again."""
    db.session.commit()
    db.session.remove()
    downgrade(revision=revision)
    for statement in statements:
        db.session.execute(sa.text(statement))
    db.session.commit()
    db.session.remove()
    upgrade()


def test_a_line_that_was_carried_on_twice_goes_on_where_it_was_first(own: Flask) -> None:
    databases.migrate(own)
    table = db.metadata.tables["meetings_agenda_item"]
    coalition = rows.insert(db.metadata.tables["coalitions_coalition"])
    line, first, second = (rows.insert(table, coalition=coalition) for _each in range(3))
    changed_at("0016", f"UPDATE meetings_agenda_item SET carried_from_id = {line} WHERE id > {line}")
    found = db.session.execute(sa.text("SELECT id, carried_from_id FROM meetings_agenda_item ORDER BY id"))
    assert [tuple(row) for row in found] == [(line, None), (first, line), (second, None)]


def test_rounds_that_are_there_keep_their_rule_and_their_groups(own: Flask) -> None:
    databases.migrate(own)
    rows.insert(db.metadata.tables["assessment_round"], {"counts_answered": True, "grouping": 2})
    changed_at("0046", "UPDATE assessment_round SET title = 'From before'")
    found = db.session.execute(sa.text("SELECT title, counts_answered, grouping FROM assessment_round")).one()
    assert (found[0], bool(found[1]), found[2]) == ("From before", False, 1)


def test_rounds_that_are_open_when_the_rule_changes_say_so_and_closed_ones_do_not(own: Flask) -> None:
    databases.migrate(own)
    table, then = db.metadata.tables["assessment_round"], datetime(2026, 11, 2, tzinfo=UTC)
    for title, closed, reopened in (("Open", None, None), ("Closed", then, None), ("Reopened", then, then)):
        rows.insert(table, {"title": title, "closed_at": closed, "reopened_at": reopened})
    changed_at("0085", "UPDATE assessment_round SET version = version + 1")
    found = db.session.execute(sa.text("SELECT title, rule_changed FROM assessment_round")).all()
    assert {title: bool(changed) for title, changed in found} == {
        "Open": True,
        "Closed": False,
        "Reopened": True,
    }


def test_an_open_round_stays_open_and_one_for_anyone_may_be_open_beside_it(own: Flask) -> None:
    databases.migrate(own)
    table = db.metadata.tables["assessment_round"]
    times = {"closed_at": None, "reopened_at": None}
    rows.insert(table, {"asked": "everyone", "title": "From before", **times})
    changed_at("0093", "UPDATE assessment_round SET asked = 'invited'")
    row = db.session.execute(sa.text("SELECT coalition_id, asked, closed_at FROM assessment_round")).one()
    assert (row.asked, row.closed_at) == ("invited", None)
    rows.insert(table, {"asked": "anyone", "title": "Beside it", **times}, coalition=row.coalition_id)
    with pytest.raises(sa.exc.IntegrityError):
        rows.insert(table, {"asked": "everyone", **times}, coalition=row.coalition_id)
    db.session.rollback()


def test_going_down_shuts_a_round_for_anyone_beside_one_for_members_and_keeps_it(own: Flask) -> None:
    databases.migrate(own)
    table = db.metadata.tables["assessment_round"]
    times = {"closed_at": None, "reopened_at": None}
    coalition = rows.insert(db.metadata.tables["coalitions_coalition"])
    for asked in ("everyone", "anyone"):
        rows.insert(table, {"asked": asked, "title": asked, **times}, coalition=coalition)
    rows.insert(table, {"asked": "anyone", "title": "alone", **times})
    db.session.commit()
    db.session.remove()
    downgrade(revision="0093")
    found = sa.text("SELECT title, asked, closed_at IS NULL FROM assessment_round ORDER BY title")
    assert [(title, asked, bool(is_open)) for title, asked, is_open in db.session.execute(found)] == [
        ("alone", "invited", True),
        ("anyone", "invited", False),
        ("everyone", "everyone", True),
    ]


def test_no_one_is_asked_because_of_peer_support_any_more_and_no_row_is_lost(own: Flask) -> None:
    databases.migrate(own)
    disciplines, participants = (
        db.metadata.tables[name] for name in ("coalitions_membership_discipline", "assessment_participant")
    )
    rows.insert(disciplines, {"discipline": "nurses"})
    rows.insert(disciplines, {"discipline": "peer_support"})
    rows.insert(participants, {"discipline": "peer_support"})
    changed_at("0048", "UPDATE assessment_participant SET took_part = false")
    kept = db.session.scalars(sa.text("SELECT discipline FROM coalitions_membership_discipline")).all()
    assert sorted(kept) == ["nurses", "peer_support"]
    assert db.session.scalars(sa.text("SELECT discipline FROM assessment_participant")).all() == [""]


def test_an_agreements_dates_are_put_in_order_and_no_ones_consent_names_no_one(own: Flask) -> None:
    databases.migrate(own)
    agreement = rows.insert(db.metadata.tables["partners_agreement"], {"state": "signed"})
    changed_at(
        "0018",
        "UPDATE partners_agreement SET signed_on = '2026-03-10', review_on = '2026-03-01', ends_on = '2026-04-01',"
        " notice_on = '2026-05-01', may_be_named = true, named_on = '2026-03-11', named_by = ''",
    )
    found = db.session.execute(
        sa.text("SELECT id, signed_on, review_on, ends_on, notice_on, named_on FROM partners_agreement")
    )
    days = ("2026-03-10", "2026-03-10", "2026-04-01", "2026-04-01")
    assert [(row[0], *map(str, row[1:])) for row in found] == [(agreement, *days, "None")]


def test_an_agreement_that_is_no_longer_named_goes_down_as_one_that_never_was(own: Flask) -> None:
    databases.migrate(own)
    values = {"named_by": "The board", "named_on": date(2026, 3, 1), "unnamed_on": date(2026, 3, 9)}
    rows.insert(db.metadata.tables["partners_agreement"], values)
    db.session.commit()
    db.session.remove()
    downgrade(revision="0018")
    named = db.session.execute(
        sa.text("SELECT may_be_named, named_on, named_by FROM partners_agreement")
    ).one()
    assert (bool(named[0]), named[1], named[2]) == (False, None, "The board")


def test_a_release_of_before_tells_no_dont_knows_that_give_an_answer_away(own: Flask) -> None:
    databases.migrate(own)
    line: dict[str, Any] = {"key": "beds", "meaning": 1, "respondents": 11, "counts": None, "agreed": None}
    line |= {"all": [2.0, 7], "groups": {"care": [2.0, 4], "others": [2.0, 3]}, "dont_know": 4}
    area = {"key": "care", "applicable": 1, "all": None, "groups": {}, "indicators": [line]}
    results = {"format": 1, "k": 3, "respondents": 11, "groups": [], "areas": [area]}
    # Three of seven did not know, and one of four others; then four of eight, and none of three.
    for care in (7, 8):
        rows.insert(
            db.metadata.tables["assessment_release"], {"results": {**results, "people": {"care": care}}}
        )
    changed_at("0049")
    told = [row.results for row in db.session.scalars(sa.select(StoredRelease).order_by(StoredRelease.id))]
    assert [each["areas"][0]["indicators"][0]["dont_know"] for each in told] == [None, 4]


def test_answers_of_a_closed_round_no_longer_stand_by_who_gave_them(own: Flask) -> None:
    databases.migrate(own)
    coalition = rows.insert(db.metadata.tables["coalitions_coalition"])
    round_ = rows.insert(db.metadata.tables["assessment_round"], coalition=coalition)
    people = [
        rows.insert(
            db.metadata.tables["assessment_response"],
            {"round_id": round_, "respondent_id": None},
            coalition=coalition,
        )
        for _each in range(5)
    ]
    said = [
        {
            "response_id": person,
            "indicator": f"i{number}",
            "note": f"{person} {number}",
            "note_released": True,
        }
        for person in people
        for number in range(6)
    ]
    for each in said:
        rows.insert(db.metadata.tables["assessment_answer"], each, coalition=coalition)
    changed_at("0050")
    found = db.session.scalars(sa.select(Answer).order_by(Answer.id)).all()
    assert len([*groupby(row.response_id for row in found)]) > 10
    by_note = sorted(found, key=lambda row: row.note)
    assert [{name: getattr(row, name) for name in said[0]} for row in by_note] == sorted(
        said, key=lambda each: str(each["note"])
    )
    assert all(row.coalition_id == coalition for row in found)


def test_foreign_keys_are_enforced_again_after_a_migration(own: Flask, tmp_path: Path) -> None:
    databases.migrate(own)
    with pytest.raises(sa.exc.IntegrityError):
        rows.insert(db.metadata.tables["coalitions_membership"], coalition=12345)
    db.session.rollback()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ('op.execute("DELETE FROM coalitions_coalition")', "point nowhere"),
        ('raise RuntimeError("half way")', "half way"),
    ],
)
def test_a_migration_that_would_break_rows_changes_nothing(
    own: Flask, tmp_path: Path, more: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    databases.migrate(own)
    people = with_a_coalition_of_rows()
    db.session.remove()
    if db.engine.dialect.name != "sqlite":
        more, words = 'raise RuntimeError("half way")', "half way"  # it checks foreign keys by itself
    directory = scratch(tmp_path, more)
    with pytest.raises(SystemExit):
        upgrade(directory=directory)
    assert words in caplog.text
    # As the next process would find it: this one ends here.
    reader = sa.create_engine(db.engine.url)
    with reader.connect() as connection:
        found = connection.scalar(sa.text("SELECT count(*) FROM coalitions_membership"))
        columns = {column["name"] for column in sa.inspect(connection).get_columns("coalitions_coalition")}
    reader.dispose()
    assert found == people
    assert "scratch" not in columns


def test_the_check_command_agrees_and_touches_no_database_of_the_host(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "ENGAGE_DATA": str(tmp_path / "unused"),
        "ENGAGE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing",
    }
    done = warm.run("check-migrations", env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "unused").exists()


def test_a_menu_of_before_has_what_its_coalition_holds_and_grows_if_its_first_evening_is_past(
    own: Flask,
) -> None:
    databases.migrate(own)
    tables = db.metadata.tables
    keys = {}
    for name, table, over in (
        ("new", "strengths_need", False),
        ("hid", "documents_document", True),
        ("acts", "plan_action", False),
        ("empty", "partners_organization", False),
    ):
        keys[name] = rows.insert(
            tables["coalitions_coalition"], {"first_evening_over": over, "mission": "", "vision": ""}
        )
        rows.insert(tables[table], coalition=keys[name])
    changed_at("0102", "UPDATE coalitions_coalition SET version = version + 1")
    found = db.session.execute(sa.select(Coalition.id, Coalition.menu_entries, Coalition.menu_is_short))
    menus = {row.id: (set(row.menu_entries), row.menu_is_short) for row in found}
    assert {name: menus[key] for name, key in keys.items()} == {
        "new": ({"strengths"}, False),
        "hid": ({"documents", "evening_is_past"}, False),
        "acts": ({"calendar", "reports", "evening_is_past"}, False),
        "empty": (set(), False),
    }
