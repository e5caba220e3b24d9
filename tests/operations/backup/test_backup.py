"""Backups: every row is in, only whole files are made, no one else may read them, and a rule removes old ones."""

import os
import sqlite3
import stat
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from engage import clock
from engage.accounts.models import User
from engage.config import ROOT, Config
from engage.database import install_engine_hooks
from engage.operations import lock, schema
from engage.operations.backup import archive, encryption
from engage.operations.backup import rules as backup_rules
from engage.operations.backup.service import backup, restore, snapshot
from engage.operations.refused import Refused
from tests import warm
from tests.operations.commands import environment

pytestmark = [pytest.mark.slow, pytest.mark.real_clock]

PASSPHRASE = "amber basket birch bridge"
Installation = Callable[..., Config]
Rows = Callable[[Config], dict[str, list[Any]]]


@pytest.fixture(autouse=True)
def open_umask(umask: None) -> None:
    """Checks that what is made is for its owner alone, whatever the process would allow."""
    os.umask(0o000)


def files(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_backup_holds_every_row_of_every_table(installation: Installation, rows: Rows) -> None:
    config = installation()
    made = backup.make(config)
    assert made.path.parent == config.DATA / "backups"
    there = rows(config)
    kept = {name: count for name, count in made.manifest.tables.items() if name != "operations_run"}
    assert kept == {name: len(there[name]) for name in there if name != "alembic_version"}
    assert made.manifest.rows > 1000
    assert made.manifest.revision == schema.head()


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_beside(
    installation: Installation, passphrase: str | None
) -> None:
    made = backup.make(installation(), passphrase=passphrase)
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
    assert files(made.path.parent) == [made.path.name]


def test_the_secret_key_is_only_in_an_encrypted_backup(installation: Installation) -> None:
    config = installation()
    plain, closed = backup.make(config), backup.make(config, passphrase=PASSPHRASE)
    with zipfile.ZipFile(plain.path) as packed:
        assert sorted(packed.namelist()) == ["engage.db", "manifest.json"]
        assert config.SECRET_KEY.encode() not in packed.read("manifest.json")
    raw = closed.path.read_bytes()
    assert config.SECRET_KEY.encode() not in raw
    assert b"engage.db" not in raw
    assert closed.manifest.has_secret_key and not plain.manifest.has_secret_key


def test_a_mail_servers_password_is_in_no_backup(installation: Installation) -> None:
    from msgspec.structs import replace

    from engage.config import MailServer

    mail = MailServer(
        host="mail.example.org", port=587, sender="e@example.org", user="u", password="hush-hush-1"
    )
    made = backup.make(replace(installation(), MAIL=mail))
    assert made.manifest.settings["ENGAGE_SMTP_HOST"] == "mail.example.org"
    with zipfile.ZipFile(made.path) as packed:
        assert b"hush-hush-1" not in packed.read("manifest.json")


def test_a_passphrase_that_is_too_short_makes_nothing(installation: Installation) -> None:
    config = installation()
    with pytest.raises(Refused, match="at least 12 characters"):
        backup.make(config, passphrase="short")
    assert files(config.DATA / "backups") == []


def test_what_was_acknowledged_before_the_start_is_in_while_others_write(installation: Installation) -> None:
    config = installation()
    engine = sa.create_engine(config.SQLALCHEMY_DATABASE_URI)
    install_engine_hooks(engine)
    acknowledged: list[str] = []
    stop = threading.Event()

    def write(writer: int) -> None:
        number = 0
        while not stop.is_set() and number < 2000:
            number += 1
            name = f"writer {writer} row {number}"
            with engine.begin() as connection:
                connection.execute(
                    sa.insert(User).values(
                        name=name,
                        email=f"{writer}.{number}@example.org",
                        password_hash="x",
                        created_at=clock.now(),
                    )
                )
            acknowledged.append(name)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for thread in writers:
        thread.start()
    try:
        while len(acknowledged) < 20 and any(thread.is_alive() for thread in writers):
            stop.wait(0.01)
        before = set(acknowledged)
        made = backup.make(config)
        after = len(acknowledged)
    finally:
        stop.set()
        for thread in writers:
            thread.join()
        engine.dispose()
    assert after > len(before), "nobody wrote meanwhile"
    folder = config.DATA / "looked-at"
    folder.mkdir()
    archive.unpack(made.path, folder)
    copy = sa.create_engine(f"sqlite:///{folder / 'engage.db'}")
    with copy.connect() as connection:
        names = set(connection.exec_driver_sql("SELECT name FROM accounts_user").scalars())
    copy.dispose()
    assert before <= names


def test_a_full_disk_leaves_nothing_behind_and_says_so(
    installation: Installation, tiny_disk: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    config = installation()
    folder = tiny_disk("size=1m")
    with pytest.raises(Refused, match=r"has \d+ MB free, but \d+ MB are needed"):
        backup.make(config, folder)
    # The disk may also fill after it was looked at.
    monkeypatch.setattr(backup.snapshot, "refuse_without_room", lambda folder, needed: None)
    with pytest.raises(Refused, match=rf"The disk of {folder} is full"):
        backup.make(config, folder)
    assert files(folder) == []


def test_a_folder_that_cannot_be_written_is_said(
    installation: Installation, tiny_disk: Callable[[str], Path]
) -> None:
    config = installation()
    with pytest.raises(Refused, match=r"cannot be written \(Read-only file system\)\. Mount it so that"):
        backup.make(config, tiny_disk("ro"))
    with pytest.raises(Refused, match="No such file"):
        backup.make(config, config.DATA / "not" / "there")


def test_a_data_folder_that_cannot_be_locked_is_one_line_with_what_to_do(
    installation: Installation, tiny_disk: Callable[[str], Path]
) -> None:
    folder = tiny_disk("ro")
    with pytest.raises(Refused) as refused:
        lock.share(replace(installation(), DATA=folder))
    assert str(refused.value).startswith(f"{folder}/lock cannot be written (Read-only file system). Mount it")


def test_what_a_killed_backup_left_goes_with_the_next(installation: Installation) -> None:
    config = installation()
    left = config.DATA / "backups" / ".engage-part-left"
    left.mkdir(parents=True)
    (left / "engage.db").write_text("half")
    made = backup.make(config)
    assert files(made.path.parent) == [made.path.name]


def test_two_backups_of_one_second_are_two_files(installation: Installation) -> None:
    import time_machine

    config = installation()
    with time_machine.travel(datetime(2026, 11, 25, 12, tzinfo=UTC), tick=False):
        made = [backup.make(config).path.name for _turn in range(2)]
    installed = archive.installation_of(config)
    assert made == [f"engage-{installed}-20261125T120000Z.zip", f"engage-{installed}-20261125T120000Z-2.zip"]


def test_pruning_leaves_what_is_not_its_own(installation: Installation) -> None:
    config = installation()
    folder = config.DATA / "backups"
    folder.mkdir()
    others = ["notes.txt", "engage-00000000-20200101T000000Z.zip", "engage.zip", "engage-20200101.zip"]
    own = [f"engage-{archive.installation_of(config)}-2026010{day}T000000Z.zip" for day in range(1, 4)]
    for name in [*others, *own]:
        (folder / name).write_text("x")
    made = backup.make(config, keep=backup_rules.Keep(2, 0, 0))
    assert made.removed == own[1::-1]
    assert files(folder) == sorted([*others, own[2], made.path.name])


def test_a_name_that_a_killed_backup_took_removes_no_older_one(installation: Installation) -> None:
    config = installation(empty=True)
    folder = config.DATA / "backups"
    folder.mkdir()
    first, taken = (
        folder / f"engage-{archive.installation_of(config)}-2026010{day}T000000Z.zip" for day in (1, 2)
    )
    first.write_text("x")
    taken.touch()
    backup.make(config, keep=backup_rules.Keep(2, 0, 0))
    assert first.exists()


@pytest.mark.parametrize("raw", ["", "7", "0d", "0d0w0m", "-1d", "7d 4w", "7w4d", "d", "99999d", "none"])
def test_a_rule_that_is_none_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="is not a rule"):
        backup_rules.keep_rule(raw)


def test_a_year_of_daily_backups_keeps_days_weeks_and_months() -> None:
    rule = backup_rules.keep_rule("7d4w12m")
    assert rule is not None
    first = datetime(2025, 11, 25, 3, tzinfo=UTC)
    names: list[str] = []
    for day in range(366):
        made = backup_rules.name_of("0a0a0a0a", first + timedelta(days=day), encrypted=False)
        names.append(made)
        gone = backup_rules.to_remove(names, "0a0a0a0a", rule, made, first + timedelta(days=day))
        names = [name for name in names if name not in gone]
    days = [name.split("-")[2][:8] for name in names]
    assert days[-7:] == [f"202611{day}" for day in range(19, 26)]
    assert len({day[:6] for day in days}) == 12
    assert 18 <= len(days) <= 23


days = st.floats(0, 3650).map(lambda days: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=days))


@given(st.lists(days, max_size=30), days)
def test_the_one_just_made_is_never_removed_whatever_the_clock_said(
    moments: list[datetime], now: datetime
) -> None:
    names = [backup_rules.name_of("0a0a0a0a", each, encrypted=False) for each in moments]
    made = backup_rules.name_of("0a0a0a0a", now, encrypted=True)
    gone = backup_rules.to_remove([*names, made], "0a0a0a0a", backup_rules.Keep(1, 0, 0), made, now)
    assert made not in gone
    day_before = {
        name
        for name in names
        if now.replace(microsecond=0) - timedelta(days=1) <= moment(name) <= now.replace(microsecond=0)
    }
    assert not day_before & set(gone)
    ahead = {name for name in names if backup_rules.is_ahead(moment(name), now)}
    assert not ahead & set(gone)
    assert len(set(names) - set(gone) - day_before - ahead) <= 1


def moment(name: str) -> datetime:
    found = backup_rules.moment_of(name, "0a0a0a0a")
    assert found is not None
    return found


def damaged(whole: bytes) -> Iterator[tuple[str, bytes]]:
    """Yields the file cut off at every tenth of its length, and with one bit flipped in many places."""
    for tenth in range(10):
        yield f"cut off at {tenth} tenths", whole[: len(whole) * tenth // 10]
    yield "without its last byte", whole[:-1]
    yield "with a byte more", whole + b"x"
    for place in sorted(
        {*range(0, len(whole), len(whole) // 60), *range(60), *range(len(whole) - 90, len(whole))}
    ):
        yield f"flipped at {place}", whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]


def refused_words(config: Config, file: Path, passphrase: str | None, what: str) -> str:
    try:
        restore.check(config, file, passphrase)
    except Refused as refused:
        return str(refused)
    pytest.fail(f"{what}: taken for a good backup")


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_file_that_was_cut_off_or_changed_is_refused(
    installation: Installation, passphrase: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from argon2 import low_level

    slow = low_level.hash_secret_raw  # here as cheap as in the other tests
    monkeypatch.setattr(low_level, "hash_secret_raw", lambda *a: slow(*a[:2], 1, 64, *a[4:]))
    config = installation(empty=True)
    made = backup.make(config, passphrase=passphrase)
    file = tmp_path / made.path.name
    for what, raw in damaged(made.path.read_bytes()):
        file.write_bytes(raw)
        words = refused_words(config, file, passphrase, what)
        assert "\n" not in words and "cannot be written" not in words, what
        assert not list(config.DATA.glob("checking-*"))


def test_another_passphrase_opens_nothing(installation: Installation) -> None:
    config = installation()
    made = backup.make(config, passphrase=PASSPHRASE)
    with pytest.raises(Refused, match="The passphrase does not open"):
        restore.check(config, made.path, PASSPHRASE + "s")
    with pytest.raises(Refused, match="is encrypted"):
        restore.check(config, made.path)


def test_an_encrypted_backup_costs_a_small_server_no_more_than_it_has(tmp_path: Path) -> None:
    """The passphrases of age itself take half a gigabyte."""
    (tmp_path / "plain").write_bytes(os.urandom(30_000_000))
    code = f"""
from pathlib import Path
from engage.operations.backup import encryption
with open({str(tmp_path / "plain")!r}, "rb") as source, open({str(tmp_path / "closed")!r}, "wb") as target:
    encryption.encrypt(source, target, {PASSPHRASE!r})
print(next(line.split()[1] for line in Path("/proc/self/status").open() if line.startswith("VmHWM")))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 130 * 1024
    with (tmp_path / "again").open("wb") as target:
        encryption.decrypt(tmp_path / "closed", target, PASSPHRASE)
    assert (tmp_path / "again").read_bytes() == (tmp_path / "plain").read_bytes()


def test_the_settings_say_where_backups_go_and_that_they_are_encrypted(
    installation: Installation, tmp_path: Path
) -> None:
    config = installation(empty=True)
    away, passphrase = tmp_path / "away", tmp_path / "passphrase"
    passphrase.write_text(PASSPHRASE + "\n")
    settings = {
        **environment(config),
        "ENGAGE_BACKUP_TO": str(away),
        "ENGAGE_BACKUP_PASSPHRASE_FILE": str(passphrase),
    }
    gone = warm.run("backup", env=settings)
    assert (gone.returncode, gone.stderr.count("\n")) == (1, 1)
    assert "Is its disk mounted?" in gone.stderr
    away.mkdir()
    done = warm.run("backup", env=settings)
    assert done.returncode == 0, done.stderr
    (made,) = away.iterdir()
    assert made.name.endswith(".zip.enc")
    assert not (config.DATA / "backups").exists()
    checked = warm.run("restore", "--check", made, env=settings)
    assert checked.returncode == 0, checked.stderr
    passphrase.unlink()
    lost = warm.run("backup", env=settings)
    assert lost.stderr.startswith("Error: ENGAGE_BACKUP_PASSPHRASE_FILE cannot be read")


def test_packing_the_copy_takes_no_more_memory_with_a_larger_database(tmp_path: Path) -> None:
    """pysqlite3 keeps what is temporary in memory: VACUUM alone took 600 MB for four hundred coalitions."""
    file = tmp_path / "engage.db"
    with closing(sqlite3.connect(file)) as made, made:
        made.execute("CREATE TABLE some (text)")
        made.executemany("INSERT INTO some VALUES (randomblob(?))", [(1_000_000,)] * 60)
    Path("/proc/self/clear_refs").write_text("5")  # the highest point so far is forgotten
    before = highest_megabytes()
    snapshot._without_index(file)
    assert highest_megabytes() - before < 30
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["engage.db"]


def highest_megabytes() -> int:
    status = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) // 1024
