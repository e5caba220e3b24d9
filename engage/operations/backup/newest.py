"""Names, after a loss, the newest backup that passes its check, and the command that restores it.

The database may then be damaged, gone or of a newer Engage, and the secret key may be new, so nothing here needs
either.
"""

from contextlib import suppress
from pathlib import Path

from engage import release
from engage.config import Config
from engage.operations.backup import archive, folders, installations, rules
from engage.operations.refused import Refused


def archives(*within: Path) -> list[Path]:
    """Returns the archives of any installation in these folders, newest first; none from unreadable folders."""
    found = []
    for folder in within:
        with suppress(OSError):
            found += [(moment, file) for file in folder.iterdir() if (moment := rules.moment_in(file.name))]
    return [file for _moment, file in sorted(found, reverse=True)]


def good(config: Config) -> Path | None:
    """Returns the newest archive that is undamaged and that this version can read.

    An encrypted archive cannot be checked without its passphrase, so it is returned only if no plain one is
    good.
    """
    closed = None
    for file in _here(config):
        try:
            if archive.is_encrypted(file):
                closed = closed or file
            elif archive.checked(file).revision in release.schemas():
                return file
        except (Refused, OSError):
            continue
    return closed


def _folders(config: Config) -> set[Path]:
    return {folders.default(config), folders.own(config)}


def _here(config: Config) -> list[Path]:
    """Returns this installation's archives, newest first, or those of any: with a new key, there are only others.

    Two installations may keep their archives in one folder, and neither should get the other's data.
    """
    return _ours(config) or archives(*_folders(config))


def _ours(config: Config) -> list[Path]:
    ours = archive.installation_of(config)
    return [file for file in archives(*_folders(config)) if rules.moment_of(file.name, ours)]


def advice(config: Config) -> str:
    """Returns in a sentence or two what to type; blank if there is no archive."""
    if not archives(*_folders(config)):
        return ""
    file = good(config)
    if file is None:
        return f"No backup in {folders.default(config)} passes its check: look for copies elsewhere."
    if archive.is_encrypted(file):
        needed = "" if config.BACKUP_PASSPHRASE_FILE else " --passphrase-file PASSPHRASE"
        return f"The newest backup is encrypted: {file}. Stop Engage and type: engage restore{needed} {file}"
    return f"The newest backup that passes its check is {file}. Stop Engage and type: engage restore {file}"


_BESIDE = (
    "They may be another installation's: to begin beside them, set ENGAGE_BACKUP_TO only after engage init. "
)


def refuse_lost(config: Config) -> None:
    """Refuses to start with an empty database if there are backups, because that would hide the loss of the old one."""
    if not installations.on_sqlite(config) or installations.database_file(config).exists():
        return
    if said := advice(config):
        # The key may have been lost with the database, so these may still be ours.
        beside = "" if _ours(config) else _BESIDE
        raise Refused(
            f"There is no database in {config.DATA}, but there are backups. To start over without them, "
            f"move them away first. {beside}{said}"
        )
