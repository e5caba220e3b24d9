"""Sends the single mail that asks a person who signed up for an event to confirm the address.

It is recorded with the sign-up, and a thread sends it after the answer; `engage remind` sends the rest. Each
mail is claimed before it is sent, so that a try sends it at most once. There are at most three tries, and
none for an address that was deleted.
"""

from email.message import EmailMessage

import sqlalchemy as sa
from flask import Flask, render_template, url_for
from flask_babel import gettext as _

from engage import clock
from engage.config import MailServer
from engage.database import short_transaction
from engage.extensions import db, in_language, language
from engage.languages import ENGLISH, first_known
from engage.messages.digest import pages as digest_pages
from engage.messages.mail.recorded import send_after_answers, send_each
from engage.plan.activities.words import when_words
from engage.plan.signups import queries
from engage.plan.signups.models import Signup
from engage.plan.signups.queries import Own
from engage.plan.signups.rules import MAIL_TRIES, MailState
from engage.web import links


def send_waiting(server: MailServer) -> tuple[int, int]:
    """Returns how many mails were sent, and how many failed."""
    return send_each(server, _waiting(), _claimed, _settle_sent)


def _to_send() -> tuple[sa.ColumnElement[bool], ...]:
    return Signup.mail.in_([MailState.WAITING, MailState.FAILED]), Signup.tries < MAIL_TRIES


def _waiting() -> list[int]:
    with short_transaction(db.engine) as session:
        return list(session.scalars(sa.select(Signup.id).where(*_to_send()).order_by(Signup.id)))


def _claimed(signup_id: int, server: MailServer) -> EmailMessage | None:
    """Returns the mail for this run alone; None if another run has it, or if no one needs it any more."""
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


def _settle_sent(signup_id: int, is_sent: bool) -> None:
    _settle(signup_id, MailState.SENT if is_sent else MailState.FAILED)


def _settle(signup_id: int, state: MailState) -> None:
    with short_transaction(db.engine) as session:
        session.execute(sa.update(Signup).where(Signup.id == signup_id).values(mail=state))


def init_app(app: Flask) -> None:
    send_after_answers(app, "event_mails_wait", send_waiting)
