"""Passes the file from page to page in a hidden field, so that the server stores no unfinished import."""

import base64
import binascii
import zlib
from collections.abc import Mapping
from enum import StrEnum

from engage.imports.reading import Trouble, Unreadable
from engage.limits import MOST_FILE_BYTES

# This file and the other fields must stay below a request's limit (config.MAX_FORM_MEMORY_SIZE).
MOST_PACKED = 1_900_000


class FileKind(StrEnum):
    """The kinds of files, by how they begin. A table is a CSV file or pasted rows."""

    TABLE = "table"
    WORKBOOK = "workbook"
    JSON = "json"
    CONTACTS = "contacts"


_BEGINS = {b"PK": FileKind.WORKBOOK, b"{": FileKind.JSON, b"BEGIN:VCARD": FileKind.CONTACTS}


def kind(said: Mapping[str, str]) -> FileKind:
    """Returns what kind of file a request carries."""
    raw = unpacked(said["carried"]).lstrip()
    return next((each for sign, each in _BEGINS.items() if raw.startswith(sign)), FileKind.TABLE)


def packed(raw: bytes) -> str:
    """Returns the file as text for a hidden field. Raises Unreadable if the text is too large."""
    if len(raw) > MOST_FILE_BYTES:
        raise Unreadable(Trouble.TOO_LARGE)
    text = base64.urlsafe_b64encode(zlib.compress(raw, 6)).decode()
    if len(text) > MOST_PACKED:
        raise Unreadable(Trouble.TOO_LARGE)
    return text


def unpacked(text: str) -> bytes:
    """Returns the file that `packed` packed, up to the size limit of files. Raises Unreadable."""
    try:
        reader = zlib.decompressobj()
        raw = reader.decompress(
            base64.b64decode(text.encode("ascii"), altchars=b"-_", validate=True), MOST_FILE_BYTES + 1
        )
    except (ValueError, binascii.Error, zlib.error):
        raise Unreadable(Trouble.LOST) from None
    if len(raw) > MOST_FILE_BYTES or not reader.eof:
        raise Unreadable(Trouble.LOST)
    return raw
