"""Checks for `engage doctor` that the next backup works, and that a copy survives the loss of the machine."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from engage import clock
from engage.config import Config, ConfigError
from engage.operations.backup import archive, encryption, folders, newest, rules
from engage.operations.doctor.findings import Finding, fix, look, ok
from engage.operations.rules import BACKUP_AGE

# A script that copies backups away touches this file in the data folder afterwards.
COPIED = "copied-elsewhere"


def elsewhere(config: Config) -> Iterator[Finding]:
    """Checks that backups survive the loss of the disk, and that no one can read copies that leave the machine."""
    folder, copied = folders.default(config), config.DATA / COPIED
    if copied.exists():
        days = (clock.now() - datetime.fromtimestamp(copied.stat().st_mtime, UTC)).days
        said = f"backups were last copied away {days} days ago"
        if days < BACKUP_AGE.days:
            yield ok("backups elsewhere", said)
        else:
            yield fix("backups elsewhere", f"{said}. Type: journalctl -u engage-backup -n 20")
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


def passphrase(file: Path | None) -> Iterator[Finding]:
    """Checks the passphrase's file: without a good one every backup fails, at night, when no one is looking."""
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


def of_another_key(config: Config) -> Iterator[Finding]:
    """Counts the archives in the data folder that no `engage backup` removes, because they belong to another key."""
    names = [file.name for file in newest.archives(folders.own(config))]
    ours = archive.installation_of(config)
    if others := [name for name in names if rules.moment_of(name, ours) is None]:
        yield look(
            "old backups",
            f"{folders.own(config)} has some from another secret key ({len(others)}), such as {others[-1]}. "
            "Engage never removes them: delete them when no one needs them any more",
        )
