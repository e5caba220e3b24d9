"""Runs Engage as a host does: the `engage` command in a process of its own, on a free loopback port."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[2]
ENGAGE = [sys.executable, "-c", "from engage.cli import main; main()"]
START_SECONDS = 120


@dataclass(frozen=True)
class Server:
    """A running Engage: its address, what it printed at start, and its process."""

    url: str
    lines: list[str]
    process_id: int = 0

    def account(self, role: str) -> tuple[str, str]:
        """Returns the e-mail address and password that the demo printed for this role."""
        line = next(line for line in self.lines if line.startswith(f"{role}  "))
        _role, email, password = line.split("  ", 2)
        return email, password

    @property
    def setup_path(self) -> str:
        """Returns the path of a new installation's one-time link."""
        line = next(line for line in self.lines if "/setup/" in line)
        return line[line.index("/setup/") :].strip()


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def environment(folder: Path, port: int) -> dict[str, str]:
    """Returns this process's environment with Engage's settings for one test server alone."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("ENGAGE_")}
    return {
        **kept,
        "ENGAGE_DATA": str(folder),
        "ENGAGE_URL": f"http://127.0.0.1:{port}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def running(
    arguments: list[str], folder: Path, port: int, *, program: list[str] = ENGAGE, **settings: str
) -> Iterator[Server]:
    """Start an `engage` command (or another program), wait until it answers, and stop it by its process id."""
    output = folder.with_suffix(".log")
    with output.open("w") as log:
        process = subprocess.Popen(
            [*program, *arguments],
            env={**environment(folder, port), **settings},
            cwd=folder.parent,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url, process, output)
        yield Server(url, output.read_text().splitlines(), process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(url: str, process: subprocess.Popen[bytes], output: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        try:
            with urlopen(f"{url}/healthz", timeout=1) as answer:
                assert answer.read() == b"ok"
                return
        except (URLError, ConnectionError, TimeoutError):
            if process.poll() is not None:
                break
            time.sleep(0.1)
    raise AssertionError(f"the server did not start: {output.read_text()}")


def sign_in(page: Page, account: tuple[str, str]) -> None:
    """Signs in by label, as a person would."""
    email, password = account
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in (my own").click()
    page.wait_for_url("**/c/**")
