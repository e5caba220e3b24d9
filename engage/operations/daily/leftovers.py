"""Finds whole copies of the data that lie in the data folder, and removes them when they are old.

A command that was killed left them, or a restore put the data from before aside. A server's full disk is often theirs,
and what was deleted for good is still in them.
"""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from engage.operations.rules import LEFTOVERS_KEPT

# The names are made in `backup.service`: backup, restore, switching and upgrade, and in `callers`.
NAMES = (
    "before-restore-*",
    "restoring-*",
    "checking-*",
    "handed-over-*",
    "upgrading-*",
    "backups/.engage-part-*",
)


def folders(data: Path) -> list[Path]:
    """Returns the folders that hold such copies, oldest first. Raises OSError where the data folder is closed to us."""
    found = [folder for name in NAMES for folder in data.glob(name) if folder.is_dir()]
    return sorted(found, key=lambda folder: folder.stat().st_mtime)


def size(folder: Path) -> int:
    """Returns the bytes of the files in it."""
    return sum(file.stat().st_size for file in folder.glob("*") if file.is_file())


def prune(now: datetime) -> int:
    """Removes those that nothing wrote to for `LEFTOVERS_KEPT`; returns how many."""
    gone = 0
    for folder in folders(current_app.config["DATA"]):
        if datetime.fromtimestamp(folder.stat().st_mtime, UTC) < now - LEFTOVERS_KEPT:
            shutil.rmtree(folder)
            gone += 1
    return gone
