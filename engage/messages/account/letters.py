"""Sends mails about a person's account: changes to signing in, and links for a new address or password.

They are recorded with the change itself, and a thread sends them after the answer; `engage remind` sends the
rest. Each mail is claimed before it is sent, so that a try sends it at most once; there are at most three
tries.
"""

from email.message import EmailMessage

import sqlalchemy as sa
from flask import Flask, current_app, render_template
from flask_babel import gettext as _

from engage import clock, dates
from engage.accounts.forgotten import service as forgotten_service
from engage.accounts.models import Notice, User
from engage.accounts.profile import service as profile_service
from engage.accounts.rules import LETTER_TRIES, MAILS_ALONE, LetterState, NoticeKind
from engage.accounts.words import NOTICE_WORDS, browser_words
from engage.coalitions import queries as coalitions
from engage.config import MailServer
from engage.database import short_transaction
from engage.extensions import db, in_language, language
from engage.messages.digest import pages as digest_pages
from engage.messages.mail.recorded import send_after_answers, send_each
from engage.web import links


def send_waiting(server: MailServer) -> tuple[int, int]:
    """Returns how many mails were sent, and how many failed."""
    forgotten_service.make_links()
    return send_each(server, _waiting(), _claimed, _settle_sent)


def _to_send() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Notice.letter.in_([LetterState.WAITING, LetterState.FAILED]),
        Notice.tries < LETTER_TRIES,
    )


def _waiting() -> list[int]:
    with short_transaction(db.engine) as session:
        return list(session.scalars(sa.select(Notice.id).where(*_to_send()).order_by(Notice.id)))


def _claimed(notice_id: int, server: MailServer) -> EmailMessage | None:
    """Returns the mail for this run alone; None if another run has it, or if its link has expired."""
    claim = sa.update(Notice).where(Notice.id == notice_id, *_to_send())
    with short_transaction(db.engine) as session:
        claimed = session.execute(claim.values(letter=LetterState.CLAIMED, tries=Notice.tries + 1))
        if claimed.rowcount != 1:  # type: ignore[attr-defined]
            return None
    app, message = current_app._get_current_object(), None  # type: ignore[attr-defined]
    with app.test_request_context("/", base_url=digest_pages.site()):
        notice = db.session.get(Notice, notice_id)
        if notice is not None:
            user = db.session.get_one(User, notice.user_id)
            with in_language(coalitions.language_to(user)):
                message = _mail(notice, user, server)
        db.session.remove()
    if message is None:
        _settle(notice_id, LetterState.NONE)
    return message


def _mail(notice: Notice, user: User, server: MailServer) -> EmailMessage | None:
    if notice.kind is NoticeKind.CONFIRM_EMAIL:
        change = profile_service.waiting(user)
        if change is None or change.email != notice.address:
            return None
        subject, link = (
            _("Engage: confirm your address"),
            f"/account/email/{profile_service.token_of(change)}",
        )
        words = _("Someone asked to sign in with this address from now on. If it was you, open the link.")
    elif notice.kind is NoticeKind.LINK_ASKED:
        token = forgotten_service.token_to_send(user)
        if token is None:
            return None
        subject, link = _("Engage: choose a new password"), f"/reset/{token}"
        words = _("Someone asked to choose a new password for your account. If it was you, open the link.")
    else:
        subject, link = _("Engage: your sign-in settings"), "/account/"
        words = str(NOTICE_WORDS[notice.kind])
    message = digest_pages.new_mail(server, notice.address, subject, clock.now())
    text = render_template(
        "messages/letter.txt",
        words=words,
        browser=browser_words(notice.browser, notice.system),
        when=dates.minute(notice.happened_at),
        link=links.external(link),
        confirms=notice.kind in MAILS_ALONE,
    )
    message.set_content(text, cte="quoted-printable")
    message["Content-Language"] = language()
    return message


def _settle_sent(notice_id: int, is_sent: bool) -> None:
    _settle(notice_id, LetterState.SENT if is_sent else LetterState.FAILED)


def _settle(notice_id: int, state: LetterState) -> None:
    """Records the result; a mail that was sent no longer needs its address."""
    done = {"letter": state, **({} if state is LetterState.FAILED else {"address": ""})}
    with short_transaction(db.engine) as session:
        session.execute(sa.update(Notice).where(Notice.id == notice_id).values(**done))


def init_app(app: Flask) -> None:
    send_after_answers(app, "letters_waiting", send_waiting)
