"""Queues and sends the mails to people who were approved, at the pace of letters.

Like other mail about an account, it names neither the coalition nor what it works on: others may see the inbox.
"""

from collections.abc import Sequence
from email.message import EmailMessage

import sqlalchemy as sa
from flask import g, url_for

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.rules import PersonState, first_name
from engage.extensions import db, in_language, mail_server
from engage.i18n import gettext as _
from engage.languages import ENGLISH, first_known
from engage.messages.digest import pages as digest_pages
from engage.messages.letters import queries as letters_queries
from engage.messages.mail.queue import Rows
from engage.messages.models import ApprovalMail
from engage.web import links


def tell(person: Membership) -> bool:
    """Queues the mail within the view's transaction. Returns False if this installation sends none."""
    if mail_server() is None or person.user_id is None:
        return False
    row = ApprovalMail(coalition_id=person.coalition_id, membership_id=person.id, queued_at=clock.now())
    db.session.add(row)
    g.approvals_wait = True
    return True


class ApprovalMails(Rows):
    """The queue of mails to people who were approved."""

    table, mark = ApprovalMail.__table__, "approvals_wait"

    def waits(self) -> Sequence[sa.ColumnElement[bool]]:
        return *super().waits(), ApprovalMail.coalition_id.not_in(letters_queries.sent_enough())

    def claimed_with(self) -> dict[str, object]:
        return {"claimed_at": clock.now()}

    def mail(self, key: int) -> EmailMessage | None:
        with digest_pages.speaking(ENGLISH):
            row = db.session.get_one(ApprovalMail, key)
            person = db.session.get_one(Membership, row.membership_id)
            if not _may_sign_in(person):
                return None
            assert person.user is not None
            with in_language(first_known(person.user.language, person.coalition.language)):
                return digest_pages.text_mail(
                    self.server,
                    person.user.email,
                    _("Engage: you can sign in now"),
                    "messages/approved.txt",
                    name=first_name(person.name),
                    link=links.external(url_for("accounts.sign_in")),
                )


def _may_sign_in(person: Membership) -> bool:
    """Returns whether the mail is still true: the person may have left, or the coalition may be closed."""
    is_open = person.state is PersonState.ACTIVE and person.coalition.closed_at is None
    return is_open and person.user is not None and person.user.is_active
