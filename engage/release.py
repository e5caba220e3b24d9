"""Says which Engage this is: its version, the commit that it was built from and its day, and its database schema."""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from msgspec import Struct

from engage.config import FILES, ROOT

# The version is set only here: pyproject.toml reads it. It is that of the last release: docs/releasing.md.
VERSION = "0.3.0"
# Where the files of a version can be downloaded, with {version} in the address. Whoever publishes Engage fills it in;
# `make release` refuses without it.
DOWNLOADS = ""
# A release has a file with its commit and day, which docs/release.py writes.
_COMMIT = Path(__file__).with_name("commit.txt")
COMMIT_LENGTH = 12
# Git has to be asked so, because it refuses the folder of another user.
_ASKED = ("git", "-c", f"safe.directory={ROOT}", "log", "-1")
_NUMBER = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:\+(\d+))?")


class Built(Struct, frozen=True):
    """What this code was built from. `since` is the number of commits since the release; what is unknown is empty."""

    commit: str = ""
    day: str = ""
    since: int = 0


@cache
def built() -> Built:
    try:
        if _COMMIT.exists():
            name, day = _COMMIT.read_text().split()
            return Built(name[:COMMIT_LENGTH], day)
        return _told_by_git() or Built(_of_checkout().strip()[:COMMIT_LENGTH])
    except OSError:
        return Built()


def commit() -> str:
    """Returns the short hash of the commit; "" if it is unknown."""
    return built().commit


def version() -> str:
    """Returns the version; after a release with the number of commits since its tag, such as 0.4.0+315.

    Where git is not installed, that number is unknown, and a checkout has the version alone.
    """
    return f"{VERSION}+{built().since}" if built().since else VERSION


def number_in(text: str) -> tuple[int, ...] | None:
    """Returns the first version that a text contains, to be compared; None without one."""
    found = _NUMBER.search(text)
    return tuple(int(part or 0) for part in found.groups()) if found else None


def _told_by_git() -> Built | None:
    """Returns None if git is not installed, or too old to count the commits since a tag."""
    import subprocess  # imported here: a release never asks git

    if not (ROOT / ".git").exists():
        return None
    words = f"--format=%H %ct %(describe:tags=true,match=v{VERSION})"
    try:
        done = subprocess.run([*_ASKED, words], cwd=ROOT, capture_output=True, text=True, timeout=5)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    name, moment, *tag = done.stdout.split() or ("", "0")
    if not name:
        return None
    # "v0.4.0" at the tag itself, "v0.4.0-315-g1f9c03ab" after it
    parts = tag[0].rsplit("-", 2) if tag else []
    since = int(parts[1]) if len(parts) == 3 and parts[1].isdigit() else 0
    return Built(name[:COMMIT_LENGTH], str(datetime.fromtimestamp(int(moment), UTC).date()), since)


def _of_checkout() -> str:
    """Reads git's files without running git, which refuses a folder of another user and may not be installed."""
    git = ROOT / ".git"
    if git.is_file():  # a git worktree has a file here
        git = Path(git.read_text().removeprefix("gitdir:").strip())
    head = (git / "HEAD").read_text().strip()
    if not head.startswith("ref: "):
        return head
    name = head.removeprefix("ref: ")
    common = git / "commondir"
    home = git / common.read_text().strip() if common.exists() else git
    if (home / name).exists():
        return (home / name).read_text()
    packed = (line.split() for line in (home / "packed-refs").read_text().splitlines())
    return next((words[0] for words in packed if words[1:] == [name]), "")


def schemas() -> list[str]:
    """Returns the database revisions that this code knows, oldest first, from the names of the migrations."""
    return sorted(
        file.name.split("_", 1)[0] for file in (FILES / "migrations" / "versions").glob("[0-9]*_*.py")
    )


def named() -> str:
    """Returns all of it in one line: "0.3.0+315 (commit 1f9c03ab12cd, 2026-12-03, schema 0046)"."""
    made = [f"commit {commit()}" if commit() else "", built().day, f"schema {schemas()[-1]}"]
    return f"{version()} ({', '.join(filter(None, made))})"


def note(data: Path) -> None:
    """Writes into the data folder which version uses the folder from now on."""
    if version_in(data) != version():
        (data / "version").write_text(version() + "\n")


def version_in(data: Path) -> str:
    """Returns the version that used the data folder last; "" if none was noted, as before 0.3.0."""
    try:
        return (data / "version").read_text(errors="replace").strip()[:20]
    except OSError:
        return ""
