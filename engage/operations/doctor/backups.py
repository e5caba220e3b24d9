"""Checks, for `engage doctor`, that the next backup will work and that copies exist on another machine."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from engage import clock
from engage.config import Config, ConfigError
from engage.operations.backup import archive, encryption, installations, newest, rules
from engage.operations.doctor import place
from engage.operations.doctor.findings import DoctorFinding, fix, look, ok
from engage.operations.refused import Refused
from engage.operations.rules import BACKUP_AGE

# A script that copies backups to another machine touches this file in the data folder.
COPIED = "copied-elsewhere"


def elsewhere(config: Config) -> Iterator[DoctorFinding]:
    """Checks that backups would survive the loss of the disk, and that copies elsewhere are encrypted."""
    folder, copied = installations.backups(config), config.DATA / COPIED
    if copied.exists():
        days = (clock.now() - datetime.fromtimestamp(copied.stat().st_mtime, UTC)).days
        said = f"backups were last copied away {days} days ago"
        if days < BACKUP_AGE.days:
            yield ok("backups elsewhere", said)
        else:
            yield fix("backups elsewhere", f"{said}. Type: {place.log_of('engage-backup')}")
    elif config.BACKUP_TO and not folder.is_dir():
        yield fix("backups elsewhere", f"ENGAGE_BACKUP_TO is not there: {folder}. Is its disk mounted?")
    elif config.BACKUP_TO and not os.access(folder, os.W_OK | os.X_OK):
        yield fix("backups elsewhere", f"{folder} cannot be written by this user. Check who owns it")
    elif not folder.is_dir() or folder.stat().st_dev == config.DATA.stat().st_dev:
        words = "all backups are on the same disk as the data. Set ENGAGE_BACKUP_TO, or copy them elsewhere"
        yield look("backups elsewhere", f"{words}: docs/hosting.md, Backups elsewhere")
    elif config.BACKUP_PASSPHRASE_FILE is None:
        words = f"{folder} is another disk, and the backups there are not encrypted"
        yield look("backups elsewhere", f"{words}. Set ENGAGE_BACKUP_PASSPHRASE_FILE")
    else:
        yield ok("backups elsewhere", f"{folder}, another disk, encrypted")


def newest_is_whole(config: Config) -> Iterator[DoctorFinding]:
    """Reads the newest backup to its end: one that was damaged since is of no use on the day it is needed."""
    file = newest.last(config)
    if file is None:
        return
    what = "newest backup"
    try:
        if not archive.is_encrypted(file):
            archive.checked(file)
        elif config.BACKUP_PASSPHRASE_FILE is None:
            yield ok(what, f"{file.name} is encrypted. engage restore --check tests it, with its passphrase")
            return
        else:
            with Path(os.devnull).open("wb") as nowhere:
                encryption.decrypt(file, nowhere, encryption.passphrase_in(config.BACKUP_PASSPHRASE_FILE))
        yield ok(what, f"{file.name} is whole")
    except (Refused, ConfigError) as error:
        other = newest.good(config)
        before = f". The newest good one is {other}" if other and other != file else ""
        yield fix(what, f"{error} Type: engage backup{before}")
    except OSError as error:
        yield fix(what, f"{file} cannot be read ({error.strerror}). Check its disk, then type: engage backup")


def passphrase(file: Path | None) -> Iterator[DoctorFinding]:
    """Checks the passphrase file: if it is unusable, every backup fails at night, when no one notices."""
    if file is None:
        return
    try:
        length = len(encryption.passphrase_in(file))
    except ConfigError as error:
        yield fix("passphrase", str(error))
        return
    if length < encryption.SHORTEST_PASSPHRASE:
        least = encryption.SHORTEST_PASSPHRASE
        yield fix("passphrase", f"the first line of {file} needs at least {least} characters")
    elif file.stat().st_mode & 0o007:
        yield fix("passphrase", f"everyone on this machine can read it. Type: chmod 640 {file}")
    else:
        yield ok("passphrase", f"{file} is not readable by everyone")


def ahead_of_time(config: Config) -> Iterator[DoctorFinding]:
    """Reports archives that are dated in the future: a clock was wrong, so their data may be old."""
    if names := [file.name for file in newest.ahead(config)]:
        yield look(
            "backup dates",
            f"dated in the future, because a clock is or was wrong: {', '.join(names[:3])} ({len(names)}). They do "
            "not count as the newest; with the clock right, delete them once there are later ones",
        )


def of_another_key(config: Config) -> Iterator[DoctorFinding]:
    """Reports archives in the data folder of another key, which `engage backup` therefore never deletes."""
    folder = installations.backups_of_upgrades(config)
    names = [file.name for file in newest.archives(folder)]
    ours = archive.installation_of(config)
    if others := [name for name in names if rules.moment_of(name, ours) is None]:
        yield look(
            "old backups",
            f"{folder} has some from another secret key ({len(others)}), such as {others[-1]}. "
            "Engage never removes them: delete them when no one needs them any more",
        )
