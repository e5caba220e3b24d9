"""The process beside the server's worker: it starts one, and another when it has ended, until it is told to stop."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engage.operations.serving import watching

pytestmark = pytest.mark.real_clock
BARE = [sys.executable, "-I", "-S"]
IMPATIENT = """
import os, sys
from engage.operations.serving import watching

watching.STOP_SECONDS = 1
sys.exit(watching.watch(lambda _ended: os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)))
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("there", flush=True)
time.sleep(60)
"""
IGNORING_CHILDREN = """
import os, signal, sys
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])
"""


def _ends(code: str) -> int:
    return os.posix_spawn(sys.executable, [*BARE, "-c", code], os.environ)


def test_a_worker_follows_one_that_has_ended_and_hears_how(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "PAUSE_SECONDS", 0)
    heard: list[int | None] = []
    ways = [
        "raise SystemExit(0)",
        "import os; os.kill(os.getpid(), 9)",
        f"raise SystemExit({watching.CANNOT_START})",
    ]

    def start(ended: int | None) -> int:
        heard.append(ended)
        return _ends(ways[len(heard) - 1])

    before = {number: signal.getsignal(number) for number in watching.SIGNALS}
    try:
        # The last one could not start: there is no fourth.
        assert watching.watch(start) == 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert heard == [None, 0, -signal.SIGKILL]


def test_one_that_breaks_at_once_is_not_started_without_end(tmp_path: Path) -> None:
    code = f"open({str(tmp_path / 'starts')!r}, 'a').write('.'); raise SystemExit(1)"
    process = subprocess.Popen([*BARE, watching.__file__, *BARE, "-c", code])
    time.sleep(1.5)
    process.terminate()
    assert process.wait(timeout=10) == 0
    assert 1 <= len((tmp_path / "starts").read_text()) <= 2


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_ends_with_its_worker(tmp_path: Path, number: signal.Signals) -> None:
    there = tmp_path / "worker"
    code = f"import os, time; open({str(there)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    process = subprocess.Popen([*BARE, watching.__file__, *BARE, "-c", code])
    until = time.monotonic() + 10
    while not (there.exists() and there.read_text()) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(number)
    assert process.wait(timeout=10) == 0
    assert not Path("/proc", there.read_text()).exists()


def test_a_worker_that_does_not_stop_in_time_is_killed() -> None:
    process = subprocess.Popen([sys.executable, "-c", IMPATIENT, *BARE, "-c", DEAF], stdout=subprocess.PIPE)
    assert process.stdout and process.stdout.readline() == b"there\n"
    process.terminate()
    assert process.wait(timeout=10) == 0
    assert process.communicate()[0] == b""  # no one holds its output open any more


def test_a_command_that_is_not_there_is_not_tried_again() -> None:
    done = subprocess.run([*BARE, watching.__file__, *BARE, "/no/engage"], capture_output=True, timeout=10)
    assert done.returncode == 1
    assert done.stderr.count(b"can't open file") == 1


def test_one_that_was_started_by_a_program_that_ignores_its_children_still_hears_of_them(
    tmp_path: Path,
) -> None:
    there = tmp_path / "starts"
    code = f"open({str(there)!r}, 'a').write('.'); raise SystemExit(0)"
    process = subprocess.Popen([*BARE, "-c", IGNORING_CHILDREN, *BARE, watching.__file__, *BARE, "-c", code])
    until = time.monotonic() + 10
    while not (there.exists() and len(there.read_text()) > 1) and time.monotonic() < until:
        time.sleep(0.02)
    process.terminate()
    assert process.wait(timeout=10) == 0
