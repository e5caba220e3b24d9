"""Finds leftover copies of all the data in the data folder, and removes them when they are old.

A killed command left them, or a restore put the earlier data aside. They often fill a server's disk, and
still contain data that was deleted for good.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from engage.operations.rules import LEFTOVERS_KEPT

# These names are made in `backup.service` (backup, restore, switching and upgrade) and in `callers`.
NAMES = (
    "before-restore-*",
    "restoring-*",
    "checking-*",
    "handed-over-*",
    "upgrading-*",
    "backups/.engage-part-*",
)


def folders(data: Path) -> list[Path]:
    """Returns the folders that hold such copies, oldest first. Raises OSError if we may not read the data folder."""
    found = [folder for name in NAMES for folder in data.glob(name) if folder.is_dir()]
    return sorted(found, key=lambda folder: folder.stat().st_mtime)


def size(folder: Path) -> int:
    """Returns the total size in bytes of the files in the folder."""
    return sum(file.stat().st_size for file in folder.glob("*") if file.is_file())


def prune(now: datetime) -> int:
    """Removes copies that nothing wrote to for `LEFTOVERS_KEPT`; returns the number of removed ones."""
    gone = 0
    for folder in folders(current_app.config["DATA"]):
        if datetime.fromtimestamp(folder.stat().st_mtime, UTC) < now - LEFTOVERS_KEPT:
            shutil.rmtree(folder)
            gone += 1
    return gone
