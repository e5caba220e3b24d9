"""Writes a new migration, and what follows from it: `make migration NAME="when to call"`.

It compares the models with a database that the existing migrations make in a temporary folder, and writes the
difference into migrations/versions. Then it writes migrations/empty.sql, and the sample coalition if a migration does
more to its rows than to add columns with a default. Without a name it writes only these two, as after a merge.
"""

import re
import sys
import tempfile
from pathlib import Path

import click
from flask import Flask

from engage import create_app, release
from engage.cli import main as engage
from engage.config import ROOT, Config, in_folder, prepare
from engage.operations.sample import service as sample_service

# Alembic writes these around what it found.
COMMENTS = re.compile(r" *# ### .*\n")


def main(name: str) -> None:
    if name:
        with tempfile.TemporaryDirectory() as folder:
            _write(Path(folder), name)
    engage(["check-migrations", "--write"], standalone_mode=False)
    click.echo("Written: migrations/empty.sql")
    with tempfile.TemporaryDirectory() as folder, _app(Path(folder)).app_context():
        if sample_service.bring_up_to_date():
            click.echo(f"Written: {sample_service.FILE.relative_to(ROOT)}")


def _app(folder: Path) -> Flask:
    prepare(folder)
    config = Config.from_environment(folder)
    config.SQLALCHEMY_DATABASE_URI = in_folder(folder)  # never the one that ENGAGE_DATABASE_URL names
    return create_app(config)


def _write(folder: Path, name: str) -> None:
    from flask_migrate import migrate, upgrade

    from engage.extensions import prepare_migrations

    app = _app(folder)
    prepare_migrations(app)
    number = f"{int(release.schemas()[-1]) + 1:04}"
    with app.app_context():
        # The triggers of the search would name columns that the database does not have yet.
        upgrade(x_arg=["search=no"])
        migrate(message=name, rev_id=number, x_arg=["search=no"])
    (file,) = (ROOT / "migrations" / "versions").glob(f"{number}_*.py")
    text = COMMENTS.sub("", file.read_text()).replace("\n\n\n\n", "\n\n\n")
    if "op." not in text.replace("alembic import op", ""):
        file.unlink()
        sys.exit("The migrations make already what the models say. Change a model first.")
    file.write_text(text)
    click.echo(f"Written: {file.relative_to(ROOT)}. Read it, and say in its first line what changes.")


main(" ".join(sys.argv[1:]).strip())
