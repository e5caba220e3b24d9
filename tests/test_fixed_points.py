"""Tests what scripts rely on: the commands that serve and what they print, the coalition made without a browser."""

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, build_opener, urlopen

import pytest
from alembic import command
from click.testing import CliRunner
from flask import Flask

from engage import cli
from engage.config import ROOT, TestConfig
from engage.operations import server
from engage.operations.sample import demo
from tests import warm
from tests.client import EngageClient
from tests.databases import another_app, by_copy, counted_queries

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]

ENGAGE = Path(sys.executable).with_name("engage")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
    return {**kept, "ENGAGE_DATA": str(tmp_path / "data"), "PYTHONPATH": str(ROOT)}


def engage(settings: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    return warm.run(*words, env=settings)


@contextmanager
def running(settings: dict[str, str], *words: str, lines: int) -> Iterator[list[str]]:
    """Runs the command while it serves; yields the first lines that it printed."""
    process = subprocess.Popen([ENGAGE, *words], env=settings, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    watchdog = threading.Timer(600, process.kill)  # only against waiting forever
    watchdog.start()
    try:
        yield [process.stdout.readline().rstrip("\n") for _ in range(lines)]
    finally:
        watchdog.cancel()
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


class Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any) -> None:
        return None


def follow(address: str) -> tuple[int, str | None]:
    """Returns status and Location of an address, without following it."""
    try:
        with build_opener(Stay).open(address, timeout=10) as answer:
            return answer.status, None
    except HTTPError as answer:
        with answer:
            return answer.code, answer.headers["Location"]


def await_ok(address: str) -> str:
    for _ in range(300):
        try:
            with urlopen(address, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            threading.Event().wait(0.05)
    raise AssertionError(f"nothing answers at {address}")


def test_serve_prints_a_set_up_link_that_leads_to_its_own_port(settings: dict[str, str]) -> None:
    assert engage(settings, "init").returncode == 0
    port = free_port()
    with running(settings, "serve", "--port", str(port), lines=1) as [line]:
        found = re.fullmatch(
            rf"Set up Engage here \(once\): (http://127\.0\.0\.1:{port}/setup/\S{{43,}})", line
        )
        assert found, line
        assert await_ok(f"http://127.0.0.1:{port}/healthz") == "ok"
        assert follow(f"http://127.0.0.1:{port}/") == (303, "/setup")
        assert follow(found[1]) == (303, "/setup")


def test_serve_prints_its_address_where_someone_has_an_account(settings: dict[str, str]) -> None:
    assert engage(settings, "init").returncode == 0
    assert (
        engage(settings, "seed", *["--coalitions", "1", "--actions", "1", "--members", "1"]).returncode == 0
    )
    port = free_port()
    with running(settings, "serve", "--port", str(port), lines=1) as lines:
        assert lines == [f"Engage is at http://127.0.0.1:{port}/"]


def test_the_demo_prints_two_sign_ins_a_script_can_read(settings: dict[str, str]) -> None:
    port = free_port()
    with running(settings, "demo", "--port", str(port), lines=3) as [where, *sign_ins]:
        assert where == f"A sample coalition is at http://127.0.0.1:{port}"
        assert await_ok(f"http://127.0.0.1:{port}/healthz") == "ok"
        # A second one on another port would empty the folder under the first.
        second = engage(settings, "demo", "--port", str(free_port()))
        assert second.returncode == 1
        assert second.stderr.startswith("Error: Another demo is running in ")
        assert second.stderr.count("\n") == 1
        assert follow(f"http://127.0.0.1:{port}/") == (200, None)
    found = [re.fullmatch(r"(\w+)  (\S+@\S+)  (\S{12,})", line) for line in sign_ins]
    assert [match and match[1] for match in found] == ["coordinator", "member"], sign_ins


@pytest.mark.parametrize(
    ("words", "host", "url"),
    [([], "127.0.0.1", "http://127.0.0.1:{port}"), (["--lan"], "0.0.0.0", "http://10.1.2.3:{port}")],
)
def test_only_lan_serves_the_local_network(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str], host: str, url: str
) -> None:
    for name in ("ENGAGE_URL", "ENGAGE_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    served: list[tuple[Callable[[], Flask], tuple[str, int]]] = []
    monkeypatch.setattr(
        server, "serve", lambda make, listening, **_how: served.append((make, listening.getsockname()))
    )
    monkeypatch.setattr(demo, "_own_address", lambda: "10.1.2.3")
    monkeypatch.setattr(demo.service, "build", lambda passwords: dict.fromkeys(passwords, "a@example.org"))
    monkeypatch.setattr(command, "upgrade", by_copy(command.upgrade))
    port = free_port()
    done = CliRunner().invoke(
        cli.main, ["demo", "--port", str(port), "--folder", str(tmp_path / "d"), *words]
    )
    assert done.exit_code == 0, done.output
    [(make, bound)] = served
    app = make()
    assert bound == (host, port)
    assert app.config["URL"] == url.format(port=port)
    answer = app.test_client().get("/healthz", headers={"Host": f"10.1.2.3:{port}"})
    assert answer.status_code == (200 if words else 400)
    assert ("There is no proxy in front" in done.output) is bool(words)


def test_a_broken_setting_stops_the_demo_with_one_line(settings: dict[str, str]) -> None:
    done = engage({**settings, "ENGAGE_URL": "nonsense"}, "demo", "--port", str(free_port()))
    assert done.returncode == 1
    assert done.stderr.startswith("Error: ENGAGE_URL must be")
    assert done.stderr.count("\n") == 1


def test_a_coalition_is_made_without_the_browser(settings: dict[str, str]) -> None:
    settings = {**settings, "ENGAGE_URL": "https://engage.example.org"}
    assert engage(settings, "init").returncode == 0
    create = ("coalition", "create", "lake-county", "--name", "Lake County Coalition")
    done = engage(settings, *create)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"https://engage\.example\.org/join/\S{43,}\n", done.stdout)
    assert "also becomes the admin of this installation" in done.stderr
    assert "Its clock is that of America/Chicago." in done.stderr
    there = engage(settings, "coalition", "create", "far", "--name", "Far", "--time-zone", "America/Denver")
    assert there.returncode == 0 and "clock" not in there.stderr
    for words in (create, ("coalition", "create", "Lake County", "--name", "Lake County Coalition")):
        done = engage(settings, *words)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("Error: ")
        assert done.stderr.count("\n") == 1


def test_healthz_says_ok_and_nothing_else(client: EngageClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/plain", "ok")


def test_healthz_asks_no_one_who_they_are(coordinator: EngageClient) -> None:
    with counted_queries() as asked:
        answer = coordinator.get("/healthz")
    # SQLite's file is read apart from the pool, so that no lock is waited for.
    assert asked == []
    assert "Set-Cookie" not in answer.headers


def test_healthz_says_when_the_database_does_not_answer(app: Flask, tmp_path: Path) -> None:
    nowhere = TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI=f"sqlite:///{tmp_path / 'no' / 'engage.db'}")
    answer = another_app(nowhere).test_client().get("/healthz")
    assert (answer.status_code, answer.mimetype, answer.text) == (
        503,
        "text/plain",
        "the database does not answer",
    )


def test_the_sign_in_page_has_the_two_fields(client: EngageClient) -> None:
    page = client.page("/sign-in")
    assert page.one("main form input[name=email]").attributes["type"] == "email"
    assert page.one("main form input[name=password]").attributes["type"] == "password"


def test_the_readmes_first_screen_has_a_picture_and_the_two_commands() -> None:
    root = Path(__file__).resolve().parent.parent
    first_screen = (root / "README.md").read_text().splitlines()[:20]
    assert any(line.startswith("make demo ") for line in first_screen)
    assert any(line.startswith("make test ") for line in first_screen)
    pictures = re.findall(r"!\[[^]]+\]\(([^)]+)\)", "\n".join(first_screen))
    assert pictures
    assert all((root / picture).is_file() for picture in pictures)
