"""Makes one verified archive of the whole installation while people go on working, for `engage backup`.

    made = backup.make(config, to=folder, keep=backup_rules.keep_rule("7d4w12m"), passphrase=None)
    made.path, made.manifest, made.removed

Only the first argument is required. It needs no application context. It raises Refused with a one-line
message, and then leaves neither an archive nor a part of one. `archive` defines the file, `restore` restores
it.
"""

import errno
import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path

import psycopg
import sqlalchemy as sa
from msgspec import Struct

from engage import clock, release
from engage.config import Config, cannot_write
from engage.operations.backup import archive, encryption, installations
from engage.operations.backup import rules as backup_rules
from engage.operations.backup.service import snapshot
from engage.operations.daily import runs
from engage.operations.refused import Refused
from engage.operations.rules import RunKind

_PART = ".engage-part-"


class Made(Struct, frozen=True):
    path: Path
    manifest: archive.Manifest
    removed: list[str]


def make(
    config: Config,
    to: Path | None = None,
    *,
    keep: backup_rules.Keep | None = None,
    passphrase: str | None = None,
) -> Made:
    """Makes an archive in `to`, else in the default folder; then deletes old ones by `keep`, unless None."""
    # The address of a PostgreSQL database is not relative to the current folder.
    folder = (to or installations.backups(config)).absolute()
    if folder == config.BACKUP_TO and not folder.is_dir():
        raise Refused(f"ENGAGE_BACKUP_TO is not there: {folder}. Is its disk mounted? Nothing was backed up.")
    with one_line(folder), _working_folder(folder) as work:
        snapshot.refuse_without_room(folder, _needed(config, encrypted=passphrase is not None))
        moment = clock.now()
        database = snapshot.take(config, work)
        manifest = _manifest(config, database, moment, with_key=passphrase is not None)
        packed = _packed(config, work, manifest, database, passphrase)
        path = _named(packed, folder, manifest, moment, encrypted=passphrase is not None)
        removed = _prune(folder, manifest.installation, keep, path.name) if keep else []
    runs.note(config, RunKind.BACKUP, moment, {"bytes": path.stat().st_size, "rows": manifest.rows})
    return Made(path, manifest, removed)


def _needed(config: Config, *, encrypted: bool) -> int:
    """Returns the space needed for the copy, the archive (which usually compresses well) and its encrypted form."""
    return snapshot.size_of(config) * (3 if encrypted else 2) + 1024 * 1024


@contextmanager
def one_line(folder: Path) -> Iterator[None]:
    """Turns errors of the disk or the database into Refused with a one-line message."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise Refused(_full(folder)) from None
        raise Refused(cannot_write(error, folder)) from None
    except sa.exc.DBAPIError as error:
        raise Refused(_database_refused(error.orig or error, folder)) from None
    except (sqlite3.Error, psycopg.Error) as error:
        raise Refused(_database_refused(error, folder)) from None


def _full(folder: Path) -> str:
    return f"The disk of {folder} is full. Nothing was made or changed. Make room and try again."


def _database_refused(error: BaseException, folder: Path) -> str:
    """Returns a message for a database error. A full disk is the folder's, because the copy is made there."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    is_full = isinstance(error, sqlite3.OperationalError) and "full" in first
    return _full(folder) if is_full else f"The database cannot be used: {first}"


@contextmanager
def _working_folder(folder: Path) -> Iterator[Path]:
    """Makes a private folder inside `folder`, and deletes it at the end, along with those of killed runs."""
    folder.mkdir(mode=0o700, exist_ok=True)
    with ExitStack() as working:
        # Only one run may do this at a time: before a new folder is locked, it looks like a killed run's.
        with _locked(folder, wait=True):
            for left in folder.glob(f"{_PART}*"):
                with suppress(FileNotFoundError), _locked(left) as ours:  # its run may have ended just now
                    if ours:
                        shutil.rmtree(left, ignore_errors=True)
            work = Path(tempfile.mkdtemp(prefix=_PART, dir=folder))
            working.callback(shutil.rmtree, work, ignore_errors=True)
            working.enter_context(_locked(work))
        yield work


@contextmanager
def _locked(folder: Path, *, wait: bool = False) -> Iterator[bool]:
    """Locks the folder, and yields False if another run holds the lock."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(descriptor)


def _manifest(config: Config, database: Path, moment: datetime, *, with_key: bool) -> archive.Manifest:
    """Returns the manifest, after checking the copy and counting its rows."""
    tables, broken = installations.looked_through(database)
    return archive.Manifest(
        format=archive.FORMAT,
        made_at=moment.isoformat(),
        version=release.version(),
        revision=installations.revision_of(database),
        engine="sqlite" if installations.on_sqlite(config) else "postgresql",
        installation=archive.installation_of(config),
        tables=tables,
        database_bytes=database.stat().st_size,
        database_sha256=archive.database_sha256(database),
        settings=_settings(config),
        has_secret_key=with_key,
        broken=broken,
    )


def _settings(config: Config) -> dict[str, str]:
    """Returns the settings that a new machine needs, without any secrets."""
    mail = config.MAIL
    sent = (
        {
            "ENGAGE_SMTP_HOST": mail.host,
            "ENGAGE_SMTP_PORT": str(mail.port),
            "ENGAGE_SMTP_TLS": str(mail.security),
            "ENGAGE_SMTP_FROM": mail.sender,
        }
        if mail
        else {}
    )
    return {"ENGAGE_URL": config.URL, "ENGAGE_LEAVE_URL": config.LEAVE_URL, **sent}


def _packed(
    config: Config, work: Path, manifest: archive.Manifest, database: Path, passphrase: str | None
) -> Path:
    """Writes the archive and reads it back from the first byte to the last."""
    plain = work / "archive.zip"
    archive.write(plain, manifest, database, config.SECRET_KEY if passphrase is not None else None)
    database.unlink()
    if passphrase is None:
        archive.checked(plain)
        return plain
    closed = work / "archive.zip.enc"
    with plain.open("rb") as source, archive.opened_for_writing(closed) as target:
        encryption.encrypt(source, target, passphrase)
    plain.unlink()
    again = work / "again.zip"
    with archive.opened_for_writing(again) as target:
        encryption.decrypt(closed, target, passphrase)
    archive.checked(again)
    return closed


def _named(
    packed: Path, folder: Path, manifest: archive.Manifest, moment: datetime, *, encrypted: bool
) -> Path:
    """Renames the archive to its final name; then it is safely on disk."""
    for turn in range(1, 1000):
        path = folder / backup_rules.name_of(manifest.installation, moment, encrypted=encrypted, turn=turn)
        try:
            path.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            continue
        packed.replace(path)
        sync_folder(folder)
        return path
    raise Refused(f"{folder} already contains a thousand backups from this second.")


def sync_folder(folder: Path) -> None:
    """Flushes the folder to disk, so that a rename in it survives a power failure."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _prune(folder: Path, installation: str, keep: backup_rules.Keep, made: str) -> list[str]:
    there = []
    for file in folder.iterdir():
        with suppress(FileNotFoundError):  # another run may have deleted it
            # An empty file is only a name that a killed run had reserved, so it does not count as a backup.
            if file.stat().st_size:
                there.append(file.name)
    gone = backup_rules.to_remove(there, installation, keep, made, clock.now())
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return gone
