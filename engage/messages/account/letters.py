"""Makes mails about a person's account: changed sign-in, and links for a new address or password.

Each is queued as a notice in the same transaction as the change.
"""

from email.message import EmailMessage
from email.utils import formataddr, parseaddr

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage import dates
from engage.accounts.forgotten import service as forgotten_service
from engage.accounts.labels import browser_words, notice_words
from engage.accounts.models import Notice, User
from engage.accounts.profile import service as profile_service
from engage.accounts.providers import service as providers_service
from engage.accounts.rules import ABOUT_OTHERS, MAILS_ALONE, LetterState, NoticeKind
from engage.accounts.sign_in_links import service as sign_in_links
from engage.coalitions import queries as coalitions
from engage.config import MailServer
from engage.extensions import db, in_language
from engage.i18n import gettext as _
from engage.languages import ENGLISH, first_known
from engage.messages.digest import pages as digest_pages
from engage.messages.mail.queue import Result, Rows, Sent
from engage.web import links


class AccountLetters(Rows):
    """The queue of mails about accounts."""

    table, state, mark = Notice.__table__, "letter", "account_letters_wait"

    def run(self, *, dry: bool = False) -> Sent:
        if not dry:
            forgotten_service.make_links()
            sign_in_links.make_links()
            providers_service.make_links()
        return super().run(dry=dry)

    def mail(self, key: int) -> EmailMessage | None:
        with digest_pages.speaking(ENGLISH):
            notice = db.session.get(Notice, key)
            if notice is None:
                return None
            user = db.session.get_one(User, notice.user_id)
            with in_language(first_known(user.language, notice.language, coalitions.language_to(user))):
                return _mail(notice, user, self.server)

    def settle(self, session: Session, key: int, result: Result, words: str) -> None:
        """Records the result. If the mail is not tried again, its address is removed."""
        super().settle(session, key, result, words)
        done = sa.update(Notice).where(Notice.id == key, Notice.letter != LetterState.FAILED)
        session.execute(done.values(address=""))


def _sign_in_mail(notice: Notice, user: User, server: MailServer) -> EmailMessage | None:
    """Returns the mail with a link to sign in. Its sender and subject name only Engage, since phones show them."""
    asked = sign_in_links.to_send(user)
    if asked is None:
        return None
    mail = digest_pages.text_mail(
        server,
        notice.address,
        _("Engage: your sign-in link"),
        "messages/sign_in_link.txt",
        link=links.external(f"/sign-in/link/{sign_in_links.token_of(asked)}"),
        code=sign_in_links.code_of(asked),
        when=dates.minute(asked.asked_at),
        browser=browser_words(asked.browser, asked.system),
    )
    mail.replace_header("From", formataddr(("Engage", parseaddr(server.sender)[1])))
    return mail


def _mail(notice: Notice, user: User, server: MailServer) -> EmailMessage | None:
    if notice.kind is NoticeKind.SIGN_IN_LINK:
        return _sign_in_mail(notice, user, server)
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
    elif notice.kind is NoticeKind.PROVIDER_ASKED:
        token = providers_service.token_to_send(user)
        if token is None:
            return None
        subject, link = _("Engage: connect your account"), f"/sign-in/connect/{token}"
        words = _(
            "Someone asked to sign in to your account with an account that they have elsewhere. If it was you, open "
            "the link within ten minutes, in the browser in which you asked. Never pass it on."
        )
    else:
        subject, link = _("Engage: your sign-in settings"), "/account/"
        words = notice_words(notice)
    return digest_pages.text_mail(
        server,
        notice.address,
        subject,
        "messages/letter.txt",
        words=words,
        browser=browser_words(notice.browser, notice.system),
        when=dates.minute(notice.happened_at),
        link=links.external(link),
        confirms=notice.kind in MAILS_ALONE,
        is_short=notice.kind is NoticeKind.PROVIDER_ASKED,
        is_own=notice.kind not in ABOUT_OTHERS,
    )
