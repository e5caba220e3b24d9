"""Generates a small load over kept connections to loopback, bounded in requests and seconds."""

import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import httpx

from bench.processes import Running

PAGES = 400
# These are files, or end the session.
_NO_PAGE = re.compile(r"\.\w{2,4}\b|/leave|/sign-|/static/|/feed|/file$")
_LINK = re.compile(r'href="(/[^"#]*)"')
# These are removed from an address to identify the page: numbers and filters of lists.
_PARTICULAR = re.compile(r"\d+|\?.*")
# The words of httpx for a request.
Asked = dict[str, Any]
Make = Callable[[int], Asked]


def get(path: str, cookie: str = "", encoding: str = "br") -> Asked:
    return {"method": "GET", "url": path, "headers": {"Cookie": cookie, "Accept-Encoding": encoding}}


def post(path: str, cookie: str, fields: dict[str, str], *, htmx: bool = False) -> Asked:
    headers = get(path, cookie)["headers"] | ({"HX-Request": "true"} if htmx else {})
    return {"method": "POST", "url": path, "headers": headers, "data": fields}


def client(port: int) -> httpx.Client:
    return httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False)


@dataclass
class Measured:
    """Milliseconds of the processor's time for each answer; requests a second; how many failed."""

    worked: list[float] = field(default_factory=list)
    per_second: float = 0
    failed: int = 0

    def took(self, percent: int = 50) -> float:
        """Returns what so many of 100 answers took at most; raises RuntimeError if one of them failed."""
        if self.failed:
            raise RuntimeError(f"{self.failed} requests failed")
        return percentile(self.worked, percent)


def percentile(values: list[float], percent: int) -> float:
    return sorted(values)[min(len(values) - 1, len(values) * percent // 100)]


def measure(server: Running, make: Make, *, requests: int, connections: int = 1) -> Measured:
    """Sends so many requests over so many connections, for twelve seconds at most; a tenth more warms up first."""
    done, warm = Measured(), max(3, requests // 10)
    stop_at = time.monotonic() + 12

    def send(turns: range, into: Measured) -> None:
        with client(server.port) as asking:
            for turn in turns:
                before = server.worked()
                answer = asking.request(**make(turn))
                into.worked.append(server.worked() - before)
                into.failed += answer.is_error
                if time.monotonic() > stop_at:
                    break

    send(range(warm), Measured())
    started, turns = time.perf_counter(), range(warm, warm + requests)
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(lambda first: send(turns[first::connections], done), range(connections)))
    done.per_second = len(done.worked) / (time.perf_counter() - started)
    return done


def walk(port: int, cookie: str, start: str) -> list[tuple[float, str]]:
    """Opens many different pages by their links, kinds that were opened least first.

    Returns their kilobytes on the wire and their addresses.
    """
    known, waiting, opened, found = {start}, [start], Counter[str](), []
    with client(port) as asking:
        while waiting and len(found) < PAGES:
            path = min(waiting, key=lambda each: opened[_PARTICULAR.sub("", each)])
            waiting.remove(path)
            opened[_PARTICULAR.sub("", path)] += 1
            answer = asking.request(**get(path, cookie, "gzip"))
            found.append((answer.num_bytes_downloaded / 1024, path))
            links = {link.replace("&amp;", "&") for link in _LINK.findall(answer.text)} - known
            known |= links
            waiting += sorted(link for link in links if not _NO_PAGE.search(link))
    return found
