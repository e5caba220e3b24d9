"""Locks the installation's data: the server and commands share it, a restore or an upgrade has it alone.

The lock is on the file `lock` in the data folder and ends with the process that holds it, however it ends:

    lock.share(config)             # for as long as this process and its forks live
    with lock.alone(config): ...   # no one else on this machine; on PostgreSQL no other connection either

Both raise Refused with one line. Within a process the lock is one: `alone` inside `alone` is already held.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engage.config import Config, cannot_write
from engage.operations.refused import Refused

# These are the open lock files of the data folders that this process has locked, with whether it is alone.
_held: dict[Path, tuple[int, bool]] = {}

_BUSY = "Engage is running. Stop it (and its timers) on every machine, then try again; nothing was changed."
_ALONE = "A restore or an upgrade is running. Wait until it is done, then try again."


def share(config: Config) -> None:
    """Notes that this process uses the data until it ends. Raises Refused while a restore or an upgrade runs."""
    folder = config.DATA
    if folder not in _held:
        _held[folder] = (_opened(folder, fcntl.LOCK_SH, _ALONE), False)


def hand_on(config: Config) -> None:
    """Lets the program that replaces this process, and processes that it starts, hold the lock as well."""
    os.set_inheritable(_held[config.DATA][0], True)


@contextmanager
def alone(config: Config) -> Iterator[None]:
    """Locks the data for this process alone. Raises Refused if another process uses it."""
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
        raise Refused(words) from None


def _refuse_other_connections(config: Config) -> None:
    """Refuses other connections.

    The file's lock does not cover servers on other machines, but the database knows their connections.
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
        raise Refused(
            f"Other programs are connected to the database ({others}). Stop Engage (and its timers) on every "
            "machine, then try again; nothing was changed."
        )
