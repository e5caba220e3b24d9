"""Tests that a running server's log is of use to its host and holds nothing that people typed."""

import json
import re
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests import warm
from tests.browser.servers import environment, free_port, running
from tests.faults.installations import installation

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]

CANARY = "quiet-heron-7f3a"
FIELDS = """
    name title text note description email password mission community slug q token why reason body subject
    place purpose answer comment said phone role website limits result
"""


class Browser:
    """A browser that speaks HTTP with a cookie and a form's token, and never follows."""

    def __init__(self, url: str) -> None:
        self.host = url.removeprefix("http://")
        self.cookie = ""
        self.token = ""

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        headers = {"Cookie": self.cookie, "User-Agent": CANARY, "Referer": f"http://127.0.0.1/{CANARY}"}
        body = None
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({"csrf_token": self.token, **fields})
        with closing(HTTPConnection(self.host, timeout=30)) as connection:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            if cookie.startswith("session="):
                self.cookie = cookie.split(";")[0]
        if found := re.search(r'name="csrf_token"[^>]*value="([^"]+)"', text):
            self.token = found[1]
        return answer.status, text

    def sign_in(self, email: str, password: str) -> None:
        self.ask("GET", "/sign-in")
        assert self.ask("POST", "/sign-in", email=email, password=password)[0] == 303


def addresses(app: Flask, method: str, slug: str) -> Iterator[str]:
    """Yields every route of this method, with what a stranger or a mistake might put into its address."""
    values = {"id": "1", "int": "1", "string": CANARY, "default": CANARY, "path": CANARY}
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()) or re.search("sign-out|leave|healthz", rule.rule):
            continue
        path = rule.rule.replace("<slug>", slug)
        path = re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda found: values.get(found[1] or "", "1"), path)
        yield path


def log_of(server: Path) -> str:
    return server.with_suffix(".log").read_text()


def refused_as_none(url: str, request: bytes) -> None:
    """Checks what waitress itself answers."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as raw:
        raw.sendall(request)
        raw.recv(1000)


def test_nothing_typed_no_token_and_no_name_reaches_the_log(app: Flask, tmp_path: Path) -> None:
    folder, port = tmp_path / "demo", free_port()
    demo = ["demo", "--port", str(port), "--folder", str(folder)]
    with running(demo, folder, port, ENGAGE_LOG="json") as server:
        browser = Browser(server.url)
        browser.sign_in(*server.account("coordinator"))
        pages = browser.ask("GET", "/account/")[1]
        [slug] = set(re.findall(r"/c/([a-z0-9-]+)/", pages))
        for path in addresses(app, "GET", slug):
            browser.ask("GET", f"{path}?{urlencode({'q': CANARY, 'next': CANARY})}")
        for path in addresses(app, "POST", slug):
            browser.ask("POST", path, **dict.fromkeys(FIELDS.split(), CANARY))
        refused_as_none(server.url, f"{CANARY} /{CANARY} HTTP/9.9\r\n\r\n".encode())
        refused_as_none(
            server.url, f"GET / HTTP/1.1\r\nHost: x\r\nBad Header {CANARY}: {CANARY}\r\n\r\n".encode()
        )
        refused_as_none(server.url, f"GET /{CANARY} HTTP/1.1\r\nHost: {CANARY}.example\r\n\r\n".encode())
        with closing(sqlite3.connect(folder / "engage.db")) as connection, connection:
            connection.execute("DROP TABLE accounts_throttle")
        stranger = Browser(server.url)
        stranger.ask("GET", "/sign-in")
        status, page = stranger.ask("POST", "/sign-in", email=f"{CANARY}@example.org", password=CANARY)
        assert status == 500
    [number] = re.findall(r"Give them this number: ([0-9a-f]{8})", page)
    log = log_of(folder)
    printed = log.split("member  ")[1].partition("\n")[2]  # after the demo's own sign-ins
    assert CANARY not in printed
    assert slug not in printed
    assert "@" not in printed
    lines = [json.loads(line) for line in printed.splitlines()]
    assert {line["event"] for line in lines if line.get("request") == number} >= {"request"}
    failed = [line for line in lines if line["event"].startswith("failed: ")]
    assert number in {line["request"] for line in failed}
    assert "accounts/throttle.py" in failed[-1]["trace"]
    assert "OperationalError" in failed[-1]["trace"]
    asked = [line for line in lines if line["event"] == "request"]
    assert len(asked) > 300
    assert any(
        line["route"] == "/c/<slug>/plan/" and line["coalition"] == 1 for line in asked if "route" in line
    )


def test_a_request_is_a_line_and_a_sign_of_life_is_none(tmp_path: Path) -> None:
    with installation(tmp_path / "data", ENGAGE_LOG="plain") as made:
        made.start()
        for path in ("/about", "/healthz"):
            assert made.browser().get(path).status == 200
        made.stop()
        lines = [line for line in made.log.splitlines() if "event=request" in line]
    assert len(lines) == 1
    assert re.fullmatch(
        r"time=\S+Z level=info event=request request=[0-9a-f]{8} method=GET route=/about status=200 ms=\d+",
        lines[0],
    )


def test_requests_can_be_left_out(tmp_path: Path) -> None:
    with installation(tmp_path / "data", ENGAGE_LOG="off") as made:
        made.start()
        assert made.browser().get("/about").status == 200
        made.stop()
        assert "event=" not in made.log


LOGGING = """
import logging, threading
from engage.frame import logs
from engage.config import Log
logs.start(Log.PLAIN)
try:
    raise ValueError("quiet heron")
except ValueError:
    logging.getLogger("sqlalchemy.pool").error("Exception during reset", exc_info=True)
    logging.getLogger("waitress").exception("Exception while serving /reset/quiet heron")
logging.getLogger("waitress").error("uncaptured python exception, closing channel <127.0.0.1> (quiet heron)")
logging.getLogger("waitress").error("%d thread(s) still running in %s", 17, "quiet heron")
logging.getLogger("werkzeug").error(" * Debugger PIN: %s", "123-456-789")
logging.getLogger("engage").error("two\\nlines\\x1b[31m")
threading.Thread(target=lambda: int("quiet heron")).start()
"""


def test_libraries_and_threads_log_kinds_and_places_alone() -> None:
    done = warm.run(code=LOGGING, env=environment(Path("x"), 1))
    assert "heron" not in done.stderr
    lines = [line.partition(" level=error ")[2] for line in done.stderr.splitlines()]
    assert lines[0].startswith('event="sqlalchemy.pool: Exception during reset" trace="ValueError; ')
    assert lines[1].startswith('event="waitress: Exception while serving \\u2026" trace="ValueError; ')
    assert lines[2] == 'event="waitress: uncaptured python exception, closing channel \\u2026"'
    assert lines[3] == 'event="waitress: 17 thread(s) still running in \\u2026"'
    assert lines[4] == 'event=" * Debugger PIN: 123-456-789"'
    assert lines[5] == 'event=two trace="lines\\u001b[31m"'
    assert lines[6].startswith('event="a thread failed:" trace="ValueError; ')
    assert len(lines) == 7
