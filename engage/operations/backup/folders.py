"""Says where backups are stored."""

from pathlib import Path

from engage.config import Config


def default(config: Config) -> Path:
    """Returns where backups go: the folder in the settings, else the data folder's own."""
    return config.BACKUP_TO or own(config)


def own(config: Config) -> Path:
    """Returns where an upgrade keeps the earlier data: the data folder, which needs no other disk."""
    return config.DATA / "backups"
