"""Generates a small load: keep-alive connections to loopback, bounded in requests, latencies in milliseconds."""

import http.client
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(frozen=True)
class Request:
    """A request, with the cookies of a signed-in browser."""

    method: str
    path: str
    headers: dict[str, str]
    body: str = ""

    @classmethod
    def get(cls, path: str, cookie: str = "") -> "Request":
        return cls("GET", path, {"Cookie": cookie, "Accept-Encoding": "br"})

    @classmethod
    def post(cls, path: str, cookie: str, fields: dict[str, str], *, htmx: bool = False) -> "Request":
        headers = cls.get(path, cookie).headers | {"Content-Type": "application/x-www-form-urlencoded"}
        return cls("POST", path, headers | ({"HX-Request": "true"} if htmx else {}), urlencode(fields))


Make = Callable[[int], Request]


@dataclass
class Measured:
    """Milliseconds of each answer, and of the processor's time for it; requests a second; how many failed."""

    latencies: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    per_second: float = 0
    failed: int = 0

    @property
    def p50(self) -> float:
        return percentile(self.latencies, 50)


def percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def connect(port: int) -> http.client.HTTPConnection:
    return http.client.HTTPConnection("127.0.0.1", port, timeout=120)


def one(connection: http.client.HTTPConnection, request: Request) -> tuple[int, bytes, float]:
    """Returns status, the answer's body and milliseconds."""
    started = time.perf_counter()
    connection.request(request.method, request.path, body=request.body or None, headers=request.headers)
    answer = connection.getresponse()
    body = answer.read()
    return answer.status, body, (time.perf_counter() - started) * 1000


def together(threads: Iterable[threading.Thread]) -> None:
    """Starts all of them, and waits for their ends."""
    running = list(threads)
    for each in running:
        each.start()
    for each in running:
        each.join()


def measure(
    port: int, make: Make, *, requests: int, connections: int = 1, worked: Callable[[], float] = lambda: 0
) -> Measured:
    """Sends so many requests over so many connections, for twelve seconds at most; a tenth more warms up first.

    `worked` tells the milliseconds that the server's processor took so far.
    """
    done, warm, with_each = Measured(), max(3, requests // 10), -(-requests // connections)
    stop_at = time.monotonic() + 12

    def send(first: int, many: int, into: Measured) -> None:
        connection = connect(port)
        for turn in range(first, first + many):
            before = worked()
            status, _body, taken = one(connection, make(turn))
            into.worked.append(worked() - before)
            into.latencies.append(taken)
            into.failed += status >= 400
            if time.monotonic() > stop_at:
                break
        connection.close()

    send(0, warm, Measured())
    started = time.perf_counter()
    firsts = range(warm, warm + connections * with_each, with_each)
    together(threading.Thread(target=send, args=(first, with_each, done)) for first in firsts)
    done.per_second = len(done.latencies) / (time.perf_counter() - started)
    return done
