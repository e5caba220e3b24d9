"""Tests that the server builds Engage in its worker alone, and that one worker follows another without a gap."""

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from urllib.request import urlopen

import click
import pytest

from bench.processes import ROOT, free_port, megabytes
from engage.operations.serving import server, workers
from tests import warm

SETTINGS = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith("ENGAGE_") and name != "PYTHONDONTWRITEBYTECODE"
}
SERVE = ["-c", "from engage.cli import main; main()", "serve", "--port"]

CANNOT = """
import click
from engage.operations.serving import server

def make():
    raise click.ClickException("The disk is full.")

server.work(make, server.listen("127.0.0.1", 0))
"""
BREAKS = CANNOT.replace('click.ClickException("The disk is full.")', 'ValueError("quiet heron")')
ORPHAN = """
from engage.operations.serving import server
from flask import Flask

server.work(lambda: Flask("made"), server.listen("127.0.0.1", 0), watched_by=1_000_000_000)
"""
LATE = """
import os, signal, socket, threading, time
from engage.operations.serving import server
from flask import Flask

def ask():
    with socket.create_connection(listening.getsockname()) as client:
        time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.5)
        client.sendall(b"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n")
        print(client.recv(20), flush=True)

def make():
    threading.Thread(target=ask).start()
    return Flask("made")

listening = server.listen("127.0.0.1", 0)
server.work(make, listening, watched_by=os.getppid())
"""
ASKING = """
import os, signal, socket, struct, threading, time
from engage.operations.serving import server, workers
from flask import Flask
from whitenoise import WhiteNoise

def ask(*lines, take=20):
    client = socket.create_connection(listening.getsockname(), timeout=20)
    client.sendall("\\r\\n".join(lines).encode())
    clients.append(client)
    return client.recv(take) if take else b""

def run():
    {asks}
    print(ask("GET /short HTTP/1.1", "Host: a", "", ""), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)

def make():
    app = Flask("made")
    app.get("/long")(lambda: "a" * 20_000_000)
    app.wsgi_app = WhiteNoise(app.wsgi_app, root=os.environ.get("FOLDER"), prefix="files")
    threading.Thread(target=run).start()
    return app

clients, listening = [], server.listen("127.0.0.1", 0)
{settings}
server.work(make, listening)
"""
UNREAD = ASKING.format(
    asks='[ask("GET /long HTTP/1.1", "Host: a", "", "", take=1) for _ in range(4)]',
    settings='workers._TAKING = struct.pack("ll", 0, 200_000)',
)
UNREAD_FILE = UNREAD.replace("/long HTTP", "/files/long HTTP")
MANY = ASKING.format(
    asks='[ask("GET /long HTTP/1.1", "Host:", take=0) for _ in range(9)]; time.sleep(0.5)',
    settings='server._SETTINGS["worker_connections"] = 5',
)
HALF = ASKING.format(
    asks="""ask("POST / HTTP/1.1", "Host: a", "Content-Length: 9", "", "half", take=0)
    time.sleep(0.3)
    os.kill(os.getpid(), signal.SIGTERM)
    print(clients[0].recv(9), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)""",
    settings="workers.LEAVING_SECONDS = 0.5",
)
FULL = ASKING.format(asks="pass", settings="import tempfile; tempfile._candidate_tempdir_list = list")
STUCK = """
import sys, time
from types import SimpleNamespace
from engage.operations.serving import workers

workers.STUCK_SECONDS = 0.2
worker = SimpleNamespace(_said_at=0.0)
for _turn in range(4):
    time.sleep(0.1)
    worker._said_at = 0.0
    workers.Worker.notify(worker)
print("it went on", flush=True)
time.sleep(20)
"""
HELD = """
import threading, time
from gunicorn.workers.gthread import ThreadWorker
from engage.operations.serving import workers

workers.LAST_SECONDS = 0.2
ThreadWorker.run = lambda worker: None
threading.Thread(target=time.sleep, args=(20,)).start()
workers.Worker.run(object.__new__(workers.Worker))
"""


@pytest.mark.parametrize(
    ("code", "said"), [(CANNOT, "Error: The disk is full.\n"), (BREAKS, "Exception in worker process")]
)
def test_a_worker_that_cannot_start_says_why_and_that_no_other_could(code: str, said: str) -> None:
    done = warm.run(code=code, env=SETTINGS, timeout=30)
    assert done.returncode == server.CANNOT_START
    assert said in done.stderr


def test_a_worker_that_stands_still_says_where_and_ends() -> None:
    done = warm.run(code=STUCK, env=SETTINGS, timeout=15)
    assert done.stdout == "it went on\n"
    assert done.returncode == 1 and "Timeout (0:00:00" in done.stderr


def test_a_request_that_holds_its_thread_does_not_keep_a_stopping_worker() -> None:
    assert warm.run(code=HELD, env=SETTINGS, timeout=15).returncode == 1


def test_how_a_worker_ended_is_logged_by_the_next_unless_it_had_done_its_share(
    caplog: pytest.LogCaptureFixture,
) -> None:
    server.note_end(0)
    assert not caplog.records
    server.note_end(128 + signal.SIGKILL)
    assert caplog.messages == ["the worker before this one ended (signal 9); this one took its place"]


def test_a_taken_port_is_said_with_another_to_choose() -> None:
    with server.listen("127.0.0.1", 0) as first, pytest.raises(click.ClickException) as refused:
        server.listen("127.0.0.1", first.getsockname()[1])
    assert "cannot be used (Address already in use). Stop what runs there" in refused.value.message


def test_a_host_that_is_not_known_is_said_in_one_line() -> None:
    with pytest.raises(click.ClickException) as refused:
        server.listen("no.such.host.invalid", 8000)
    assert refused.value.message.startswith("no.such.host.invalid:8000 cannot be used (")
    assert refused.value.message.endswith("Choose an address of this machine: --host 127.0.0.1")


@pytest.mark.slow
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


def test_a_worker_stops_whose_parent_was_gone_before_it_looked() -> None:
    done = warm.run(code=ORPHAN, env=SETTINGS, timeout=30)
    assert done.returncode == 0 and not done.stderr


def test_who_connected_just_before_a_worker_stops_is_answered() -> None:
    done = warm.run(code=LATE, env=SETTINGS, timeout=30)
    assert done.stdout == "b'HTTP/1.1 404 NOT FOU'\n", done.stderr


@pytest.mark.parametrize(
    "code",
    [UNREAD, UNREAD_FILE, MANY],
    ids=["answers that no one takes", "files that no one takes", "more than there can be"],
)
def test_connections_that_do_nothing_make_room_for_one_that_does(code: str, tmp_path: Path) -> None:
    with (tmp_path / "long").open("w") as file:
        file.truncate(20_000_000)
    done = warm.run(code=code, env={**SETTINGS, "FOLDER": str(tmp_path)}, timeout=30)
    assert done.stdout == "b'HTTP/1.1 404 NOT FOU'\n"


def test_a_form_that_keeps_arriving_does_not_keep_everyone_from_the_next_worker() -> None:
    assert warm.run(code=HALF, env=SETTINGS, timeout=30).stdout == "b''\n"


def test_a_worker_starts_where_no_temporary_file_can_be_written() -> None:
    assert warm.run(code=FULL, env=SETTINGS, timeout=30).stdout == "b'HTTP/1.1 404 NOT FOU'\n"


def test_after_an_answer_that_was_taken_too_slowly_the_connection_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers.ThreadWorker, "_keepalive_after", lambda _worker, _connection, keep: keep)
    worker = object.__new__(workers.Worker)
    for ago, keeps in [(0, True), (workers.TAKING_SECONDS, False)]:
        connection = SimpleNamespace(is_too_long=False, began=time.monotonic() - ago)
        assert worker._keepalive_after(connection, True) is keeps


def test_where_no_file_can_be_opened_the_connections_that_have_waited_longest_end() -> None:
    class Full:
        def accept(self) -> None:
            raise OSError(errno.EMFILE, "Too many open files")

    worker, dropped = object.__new__(workers.Worker), []
    worker.pending_conns, worker._drop = list(range(30)), dropped.append
    worker.accept(Full())
    assert dropped == list(range(10))


def test_a_connection_that_was_dropped_since_it_became_readable_is_left_alone() -> None:
    gone = socket.socket()
    gone.close()
    workers.Worker.on_pending_socket_readable(object.__new__(workers.Worker), None, gone)


def test_settings_that_can_no_longer_be_read_end_everything_instead_of_being_tried_again(
    tmp_path: Path,
) -> None:
    environment = {**SETTINGS, "ENGAGE_DATA": str(tmp_path / "nowhere")}
    done = warm.run("serve", "--listening", "0", "--after", "0", env=environment, timeout=30)
    assert done.returncode == server.CANNOT_START
    assert done.stderr.startswith("Error: ")


@pytest.mark.slow
@pytest.mark.real_clock
def test_requests_wait_for_a_new_worker_beside_a_shell_and_none_fails(tmp_path: Path) -> None:
    port, environment = free_port(), {**SETTINGS, "ENGAGE_DATA": str(tmp_path)}
    assert warm.run("init", env=environment).returncode == 0
    process = subprocess.Popen(
        [sys.executable, *SERVE, str(port)], cwd=ROOT, env=environment, stdout=subprocess.PIPE
    )
    answers: list[int | Exception] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
                    answers.append(answer.status)
            except OSError as error:
                answers.append(error)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    try:
        assert (
            process.stdout and process.stdout.readline()
        )  # the link to set up: the first worker has started
        for each in asking:
            each.start()
        # What watches has no Python in it, and the worker nothing that only a person reads.
        assert megabytes(process.pid) < 2
        assert "\0-OO\0" in Path(f"/proc/{_worker(process.pid)}/cmdline").read_text()
        before = _worker(process.pid)
        os.kill(before, signal.SIGTERM)  # as a worker ends that has answered its share
        until = time.monotonic() + 60
        while _worker(process.pid) in {before, 0} and time.monotonic() < until:
            time.sleep(0.05)
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            assert answer.status == 200
    finally:
        done.set()
        for each in asking:
            each.join()
        process.terminate()
        process.communicate(timeout=30)
    assert _worker_changed(before) and answers and set(answers) == {200}


def _worker(master: int) -> int:
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return int(children[0]) if children else 0


def _worker_changed(before: int) -> bool:
    return not Path(f"/proc/{before}").exists()
