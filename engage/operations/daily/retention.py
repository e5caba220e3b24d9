"""Deletes expired data. `engage tick` runs these rules, one per kind of data, and reports the counts.

Each period is defined in the rules of its feature; `daily.words` shows the periods on the settings page.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from engage import snapshots
from engage.accounts import notices as notices_service
from engage.accounts import service as accounts
from engage.accounts import throttle
from engage.accounts.providers import service as providers_service
from engage.accounts.sign_in_links import service as sign_in_links
from engage.assessment.channels import service as channels_service
from engage.coalitions.audit import service as audit_service
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.people import service as people_service
from engage.directory.groups.asks import service as asks_service
from engage.extensions import db
from engage.messages.action_links import service as action_links
from engage.messages.letters import service as letters_service
from engage.messages.mail import service as mail_service
from engage.operations.daily import leftovers
from engage.operations.rules import INVITATIONS_KEPT, MAILS_KEPT, PASSWORD_LINKS_KEPT
from engage.plan.feedback import service as feedback_service
from engage.plan.signups import service as signups_service
from engage.strengths.votes import service as votes_service
from engage.web import lost_connections


class RetentionRule(NamedTuple):
    """A rule: a label, a key for the command's output, and the function that deletes.

    The function takes the current time and returns the number of deleted rows.
    """

    key: str
    said: str
    prune: Callable[[datetime], int]


# Deletions that people were promised come first.
RULES = (
    RetentionRule("ballots", "Old ballots erased", votes_service.erase_old_ballots),
    RetentionRule("starts", "Old counts of addresses deleted", channels_service.forget_addresses),
    RetentionRule("signups", "Old sign-ups for events deleted", signups_service.forget_old),
    RetentionRule("feedback", "Answers about events counted and deleted", feedback_service.close_old),
    RetentionRule("copies", "Old copies of changes erased", snapshots.prune),
    RetentionRule("tries", "Old sign-in attempts deleted", lambda _now: throttle.prune()),
    RetentionRule("sessions", "Ended sessions deleted", accounts.prune_sessions),
    RetentionRule(
        "password_links",
        "Old password links deleted",
        lambda now: accounts.prune_password_links(now - PASSWORD_LINKS_KEPT),
    ),
    RetentionRule("action_links", "Old links in e-mails about actions deleted", action_links.prune),
    RetentionRule("provider_links", "Old links to connect accounts deleted", providers_service.prune),
    RetentionRule(
        "invitations",
        "Old invitations deleted",
        lambda now: invitations_service.prune(now - INVITATIONS_KEPT),
    ),
    RetentionRule("asks", "Old answers to requests deleted", asks_service.prune),
    RetentionRule(
        "mails", "Records of old e-mails deleted", lambda now: mail_service.prune(now - MAILS_KEPT)
    ),
    RetentionRule("letters", "Old letters emptied or deleted", letters_service.empty_old),
    RetentionRule("contacts", "Contacts of former members erased", people_service.forget_contacts),
    RetentionRule("sign_in_links", "Old requests for links to sign in deleted", sign_in_links.prune),
    RetentionRule("notices", "Old notices and browsers deleted", notices_service.prune),
    RetentionRule("sent_forms", "Old marks of forms that were sent deleted", lost_connections.prune),
    RetentionRule("audit", "Old lines of audit logs erased", audit_service.prune),
    RetentionRule("leftovers", "Leftover copies of the data removed", leftovers.prune),
)


def prune(now: datetime, failed: list[Exception]) -> dict[str, int]:
    """Runs each rule in its own transaction and returns the counts.

    A failed rule is collected in `failed` and does not stop the other rules.
    """
    gone = {}
    for rule in RULES:
        try:
            gone[rule.key] = rule.prune(now)
            db.session.commit()
        except Exception as error:  # the caller raises the first error after all rules ran
            db.session.rollback()
            failed.append(error)
    return gone
