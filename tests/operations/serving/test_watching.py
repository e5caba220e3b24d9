"""The shell beside the server's worker: it starts one, and another when it has ended, until it is told to stop."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engage.operations.serving import server

pytestmark = pytest.mark.real_clock
# The first has done its share, the second is killed, the third cannot start.
THREE = """
echo "$*" >> starts
case $(wc -l < starts) in
1) exit 0 ;;
2) kill -9 $$ ;;
*) exit %d ;;
esac
"""


def _watching(code: str, folder: Path) -> subprocess.Popen[bytes]:
    """Watches a worker that runs this code; its arguments are what the shell tells it."""
    # A shell cannot catch a signal that it inherits as ignored, as tests in the background do.
    return subprocess.Popen(
        ["/bin/sh", server._WATCHING, "/bin/sh", "-c", code, "worker"],
        cwd=folder,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def _text(file: Path, seconds: float = 10) -> str:
    until = time.monotonic() + seconds
    while not (file.exists() and file.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    return file.read_text()


def test_a_worker_follows_one_that_has_ended_and_hears_how_unless_it_could_not_start(tmp_path: Path) -> None:
    process = _watching(THREE % server.CANNOT_START, tmp_path)
    assert process.wait(timeout=20) == 1
    parent = f"--parent {process.pid}"
    expected = [parent, f"{parent} --after 0", f"{parent} --after 137"]
    assert (tmp_path / "starts").read_text().splitlines() == expected


def test_one_that_breaks_at_once_is_not_started_without_end(tmp_path: Path) -> None:
    process = _watching("echo >> starts; exit 1", tmp_path)
    time.sleep(1.5)
    process.terminate()
    assert process.wait(timeout=10) == 0
    assert 1 <= len((tmp_path / "starts").read_text()) <= 3


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_waits_for_its_worker_and_ends(tmp_path: Path, number: signal.Signals) -> None:
    code = "trap 'sleep 0.3; echo yes > answered; exit 0' TERM; echo $$ > pid; while :; do sleep 0.05; done"
    process = _watching(code, tmp_path)
    worker = Path("/proc", _text(tmp_path / "pid").strip())
    process.send_signal(number)
    assert process.wait(timeout=10) == 0
    # What was on its way has been answered.
    assert (tmp_path / "answered").exists() and not worker.exists()


def test_a_command_that_is_not_there_is_not_tried_again() -> None:
    command = ["/bin/sh", server._WATCHING, sys.executable, "/no/engage"]
    done = subprocess.run(command, capture_output=True, timeout=10, check=False)
    assert done.returncode == 1
    assert done.stderr.count(b"can't open file") == 1
