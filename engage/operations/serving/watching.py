"""Watches the server's worker: starts it, and another when it has ended. The listening socket stays open meanwhile.

This file is a program of its own, which a bare Python runs: it imports nothing of Engage and hardly anything else, so
that it takes 5 MB beside the worker.
"""

import os
import signal
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:  # the module `typing` is a fifth of what this process takes
    from collections.abc import Callable

SIGNALS = signal.SIGTERM, signal.SIGINT, signal.SIGQUIT
# A worker that ends with it could not start, and has said why; another one could not, either. Python itself ends with
# it where the command is not there, and Click where it does not know the words.
CANNOT_START = 2
# A worker that is told to stop has Gunicorn's thirty seconds for what it is answering; systemd grants forty.
STOP_SECONDS = 33
# A worker that ends sooner is broken: the next one does not follow at once.
SHORT_SECONDS, PAUSE_SECONDS = 1, 1


def watch(start: "Callable[[int | None], int]") -> int:
    """Keeps one worker running until it is told to stop; returns the exit code of it all.

    `start` starts one and returns its process id; it gets the exit code of the worker before, None for the first.
    """
    worker, ended, is_stopping = 0, None, False

    def stop(_number: int, _frame: object) -> None:
        nonlocal is_stopping
        if not is_stopping:
            signal.alarm(STOP_SECONDS)
        is_stopping = True
        _send(worker, signal.SIGTERM)

    for number in SIGNALS:
        signal.signal(number, stop)
    signal.signal(signal.SIGALRM, lambda _number, _frame: _send(worker, signal.SIGKILL))
    # Whoever ignores it hands that on, and then no one hears how a worker ended.
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    while True:
        began = time.monotonic()
        worker = start(ended)
        if is_stopping:  # it was told while this one was being started
            _send(worker, signal.SIGTERM)
        ended, worker = _exit_code(worker), 0
        if not is_stopping and ended != CANNOT_START and time.monotonic() - began < SHORT_SECONDS:
            time.sleep(PAUSE_SECONDS)
        if is_stopping:
            return 0
        if ended == CANNOT_START:
            return 1


def _exit_code(worker: int) -> int:
    """Waits for the worker, and puts away what it left behind: in a container this process is the first of all."""
    while True:
        ended, status = os.wait()
        if ended == worker:
            return os.waitstatus_to_exitcode(status)


def _send(worker: int, number: int) -> None:
    if not worker:
        return
    try:  # noqa: SIM105 - contextlib would be loaded for it
        os.kill(worker, number)
    except ProcessLookupError:
        pass


def _program(command: list[str]) -> "Callable[[int | None], int]":
    def start(ended: int | None) -> int:
        after = [] if ended is None else ["--after", str(ended)]
        return os.posix_spawn(command[0], [*command, *after], os.environ)

    return start


if __name__ == "__main__":
    sys.exit(watch(_program(sys.argv[1:])))
