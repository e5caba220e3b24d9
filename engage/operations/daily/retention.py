"""What goes by itself when its time is over, one rule a line; `engage tick` does it and counts it.

How long each is kept stands with the rules that it belongs to; `retention_words` says it on the settings' page.
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from engage import kept
from engage.accounts import service as accounts
from engage.accounts import throttle
from engage.accounts.notices import service as notices_service
from engage.coalitions.audit import service as audit_service
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.people import service as people_service
from engage.extensions import db
from engage.messages.mail import service as mail_service
from engage.operations.rules import INVITATIONS_KEPT, MAILS_KEPT, PASSWORD_LINKS_KEPT
from engage.strengths.votes import service as votes_service


class Rule(NamedTuple):
    """What is pruned, how the command says it, and the pruning itself: it takes the moment and says how many went."""

    key: str
    said: str
    prune: Callable[[datetime], int]


# What was promised to go first comes first.
RULES = (
    Rule("ballots", "Old ballots erased", votes_service.erase_old_ballots),
    Rule("copies", "Old copies of changes erased", kept.prune),
    Rule("tries", "Old sign-in tries forgotten", lambda _now: throttle.prune()),
    Rule("sessions", "Sessions that were over deleted", accounts.prune_sessions),
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
    Rule("mails", "Records of old mails deleted", lambda now: mail_service.prune(now - MAILS_KEPT)),
    Rule("contacts", "Contacts of former members erased", people_service.forget_contacts),
    Rule("notices", "Old notices and browsers forgotten", notices_service.prune),
    Rule("audit", "Old lines of audit logs erased", audit_service.prune),
)


def prune(now: datetime, failed: list[Exception]) -> dict[str, int]:
    """How many went by each rule, each in a transaction of its own; what fails is noted and keeps no other from it."""
    gone = {}
    for rule in RULES:
        try:
            gone[rule.key] = rule.prune(now)
            db.session.commit()
        except Exception as error:  # raised by whoever collects them
            db.session.rollback()
            failed.append(error)
    return gone
