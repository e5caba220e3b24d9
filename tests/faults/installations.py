"""Makes a throwaway installation under the real `engage serve`, in a process group that can be killed at once."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask

from bench.processes import ROOT, free_port
from engage.accounts.models import User
from engage.coalitions.models import Membership
from engage.config import Config, in_folder, prepare, read_secret_key
from engage.extensions import db
from engage.operations.backup import installations
from tests import databases, factories, warm
from tests.faults.browsers import Browser

ENGAGE = (sys.executable, "-c", "from engage.cli import main; main()")
START_SECONDS = 60


@dataclass
class Installation:
    """An installation: its folder, its database, and this process's own access to it.

    `url` is the public address, if not the port.
    """

    folder: Path
    app: Flask
    port: int
    url: str = ""
    process: subprocess.Popen[bytes] | warm.Started | None = None
    settings: dict[str, str] = field(default_factory=dict)
    browsers: list[Browser] = field(default_factory=list)
    others: list["Installation"] = field(default_factory=list)

    def browser(self, like: Browser | None = None, **headers: str) -> Browser:
        """Returns a browser; `like` gives it the cookies and the token of another, as in another window."""
        made = Browser(self.port, headers)
        if like is not None:
            made.cookies, made.token = dict(like.cookies), like.token
        self.browsers.append(made)
        return made

    @property
    def database(self) -> str:
        return str(self.app.config["SQLALCHEMY_DATABASE_URI"])

    @property
    def on_sqlite(self) -> bool:
        return self.database.startswith("sqlite")

    @property
    def log(self) -> str:
        """Returns what its servers printed."""
        return self.folder.with_suffix(".log").read_text()

    @property
    def crashed(self) -> bool:
        """Returns whether an answer was an error of ours, by how the log writes one, in words or as JSON."""
        return "failed: " in self.log

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}
        return {
            **kept,
            "ENGAGE_DATA": str(self.folder),
            "ENGAGE_URL": self.url or f"http://127.0.0.1:{self.port}",
            "PYTHONPATH": str(ROOT),
            **({} if self.on_sqlite else {"ENGAGE_DATABASE_URL": self.database.replace("+psycopg", "")}),
            **self.settings,
        }

    def start(self) -> None:
        """Serves, and waits for the first answer."""
        words = ("serve", "--port", str(self.port))
        folder, environment = self.folder.parent, self.environment()
        with self.folder.with_suffix(".log").open("a") as log:
            if self.has_own_clock:
                self.process = subprocess.Popen(
                    [*ENGAGE, *words],
                    cwd=folder,
                    env=environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            else:
                self.process = warm.start(*words, cwd=folder, env=environment, out=log)
        self._wait()

    @property
    def has_own_clock(self) -> bool:
        """Returns whether its programs are told another time, by what has to be loaded before them."""
        return "LD_PRELOAD" in self.settings

    def beside(self) -> "Installation":
        """Serves the same installation by one more process, on a port of its own; it stops with this one."""
        other = Installation(self.folder, self.app, free_port(), self.url, settings=self.settings)
        self.others.append(other)
        return other

    def _wait(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                    return
            except (URLError, ConnectionError, TimeoutError):
                assert self.process is not None and self.process.poll() is None, self.log
                time.sleep(0.05)
        raise AssertionError(f"the server did not start: {self.log}")

    def kill(self) -> None:
        """Sends SIGKILL to the server and its worker at once: no handler runs, nothing is closed."""
        self._signal(signal.SIGKILL)

    def stop(self) -> None:
        self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)
        self.process.wait(timeout=30)
        self.process = None

    def command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Runs another `engage` command on the same installation; the caller judges its exit code."""
        folder, environment = self.folder.parent, self.environment()
        if not self.has_own_clock:
            return warm.run(*arguments, cwd=folder, env=environment)
        return subprocess.run(
            [*ENGAGE, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    def damage(self) -> list[str]:
        """Returns what SQLite's own checks find wrong in the file; PostgreSQL looks after itself."""
        if not self.on_sqlite:
            return []
        with self.app.app_context(), db.engine.connect() as connection:
            found = [row[0] for row in connection.exec_driver_sql("PRAGMA integrity_check")]
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
            return [*(line for line in found if line != "ok"), *map(str, broken)]


def _config(folder: Path, secret: str, database: str) -> Config:
    return Config(SECRET_KEY=secret, DATA=folder, SQLALCHEMY_DATABASE_URI=database)


@contextmanager
def installation(
    folder: Path | None = None, database: str | None = None, url: str = "", **settings: str
) -> Iterator[Installation]:
    """Makes a new installation; what is still served at the end is stopped by its process id."""
    with tempfile.TemporaryDirectory() as own:
        folder = folder or Path(own) / "data"
        prepare(folder)
        config = _config(folder, read_secret_key(folder), database or in_folder(folder))
        app = databases.app_of(config)
        if database is None:
            databases.migrate(app)
        else:  # on whatever server that is
            installations.migrate(config)
        made = Installation(folder, app, free_port(), url, settings=settings)
        try:
            yield made
        finally:
            for each in (made, *made.others):
                each.kill()
                for browser in each.browsers:
                    browser.close()
            databases.close(app)


def people(made: Installation, many: int) -> list[tuple[Membership, str]]:
    """Makes members of one coalition, each with their address; in an app context of the caller."""
    members = [factories.make_membership(name=f"Member {letters(number)}") for number in range(many)]
    return [(member, db.session.get_one(User, member.user_id).email) for member in members]


def letters(number: int) -> str:
    """Returns a number in letters alone: digits could look like a phone number."""
    return re.sub(r"\d", lambda digit: "abcdefghij"[int(digit[0])], str(number))
