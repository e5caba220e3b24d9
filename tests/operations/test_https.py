"""The page's two examples of a proxy, nginx's and Caddy's, run with real https in front of a real server."""

import hashlib
import http.client
import os
import re
import shutil
import socket
import sqlite3
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPResponse
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Event

import pytest

from bench.processes import free_port
from engage.config import ROOT
from tests import warm

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]

HOSTING = ROOT / "docs" / "hosting"
SITE = "engage.example.org"
# Whoever asks comes from here: never the address that the proxy itself has for Engage.
VISITOR = "127.0.0.2"
# More than Engage has threads.
SLOW = 12


@dataclass(frozen=True)
class Site:
    """A proxy with https before Engage, on ports of this machine. `moved` is how it redirects http to https."""

    http: int
    https: int
    engage: int
    folder: Path
    moved: int

    @property
    def certificate(self) -> Path:
        return self.folder / "fullchain.pem"

    def connected(self) -> ssl.SSLSocket:
        """Connects; the certificate is the site's, not the address's."""
        trusted = ssl.create_default_context(cafile=self.certificate)
        raw = socket.create_connection(("127.0.0.1", self.https), 30, source_address=(VISITOR, 0))
        return trusted.wrap_socket(raw, server_hostname=SITE)

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[HTTPResponse, bytes]:
        connection = http.client.HTTPSConnection("127.0.0.1", self.https, timeout=30)
        connection.sock = self.connected()
        sent = {
            "Host": SITE,
            "Referer": f"https://{SITE}/",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        with closing(connection):
            # Who refuses by the length alone need not wait for the rest.
            with suppress(BrokenPipeError, ConnectionResetError, ssl.SSLError):
                connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer, answer.read()

    def form(self) -> tuple[bytes, dict[str, str]]:
        """Returns what a browser posts to sign in, and its headers."""
        answer, body = self.ask("GET", "/sign-in")
        found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', body)
        assert found
        fields = b"csrf_token=" + found[1] + b"&email=maria%40example.org&password=none-of-it"
        cookie = answer.headers["Set-Cookie"].split(";")[0]
        return fields, {"Content_Type": "application/x-www-form-urlencoded", "Cookie": cookie}


def _certificate(folder: Path) -> None:
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout privkey.pem -out fullchain.pem"
        f" -subj /CN={SITE} -addext subjectAltName=DNS:{SITE}",
        shell=True,
        cwd=folder,
        check=True,
        capture_output=True,
    )


def _nginx(site: Site, second: int | None = None) -> Sequence[str | Path]:
    """Prepares the page's own file for nginx, but with this machine's ports and certificate."""
    text = (HOSTING / "nginx.conf").read_text()
    if second is not None:
        text = text.replace("#server 127.0.0.1:8001 ", f"server 127.0.0.1:{second} ")
    text = re.sub(r"\n    listen \[::\]\S+( ssl)?;", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{site.http};")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{site.https} ssl;")
    text = text.replace(f"/etc/letsencrypt/live/{SITE}", str(site.folder))
    text = text.replace("/var/log/nginx", str(site.folder))
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{site.engage}")
    (site.folder / "engage.conf").write_text(text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {site.folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    main = site.folder / "main.conf"
    main.write_text(
        f"{user} pid {site.folder}/pid; error_log {site.folder}/error.log; events {{}}"
        f" http {{ {temporary} include {site.folder}/engage.conf; }}"
    )
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    subprocess.run([nginx, "-t", "-c", main], check=True, capture_output=True)
    return [nginx, "-c", main, "-g", "daemon off;"]


def _caddy(site: Site) -> Sequence[str | Path]:
    """Does the same for Caddy; the line that would fetch its certificate names this machine's."""
    text = (HOSTING / "Caddyfile").read_text().replace("127.0.0.1:8000", f"127.0.0.1:{site.engage}")
    certificate = f"tls {site.certificate} {site.folder}/privkey.pem"
    text = text.replace(f"{SITE}}} {{\n", f"{SITE}}} {{\n\t{certificate}\n")
    machine = f"http_port {site.http}\nhttps_port {site.https}\ndefault_bind 127.0.0.1\nadmin off"
    main = site.folder / "Caddyfile"
    assert text.startswith("{\n")  # its settings for the whole server
    main.write_text(f"{{\n{machine}\nstorage file_system {site.folder}/caddy\n{text[2:]}")
    words: list[str | Path] = ["--adapter", "caddyfile", "--config", main]
    subprocess.run(["caddy", "validate", *words], check=True, capture_output=True)
    return ["env", f"HOME={site.folder}", f"XDG_CONFIG_HOME={site.folder}", "caddy", "run", *words]


@contextmanager
def process(command: Sequence[str | Path], log: Path) -> Iterator[None]:
    with log.open("w") as lines:
        running = subprocess.Popen(command, stdout=lines, stderr=lines)
    try:
        yield
    finally:
        running.terminate()
        running.wait(timeout=30)


def _wait(site: Site, status: int = 200) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        with suppress(OSError, http.client.HTTPException):
            if site.ask("GET", "/healthz")[0].status == status:
                return
        time.sleep(0.1)
    raise AssertionError([log.read_text()[-2000:] for log in site.folder.glob("*.log")])


PROXIES: dict[str, tuple[Callable[[Site], Sequence[str | Path]], int]] = {
    "nginx": (_nginx, 301),
    "caddy": (_caddy, 308),
}


def _served(folder: Path, port: int) -> warm.Started:
    """Starts Engage with the page's own settings and data in this folder."""
    settings = folder / "engage.env"
    settings.write_text((HOSTING / "engage.env").read_text().replace("/var/lib/engage", f"{folder}/data"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
    environment = {**kept, "ENGAGE_SETTINGS": str(settings), "PYTHONPATH": str(ROOT)}
    assert warm.run("init", env=environment).returncode == 0
    with (folder / "engage.log").open("a") as log:
        return warm.start("serve", "--port", str(port), env=environment, out=log)


@pytest.fixture(scope="module", params=list(PROXIES))
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    _certificate(folder)
    proxy, moved = PROXIES[request.param]
    made = Site(free_port(), free_port(), free_port(), folder, moved)
    server = _served(folder, made.engage)
    try:
        with process(proxy(made), folder / "proxy.log"):
            _wait(made)
            yield made
    finally:
        server.terminate()
        server.wait(timeout=60)


def test_through_a_proxy_it_is_https_alone(site: Site) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", site.http, timeout=10)
    with closing(plain):
        plain.request("GET", "/sign-in", headers={"Host": SITE})
        answer = plain.getresponse()
        assert (answer.status, answer.headers["Location"]) == (site.moved, f"https://{SITE}/sign-in")
    answer, body = site.ask("GET", "/healthz")
    assert (answer.status, body) == (200, b"ok")
    assert answer.headers["Set-Cookie"] is None


def test_through_a_proxy_cookies_and_headers_are_those_of_https(site: Site) -> None:
    answer, _body = site.ask("GET", "/sign-in")
    assert answer.status == 200
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    for name in ("Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options"):
        assert len(answer.headers.get_all(name)) == 1
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert "waitress" not in str(answer.headers)


LIES = {
    "X_Forwarded_For": "203.0.113.7",
    "X_Forwarded_Proto": "http",
    "X_Forwarded_Host": "evil.example",
    "Forwarded": "for=203.0.113.7;host=evil.example",
}


def test_through_a_proxy_no_claim_of_the_browser_is_believed(site: Site) -> None:
    answer, body = site.ask("GET", "/", None, **LIES)
    assert answer.status == 303
    assert "evil" not in str(answer.headers) + body.decode()
    answer, body = site.ask("GET", "/about", Host="evil.example")
    # Caddy answers a name that it does not serve by itself, with nothing.
    assert answer.status == 400 or (answer.status, body) == (200, b"")


def test_through_a_proxy_a_wrong_password_counts_against_the_address_that_the_proxy_saw(site: Site) -> None:
    fields, headers = site.form()
    assert site.ask("POST", "/sign-in", fields, **(headers | LIES))[0].status == 422
    with closing(sqlite3.connect(site.folder / "data/engage.db")) as database:
        found = {
            key for (key,) in database.execute("SELECT key FROM accounts_throttle WHERE key LIKE 'address:%'")
        }
    assert found == {f"address:{hashlib.sha256(VISITOR.encode()).hexdigest()[:40]}"}


def test_through_a_proxy_a_form_is_taken_and_too_much_is_refused(site: Site) -> None:
    fields, form = site.form()
    # Over https the form's token is compared with the address that it came from, too.
    assert site.ask("POST", "/sign-in", fields, **form)[0].status == 422
    for length in (*[3_000_000] * 10, 13_000_000):
        answer, body = site.ask("POST", "/sign-in", fields + b"&a=" + b"x" * length, **form)
        assert answer.status == 413
        # What is over the proxy's own bound it refuses in its own words.
        assert b"That is too much at once" in body or length > 12_000_000
        # No form after it comes into a connection that is closing.
        assert site.ask("POST", "/sign-in", fields, **form)[0].status in {422, 429}


def test_engage_keeps_a_connection_far_longer_than_a_proxy_that_is_late(site: Site) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", site.engage, timeout=10)
    with closing(connection):
        for pause in (0, 4):
            time.sleep(pause)
            connection.request("GET", "/healthz", headers={"Host": SITE})
            assert connection.getresponse().read() == b"ok"


def test_through_a_proxy_forms_letter_by_letter_keep_no_one_waiting(site: Site) -> None:
    asked = f"POST /sign-in HTTP/1.1\r\nHost: {SITE}\r\nContent-Length: 100\r\nReferer: https://{SITE}/\r\n"
    slow = [site.connected() for _each in range(SLOW)]
    try:
        for connection in slow:
            connection.sendall(f"{asked}Content-Type: application/x-www-form-urlencoded\r\n\r\na".encode())
        time.sleep(1)
        assert site.ask("GET", "/sign-in")[0].status == 200
        # They are all still there: no one waited for their end.
        for connection in slow:
            connection.settimeout(0.01)
            with pytest.raises(TimeoutError):
                connection.recv(1)
    finally:
        for connection in slow:
            connection.close()


def test_through_a_proxy_pages_and_styles_come_compressed(site: Site) -> None:
    answer, _body = site.ask("GET", "/sign-in", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    plain = site.ask("GET", "/sign-in")[1].decode()
    style = re.search(r'href="(/static/[^"]+\.css)"', plain)
    assert style
    answer, _body = site.ask("GET", style[1], Accept_Encoding="br")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "br")
    assert "immutable" in answer.headers["Cache-Control"]


def test_whoever_opens_a_page_through_caddy_waits_while_engage_restarts(tmp_path: Path) -> None:
    _certificate(tmp_path)
    made = Site(free_port(), free_port(), free_port(), tmp_path, 308)
    with process(_caddy(made), tmp_path / "proxy.log"), ThreadPoolExecutor(1) as visitor:
        _wait(made, 502)
        asked = visitor.submit(made.ask, "GET", "/")
        time.sleep(1)
        assert not asked.done()
        with HTTPServer(("127.0.0.1", made.engage), Back) as back:
            back.handle_request()
            answer, body = asked.result(10)
    assert (answer.status, body) == (200, b"back")


def test_a_restart_of_either_of_two_processes_behind_nginx_costs_no_one_an_answer(tmp_path: Path) -> None:
    _certificate(tmp_path)
    made, second = Site(free_port(), free_port(), free_port(), tmp_path, 301), free_port()
    running = {port: _served(tmp_path, port) for port in (made.engage, second)}
    statuses: list[int] = []
    done = Event()

    def read() -> None:
        while not done.is_set():
            statuses.append(made.ask("GET", "/sign-in")[0].status)

    def write() -> None:
        fields, form = made.form()
        while not done.is_set():
            statuses.append(made.ask("POST", "/sign-in", fields, **form)[0].status)

    try:
        with process(_nginx(made, second), tmp_path / "proxy.log"), ThreadPoolExecutor(6) as people:
            for port in running:
                _answering(port)
            for each in (read, read, read, write):
                people.submit(each)
            try:
                for port in (*running, *running):
                    running[port].terminate()
                    assert running[port].wait(timeout=60) == 0
                    running[port] = _served(tmp_path, port)
                    _answering(port)
            finally:
                done.set()
    finally:
        for each in running.values():
            if each.poll() is None:
                each.terminate()
            each.wait(timeout=60)
    assert len(statuses) > 40 and set(statuses) <= {200, 422, 429}


def _answering(port: int) -> None:
    """Waits until Engage takes connections, as systemd waits for READY=1."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.05)
    raise AssertionError("the server did not start")


class Back(BaseHTTPRequestHandler):
    """Stands for Engage that serves again."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"back")


@pytest.mark.parametrize("name", list(PROXIES))
def test_no_proxy_writes_a_links_token_not_even_when_engage_is_down(name: str, tmp_path: Path) -> None:
    _certificate(tmp_path)
    proxy, moved = PROXIES[name]
    made = Site(free_port(), free_port(), free_port(), tmp_path, moved)
    with process(proxy(made), tmp_path / "proxy.log"):
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with suppress(OSError, http.client.HTTPException):
                answer, _body = made.ask("GET", "/rsvp/verysecrettoken/meeting.ics")
                made.ask("GET", "/answer/verysecrettoken/verysecretcode")
                assert answer.status == 502
                break
            time.sleep(0.1)
        else:
            raise AssertionError("the proxy did not start")
    for log in tmp_path.glob("*.log"):
        assert "verysecret" not in log.read_text(), log
