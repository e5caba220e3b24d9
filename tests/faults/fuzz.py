"""Sends nonsense by the thousand to every form and address: each gets an answer in words, none an error of ours.

    python -m tests.faults.fuzz [--requests 20000] [--seed 7]

The same seed sends the same requests: it chooses what is broken in the next valid one. Every hundred requests
the two coalitions are restored, so that there is always something to break.
"""

import argparse
import json
import logging
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app

from engage.config import TestConfig, in_folder
from tests import databases
from tests.client import EngageClient
from tests.faults.rows import Row, row
from tests.isolation.forms_read import Form, pages_of, shown_forms
from tests.isolation.world import NOBODYS, OURS, THEIRS, World

PEOPLE = ("coordinator", "coordinator", "coordinator", "member", "viewer", "no one", "stranger")
# Between two times that every row is put back.
ROUND = 100
# How often one of a hundred requests is a body near or above the limit of 2 MB.
BIG = 1

VALUES: tuple[str | bytes, ...] = (
    *(
        "",
        " ",
        "0",
        "-1",
        "1e9",
        "NaN",
        "Infinity",
        "٣",
        "½",
        "0x10",
        "1_000",
        "2147483648",
        "9223372036854775808",
    ),
    *("1" + "0" * 30, "-" + "9" * 400, "1" * 5000, str(THEIRS), str(NOBODYS), str(OURS)),
    *("\0", "text\0text", "\ud800", b"\xff\xfe\x80", b"\xed\xa0\x80", b"\xc0\xaf", "%", "%zz", "%u0000"),
    *("\u202eevil\u202c", "\u200b", "\ufeff", "\u2066x", "👩\u200d👩\u200d👧", "Z̸̡̛a̷l̶g̵o" * 20, "مرحبا", "ﬁ"),
    *("\U0010ffff", "\ufffe", "İ", "ß" * 120),
    *(
        "2026-02-31",
        "0000-00-00",
        "10000-01-01",
        "9999-12-31",
        "0001-01-01",
        "26-1-1",
        "2026-13-01T99:99",
        "25:61",
    ),
    *("<script>alert(1)</script>", "{{7*7}}", "${7*7}"),
    *("';DROP TABLE accounts_user;--", "' OR 1=1--", "../../etc/passwd"),
    *("javascript:alert(1)", "//evil.example", "http://[::1", "http://a:99999/", "https://exa mple/"),
    *("data:text/html,x", "\\\\evil", "file:///etc/passwd"),
    *("a@b", "@", "a@" + "b" * 300 + ".org", "a\r\nBcc: b@c.org", "=1+1", "\r\n\r\n", "\x1b[31m", "\x7f\x85"),
    *(
        "on",
        "true",
        "null",
        "[]",
        "{}",
        '{"a":1}',
        "unheard-of",
        "coordinator",
        "done",
        "a,b;c|d",
        "\\",
        '"' * 50,
    ),
    "word " * 2000,
)
HEADERS = {
    "HX-Request": ("true", "false", "\xff", "true" * 2000),
    "HX-Current-URL": (
        "http://[",
        "//evil.example/?a=b",
        "?" + "a=1&" * 500,
        "http://x/\0",
        "http://127.0.0.1/?plan=x&sort=\xff",
    ),
    "HX-Target": ("'><script>", "x" * 5000),
    "HX-Boosted": ("true", "1"),
    "HX-History-Restore-Request": ("true",),
    "Accept-Language": ("xx-" * 900, "en;q=NaN", "*;q=1e999", "\xff", "es-419,en;q=-1"),
    "Accept-Encoding": ("gzip;q=x", "br;q=1e999,*", "identity;q=0", "\xff"),
    "Cookie": (
        "session=x",
        "session=.eJ.x.y",
        "session=" + "A" * 8000,
        "=;=;;",
        "a=\xff; session=\xff",
        "session",
    ),
    "Referer": ("//evil.example", "http://[", "\xff"),
    "Range": ("bytes=0-0", "bytes=-1", "bytes=9-1,1-" + "9" * 40, "x"),
    "If-Modified-Since": ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT", "9" * 50),
    "If-None-Match": ('W/"x"', '"' * 99),
    "Host": ("evil.example", "127.0.0.1:99999", "[", "", "127.0.0.1,evil.example"),
    "X-Forwarded-For": ("127.0.0.1, \xff", "x" * 3000),
    "X-HTTP-Method-Override": ("DELETE",),
    "Authorization": ("Basic x", "Bearer \xff", "Digest " + 'a="' * 40),
    "Content-Length": ("-1", "9" * 30, "x", "5"),
    "Transfer-Encoding": ("chunked", "gzip"),
    "User-Agent": ("", "\xff" * 400),
}
TYPES = (
    "application/json",
    "text/plain",
    "multipart/form-data",
    "multipart/form-data; boundary=",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense",
    "application/xml",
    "\xff",
    "",
)
TEXT_TYPE = "application/x-www-form-urlencoded"


@dataclass
class Request:
    """A request as it goes over the wire."""

    who: str
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        sent = f"{self.headers} {self.body[:300]!r} ({len(self.body)} bytes)"
        return f"{self.who}: {self.method} {self.path[:200]!r} {sent}"


def encoded(pairs: list[tuple[str, str | bytes]]) -> bytes:
    """Encodes pairs as a form; lone surrogates and bytes that are not text stay as they are."""
    raw = [(name.encode("utf-8", "surrogatepass"), _raw(value)) for name, value in pairs]
    return urlencode(raw).encode()


def _raw(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("utf-8", "surrogatepass")


class Fuzz:
    """A generator of requests. `chance` decides everything."""

    def __init__(
        self, seed: int, forms: dict[str, list[Form]], pages: list[str], tokens: dict[str, str]
    ) -> None:
        self.chance = random.Random(seed)
        self.forms, self.pages, self.tokens = forms, pages, tokens

    def next(self) -> Request:
        who = self.chance.choice(PEOPLE)
        request = self._page(who) if self.chance.random() < 0.2 else self._form(who)
        if self.chance.random() < 0.15:
            for name in self.chance.sample(sorted(HEADERS), self.chance.randint(1, 3)):
                request.headers[name] = self.chance.choice(HEADERS[name])
        return request

    def _value(self) -> str | bytes:
        return self.chance.choice(VALUES)

    def _page(self, who: str) -> Request:
        """Returns an address with parts of it or its query broken."""
        path = self.chance.choice(self.pages)
        if self.chance.random() < 0.4:
            parts = path.split("/")
            place = self.chance.randrange(1, len(parts))
            parts[place] = quote(_raw(self._value())[:3000])
            path = "/".join(parts) or "/"
        asked = [
            form for form in self.forms[who if who in self.forms else "coordinator"] if form.method == "GET"
        ]
        names = [
            "next",
            "page",
            "q",
            "sort",
            "plan",
            "edit",
            *(name for form in asked for name in form.kinds),
        ]
        pairs = [(self.chance.choice(names), self._value()) for _each in range(self.chance.randint(0, 6))]
        question = encoded(pairs).decode()
        if self.chance.random() < 0.1:
            question = self.chance.choice(
                (
                    "a[" * 200 + "]" * 200 + "=1",
                    "&".join(["q=x"] * 1500),
                    "%" * 300,
                    "=&=&&;;",
                    "q",
                    "\xff=\xfe",
                )
            )
        return Request(
            who, self.chance.choice(("GET", "GET", "GET", "HEAD", "OPTIONS", "PUT")), f"{path}?{question}"
        )

    def _form(self, who: str) -> Request:
        known = self.forms[who if self.forms.get(who) else "coordinator"]
        form = self.chance.choice([each for each in known if each.method == "POST"])
        pairs: list[tuple[str, str | bytes]] = [pair for pair in form.sent if pair[0] != "csrf_token"]
        self._break(pairs)
        if self.chance.random() < 0.95:
            pairs.append(("csrf_token", self.tokens[who]))
        request = Request(who, "POST", form.action, encoded(pairs), {"Content-Type": TEXT_TYPE})
        if form.encoding.startswith("multipart") or self.chance.random() < 0.1:
            self._as_parts(request, pairs)
        if self.chance.random() < 0.08:
            self._as_something_else(request, pairs)
        return request

    def _break(self, pairs: list[tuple[str, str | bytes]]) -> None:
        """Breaks one to three fields, or all of them; some come twice, some are missing, some were never asked for."""
        many = len(pairs) if self.chance.random() < 0.05 else self.chance.choice((0, 1, 1, 1, 2, 3))
        for place in self.chance.sample(range(len(pairs)), min(many, len(pairs))):
            pairs[place] = (pairs[place][0], self._value())
        if pairs and self.chance.random() < 0.15:
            pairs += self.chance.sample(pairs, 1) * self.chance.randint(1, 40)
        if pairs and self.chance.random() < 0.15:
            pairs.remove(self.chance.choice(pairs))
        if self.chance.random() < 0.1:
            pairs.append(
                (self.chance.choice(("id", "coalition_id", "version", "a[b][c]", "\0", "", "\ud800")), "1")
            )
        if pairs and self.chance.random() * 100 < BIG:
            pairs[0] = (pairs[0][0], "x" * self.chance.choice((300_000, 1_900_000, 2_200_000)))

    def _as_parts(self, request: Request, pairs: list[tuple[str, str | bytes]]) -> None:
        lines = []
        for name, value in pairs:
            head = f'--cut\r\nContent-Disposition: form-data; name="{name}"'.encode("utf-8", "surrogatepass")
            if self.chance.random() < 0.1:
                head += b'; filename="x.csv"\r\nContent-Type: text/csv'
            lines.append(head + b"\r\n\r\n" + _raw(value) + b"\r\n")
        body = b"".join(lines) + b"--cut--\r\n"
        if self.chance.random() < 0.3:
            place = self.chance.randrange(len(body))
            body = self.chance.choice(
                (body[:place], body[:place] + bytes([self.chance.randrange(256)]) + body[place:])
            )
        request.body, request.headers["Content-Type"] = body, "multipart/form-data; boundary=cut"

    def _as_something_else(self, request: Request, pairs: list[tuple[str, str | bytes]]) -> None:
        request.headers["Content-Type"] = self.chance.choice(TYPES)
        if self.chance.random() < 0.5:
            request.body = self.chance.choice(
                (
                    json.dumps({name: str(value) for name, value in pairs}).encode(),
                    b"[" * 2000,
                    bytes(self.chance.randrange(256) for _each in range(500)),
                    request.body + b"&%&=&%f",
                )
            )


class Sender:
    """A sender through the application's own gate, as a server would pass requests on.

    It keeps failures with their request.
    """

    def __init__(self, app: Flask, world: World) -> None:
        self.app, self.world = app, world
        self.answers: Counter[int] = Counter()
        self.failed: list[str] = []

    def send(self, number: int, request: Request) -> None:
        path, _, question = request.path.partition("?")
        environ = create_environ(
            "/",
            base_url="http://127.0.0.1",
            method=request.method,
            input_stream=BytesIO(request.body),
            headers={"Cookie": f"session={self.world.cookie(request.who)}"},
        )
        environ["PATH_INFO"] = _as_wsgi(path)
        environ["QUERY_STRING"] = question.encode("latin-1", "replace").decode("latin-1")
        environ["CONTENT_LENGTH"] = str(len(request.body))
        for name, value in request.headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
        try:
            with self.app.app_context():  # a fresh one: no request reads what another left in `g`
                body, status, _headers = run_wsgi_app(self.app.wsgi_app, environ, buffered=True)
                for _piece in body:
                    pass
            code = int(status.split()[0])
        except Exception as error:  # what a server would answer with 500
            code = 599
            self.failed.append(f"{number} {type(error).__name__}: {error!s:.200} {request}")
        self.answers[code] += 1
        if 500 <= code < 599:
            self.failed.append(f"{number} {code} {request}")


def _as_wsgi(path: str) -> str:
    from urllib.parse import unquote_to_bytes

    return unquote_to_bytes(urlsplit(path).path or "/").decode("latin-1")


def run(world: World, forms: dict[str, list[Form]], requests: int, seed: int) -> Sender:
    """Sends so many requests; the sender holds the results. The application answers as in production."""
    app, sender = world.app, Sender(world.app, world)
    pages = [*pages_of(app), *world.channels]
    tokens = {who: world.people[who].csrf_token() for who in set(PEOPLE)}
    fuzz = Fuzz(seed, forms, pages, tokens)
    app.testing, logger = False, logging.getLogger("engage")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        for number in range(requests):
            if number % ROUND == 0:
                world.restore()
            sender.send(number, fuzz.next())
    finally:
        app.testing = True
        logger.setLevel(before)
        world.restore()
    return sender


def a_world(folder: Path) -> Iterator[World]:
    """Makes a world on a SQLite database of its own."""
    app = databases.app_of(TestConfig(DATA=folder, SQLALCHEMY_DATABASE_URI=in_folder(folder)))
    app.test_client_class = EngageClient
    databases.migrate(app)
    with app.app_context():
        yield World(app)
        databases.close(app)


def count(requests: int = 20_000, seed: int = 7) -> Row:
    """Counts the results on a world of its own."""
    with row("fuzz") as made, tempfile.TemporaryDirectory() as folder:
        for world in a_world(Path(folder)):
            sent = run(world, shown_forms(world), requests, seed)
        made.done = f"{requests:,} broken requests over every form, seed {seed}"
        made.counts.update({str(code): number for code, number in sorted(sent.answers.items())})
        for failed in sent.failed:
            made.must(False, failed)
    return made


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.faults.fuzz", description=__doc__)
    asked.add_argument("--requests", type=int, default=20_000)
    asked.add_argument("--seed", type=int, default=7)
    wanted = asked.parse_args()
    made = count(wanted.requests, wanted.seed)
    print(made)
    sys.exit(bool(made.broken))


if __name__ == "__main__":
    main()
