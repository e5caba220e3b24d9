"""Simulates browsers that keep their cookies, many at once, over real HTTP."""

import http.client
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

HTMX = {"HX-Request": "true"}


@dataclass
class Room:
    """The results of many browsers' requests: milliseconds of each answer, and the errors."""

    latencies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wall: str = ""

    def percentile(self, percent: int) -> float:
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]


@dataclass
class Browser:
    """A phone or the laptop: its cookies, and a connection for each request, as after a pause."""

    port: int
    room: Room
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, fields: dict[str, str] | None = None, *, piece: bool = False) -> str:
        """Returns the page; errors go to the room."""
        began = time.perf_counter()
        try:
            status, page = self._send(path, fields, HTMX if piece else {})
        except OSError as error:
            self.room.errors.append(f"{path}: {error}")
            return ""
        self.room.latencies.append((time.perf_counter() - began) * 1000)
        if status not in ({200, 204} if fields is None or piece else {303}):
            self.room.errors.append(f"{path}: {status}")
        return page

    def _send(self, path: str, fields: dict[str, str] | None, more: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", **more}
        body = None if fields is None else urlencode(fields)
        connection.request("GET" if fields is None else "POST", path, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode()
        for header, value in answer.getheaders():
            if header == "Set-Cookie":
                name, _equals, rest = value.partition("=")
                self.cookies[name] = rest.split(";")[0]
        connection.close()
        return answer.status, page
