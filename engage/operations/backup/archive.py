"""Reads and writes an archive: a zip file with a database as an SQLite file and a manifest.

It contains `manifest.json`, `engage.db` and, if it is encrypted, the `secret_key`. The zip's comment is the
SHA-256 of all bytes before it, which reveals any missing or changed byte. An encrypted archive is one line
with a wrapped key, followed by an age stream (see `encryption`). The database is always SQLite's, so that the
archive can be restored to either engine and checked without a server.
"""

import hashlib
import hmac
import json
import os
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

import msgspec
from msgspec import Struct
from msgspec.structs import asdict

from engage.config import Config
from engage.operations.backup import encryption
from engage.operations.refused import BadArchive

FORMAT = 1
DATABASE = "engage.db"
_MARK = b"engage-sha256:"
_COMMENT = len(_MARK) + 64
_CHUNK = 1024 * 1024


class Manifest(Struct, frozen=True, kw_only=True):
    """The manifest of an archive.

    `tables` is the number of rows by table; `installation` is from `installation_of`. `broken` names broken
    references that the database had when it was backed up.
    """

    format: int
    made_at: str
    version: str
    revision: str
    engine: str
    installation: str
    database_bytes: int
    database_sha256: str
    tables: dict[str, int]
    settings: dict[str, str]
    has_secret_key: bool
    broken: str = ""

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.made_at).astimezone(UTC)

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def installation_of(config: Config) -> str:
    """Returns a short name of the installation, derived from its secret key without revealing it."""
    return hmac.new(config.SECRET_KEY.encode(), b"engage installation", hashlib.sha256).hexdigest()[:8]


@contextmanager
def opened_for_writing(path: Path) -> Iterator[IO[bytes]]:
    """Opens a new file that only this user can read. When it is closed, its bytes are on the disk."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w+b") as file:
        yield file
        file.flush()
        os.fsync(descriptor)


def write(path: Path, manifest: Manifest, database: Path, secret_key: str | None) -> None:
    """Writes a plain archive to `path`, which must not exist."""
    with opened_for_writing(path) as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("manifest.json", json.dumps(asdict(manifest), indent=1))
            packed.write(database, DATABASE)
            if secret_key is not None:
                packed.writestr("secret_key", secret_key + "\n")
        file.seek(0)
        comment = _MARK + _sha256(file).encode()
        # A zip without a comment ends in two bytes that give its length.
        file.seek(-2, os.SEEK_END)
        file.write(len(comment).to_bytes(2, "little") + comment)


def _sha256(file: IO[bytes], size: int | None = None) -> str:
    digest, left = hashlib.sha256(), size
    while chunk := file.read(_CHUNK if left is None else min(_CHUNK, left)):
        digest.update(chunk)
        left = None if left is None else left - len(chunk)
    return digest.hexdigest()


def is_encrypted(path: Path) -> bool:
    """Returns whether reading the archive takes a passphrase. Raises Refused if it cannot be read at all."""
    try:
        with path.open("rb") as file:
            return file.read(len(encryption.MAGIC)) == encryption.MAGIC
    except OSError as error:
        raise BadArchive(f"{path} cannot be read ({error.strerror}).") from None


def verified(path: Path) -> Manifest:
    """Returns a plain archive's manifest if no byte was changed. Raises Refused."""
    with path.open("rb") as file:
        start, size = file.read(4), file.seek(0, os.SEEK_END)
        if start != b"PK\x03\x04":
            raise BadArchive(f"{path.name} is not an Engage backup.")
        if not _whole(file, size):
            raise BadArchive(
                f"{path.name} was cut off or changed, or is not an Engage backup. Use another one."
            )
    with _opened(path) as packed:
        return _manifest(path.name, packed.read("manifest.json"))


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Opens an archive for reading. Raises Refused if parts are missing or another program wrote it."""
    try:
        with zipfile.ZipFile(path) as packed:
            yield packed
    except (KeyError, ValueError, msgspec.ValidationError, zipfile.BadZipFile, zlib.error):
        raise BadArchive(f"{path.name} is not an Engage backup.") from None


def _whole(file: IO[bytes], size: int) -> bool:
    """Returns whether the file ends with the digest of everything before it."""
    if size <= _COMMENT + 2:
        return False
    file.seek(-_COMMENT - 2, os.SEEK_END)
    end = file.read()
    if end[:2] != _COMMENT.to_bytes(2, "little") or not end[2:].startswith(_MARK):
        return False
    file.seek(0)
    digest = hashlib.sha256()
    left = size - _COMMENT - 2
    while left:
        chunk = file.read(min(_CHUNK, left))
        digest.update(chunk)
        left -= len(chunk)
    digest.update(b"\0\0")
    return digest.hexdigest().encode() == end[2 + len(_MARK) :]


def _manifest(name: str, raw: bytes) -> Manifest:
    said = json.loads(raw)
    if msgspec.convert(said, dict[str, object]).get("format") != FORMAT:
        raise BadArchive(
            f"{name} was made by a newer Engage and cannot be read by this one. Upgrade Engage first."
        )
    return msgspec.convert(said, Manifest)


def unpack(path: Path, folder: Path) -> tuple[Manifest, str | None]:
    """Unpacks the database of a plain archive into `folder`.

    Returns its manifest and, if it has one, its secret key.
    """
    manifest = verified(path)
    with _opened(path) as packed:
        digest = hashlib.sha256()
        with packed.open(DATABASE) as source, opened_for_writing(folder / DATABASE) as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
        key = packed.read("secret_key").decode().strip() if manifest.has_secret_key else None
    if digest.hexdigest() != manifest.database_sha256:
        raise BadArchive(
            f"The database in {path.name} was damaged or changed after the backup. Use another backup."
        )
    return manifest, key


def checked(path: Path) -> Manifest:
    """Reads a whole plain archive and its database; returns its manifest. Raises Refused."""
    manifest = verified(path)
    with _opened(path) as packed, packed.open(DATABASE) as source:
        if _sha256(source) != manifest.database_sha256:
            raise BadArchive(
                f"The database in {path.name} was damaged or changed after the backup. Use another backup."
            )
    return manifest


def database_sha256(database: Path) -> str:
    with database.open("rb") as file:
        return _sha256(file)
