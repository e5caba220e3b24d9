"""Reads what people said about their actions by the links in mails."""

from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.database import along
from engage.extensions import db
from engage.plan.labels import title_as_read
from engage.plan.models import Action, Update


class SaidByMail(Struct, frozen=True):
    """What a person said about an action of theirs by the link in a mail."""

    number: int
    title: str
    name: str
    text: str
    said_at: datetime

    @property
    def title_as_read(self) -> str:
        return title_as_read(self.title)


def said_by_mail(membership: Membership, since: datetime, most: int) -> list[SaidByMail]:
    """Returns the latest that others said since this moment, newest first."""
    rows = (
        sa.select(
            Action.number, Action.title, Membership.name, Update.text, Update.written_at.label("said_at")
        )
        .join(Action, along(Update.action_id, Action))
        .join(Membership, along(Update.author_id, Membership))
        .where(
            Update.coalition_id == membership.coalition_id,
            Update.is_by_mail,
            Update.written_at > since,
            Update.author_id != membership.id,
        )
        .order_by(Update.written_at.desc(), Update.id.desc())
        .limit(most)
    )
    return [SaidByMail(**row._mapping) for row in db.session.execute(rows)]
