"""The `engage` command for tests: a process of its own each time, forked from one that has imported everything.

    warm.run("init", env=..., cwd=...)
    server = warm.start("serve", env=..., out=log)   # to be asked and ended like subprocess.Popen

What a command costs is two seconds of imports, and some two hundred commands are tested. That each of them also works
from nothing is what tests/operations/test_cold_commands.py and tests/test_fixed_points.py are for.
"""

import atexit
import gc
import json
import multiprocessing
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any, NoReturn

import sqlalchemy as sa

from engage.config import ROOT


class Started:
    """A process that runs, in a group of its own, and what a test asks of it as of one of subprocess.Popen."""

    def __init__(self, way: socket.socket) -> None:
        self._way = way
        self.pid = int(way.recv(100))
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        if self.returncode is None:
            if not select.select([self._way], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("engage", timeout or 0)
            self.returncode = int(self._way.recv(100))
            self._way.close()
        return self.returncode

    def poll(self) -> int | None:
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)


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
    asked = json.dumps([code, [*map(str, words)], str(cwd), dict(env)]).encode()
    way = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    way.connect(_server())
    with open(os.devnull) as nothing:
        files = (given or nothing, out, err or out)
        socket.send_fds(way, [asked], [file.fileno() for file in files])
    return Started(way)


@cache
def _server() -> str:
    """Starts the process that the commands are forked from; it ends with this one."""
    folder = tempfile.TemporaryDirectory(prefix="engage-warm-")
    address = f"{folder.name}/way"
    started = subprocess.Popen(
        [sys.executable, "-m", "tests.warm", address], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert started.stdin and started.stdout
    assert started.stdout.readline() == b"ready\n"
    started.stdout.close()
    # In reverse: its input is closed, which ends it; then it is waited for, and its folder removed.
    for end in (folder.cleanup, started.wait, started.stdin.close):
        atexit.register(end)
    return address


def _import_all() -> None:
    """Imports every module and makes an application once, which reads the content."""
    import pkgutil
    from importlib import import_module

    from alembic import command

    import engage
    from engage.config import TestConfig
    from engage.operations.serving import server
    from tests import compiled, databases

    compiled.keep()
    command.upgrade = databases.by_copy(command.upgrade)
    server.keep_serving = _keep_serving
    ours = (module.name for module in pkgutil.walk_packages(engage.__path__, "engage."))
    for name in (*ours, "alembic.autogenerate", "flask_migrate", "gunicorn.config"):
        import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        databases.app_of(TestConfig(DATA=Path(folder), SQLALCHEMY_DATABASE_URI="sqlite://"))


def _serve(address: str) -> None:
    """Forks a process for each command that is asked for."""
    gc.freeze()  # nothing of it is looked at, and so copied, in each of them
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(address)
        door.listen(16)
        print("ready", flush=True)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while sys.stdin not in select.select([door, sys.stdin], [], [])[0]:
            way, _who = door.accept()
            if os.fork() == 0:
                door.close()
                _watch(way)
                break
            way.close()
    os._exit(0)


def _watch(way: socket.socket) -> None:
    """Starts the command, and says its number and, when it has ended, how."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked, files, _flags, _from = socket.recv_fds(way, 1 << 20, 3)
    # Such a process leaves without taking apart what was imported: that takes longer than most commands.
    process = multiprocessing.get_context("fork").Process(
        target=_command, args=(way, files, *json.loads(asked))
    )
    process.start()
    for file in files:
        os.close(file)
    way.send(str(process.pid).encode())
    process.join()
    way.send(str(process.exitcode).encode())


def _command(
    way: socket.socket,
    files: list[int],
    code: str,
    words: list[str],
    folder: str,
    environment: dict[str, str],
) -> None:
    way.close()
    os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
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


def _keep_serving(listening: socket.socket) -> NoReturn:
    """Serves in this process, in place of the shell that would start a worker, and ends with the shell's exit code."""
    from engage import cli
    from engage.operations.serving import server

    try:
        cli.main([*sys.argv[1:], "--listening", str(listening.fileno()), "--parent", str(os.getppid())])
    except SystemExit as ended:
        sys.exit(1 if ended.code == server.CANNOT_START else ended.code)
    raise AssertionError("a command of click's ends by itself")


if __name__ == "__main__":
    _import_all()
    _serve(sys.argv[1])
