"""Builds a release into dist/: a wheel, a source archive, the exact requirements, and their sums.

    python docs/release.py [--to dist] [--unclean]

It copies what git tracks into a folder of its own, so that nothing else of the checkout gets in, writes the commit
beside the code, and has setuptools build there, without a download. `--unclean` also takes what is not committed.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# setuptools changes argv.
_BUILD = "import sys; to = sys.argv[1]; from setuptools import build_meta as it; it.build_sdist(to); it.build_wheel(to)"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    parser.add_argument("--unclean", action="store_true")
    given = parser.parse_args()
    if not given.unclean and _git("status", "--porcelain"):
        sys.exit("There are changes that are not committed. Commit them, then type: make release")
    given.to.mkdir(parents=True, exist_ok=True)
    if any(given.to.iterdir()):
        sys.exit(f"{given.to} holds an earlier release. Move it away, then type: make release")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "engage"
        _copied(source)
        (source / "engage" / "commit.txt").write_text(_git("rev-parse", "HEAD") + "\n")
        # Two builds of one commit are the same, byte for byte.
        moment = {**os.environ, "SOURCE_DATE_EPOCH": _git("log", "-1", "--format=%ct")}
        subprocess.run(
            [sys.executable, "-c", _BUILD, given.to.resolve()],
            cwd=source,
            env=moment,
            check=True,
            stdout=subprocess.DEVNULL,
        )
    (wheel,) = given.to.glob("*.whl")
    version = wheel.name.split("-")[1]
    shutil.copy(ROOT / "requirements" / "run.txt", given.to / f"engage-{version}-requirements.txt")
    made = sorted(given.to.iterdir())
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in made)
    (given.to / "SHA256SUMS").write_text(sums)
    print(sums, end="")


def _git(*words: str) -> str:
    return subprocess.run(
        ["git", *words], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()


def _copied(target: Path) -> None:
    for name in filter(
        None, _git("ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0")
    ):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target / name)


if __name__ == "__main__":
    main()
