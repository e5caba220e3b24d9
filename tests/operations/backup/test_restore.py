"""Restoring: what comes back is what was kept, the old data stays aside, and nothing ends between the two."""

import hashlib
import io
import os
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from engage import release
from engage.config import ROOT, Config
from engage.operations import lock, schema
from engage.operations.backup import archive, installations
from engage.operations.backup.service import backup, restore
from engage.operations.refused import Refused
from tests import warm
from tests.operations.commands import engage, environment

pytestmark = [pytest.mark.slow, pytest.mark.real_clock]

PASSPHRASE = "amber basket birch bridge"
Installation = Callable[..., Config]
Rows = Callable[[Config], dict[str, list[Any]]]


def change(config: Config) -> None:
    """Changes something that the backup does not have."""
    engine = sa.create_engine(config.SQLALCHEMY_DATABASE_URI, poolclass=sa.pool.NullPool)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE coalitions_coalition SET name = 'Changed since'")


def test_what_comes_back_is_what_was_kept_and_the_old_data_is_aside(
    installation: Installation, rows: Rows
) -> None:
    config = installation()
    before = rows(config)
    made = backup.make(config)
    change(config)
    changed = rows(config)
    assert changed != before
    put = restore.put_back(config, made.path)
    assert rows(config) == before
    assert put.aside is not None
    if installations.on_sqlite(config):
        aside = replace(config, SQLALCHEMY_DATABASE_URI=f"sqlite:///{put.aside}/engage.db")
    else:
        schema = put.aside.split()[-1]
        aside = replace(
            config,
            SQLALCHEMY_DATABASE_URI=f"{config.SQLALCHEMY_DATABASE_URI}?options=-csearch_path%3D{schema}",
        )
    assert rows(aside) == changed
    assert not list(config.DATA.glob("restoring-*"))


def test_people_go_on_writing_after_a_restore(installation: Installation) -> None:
    """Ids go on where they were, and foreign keys hold."""
    config = installation()
    restore.put_back(config, backup.make(config).path)
    with installations.application(config):
        from engage.extensions import db
        from tests import rows as any_rows

        before = {
            name: db.session.scalar(sa.text(f"SELECT MAX(id) FROM {name}"))
            for name in ("accounts_user", "plan_action", "coalitions_audit")
        }
        for name, highest in before.items():
            assert any_rows.insert(db.metadata.tables[name]) == highest + 1, name
        db.session.commit()
        with pytest.raises(sa.exc.IntegrityError):
            db.session.execute(sa.text("UPDATE coalitions_membership SET coalition_id = 999999"))
        db.session.rollback()


def test_what_stood_in_the_log_alone_is_aside_too(installation: Installation) -> None:
    config = installation()
    if not installations.on_sqlite(config):
        return  # only SQLite has a log beside its file
    made = backup.make(config)
    writer = sqlite3.connect(config.DATA / "engage.db")
    writer.execute("UPDATE coalitions_coalition SET name = 'In the log'")
    writer.commit()
    keep_log = sqlite3.connect(config.DATA / "engage.db")
    keep_log.execute("SELECT 1 FROM coalitions_coalition").fetchall()
    assert (config.DATA / "engage.db-wal").stat().st_size > 0
    with pytest.raises(Refused, match="Another program has"):
        restore.put_back(config, made.path)
    writer.close()
    keep_log.close()
    put = restore.put_back(config, made.path)
    assert not (config.DATA / "engage.db-wal").exists()
    with closing(sqlite3.connect(f"{put.aside}/engage.db")) as aside:
        assert set(aside.execute("SELECT name FROM coalitions_coalition")) == {("In the log",)}


def test_a_damaged_database_gives_way_and_stays_aside_as_it_is(
    installation: Installation, rows: Rows
) -> None:
    config = installation()
    if not installations.on_sqlite(config):
        return
    before, made = rows(config), backup.make(config)
    for end in ("", "-wal", "-shm"):
        (config.DATA / f"engage.db{end}").write_bytes(b"this is no database " * 200)
    put = restore.put_back(config, made.path)
    assert rows(config) == before
    assert (Path(str(put.aside)) / "engage.db-wal").read_bytes().startswith(b"this is no database")


def test_restored_files_are_for_their_owner_alone(installation: Installation) -> None:
    config = installation()
    os.umask(0o000)
    put = restore.put_back(config, backup.make(config).path)
    for file in [
        *config.DATA.glob("engage.db*"),
        *config.DATA.glob("before-restore-*/*"),
        config.DATA / "lock",
    ]:
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
    for folder in config.DATA.glob("before-restore-*"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert put.aside


def test_a_check_restores_asks_for_pages_and_changes_nothing(installation: Installation, rows: Rows) -> None:
    config = installation()
    made = backup.make(config)
    before = rows(config), sorted(file.name for file in config.DATA.iterdir())
    checked = restore.check(config, made.path)
    assert checked.pages > 10
    assert (rows(config), sorted(file.name for file in config.DATA.iterdir())) == before


def test_a_check_says_which_page_does_not_answer(installation: Installation, tmp_path: Path) -> None:
    config = installation()
    made = repacked(backup.make(config).path, tmp_path, "UPDATE meetings_meeting SET starts_at = 'noon'")
    with pytest.raises(Refused, match=r"The page /c/[a-z-]+/.* answers 500"):
        restore.check(config, made)


def repacked(path: Path, folder: Path, statement: str = "", **said: Any) -> Path:
    """Returns the same backup with its database changed, and with other words in its manifest, whole again."""
    work = folder / "repacked"
    work.mkdir()
    manifest, _key = archive.unpack(path, work)
    with closing(sqlite3.connect(work / "engage.db")) as connection:
        if statement:
            connection.execute(statement)
            connection.commit()
        tables = {
            name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in installations.tables(connection)
        }
    digest = archive.database_sha256(work / "engage.db")
    new = replace(manifest, **{"tables": tables, "database_sha256": digest, **said})
    archive.write(folder / path.name, new, work / "engage.db", None)
    return folder / path.name


def test_a_backup_of_an_older_version_is_brought_up_to_date(
    installation: Installation, tmp_path: Path
) -> None:
    config = installation(empty=True)
    older = release.schemas()[-3]
    old = installations.beside(config, tmp_path)
    installations.migrate(old, older)
    made = backup.make(replace(old, DATA=config.DATA))
    assert made.manifest.revision == older
    assert restore.check(config, made.path).pages
    restore.put_back(config, made.path)
    with installations.application(config):
        from engage.extensions import db

        assert db.session.scalar(sa.text("SELECT version_num FROM alembic_version")) == schema.head()
    restore.put_back(config, made.path, to_head=False)
    again = backup.make(config)
    assert again.manifest.revision == older


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"revision": "9999"}, r"is from a newer Engage \(.*revision 9999\)"),
        ({"format": 2}, "was made by a newer Engage"),
        ({"tables": {"accounts_user": 1}}, "does not contain the rows it should"),
        ({"database_sha256": "0" * 64}, "was damaged or changed after the backup"),
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_changes(
    installation: Installation, rows: Rows, tmp_path: Path, said: dict[str, Any], words: str
) -> None:
    config = installation(empty=True)
    before = rows(config)
    made = repacked(backup.make(config).path, tmp_path, **said)
    for attempt in (restore.check, restore.put_back):
        with pytest.raises(Refused, match=words):
            attempt(config, made)
    assert rows(config) == before
    assert not list(config.DATA.glob("before-restore-*"))


def test_rows_that_point_nowhere_are_found(installation: Installation, tmp_path: Path) -> None:
    config = installation()
    made = repacked(backup.make(config).path, tmp_path, "UPDATE plan_action SET coalition_id = 999999")
    with pytest.raises(Refused, match="Rows refer to rows that are missing: plan_activity 2, 3, 4 and "):
        restore.check(config, made)


@pytest.mark.parametrize("raw", [b"", b"x", b"PK\x03\x04", b"nothing of the kind " * 100])
def test_a_file_of_another_kind_is_refused(installation: Installation, tmp_path: Path, raw: bytes) -> None:
    config = installation(empty=True)
    (tmp_path / "file").write_bytes(raw)
    with pytest.raises(Refused, match="not an Engage backup"):
        restore.check(config, tmp_path / "file")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as packed:
        packed.writestr("letter.txt", "hello " * 100)
    with pytest.raises(Refused, match="is not an Engage backup"):
        restore.check(config, tmp_path / "other.zip")


@pytest.mark.parametrize(
    "parts",
    [
        {"letter.txt": "hello"},
        {"manifest.json": "[]"},
        {"manifest.json": b"{\xff"},
        {"manifest.json": '{"format": 1}'},
        {"manifest.json": '{"format": 1, "tables": [1], "database_bytes": "many"}'},
    ],
)
def test_an_archive_that_another_program_wrote_as_if_it_were_ours_is_refused(
    installation: Installation, tmp_path: Path, parts: dict[str, str | bytes]
) -> None:
    path, bare = tmp_path / "other.zip", io.BytesIO()
    with zipfile.ZipFile(bare, "w") as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    comment = b"engage-sha256:" + hashlib.sha256(bare.getvalue()).hexdigest().encode()
    path.write_bytes(bare.getvalue()[:-2] + len(comment).to_bytes(2, "little") + comment)
    with pytest.raises(Refused, match="is not an Engage backup"):
        restore.check(installation(empty=True), path)


def test_another_installations_backup_needs_a_word(installation: Installation, rows: Rows) -> None:
    here, there = installation("here"), installation("there")
    change(there)
    made, mine = backup.make(there), rows(here)
    with pytest.raises(Refused, match=r"from another installation .*--from-elsewhere"):
        restore.put_back(here, made.path)
    assert rows(here) == mine
    put = restore.put_back(here, made.path, from_elsewhere=True)
    assert rows(here) == rows(there)
    assert not put.new_key


def test_a_new_machine_needs_no_word_and_takes_the_key_of_an_encrypted_backup(
    installation: Installation, rows: Rows
) -> None:
    there, here = installation("there"), installation("here", empty=True)
    made = backup.make(there, passphrase=PASSPHRASE)
    own = (here.DATA / "secret_key").read_text()
    put = restore.put_back(here, made.path, PASSPHRASE)
    assert put.new_key
    assert rows(here) == rows(there)
    assert (here.DATA / "secret_key").read_text().strip() == there.SECRET_KEY
    assert stat.S_IMODE((here.DATA / "secret_key").stat().st_mode) == 0o600
    assert [file.read_text() for file in here.DATA.glob("before-restore-*/secret_key")] == [own]


def test_nothing_is_restored_while_engage_runs(installation: Installation, rows: Rows) -> None:
    """Held by a process that forked and whose parent is gone, as a server's worker may be."""
    config = installation(empty=True)
    made = backup.make(config)
    code = (
        "import os, sys, time; from engage.config import Config; from engage.operations import lock\n"
        "lock.share(Config.from_environment())\n"
        "child = os.fork()\n"
        "if child: print(child, flush=True); os._exit(0)\n"
        "time.sleep(60)"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", code], env=environment(config), cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout
    worker = int(server.stdout.readline())
    server.wait(timeout=10)
    try:
        done = engage(config, "restore", "--yes", made.path)
        assert done.returncode == 1
        assert done.stderr.startswith("Error: Engage is running. Stop it")
        assert engage(config, "backup").returncode == 0
    finally:
        os.kill(worker, signal.SIGKILL)
        server.stdout.close()
    while True:
        done = engage(config, "restore", "--yes", made.path)
        if "is running" not in done.stderr:
            break
    assert done.returncode == 0, done.stderr


def test_nothing_starts_while_a_restore_runs(installation: Installation) -> None:
    config = installation(empty=True)
    with lock.alone(config):
        for command in (["serve", "--port", "1"], ["tick"], ["backup"]):
            done = engage(config, *command)
            assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr
            assert "A restore or an upgrade is running" in done.stderr
        with lock.alone(config):
            assert lock.is_alone(config)
        assert lock.is_alone(config)


def test_a_server_on_another_machine_is_seen_through_postgresql(installation: Installation) -> None:
    config = installation(empty=True)
    if installations.on_sqlite(config):
        return  # an SQLite file has no other machine
    made = backup.make(config)
    engine = sa.create_engine(config.SQLALCHEMY_DATABASE_URI)
    with engine.connect(), pytest.raises(Refused, match="Other programs are connected"):
        restore.put_back(config, made.path)
    engine.dispose()
    restore.put_back(config, made.path)


def test_the_commands_say_one_plain_line(installation: Installation, tmp_path: Path) -> None:
    config = installation()
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    done = engage(config, "backup", "--to", tmp_path, "--passphrase-file", tmp_path / "passphrase")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"Backup made: {tmp_path}/engage-")
    (made,) = tmp_path.glob("*.zip.enc")
    checked = engage(config, "restore", "--check", made, "--passphrase-file", tmp_path / "passphrase")
    assert checked.returncode == 0, checked.stderr
    assert "pages answer." in checked.stdout
    for words, said in [
        (["restore", "--check", made], "Error: A passphrase is needed"),
        (["restore", "--check", tmp_path / "none"], f"Error: {tmp_path / 'none'} cannot be read"),
        (["restore", made, "--passphrase-file", tmp_path / "passphrase"], "Aborted!"),
        (["backup", "--to", tmp_path / "passphrase"], f"Error: {tmp_path / 'passphrase'} cannot be written"),
    ]:
        refused = engage(config, *words)
        assert refused.returncode == 1, words
        assert said in refused.stderr.splitlines()[-1], refused.stderr
        assert "Traceback" not in refused.stderr
    assert engage(config, "backup", "--keep", "never").returncode == 2


def test_a_database_that_is_gone_is_one_line(installation: Installation) -> None:
    config = replace(installation(empty=True), SQLALCHEMY_DATABASE_URI="postgresql+psycopg://u@127.0.0.1:1/d")
    for words in (["backup"], ["restore", "--yes", "x"]):
        (config.DATA.parent / "x").write_text("x")
        done = engage(config, *words)
        assert (done.returncode, done.stderr.count("\n")) == (1, 1), done.stderr


KILLED = """
import os, signal, sys
from pathlib import Path
import psycopg
from engage.config import Config
from engage.operations.backup.service import restore

file, at = Path(sys.argv[1]), int(sys.argv[2])
config = Config.from_environment()
seen = 0

def note():
    global seen
    seen += 1
    if seen == at:
        os.kill(os.getpid(), signal.SIGKILL)

def audit(event, args):
    if event in ("os.rename", "os.link", "os.remove", "os.rmdir", "os.mkdir", "sqlite3.connect") or (
        event == "open" and str(config.DATA) in str(args[0])
    ):
        note()

execute = psycopg.Connection.execute
def noted(self, *args, **kinds):
    note()
    return execute(self, *args, **kinds)

psycopg.Connection.execute = noted
sys.addaudithook(audit)
restore.put_back(config, file)
print(seen)
"""


def test_killed_at_any_step_a_restore_leaves_the_old_data_or_the_new(
    installation: Installation, rows: Rows
) -> None:
    config = installation()
    made = backup.make(config)
    new = rows(config)
    change(config)
    old = rows(config)

    def run(at: int) -> subprocess.CompletedProcess[str]:
        return warm.run(made.path, str(at), code=KILLED, env=environment(config))

    whole = run(0)
    steps = int(whole.stdout)
    assert steps > 10, whole.stderr
    change(config)
    # Every step of the switch, which comes last, and some of what prepares it.
    ended = {"old": 0, "new": 0}
    last = 14 if installations.on_sqlite(config) else 4  # of one transaction's steps some are enough
    for at in [*range(1, steps - last, max(1, steps // 4)), *range(max(1, steps - last), steps + 1)]:
        # What a killed run left is taken away by the next one, in steps that would shift this one's.
        for left in config.DATA.glob("restoring-*"):
            shutil.rmtree(left)
        done = run(at)
        assert done.returncode == -signal.SIGKILL, done.stderr
        there = rows(config)
        assert there in (old, new), f"killed at step {at} of {steps}"
        ended["new" if there == new else "old"] += 1
        change(config)
        with installations.application(config):
            pass
    assert all(ended.values()), ended
    (config.DATA / "restoring-killed").mkdir()
    restore.put_back(config, made.path)
    assert rows(config) == new
    assert not list(config.DATA.glob("restoring-*"))
