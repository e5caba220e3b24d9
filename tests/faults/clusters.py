"""Runs a PostgreSQL server of our own to test hard: a scratch cluster on a free port, never the machine's own.

python -m tests.faults.clusters pytest tests/plan     runs this module with a server made for it
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.processes import free_port
from tests import databases


def _programs() -> Path:
    """Returns the folder of initdb and pg_ctl; Debian keeps them off the path."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    kept = [*Path("/usr/lib/postgresql").glob("*/bin")]
    assert kept, "PostgreSQL's programs are missing. Type: sudo apt install postgresql"
    return max(kept, key=lambda each: int(each.parent.name))


def _as_postgres(*command: str) -> None:
    """Switches to the user postgres, because PostgreSQL refuses to run as root."""
    user = "postgres" if os.geteuid() == 0 else None
    run = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    if run.returncode:
        raise AssertionError(f"{' '.join(command)}: {run.stdout}{run.stderr}")


@dataclass(frozen=True)
class Cluster:
    folder: Path
    port: int
    settings: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        settings = "".join(f" -c {each}" for each in self.settings)
        self._control("start", "-w", "-o", f"-p {self.port} -h 127.0.0.1 -k {self.folder}{settings}")

    def stop(self) -> None:
        """Stops as in a crash: it waits for no client and writes nothing out; the next start recovers from the log."""
        self._control("stop", "-m", "immediate")

    def _control(self, verb: str, *more: str) -> None:
        log = str(self.folder / "log")
        _as_postgres(
            str(_programs() / "pg_ctl"), verb, "-s", "-D", str(self.folder / "data"), "-l", log, *more
        )


# What is lost when the machine stops is made anew: nothing of a test waits for a disk.
FOR_TESTS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "jit=off",
)


@contextmanager
def cluster(*settings: str, within: Path | None = None) -> Iterator[Cluster]:
    """Makes and starts a cluster, and removes it with everything in it."""
    folder = Path(tempfile.mkdtemp(prefix="engage-cluster-", dir=within))
    if os.geteuid() == 0:
        os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    made = Cluster(folder, free_port(), settings)
    try:
        _as_postgres(
            str(_programs() / "initdb"),
            "-D",
            str(folder / "data"),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
        )
        made.start()
        yield made
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            made.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    with cluster(*FOR_TESTS, within=databases.MEMORY) as server:
        environment = {**os.environ, "ENGAGE_TEST_DATABASE_URL": server.url}
        ended = subprocess.run([sys.executable, "-m", *sys.argv[1:]], env=environment, check=False)
    sys.exit(ended.returncode)
