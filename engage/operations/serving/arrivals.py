"""Tells how much of a request has arrived. Plain Python."""

import re
from enum import StrEnum

from engage.limits import MOST_BODY_BYTES

# Browsers and proxies send a tenth of this.
MOST_HEAD_BYTES = 64 * 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_IN_CHUNKS = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)


class Arrival(StrEnum):
    """The stages of an arriving request."""

    PARTLY = "partly"
    WHOLE = "whole"
    # The application refuses such a body by its announced length, and reads none of it.
    TOO_LONG = "too_long"
    # No browser sends this.
    NONSENSE = "nonsense"


def stage(arrived: bytes | bytearray) -> Arrival:
    """Returns the stage of the request that these bytes begin with."""
    end = arrived.find(b"\r\n\r\n", 0, MOST_HEAD_BYTES)
    if end < 0:
        return Arrival.PARTLY if len(arrived) < MOST_HEAD_BYTES else Arrival.NONSENSE
    if end == 0:
        return Arrival.NONSENSE
    head, body = bytes(arrived[: end + 2]), len(arrived) - end - 4
    if _IN_CHUNKS.search(head):
        if arrived.endswith(b"0\r\n\r\n"):
            return Arrival.WHOLE
        return Arrival.PARTLY if body <= MOST_BODY_BYTES else Arrival.NONSENSE
    length = _announced(head)
    if length > MOST_BODY_BYTES:
        return Arrival.TOO_LONG
    return Arrival.WHOLE if body >= length else Arrival.PARTLY


def without_body(arrived: bytes | bytearray) -> tuple[bytes, int]:
    """Returns the head of a request without its body, and how many bytes of the body have yet to arrive."""
    end = arrived.find(b"\r\n\r\n", 0, MOST_HEAD_BYTES) + 4
    head = bytes(arrived[:end])
    return head, _announced(head) - (len(arrived) - end)


def _announced(head: bytes) -> int:
    """Returns the length of the body that the head announces; 0 if it announces none."""
    told = _LENGTH.search(head)
    return int(told[1]) if told else 0
