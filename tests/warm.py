"""The `engage` command for tests: a process of its own each time, forked from one that has imported everything.

    warm.run("init", env=..., cwd=...)

What a command costs is two seconds of imports, and some two hundred commands are tested. That each of them also works
from nothing is what tests/operations/test_cold_commands.py is for.
"""

import atexit
import json
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
from typing import Any

from engage.config import ROOT


def run(*words: str | Path, **how: Any) -> "subprocess.CompletedProcess[str]":
    """Runs `engage` with these words, or this code with them as its arguments, as subprocess.run would."""
    done = run_in_bytes(*words, **how)
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def run_in_bytes(
    *words: str | Path,
    env: Mapping[str, str],
    cwd: str | Path = ROOT,
    code: str = "",
    sent: bytes = b"",
    timeout: float = 300,
) -> "subprocess.CompletedProcess[bytes]":
    asked = json.dumps([code, [*map(str, words)], str(cwd), dict(env)]).encode()
    with (
        tempfile.TemporaryFile() as given,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
        socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as way,
    ):
        given.write(sent)
        given.seek(0)
        way.connect(_server())
        way.settimeout(timeout)
        socket.send_fds(way, [asked], [given.fileno(), out.fileno(), err.fileno()])
        process = int(way.recv(100))
        try:
            ended = int(way.recv(100))
        except TimeoutError:
            os.kill(process, signal.SIGKILL)
            raise subprocess.TimeoutExpired([*map(str, words)], timeout) from None
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read())
    return subprocess.CompletedProcess([*map(str, words)], ended, *said)


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

    import engage
    from engage.config import TestConfig
    from tests import compiled, databases

    compiled.keep()
    ours = (module.name for module in pkgutil.walk_packages(engage.__path__, "engage."))
    for name in (*ours, "alembic.autogenerate", "alembic.command", "flask_migrate", "gunicorn.app.base"):
        import_module(name)
    with tempfile.TemporaryDirectory() as folder:
        databases.app_of(TestConfig(DATA=Path(folder), SQLALCHEMY_DATABASE_URI="sqlite://"))


def _serve(address: str) -> str:
    """Returns in the process of each command that is asked for, with the code it is to run."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as door:
        door.bind(address)
        door.listen(16)
        print("ready", flush=True)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            if sys.stdin in select.select([door, sys.stdin], [], [])[0]:
                os._exit(0)
            way, _who = door.accept()
            if os.fork() == 0:
                break
            way.close()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked, files, _flags, _from = socket.recv_fds(way, 1 << 20, 3)
    if process := os.fork():
        way.send(str(process).encode())
        way.send(str(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])).encode())
        os._exit(0)
    way.close()
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    code, words, folder, environment = json.loads(asked)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["engage", *words]
    return str(code)


if __name__ == "__main__":
    _import_all()
    if asked_code := _serve(sys.argv[1]):
        exec(asked_code)
    else:
        from engage.cli import main

        main()
