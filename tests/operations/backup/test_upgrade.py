"""`engage upgrade` as a host runs it, on databases that earlier versions wrote: all the way, or as it was."""

import lzma
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TextIO
from urllib.request import urlopen

import pytest
import sqlalchemy as sa

from engage import release
from engage.config import ROOT, TestConfig, make_secret_key
from engage.extensions import db
from engage.operations import lock, schema
from engage.operations.backup import archive, installations, pages_answer
from engage.search import index
from tests import databases, warm
from tests.browser.servers import free_port
from tests.operations import old_databases

pytestmark = [pytest.mark.slow, pytest.mark.real_clock]

ENGAGE = [sys.executable, "-c", "from engage.cli import main; main()"]
OLD, REVISION = "preview-0021", "0021"
# So many migrations are due where it makes no difference how many.
DUE = 4
# A next version's migration: what it does, and the words with which it is taken back.
NEXT = """
from alembic import op
revision = "9999"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade():
    {does}


def downgrade():
    pass
"""


# `engage upgrade` that ends itself at one moment, as kill -9 would.
ENDS_AT = """
import os, signal, sys
import sqlalchemy as sa
from alembic.runtime.migration import HeadMaintainer
from engage.config import Config
from engage.operations.backup import installations, pages_answer
from engage.operations.backup.service import upgrade

update, migrate, migrations = HeadMaintainer.update_to_step, installations.migrate, 0

def reached(moment):
    if moment == sys.argv[1]:
        os.kill(os.getpid(), signal.SIGKILL)

def updated(self, step):
    global migrations
    update(self, step)
    migrations += 1
    reached(f"migration {migrations}")

def migrated(config, *revision):
    if revision:  # the copy that is looked at
        return migrate(config, *revision)
    HeadMaintainer.update_to_step = updated
    sa.event.listen(sa.Engine, "commit", lambda _connection: migrations and reached("the commit"))
    migrate(config)
    reached("migrated")

def said(line):
    if line.startswith("Backup made"):
        reached("backup made")
        installations.migrate = migrated  # from here on it is the database in use that is migrated

def backed_up(event, args):
    if event in ("os.rename", "os.link") and "backups" in str(args):
        reached("backup")

sys.addaudithook(backed_up)
pages_answer.ask = lambda _config: reached("pages")
upgrade.run(Config.from_environment(), said)
"""


class House:
    """A data folder with an old database in it, and the command that works there."""

    def __init__(self, folder: Path, url: str, was: str = REVISION) -> None:
        self.folder, self.url, self.was, self.code = folder, url, was, ROOT
        self.config = TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=url)

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
        named = {} if self.url.startswith("sqlite") else {"ENGAGE_DATABASE_URL": self.url}
        return {**kept, **named, "ENGAGE_DATA": str(self.folder), "PYTHONPATH": str(self.code)}

    @contextmanager
    def started(self, *words: str) -> Iterator[tuple[warm.Started, TextIO]]:
        """Yields the running command, and what it says; at the end it is killed with all its processes."""
        reading, writing = os.pipe()
        with open(reading) as said:
            with open(writing, "w") as out:
                process = warm.start(*words, cwd=self.folder, env=self.environment(), out=out)
            try:
                yield process, said
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def engage(self, *words: str) -> subprocess.CompletedProcess[str]:
        if self.code is ROOT:
            return warm.run(*words, cwd=self.folder, env=self.environment())
        return subprocess.run(
            [*ENGAGE, *words], cwd=self.folder, env=self.environment(), capture_output=True, text=True
        )

    def revision(self) -> str | None:
        engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)
        try:
            return schema.revision_of(engine)
        finally:
            engine.dispose()

    def rows(self) -> old_databases.Rows:
        engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)
        with engine.connect() as connection:
            found = old_databases.rows_of(connection)
        engine.dispose()
        found.pop("operations_run", None)  # where a backup notes that it was made
        return found

    def stamp(self, revision: str) -> None:
        engine = sa.create_engine(self.url, poolclass=sa.pool.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = :it"), {"it": revision})
        engine.dispose()


@contextmanager
def _house(folder: Path, worker: str, like: House | None = None) -> Iterator[House]:
    """Gives a house with what the earlier version wrote, or with what is in another one."""
    folder.mkdir(mode=0o700)
    make_secret_key(folder)
    (folder / "static").symlink_to(databases.static_files(), target_is_directory=True)
    of = sa.make_url(like.url).database if like else "template1"
    with databases.empty(folder, f"h{worker}", str(of)) as url:
        made = House(folder, url, like.was if like else REVISION)
        old = lzma.decompress(old_databases.FILES[OLD].read_bytes())
        if url.startswith("sqlite"):
            (folder / "engage.db").write_bytes((like.folder / "engage.db").read_bytes() if like else old)
        elif not like:
            file = folder / "old.db"
            file.write_bytes(old)
            with installations.application(made.config):
                old_databases.copy(file)
            file.unlink()
        yield made


@pytest.fixture
def oldest(tmp_path: Path, worker_id: str) -> Iterator[House]:
    """Returns a house that has all of its migrations before it."""
    with _house(tmp_path / "data", worker_id) as made:
        yield made


@pytest.fixture(scope="module")
def recent(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[House]:
    with _house(tmp_path_factory.mktemp("recent") / "data", f"r{worker_id}") as made:
        made.was = release.schemas()[-1 - DUE]
        installations.migrate(made.config, made.was)
        yield made


@pytest.fixture
def house(recent: House, tmp_path: Path, worker_id: str) -> Iterator[House]:
    """Returns a house that has the last few migrations before it, with the old version's rows."""
    with _house(tmp_path / "data", worker_id, recent) as made:
        yield made


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    # Of what starts Engage, 2 says that starting it again does not help.
    assert done.returncode == (2 if done.args[0] in {"serve", "init"} else 1), done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    return lines[0]


def backups(house: House) -> list[Path]:
    return sorted((house.folder / "backups").glob("*")) if (house.folder / "backups").exists() else []


def test_an_old_database_is_backed_up_migrated_and_verified_and_once_is_enough(oldest: House) -> None:
    house = oldest
    before = house.rows()
    done = house.engage("upgrade")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 4
    assert house.revision() == schema.head()
    assert old_databases.differences(before, house.rows()) == []
    # Engage itself asks for them on a copy; here it is the database in use that answers.
    assert pages_answer.ask(house.config) > 10
    assert len(backups(house)) == 1
    again = house.engage("upgrade")
    assert (
        f"Upgrading from Engage of an earlier version (schema {REVISION}) to {release.named()}."
        in done.stdout
    )
    assert release.version_in(house.folder) == release.version()
    assert (again.returncode, again.stdout) == (0, "Nothing to do: the database is up to date.\n")
    assert len(backups(house)) == 1
    # A search index that was lost since is made anew.
    with installations.application(house.config), db.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {index.NAME}")
    mended = house.engage("upgrade")
    assert mended.returncode == 0
    assert "The search index was missing or out of date, so Engage made it again." in mended.stdout
    assert house.engage("upgrade").stdout == "Nothing to do: the database is up to date.\n"


def test_init_upgrades_an_old_database_in_the_same_way(house: House) -> None:
    done = house.engage("init")
    assert done.returncode == 0, done.stderr
    assert house.revision() == schema.head()
    assert len(backups(house)) == 1
    assert done.stdout.splitlines()[-1] == f"Ready: {house.folder}"


@pytest.mark.parametrize("words", [("serve",), ("reset-link", "x@example.org")])
def test_nothing_works_on_an_old_database_and_all_say_what_to_type(
    house: House, words: tuple[str, ...]
) -> None:
    before = house.rows()
    assert "type: engage upgrade" in one_line(house.engage(*words, *_port(words)))
    assert house.rows() == before


@pytest.mark.parametrize("words", [("serve",), ("upgrade",), ("init",), ("backup",)])
def test_nothing_touches_a_newer_database(house: House, words: tuple[str, ...]) -> None:
    house.stamp("9998")
    before = house.rows()
    assert "newer Engage" in one_line(house.engage(*words, *_port(words)))
    assert house.rows() == before
    assert backups(house) == []


def test_it_refuses_while_engage_runs(house: House) -> None:
    assert house.engage("upgrade").returncode == 0
    port = free_port()
    with house.started("serve", "--port", str(port)):
        _until(lambda: _answers(port))
        # There is nothing to do any more, but whoever runs it is told before it looks.
        assert "Engage is running. Stop it" in one_line(house.engage("upgrade"))


def _port(words: tuple[str, ...]) -> list[str]:
    """A server takes its port before its worker looks at the database: one that no other test has."""
    return ["--port", str(free_port())] if words == ("serve",) else []


def _answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("does", "words"),
    [
        ('raise RuntimeError("half way")', "changed nothing (half way)"),
        ('op.execute("DELETE FROM history_entry")', "history_entry has 0 rows and had"),
        ('op.execute("DROP TABLE messages_told")', "The table messages_told is not there"),
        (
            'op.execute("ALTER TABLE checklist_item RENAME COLUMN due_on TO until")',
            " answers 500). The database from before is back",
        ),
    ],
)
def test_a_failed_upgrade_leaves_the_database_as_it_was(
    house: House, tmp_path: Path, does: str, words: str
) -> None:
    """The code of a next version, whose migration fails, loses rows, or takes away what its pages need."""
    house.code = _next_version(tmp_path / "next", does)
    before = house.rows()
    done = house.engage("upgrade")
    assert done.returncode == 1
    # The application's own log of a page that failed may stand before it: it is what to report.
    assert words in done.stderr.splitlines()[-1]
    assert house.revision() == house.was
    assert house.rows() == before
    assert len(backups(house)) == 1
    house.code = ROOT
    assert house.engage("upgrade").returncode == 0


def _next_version(folder: Path, does: str) -> Path:
    folder.mkdir()
    for name in ("engage", "migrations"):
        shutil.copytree(ROOT / name, folder / name)
    for name in ("templates", "static"):
        (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    (folder / "migrations" / "versions" / "9999_next.py").write_text(
        NEXT.format(head=schema.head(), does=does)
    )
    return folder


def test_killed_at_any_moment_it_leaves_a_database_that_opens_and_goes_on(oldest: House) -> None:
    house = oldest
    before = house.rows()
    chance = random.Random(21)
    for turn in range(6):
        with house.started("upgrade") as (_process, said):
            for _line in range(turn % 3):  # before the backup, during it, while it migrates
                said.readline()
            time.sleep(chance.uniform(0, 1.5))
        if house.url.startswith("sqlite"):
            with closing(sqlite3.connect(house.folder / "engage.db")) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert house.revision() in {REVISION, schema.head()}
        assert old_databases.differences(before, house.rows()) == []
        if house.revision() == schema.head():
            break
    _until(lambda: _free(house))
    assert house.engage("upgrade").returncode == 0
    assert house.revision() == schema.head()
    assert old_databases.differences(before, house.rows()) == []


def test_killed_at_each_step_the_database_opens_the_backup_is_there_and_a_second_upgrade_finishes(
    house: House,
) -> None:
    """The migrations' steps are all in one transaction: it is the old database until that is committed."""
    before = house.rows()
    while_old = [
        "backup",
        "backup made",
        "migration 1",
        f"migration {DUE // 2}",
        f"migration {DUE}",
        "the commit",
    ]
    for made, moment in enumerate(while_old):  # each of them begins with a backup
        _ends_at(house, moment)
        assert house.revision() == house.was, moment
        assert house.rows() == before, moment
        assert len(_whole_backups(house)) == made, moment
    _ends_at(house, "migrated")
    assert house.revision() == schema.head()
    assert old_databases.differences(before, house.rows()) == []
    assert len(_whole_backups(house)) == len(while_old)
    done = house.engage("upgrade")
    assert (done.returncode, done.stdout) == (0, "Nothing to do: the database is up to date.\n")


def test_killed_while_it_looks_at_the_pages_the_database_is_the_new_one(house: House) -> None:
    before = house.rows()
    _ends_at(house, "pages")
    assert house.revision() == schema.head()
    assert old_databases.differences(before, house.rows()) == []
    assert len(_whole_backups(house)) == 1
    assert house.engage("upgrade").returncode == 0
    assert pages_answer.ask(house.config) > 10


def _ends_at(house: House, moment: str) -> None:
    _until(lambda: _free(house))
    done = warm.run(moment, code=ENDS_AT, cwd=house.folder, env=house.environment())
    assert done.returncode == -signal.SIGKILL, (moment, done.stderr)
    if house.url.startswith("sqlite"):
        with closing(sqlite3.connect(house.folder / "engage.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    _until(lambda: _free(house))


def _whole_backups(house: House) -> list[Path]:
    """Returns backups that hold every row and could be restored; an empty file counts as a missing one."""
    files = [file for file in backups(house) if file.suffix == ".zip" and file.stat().st_size]
    return [file for file in files if archive.verified(file).revision == house.was]


def _free(house: House) -> bool:
    """Returns whether the database is free: PostgreSQL notices that a program is gone when it next speaks to it."""
    from engage.operations.refused import Refused

    try:
        with lock.alone(house.config):
            return True
    except Refused:
        return False


def test_the_revisions_are_those_of_the_migrations() -> None:
    from alembic.script import ScriptDirectory

    scripts = ScriptDirectory(str(ROOT / "migrations"))
    assert release.schemas() == sorted(each.revision for each in scripts.walk_revisions())
    assert schema.head() == scripts.get_current_head()
