"""Starts servers to measure on one core, watches their memory, and stops them by their process id."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Running:
    """A server that answers; `started` is the time from cold start to its first answer in seconds."""

    port: int
    pid: int
    started: float

    def memory(self) -> float:
        """Returns the megabytes (PSS) of the process and its children: shared pages count once."""
        return sum(map(megabytes, [self.pid, *_children(self.pid)]))

    def worked(self) -> float:
        """Returns the milliseconds of the processor that it took so far, fine enough for one request."""
        return sum(map(_milliseconds, [self.pid, *_children(self.pid)]))


def _milliseconds(pid: int) -> float:
    threads = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(each.read_text().split()[0]) for each in threads) / 1_000_000


def megabytes(pid: int) -> float:
    """Returns what one process takes."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) / 1024


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [grand for child in map(int, listed) for grand in (child, *_children(child))]


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def cores() -> tuple[set[int], set[int]]:
    """Returns one core for the server, and the others for the load (the same one if there is only one)."""
    every = range(os.cpu_count() or 1)
    return {every[0]}, set(every[1:]) or {every[0]}


def start(command: list[str], environment: dict[str, str], group: Path | None) -> subprocess.Popen[bytes]:
    """Starts Python with these words on the server's core, and in this control group."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, env={**os.environ, **environment}, **quiet
    )
    os.sched_setaffinity(process.pid, cores()[0])
    if group is not None:
        (group / "cgroup.procs").write_text(str(process.pid))
    return process


@contextmanager
def serving(
    command: list[str], port: int, path: str, environment: dict[str, str], group: Path | None = None
) -> Iterator[Running]:
    """Starts the server, waits for the first answer at `path`, and stops it at the end."""
    began = time.perf_counter()
    process = start(command, environment, group)
    try:
        while True:
            try:
                with urlopen(f"http://127.0.0.1:{port}{path}", timeout=2):
                    break
            except (URLError, ConnectionError, TimeoutError):
                if process.poll() is not None or time.perf_counter() - began > 60:
                    raise RuntimeError(f"the server did not start: {command}") from None
                time.sleep(0.01)
        yield Running(port, process.pid, time.perf_counter() - began)
    finally:
        process.terminate()
        process.wait(timeout=20)
