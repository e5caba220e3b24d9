"""Chooses the Python that runs the server's worker: one that leaves out what only people read, which saves 10 MB.

    python -m engage.operations.serving.optimized    # compiles the modules for it; installing Engage does this

It leaves out docstrings, assertions, and the columns (not the lines) in tracebacks. Such modules need compiled files of
their own. A system brings none for its own modules, and the server may have nowhere to write them, so they all lie in
one folder of the environment, which is removed with it.
"""

import os
import re
import sys
import sysconfig
from pathlib import Path

FOLDER = Path(sys.prefix) / "optimized"


def python() -> list[str]:
    """Returns the interpreter and its options; plain Python if the compiled files are missing and cannot be written."""
    can_be_written = not sys.dont_write_bytecode and os.access(sys.prefix, os.W_OK)
    if not (FOLDER.is_dir() or can_be_written):
        return [sys.executable]
    return [sys.executable, "-OO", "-X", "no_debug_ranges", "-X", f"pycache_prefix={FOLDER}"]


def _compile() -> None:
    """Replaces this process with Python's own compiler, which skips files that do not compile."""
    FOLDER.mkdir(exist_ok=True)
    standard, libraries = sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")
    folders = standard, libraries, str(Path(__file__).parents[2])
    # A server loads no tests, and packages installed for the system's Python are not part of this environment.
    left_out = (
        rf"/(tests?|idlelib|lib2to3|ensurepip|turtledemo)/|^{re.escape(standard)}/(site|dist)-packages/"
    )
    os.execv(sys.executable, [*python(), "-m", "compileall", "-qq", "-x", left_out, *folders])  # noqa: S606


if __name__ == "__main__":
    _compile()
