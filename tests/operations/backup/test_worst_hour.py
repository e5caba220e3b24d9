"""When the database is lost, whatever one types names the newest good backup and the command that brings it back."""

import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bench.processes import free_port
from engage.config import ROOT, Config
from engage.operations.backup import archive, installations, newest
from engage.operations.backup.service import backup, restore
from tests.operations.commands import engage

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]

Installation = Callable[..., Config]
DRILL = re.search(r"## The worst hour.*?```bash\n(.*?)```", (ROOT / "docs" / "hosting.md").read_text(), re.S)


def lose(config: Config) -> None:
    for file in config.DATA.glob("engage.db*"):
        file.unlink()


def damage(config: Config) -> None:
    lose(config)
    (config.DATA / "engage.db").write_bytes(b"this is no database " * 500)


def outdate(config: Config) -> None:
    with closing(sqlite3.connect(config.DATA / "engage.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def test_a_cut_backup_and_one_of_a_newer_engage_are_passed_over(
    installation: Installation, tmp_path: Path
) -> None:
    config = installation(empty=True)
    good = backup.make(config).path
    folder = good.parent
    assert newest.good(config) == good
    name = "engage-{}-20991231T0000{}Z.zip"
    ours = archive.installation_of(config)
    (folder / name.format(ours, "01")).write_bytes(good.read_bytes()[:-100])
    assert newest.good(config) == good
    if installations.on_sqlite(config):
        outdate(config)
        with pytest.raises(backup.Refused):
            backup.make(config)
    closed = folder / (name.format(ours, "02") + ".enc")
    closed.write_bytes(b"engage-encrypted-1 x y\nz")
    assert newest.good(config) == good
    good.unlink()
    assert f"--passphrase-file PASSPHRASE {closed}" in newest.advice(config)
    closed.unlink()
    assert "look for copies elsewhere" in newest.advice(config)
    shutil.rmtree(folder)
    assert newest.advice(config) == ""


def test_another_installations_backup_in_a_shared_folder_is_named_only_if_there_is_none_of_ours(
    installation: Installation,
) -> None:
    config = installation(empty=True)
    ours = backup.make(config).path
    theirs = ours.with_name("engage-0a0a0a0a-20991231T000000Z.zip")
    theirs.write_bytes(ours.read_bytes())
    assert newest.good(config) == ours
    ours.unlink()
    assert newest.good(config) == theirs  # ours, if the key is new
    if installations.on_sqlite(config):
        lose(config)
        with pytest.raises(backup.Refused, match="to begin beside them, set ENGAGE_BACKUP_TO only after"):
            newest.refuse_lost(config)


def test_a_backup_dated_in_the_future_is_not_the_newest_and_is_named(installation: Installation) -> None:
    config = installation(empty=True)
    first = backup.make(config).path
    later = first.with_name(f"engage-{archive.installation_of(config)}-20991231T000000Z.zip")
    later.write_bytes(first.read_bytes())
    assert newest.good(config) == first
    assert newest.advice(config).endswith(f"Dated in the future, because a clock was wrong: {later.name}.")
    if installations.on_sqlite(config):
        lose(config)
        for words in (["serve", "--port", str(free_port())], ["doctor"], ["init"]):
            done = engage(config, *words)
            assert f"engage restore {first}" in done.stdout + done.stderr, words
            assert f"clock was wrong: {later.name}" in done.stdout + done.stderr, words
    first.unlink()
    assert newest.good(config) == later  # better than none


def test_a_row_whose_reference_is_gone_is_named_and_everything_else_is_kept(
    installation: Installation, rows: Callable[[Config], dict[str, list[Any]]]
) -> None:
    config = installation()
    if not installations.on_sqlite(config):
        return  # PostgreSQL lets no one delete such a row
    whole = backup.make(config).path
    with closing(sqlite3.connect(config.DATA / "engage.db")) as connection, connection:
        (gone,) = connection.execute("SELECT min(goal_id) FROM plan_objective").fetchone()
        left = connection.execute("SELECT id FROM plan_objective WHERE goal_id = ?", (gone,)).fetchall()
        connection.execute("DELETE FROM plan_goal WHERE id = ?", (gone,))
    missing = f"plan_objective {', '.join(str(row) for (row,) in left[:3])}"
    before = rows(config)
    doctor = engage(config, "doctor")
    assert doctor.returncode == 2
    assert re.search(
        rf"fix   references: .*{missing}.* \(to plan_goal\).*engage restore {whole} ", doctor.stdout
    )
    # The night's run fails, so that someone is told; its archive is there, with everything but the row.
    night = engage(config, "backup")
    assert night.returncode == 1
    assert missing in night.stderr and "The backup is kept" in night.stderr
    marked = next(file for file in whole.parent.iterdir() if file != whole)
    assert missing in archive.checked(marked).broken
    checked = engage(config, "restore", "--check", marked)
    assert checked.returncode == 0, checked.stderr
    assert missing in checked.stdout
    assert newest.good(config) == marked  # it holds the most
    lose(config)
    assert missing in engage(config, "restore", "--yes", marked).stdout
    assert rows(config) == before
    assert "no broken references" in engage(config, "restore", "--yes", whole).stdout
    assert "references" not in engage(config, "doctor").stdout


@pytest.mark.parametrize("happens", [lose, damage, outdate])
def test_serve_doctor_and_restore_name_the_newest_good_backup_and_the_command(
    installation: Installation, happens: Callable[[Config], None]
) -> None:
    config = installation()
    if not installations.on_sqlite(config):
        return  # a server's database is not lost with its file
    file = backup.make(config).path
    cut = file.with_name(f"engage-{archive.installation_of(config)}-20991231T000000Z.zip")
    cut.write_bytes(file.read_bytes()[:-100])
    happens(config)
    for words in (["serve", "--port", str(free_port())], ["doctor"], ["init"]):
        if words == ["init"] and happens is not lose:
            continue
        done = engage(config, *words)
        assert done.returncode != 0
        assert f"engage restore {file}" in done.stdout + done.stderr, words
    done = engage(config, "restore", "--yes", cut)
    assert done.stderr.endswith(f"The newest backup that passes its check is {file}.\n")
    done = engage(config, "restore", "--yes", file)
    assert done.returncode == 0, done.stderr
    assert "it opens, and its pages are intact" in engage(config, "doctor").stdout


def test_the_log_of_a_lost_database_is_not_read_into_the_restored_one(
    installation: Installation, rows: Callable[[Config], dict[str, list[Any]]]
) -> None:
    config = installation()
    if not installations.on_sqlite(config):
        return
    before, made = rows(config), backup.make(config)
    log = config.DATA / "engage.db-wal"
    with closing(sqlite3.connect(config.DATA / "engage.db")) as writer:
        writer.execute("UPDATE coalitions_coalition SET name = 'In the log'")
        writer.commit()
        left = log.read_bytes()
    lose(config)
    log.write_bytes(left)
    put = restore.put_back(config, made.path)
    assert rows(config) == before
    assert put.aside and (Path(put.aside) / log.name).read_bytes() == left


def test_the_pages_drill_brings_everything_back(
    installation: Installation, rows: Callable[[Config], dict[str, list[Any]]]
) -> None:
    config = installation()
    if not installations.on_sqlite(config):
        return
    before, named = rows(config), ""
    assert DRILL
    for line in DRILL[1].splitlines():
        words = line.split("#")[0].replace("/var/lib/engage", str(config.DATA)).replace("FILE", named).split()
        if words[0] == "engage":
            done = engage(config, *words[1:])
            assert "Traceback" not in done.stderr
            if found := re.search(r"type: engage restore (\S+)", done.stdout):
                named = found[1]
            elif words[1] != "doctor":
                assert done.returncode == 0, done.stderr
        elif words[0] == "mv":
            shutil.move(words[1], words[2])
        else:
            assert words[0] == "systemctl"
    assert named
    assert rows(config) == before
