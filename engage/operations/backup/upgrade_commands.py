"""Defines `engage upgrade` on the command line."""

import os

import click

from engage.config import Config, ConfigError
from engage.operations.refused import Refused


@click.command("upgrade")
def upgrade() -> None:
    """Upgrade the database to this version: back up, migrate, verify, and restore the backup if that fails.

    Engage must not be running. Safe to repeat.
    """
    from engage.operations.backup.service import upgrade

    os.umask(0o077)
    try:
        if upgrade.run(Config.from_environment(), click.echo):
            click.echo("Done. Start Engage again.")
    except (Refused, ConfigError) as error:
        raise click.ClickException(str(error)) from None
