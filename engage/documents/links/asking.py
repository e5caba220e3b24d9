"""Checks whether a link still works, without letting anyone reach hosts that only this server can reach.

A name is looked up once, and the connection goes to exactly the address that was found to be public, so a
second DNS answer changes nothing. Each redirect is checked in the same way. Only the request itself is sent:
no cookie, no referrer, nothing about the coalition. Only the head of the answer is read.
"""

import socket
import threading
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor, wait
from string import punctuation
from time import monotonic
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from engage.addresses import is_web_address
from engage.documents.rules import REDIRECTS, LinkState, state_of
from engage.web.outgoing import PORTS, Guard, HostRefused, host_of, left

HOPS = 5
# Seconds for one link, seconds for all links that one button press checks, and links checked at once.
SECONDS, SECONDS_IN_ALL = 6.0, 20.0
AT_ONCE = 4
HEAD_BYTES = 16_384


class Asker(Guard, frozen=True):
    """Limits which addresses are checked. Only tests allow servers on this machine."""

    seconds: float = SECONDS

    def ask(self, link: str) -> LinkState:
        """Follows the link through its redirects and returns its state."""
        ends = monotonic() + self.seconds
        try:
            for _hop in range(HOPS + 1):
                status, onward = self._answer(link, ends)
                if status not in REDIRECTS or not onward:
                    return state_of(status)
                link = urljoin(link, onward)
            return LinkState.UNKNOWN
        except HostRefused:
            return LinkState.UNKNOWN
        except (OSError, ValueError):  # also for a TLS error or an invalid name
            return LinkState.NO_ANSWER

    def _answer(self, link: str, ends: float) -> tuple[int, str]:
        """Returns the status and the redirect's target. Asks again with GET if the server refuses HEAD."""
        if not is_web_address(link):
            raise HostRefused
        parts = urlsplit(link)
        status, onward = self._exchange(parts, "HEAD", ends)
        return self._exchange(parts, "GET", ends) if status >= 400 else (status, onward)

    def _exchange(self, parts: SplitResult, method: str, ends: float) -> tuple[int, str]:
        with self.connected(parts, ends) as connection:
            connection.settimeout(left(ends))
            connection.sendall(_request(parts, method))
            return _read(_head(connection, ends))


def _request(parts: SplitResult, method: str) -> bytes:
    host = host_of(parts)
    named = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port and parts.port != PORTS[parts.scheme] else ""
    path = quote(parts.path or "/", safe=punctuation) + (
        f"?{quote(parts.query, safe=punctuation)}" if parts.query else ""
    )
    lines = (
        f"{method} {path} HTTP/1.1",
        f"Host: {named}{port}",
        "User-Agent: Engage link check",
        "Accept: */*",
        "Connection: close",
    )
    return "\r\n".join((*lines, "", "")).encode("ascii")


def _head(connection: socket.socket, ends: float) -> bytes:
    """Returns the answer up to the end of its head, at most HEAD_BYTES."""
    read = b""
    while b"\r\n\r\n" not in read and len(read) < HEAD_BYTES:
        connection.settimeout(left(ends))
        more = connection.recv(4096)
        if not more:
            break
        read += more
    return read[:HEAD_BYTES].partition(b"\r\n\r\n")[0]


def _read(head: bytes) -> tuple[int, str]:
    """Returns the status and the *Location* of an answer. Raises ValueError if it is no HTTP answer."""
    first, *lines = head.decode("latin-1").split("\r\n")
    protocol, _space, rest = first.partition(" ")
    if not protocol.startswith("HTTP/1."):
        raise ValueError(protocol[:20])
    fields = (line.partition(":") for line in lines)
    onward = next((value.strip() for name, _colon, value in fields if name.strip().lower() == "location"), "")
    return int(rest[:3]), onward


USUAL = Asker()
# A check holds one of the server's threads for some seconds, so only one runs at a time.
_place = threading.BoundedSemaphore(1)


class Busy(Exception):
    """Another check is running."""


def states(links: Collection[str]) -> dict[str, LinkState]:
    """Returns the state of each link that answered within SECONDS_IN_ALL. Raises Busy. It runs no query."""
    if not _place.acquire(blocking=False):
        raise Busy
    pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="links")
    try:
        asked = {link: pool.submit(USUAL.ask, link) for link in dict.fromkeys(links)}
        done, _waiting = wait(asked.values(), timeout=SECONDS_IN_ALL)
        return {link: future.result() for link, future in asked.items() if future in done}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        _place.release()
