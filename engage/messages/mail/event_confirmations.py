"""Sends the one mail that asks whoever signed up for an event whether their address is right.

It is recorded with the sign-up and sent by a thread once the answer was sent; `engage remind` sends the rest. Each is
claimed before it is sent: at most once a try, at most three tries, and never to an address that is gone by then.
"""

from email.message import EmailMessage
from functools import partial
from threading import Thread

import sqlalchemy as sa
from flask import Flask, Response, current_app, g, render_template, url_for
from flask_babel import gettext as _

from engage import clock
from engage.config import MailServer
from engage.database import short_transaction
from engage.extensions import db, in_language, language
from engage.languages import ENGLISH, first_known
from engage.messages.digest import pages as digest_pages
from engage.messages.mail.post import NoServer, NotSent, Post, Unknown
from engage.plan.activities.words import when_words
from engage.plan.signups import queries
from engage.plan.signups.models import Signup
from engage.plan.signups.queries import Own
from engage.plan.signups.rules import MAIL_TRIES, MailState
from engage.web import links
from engage.web.answers import trace_of


def send_waiting(server: MailServer) -> tuple[int, int]:
    """Returns how many were sent, and how many failed; no transaction is open while it speaks to the server."""
    sent = failed = 0
    with Post(server, digest_pages.hello()) as post:
        for signup_id in _waiting():
            if (message := _claimed(signup_id, server)) is None:
                continue
            try:
                post.send(message, str(message["To"]))
            except NotSent as error:
                failed += 1
                _settle(signup_id, MailState.FAILED)
                if isinstance(error, NoServer | Unknown):
                    break
            else:
                sent += 1
                _settle(signup_id, MailState.SENT)
    return sent, failed


def _to_send() -> tuple[sa.ColumnElement[bool], ...]:
    return Signup.mail.in_([MailState.WAITING, MailState.FAILED]), Signup.tries < MAIL_TRIES


def _waiting() -> list[int]:
    with short_transaction(db.engine) as session:
        return list(session.scalars(sa.select(Signup.id).where(*_to_send()).order_by(Signup.id)))


def _claimed(signup_id: int, server: MailServer) -> EmailMessage | None:
    """Returns the mail, for one run alone; None if another has it, or if no one needs it any more."""
    claim = sa.update(Signup).where(Signup.id == signup_id, *_to_send())
    with short_transaction(db.engine) as session:
        claimed = session.execute(claim.values(mail=MailState.CLAIMED, tries=Signup.tries + 1))
        if claimed.rowcount != 1:  # type: ignore[attr-defined]
            return None
    message = None
    with digest_pages.speaking(ENGLISH):
        found = queries.by_id(signup_id)
        if found is not None:
            with in_language(first_known(found.signup.language, found.entrance.coalition.language)):
                message = _mail(found, server)
        db.session.remove()
    if message is None:
        _settle(signup_id, MailState.NONE)
    return message


def _mail(found: Own, server: MailServer) -> EmailMessage | None:
    if not found.entrance.takes_signups or found.signup.confirmed_at is not None:
        return None
    signup, entrance = found.signup, found.entrance
    confirms = queries.token_of(queries.CONFIRM, signup.nonce, signup.confirm_hash)
    own = queries.own_token(signup)
    if confirms is None or own is None:
        return None
    event = entrance.activity
    message = digest_pages.new_mail(server, signup.email, _("Please confirm your sign-up"), clock.now())
    text = render_template(
        "messages/event_confirmation.txt",
        coalition=entrance.coalition.name,
        event=event,
        when=when_words(event.happened_on, event.starts_at, event.minutes, entrance.coalition.time_zone),
        confirms=links.external(url_for("event.confirm_page", token=confirms)),
    )
    message.set_content(text, cte="quoted-printable")
    message["Content-Language"] = language()
    return message


def _settle(signup_id: int, state: MailState) -> None:
    with short_transaction(db.engine) as session:
        session.execute(sa.update(Signup).where(Signup.id == signup_id).values(mail=state))


def _send_quietly(app: Flask, server: MailServer) -> None:
    with app.app_context():
        try:
            send_waiting(server)
        except Exception as error:  # the next run sends what is left
            current_app.logger.error("confirmations were not sent:\n%s", "\n".join(trace_of(error)))


def _begin(app: Flask, server: MailServer) -> None:
    Thread(target=_send_quietly, args=(app, server), daemon=True, name="confirmations").start()


def init_app(app: Flask) -> None:
    """Sends what a sign-up recorded, once its answer was sent."""

    @app.after_request
    def send(response: Response) -> Response:
        if g.pop("event_mails_wait", False) and (server := app.config["MAIL"]) is not None:
            response.call_on_close(partial(_begin, app, server))
        return response
