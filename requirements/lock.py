"""Write run.txt, demo.txt and dev.txt: every dependency pinned with its hashes, for every Python from 3.11.

The build backend is part of all three, so that Engage itself is installed without build isolation.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent / "pyproject.toml"
OPTIONS = [
    "--universal",
    "--python-version=3.11",
    "--generate-hashes",
    "--upgrade",
    "--quiet",
    "--no-header",
    "--no-annotate",
    "--no-emit-index-url",
    "--no-emit-find-links",
]


def compile_lock(target: Path, *arguments: str | Path) -> None:
    """Resolve `arguments` into `target`; uv stands in the same environment as this Python."""
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "pip", "compile", *OPTIONS, *arguments, "-o", target], check=True)


def main() -> None:
    """Resolve the run lock first and hold the others to its versions."""
    with tempfile.TemporaryDirectory() as folder:
        backend = Path(folder) / "build.in"
        backend.write_text("setuptools\nwheel\n")
        compile_lock(HERE / "run.txt", PROJECT, backend)
        same = ["-c", HERE / "run.txt", "--extra", "demo"]
        compile_lock(HERE / "demo.txt", PROJECT, backend, *same)
        compile_lock(HERE / "dev.txt", PROJECT, backend, *same, "--group", f"{PROJECT}:dev")


if __name__ == "__main__":
    main()
