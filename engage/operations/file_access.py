"""Opens files that a person names on the command line, from their folder and with their rights.

On a server, root runs `engage`, which then works as the user that owns the data and cannot read root's files.
So the files named on the command line are opened first; then `become` gives up root's rights for good. If
root runs `engage` without that wrapper, from cron for example, `become_owner` does the same.
"""

import os
import pwd
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import IO, Any

import click


def become_owner(folder: Path) -> None:
    """Switches to the user that owns the data if root runs this, so that the server can use new files."""
    if os.geteuid() == 0 and folder.is_dir() and (owner := folder.stat().st_uid):
        with suppress(KeyError):  # in a container, a user may have an id without a name
            become(pwd.getpwuid(owner).pw_name)


def become(name: str) -> None:
    """Switches to this user, which only root can do. Raises click.ClickException."""
    try:
        user = pwd.getpwnam(name)
        if os.geteuid() == user.pw_uid:
            return
        os.initgroups(name, user.pw_gid)
        os.setgid(user.pw_gid)
        os.setuid(user.pw_uid)
    except KeyError:
        raise click.ClickException(f"This machine has no user {name}. Type: make install") from None
    except OSError as error:
        raise click.ClickException(f"Only root can work as {name} ({error.strerror}).") from None
    os.environ["HOME"] = user.pw_dir
    os.chdir("/")


class Readable(click.ParamType[IO[bytes]]):
    """A file to read, or - for standard input. The command gets the open file."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> IO[bytes]:
        if value == "-":
            return sys.stdin.buffer
        try:
            file = Path(value).open("rb")  # noqa: SIM115 - the context closes it
        except OSError as error:
            raise click.ClickException(f"{value} cannot be read ({error.strerror}).") from None
        return ctx.with_resource(file) if ctx else file


class Writable(click.ParamType[IO[bytes]]):
    """A new file to write, which only its owner can read. The command gets the open file.

    The file may also exist if it is empty.
    """

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> IO[bytes]:
        def opened(path: str, _flags: int) -> int:
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)

        try:
            file = open(value, "wb", opener=opened)  # noqa: SIM115 - the command closes it
        except OSError as error:
            raise click.ClickException(f"{value} cannot be written ({error.strerror}).") from None
        there = os.fstat(file.fileno())
        if there.st_size or not stat.S_ISREG(there.st_mode):
            raise click.ClickException(f"{value} cannot be written (it already exists).")
        os.fchmod(file.fileno(), 0o600)
        return file


class Archive(click.ParamType["OpenedFile"]):
    """A backup to read. The command gets an `OpenedFile`."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> "OpenedFile":
        path = Path(os.path.abspath(value))
        try:
            return OpenedFile(path, path.open("rb"))
        except OSError:
            return OpenedFile(path, None)  # the command itself reports what is wrong


class OpenedFile:
    """A file that the caller can read, but perhaps not the user to which the command switched."""

    def __init__(self, path: Path, file: IO[bytes] | None) -> None:
        self.path, self._file = path, file

    @contextmanager
    def readable(self, folder: Path) -> Iterator[Path]:
        """Yields a readable path: the file's own, or that of a temporary copy in `folder`."""
        with self._file or nullcontext():
            if self._file is None or os.access(self.path, os.R_OK):
                yield self.path
                return
            with tempfile.TemporaryDirectory(dir=folder, prefix="handed-over-") as work:
                copy = Path(work) / self.path.name
                with copy.open("wb") as target:
                    shutil.copyfileobj(self._file, target)
                yield copy
