"""Opens many different pages by their links, and tells how large each is."""

import gzip
import re
from collections import Counter

from bench.load import Request, connect, one

PAGES = 400
# These are files, or end the session.
_NO_PAGE = re.compile(r"\.\w{2,4}\b|/leave|/sign-|/static/|/feed|/file$")
_LINK = re.compile(rb'href="(/[^"#]*)"')
# These are removed from an address to identify the page: numbers and filters of lists.
_PARTICULAR = re.compile(r"\d+|\?.*")


def walk(port: int, cookie: str, start: str) -> list[tuple[float, str]]:
    """Opens pages, kinds that were opened least first; returns their kilobytes on the wire and their addresses."""
    known, waiting, opened, found = {start}, [start], Counter[str](), []
    connection = connect(port)
    while waiting and len(found) < PAGES:
        path = min(waiting, key=lambda each: opened[_PARTICULAR.sub("", each)])
        waiting.remove(path)
        opened[_PARTICULAR.sub("", path)] += 1
        asked = Request("GET", path, {"Cookie": cookie, "Accept-Encoding": "gzip"})
        body = one(connection, asked)[1]
        found.append((len(body) / 1024, path))
        page = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        links = {link.decode().replace("&amp;", "&") for link in _LINK.findall(page)} - known
        known |= links
        waiting += sorted(link for link in links if not _NO_PAGE.search(link))
    return found
