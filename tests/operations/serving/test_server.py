"""Tests that the server builds Engage in its worker alone, and that one worker follows another without a gap."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.request import urlopen

import click
import pytest
from flask import Flask

from bench.processes import ROOT, free_port
from engage.operations.serving import server
from tests import warm

SETTINGS = {name: value for name, value in os.environ.items() if not name.startswith("ENGAGE_")}


def test_nothing_is_built_before_the_worker_asks_for_it() -> None:
    built: list[Flask] = []

    def make() -> Flask:
        built.append(Flask("made"))
        return built[-1]

    made = server._Server(make, {"workers": 1})
    assert not built and not made.cfg.preload_app
    assert made.load() is built[0] and len(built) == 1


def test_a_worker_that_cannot_start_says_why_in_one_line_and_ends_everything(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def make() -> Flask:
        raise click.ClickException("The disk is full.")

    with pytest.raises(SystemExit) as ended:
        server._Server(make, {}).load()
    assert ended.value.code == server.Arbiter.APP_LOAD_ERROR
    assert capsys.readouterr().err == "Error: The disk is full.\n"


@pytest.mark.slow
@pytest.mark.real_clock
def test_requests_wait_for_a_new_worker_and_none_fails(tmp_path: Path) -> None:
    port, environment = free_port(), {**SETTINGS, "ENGAGE_DATA": str(tmp_path)}
    assert warm.run("init", env=environment).returncode == 0
    command = [sys.executable, "-c", "from engage.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)
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


@pytest.mark.real_clock
def test_the_process_that_watches_the_worker_loads_neither_flask_nor_the_database_tools() -> None:
    loads = "import engage.cli, engage.operations.serving.server, sys; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", loads], cwd=ROOT, env=SETTINGS, capture_output=True, text=True, check=True
    )
    heavy = {"flask", "werkzeug", "jinja2", "sqlalchemy", "wtforms", "babel", "yaml"}
    assert not heavy & set(done.stdout.split())
