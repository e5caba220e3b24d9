"""Defines `engage messages` and `engage texts`, the commands for translators.

The commands import what they need when they run, as in engage/cli.py.
"""

from pathlib import Path

import click

from engage.operations.refused import Refused


@click.command("messages")
@click.option(
    "--check",
    "only_check",
    is_flag=True,
    help="Check whether the catalogs are up to date and change nothing.",
)
def messages(only_check: bool) -> None:
    """Collect every string a person sees, bring each language up to date and compile it."""
    from babel.messages.pofile import PoFileError

    from engage.operations.texts import service

    try:
        if not only_check:
            service.bring_up_to_date()
        elif found := service.faults():
            raise click.ClickException("\n".join([*found, "Type: make messages"]))
    except PoFileError as error:
        raise click.ClickException(f"A file of texts cannot be read: {error}") from None


@click.command("texts")
@click.argument("language")
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Write all texts into this CSV file."
)
@click.option(
    "--in",
    "table",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Import the translations in this CSV file.",
)
def texts(language: str, out: Path | None, table: Path | None) -> None:
    """Write all texts of LANGUAGE, such as es, as a table, or import a completed one. LANGUAGE may be new."""
    from babel import Locale, UnknownLocaleError
    from babel.messages.pofile import PoFileError

    from engage.operations.texts import service

    try:
        Locale.parse(language)
        if (out is None) == (table is None):
            raise click.ClickException("Say either --out FILE or --in FILE.")
        if out is not None:
            click.echo(f"{service.write_table(out, language)} texts are in {out}.")
        if table is not None:
            click.echo(f"{service.read_table(table, language)} translations were imported.")
    except (ValueError, UnknownLocaleError):
        raise click.ClickException(f"“{language}” is not the code of a language.") from None
    except (OSError, PoFileError, Refused) as error:
        raise click.ClickException(str(error)) from None
