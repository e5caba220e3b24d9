"""Deletes expired data, by one rule per line; `engage tick` runs and counts it.

Each period is defined in the rules of its subject; `daily.words` shows them on the settings page.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from engage import kept
from engage.accounts import service as accounts
from engage.accounts import throttle
from engage.accounts.notices import service as notices_service
from engage.assessment.doors import service as doors_service
from engage.coalitions.audit import service as audit_service
from engage.coalitions.group_asks import service as asks_service
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.people import service as people_service
from engage.extensions import db
from engage.messages.letters import service as letters_service
from engage.messages.mail import service as mail_service
from engage.operations.daily import leftovers
from engage.operations.rules import INVITATIONS_KEPT, MAILS_KEPT, PASSWORD_LINKS_KEPT
from engage.plan.feedback import service as feedback_service
from engage.plan.signups import service as signups_service
from engage.strengths.votes import service as votes_service


class Rule(NamedTuple):
    """A rule: what is deleted, its name for the command, and the function.

    The function takes the current time and returns the number of deleted rows.
    """

    key: str
    said: str
    prune: Callable[[datetime], int]


# Deletions that were promised to people come first.
RULES = (
    Rule("ballots", "Old ballots erased", votes_service.erase_old_ballots),
    Rule("starts", "Old counts of addresses deleted", doors_service.forget_addresses),
    Rule("signups", "Old sign-ups for events deleted", signups_service.forget_old),
    Rule("feedback", "Answers about events counted and deleted", feedback_service.close_old),
    Rule("copies", "Old copies of changes erased", kept.prune),
    Rule("tries", "Old sign-in attempts deleted", lambda _now: throttle.prune()),
    Rule("sessions", "Ended sessions deleted", accounts.prune_sessions),
    Rule(
        "password_links",
        "Old password links deleted",
        lambda now: accounts.prune_password_links(now - PASSWORD_LINKS_KEPT),
    ),
    Rule(
        "invitations",
        "Old invitations deleted",
        lambda now: invitations_service.prune(now - INVITATIONS_KEPT),
    ),
    Rule("asks", "Old answers to requests deleted", asks_service.prune),
    Rule("mails", "Records of old e-mails deleted", lambda now: mail_service.prune(now - MAILS_KEPT)),
    Rule("letters", "Old letters emptied or deleted", letters_service.empty_old),
    Rule("contacts", "Contacts of former members erased", people_service.forget_contacts),
    Rule("notices", "Old notices and browsers deleted", notices_service.prune),
    Rule("audit", "Old lines of audit logs erased", audit_service.prune),
    Rule("leftovers", "Leftover copies of the data removed", leftovers.prune),
)


def prune(now: datetime, failed: list[Exception]) -> dict[str, int]:
    """Deletes by each rule in its own transaction and returns the counts.

    A failure is collected and does not stop the other rules.
    """
    gone = {}
    for rule in RULES:
        try:
            gone[rule.key] = rule.prune(now)
            db.session.commit()
        except Exception as error:  # the caller raises them after collecting all
            db.session.rollback()
            failed.append(error)
    return gone
