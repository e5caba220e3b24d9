"""`engage remind` and `engage mail-test`: what they print, and with which code they end."""

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from engage.accounts import notices as notices_service
from engage.accounts.rules import NoticeKind
from engage.cli import main
from engage.extensions import db
from engage.messages.rules import MailState
from tests import factories
from tests.messages.smtp import closed_port, server_at, taking
from tests.messages.subscribers import make_subscriber, states, user_of


def engage(app: Flask, *arguments: str) -> Result:
    """Runs the command in this process, on the suite's database."""
    db.session.commit()
    return CliRunner().invoke(main, arguments, obj=_Loaded(app))


class _Loaded:
    """A stand-in for what Flask's command line asks for the application."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self.data: dict[object, object] = {}
        self.load_dotenv_defaults = False

    def load_app(self) -> Flask:
        return self._app


@pytest.fixture
def mail_at(app: Flask, monkeypatch: pytest.MonkeyPatch) -> object:
    return lambda port: monkeypatch.setitem(app.config, "MAIL", server_at(port))


def test_it_counts_what_it_sent_and_names_no_one(app: Flask, mail_at: object) -> None:
    email = user_of(make_subscriber()).email
    make_subscriber("Nothing Due", title=None)
    with taking() as taken:
        mail_at(taken.port)  # type: ignore[operator]
        dry = engage(app, "remind", "--dry-run")
        assert (dry.exit_code, dry.stdout) == (
            0,
            "Digests due: 2. Nothing to report: 1. Nothing was sent.\n",
        )
        done = engage(app, "remind")
        again = engage(app, "remind")
    assert (done.exit_code, again.exit_code) == (0, 0)
    assert done.stdout.startswith(
        "Digests sent: 1. Nothing to report: 1. Failed, to be tried again at the next run: 0."
    )
    assert again.stdout.startswith("Digests sent: 0. Nothing to report: 1.")
    assert email not in done.output
    assert taken.recipients == [email]


def test_mail_of_other_kinds_is_counted_and_sent_too(app: Flask, mail_at: object) -> None:
    with taking() as taken:
        mail_at(taken.port)  # type: ignore[operator]
        notices_service.tell(user_of(factories.make_membership()), NoticeKind.PASSWORD)
        dry = engage(app, "remind", "--dry-run")
        assert dry.stdout.splitlines()[1:] == ["E-mails about accounts due: 1."]
        assert taken.mails == []
        done = engage(app, "remind")
    assert done.exit_code == 0
    assert "E-mails about accounts sent: 1. Failed: 0." in done.stdout
    assert len(taken.mails) == 1


def test_a_failure_is_said_in_the_servers_words_without_addresses(app: Flask, mail_at: object) -> None:
    email = user_of(make_subscriber()).email
    with taking() as taken:
        taken.refused[email] = f"550 <{email}> is unknown"
        mail_at(taken.port)  # type: ignore[operator]
        done = engage(app, "remind")
    assert done.exit_code == 1
    assert "The mail server: RCPT TO: 550 <…> is unknown" in done.stderr
    assert email not in done.output
    assert states() == [MailState.FAILED]


def test_without_a_mail_server_both_say_what_to_set(app: Flask) -> None:
    for command in (["remind"], ["remind", "--dry-run"], ["mail-test", "dan@example.org"]):
        done = engage(app, *command)
        assert done.exit_code == 2
        assert "ENGAGE_SMTP_HOST" in done.stderr


def test_a_test_mail_is_sent_or_the_error_is_said(app: Flask, mail_at: object) -> None:
    with taking() as taken:
        mail_at(taken.port)  # type: ignore[operator]
        done = engage(app, "mail-test", "dan@example.org")
    assert (done.exit_code, done.stdout) == (0, "The mail server accepted the test message.\n")
    assert taken.recipients == ["dan@example.org"]
    mail_at(closed_port())  # type: ignore[operator]
    done = engage(app, "mail-test", "dan@example.org")
    assert done.exit_code == 1
    assert "Connection refused" in done.stderr
    assert len(done.stderr.splitlines()) == 1
