"""`engage doctor` finds what is wrong and says what to do, also when nothing else starts."""

import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from contextvars import Context
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller
from click.testing import CliRunner, Result
from flask import Flask

from engage import cli, release, settings
from engage.accounts.models import Passkey, ProviderTie
from engage.config import ROOT, Config, TestConfig, make_secret_key
from engage.extensions import db
from engage.operations.backup import archive, encryption
from engage.operations.backup.archive import installation_of
from engage.operations.backup.rules import name_of
from engage.operations.doctor import backups as doctor_backups
from engage.operations.doctor import checks as doctor_checks
from engage.operations.doctor import database as doctor_database
from engage.operations.doctor.findings import DoctorFinding, Sign, exit_code, fix, look, ok
from engage.operations.schema import head
from tests import databases
from tests.browser.servers import ENGAGE, free_port
from tests.factories import make_user, saved

pytestmark = pytest.mark.real_clock

Found = dict[str, DoctorFinding]


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Returns a new installation's database."""
    folder = tmp_path_factory.mktemp("prepared")
    make_secret_key(folder)
    app = databases.app_of(
        TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'engage.db'}")
    )
    databases.migrate(app)
    databases.close(app)
    return (folder / "engage.db").read_bytes()


def archive_of(installation: str, *, days_ago: int = 0) -> str:
    return name_of(installation, datetime.now(UTC) - timedelta(days=days_ago), encrypted=False)


def write_archive(path: Path, database: Path) -> None:
    manifest = archive.Manifest(
        format=archive.FORMAT,
        made_at=datetime.now(UTC).isoformat(),
        version=release.version(),
        revision=head(),
        engine="sqlite",
        installation=installation_of(Config.from_environment()),
        database_bytes=database.stat().st_size,
        database_sha256=archive.database_sha256(database),
        tables={},
        settings={},
        has_secret_key=False,
    )
    archive.write(path, manifest, database, None)


def backup_in(data: Path) -> Path:
    (file,) = (data / "backups").iterdir()
    return file


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepared: bytes) -> Path:
    for name in settings.NAMES:
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    make_secret_key(folder)
    (folder / "engage.db").write_bytes(prepared)
    (folder / "backups").mkdir()
    monkeypatch.setenv("ENGAGE_DATA", str(folder))
    today = folder / "backups" / archive_of(installation_of(Config.from_environment()))
    write_archive(today, folder / "engage.db")
    for file in (folder / "engage.db", today):
        file.chmod(0o600)
    return folder


@pytest.fixture
def found(data: Path) -> Callable[..., Found]:
    def ask(**given: bool) -> Found:
        return {finding.what: finding for finding in doctor_checks.examine(**given)}

    return ask


def test_a_sound_installation_is_all_ok(found: Callable[..., Found]) -> None:
    findings = found()
    assert {what for what, each in findings.items() if each.sign is not Sign.OK} <= {
        "SQLite",
        "backups elsewhere",
    }
    assert {
        "settings",
        "address",
        "secret",
        "files",
        "disk",
        "clock",
        "memory",
        "migrations",
        "backup",
        "mail",
    } < set(findings)
    assert (
        exit_code(each for each in findings.values() if each.what not in {"SQLite", "backups elsewhere"}) == 0
    )


def test_sqlite_is_a_current_one_where_a_wheel_is_shipped(found: Callable[..., Found]) -> None:
    pytest.importorskip("pysqlite3")
    assert found()["SQLite"].sign is Sign.OK
    assert sqlite3.sqlite_version_info >= (3, 51, 3)


def test_the_worst_finding_is_the_exit_code() -> None:
    one = [ok("a", ""), look("b", "")]
    assert (exit_code([]), exit_code(one[:1]), exit_code(one)) == (0, 0, 1)
    assert exit_code([fix("c", ""), *one]) == 2


def _shorten(data: Path) -> None:
    (data / "secret_key").write_text("short")


def _damage(data: Path) -> None:
    with (data / "engage.db").open("r+b") as file:
        file.seek(8192)
        file.write(os.urandom(40_000))


def _migrate(to: str) -> Callable[[Path], None]:
    def change(data: Path) -> None:
        with closing(sqlite3.connect(data / "engage.db")) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", (to,))

    return change


def _orphan(data: Path) -> None:
    """The sqlite3 program does not check references: a coalition is gone, and its audit log is not."""
    with closing(sqlite3.connect(data / "engage.db")) as connection, connection:
        connection.execute(
            "INSERT INTO coalitions_audit (id, coalition_id, happened_at, event, thing, what)"
            " VALUES (41, 7, '2026-11-01 08:00:00.000000', 'imported', '', '')"
        )


def _unsearched(data: Path) -> None:
    with closing(sqlite3.connect(data / "engage.db")) as connection, connection:
        (name,) = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%search_index%' LIMIT 1"
        ).fetchone()
        connection.execute(f"DROP TRIGGER {name}")


def _age(data: Path) -> None:
    ours = installation_of(Config.from_environment())
    backup_in(data).rename(data / "backups" / archive_of(ours, days_ago=8))


def _of_another_installation(data: Path) -> None:
    backup_in(data).rename(data / "backups" / archive_of("0123abcd"))


def _ahead(data: Path) -> None:
    """An archive that was made while the clock was a year ahead, and one that is thirty days old."""
    ours = installation_of(Config.from_environment())
    later = time.time() + 365 * 86400
    made = backup_in(data).rename(data / "backups" / archive_of(ours, days_ago=-365))
    os.utime(made, (later, later))
    (data / "backups" / archive_of(ours, days_ago=30)).touch(0o600)
    (data / "backups" / archive_of(ours, days_ago=30)).write_bytes(b"made by engage backup")
    with closing(sqlite3.connect(data / "engage.db")) as connection, connection:
        connection.execute(
            "INSERT INTO operations_run (kind, ended_at, counts) VALUES ('backup', ?, '{}')",
            (datetime.fromtimestamp(later, UTC).replace(tzinfo=None).isoformat(" "),),
        )


def _flip(file: Path) -> None:
    """Changes one byte in the middle, as a disk may."""
    with file.open("r+b") as opened:
        opened.seek(file.stat().st_size // 2)
        byte = opened.read(1)
        opened.seek(-1, os.SEEK_CUR)
        opened.write(bytes([byte[0] ^ 1]))


def _drop_index(data: Path) -> None:
    with closing(sqlite3.connect(data / "engage.db")) as connection, connection:
        connection.execute("DROP INDEX uq_plan_plan_draft")


def _leave_without_an_admin(data: Path) -> None:
    with closing(sqlite3.connect(data / "engage.db")) as connection, connection:
        columns = {row[1]: row for row in connection.execute("PRAGMA table_info(accounts_user)")}
        needed = [name for name, row in columns.items() if row[3] and row[4] is None and name != "id"]
        known = {"email": "ann@example.org", "name": "Ann", "is_admin": 0}
        moments = {name: "2026-11-01 08:00:00.000000" for name in needed if name.endswith("_at")}
        values = [{**known, **moments}.get(name, "") for name in needed]
        marks = ", ".join("?" * len(needed))
        connection.execute(f"INSERT INTO accounts_user ({', '.join(needed)}) VALUES ({marks})", values)


def _dangle(data: Path) -> None:
    (data / "static").symlink_to(data / "gone")


def _be_silent(data: Path) -> None:
    """As if the clock had jumped a year ahead: what was written last is a year old."""
    long_ago = time.time() - 365 * 86400
    for file in (data / "engage.db", data / "secret_key", backup_in(data)):
        os.utime(file, (long_ago, long_ago))


def _future(data: Path) -> None:
    later = time.time() + 86400
    os.utime(data / "secret_key", (later, later))


BROKEN: list[tuple[Callable[[Path], object], str, Sign, str]] = [
    (_shorten, "secret", Sign.FIX, "too short"),
    (lambda data: (data / "secret_key").unlink(), "secret", Sign.FIX, "cannot be read"),
    (lambda data: (data / "secret_key").chmod(0o644), "secret", Sign.FIX, "chmod 600"),
    (lambda data: data.chmod(0o755), "data folder", Sign.FIX, "chmod 700"),
    (
        lambda data: (data / "engage.db").chmod(0o640),
        "files",
        Sign.FIX,
        "others may read engage.db. Type: chmod go=",
    ),
    (lambda data: backup_in(data).chmod(0o604), "files", Sign.FIX, "others may read engage-"),
    (
        lambda data: (backup_in(data).unlink(), (data / "engage.db").unlink()),
        "database",
        Sign.FIX,
        "Type: engage init",
    ),
    (lambda data: (data / "engage.db").write_text("none " * 500), "database", Sign.FIX, "cannot be used"),
    (_damage, "database", Sign.FIX, ""),
    (_migrate("0001"), "migrations", Sign.FIX, "at 0001, this version needs"),
    (_migrate("9999"), "migrations", Sign.FIX, "start the newer Engage"),
    (
        _unsearched,
        "search",
        Sign.FIX,
        "missing or from another version. Stop Engage and type: engage upgrade",
    ),
    (
        _orphan,
        "references",
        Sign.FIX,
        "rows refer to rows that are missing: coalitions_audit 41 (to coalitions_coalition). Something other than",
    ),
    (lambda data: backup_in(data).unlink(), "backup", Sign.LOOK, "there is none yet"),
    (_of_another_installation, "backup", Sign.LOOK, "there is none yet"),
    (_of_another_installation, "old backups", Sign.LOOK, "another secret key (1)"),
    (_age, "backup", Sign.FIX, "the last is 8 days old"),
    (_future, "clock", Sign.FIX, "a file was written"),
    (_ahead, "backup", Sign.FIX, "the last is 30 days old"),
    (_ahead, "backup dates", Sign.LOOK, "dated in the future, because a clock is or was wrong: engage-"),
    (_ahead, "clock", Sign.OK, ""),
    (lambda data: _flip(backup_in(data)), "newest backup", Sign.FIX, "was cut off or changed"),
    (lambda data: backup_in(data).write_bytes(b""), "newest backup", Sign.FIX, "is not an Engage backup"),
    (
        _drop_index,
        "indexes",
        Sign.FIX,
        "run in its database: CREATE UNIQUE INDEX uq_plan_plan_draft ON plan_plan (",
    ),
    (_leave_without_an_admin, "admins", Sign.FIX, "no one who can sign in administers this site"),
    (_dangle, "static files", Sign.FIX, "which is gone. Type: rm "),
    (
        _be_silent,
        "clock",
        Sign.LOOK,
        "no file was written for 365 days: this machine was off, or its clock is ahead",
    ),
]


@pytest.mark.parametrize(("change", "what", "sign", "words"), BROKEN)
def test_what_is_broken_is_found(
    data: Path,
    found: Callable[..., Found],
    change: Callable[[Path], object],
    what: str,
    sign: Sign,
    words: str,
) -> None:
    change(data)
    finding = found()[what]
    assert finding.sign is sign
    assert words in finding.words
    assert "\n" not in finding.words


def test_what_doctor_says_to_type_repairs_an_index_an_admin_and_a_dangling_link(
    data: Path, found: Callable[..., Found]
) -> None:
    for change in (_drop_index, _leave_without_an_admin, _dangle):
        change(data)
    said = found()
    with closing(sqlite3.connect(data / "engage.db")) as connection, connection:
        connection.execute(said["indexes"].words.partition("database: ")[2])
        connection.execute(said["admins"].words.partition("address: ")[2].replace("you@", "ann@"))
    link = said["static files"].words.partition("Type: ")[2].partition(";")[0]
    subprocess.run(link.split(), check=True)
    assert not {"indexes", "admins", "static files"} & set(found())


def test_an_encrypted_backup_is_read_to_its_end_where_the_passphrase_is(
    data: Path, found: Callable[..., Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = backup_in(data)
    closed = plain.with_name(f"{plain.name}.enc")
    with plain.open("rb") as source, closed.open("wb") as target:
        encryption.encrypt(source, target, "a long passphrase")
    plain.unlink()
    closed.chmod(0o600)
    assert "engage restore --check tests it" in found()["newest backup"].words
    words = data.parent / "passphrase"
    words.write_text("a long passphrase\n")
    words.chmod(0o600)
    monkeypatch.setenv("ENGAGE_BACKUP_PASSPHRASE_FILE", str(words))
    assert found()["newest backup"].words == f"{closed.name} is whole"
    _flip(closed)
    assert "was cut off or changed" in found()["newest backup"].words
    assert found()["newest backup"].sign is Sign.FIX


def examined_closed(folder: Path, mode: int) -> dict[str, dict[str, str]]:
    """Returns what `engage doctor` finds as a user to whom this folder is closed."""
    # Root may open everything, unless it gives up all its capabilities: then it is an owner like others.
    as_owner = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
    folder.chmod(mode)
    command = [*as_owner, *ENGAGE, "doctor", "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    folder.chmod(0o700)
    return {each["what"]: each for each in json.loads(done.stdout)}


@pytest.mark.parametrize("mode", [0, 0o444])
def test_a_folder_of_backups_that_is_closed_to_this_user_is_said(data: Path, mode: int) -> None:
    backups = data / "backups"
    backups.mkdir(mode=0o700, exist_ok=True)
    (backups / "engage-1.zip").write_bytes(b"")
    findings = examined_closed(backups, mode)
    assert findings["files"]["sign"] == "fix"
    assert "backups is closed to this user. Type: chown -R " in findings["files"]["words"]


def test_a_data_folder_that_is_closed_to_this_user_is_said(data: Path) -> None:
    findings = examined_closed(data, 0)
    assert findings["settings"]["sign"] == "fix"
    assert f"{data} cannot be written by this user. Type: chown " in findings["data folder"]["words"]


@pytest.mark.parametrize(
    ("name", "value", "what", "sign"),
    [
        ("ENGAGE_URL", "http://plans.example.org", "address", Sign.LOOK),
        ("ENGAGE_URL", "https://plans.example.org", "address", Sign.OK),
        ("ENGAGE_URL", "https://engage.example.org", "address", Sign.FIX),
        ("ENGAGE_URL", "nonsense", "settings", Sign.FIX),
        ("ENGAGE_URI", "https://engage.example.org", "settings", Sign.FIX),
        ("ENGAGE_PROXIES", "2", "address", Sign.LOOK),
        ("ENGAGE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none", "database", Sign.FIX),
    ],
)
def test_settings_are_weighed(
    found: Callable[..., Found], monkeypatch: pytest.MonkeyPatch, name: str, value: str, what: str, sign: Sign
) -> None:
    monkeypatch.setenv(name, value)
    assert found()[what].sign is sign


def test_a_database_server_that_does_not_answer_is_what_to_check(
    found: Callable[..., Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGAGE_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    assert "Check that PostgreSQL is running, and ENGAGE_DATABASE_URL" in found()["database"].words


@pytest.mark.parametrize(
    ("newest", "words"),
    [
        ("0.3.0\n", "none that is newer"),
        (
            "# Engage 0.3.1, commit 1f9c03ab12cd, 2026-12-20\n",
            "0.3.1 is out, and this is 0.3.0. Upgrade as usual; no",
        ),
        ("0.3.0+315", "0.3.0+315 is out"),
        ("v0.10.0", "0.10.0 is out, and this is 0.3.0. Upgrade as usual: docs/hosting.md"),
        ("1.0.0", "Read its notes before you upgrade"),
        ("<html>Not found</html>", "names no version"),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_newer_version_is_said_where_something_on_this_machine_knows_it(
    data: Path, found: Callable[..., Found], monkeypatch: pytest.MonkeyPatch, newest: str | None, words: str
) -> None:
    monkeypatch.setattr(release, "version", lambda: "0.3.0")
    assert "new versions" not in found()
    file = data / "newest.txt"
    monkeypatch.setenv("ENGAGE_NEWEST_FILE", str(file))
    if newest is not None:
        file.write_text(newest)
    finding = found()["new versions"]
    assert words in finding.words
    assert (finding.sign is Sign.OK) is ("none that is newer" in words)
    if finding.sign is Sign.OK:
        old = time.time() - 70 * 86400
        os.utime(file, (old, old))
        assert "was last written 70 days ago" in found()["new versions"].words


def test_with_broken_settings_it_still_looks_at_the_rest(
    found: Callable[..., Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENGAGE_LOG", "loud")
    findings = found()
    assert findings["settings"].sign is Sign.FIX
    assert findings["secret"].sign is Sign.OK
    assert findings["database"].sign is Sign.LOOK


def test_a_settings_file_for_everybody_is_said(
    data: Path, found: Callable[..., Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = data.parent / "engage.env"
    file.write_text("")
    monkeypatch.setenv("ENGAGE_SETTINGS", str(file))
    file.chmod(0o644)
    assert "chmod 640" in found()["settings file"].words
    file.chmod(0o640)
    assert found()["settings file"].sign is Sign.OK
    monkeypatch.setenv("ENGAGE_SETTINGS", "/etc")  # chmod 640 would close it
    assert "settings file" not in found()


@pytest.mark.parametrize(
    ("free", "size", "sign"),
    [
        (5_000, 10, Sign.OK),
        (900, 10, Sign.LOOK),
        (5_000, 2_000, Sign.LOOK),
        (90, 10, Sign.FIX),
        (5_000, 6_000, Sign.FIX),
    ],
)
def test_room_is_counted_beside_the_databases_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, size: int, sign: Sign
) -> None:
    with (tmp_path / "engage.db").open("wb") as file:
        file.truncate(size * doctor_checks.MEGABYTE)  # a hole: it takes no room here
    usage = type("Usage", (), {"free": free * doctor_checks.MEGABYTE})
    monkeypatch.setattr(doctor_checks.shutil, "disk_usage", lambda _folder: usage)
    [finding] = doctor_checks.disk(tmp_path)
    assert finding.sign is sign


@pytest.mark.parametrize("moment", [datetime(2001, 1, 1, tzinfo=UTC), datetime(2105, 1, 1, tzinfo=UTC)])
def test_a_clock_far_off_is_said(moment: datetime) -> None:
    [finding] = doctor_checks.clock_of(moment, None)
    assert finding.sign is Sign.FIX


def test_little_memory_is_said() -> None:
    assert doctor_checks.memory(256 * doctor_checks.MEGABYTE).sign is Sign.LOOK
    assert doctor_checks.memory(512 * doctor_checks.MEGABYTE).sign is Sign.OK
    assert doctor_checks.memory(None).sign is Sign.OK


def test_the_mail_server_is_asked_only_when_told_to(
    found: Callable[..., Found], monkeypatch: pytest.MonkeyPatch
) -> None:
    port = free_port()
    for name, value in {
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "TLS": "none",
        "FROM": "e@example.org",
    }.items():
        monkeypatch.setenv(f"ENGAGE_SMTP_{name}", value)
    assert found()["mail"].sign is Sign.OK
    assert found(mail=True)["mail"].sign is Sign.FIX
    controller = Controller(object(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        assert found(mail=True)["mail"].words == f"127.0.0.1:{port} answers"
    finally:
        controller.stop()


def test_the_suites_own_database_is_sound(app: Flask) -> None:
    """On PostgreSQL: reachable, its version, encoding, clock and migrations."""
    config = TestConfig(
        DATA=Path(app.config["DATA"]), SQLALCHEMY_DATABASE_URI=app.config["SQLALCHEMY_DATABASE_URI"]
    )
    findings = {each.what: each for each in doctor_database.examine(config)}
    assert findings["migrations"].words == f"at {head()}, as this version needs it"
    assert {each.sign for what, each in findings.items() if what not in {"backup", "SQLite"}} == {Sign.OK}


def test_whoever_could_not_come_in_any_more_is_named(app: Flask) -> None:
    """Without mail, at another address, and after a provider was switched off."""
    by_mail, by_passkey, by_provider = (make_user(password_hash="") for _person in range(3))
    now = datetime.now(UTC)
    key = {"name": "Phone", "credential": "x", "public_key": "x", "sign_count": 0, "created_at": now}
    saved(Passkey(user_id=by_passkey.id, host="old.example.org", **key))
    saved(ProviderTie(user_id=by_provider.id, issuer="https://gone.example", subject="ann", tied_at=now))
    db.session.commit()
    config = TestConfig(
        DATA=Path(app.config["DATA"]), SQLALCHEMY_DATABASE_URI=app.config["SQLALCHEMY_DATABASE_URI"]
    )
    said = {each.what: each.words for each in doctor_database.examine(config) if each.sign is not Sign.OK}
    assert f"{by_mail.email}, {by_passkey.email}." in said["no password"]
    assert said["passkeys"].startswith("1 person made passkeys for old.example.org")
    assert by_provider.email in said["sign-in"]


def test_a_tick_that_stopped_is_said(data: Path, found: Callable[..., Found]) -> None:
    engine = sa.create_engine(f"sqlite:///{data / 'engage.db'}")
    long_ago = datetime.now(UTC) - timedelta(days=5)
    with engine.begin() as connection:
        connection.execute(
            sa.text("INSERT INTO operations_run (kind, ended_at, counts) VALUES ('tick', :at, '{}')"),
            {"at": long_ago.replace(tzinfo=None).isoformat(" ")},
        )
    engine.dispose()
    assert found()["day's work"].sign is Sign.LOOK
    assert "5 days ago" in found()["day's work"].words


def doctor_command(*words: str) -> Result:
    """Runs it as in a process of its own: a command takes the application whose context is open."""
    return Context().run(CliRunner().invoke, cli.main, ["doctor", *words])


def test_the_command_prints_a_line_each_and_ends_with_the_worst(data: Path) -> None:
    done = doctor_command()
    assert done.exit_code in {0, 1}, done.stdout
    assert all(line.split()[0] in {"ok", "look"} for line in done.stdout.splitlines())
    (data / "secret_key").write_text("short")
    done = doctor_command("--json")
    assert done.exit_code == 2
    assert {"what", "sign", "words"} == set(json.loads(done.stdout)[0])
    assert done.stderr == ""


def test_before_init_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGAGE_DATA", str(tmp_path / "nowhere"))
    done = doctor_command()
    assert done.exit_code == 2
    assert "is not prepared yet. Type: engage init" in done.stdout
    assert not (tmp_path / "nowhere").exists()
    assert cli.main.commands["doctor"].help
    assert sys.version_info >= (3, 11)


def test_what_a_killed_command_left_is_named_with_its_size(data: Path, found: Callable[..., Found]) -> None:
    assert "leftovers" not in found()
    (data / "upgrading-x").mkdir()
    (data / "upgrading-x" / "engage.db").write_bytes(b"x" * 3_000_000)
    left = found()["leftovers"]
    assert left.sign is Sign.LOOK
    assert "upgrading-x, 3 MB" in left.words
    assert f"restored or upgraded, type: rm -r {data / 'upgrading-x'}" in left.words
    (data / "upgrading-x").rename(data / "before-restore-x")
    words = found()["leftovers"].words
    assert f"Once you have checked the restored data, type: rm -r {data / 'before-restore-x'}" in words


def test_backups_on_the_datas_own_disk_are_said_until_they_are_copied_away(
    data: Path, found: Callable[..., Found], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "all backups are on the same disk as the data" in found()["backups elsewhere"].words
    monkeypatch.setenv("ENGAGE_BACKUP_TO", str(tmp_path / "away"))
    assert "Is its disk mounted?" in found()["backups elsewhere"].words
    (tmp_path / "away").mkdir()
    assert "same disk" in found()["backups elsewhere"].words
    copied = data / doctor_backups.COPIED
    copied.touch()
    assert found()["backups elsewhere"].sign is Sign.OK
    old = time.time() - 8 * 86400
    os.utime(copied, (old, old))
    assert "copied away 8 days ago" in found()["backups elsewhere"].words
    assert found()["backups elsewhere"].sign is Sign.FIX


def test_what_would_keep_the_next_backup_from_working_is_said(
    data: Path, found: Callable[..., Found], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "passphrase"
    assert "passphrase" not in found()
    monkeypatch.setenv("ENGAGE_BACKUP_PASSPHRASE_FILE", str(file))
    assert f"cannot be read (No such file or directory): {file}. The user" in found()["passphrase"].words
    file.write_text("too short\n")
    assert f"the first line of {file} needs at least 12 characters" in found()["passphrase"].words
    file.write_text("a long passphrase\n")
    file.chmod(0o644)
    assert f"everyone on this machine can read it. Type: chmod 640 {file}" in found()["passphrase"].words
    file.chmod(0o640)
    assert found()["passphrase"].sign is Sign.OK
    monkeypatch.setenv("ENGAGE_BACKUP_TO", str(tmp_path))
    monkeypatch.setattr(os, "access", lambda path, _kind: Path(path) != tmp_path)
    assert f"{tmp_path} cannot be written by this user" in found()["backups elsewhere"].words


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
@pytest.mark.parametrize("name", ["backups", "lock", "secret_key"])
def test_what_another_user_owns_in_the_data_folder_is_said(
    data: Path, found: Callable[..., Found], name: str
) -> None:
    (data / "lock").touch()
    os.chown(data / name, 65534, -1)
    advice = f"{name} does not belong to the data folder's owner. Type: "
    assert found()["files"].words.startswith(advice)
    subprocess.run(found()["files"].words.removeprefix(advice).split(), check=True)
    assert found()["files"].sign is Sign.OK


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a disk")
def test_a_disk_that_became_read_only_is_no_question_of_its_owner(tiny_disk: Callable[[str], Path]) -> None:
    first = next(doctor_checks.data_files(tiny_disk("ro")))
    assert "can only be read now, as after an error of the disk" in first.words
    assert "chown" not in first.words


@pytest.mark.parametrize("command", ["doctor", "upgrade"])
def test_code_that_was_fetched_and_not_installed_is_said_in_one_line(
    data: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr("engage.catalogs.is_fresh", lambda _source: False)
    done = Context().run(CliRunner().invoke, cli.main, [command])
    assert "older than the code. Type on a server: make install; elsewhere: engage messages" in done.output
    assert isinstance(done.exception, SystemExit)


def test_a_timers_command_that_failed_is_named(data: Path, found: Callable[..., Found]) -> None:
    (data / "failed-engage-backup").touch()
    assert "journalctl -u engage-backup" in found()["engage-backup"].words
    assert found()["engage-backup"].sign is Sign.FIX


@pytest.mark.parametrize(("version", "sign"), [(14, Sign.LOOK), (15, Sign.OK)])
def test_a_postgresql_older_than_the_tests_have_is_named(version: int, sign: Sign) -> None:
    class Answer:
        def one(self) -> tuple[int, str, datetime]:
            return version, "UTF8", datetime.now(UTC)

    class Connection:
        def execute(self, _asked: object) -> Answer:
            return Answer()

    (found,) = doctor_database._postgresql(Connection())  # type: ignore[arg-type]
    assert (found.sign, str(version) in found.words) == (sign, True)
