"""The `engage` command for tests: a process of its own each time, forked from one that has imported everything.

    warm.run("init", env=..., cwd=...)
    server = warm.start("serve", env=..., out=log)   # to be asked and ended like subprocess.Popen

What a command costs is two seconds of imports, and some two hundred commands are tested. That each of them also works
from nothing is what tests/operations/test_cold_commands.py and tests/test_fixed_points.py are for.
"""

import multiprocessing
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import chdir
from functools import cache
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa

from engage.config import ROOT


class Started:
    """A process that runs, in a group of its own, and what a test asks of it as of one of subprocess.Popen."""

    def __init__(self, process: ForkServerProcess) -> None:
        assert process.pid is not None
        self.pid, self._process = process.pid, process

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self.returncode is None:
            raise subprocess.TimeoutExpired("engage", timeout or 0)
        return self.returncode

    def poll(self) -> int | None:
        return self.returncode

    def terminate(self) -> None:
        self._process.terminate()


def run(*words: str | Path, **how: Any) -> "subprocess.CompletedProcess[str]":
    """Runs `engage` with these words, or this code with them as its arguments, as subprocess.run would."""
    done = run_in_bytes(*words, **how)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def run_in_bytes(
    *words: str | Path, sent: bytes = b"", timeout: float = 300, **how: Any
) -> "subprocess.CompletedProcess[bytes]":
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        given.write(sent)
        given.seek(0)
        started = start(*words, given=given, out=out, err=err, **how)
        try:
            ended = started.wait(timeout)
        except subprocess.TimeoutExpired:
            os.killpg(started.pid, signal.SIGKILL)
            started.wait()
            raise
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read())
    return subprocess.CompletedProcess([*map(str, words)], ended, *said)


def start(
    *words: str | Path,
    env: Mapping[str, str],
    out: IO[Any],
    err: IO[Any] | None = None,
    given: IO[Any] | None = None,
    cwd: str | Path = ROOT,
    code: str = "",
) -> Started:
    """Starts it; what it says goes into `out`, and its errors too if they have no file of their own."""
    with open(os.devnull) as nothing:
        # A connection is what multiprocessing hands on to another process, and any open file may be one.
        files = [Connection(os.dup(file.fileno())) for file in (given or nothing, out, err or out)]
    process = _context().Process(
        target=_command, args=(files, code, [*map(str, words)], str(cwd), dict(env)), daemon=True
    )
    process.start()
    for file in files:
        file.close()
    return Started(process)


@cache
def _context() -> ForkServerContext:
    """Starts the process that commands are forked from; it ends with this one."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.preloaded"])
    with chdir(ROOT):  # where it finds the module
        forkserver.ensure_running()
    return context


def _command(
    files: list[Connection], code: str, words: list[str], folder: str, environment: dict[str, str]
) -> None:
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file.fileno(), number)
        file.close()
    sys.stdin = os.fdopen(0, closefd=False)  # multiprocessing has put nothing in its place
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["engage", *words]
    # The end of a program closes what it has opened; on SQLite the last one to go leaves no log behind.
    opened: list[Any] = []
    sa.event.listen(sa.Pool, "connect", lambda connection, _record: opened.append(connection))
    try:
        if code:
            exec(code, {"__name__": "__main__"})
        else:
            from engage.cli import main

            main()
    finally:
        for connection in opened:
            connection.close()
