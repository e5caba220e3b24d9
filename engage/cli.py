"""Defines the `engage` command: prepare, serve, demo, and what a host does without the browser.

Each command imports what it needs, so that every command starts fast: with all modules loaded, `engage --version`
would take two seconds instead of a tenth of one.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec.structs import asdict

from engage import create_app, release
from engage.config import Config, ConfigError, cannot_write, data_folder, in_folder, prepare
from engage.errors import ContentError, FieldRefused
from engage.operations import file_access, groups
from engage.operations.backup import commands as backup_commands
from engage.operations.backup import upgrade_commands
from engage.operations.coalition_file import commands as coalition_file_commands
from engage.operations.refused import Busy, Refused
from engage.operations.texts import commands as texts_commands

if TYPE_CHECKING:
    from typing import IO

    from flask import Flask

_USER = "engage.user"


class CannotStart(click.ClickException):
    """The application cannot be built; the message is one line that says why."""


class NeedsAPerson(CannotStart):
    """An error that starting again cannot solve; `server.CANNOT_START` is the same exit code."""

    exit_code = 2


def _settings(port: int = 8000) -> Config:
    """Returns the settings, and records that this process uses their data folder."""
    from engage.operations import lock

    try:
        config = Config.from_environment(port=port)
        lock.share(config)
    except Busy as error:
        raise click.ClickException(str(error)) from None
    except (ConfigError, Refused) as error:
        raise CannotStart(str(error)) from None
    except OSError as error:
        raise CannotStart(cannot_write(error)) from None
    return config


def _built(config: Config) -> Flask:
    from engage.extensions import db
    from engage.frame import logs
    from engage.operations import schema
    from engage.operations.backup import newest

    try:
        newest.refuse_lost(config)
        app = create_app(config)
        with app.app_context():
            schema.refuse_other(schema.revision_of(db.engine))
    except schema.Newer as error:
        raise CannotStart(f"{error} {newest.advice(config)}".rstrip()) from None
    except (ContentError, Refused) as error:
        raise CannotStart(str(error)) from None
    except OSError as error:
        raise CannotStart(cannot_write(error)) from None
    logs.start(config.LOG)
    return app


def application() -> Flask:
    """Returns the application, after the checks that every command and every server makes first."""
    with _in_one_line():
        return _built(_settings())


@contextmanager
def _needing_a_person() -> Iterator[None]:
    """Ends a process that cannot start until a person fixes something so that systemd does not restart it."""
    try:
        yield
    except (CannotStart, ConfigError, ContentError) as error:
        raise NeedsAPerson(str(error)) from None


@contextmanager
def _in_one_line() -> Iterator[None]:
    """Turns an error in the settings, the content or the database into one plain line."""
    try:
        yield
    except (ConfigError, ContentError) as error:
        raise CannotStart(str(error)) from None
    except Exception as error:
        from sqlalchemy.exc import DBAPIError

        if isinstance(error, DBAPIError):
            raise click.ClickException(_database_words(error.orig)) from None
        raise


class EngageGroup(groups.Main):
    """A command group that reports a CannotStart error as one plain line."""

    def invoke(self, ctx: click.Context) -> object:
        with _in_one_line():
            return super().invoke(ctx)


def _database_words(error: BaseException | None) -> str:
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if any(words in first for words in ("no such table", "no such column", "does not exist")):
        return f"The database is not prepared for this version ({first}). Type: engage init"
    words = f"The database cannot be used: {first}."
    if any(damage in first for damage in ("malformed", "not a database")):
        from engage.operations.backup import newest

        if advice := newest.advice(Config.from_environment()):
            return f"{words} {advice}"
    return f"{words} To see more, type: engage doctor"


def _say_version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        click.echo(f"Engage {release.named()}")
        ctx.exit()


def _commit() -> None:
    from engage.extensions import db

    db.session.commit()


def _link(path: str) -> str:
    from engage.web import links

    return links.external(path)


@click.group(cls=EngageGroup, create_app=application)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_say_version,
    help="Show version, commit and schema.",
)
@click.option("--as", "user", hidden=True, help="Work as this user; docs/hosting/engage says so.")
@click.pass_context
def main(ctx: click.Context, user: str | None) -> None:
    """Engage: where a local coalition assesses, plans and keeps going."""
    ctx.meta[_USER] = user


@main.command("init", with_appcontext=False)
@_needing_a_person()
def init() -> None:
    """Prepare ENGAGE_DATA: its folder, secret and database. An older database is backed up, then upgraded."""
    from engage.operations.backup.service import upgrade
    from engage.operations.rules import DEMO_MARKER

    os.umask(0o077)
    if os.access(data_folder() / DEMO_MARKER, os.F_OK):
        raise CannotStart(
            f"{data_folder()} holds a demo, which the next engage demo deletes with all that you add. Delete the demo "
            f"first (rm -r {data_folder()}/*), or name another folder: ENGAGE_DATA"
        )
    had_key = os.access(data_folder() / "secret_key", os.F_OK)
    prepare(data_folder())
    try:
        config = Config.from_environment()
        if not had_key and upgrade.revision_of(config) is not None:
            click.echo(
                "The database is there, but its secret_key is missing, so Engage made a new one. Everyone has to "
                "sign in again, two-step sign-in codes and many links no longer work, and links have to be made "
                "again. If you find the old key, put it back in place of the new one: docs/hosting/backups.md, "
                "A lost key.",
                err=True,
            )
        upgrade.make_ready(config, click.echo)
    except Busy as error:
        raise click.ClickException(str(error)) from None
    except (ConfigError, ContentError, Refused) as error:
        raise CannotStart(str(error)) from None
    except OSError as error:
        raise CannotStart(cannot_write(error)) from None
    click.echo(f"Ready: {data_folder()}")


@main.command("serve", with_appcontext=False)
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@_needing_a_person()
def serve(host: str, port: int) -> None:
    """Serve with the recommended settings, and print the address, or the setup link of a new installation.

    Exit code 2: it cannot start until someone fixes what it says. 1: it may help to try again.
    """
    from engage.operations import server

    os.umask(0o077)
    config = _settings(port)
    listening = server.bind(host, port)

    def make() -> Flask:
        with _in_one_line():
            return _built(config)

    def begin(app: Flask) -> None:
        from engage.operations.daily import tick

        with _in_one_line(), app.app_context():
            link = server.setup_link()
            with suppress(OSError):  # the output may be full, which is no reason not to serve
                click.echo(f"Set up Engage here (once): {link}" if link else f"Engage is at {_link('/')}")
        release.note(config.DATA)
        tick.run_quietly(app)

    server.serve(make, listening, begin)


@main.command("address", with_appcontext=False, hidden=True)
@click.option("--port", default=8000, type=click.IntRange(1, 65535))
def say_address(port: int) -> None:
    """Say where `make dev` serves, and the setup link of a new installation."""
    from engage.operations import server

    with _built(_settings(port)).app_context():
        click.echo(f"Engage is at {_link('/')}")
        if link := server.setup_link():
            click.echo(f"Set up Engage here (once): {link}")


@main.command("demo", with_appcontext=False)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--lan", is_flag=True, help="Serve the local network as well as this machine.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, resolve_path=True),
    help="An empty folder, or the folder of an earlier demo.",
)
def demo(port: int, lan: bool, folder: Path | None) -> None:
    """Run a throwaway sample coalition to look around in, with fresh passwords."""
    from engage.frame import logs
    from engage.operations import server
    from engage.operations.sample import demo

    os.umask(0o077)
    listening = server.bind("0.0.0.0" if lan else "127.0.0.1", port)  # noqa: S104 - only when asked for
    click.get_current_context().call_on_close(listening.close)
    try:
        app, sign_ins = demo.build(folder or demo.default_folder(), port=port, lan=lan)
    except (demo.DemoRefused, ConfigError, ContentError) as error:
        raise click.ClickException(str(error)) from None
    logs.start(app.config["LOG"])
    click.echo(f"A sample coalition is at {app.config['URL']}")
    for role, email, password in sign_ins:
        click.echo(f"{role}  {email}  {password}")
    if app.config["MAIL"] is None:
        click.echo("This demo keeps no e-mail, for which it needs a Python package: pip install aiosmtpd")
    if lan:
        click.echo(
            "Everyone on this network can open it. There is no proxy in front: slow people hold no one up,"
            " but what is sent is not encrypted. Show it only to people you know."
        )
    sys.stdout.flush()
    server.serve(lambda: app, listening)


@main.command("doctor", with_appcontext=False)
@click.option("--mail", is_flag=True, help="Connect to the mail server as well. This sends nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as a JSON list.")
@click.pass_context
def doctor(ctx: click.Context, mail: bool, as_json: bool) -> None:
    """Look at settings, files, database and machine, and say what to do.

    Exit code 0: all is well. 1: something deserves a look. 2: something must be fixed.
    """
    from engage.operations.doctor import checks as doctor
    from engage.operations.doctor import findings as doctor_findings

    findings = []
    for finding in doctor.examine(mail=mail):
        findings.append(finding)
        if not as_json:
            click.echo(f"{finding.sign:<5} {finding.what}: {finding.words}")
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=1))
    ctx.exit(doctor_findings.exit_code(findings))


@main.command("tick")
def tick() -> None:
    """Do the day's work: add actions for agreements that end and for actions that repeat, and delete expired data.

    Safe to repeat.
    """
    from engage.operations.daily import retention, tick

    done = tick.run()
    said = [f"Renewal actions added: {done.renewals}.", f"Repeating actions added: {done.repeats}."]
    said += [f"{rule.said}: {done.erased[rule.key]}." for rule in retention.RULES]
    click.echo(" ".join(said))


@main.command("remind")
@click.option("--dry-run", is_flag=True, help="Count the messages that are due and send nothing.")
@click.pass_context
def remind(ctx: click.Context, dry_run: bool) -> None:
    """Send the digests that are due and the letters in the queue; for a timer. Safe to repeat and to run twice at once.

    Exit code 0: everything is sent. 1: something failed and the next run tries again. 2: no mail server is set.
    """
    from engage.extensions import mail_server
    from engage.messages.account.approvals import ApprovalMails
    from engage.messages.account.letters import AccountLetters
    from engage.messages.letters.outbox import Letters
    from engage.messages.mail.digests import Digests
    from engage.messages.mail.event_confirmations import EventConfirmations
    from engage.messages.mail.meeting_reminders import MeetingReminders
    from engage.messages.mail.queue import Queue

    server = mail_server()
    if server is None:
        click.echo(
            "No mail server is set: ENGAGE_SMTP_HOST and ENGAGE_SMTP_FROM. Nothing was sent.", err=True
        )
        ctx.exit(2)
    kinds: dict[str, Queue[Any]] = {
        "Meeting reminders": MeetingReminders(server),
        "E-mails about accounts": AccountLetters(server),
        "E-mails about approvals": ApprovalMails(server),
        "Sign-up confirmations": EventConfirmations(server),
        "Digests": Digests(server),
        "Letters": Letters(server),
    }
    results = {said: kind.run(dry=dry_run) for said, kind in kinds.items()}
    digests = results.pop("Digests")
    if dry_run:
        click.echo(
            f"Digests due: {digests.due}. Nothing to report: {digests.nothing_to_say}. Nothing was sent."
        )
        for said, done in results.items():
            if done.due:
                click.echo(f"{said} due: {done.due}.")
        return
    click.echo(
        f"Digests sent: {digests.sent}. Nothing to report: {digests.nothing_to_say}. "
        f"Failed, to be tried again at the next run: {digests.failed}. "
        f"Handed over without an answer, not sent again: {digests.unknown}."
    )
    for said, done in results.items():
        if done.sent or done.failed or done.unknown:
            click.echo(
                f"{said} sent: {done.sent}. Failed: {done.failed}. "
                f"Handed over without an answer, not sent again: {done.unknown}."
            )
    everything = [digests, *results.values()]
    for words in dict.fromkeys(words for done in everything for words in done.words):
        click.echo(f"The mail server: {words}", err=True)
    ctx.exit(1 if any(done.failed or done.unknown for done in everything) else 0)


@main.command("mail-test")
@click.argument("address")
@click.pass_context
def mail_test(ctx: click.Context, address: str) -> None:
    """Send a test e-mail to ADDRESS and show exactly what the mail server says. Same exit codes as remind."""
    from engage.extensions import mail_server
    from engage.messages.mail import mail_test

    server = mail_server()
    if server is None:
        click.echo(
            "No mail server is set: ENGAGE_SMTP_HOST and ENGAGE_SMTP_FROM. Nothing was sent.", err=True
        )
        ctx.exit(2)
    if words := mail_test.send(server, address):
        raise click.ClickException(words)
    click.echo("The mail server accepted the test message.")


@main.command("alarm", with_appcontext=False)
@click.argument("unit")
def ring_alarm(unit: str) -> None:
    """E-mail ENGAGE_ALARM_TO that UNIT failed, as systemd does after a failed night; any other word tries it."""
    from engage import config
    from engage.operations import alarm

    if (found := config.alarm()) is None:
        click.echo("No one is told: ENGAGE_ALARM_TO is not set.")
        return
    try:
        alarm.ring(found, unit)
    except Refused as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"The mail to {found.to} was accepted.")


@main.command("reset-link")
@click.argument("email")
def reset_link(email: str) -> None:
    """Print a one-time link that lets EMAIL choose a new password.

    It works for an hour. Be sure who is asking.
    """
    from engage.accounts import queries, service
    from engage.operations.admin import service as admin_service

    user = queries.user_by_email(service.folded_email(email))
    if user is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    token = admin_service.make_password_link(user, None)
    _commit()
    click.echo(_link(f"/reset/{token}"))


@main.command("second-factor-off")
@click.argument("email")
def second_factor_off(email: str) -> None:
    """Turn off two-step sign-in for EMAIL after a lost phone, and sign them out everywhere. Be sure who is asking."""
    from engage.accounts import queries, service
    from engage.operations.admin import service as admin_service

    user = queries.user_by_email(service.folded_email(email))
    if user is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    if user.second_factor_at is None:
        raise click.ClickException("Two-step sign-in is already off for this account.")
    admin_service.turn_off_second_factor(user, None)
    _commit()
    click.echo("Two-step sign-in is off. They now sign in with the password alone, and can set it up again.")


@main.command("seed")
@click.option("--coalitions", default=1000, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--actions", default=200, show_default=True, type=click.IntRange(0, 5000))
@click.option("--members", default=30, show_default=True, type=click.IntRange(1, 1000))
@click.option(
    "--yes", is_flag=True, help="Add the made-up coalitions even if people have made their own here."
)
def seed(coalitions: int, actions: int, members: int, yes: bool) -> None:
    """Fill an installation with made-up coalitions, to see how it handles many.

    Each is written whole or not at all; run it again to continue after a stop. Their coordinators share a password.
    """
    from engage.operations import seeding

    try:
        if not yes:
            seeding.refuse_real()
    except Refused as error:
        raise click.ClickException(str(error)) from None
    slugs, password = seeding.missing(coalitions), seeding.new_password()
    filling = seeding.fill(slugs, actions=actions, members=members, password=password)
    with click.progressbar(filling, length=len(slugs), label="Coalitions", show_pos=True) as steps:
        for _slug in steps:
            pass
    click.echo(f"Written: {len(slugs)}. Already there: {coalitions - len(slugs)}.")
    if slugs:
        click.echo(f"Sign in as {slugs[0]}-0@example.org (and so on) with {password}")


coalition = groups.CommandGroup("coalition", help="Work with the coalitions on this installation.")


@coalition.command("list")
def list_coalitions() -> None:
    """List the coalitions: short name, name, people, and whether they are closed, separated by tabs."""
    from engage.extensions import read_from_here
    from engage.operations.admin import queries

    read_from_here()  # the reader of this list may be slow, and should block no one
    page = 1
    while rows := queries.coalitions(queries.CoalitionFilters(), page):
        for row in rows:
            closed = f"closed since {row.closed_at:%Y-%m-%d}" if row.closed_at else "open"
            click.echo("\t".join([row.slug, row.name, str(row.people), closed]))
        page += 1


@coalition.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="Its full name.")
@click.option("--time-zone", help="Such as America/New_York. If you leave this out, it is America/Chicago.")
@click.option(
    "--stage",
    type=click.Choice(["new", "existing"]),
    help="New: forming, or less than a year old. If you leave this out, the coordinator decides.",
)
def create_coalition(slug: str, name: str, time_zone: str | None, stage: str | None) -> None:
    """Make an empty coalition and print the link for its coordinator to join."""
    from engage.accounts import queries
    from engage.coalitions import service
    from engage.coalitions.invitations import service as invitations
    from engage.coalitions.rules import Stage

    try:
        made = service.create_coalition(
            name,
            slug=slug,
            time_zone="America/Chicago" if time_zone is None else time_zone,
            stage=Stage(stage) if stage else None,
        )
        token = invitations.invite_coordinator(made)
    except FieldRefused as error:
        raise click.ClickException(error.message) from None
    _commit()
    click.echo(_link(f"/join/{token}"))
    if time_zone is None:
        click.echo(
            "Its clock is that of America/Chicago. If that is wrong, its coordinator changes it in Settings.",
            err=True,
        )
    if not queries.any_user():
        click.echo(
            "There is no account here yet: the first person to join, by this link, also becomes the admin of this "
            "installation. To be the admin yourself, first open the setup link that the server printed at startup.",
            err=True,
        )


plan = groups.CommandGroup("plan", help="Export or import a coalition's plan of action.")


@plan.command("import")
@click.argument("slug")
@click.argument("file", type=file_access.Readable())
@click.option(
    "--yes", is_flag=True, help="Import the file. Without this option, Engage only says what would change."
)
@click.option(
    "--dates",
    type=click.Choice(["month-first", "day-first"]),
    help="Say which number comes first in dates such as 03/04/2026.",
)
@click.option(
    "--without-ref", is_flag=True, help="Ignore the ref column, because its numbers belong to another plan."
)
@click.option("--leave-out", metavar="COLUMN", multiple=True, help="Ignore this column. May be repeated.")
def import_plan(
    slug: str,
    file: IO[bytes],
    yes: bool,
    dates: str | None,
    without_ref: bool,
    leave_out: tuple[str, ...],
) -> None:
    """Import a CSV or JSON file into SLUG's plan, all of it or nothing; - reads from standard input."""
    from engage.imports.days import DayOrder
    from engage.plan import commands as plan_files

    order = DayOrder(dates.replace("-", "_")) if dates else None
    try:
        lines = list(
            plan_files.imported(
                slug,
                file.read(),
                order,
                confirmed=yes,
                without_ref=without_ref,
                without=leave_out,
            )
        )
    except OSError as error:  # for example, a folder
        raise click.ClickException(f"{file.name} cannot be read ({error.strerror}).") from None
    except plan_files.CommandRefused as error:
        raise click.ClickException(str(error)) from None
    _commit()
    click.echo("\n".join(lines))


@plan.command("export")
@click.argument("slug")
@click.option(
    "--format", "kind", type=click.Choice(["csv", "xlsx", "json"]), default="csv", show_default=True
)
def export_plan(slug: str, kind: str) -> None:
    """Write SLUG's current plan, or else its draft, to standard output."""
    from engage.extensions import read_from_here
    from engage.plan import commands as plan_files

    read_from_here()  # the reader of this file may be slow, and should block no one
    try:
        content = plan_files.exported(slug, kind)
    except plan_files.CommandRefused as error:
        raise click.ClickException(str(error)) from None
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    plan_files.note_export(slug, kind)


@main.command("check-migrations", with_appcontext=False)
@click.option("--write", is_flag=True, help="Write migrations/empty.sql again from what the migrations make.")
def check_migrations(write: bool) -> None:
    """Compare the models, and migrations/empty.sql, with a database that the migrations make in a temporary folder."""
    import tempfile

    from flask_migrate import check, upgrade

    from engage.extensions import db
    from engage.operations import schema

    with tempfile.TemporaryDirectory() as folder:
        prepare(Path(folder))
        config = Config.from_environment(Path(folder))
        config.SQLALCHEMY_DATABASE_URI = in_folder(Path(folder))  # not the database of ENGAGE_DATABASE_URL
        with create_app(config).app_context():
            upgrade(revision=release.schemas()[-2])  # one upgrade from nothing would load empty.sql itself
            upgrade()
            check()
            with db.engine.connect() as connection:
                made = schema.written(connection)
    if write:
        schema.EMPTY.write_text(made, encoding="utf-8")
    elif not schema.EMPTY.exists() or made != schema.EMPTY.read_text(encoding="utf-8"):
        raise click.ClickException(
            "migrations/empty.sql is not what the migrations make. Type: engage check-migrations --write"
        )


main.add_command(backup_commands.backup)
main.add_command(backup_commands.restore)
main.add_command(upgrade_commands.upgrade)
coalition.add_command(coalition_file_commands.import_coalition)
main.add_command(coalition_file_commands.export)
main.add_command(backup_commands.move)
main.add_command(coalition)
main.add_command(texts_commands.messages)
main.add_command(texts_commands.texts)
main.add_command(plan)


def _as_user(work: Callable[..., object]) -> Callable[..., object]:
    """Makes a command become the user who owns the data, after its arguments are read and files opened."""

    @functools.wraps(work)
    def begin(*words: object, **named: object) -> object:
        if user := click.get_current_context().meta.get(_USER):
            file_access.become(user)
        else:
            with suppress(ConfigError):  # the command itself reports an error in the settings
                file_access.become_owner(data_folder())
        return work(*words, **named)

    return begin


def _all_as_user(group: click.Group) -> None:
    for command in group.commands.values():
        if isinstance(command, click.Group):
            _all_as_user(command)
        elif command.callback is not None:
            command.callback = _as_user(command.callback)


_all_as_user(main)
