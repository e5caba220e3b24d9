"""Queues the mail to a person who was approved; `outbox` sends it."""

from flask import g

from engage import clock
from engage.coalitions.models import Membership
from engage.extensions import db, mail_server
from engage.messages.models import ApprovalMail


def tell(person: Membership) -> bool:
    """Queues the mail within the view's transaction. Returns False if this installation sends none."""
    if mail_server() is None or person.user_id is None:
        return False
    row = ApprovalMail(coalition_id=person.coalition_id, membership_id=person.id, queued_at=clock.now())
    db.session.add(row)
    g.approvals_wait = True
    return True
