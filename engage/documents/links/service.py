"""Reads which links to check next, and writes the results."""

from collections.abc import Mapping

import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Membership
from engage.documents.models import Document
from engage.documents.rules import LinkState
from engage.extensions import db

# One button press checks at most this many links; the next press continues with the others.
MOST = 40


def waiting(membership: Membership) -> list[str]:
    """Returns the coalition's links, each once: never checked ones first, then those checked longest ago."""
    rows = (
        sa.select(Document.link)
        .where(Document.coalition_id == membership.coalition_id, Document.link != "")
        .group_by(Document.link)
        .order_by(
            sa.func.min(sa.case((Document.checked_at.is_(None), 0), else_=1)),
            sa.func.min(Document.checked_at),
            Document.link,
        )
    )
    return list(db.session.scalars(rows))


def note(membership: Membership, states: Mapping[str, LinkState]) -> None:
    """Saves the results; a document whose link was changed in the meantime is left alone."""
    for state in set(states.values()):
        links = [link for link, found in states.items() if found is state]
        db.session.execute(
            sa.update(Document)
            .where(Document.coalition_id == membership.coalition_id, Document.link.in_(links))
            .values(link_state=state, checked_at=clock.now())
            .execution_options(synchronize_session=False)
        )
