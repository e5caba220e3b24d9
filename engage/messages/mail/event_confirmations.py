"""Sends the only mail that asks a person who signed up for an event to confirm the address.

The mail is queued with the sign-up, and not sent to an address that was deleted.
"""

from email.message import EmailMessage

from flask import url_for

from engage.config import MailServer
from engage.extensions import in_language
from engage.i18n import gettext as _
from engage.languages import ENGLISH, first_known
from engage.messages.digest import pages as digest_pages
from engage.messages.mail.queue import Rows
from engage.plan.activities.labels import when_words
from engage.plan.signups import queries
from engage.plan.signups.models import Signup
from engage.plan.signups.queries import OwnSignup
from engage.web import links


class EventConfirmations(Rows):
    """The queue of confirmation mails to people who signed up for events."""

    table, state, mark = Signup.__table__, "mail", "event_confirmations_wait"

    def mail(self, key: int) -> EmailMessage | None:
        with digest_pages.speaking(ENGLISH):
            found = queries.by_id(key)
            if found is None:
                return None
            with in_language(first_known(found.signup.language, found.entrance.coalition.language)):
                return _mail(found, self.server)


def _mail(found: OwnSignup, server: MailServer) -> EmailMessage | None:
    if not found.entrance.takes_signups or found.signup.confirmed_at is not None:
        return None
    signup, entrance = found.signup, found.entrance
    confirms = queries.token_of(queries.CONFIRM, signup.nonce, signup.confirm_hash)
    own = queries.own_token(signup)
    if confirms is None or own is None:
        return None
    event = entrance.activity
    return digest_pages.text_mail(
        server,
        signup.email,
        _("Please confirm your sign-up"),
        "messages/event_confirmation.txt",
        coalition=entrance.coalition.name,
        event=event,
        when=when_words(event.happened_on, event.starts_at, event.minutes, entrance.coalition.time_zone),
        confirms=links.external(url_for("event.confirm_page", token=confirms)),
    )
