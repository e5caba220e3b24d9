"""Finds copies of all data that are left over in the data folder, and deletes old ones.

They were left by killed commands, or were moved aside by a restore. They use a server's disk, and still
contain data that was deleted for good.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from engage.operations.rules import LEFTOVERS_KEPT

# These prefixes are used in `backup.service` (backup, restore, switching and upgrade) and in `callers`.
NAMES = (
    "before-restore-*",
    "restoring-*",
    "checking-*",
    "handed-over-*",
    "upgrading-*",
    "backups/.engage-part-*",
)


def folders(data: Path) -> list[Path]:
    """Returns folders with such copies, oldest first. Raises OSError if the data folder cannot be read."""
    found = [folder for name in NAMES for folder in data.glob(name) if folder.is_dir()]
    return sorted(found, key=lambda folder: folder.stat().st_mtime)


def size(folder: Path) -> int:
    """Returns the total size of the files in the folder, in bytes."""
    return sum(file.stat().st_size for file in folder.glob("*") if file.is_file())


def prune(now: datetime) -> int:
    """Deletes copies that were not written to for `LEFTOVERS_KEPT`; returns how many."""
    gone = 0
    for folder in folders(current_app.config["DATA"]):
        if datetime.fromtimestamp(folder.stat().st_mtime, UTC) < now - LEFTOVERS_KEPT:
            shutil.rmtree(folder)
            gone += 1
    return gone
