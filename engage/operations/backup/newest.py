"""Finds the newest backup that passes its check, and the command for restoring it, after a loss.

The database may be damaged, missing or from a newer Engage, and the secret key may be new, so that nothing
here needs either.
"""

from contextlib import suppress
from datetime import datetime
from pathlib import Path

from engage import clock, release
from engage.config import Config
from engage.operations.backup import archive, installations, rules
from engage.operations.refused import Refused


def archives(*within: Path) -> list[Path]:
    """Returns all archives in these folders, newest first; none from unreadable folders.

    Archives that are dated in the future come last.
    """
    found = []
    for folder in within:
        with suppress(OSError):
            found += [(moment, file) for file in folder.iterdir() if (moment := rules.moment_in(file.name))]
    now = clock.now()

    def age(each: tuple[datetime, Path]) -> tuple[bool, datetime, str, Path]:
        moment, file = each
        # A second one within a second has -2 before its ending.
        return not rules.is_ahead(moment, now), moment, file.name.partition(".")[0], file

    return [file for _moment, file in sorted(found, key=age, reverse=True)]


def good(config: Config, *, unbroken: bool = False) -> Path | None:
    """Returns the newest archive that is undamaged and that this version can read.

    An encrypted archive cannot be checked without its passphrase, so one is returned only if no plain one is
    good. With `unbroken`, archives of databases with broken references are skipped.
    """
    closed = None
    for file in _here(config):
        try:
            if archive.is_encrypted(file):
                closed = closed or file
            else:
                made = archive.checked(file)
                if made.revision in release.schemas() and not (unbroken and made.broken):
                    return file
        except (Refused, OSError):
            continue
    return None if unbroken else closed


def _folders(config: Config) -> set[Path]:
    return {installations.backups(config), installations.backups_of_upgrades(config)}


def _here(config: Config) -> list[Path]:
    """Returns this installation's archives, newest first, or all if it has none, as with a new key.

    Two installations may store archives in one folder, and neither should get the other's data.
    """
    return _ours(config) or archives(*_folders(config))


def _ours(config: Config) -> list[Path]:
    ours = archive.installation_of(config)
    return [file for file in archives(*_folders(config)) if rules.moment_of(file.name, ours)]


def last(config: Config) -> Path | None:
    """Returns this installation's newest archive that is not dated in the future, whether or not it is good."""
    wrong = ahead(config)
    return next((file for file in _ours(config) if file not in wrong), None)


def ahead(config: Config) -> list[Path]:
    """Returns this installation's archives that are dated in the future."""
    now = clock.now()
    return [file for file in _ours(config) if rules.is_ahead(rules.moment_in(file.name) or now, now)]


def advice(config: Config) -> str:
    """Returns one or two sentences with the command to type; blank if there is no archive."""
    if not (said := _advice(config)):
        return ""
    wrong = ", ".join(file.name for file in ahead(config))
    return f"{said} Dated in the future, because a clock was wrong: {wrong}." if wrong else said


def _advice(config: Config) -> str:
    if not archives(*_folders(config)):
        return ""
    file = good(config)
    if file is None:
        return f"No backup in {installations.backups(config)} passes its check: look for copies elsewhere."
    if archive.is_encrypted(file):
        needed = "" if config.BACKUP_PASSPHRASE_FILE else " --passphrase-file PASSPHRASE"
        return f"The newest backup is encrypted: {file}. Stop Engage and type: engage restore{needed} {file}"
    return f"The newest backup that passes its check is {file}. Stop Engage and type: engage restore {file}"


_BESIDE = (
    "They may be another installation's: to begin beside them, set ENGAGE_BACKUP_TO only after engage init. "
)


def refuse_lost(config: Config) -> None:
    """Refuses to start without a database if there are backups: an empty one would hide the loss."""
    if not installations.on_sqlite(config) or installations.database_file(config).exists():
        return
    if said := advice(config):
        # Archives of another key may still be ours, because the key may have been lost with the database.
        beside = "" if _ours(config) else _BESIDE
        raise Refused(
            f"There is no database in {config.DATA}, but there are backups. To start over without them, "
            f"move them away first. {beside}{said}"
        )
