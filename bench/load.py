"""Generates a small load: keep-alive connections to loopback, bounded in requests, latencies in milliseconds."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
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
        headers = {
            "Cookie": cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept-Encoding": "br",
            **({"HX-Request": "true"} if htmx else {}),
        }
        return cls("POST", path, headers, urlencode(fields))


@dataclass(frozen=True)
class Measured:
    """The latencies of one measure, sorted, in milliseconds; requests a second; how many failed."""

    latencies: list[float]
    per_second: float
    failed: int
    size: int

    def percentile(self, percent: int) -> float:
        return self.latencies[min(len(self.latencies) - 1, len(self.latencies) * percent // 100)]

    @property
    def p50(self) -> float:
        return self.percentile(50)

    @property
    def p95(self) -> float:
        return self.percentile(95)


def one(connection: http.client.HTTPConnection, request: Request) -> tuple[int, int, float]:
    """Returns status, bytes of the answer's body and milliseconds."""
    started = time.perf_counter()
    connection.request(request.method, request.path, body=request.body or None, headers=request.headers)
    answer = connection.getresponse()
    size = len(answer.read())
    return answer.status, size, (time.perf_counter() - started) * 1000


def measure(
    port: int, make: Callable[[int], Request], *, requests: int, connections: int = 1, seconds: float = 12
) -> Measured:
    """Sends up to `requests` (at most `seconds` long) over so many connections; the first tenth warms up."""
    warm = max(3, requests // 10)
    with_each = -(-requests // connections)
    latencies: list[float] = []
    failed, size = [0], [0]
    guard = threading.Lock()
    stop_at = time.monotonic() + seconds

    def work(number: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        own: list[float] = []
        bad = 0
        for turn in _turns(with_each, stop_at):
            status, length, taken = one(connection, make(number * with_each + turn))
            bad += status >= 400
            own.append(taken)
            size[0] = length
        connection.close()
        with guard:
            latencies.extend(own)
            failed[0] += bad

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for turn in range(warm):
        one(connection, make(turn))
    connection.close()
    started = time.perf_counter()
    threads = [threading.Thread(target=work, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    return Measured(sorted(latencies), len(latencies) / elapsed, failed[0], size[0])


def _turns(most: int, stop_at: float) -> Iterator[int]:
    for turn in range(most):
        if time.monotonic() > stop_at:
            return
        yield turn
