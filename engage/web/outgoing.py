"""Connects to other servers, without letting anyone reach hosts that only this server can reach.

A name is looked up once, and the connection goes to exactly the address that was found to be public, so a
second DNS answer changes nothing. No redirect is followed.
"""

import io
import json
import socket
import ssl
from collections.abc import Callable, Collection, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic
from typing import Any
from urllib.parse import SplitResult, urlsplit

from msgspec import Struct

from engage.addresses import is_public, is_web_address

# Other ports belong to other services, so addresses with other ports are refused.
WEB_PORTS = frozenset({80, 443})
PORTS = {"http": 80, "https": 443}
MOST_BYTES = 256 * 1024


class HostRefused(Exception):
    """This server may not connect to the address."""


class NoAnswer(Exception):
    """The other server did not answer in time, or not with what was asked for."""


class Guard(Struct, frozen=True):
    """Limits which servers are connected to; `context` is for tests of TLS."""

    allows: Callable[[str], bool] = is_public
    ports: Collection[int] | None = WEB_PORTS
    look_up: Callable[..., Any] = socket.getaddrinfo
    context: ssl.SSLContext | None = None

    def connected(self, parts: SplitResult, ends: float) -> socket.socket:
        """Returns a connection to the address's server. Raises HostRefused, and OSError."""
        host, port = host_of(parts), parts.port or PORTS[parts.scheme]
        if self.ports is not None and port not in self.ports:
            raise HostRefused
        answers = self.look_up(host, port, type=socket.SOCK_STREAM)
        allowed = next((each for each in answers if self.allows(each[4][0])), None)
        if allowed is None:
            raise HostRefused
        connection = socket.socket(allowed[0], socket.SOCK_STREAM)
        try:
            connection.settimeout(left(ends))
            connection.connect(allowed[4])
            if parts.scheme == "https":
                context = self.context or ssl.create_default_context()
                return context.wrap_socket(connection, server_hostname=host)
        except BaseException:
            connection.close()
            raise
        return connection

    def fetch(
        self,
        address: str,
        *,
        body: str | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float,
    ) -> tuple[int, dict[str, Any]]:
        """Returns the status and the JSON object of an answer; with `body`, an encoded form, it posts.

        Raises NoAnswer, also for a redirect, an answer that is too long, and one that is no JSON object.
        """
        try:
            status, text = self._asked(address, body, headers or {}, monotonic() + seconds)
            found = json.loads(text)
        except (HostRefused, OSError, HTTPException, ValueError, RecursionError) as error:
            raise NoAnswer(type(error).__name__) from None
        if len(text) > MOST_BYTES or not isinstance(found, dict) or 300 <= status < 400:
            raise NoAnswer(str(status))
        return status, found

    def _asked(
        self, address: str, body: str | None, headers: Mapping[str, str], ends: float
    ) -> tuple[int, bytes]:
        if not is_web_address(address):
            raise HostRefused
        parts = urlsplit(address)
        kind = {} if body is None else {"Content-Type": "application/x-www-form-urlencoded"}
        with self.connected(parts, ends) as connection:
            asking = HTTPConnection(host_of(parts), parts.port or PORTS[parts.scheme])
            asking.sock = connection
            connection.settimeout(left(ends))
            asking.request(
                "GET" if body is None else "POST",
                (parts.path or "/") + (f"?{parts.query}" if parts.query else ""),
                body,
                {
                    "Host": parts.netloc,
                    "Accept": "application/json",
                    "Connection": "close",
                    **kind,
                    **headers,
                },
            )
            reader: Any = _Reader(connection, ends)
            answer = HTTPResponse(reader)
            answer.begin()
            return answer.status, answer.read(MOST_BYTES + 1)


class _Reader(io.RawIOBase):
    """Reads from a connection until a moment: a server that answers byte by byte gets no more time than others."""

    def __init__(self, connection: socket.socket, ends: float) -> None:
        super().__init__()
        self._connection, self._ends = connection, ends

    def makefile(self, _mode: str) -> io.BufferedReader:
        """Returns what HTTPResponse reads from."""
        return io.BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self._connection.settimeout(left(self._ends))
        return self._connection.recv_into(buffer)


def left(ends: float) -> float:
    """Returns the remaining seconds. A server that answers byte by byte gets no more time than others."""
    remaining = ends - monotonic()
    if remaining <= 0:
        raise TimeoutError
    return remaining


def host_of(parts: SplitResult) -> str:
    host = parts.hostname or ""
    return host if ":" in host else host.encode("idna").decode("ascii")
