"""Defines `engage export` and `engage coalition import`, which write and read a coalition's file."""

import os
import sys
from typing import IO

import click

from engage.operations import file_access
from engage.operations.groups import within_app
from engage.operations.refused import Refused


@click.command("export")
@click.argument("slug")
@click.option("--to", type=file_access.Writable(), help="Write to this new file instead of standard output.")
@within_app
def export(slug: str, to: IO[bytes] | None) -> None:
    """Write everything the coalition SLUG has as one file, to import it into another installation."""
    import sqlalchemy as sa

    from engage.coalitions.models import Coalition
    from engage.extensions import db, read_from_here
    from engage.operations.coalition_file.queries.export import document_of, text_of

    read_from_here()  # the export takes seconds for a large coalition; others can save meanwhile
    coalition = db.session.scalar(sa.select(Coalition).where(Coalition.slug == slug))
    if coalition is None:
        raise click.ClickException(f"There is no coalition called {slug}.")
    document = document_of(coalition, single_answers=True)
    text, coalition_id = text_of(document), coalition.id
    db.session.rollback()  # the audit log's line about this export has its own transaction
    if to is None:
        sys.stdout.buffer.write(text.encode())
        sys.stdout.buffer.flush()
        _note(coalition_id)
        return
    try:
        with to:
            to.write(text.encode())
            to.flush()
            os.fsync(to.fileno())
    except OSError as error:
        raise click.ClickException(f"{to.name} cannot be written ({error.strerror}).") from None
    _note(coalition_id)
    count = sum(map(len, document["rows"].values()))
    click.echo(
        f"Written: {to.name} ({count} rows). It contains individual people's answers: keep it as safe as a backup."
    )


def _note(coalition_id: int) -> None:
    """Records the export in the coalition's audit log, as a coordinator's download is recorded."""
    from flask import current_app

    from engage.coalitions.audit import downloads as audit_downloads

    audit_downloads.note(current_app, coalition_id, None, "engage export")


@click.command("import")
@click.argument("file", type=file_access.Readable())
@click.option("--slug", help="Give the coalition another address here.")
@click.option(
    "--admin", metavar="ADDRESS", help="The e-mail address of the host, if no one has an account yet."
)
@click.option(
    "--yes", is_flag=True, help="Import the file. Without this option, Engage only says what would change."
)
@within_app
def import_coalition(file: IO[bytes], slug: str | None, admin: str | None, yes: bool) -> None:
    """Import a coalition's file into this installation, all of it or nothing; - reads from standard input."""
    from engage.extensions import db
    from engage.operations.coalition_file.service import importing as coalition_import
    from engage.web import links

    try:
        incoming = coalition_import.read(file.read(), slug)
        for line in coalition_import.summary(incoming):
            click.echo(line)
        if not yes:
            if wrong := coalition_import.wrong_admin(incoming, admin):
                click.echo(wrong)
            click.echo("Nothing was written. Add --yes to import it.")
            return
        written = coalition_import.write(incoming, admin)
    except OSError as error:  # may be a folder
        raise click.ClickException(f"{file.name} cannot be read ({error.strerror}).") from None
    except Refused as error:
        raise click.ClickException(str(error)) from None
    db.session.commit()
    click.echo(f"Written: {links.external(f'/c/{written.coalition.slug}/')}")
    if written.links:
        click.echo("Give each of them their link to choose a password. It works once, within seven days:")
    for name, email, token in written.links:
        click.echo(f"{name}  {email}  {links.external(f'/reset/{token}')}")
