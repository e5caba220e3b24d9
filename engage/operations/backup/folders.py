"""Says where backups lie."""

from pathlib import Path

from engage.config import Config


def default(config: Config) -> Path:
    """Returns where backups go: the folder that is set, else the data folder's own."""
    return config.BACKUP_TO or own(config)


def own(config: Config) -> Path:
    """Returns where an upgrade keeps what was before: it does not wait for another disk."""
    return config.DATA / "backups"
