"""Runs a real nginx in front, and clients that lie about where they come from and which site they asked for."""

import http.client
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from bench.processes import free_port
from engage.accounts import throttle
from engage.accounts.models import Throttle
from engage.extensions import db
from tests.faults.browsers import Answer, Browser
from tests.faults.installations import Installation, installation, letters, people
from tests.faults.rows import Row, row

SITE, EVIL = "engage.example.org", "evil.example"
# Whoever asks through nginx does so from here: never the address that nginx itself has for Engage.
VISITOR = "127.0.0.2"


# `{client}` is what nginx tells of the client's address.
CONFIGURATION = """
worker_processes 1;
{user}
pid {folder}/pid;
error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  client_max_body_size 12m;
  client_header_timeout 20s; client_body_timeout 20s; send_timeout 20s;
  upstream engage {{ {upstream} }}
  server {{
    listen 127.0.0.1:{port};
    location / {{
      proxy_pass http://engage;
      proxy_set_header Host $host;
      proxy_set_header X-Forwarded-For {client};
      proxy_set_header X-Forwarded-Proto https;
    }}
  }}
}}
"""


@contextmanager
def nginx(*to: int, client: str = "$remote_addr") -> Iterator[int]:
    """Runs a real nginx in front of the site's servers, as in docs/hosting.md, but without the certificate.

    Yields its port, and stops it by its process id. Of several servers each request goes to the next.
    """
    folder, port = Path(tempfile.mkdtemp(prefix="engage-nginx-")), free_port()
    user = "user root;" if os.geteuid() == 0 else ""
    upstream = " ".join(f"server 127.0.0.1:{each};" for each in to)
    settings = {"client": client, "user": user, "upstream": upstream}
    (folder / "conf").write_text(CONFIGURATION.format(folder=folder, port=port, **settings))
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    process = subprocess.Popen([program, "-c", folder / "conf", "-p", folder, "-g", "daemon off;"])
    try:
        _wait(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)
        shutil.rmtree(folder)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/healthz", headers={"Host": SITE})
            if connection.getresponse().status < 500:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError("nginx did not start")


# Each header that some server or framework somewhere believes.
LIES = (
    {"X-Forwarded-For": "203.0.113.{number}"},
    {"X-Forwarded-For": "203.0.113.{number}, 198.51.100.7"},
    {"X-Real-IP": "203.0.113.{number}", "X-Client-IP": "203.0.113.{number}", "True-Client-IP": "203.0.113.1"},
    {"Forwarded": "for=203.0.113.{number};host=evil.example;proto=http"},
    {"X-Forwarded-Host": EVIL, "X-Forwarded-Server": EVIL, "X-Host": EVIL, "X-Original-Host": EVIL},
    {"X-Forwarded-Prefix": "/evil.example", "X-Script-Name": "/evil.example"},
    {"SCRIPT_NAME": "/evil.example", "PATH_INFO": "/evil.example"},
    {"X-Forwarded-Proto": "http", "X-Forwarded-Protocol": "http", "X-Forwarded-Ssl": "off"},
    {"X-Forwarded-Port": "1", "X-Original-URL": "/evil.example", "X-Rewrite-URL": "/evil.example"},
    {"Referer": "https://evil.example/"},
)


def lies(number: int) -> dict[str, str]:
    return {name: value.format(number=number) for name, value in LIES[number % len(LIES)].items()}


class Liar(Browser):
    """A browser that comes from VISITOR and sends another lie with each request."""

    lie = 0

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        self.close()
        self._connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=self.seconds, source_address=(VISITOR, 0)
        )
        self._last = time.monotonic()
        self.lie += 1
        self.headers = {"Host": SITE, "Referer": f"https://{SITE}/", **lies(self.lie)}
        return super()._ask(method, path, body)


def guess(liar: Liar, tries: int, made_row: Row) -> None:
    """Sends wrong passwords for as many accounts, each from a claimed other address."""
    for turn in range(tries):
        for _again in range(3):  # a lie about the Referer is refused before anything is asked
            liar.get("/sign-in")
            answer = liar.post(
                "/sign-in", email=f"{letters(turn)}@example.org", password="wrong but long enough"
            )
            if answer.status != 400:
                break
        made_row.count("guesses")
        made_row.count(f"answered {answer.status}")


def addresses(made: Installation) -> set[str]:
    """Returns the addresses whose buckets have lost a try, as the throttle names them."""
    with made.app.app_context():
        keys = sa.select(Throttle.key).where(Throttle.key.like("address:%"))
        return set(db.session.scalars(keys))


def poisoned(made: Installation, liar: Liar, paths: tuple[str, ...], made_row: Row) -> None:
    """Opens pages with links of every kind, under each lie: none may name what the lie names."""
    for path in paths:
        for _lie in LIES:
            answer = liar.get(path)
            said = answer.text + str(answer.headers)
            made_row.must(EVIL not in said, f"{path} names {EVIL} under {lies(liar.lie)}")
            made_row.count("answers read")
    made_row.must(not made.crashed, "something crashed")


PATHS = ("/", "/sign-in", "/nowhere", "/c/riverbend/", "/account/", "/c/riverbend/plan/", "/static/app.css")


def run(tries: int = 205) -> Row:
    """Runs behind nginx as documented, in both ways of naming the client; then straight at the port without one."""
    with row("proxy headers forged") as made_row:
        made_row.done = f"{len(LIES)} kinds of lies, behind nginx and straight at the port"
        for client in ("$remote_addr", "$proxy_add_x_forwarded_for"):
            with installation(url=f"https://{SITE}") as made:
                behind(made, client, tries, made_row)
        with installation() as made:
            straight(made, made_row)
    return made_row


def behind(made: Installation, client: str, tries: int, made_row: Row) -> None:
    with made.app.app_context():
        email = people(made, 1)[0][1]
    made.start()
    with nginx(made.port, client=client) as port:
        liar = Liar(port)
        guess(liar, tries, made_row)
        found = addresses(made)
        made_row.must(found == {throttle._key("address", VISITOR)}, "the throttle follows a forged address")
        # More than 200 failures an hour from one address are too many, whatever it calls itself.
        if tries > 200:
            made_row.must("answered 429" in made_row.counts, "so many guesses are never too many")
        honest = Browser(port, {"Host": SITE, "Referer": f"https://{SITE}/"})
        made_row.must(honest.sign_in(email).status == 303, "whoever says the truth cannot sign in")
        wrong = Browser(port, {"Host": EVIL})
        made_row.must(wrong.get("/sign-in").status == 400, "a foreign Host is answered")
        entered = honest.get("/sign-in")
        made_row.must("Strict-Transport-Security" in entered.headers, "no HSTS behind the proxy")
        liar.cookies, liar.token = dict(honest.cookies), honest.token
        poisoned(made, liar, PATHS, made_row)
        cookies = [line for browser in (liar, honest) for line in _cookie_lines(browser)]
        made_row.must(all("Secure" in line for line in cookies), "a cookie without Secure")
        for browser in (liar, honest, wrong):
            browser.close()
    made.stop()


def _cookie_lines(browser: Browser) -> list[str]:
    return browser.get("/join/nothing").headers.get_all("Set-Cookie", [])


def straight(made: Installation, made_row: Row) -> None:
    """Checks that without a proxy no such header is believed at all."""
    made.start()
    stranger = made.browser()
    for turn in range(len(LIES)):
        stranger.headers = lies(turn)
        answer = stranger.get("/sign-in")
        made_row.must(
            answer.status == 200 and EVIL not in answer.text + str(answer.headers), "a lie is believed"
        )
        stranger.headers = {**lies(turn), "Referer": ""}
        stranger.post("/sign-in", email=f"{letters(turn)}@example.org", password="wrong but long enough")
        made_row.count("straight at the port")
    made_row.must(addresses(made) == {throttle._key("address", "127.0.0.1")}, "a forged address is believed")
    made.stop()
