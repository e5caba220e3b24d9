"""Determines where backups are stored."""

from pathlib import Path

from engage.config import Config


def default(config: Config) -> Path:
    """Returns the folder for backups: the one in the settings, else a folder in the data folder."""
    return config.BACKUP_TO or own(config)


def own(config: Config) -> Path:
    """Returns where an upgrade puts the earlier data: inside the data folder, so no other disk is needed."""
    return config.DATA / "backups"
