"""Defines the commands `engage backup`, `engage restore` and `engage move`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from engage.config import Config, ConfigError, data_folder, postgresql_url, prepare
from engage.operations import file_access
from engage.operations.backup import encryption, rules
from engage.operations.refused import BadArchive, Refused
from engage.operations.rules import LEFTOVERS_KEPT

if TYPE_CHECKING:
    from engage.operations.backup.archive import Manifest


class _OneLine(click.Command):
    """A command that reports a failure in one line, with exit code 1.

    Files that it writes are readable only by the user who runs it.
    """

    def invoke(self, ctx: click.Context) -> object:
        os.umask(0o077)
        try:
            return super().invoke(ctx)
        except (Refused, ConfigError) as error:
            raise click.ClickException(str(error)) from None


def _keep(_ctx: click.Context, _option: click.Parameter, raw: str) -> rules.Keep | None:
    try:
        return rules.keep_rule(raw)
    except ValueError:
        raise click.BadParameter(
            f"{raw!r} is not a rule. Use one such as {rules.DEFAULT_KEEP}, or all."
        ) from None


def _passphrase(file: IO[str] | None, *, ask: bool, twice: bool) -> str | None:
    """Returns the passphrase from the file's first line, or as typed; None if there is none."""
    if file is not None:
        return file.readline().rstrip("\r\n")
    if not ask:
        return None
    if not sys.stdin.isatty():
        raise Refused(
            "A passphrase is needed, and no one can type it here. Name its file: --passphrase-file FILE"
        )
    return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=twice, err=True))


_passphrase_file = click.option(
    "--passphrase-file", type=click.File(), help="A file with the passphrase on its first line."
)


@click.command("backup", cls=_OneLine)
@click.option(
    "--to",
    type=click.Path(path_type=Path, resolve_path=True),
    help="Write to this folder, not to ENGAGE_BACKUP_TO or backups/ in ENGAGE_DATA.",
)
@click.option(
    "--keep",
    default=rules.DEFAULT_KEEP,
    show_default=True,
    callback=_keep,
    help="Keep the newest backup of this many days, weeks and months, or keep all.",
)
@click.option(
    "--encrypt",
    is_flag=True,
    help="Ask for a passphrase and encrypt the backup. --passphrase-file encrypts without asking.",
)
@_passphrase_file
def backup(to: Path | None, keep: rules.Keep | None, encrypt: bool, passphrase_file: IO[str] | None) -> None:
    """Make one verified archive of the database and what a new machine needs, even while Engage runs."""
    from engage.operations import lock
    from engage.operations.backup.service import backup

    config = Config.from_environment()
    lock.share(config)
    passphrase = _passphrase(passphrase_file, ask=encrypt, twice=True)
    if passphrase is None and config.BACKUP_PASSPHRASE_FILE:
        passphrase = encryption.passphrase_in(config.BACKUP_PASSPHRASE_FILE)
    made = backup.make(config, to, keep=keep, passphrase=passphrase)
    said = f"Backup made: {made.path} ({_size(made.path)}, {made.manifest.rows} rows, checked)."
    click.echo(f"{said} Older ones removed: {len(made.removed)}.")
    if broken := made.manifest.broken:
        raise Refused(
            f"The backup is kept, but rows refer to rows that are missing: {broken}. Type: engage doctor"
        )


def _size(path: Path) -> str:
    size = path.stat().st_size
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{size // 1024 + 1} kB"


@click.command("restore", cls=_OneLine)
@click.argument("file", type=file_access.Archive())
@click.option(
    "--check", "only_check", is_flag=True, help="Try the restore in a temporary folder and change nothing."
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--from-elsewhere",
    is_flag=True,
    help="Replace this installation with FILE, which comes from another one.",
)
@_passphrase_file
def restore(
    file: file_access.OpenedFile,
    only_check: bool,
    yes: bool,
    from_elsewhere: bool,
    passphrase_file: IO[str] | None,
) -> None:
    """Replace the data here with FILE, and keep the old data aside. Engage must not be running."""
    from engage.operations.backup import newest

    config = _config_here()
    try:
        with file.readable(config.DATA) as path:
            _restore(config, path, passphrase_file, only_check, yes, from_elsewhere)
    except BadArchive as error:
        other = newest.good(config)
        hint = f" The newest backup that passes its check is {other}." if other and other != file.path else ""
        raise Refused(f"{error}{hint}") from None


def _restore(
    config: Config,
    file: Path,
    passphrase_file: IO[str] | None,
    only_check: bool,
    yes: bool,
    from_elsewhere: bool,
) -> None:
    from engage.operations.backup import archive, installations
    from engage.operations.backup.service import restore

    encrypted = archive.is_encrypted(file)
    if encrypted and passphrase_file is None and config.BACKUP_PASSPHRASE_FILE:
        passphrase: str | None = encryption.passphrase_in(config.BACKUP_PASSPHRASE_FILE)
    else:
        passphrase = _passphrase(passphrase_file, ask=encrypted, twice=False)
    if only_check:
        done = restore.check(config, file, passphrase)
        click.echo(
            f"{file.name} can be restored: {_of(done.manifest)}; {_broken(done.manifest)}, {done.pages} pages answer."
        )
        return
    if not yes:
        click.confirm(f"Replace the data in {config.DATA} with {file.name}?", abort=True, err=True)
    put = restore.put_back(config, file, passphrase, from_elsewhere=from_elsewhere)
    kept = f" The data from before is in {put.aside}." if put.aside else ""
    if put.aside and installations.on_sqlite(config):
        kept += f" engage tick removes it after {LEFTOVERS_KEPT.days} days."
    click.echo(f"Restored: {_of(put.manifest)}; {_broken(put.manifest)}.{kept}")
    if not put.new_key and put.manifest.installation != archive.installation_of(config):
        click.echo(
            "The backup does not contain the secret key: everyone has to sign in again, and two-step sign-in codes and "
            "many links no longer work. See docs/hosting/backups.md, A lost key."
        )


@click.command("move", cls=_OneLine)
@click.option(
    "--to",
    "url",
    required=True,
    help="The new database: postgresql://user@host/database. Its password may be in ~/.pgpass.",
)
def move(url: str) -> None:
    """Copy everything from SQLite into an empty PostgreSQL database. Engage must not be running."""
    from engage.operations.backup import installations
    from engage.operations.backup.service import moving

    config = Config.from_environment()
    target = postgresql_url(url, "--to")
    rows = moving.rows_of(config) if installations.on_sqlite(config) else 0
    with click.progressbar(
        length=rows, label="Copying", file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        moved = moving.move(config, target, lambda _table, rows: bar.update(rows))
    click.echo(
        f"Moved: {moved.rows} rows of {len(moved.sums)} tables; every count and every sum is the same on both sides."
    )
    click.echo(
        f"Now set ENGAGE_DATABASE_URL to {moved.address}, with its password if it has one, and start Engage."
    )
    click.echo(f"{moved.source} stays as it was; remove it when you no longer need it.")


def _broken(manifest: Manifest) -> str:
    said = f"as in the database that it was made of, rows refer to rows that are missing ({manifest.broken})"
    return said if manifest.broken else "no broken references"


def _of(manifest: Manifest) -> str:
    return f"{manifest.rows} rows as of {manifest.moment:%Y-%m-%d %H:%M} UTC, Engage {manifest.version}"


def _config_here() -> Config:
    """Returns the settings. On a new machine, it first creates the data folder and the secret key."""
    prepare(data_folder())
    return Config.from_environment()
