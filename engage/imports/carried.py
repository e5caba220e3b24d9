"""Carries a file from page to page in a hidden field, so that the server keeps nothing half-finished."""

import base64
import binascii
import zlib

from engage.imports.reading import Trouble, Unreadable
from engage.limits import MOST_FILE_BYTES

# Together with the form it must stay below a request's limit (config.MAX_FORM_MEMORY_SIZE).
MOST_PACKED = 1_900_000


def packed(raw: bytes) -> str:
    """Returns the file as text that a form sends unchanged. Raises Unreadable if it is too large."""
    if len(raw) > MOST_FILE_BYTES:
        raise Unreadable(Trouble.TOO_LARGE)
    text = base64.urlsafe_b64encode(zlib.compress(raw, 6)).decode()
    if len(text) > MOST_PACKED:
        raise Unreadable(Trouble.TOO_LARGE)
    return text


def unpacked(text: str) -> bytes:
    """Returns the file again, at most the size that a file may have. Raises Unreadable."""
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
