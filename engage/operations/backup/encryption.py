"""Encrypts archives: an age stream with a key of its own, which is wrapped with the passphrase.

The first line is `engage-encrypted-1 SALT WRAPPED`. argon2id derives as many bytes as the age key has from
passphrase and salt; WRAPPED is the XOR of both. Passphrases of age itself need half a gigabyte of memory,
which small servers do not have; this needs 64 MB. age detects every changed or missing byte.
"""

import base64
import secrets
from pathlib import Path
from typing import IO

from engage.config import ConfigError
from engage.operations.refused import BadArchive, Refused

MAGIC = b"engage-encrypted-1 "
SHORTEST_PASSPHRASE = 12
_SALT = 16
_LONGEST_LINE = 400


def passphrase_in(file: Path) -> str:
    """Returns the first line of the file that the setting names. Raises ConfigError."""
    try:
        lines = file.read_text(errors="replace").splitlines()
    except OSError as error:
        raise ConfigError(
            f"ENGAGE_BACKUP_PASSPHRASE_FILE cannot be read ({error.strerror}): {file}. "
            "The user that owns the data has to read it."
        ) from None
    return lines[0] if lines else ""


def _laid_over(text: bytes, passphrase: str, salt: bytes) -> bytes:
    """Returns the XOR of `text` and bytes derived from the passphrase; applying it twice returns the text."""
    from argon2.low_level import Type, hash_secret_raw

    stream = hash_secret_raw(passphrase.encode(), salt, 4, 64 * 1024, 1, len(text), Type.ID)
    return bytes(a ^ b for a, b in zip(text, stream, strict=True))


def encrypt(source: IO[bytes], target: IO[bytes], passphrase: str) -> None:
    """Encrypts the archive. Raises Refused for a passphrase that is too short to be safe."""
    import pyrage

    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refused(f"The passphrase needs at least {SHORTEST_PASSPHRASE} characters.")
    key, salt = pyrage.x25519.Identity.generate(), secrets.token_bytes(_SALT)
    wrapped = _laid_over(str(key).encode(), passphrase, salt)
    target.write(MAGIC + base64.b64encode(salt) + b" " + base64.b64encode(wrapped) + b"\n")
    pyrage.encrypt_io(source, target, [key.to_public()])


def decrypt(path: Path, target: IO[bytes], passphrase: str) -> None:
    """Decrypts the archive. Raises Refused for a wrong passphrase, or if any byte has changed."""
    import pyrage

    with path.open("rb") as source:
        line = source.readline(_LONGEST_LINE)
        try:
            salt, wrapped = map(base64.b64decode, line.removeprefix(MAGIC).split())
            key = pyrage.x25519.Identity.from_str(_laid_over(wrapped, passphrase, salt).decode())
        except Exception:  # a wrong passphrase does not give a valid key
            raise Refused(
                f"The passphrase does not open {path.name}, or its first line is damaged."
            ) from None
        try:
            pyrage.decrypt_io(source, target, [key])
        except (pyrage.DecryptError, OSError) as error:
            # Errors with a number are the disk's; all others are age's messages about the content.
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise BadArchive(f"{path.name} was cut off or changed. Use another one.") from None
