"""Checks whether a link still works, without letting anyone reach hosts that only this server can reach.

A name is looked up once, and the connection goes to exactly the address that was found to be public, so a
second DNS answer changes nothing. Each redirect is checked in the same way. Only the request itself is sent:
no cookie, no referrer, nothing about the coalition. Only the head of the answer is read.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor, wait
from string import punctuation
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from msgspec import Struct

from engage.addresses import is_web_address
from engage.documents.links.rules import REDIRECTS, WEB_PORTS, is_public, state_of
from engage.documents.rules import LinkState

HOPS = 5
# These are the seconds for one link and for all links of one press, and the number of links checked at once.
SECONDS, SECONDS_IN_ALL = 6.0, 20.0
AT_ONCE = 4
HEAD_BYTES = 16_384
_PORTS = {"http": 80, "https": 443}


class _Refused(Exception):
    """This server may not connect to the address."""


class Asker(Struct, frozen=True):
    """Limits which addresses are checked. Only tests allow servers on this machine."""

    allows: Callable[[str], bool] = is_public
    ports: Collection[int] = WEB_PORTS
    look_up: Callable[..., Any] = socket.getaddrinfo
    seconds: float = SECONDS
    context: ssl.SSLContext | None = None

    def ask(self, link: str) -> LinkState:
        """Follows the link to its end and returns its state."""
        ends = monotonic() + self.seconds
        try:
            for _hop in range(HOPS + 1):
                status, onward = self._answer(link, ends)
                if status not in REDIRECTS or not onward:
                    return state_of(status)
                link = urljoin(link, onward)
            return LinkState.UNKNOWN
        except _Refused:
            return LinkState.UNKNOWN
        except (OSError, ValueError):  # also a TLS error, or an invalid name
            return LinkState.NO_ANSWER

    def _answer(self, link: str, ends: float) -> tuple[int, str]:
        """Returns the status and the redirect's target; a server that refuses HEAD is asked again with GET."""
        if not is_web_address(link):
            raise _Refused
        parts = urlsplit(link)
        status, onward = self._exchange(parts, "HEAD", ends)
        return self._exchange(parts, "GET", ends) if status >= 400 else (status, onward)

    def _exchange(self, parts: SplitResult, method: str, ends: float) -> tuple[int, str]:
        with self._connected(parts, ends) as connection:
            connection.settimeout(_left(ends))
            connection.sendall(_request(parts, method))
            return _read(_head(connection, ends))

    def _connected(self, parts: SplitResult, ends: float) -> socket.socket:
        host, port = _host(parts), parts.port or _PORTS[parts.scheme]
        if port not in self.ports:
            raise _Refused
        answers = self.look_up(host, port, type=socket.SOCK_STREAM)
        allowed = next((each for each in answers if self.allows(each[4][0])), None)
        if allowed is None:
            raise _Refused
        connection = socket.socket(allowed[0], socket.SOCK_STREAM)
        try:
            connection.settimeout(_left(ends))
            connection.connect(allowed[4])
            if parts.scheme == "https":
                context = self.context or ssl.create_default_context()
                return context.wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise
        return connection


def _left(ends: float) -> float:
    """Returns the seconds that are left, so that a server that answers byte by byte gets no more time than others."""
    left = ends - monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return host if ":" in host else host.encode("idna").decode("ascii")


def _request(parts: SplitResult, method: str) -> bytes:
    host = _host(parts)
    named = f"[{host}]" if ":" in host else host
    port = f":{parts.port}" if parts.port and parts.port != _PORTS[parts.scheme] else ""
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
        connection.settimeout(_left(ends))
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
