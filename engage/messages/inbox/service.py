"""Records that a person has seen the new things in their inbox."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.messages.models import Look


def look(membership: Membership, shown_at: datetime, now: datetime) -> None:
    """Marks what the page showed as seen. Newer things stay new, and the stored time never moves back."""
    seen_until = min(shown_at, now)
    later = sa.update(Look).where(Look.membership_id == membership.id).values(looked_at=seen_until)
    if db.session.execute(later.where(Look.looked_at < seen_until)).rowcount:  # type: ignore[attr-defined]
        return
    if db.session.scalar(sa.select(sa.exists().where(Look.membership_id == membership.id))):
        return
    row = Look(coalition_id=membership.coalition_id, membership_id=membership.id, looked_at=seen_until)
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        pass  # the person pressed twice, and the other request was first
