"""Tells how much of a request has arrived. Plain Python."""

import re
from enum import StrEnum

from engage.limits import MOST_BODY_BYTES

# Browsers and proxies send a tenth of this.
MOST_HEAD_BYTES = 64 * 1024
# The line before a chunk holds its length; what follows the last chunk is as short.
_MOST_LINE_BYTES = 1024
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)[ \t]*\r\n", re.IGNORECASE)
_MOST_DIGITS = 18
_IN_CHUNKS = re.compile(rb"\r\ntransfer-encoding:", re.IGNORECASE)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})(?:;\w+(?:=\w+)?)*")


class Arrival(StrEnum):
    """The stages of an arriving request."""

    PARTLY = "partly"
    WHOLE = "whole"
    # The application refuses such a body by its announced length, and reads none of it.
    TOO_LONG = "too_long"
    # No browser sends this.
    NONSENSE = "nonsense"


class Arriving(bytearray):
    """The bytes of a request that have arrived so far.

    If they are called whole, whoever reads them must not have to wait for more: a thread would be held. So a length
    counts as Gunicorn counts it, and chunks are followed one by one; an end that lies within a chunk is none.
    """

    _chunk_at = 0  # where the first chunk begins that is not whole, once the head is

    def stage(self) -> Arrival:
        """Returns the stage of the request that these bytes begin with."""
        end = self.find(b"\r\n\r\n", 0, MOST_HEAD_BYTES)
        if end < 0:
            return Arrival.PARTLY if len(self) < MOST_HEAD_BYTES else Arrival.NONSENSE
        if end == 0:
            return Arrival.NONSENSE
        head, body = bytes(self[: end + 2]), len(self) - end - 4
        if _IN_CHUNKS.search(head):
            return self._stage_of_chunks(end + 4)
        digits = _digits(head)
        if len(digits) > _MOST_DIGITS:
            return Arrival.NONSENSE
        if int(digits) > MOST_BODY_BYTES:
            return Arrival.TOO_LONG
        return Arrival.WHOLE if body >= int(digits) else Arrival.PARTLY

    def _stage_of_chunks(self, body_at: int) -> Arrival:
        if len(self) - body_at > MOST_BODY_BYTES:
            return Arrival.NONSENSE
        at = self._chunk_at or body_at
        while (end := self.find(b"\r\n", at, at + _MOST_LINE_BYTES)) >= 0:
            self._chunk_at = at
            line = _CHUNK.fullmatch(self, at, end)
            if not line:
                return Arrival.NONSENSE
            size = int(line[1], 16)
            if size == 0:
                return self._stage_of_last(end)
            at = end + 2 + size + 2
            if len(self) < at:
                return Arrival.PARTLY
            if self[at - 2 : at] != b"\r\n":
                return Arrival.NONSENSE
        self._chunk_at = at
        return Arrival.PARTLY if len(self) - at < _MOST_LINE_BYTES else Arrival.NONSENSE

    def _stage_of_last(self, end: int) -> Arrival:
        """Returns the stage of the last chunk, whose line ends here; an empty line follows, or headers and one."""
        if self.find(b"\r\n\r\n", end, end + _MOST_LINE_BYTES) >= 0:
            return Arrival.WHOLE
        return Arrival.PARTLY if len(self) - end < _MOST_LINE_BYTES else Arrival.NONSENSE

    def without_body(self) -> tuple[bytes, int]:
        """Returns the head without the body, and how many bytes of the body have yet to arrive."""
        end = self.find(b"\r\n\r\n", 0, MOST_HEAD_BYTES) + 4
        head = bytes(self[:end])
        return head, int(_digits(head)) - (len(self) - end)


def _digits(head: bytes) -> bytes:
    """Returns the length of the body that the head announces, as it is written there."""
    told = _LENGTH.search(head)
    return told[1] if told else b"0"
