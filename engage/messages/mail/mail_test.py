"""Runs the test mail: a page requests it, a thread sends it, and the page reads the result.

A request never connects to the mail server, it only records the test in the database. The thread waits for
the server as long as needed, without a transaction, and records the server's answer. If the thread dies with
its process, the page does not wait forever: after a minute it shows the test as unanswered.
"""

from datetime import datetime
from threading import Thread

import sqlalchemy as sa
from flask import Flask
from msgspec import Struct

from engage import clock
from engage.accounts import service as accounts
from engage.accounts.models import User
from engage.config import MailServer
from engage.database import short_transaction
from engage.errors import WrongState
from engage.extensions import db, in_language
from engage.i18n import gettext as _
from engage.messages.models import MailTest
from engage.messages.rules import TrialState, may_test_again, state_of_test
from engage.web.answers import trace_of


class TestMail(Struct, frozen=True):
    """The last test that a person asked for."""

    state: TrialState
    asked_at: datetime
    words: str

    @property
    def is_running(self) -> bool:
        return self.state is TrialState.RUNNING


def test_mail_of(user: User, now: datetime) -> TestMail | None:
    row = _row(user)
    if row is None:
        return None
    return TestMail(state_of_test(row.asked_at, row.finished_at, row.words, now), row.asked_at, row.words)


def _row(user: User) -> MailTest | None:
    return db.session.scalar(sa.select(MailTest).where(MailTest.user_id == user.id))


def ask(user: User, now: datetime) -> int:
    """Records that this person requested a test, and returns its id.

    Raises WrongState while a test runs and for a while after it.
    """
    accounts.lock(user)
    row = _row(user)
    if row is None:
        row = MailTest(user_id=user.id, asked_at=now)
        db.session.add(row)
        db.session.flush()
    elif may_test_again(row.asked_at, row.finished_at, row.words, now):
        row.asked_at, row.finished_at, row.words = now, None, ""
    elif state_of_test(row.asked_at, row.finished_at, row.words, now) is TrialState.SENT:
        raise WrongState(_("A test message was sent a moment ago. Wait ten minutes before you send another."))
    else:
        raise WrongState(_("A test message is being sent. Wait a moment and try again."))
    return row.id


def begin(
    app: Flask, server: MailServer, job: int, asked_at: datetime, address: str, spoken: str, *, hosts: bool
) -> None:
    """Starts the thread. Call it after the response was sent. The mail is in the language `spoken`.

    `hosts` means that the person runs the installation, and may read the user name for the mail server.
    """
    args = (app, server, job, asked_at, address, spoken, hosts)
    Thread(target=_work, args=args, daemon=True, name="mail-test").start()


def _work(
    app: Flask, server: MailServer, job: int, asked_at: datetime, address: str, spoken: str, hosts: bool
) -> None:
    with app.app_context(), in_language(spoken):
        try:
            words = send(server, address)
            if server.user and not hosts:
                words = words.replace(server.user, "…")
        except Exception as error:  # so that the page shows any failure
            app.logger.error("the test mail failed:\n%s", "\n".join(trace_of(error)))
            words = type(error).__name__
        done = sa.update(MailTest).where(MailTest.id == job, MailTest.asked_at == asked_at)
        with short_transaction(db.engine) as session:
            session.execute(done.values(finished_at=clock.now(), words=words))


def send(server: MailServer, address: str) -> str:
    """Sends a test mail now and waits for the server.

    Returns "" if the server accepted the mail, else exactly its answer.
    """
    # Imported here, because a server that sends no mail does not need these modules.
    from engage.messages.digest import pages as digest
    from engage.messages.mail.post import NotSent, Post

    message = digest.new_mail(server, address, _("Engage: test e-mail"), clock.now())
    said = _("This test e-mail was sent by Engage at %(site)s. The e-mail settings work.", site=digest.site())
    message.set_content(f"{said}\n")
    try:
        with Post(server, digest.hello()) as post:
            post.send(message, address)
    except NotSent as error:
        return error.words
    return ""
