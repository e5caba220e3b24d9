"""Names, in the worst hour, the newest backup that passes its check, and the command that restores it.

The database is damaged, gone or of a newer Engage then, and the secret key may be gone, too: nothing here asks either.
"""

from contextlib import suppress
from pathlib import Path

from engage import release
from engage.config import Config
from engage.operations.backup import archive, folders, installations, rules
from engage.operations.refused import Refused


def archives(*within: Path) -> list[Path]:
    """Returns the archives in these folders, of whatever installation, newest first; none where we may not look."""
    found = []
    for folder in within:
        with suppress(OSError):
            found += [(moment, file) for file in folder.iterdir() if (moment := rules.moment_in(file.name))]
    return [file for _moment, file in sorted(found, reverse=True)]


def good(config: Config) -> Path | None:
    """Returns the newest archive whose every byte is as it was written, and that this version can read.

    Without its passphrase an encrypted one cannot be checked: it is returned only if no plain one is good.
    """
    closed = None
    for file in archives(*_folders(config)):
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


def advice(config: Config) -> str:
    """Returns what to type, in a sentence or two; blank where there is no archive at all."""
    if not archives(*_folders(config)):
        return ""
    file = good(config)
    if file is None:
        return f"No backup in {folders.default(config)} passes its check: look for copies elsewhere."
    if archive.is_encrypted(file):
        needed = "" if config.BACKUP_PASSPHRASE_FILE else " --passphrase-file PASSPHRASE"
        return f"The newest backup is encrypted: {file}. Stop Engage and type: engage restore{needed} {file}"
    return f"The newest backup that passes its check is {file}. Stop Engage and type: engage restore {file}"


def refuse_lost(config: Config) -> None:
    """Refuses to begin anew beside backups where the database is gone: that would hide that it was lost."""
    if not installations.on_sqlite(config) or installations.database_file(config).exists():
        return
    if said := advice(config):
        raise Refused(
            f"There is no database in {config.DATA}, but there are backups. To start over without them, "
            f"move them away first. {said}"
        )
