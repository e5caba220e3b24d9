"""The install page's commands and files, run as far as a machine allows that is not one's own."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from engage import cli
from engage.config import ROOT
from tests.browser.servers import ENGAGE, free_port

HOSTING = ROOT / "docs" / "hosting"
PAGE = (ROOT / "docs" / "hosting.md").read_text()
SITE = "engage.example.org"
UNITS = sorted(file.name for file in [*HOSTING.glob("*.service"), *HOSTING.glob("*.timer")])


def make(*words: str) -> subprocess.CompletedProcess[str]:
    """With this Python's environment in place of .venv, which is not made anew."""
    return subprocess.run(
        ["make", "-o", f"{sys.prefix}/.run", f"VENV={sys.prefix}", *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_install_places_units_settings_and_the_command_and_keeps_what_one_wrote(tmp_path: Path) -> None:
    done = make("install", f"DESTDIR={tmp_path}")
    assert done.returncode == 0, done.stderr
    placed = tmp_path / "etc/systemd/system"
    assert sorted(file.name for file in placed.iterdir()) == UNITS
    settings = tmp_path / "etc/engage/engage.env"
    assert settings.stat().st_mode & 0o777 == 0o640
    command = tmp_path / "usr/local/bin/engage"
    assert command.stat().st_mode & 0o777 == 0o755
    assert f"ExecStart={sys.prefix}/bin/engage serve" in (placed / "engage.service").read_text()
    assert "/opt/engage" not in command.read_text()
    assert subprocess.run(["sh", "-n", command], check=False).returncode == 0
    settings.write_text("ENGAGE_URL=https://mine.example.org\n")
    assert make("install", f"DESTDIR={tmp_path}").returncode == 0
    assert settings.read_text() == "ENGAGE_URL=https://mine.example.org\n"
    assert make("uninstall", f"DESTDIR={tmp_path}").returncode == 0
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [settings]


def test_the_units_are_sound_and_the_service_is_hardened(tmp_path: Path) -> None:
    assert make("install", f"DESTDIR={tmp_path}").returncode == 0
    placed = [tmp_path / "etc/systemd/system" / name for name in UNITS]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *placed], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    for name, most in {"engage.service": 1.5, "engage-backup.service": 4, "engage-tick.service": 4}.items():
        done = subprocess.run(
            ["systemd-analyze", "security", "--offline=yes", "--no-pager", HOSTING / name],
            capture_output=True,
            text=True,
        )
        level = re.search(r"exposure level for \S+: ([\d.]+)", done.stdout)
        assert level, done.stderr
        assert float(level[1]) <= most


def blocks() -> list[str]:
    """The lines of the page's blocks of commands."""
    return [
        line for block in re.findall(r"```bash\n(.*?)```", PAGE, re.S) for line in block.splitlines() if line
    ]


def test_each_command_of_the_page_is_there() -> None:
    lines = blocks()
    assert any(line == "make install" for line in lines)
    for line in lines:
        words = line.split("#")[0].split()
        if words[0] == "engage":
            assert words[1] in cli.main.commands, line
        if words[0] == "make":
            assert make("-n", words[-1], "DESTDIR=/nowhere").returncode == 0, line
        for unit in re.findall(r"engage[\w-]*\.(?:service|timer)", line):
            assert unit in UNITS, line
        for file in re.findall(r"/opt/engage/(docs/\S+)", line):
            assert (ROOT / file).is_file(), line


@pytest.mark.parametrize("unit", UNITS)
def test_each_unit_runs_a_command_that_is_there(unit: str) -> None:
    text = (HOSTING / unit).read_text()
    for words in re.findall(r"^ExecStart=\S+/engage (\S+)", text, re.M):
        assert words in cli.main.commands
    assert ("ExecStart=" in text) is unit.endswith(".service")


def test_no_example_opens_engage_to_the_network() -> None:
    for file in HOSTING.iterdir():
        assert "0.0.0.0" not in file.read_text()
        assert "--host" not in file.read_text()


# -- a real nginx with https in front of a real server


@dataclass(frozen=True)
class Site:
    http: int
    https: int
    certificate: Path

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        trusted = ssl.create_default_context(cafile=self.certificate)
        connection = http.client.HTTPSConnection("127.0.0.1", self.https, timeout=30, context=trusted)
        # The certificate is the site's, not the address's.
        raw = connection._create_connection(("127.0.0.1", self.https), 30)  # type: ignore[attr-defined]
        connection.sock = trusted.wrap_socket(raw, server_hostname=SITE)
        sent = {
            "Host": SITE,
            "Referer": f"https://{SITE}/",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        try:
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()


def _certificate(folder: Path) -> None:
    subprocess.run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout privkey.pem -out fullchain.pem"
        f" -subj /CN={SITE} -addext subjectAltName=DNS:{SITE}",
        shell=True,
        cwd=folder,
        check=True,
        capture_output=True,
    )


def _configuration(folder: Path, site: Site, to: int) -> Path:
    """The page's own file, with this machine's ports and certificate."""
    text = (HOSTING / "nginx.conf").read_text()
    text = re.sub(r"\n    listen \[::\]\S+( ssl)?;", "", text)
    text = text.replace("listen 80;", f"listen 127.0.0.1:{site.http};")
    text = text.replace("listen 443 ssl;", f"listen 127.0.0.1:{site.https} ssl;")
    text = text.replace(f"/etc/letsencrypt/live/{SITE}", str(folder)).replace(
        "127.0.0.1:8000", f"127.0.0.1:{to}"
    )
    (folder / "engage.conf").write_text(text)
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "main.conf").write_text(
        f"{user} pid {folder}/pid; error_log {folder}/error.log; events {{}}"
        f" http {{ {temporary} include {folder}/engage.conf; }}"
    )
    return folder / "main.conf"


@contextmanager
def process(command: list[str | Path], **more: object) -> Iterator[None]:
    running = subprocess.Popen(command, **more)  # type: ignore[call-overload]
    try:
        yield
    finally:
        running.terminate()
        running.wait(timeout=30)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    _certificate(folder)
    to = free_port()
    made = Site(free_port(), free_port(), folder / "fullchain.pem")
    settings = folder / "engage.env"
    settings.write_text((HOSTING / "engage.env").read_text().replace("/var/lib/engage", f"{folder}/data"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
    environment = {**kept, "ENGAGE_SETTINGS": str(settings), "PYTHONPATH": str(ROOT)}
    subprocess.run([*ENGAGE, "init"], env=environment, check=True, capture_output=True, timeout=120)
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    configuration = _configuration(folder, made, to)
    subprocess.run([nginx, "-t", "-c", configuration], check=True, capture_output=True)
    with (
        (folder / "log").open("w") as log,
        process([*ENGAGE, "serve", "--port", str(to)], env=environment, stdout=log, stderr=log),
        process([nginx, "-c", configuration, "-g", "daemon off;"]),
    ):
        until = time.monotonic() + 90
        while time.monotonic() < until:
            try:
                if made.ask("GET", "/healthz")[0].status == 200:
                    break
            except OSError:
                time.sleep(0.1)
        yield made


def test_through_nginx_it_is_https_alone(site: Site) -> None:
    plain = http.client.HTTPConnection("127.0.0.1", site.http, timeout=10)
    plain.request("GET", "/sign-in", headers={"Host": SITE})
    answer = plain.getresponse()
    plain.close()
    assert (answer.status, answer.headers["Location"]) == (301, f"https://{SITE}/sign-in")
    answer, body = site.ask("GET", "/healthz")
    assert (answer.status, body) == (200, b"ok")
    assert answer.headers["Set-Cookie"] is None


def test_through_nginx_cookies_and_headers_are_those_of_https(site: Site) -> None:
    answer, _body = site.ask("GET", "/sign-in")
    assert answer.status == 200
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    for name in ("Strict-Transport-Security", "Content-Security-Policy", "X-Content-Type-Options"):
        assert len(answer.headers.get_all(name)) == 1
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=31536000")


def test_through_nginx_no_claim_of_the_browser_is_believed(site: Site) -> None:
    lies = {
        "X_Forwarded_For": "203.0.113.7",
        "X_Forwarded_Proto": "http",
        "X_Forwarded_Host": "evil.example",
        "Forwarded": "host=evil.example",
    }
    answer, body = site.ask("GET", "/", **lies)
    assert answer.status == 303
    assert "evil" not in str(answer.headers) + body.decode()
    assert site.ask("GET", "/about", Host="evil.example")[0].status == 400


def test_through_nginx_a_form_is_taken_and_too_much_is_refused(site: Site) -> None:
    answer, body = site.ask("GET", "/sign-in")
    found = re.search(rb'name="csrf_token"[^>]*value="([^"]+)"', body)
    assert found
    form = {
        "Content_Type": "application/x-www-form-urlencoded",
        "Cookie": answer.headers["Set-Cookie"].split(";")[0],
    }
    fields = b"csrf_token=" + found[1] + b"&email=maria%40example.org&password=none-of-it"
    # Over https the form's token is compared with the address that it came from, too.
    assert site.ask("POST", "/sign-in", fields, **form)[0].status == 422
    answer, body = site.ask("POST", "/sign-in", fields + b"&a=" + b"x" * 3_000_000, **form)
    assert answer.status == 413
    assert b"That is too much at once" in body
    answer, body = site.ask("POST", "/sign-in", b"x" * 13_000_000, **form)
    assert (answer.status, b"nginx" in body) == (413, True)


def test_through_nginx_pages_and_styles_come_compressed(site: Site) -> None:
    answer, _body = site.ask("GET", "/sign-in", Accept_Encoding="gzip")
    assert answer.headers["Content-Encoding"] == "gzip"
    plain = site.ask("GET", "/sign-in")[1].decode()
    style = re.search(r'href="(/static/[^"]+\.css)"', plain)
    assert style
    answer, _body = site.ask("GET", style[1], Accept_Encoding="br")
    assert (answer.status, answer.headers["Content-Encoding"]) == (200, "br")
    assert "immutable" in answer.headers["Cache-Control"]
