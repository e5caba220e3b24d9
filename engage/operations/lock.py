"""Locks the data folder: server and commands share the lock; a restore or an upgrade takes it alone.

The lock is on the file `lock` in the data folder, and ends with the process that holds it:

    lock.share(config)             # until this process and its forks end
    with lock.alone(config): ...   # no other process on this machine, no other PostgreSQL connection

Both raise Refused with a one-line message. A process that already holds `alone` may use it again inside.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engage.config import Config, cannot_write
from engage.operations.refused import Busy, Refused

# The lock files that this process has open, by data folder, with whether the lock is held alone.
_held: dict[Path, tuple[int, bool]] = {}

_BUSY = "Engage is running. Stop it (and its timers) on every machine, then try again; nothing was changed."
_ALONE = "A restore or an upgrade is running. Wait until it is done, then try again."


def share(config: Config) -> None:
    """Shares the lock until this process ends. Raises Refused while a restore or an upgrade runs."""
    folder = config.DATA
    if folder not in _held:
        _held[folder] = (_opened(folder, fcntl.LOCK_SH, _ALONE), False)


@contextmanager
def alone(config: Config) -> Iterator[None]:
    """Takes the lock alone. Raises Refused if another process uses the data."""
    folder = config.DATA
    descriptor, already = _held.get(folder, (None, False))
    if already:
        yield
        return
    if descriptor is None:
        mine = _opened(folder, fcntl.LOCK_EX, _BUSY)
    else:
        mine = descriptor
        _lock(mine, fcntl.LOCK_EX, _BUSY)
    _held[folder] = (mine, True)
    try:
        _refuse_other_connections(config)
        yield
    finally:
        if descriptor is None:
            del _held[folder]
            os.close(mine)
        else:
            _held[folder] = (mine, False)
            _lock(mine, fcntl.LOCK_SH, _ALONE)


def is_alone(config: Config) -> bool:
    """Returns whether this process holds the lock alone."""
    return _held.get(config.DATA, (0, False))[1]


def _opened(folder: Path, kind: int, words: str) -> int:
    try:
        descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Refused(cannot_write(error)) from None
    try:
        _lock(descriptor, kind, words)
    except Refused:
        os.close(descriptor)
        raise
    return descriptor


def _lock(descriptor: int, kind: int, words: str) -> None:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        raise Busy(words) from None


def _refuse_other_connections(config: Config) -> None:
    """Refuses to continue if the PostgreSQL database has other connections.

    Servers on other machines do not see the file's lock, but the database knows their connections.
    """
    if config.SQLALCHEMY_DATABASE_URI.startswith("sqlite"):
        return
    import sqlalchemy as sa

    engine = sa.create_engine(config.SQLALCHEMY_DATABASE_URI, poolclass=sa.pool.NullPool)
    with engine.connect() as connection:
        others = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).scalar_one()
    if others:
        raise Busy(
            f"Other programs are connected to the database ({others}). Stop Engage (and its timers) on every "
            "machine, then try again; nothing was changed."
        )
