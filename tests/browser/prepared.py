"""Data folders that are made once a run and copied: making one takes longer than most journeys."""

import fcntl
import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine

from engage import create_app
from engage.cli import prepare
from engage.config import Config
from engage.operations import server
from engage.operations.sample import demo
from tests import databases

SIGN_INS = "sign-ins.txt"
SERVE_DEMO = [sys.executable, "-c", "from tests.browser.prepared import serve_demo; serve_demo()"]


def copy(kept: Path, folder: Path, make: Callable[[Path], None]) -> None:
    """Copy `kept` to `folder`. Whichever worker comes first makes it; the other waits for it."""
    with kept.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            unfinished = kept.with_suffix(".unfinished")
            make(unfinished)
            unfinished.rename(kept)
    shutil.copytree(kept, folder, symlinks=True)
    folder.chmod(0o700)


def installation(folder: Path) -> None:
    """What `engage init` leaves: a secret and a database that no one is in."""
    prepare(folder)
    app = databases.app_of(Config.from_environment(folder))
    databases.migrate(app)
    databases.close(app)


def sample(folder: Path) -> None:
    """What `engage demo` builds, and beside it the sign-ins that it would print."""
    app, sign_ins = demo.build(folder, port=0, lan=False)
    databases.close(app)
    (folder / SIGN_INS).write_text("".join(f"{'  '.join(each)}\n" for each in sign_ins))


def serve_demo() -> None:
    """What `engage demo` does when the sample coalition is built: it prints the sign-ins and serves.

    With a third argument, so many days have passed.
    """
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    if days := sys.argv[3:]:
        time_machine.travel(datetime.now(UTC) + timedelta(days=int(days[0]))).start()
    config = Config.from_environment(folder, port=port)
    config.DEMO, config.MAIL = True, None
    print((folder / SIGN_INS).read_text(), flush=True)
    server.serve(lambda: create_app(config), server.bind("127.0.0.1", port))
