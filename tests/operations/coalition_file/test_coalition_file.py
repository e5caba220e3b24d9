"""One coalition alone, out of an installation and into another: the same but for its ids, all of it or nothing."""

import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from engage.accounts.models import PasswordLink, User
from engage.cli import export_plan
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role
from engage.config import TestConfig
from engage.extensions import db
from engage.operations.coalition_file.commands import export, import_coalition
from engage.operations.coalition_file.layout import SINGLE_ANSWERS, STAY, columns, taken
from engage.operations.coalition_file.queries.export import document_of, text_of
from engage.operations.coalition_file.service import importing
from engage.operations.refused import Refused
from engage.operations.sample import service as sample_service
from tests import databases, factories, rows
from tests.client import EngageClient
from tests.days import NOW
from tests.operations import old_databases

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

SLUG = "riverbend-county"


@contextmanager
def elsewhere(folder: Path, worker: str) -> Iterator[Flask]:
    """Makes another installation, in its context, still without an account."""
    folder.mkdir()
    with databases.empty(folder, f"e{worker}") as url:
        made = databases.another_app(TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=url))
        made.test_client_class = EngageClient
        databases.migrate(made)
        with made.app_context():
            yield made
            db.session.remove()
            db.engine.dispose()


def coalition_here(slug: str = SLUG) -> Coalition:
    return db.session.scalars(sa.select(Coalition).where(Coalition.slug == slug)).one()


def exported(slug: str = SLUG, *, single_answers: bool = True) -> str:
    made = text_of(document_of(coalition_here(slug), single_answers=single_answers))
    db.session.rollback()
    return made


def imported(text: str, slug: str | None = None, admin: str | None = None) -> importing.Written:
    written = importing.write(importing.read(text.encode(), slug), admin)
    db.session.commit()
    return written


def comparable(text: str) -> dict[str, Any]:
    """Returns the document without when and where it came from, the log's line that it came, and answers' numbers.

    A file of an earlier version has its answers mixed while it is brought up to date.
    """
    document: dict[str, Any] = json.loads(text)
    log = document["rows"]["coalitions_audit"]
    document["rows"]["coalitions_audit"] = [row for row in log if not came(row)]
    answers = ({**row, "id": 0} for row in document["rows"].get("assessment_answer", []))
    document["rows"]["assessment_answer"] = sorted(answers, key=json.dumps)
    return {name: value for name, value in document.items() if name not in {"exported_at", "stays"}}


def came(row: dict[str, Any]) -> bool:
    return (row["event"], row["thing"]) == ("imported", "coalitions_coalition")


def lines_about_files() -> list[tuple[str, str, int | None, int | None]]:
    """Returns the logs' entries on files: (event, what or table, who, how many rows), in order."""
    files = {AuditEvent.IMPORTED, AuditEvent.DOWNLOADED}
    entries = sa.select(AuditEntry).where(AuditEntry.event.in_(files)).order_by(AuditEntry.id)
    return [
        (each.event, each.what or each.thing, each.actor_id, each.number)
        for each in db.session.scalars(entries)
    ]


@pytest.fixture(scope="module")
def built() -> list[databases.Kept]:
    """Holds the sample's rows as soon as a test needs them."""
    return []


@pytest.fixture
def sampled(app: Flask, built: list[databases.Kept]) -> Flask:
    if not built:
        sample_service.build({"coordinator": "a lantern by the river", "member": "a meadow in the canyon"})
        built.append(databases.kept())
    databases.put_back(built[0])
    return app


def test_a_coalition_goes_elsewhere_and_is_the_same_there(
    sampled: Flask, tmp_path: Path, worker_id: str
) -> None:
    text = exported()
    assert sum(map(len, json.loads(text)["rows"].values())) > 1000
    with elsewhere(tmp_path / "e", worker_id) as app:
        # Another coalition is there already: no id stays what it was.
        for table in taken(db.metadata):
            rows.insert(table, coalition=factories.the_coalition().id)
        factories.make_user()
        db.session.commit()
        written = imported(text)
        assert comparable(exported()) == comparable(text)
        assert old_databases.broken() == []
        coordinator = db.session.scalars(
            sa.select(Membership).where(
                Membership.coalition_id == written.coalition.id, Membership.role == Role.COORDINATOR
            )
        ).first()
        assert coordinator is not None
        client = factories.signed_in_client(app, coordinator)
        for page in (
            "",
            "start/",
            "checklist/",
            "assessment/",
            "plan/",
            "partners/",
            "meetings/",
            "strengths/",
        ):
            assert written.coalition.name in client.page(f"/c/{SLUG}/{page}").text("body")


def test_history_of_the_public_page_names_what_is_shown(sampled: Flask) -> None:
    rows = json.loads(exported())["rows"]
    for table, column in (
        ("reports_public_goal", "goal_id"),
        ("reports_public_measure", "measure_id"),
        ("reports_public_partner", "agreement_id"),
    ):
        told = {row["thing_id"] for row in rows["history_entry"] if row["thing"] == table}
        assert told == {row[column] for row in rows[table]}


def test_one_row_of_every_table_that_belongs_to_a_coalition_comes_along_or_is_said_to_stay(
    app: Flask, tmp_path: Path, worker_id: str
) -> None:
    tables = {name for name, table in db.metadata.tables.items() if "coalition_id" in table.c}
    assert tables == {table.name for table in taken(db.metadata)} | set(STAY)
    coalition = factories.make_coalition(slug=SLUG)
    for table in db.metadata.sorted_tables:
        if "coalition_id" in table.c:
            rows.insert(table, coalition=coalition.id)
    factories.make_membership(coalition=coalition, role=Role.COORDINATOR)
    db.session.commit()
    document = json.loads(exported())
    assert [name for name, found in document["rows"].items() if not found] == []
    assert [name for name, count in document["stays"].items() if not count] == []
    with elsewhere(tmp_path / "e", worker_id):
        imported(json.dumps(document), admin=document["accounts"][0]["email"])
        assert comparable(exported()) == comparable(json.dumps(document))


def test_no_column_that_opens_something_is_in_a_file(sampled: Flask) -> None:
    words = ("token", "hash", "nonce", "secret", "password", "recovery")
    named = [
        f"{table.name}.{column.name}"
        for table in taken(db.metadata)
        for column in columns(table)
        if any(word in column.name for word in words)
    ]
    assert named == []
    text = exported()
    for table in db.metadata.tables.values():
        opening = [column for column in table.c if any(word in column.name for word in words)]
        for column in opening:
            if isinstance(column.type, sa.String):
                for value in db.session.scalars(sa.select(column).where(column.is_not(None))):
                    assert len(value) < 6 or value not in text, column


def test_a_coordinators_file_holds_nothing_that_one_person_alone_said(sampled: Flask) -> None:
    whole, readable = json.loads(exported()), json.loads(exported(single_answers=False))
    for name in SINGLE_ANSWERS:
        assert readable["rows"][name] == []
    assert len(whole["rows"]["assessment_answer"]) > 100
    assert {note["is_shared"] for note in whole["rows"]["toolkit_note"]} == {True, False}
    assert {note["is_shared"] for note in readable["rows"]["toolkit_note"]} == {True}
    assert all(each["response_id"] is None for each in readable["rows"]["assessment_effort"])
    # The results stand as they were.
    assert readable["rows"]["assessment_release"] == whole["rows"]["assessment_release"]
    private = [note["text"] for note in whole["rows"]["toolkit_note"] if not note["is_shared"]]
    assert not any(text in json.dumps(readable, ensure_ascii=False) for text in private)


def test_a_coordinators_file_comes_in_with_its_pages(sampled: Flask, tmp_path: Path, worker_id: str) -> None:
    text = exported(single_answers=False)
    with elsewhere(tmp_path / "e", worker_id) as app:
        written = imported(text, admin="maria@example.org")
        assert comparable(exported(single_answers=False)) == comparable(text)
        maria = db.session.scalars(
            sa.select(Membership).join(User).where(User.email == "maria@example.org")
        ).one()
        client = factories.signed_in_client(app, maria)
        rules = (rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
        pages = [rule for rule in rules if rule.startswith("/c/<slug>/") and rule.count("<") == 1]
        answers = {rule: client.get(rule.replace("<slug>", written.coalition.slug)) for rule in pages}
        # Some lead on, since nothing is chosen there and a round is open; the sheet and the changes are of what the
        # address names.
        assert {
            rule: answer.status_code for rule, answer in answers.items() if answer.status_code != 200
        } == {
            "/c/<slug>/plan/several/save": 303,
            "/c/<slug>/plan/stale/begin": 303,
            "/c/<slug>/plan/stale/one": 303,
            "/c/<slug>/plan/stale/end": 303,
            "/c/<slug>/plan/trash": 303,
            "/c/<slug>/plan/moved": 303,
            "/c/<slug>/plan/review/changes": 404,
            "/c/<slug>/assessment/talk/": 303,
            "/c/<slug>/partners/seats/": 303,
            "/c/<slug>/partners/seats/new": 303,
            "/c/<slug>/settings/kept": 303,
            "/c/<slug>/settings/second-factor": 303,
            "/c/<slug>/start/areas/": 303,
            "/c/<slug>/trash": 303,
            "/c/<slug>/reports/counts": 303,
            "/c/<slug>/reports/counts.pdf": 303,
            "/c/<slug>/reports/counts.xlsx": 303,
            "/c/<slug>/people/invitations/sheet": 303,
        }


def test_people_are_known_by_their_address_and_others_get_a_link(
    sampled: Flask, tmp_path: Path, worker_id: str
) -> None:
    text = exported()
    with elsewhere(tmp_path / "e", worker_id):
        known = factories.make_user(email="maria@example.org", name="Maria at home")
        hash_before = known.password_hash
        db.session.commit()
        written = imported(text)
        db.session.refresh(known)
        assert (known.name, known.password_hash) == ("Maria at home", hash_before)
        assert "maria@example.org" not in [email for _name, email, _token in written.links]
        others = db.session.scalars(sa.select(User).where(User.id != known.id)).all()
        assert {each.email for each in others} == {email for _name, email, _token in written.links}
        assert not any(each.is_admin for each in others)
        assert db.session.scalar(sa.select(sa.func.count()).select_from(PasswordLink)) == len(others)


def test_where_no_one_has_an_account_it_asks_who_hosts(
    sampled: Flask, tmp_path: Path, worker_id: str
) -> None:
    text = exported()
    (tmp_path / "riverbend.json").write_text(text)
    with elsewhere(tmp_path / "e", worker_id) as there:
        for admin in (None, "stranger@example.org"):
            words = [str(tmp_path / "riverbend.json"), *(("--admin", admin) if admin else ())]
            tried = there.test_cli_runner().invoke(import_coalition, words)
            assert tried.exit_code == 0
            assert "hosts this installation: --admin ADDRESS\nNothing was written." in tried.output
            db.session.rollback()
            with pytest.raises(Refused, match="--admin ADDRESS"):
                imported(text, admin=admin)
            db.session.rollback()
        imported(text, admin="Maria@example.org")
        assert [user.email for user in db.session.scalars(sa.select(User).where(User.is_admin))] == [
            "maria@example.org"
        ]


def test_the_log_of_a_coalition_says_that_it_came_by_a_file_and_how_many_rows(sampled: Flask) -> None:
    before = lines_about_files()
    db.session.rollback()
    text = exported()
    written = imported(text, slug="riverbend-again")
    count = sum(map(len, json.loads(text)["rows"].values()))
    came_in = ("imported", "coalitions_coalition", None, count)
    # Once in the new one's, and what the file told of the other's.
    assert lines_about_files() == [*before, *before, came_in]
    maria = db.session.scalars(
        sa.select(Membership)
        .join(User)
        .where(User.email == "maria@example.org", Membership.coalition_id == written.coalition.id)
    ).one()
    page = factories.signed_in_client(sampled, maria).page("/c/riverbend-again/settings/audit/?kind=files")
    said = f"The person who runs this site Imported a file The whole coalition, {count} rows"
    # The sample came by a file, too, and its own line came along.
    assert any(said in line for line in page.texts(".audit-table tbody tr"))


@pytest.mark.parametrize("to", [None, "made.json"])
def test_a_file_made_by_the_command_stands_in_the_log_and_none_that_was_not_made(
    sampled: Flask, tmp_path: Path, to: str | None
) -> None:
    before = lines_about_files()
    db.session.rollback()
    words = [SLUG, *(("--to", str(tmp_path / to)) if to else ())]
    done = sampled.test_cli_runner().invoke(export, words)
    assert done.exit_code == 0, done.output
    assert lines_about_files() == [*before, ("downloaded", "engage export", None, None)]
    # The file was made before its line.
    made = (tmp_path / to).read_text() if to else done.stdout
    assert "engage export" not in made
    db.session.rollback()
    refused = sampled.test_cli_runner().invoke(export, [SLUG, "--to", str(tmp_path)])
    assert refused.exit_code == 1
    assert len(lines_about_files()) == len(before) + 1


def test_a_plan_that_the_command_wrote_out_stands_in_the_log(sampled: Flask) -> None:
    before = lines_about_files()
    db.session.rollback()
    done = sampled.test_cli_runner(catch_exceptions=False).invoke(export_plan, [SLUG, "--format", "json"])
    assert done.exit_code == 0, done.output
    assert lines_about_files() == [*before, ("downloaded", "plan.plan_json", None, None)]


def test_a_second_time_needs_another_slug_and_its_own_pages_follow(sampled: Flask) -> None:
    item = json.loads(exported())["rows"]["checklist_item"][0]
    db.session.execute(
        sa.text("UPDATE checklist_item SET proof = :proof WHERE key = :key"),
        {"proof": f"/c/{SLUG}/plan/actions/3", "key": item["key"]},
    )
    db.session.commit()
    text = exported()
    with pytest.raises(Refused, match="--slug NAME"):
        imported(text)
    db.session.rollback()
    written = imported(text, slug="riverbend-again")
    assert written.links == []
    again = json.loads(exported("riverbend-again"))
    assert again["rows"]["checklist_item"][0]["proof"] == "/c/riverbend-again/plan/actions/3"
    assert again["rows"]["plan_action"] == json.loads(text)["rows"]["plan_action"]


def test_years_of_history_are_imported_in_few_statements_while_no_one_can_save(sampled: Flask) -> None:
    incoming = importing.read(exported().encode(), "riverbend-again")
    many = ("history_entry", "assessment_answer", "meetings_attendance")
    assert all(len(incoming.rows[table]) > 30 for table in many)
    with databases.counted_queries() as statements:
        importing.write(incoming, None)
    db.session.commit()
    inserts = [table for table in many for each in statements if each.startswith(f"INSERT INTO {table} ")]
    assert sorted(set(inserts)) == sorted(many)
    assert len(inserts) <= sum(-(-len(incoming.rows[table]) // 500) for table in many)


def test_an_earlier_versions_file_goes_the_way_of_its_database(
    app: Flask, tmp_path: Path, worker_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file as 0.1.0 would have written it: with the columns that its tables had."""
    with old_databases.opened("0.1.0", tmp_path, worker_id):
        with db.engine.connect() as connection:
            then = old_databases.reflected(connection)
        upgrade()
        document = json.loads(exported("lake-county"))
    later = comparable(json.dumps(document))
    document["schema"] = "0038"
    # Then an activity had one audience, in a column of its own.
    audiences = {row["activity_id"]: row["discipline"] for row in document["rows"]["plan_activity_audience"]}
    for row in document["rows"]["plan_activity"]:
        row["discipline"] = audiences.get(row["id"], "")
    document["coalition"] = _with_columns_of(then.tables["coalitions_coalition"], document["coalition"])
    document["rows"] = {
        name: [_with_columns_of(then.tables[name], row) for row in found]
        for name, found in document["rows"].items()
        if name in then.tables
    }
    written = imported(json.dumps(document), admin="lake-maria@example.org")
    assert written.coalition.slug == "lake-county"
    assert comparable(exported("lake-county")) == later


def _with_columns_of(table: sa.Table, row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in table.c}


BROKEN = [
    ("not json", lambda _document: "{", "cut off"),
    ("something else", lambda _document: "[]", "not a coalition's file"),
    ("a newer kind", lambda document: {**document, "version": 2}, "newer Engage"),
    ("a newer schema", lambda document: {**document, "schema": "9999"}, "newer Engage"),
    ("no rows", lambda document: {**document, "rows": None}, "incomplete"),
]


@pytest.mark.parametrize(("what", "change", "words"), BROKEN, ids=[name for name, *_rest in BROKEN])
def test_what_is_no_such_file_is_refused(sampled: Flask, what: str, change: Any, words: str) -> None:
    changed = change(json.loads(exported()))
    text = changed if isinstance(changed, str) else json.dumps(changed)
    with pytest.raises(Refused, match=words):
        imported(text, slug="again")


def _set(table: str, column: str, value: Any) -> Any:
    def change(document: dict[str, Any]) -> None:
        document["rows"][table][0][column] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        _set("plan_action", "goal_id", 99999),
        _set("plan_action", "title", "x" * 100_000),
        _set("plan_action", "title", "nul \x00"),
        _set("plan_action", "title", None),
        _set("plan_action", "title", 5),
        _set("plan_action", "status", "someday"),
        _set("plan_action", "due_on", "tomorrow"),
        _set("plan_action", "created_at", "2026-13-01T00:00:00+00:00"),
        _set("plan_action", "number", 2**40),
        _set("plan_action", "number", True),
        _set("plan_action", "coalition_id", 1),
        _set("plan_action", "id", 2),
        _set("coalitions_membership", "user_id", 99999),
        _set("coalitions_membership", "approved_by_id", 99999),
        _set("strengths_vote_need", "importance", 9),
    ],
)
def test_a_file_that_was_changed_by_hand_writes_nothing(sampled: Flask, change: Any) -> None:
    document = json.loads(exported())
    change(document)
    with pytest.raises(Refused) as refused:
        imported(json.dumps(document), slug="again")
    assert len(str(refused.value).splitlines()) == 1
    db.session.rollback()
    assert db.session.scalars(sa.select(Coalition.slug)).all() == [SLUG]


ODD = [
    *(None, True, -1, 2**31, 2**63, 1.5, float("nan"), float("inf"), "", "x" * 300, "x" * 100_000, "\x00"),
    *("\ud800", "a\udfff", ["\ud800"], {"\ud800": 1}, [], {}, [[]], "2026-02-30", "someday"),
    *("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "/c/riverbend-county/plan/actions/999999"),
]


def _places(value: Any, way: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    yield way
    for key, within in [*value.items()] if isinstance(value, dict) else [*enumerate(value)]:
        if isinstance(within, dict | list):
            yield from _places(within, (*way, key))
        else:
            yield (*way, key)


def _mutated(text: str, chance: random.Random) -> bytes:
    """Returns the file with one thing changed: some bytes, its end, or a value, a key or a row anywhere."""
    if chance.random() < 0.1:
        raw = bytearray(text.encode())
        raw[chance.randrange(len(raw))] = chance.randrange(256)
        return bytes(raw[: chance.randrange(len(raw))] if chance.random() < 0.5 else raw)
    document = json.loads(text)
    rows = chance.random() < 0.8
    names = [name for name, found in document["rows"].items() if found] if rows else [*document]
    start = ("rows", chance.choice(names)) if rows else (chance.choice(names),)
    holder = document["rows"] if rows else document
    nested = isinstance(holder[start[-1]], dict | list)
    way = chance.choice([*_places(holder[start[-1]], start)] if nested else [start])
    holder = document
    for key in way[:-1]:
        holder = holder[key]
    match chance.randrange(5):
        case 0:
            del holder[way[-1]]
        case 1 if isinstance(holder, dict):
            holder[chance.choice(["\ud800", "new", "coalition_id", ""])] = 1
        case 2 if isinstance(holder, list):
            holder.append(holder[way[-1]])
        case _:
            holder[way[-1]] = chance.choice(ODD)
    return json.dumps(document).encode()


def test_three_hundred_changed_files_are_written_or_refused_in_one_line(sampled: Flask) -> None:
    chance, text, refused = random.Random(29), exported(), list[str]()
    for _file in range(300):
        try:
            incoming = importing.read(_mutated(text, chance), "again")
            "".join(importing.summary(incoming)).encode()
            importing.write(incoming, None)
            db.session.flush()
        except Refused as error:
            refused.append(str(error))
        db.session.rollback()
    assert 200 < len(refused) < 300
    assert [each for each in refused if len(each.encode().splitlines()) != 1] == []
    assert db.session.scalars(sa.select(Coalition.slug)).all() == [SLUG]


def test_a_coordinator_downloads_the_file_from_the_settings(sampled: Flask, app: Flask) -> None:
    maria = db.session.scalars(
        sa.select(Membership).join(User).where(User.email == "maria@example.org")
    ).one()
    client = factories.signed_in_client(app, maria)
    assert client.page(f"/c/{SLUG}/settings/data").has("Export all data")
    page = client.page(f"/c/{SLUG}/settings/file")
    assert "Not in the file" in page.text("body")
    answer = client.get(f"/c/{SLUG}/settings/coalition.json")
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=riverbend-county-")
    whole = client.get(f"/c/{SLUG}/settings/coalition.json?contacts=yes")
    assert comparable(whole.text) == comparable(exported(single_answers=False))


def test_contacts_that_people_do_not_show_are_in_the_file_only_if_that_is_chosen(
    sampled: Flask, app: Flask
) -> None:
    people = db.session.scalars(sa.select(Membership).where(Membership.user_id.is_not(None))).all()
    for number, person in enumerate(people):
        person.phone, person.shows_phone, person.shows_email = f"600-77{number:02}", number == 1, number == 1
        person.understood_at = NOW
    untold = next(person for person in people[2:] if person.role is not Role.COORDINATOR)
    untold.understood_at = None
    db.session.commit()
    maria = next(person for person in people if person.role is Role.COORDINATOR)
    addresses = [person.user.email for person in people if person.user is not None]
    client = factories.signed_in_client(app, maria)
    box = client.page(f"/c/{SLUG}/settings/file").one("form[action$='coalition.json'] input[name=contacts]")
    assert "checked" not in box.attributes
    text = client.get(f"/c/{SLUG}/settings/coalition.json").text
    open_ones = [people[1], *(person for person in people if person.role is Role.COORDINATOR)]
    assert {each for each in addresses if f'"{each}"' in text} == {
        person.user.email for person in open_ones if person.user is not None
    }
    assert [number for number in range(len(people)) if f"600-77{number:02}" in text] == [1]
    # It can be taken in all the same: those people are there, without an account.
    written = imported(text, slug="elsewhere")
    names = sa.select(Membership.name).where(Membership.coalition_id == written.coalition.id)
    assert set(db.session.scalars(names)) >= {person.name for person in people}
    whole = client.get(f"/c/{SLUG}/settings/coalition.json?contacts=yes").text
    hidden = [untold.user.email] if untold.user is not None else []
    assert [each for each in addresses if f'"{each}"' not in whole] == hidden != []
    assert "600-7700" in whole


def test_a_file_comes_in_through_the_tables_of_its_version(sampled: Flask, tmp_path: Path) -> None:
    """What a coalition starts with anew is in no file, and reflected tables do not fill it themselves."""
    document = json.loads(exported())
    came = importing._through_the_migrations(document, tmp_path)
    assert comparable(json.dumps(came)) == comparable(json.dumps(document))
