"""Holds the texts of the settings page that say how long data is kept."""

from datetime import timedelta
from typing import NamedTuple

from flask import current_app

from engage.accounts import notices as notices_service
from engage.coalitions.audit.rules import KEPT
from engage.coalitions.models import Coalition
from engage.directory.groups.asks.service import ANSWERS_KEPT
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.limits import Limits
from engage.messages.action_links.rules import KEPT as ACTION_LINKS_KEPT
from engage.messages.letters.rules import LETTERS_KEPT, TEXTS_KEPT
from engage.operations.rules import INVITATIONS_KEPT, LEFTOVERS_KEPT, MAILS_KEPT, PASSWORD_LINKS_KEPT
from engage.plan.feedback.rules import OPEN_AFTER
from engage.plan.signups.rules import KEPT as SIGNUPS_KEPT
from engage.snapshots import SNAPSHOT_DAYS
from engage.web import lost_connections


class KeptUntil(NamedTuple):
    """A kind of data, and how long it is kept."""

    what: str
    until: str


def lines(coalition: Coalition) -> dict[str, KeptUntil]:
    """Returns the texts in the order of the page, by the rule's key or, without a rule, by another word."""
    months = coalition.contact_months
    members: Limits = current_app.config["SESSION_MEMBERS"]
    coordinators: Limits = current_app.config["SESSION_KEY_HOLDERS"]
    return {
        "texts": KeptUntil(_("What you write"), _("until someone deletes it")),
        "copies": KeptUntil(
            _("What was deleted, changed, or imported, for undo and trash"),
            _days(timedelta(days=SNAPSHOT_DAYS)),
        ),
        "answers": KeptUntil(
            _("Who answered what in an assessment"),
            _("until the round is closed: after that no one can tell"),
        ),
        "ballots": KeptUntil(_("Individual ballots in a vote"), _("a day after the vote was closed")),
        "contacts": KeptUntil(
            _("Phone number and address of people who left"),
            _("until someone deletes them")
            if months is None
            else ngettext("%(num)s month after they left", "%(num)s months after they left", months),
        ),
        "invitations": KeptUntil(
            _("Invitations, with the address and the name on them"),
            _("%(days)s after they were used or expired", days=_days(INVITATIONS_KEPT)),
        ),
        "asks": KeptUntil(
            _("Requests to join a group"), _("%(days)s after the answer", days=_days(ANSWERS_KEPT))
        ),
        "sessions": KeptUntil(
            _("Where a person is signed in"),
            _(
                "%(members)s without use, %(coordinators)s for coordinators; a few hours on a shared computer",
                members=_days(members.idle),
                coordinators=_days(coordinators.idle),
            ),
        ),
        "tries": KeptUntil(_("Wrong passwords, counted without names"), _("a few hours at most")),
        "starts": KeptUntil(
            _("How many people began to answer from one place, counted without addresses"), _("a day at most")
        ),
        "signups": KeptUntil(
            _("Names and contacts of people who signed up for an event"),
            _("%(days)s after the event", days=_days(SIGNUPS_KEPT)),
        ),
        "feedback": KeptUntil(
            _("Individual answers about an event, without names"),
            _("%(days)s after the event, or until the questions close", days=_days(OPEN_AFTER)),
        ),
        "password_links": KeptUntil(
            _("The record that a password link was made"),
            _("%(days)s after it was used or expired", days=_days(PASSWORD_LINKS_KEPT)),
        ),
        "provider_links": KeptUntil(
            _("Requests for a link to connect an account from elsewhere"), _("ten minutes, a day at most")
        ),
        "action_links": KeptUntil(
            _("Links in e-mails to say how an action is going"), _days(ACTION_LINKS_KEPT)
        ),
        "sign_in_links": KeptUntil(_("Requests for a link to sign in"), _("ten minutes, a day at most")),
        "sent_forms": KeptUntil(
            _("Marks of forms that were sent, so that none is carried out twice"),
            _days(lost_connections.MARKS_KEPT),
        ),
        "audit": KeptUntil(
            _("The audit log"),
            ngettext("%(num)s year", "%(num)s years", KEPT // timedelta(days=365)),
        ),
        "notices": KeptUntil(
            _("Notices of what happened to an account, and browsers that were used with it"),
            _(
                "%(seen)s after they were seen; browsers %(browsers)s after their last use",
                seen=_days(notices_service.KEPT),
                browsers=_days(notices_service.BROWSER_KEPT),
            ),
        ),
        "letters": KeptUntil(
            _("Subject and text of letters to people"),
            _(
                "%(texts)s; who received one, %(letters)s",
                texts=_days(TEXTS_KEPT),
                letters=ngettext("%(num)s year", "%(num)s years", LETTERS_KEPT // timedelta(days=365)),
            ),
        ),
        "mails": KeptUntil(
            _("The record that a digest was sent, without its text"),
            _("%(days)s; the last one of each person stays", days=_days(MAILS_KEPT)),
        ),
        "leftovers": KeptUntil(
            _("The data from before a backup was restored, and copies that an interrupted command left"),
            _days(LEFTOVERS_KEPT),
        ),
    }


def _days(span: timedelta) -> str:
    return ngettext("%(num)s day", "%(num)s days", span.days)
