"""Measures memory of the served processes: idle, after many different pages, and while files are exported."""

import http.client
import re
import threading
from collections import Counter
from collections.abc import Callable

from bench.engage_side import Engage
from bench.load import one
from bench.processes import Running

ROW = "memory"
PAGES = 400
# These are files, or end the session.
_NO_PAGE = re.compile(r"\.\w{2,4}\b|/leave|/sign-|/static/|/feed")
_LINK = re.compile(r'href="(/[^"#]*)"')
# These are removed from an address to identify the page: numbers and filters of lists.
_PARTICULAR = re.compile(r"\d+|\?.*")
EXPORTS = ("CSV", "XLSX", "JSON")


def measure(report: Callable[..., None], engage: Engage) -> None:
    """Reports the rows of a server of its own."""
    with engage.serving() as server:
        report("cold start: processor", server.processor(), "s", 1.2)
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
        report("memory idle (PSS)", server.memory(), "MB", 95)
        walk(connection, engage.cookies["small"], "/c/small/")
        walked = server.memory()
        report(f"memory after {PAGES} different pages (PSS)", walked, "MB", 140)
        wanted = engage.requests()
        peaks = {}
        for kind in EXPORTS:
            asked = wanted[f"all 5,000 actions as {kind}"](0)
            peaks[kind] = _peak(server, lambda asked=asked: one(connection, asked)) - walked
        most = max(peaks, key=lambda kind: peaks[kind])
        report("memory more in an export, the largest", peaks[most], "MB", 30, more=most)
        report("memory more after the exports", server.memory() - walked, "MB", 10)
        before = server.processor()
        status, _size, _milliseconds = one(connection, wanted["5,000 actions as PDF"](0))
        # Where the machine has too little memory, the page says so instead.
        report(
            "5,000 actions as PDF: processor", server.processor() - before, "s", 4, more=f"status {status}"
        )


def walk(connection: http.client.HTTPConnection, cookie: str, start: str) -> None:
    """Opens pages by their links, kinds that were opened least first."""
    known, waiting, opened = {start}, [start], Counter[str]()
    for _page in range(PAGES):
        path = min(waiting, key=lambda each: opened[_PARTICULAR.sub("", each)])
        waiting.remove(path)
        opened[_PARTICULAR.sub("", path)] += 1
        connection.request("GET", path, headers={"Cookie": cookie})
        body = connection.getresponse().read().decode(errors="replace")
        links = {link.replace("&amp;", "&") for link in _LINK.findall(body)} - known
        new = sorted(link for link in links if not _NO_PAGE.search(link))
        known.update(new)
        waiting += new
        if not waiting:
            return


def _peak(server: Running, ask: Callable[[], object]) -> float:
    """Returns the most memory that the server took while it answered."""
    most, done = [server.memory()], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            most.append(server.memory())

    watching = threading.Thread(target=watch)
    watching.start()
    ask()
    done.set()
    watching.join()
    return max(most)
