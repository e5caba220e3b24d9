"""Says which Engage this is: its version, the commit that it was built from, and its database schema."""

from functools import cache
from pathlib import Path

from engage.config import FILES, ROOT

# The version is set only here: pyproject.toml reads it. docs/releasing.md says when it changes.
VERSION = "0.3.0"
# A release has a file with its commit, which docs/release.py writes.
_COMMIT = Path(__file__).with_name("commit.txt")
_LENGTH = 12


@cache
def commit() -> str:
    """Returns the short hash of the commit; "" if it is unknown."""
    try:
        return (_COMMIT.read_text() if _COMMIT.exists() else _of_checkout()).strip()[:_LENGTH]
    except OSError:
        return ""


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
    """Returns version, commit and schema in one line: "0.3.0 (commit 1f9c03ab12cd, schema 0046)"."""
    made = f"commit {commit()}, " if commit() else ""
    return f"{VERSION} ({made}schema {schemas()[-1]})"


def note(data: Path) -> None:
    """Writes into the data folder which version uses the folder from now on."""
    if version_in(data) != VERSION:
        (data / "version").write_text(VERSION + "\n")


def version_in(data: Path) -> str:
    """Returns the version that used the data folder last; "" if none was noted, as before 0.3.0."""
    try:
        return (data / "version").read_text(errors="replace").strip()[:20]
    except OSError:
        return ""
