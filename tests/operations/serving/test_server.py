"""Tests how the server starts, whom it hears while it serves, and how it ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.request import urlopen

import click
import pytest

from bench.processes import ROOT, free_port
from engage.operations import server
from tests import warm

SETTINGS = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("ENGAGE_") and name != "PYTHONDONTWRITEBYTECODE"
}
SERVE = ["-c", "from engage.cli import main; main()", "serve", "--port"]

CANNOT = """
import click
from engage.operations import server

def make():
    raise click.ClickException("The disk is full.")

try:
    server.serve(make, server.bind("127.0.0.1", 0))
except click.ClickException as error:
    print(error.message)
"""
BREAKS = CANNOT.replace('click.ClickException("The disk is full.")', 'ValueError("quiet heron")')
SERVER = """
import sys, tempfile, time
from flask import Flask, request
from whitenoise import WhiteNoise
from engage.operations import server

def short():
    return "short"

def long():
    return "a" * 12_000_000

def slow():
    time.sleep(1.5)
    return "done"

def form():
    return str(len(request.get_data()))

def make():
    app = Flask("made")
    for view in (short, long, slow):
        app.get(f"/{view.__name__}")(view)
    app.post("/form")(form)
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=sys.argv[2], prefix="files")
    return app

%s
server.serve(make, server.bind("127.0.0.1", int(sys.argv[1])))
"""


class Served:
    """A server of a small application in a process of its own, and clients that are sockets."""

    def __init__(self, process: warm.Started, port: int) -> None:
        self.process, self.port = process, port
        self.clients: list[socket.socket] = []

    def ask(self, *lines: str, takes: bool = True) -> socket.socket:
        """Connects and sends these lines; whoever takes nothing has a small buffer."""
        client = socket.socket()
        self.clients.append(client)
        if not takes:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        client.settimeout(20)
        client.connect(("127.0.0.1", self.port))
        client.sendall("\r\n".join(lines).encode())
        return client

    def get(self, path: str, *, takes: bool = True) -> socket.socket:
        return self.ask(f"GET {path} HTTP/1.1", "Host: a", "", "", takes=takes)

    def form(self, length: int, sent: str) -> socket.socket:
        return self.ask("POST /form HTTP/1.1", "Host: a", f"Content-Length: {length}", "", sent)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        time.sleep(0.3)  # what was sent has arrived
        os.kill(self.process.pid, number)
        time.sleep(0.3)


@contextmanager
def serving(folder: Path, settings: str = "", code: str = SERVER, **environment: str) -> Iterator[Served]:
    """Serves with these settings changed, until it answers; at the end it is killed."""
    port, files = free_port(), folder / "files"
    files.mkdir(exist_ok=True)
    with (folder / "log").open("w") as log:
        words = (str(port), str(files))
        process = warm.start(*words, code=code % settings, env={**SETTINGS, **environment}, out=log)
    made = Served(process, port)
    try:
        until = time.monotonic() + 20
        while True:
            with suppress(ConnectionError):
                assert said(made.get("/short")) == "200"
                break
            assert time.monotonic() < until and process.poll() is None, (folder / "log").read_text()
            time.sleep(0.05)
        yield made
    finally:
        for client in made.clients:
            client.close()
        if process.poll() is None:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()


def said(client: socket.socket, seconds: float = 20) -> str:
    """Returns the status of the answer, or how the connection ended without one."""
    client.settimeout(seconds)
    try:
        return client.recv(12).decode()[9:] or "closed"
    except TimeoutError:
        return "silent"
    except ConnectionError:
        return "closed"


@pytest.mark.parametrize(("code", "said"), [(CANNOT, "The disk is full."), (BREAKS, "Engage cannot start")])
def test_a_server_that_cannot_start_says_why(code: str, said: str) -> None:
    done = warm.run(code=code, env=SETTINGS, timeout=30)
    assert done.returncode == (server.CANNOT_START if code is BREAKS else 0)
    assert said in done.stdout + done.stderr


def test_a_taken_port_is_said_with_another_to_choose() -> None:
    with server.bind("127.0.0.1", 0) as first:
        first.listen()
        with pytest.raises(click.ClickException) as refused:
            server.bind("127.0.0.1", first.getsockname()[1])
    assert "cannot be used (Address already in use). Stop what runs there" in refused.value.message


def test_a_host_that_is_not_known_is_said_in_one_line() -> None:
    with pytest.raises(click.ClickException) as refused:
        server.bind("no.such.host.invalid", 8000)
    assert refused.value.message.startswith("no.such.host.invalid:8000 cannot be used (")
    assert refused.value.message.endswith("Choose an address of this machine: --host 127.0.0.1")


@pytest.mark.slow
@pytest.mark.sqlite_only
@pytest.mark.real_clock
@pytest.mark.parametrize("closed", [0, 1])
def test_a_server_starts_without_standard_input_or_output(tmp_path: Path, closed: int) -> None:
    port, environment = free_port(), {**SETTINGS, "ENGAGE_DATA": str(tmp_path)}
    assert warm.run("init", env=environment).returncode == 0
    code = (
        f"import os; os.close({closed}); os.execv({sys.executable!r}, {[sys.executable, *SERVE, str(port)]})"
    )
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment)
    try:
        until = time.monotonic() + 30
        while process.poll() is None and time.monotonic() < until:
            with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=30) as answer:
                assert answer.status == 200
                return
            time.sleep(0.1)
        pytest.fail("no server answers")
    finally:
        process.terminate()
        process.wait(timeout=30)


def test_systemd_hears_that_the_server_answers_and_that_it_still_runs(tmp_path: Path) -> None:
    way = str(tmp_path / "way")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(way)
        systemd.settimeout(20)
        with serving(tmp_path, NOTIFY_SOCKET=way):
            assert [systemd.recv(20) for _word in range(3)] == [b"READY=1", b"WATCHDOG=1", b"WATCHDOG=1"]


def test_health_is_answered_while_every_thread_waits(tmp_path: Path) -> None:
    """As behind a table that another program has locked."""
    health = 'app.get("/healthz")(lambda: "ok")'
    with serving(
        tmp_path, code=SERVER.replace("    return app\n", f"    {health}\n    return app\n")
    ) as made:
        waiting = [made.get("/slow") for _thread in range(8)]
        time.sleep(0.3)
        began = time.monotonic()
        assert said(made.get("/healthz")) == "200"
        assert time.monotonic() - began < 0.7
        assert [said(each) for each in waiting] == ["200"] * 8


def test_clients_that_send_half_or_take_nothing_hold_no_thread(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    with (tmp_path / "files" / "long").open("w") as file:
        file.truncate(12_000_000)
    with serving(tmp_path) as made:
        _halves = [made.form(9, "half") for _each in range(20)]
        for path in ("/long", "/files/long"):
            _unread = [made.get(path, takes=False) for _each in range(6)]
        assert said(made.get("/short")) == "200"


def test_who_takes_nothing_of_an_answer_is_dropped(tmp_path: Path) -> None:
    with serving(tmp_path, "server.TAKING_SECONDS = 1") as made:
        client = made.get("/long", takes=False)
        time.sleep(5)
        taken = 0
        with suppress(ConnectionError):
            while piece := client.recv(1 << 20):
                taken += len(piece)
    assert taken < 12_000_000


def test_forms_that_are_arriving_take_no_more_than_a_share_of_the_memory(tmp_path: Path) -> None:
    with serving(tmp_path, "server.MOST_ARRIVING_BYTES = 170_000") as made:
        large = [made.form(90_000, "a" * 80_000) for _each in range(4)]
        small = made.form(9, "half")
        time.sleep(3)
        assert sorted(said(each, 0.2) for each in large) == ["closed", "closed", "silent", "silent"]
        small.sendall(b" more")
        assert said(small) == "200"


def test_a_server_starts_where_no_temporary_file_can_be_written(tmp_path: Path) -> None:
    with serving(tmp_path, "tempfile._candidate_tempdir_list = list") as made:
        assert said(made.form(5, "hello")) == "200"


def test_a_long_form_is_never_in_a_temporary_file(tmp_path: Path) -> None:
    with serving(tmp_path, "tempfile._candidate_tempdir_list = list") as made:
        assert said(made.form(2_000_000, "a" * 2_000_000)) == "200"


def test_who_has_asked_or_is_asking_is_answered_before_the_server_ends(tmp_path: Path) -> None:
    with serving(tmp_path) as made:
        asked, arriving, connected = made.get("/slow"), made.form(8, "half"), made.ask()
        made.stop()
        arriving.sendall(b"more")
        connected.sendall(b"GET /short HTTP/1.1\r\nHost: a\r\n\r\n")
        assert [said(each) for each in (asked, arriving, connected)] == ["200"] * 3
        assert made.process.wait(10) == 0


def test_what_never_arrives_and_what_no_one_takes_do_not_keep_a_stopping_server(tmp_path: Path) -> None:
    with serving(tmp_path, "server.LEAVING_SECONDS = 1") as made:
        _form, _unread = made.form(9, "half"), made.get("/long", takes=False)
        made.stop()
        assert made.process.wait(5) == 0


def test_a_stopping_server_takes_no_one_new_so_that_a_proxy_asks_another_process(tmp_path: Path) -> None:
    with serving(tmp_path) as made:
        asked = made.get("/slow")
        made.stop()
        with pytest.raises(ConnectionRefusedError):
            made.get("/short")
        assert said(asked) == "200"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_other_signals_end_it_cleanly_too(tmp_path: Path, number: signal.Signals) -> None:
    with serving(tmp_path) as made:
        made.stop(number)
        assert made.process.wait(10) == 0


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ({"ENGAGE_URL": "nonsense"}, server.CANNOT_START),
        ({"ENGAGE_DATABASE_URL": "postgresql://u@127.0.0.1:1/d"}, 1),
    ],
    ids=["what only a person can fix", "a database that may come yet"],
)
@pytest.mark.parametrize("command", ["init", "serve"])
def test_the_exit_code_says_whether_it_may_help_to_start_again(
    tmp_path: Path, command: str, words: dict[str, str], code: int
) -> None:
    environment = {**SETTINGS, "ENGAGE_DATA": str(tmp_path / "data")}
    assert warm.run("init", env=environment).returncode == 0
    done = warm.run(command, env={**environment, **words}, timeout=30)
    assert (done.returncode, done.stderr.count("\n")) == (code, 1), done.stderr
