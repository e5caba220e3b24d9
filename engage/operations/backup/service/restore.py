"""Restores an archive, either in place of the current data or to a temporary place, for `engage restore`.

    restore.check(config, file, passphrase)      # -> Checked; changes nothing of the installation
    restore.put_back(config, file, passphrase)   # -> Restored; the old data is moved aside
    restore.put_back(config, file, to_head=False)  # at the archive's own revision, to undo an upgrade

Both raise Refused with a one-line message and then change nothing. `put_back` holds `lock.alone`, also inside
a caller that already holds it. If it is killed at any moment, either the old or the new data is complete and
in use: the new database is finished and on the disk before one rename (SQLite) or one transaction
(PostgreSQL) switches to it.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from engage import clock, release
from engage.config import Config
from engage.operations import lock
from engage.operations.backup import archive, encryption, installations, pages_answer
from engage.operations.backup.service import snapshot, switching
from engage.operations.backup.service.backup import one_line
from engage.operations.daily import runs
from engage.operations.refused import BadArchive, Refused
from engage.operations.rules import RunKind

_WORK = "restoring-"


class Checked(Struct, frozen=True):
    """An archive that can be restored; `pages` is how many pages of the application worked with its data."""

    manifest: archive.Manifest
    pages: int


class RestoredBackup(Struct, frozen=True):
    """The result; `aside` is where the old data was moved, None if there was none.

    `new_key` means that the archive's secret key replaced this machine's.
    """

    manifest: archive.Manifest
    aside: str | None
    new_key: bool


def check(config: Config, file: Path, passphrase: str | None = None) -> Checked:
    """Restores the archive to a temporary folder, migrates, checks every row and requests the main pages."""
    with one_line(config.DATA), _unpacked(config, file, passphrase) as (work, manifest, key):
        _made_ready(config, work, manifest, to_head=True)
        own = installations.beside(config, work)
        own.SECRET_KEY = key or own.SECRET_KEY
        pages = pages_answer.ask(own)
    runs.note(config, RunKind.CHECK, clock.now(), {"pages": pages, "rows": manifest.rows})
    return Checked(manifest, pages)


def put_back(
    config: Config,
    file: Path,
    passphrase: str | None = None,
    *,
    from_elsewhere: bool = False,
    to_head: bool = True,
) -> RestoredBackup:
    """Replaces the current data with the archive's, and moves the old data aside."""
    with one_line(config.DATA), lock.alone(config):
        _remove_leftovers(config.DATA)
        with _unpacked(config, file, passphrase) as (work, manifest, key):
            elsewhere = manifest.installation != archive.installation_of(config)
            if elsewhere and not from_elsewhere and switching.holds_accounts(config):
                raise Refused(
                    f"{file.name} is from another installation ({manifest.settings.get('ENGAGE_URL', 'unknown')}). "
                    "To replace this one with it, add: --from-elsewhere"
                )
            if manifest.broken and not installations.on_sqlite(config):
                raise Refused(
                    f"{file.name} can only be restored to SQLite, because rows refer to rows that are missing: "
                    f"{manifest.broken}. Unset ENGAGE_DATABASE_URL, or restore an earlier backup."
                )
            _made_ready(config, work, manifest, to_head=to_head)
            # With microseconds, because one restore may follow another within a second.
            stamp = f"{clock.now():%Y%m%dT%H%M%S%fZ}"
            new_key = key if key is not None and key != config.SECRET_KEY else None
            aside = switching.switch(config, work / archive.DATABASE, stamp, new_key)
            # The restored data contains no record of the backup that it comes from.
            counts = {"bytes": file.stat().st_size, "rows": manifest.rows}
            runs.note(config, RunKind.BACKUP, manifest.moment, counts)
            return RestoredBackup(manifest, aside, new_key is not None)


def _remove_leftovers(folder: Path) -> None:
    """Deletes what killed restores left behind. No other restore can be running."""
    for left in folder.glob(f"{_WORK}*"):
        shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _unpacked(
    config: Config, file: Path, passphrase: str | None
) -> Iterator[tuple[Path, archive.Manifest, str | None]]:
    """Yields a temporary folder with the archive's database, its manifest and its secret key."""
    encrypted = archive.is_encrypted(file)
    if encrypted and passphrase is None:
        raise Refused(f"{file.name} is encrypted. Name its passphrase's file: --passphrase-file FILE")
    work = Path(tempfile.mkdtemp(prefix=_WORK if lock.is_alone(config) else "checking-", dir=config.DATA))
    try:
        plain = file
        if encrypted and passphrase is not None:
            snapshot.refuse_without_room(config.DATA, 2 * file.stat().st_size)
            plain = work / file.name
            with archive.opened_for_writing(plain) as target:
                encryption.decrypt(file, target, passphrase)
        manifest = archive.verified(plain)
        if manifest.revision not in release.schemas():
            raise BadArchive(
                f"{file.name} is from a newer Engage ({manifest.version}, revision {manifest.revision}) than "
                "this one. Upgrade Engage first; nothing was changed."
            )
        snapshot.refuse_without_room(config.DATA, 3 * manifest.database_bytes)
        _manifest, key = archive.unpack(plain, work)
        yield work, manifest, key
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _made_ready(config: Config, work: Path, manifest: archive.Manifest, *, to_head: bool) -> None:
    """Checks rows and references (except those marked as broken), then migrates to this version."""
    database = work / archive.DATABASE
    counted = installations.counted(database, marked=manifest.broken)
    if counted != manifest.tables or installations.revision_of(database) != manifest.revision:
        raise BadArchive("The backup does not contain the rows it should. Use another one.")
    if to_head:  # needed even if nothing is migrated, because a backup contains no search index
        installations.migrate(installations.beside(config, work))
        installations.counted(database, marked=manifest.broken)
