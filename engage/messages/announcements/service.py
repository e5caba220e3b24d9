"""Writes announcements: posting, changing, deleting."""

from datetime import date

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from msgspec import Struct

from engage import clock, history
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.service import lock
from engage.coalitions.trash import kinds
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind, Return
from engage.errors import WrongState
from engage.extensions import db
from engage.kept import KeptCopy
from engage.messages.announcements.models import Announcement
from engage.versions import claim_version

TABLE = Announcement.__tablename__


class Content(Struct, frozen=True):
    """The contents of the form; `group_id` None means everyone."""

    title: str
    text: str
    until_on: date
    group_id: int | None
    is_public: bool


def post(actor: Membership, content: Content) -> Announcement:
    """Posts an announcement, which its audience sees at once."""
    made = Announcement(
        coalition_id=actor.coalition_id,
        title=content.title,
        text=content.text,
        until_on=content.until_on,
        group_id=content.group_id,
        is_public=content.is_public,
        posted_at=clock.now(),
        posted_by_id=actor.id,
    )
    db.session.add(made)
    db.session.flush()
    history.record(made.coalition_id, actor.id, TABLE, made.id, "added")
    return made


def change(announcement: Announcement, version: int, content: Content, actor: Membership) -> None:
    """Changes an announcement. Raises StaleVersion if someone saved it in between."""
    claim_version(announcement, version)
    for field in ("title", "text", "until_on", "group_id", "is_public"):
        old, new = getattr(announcement, field), getattr(content, field)
        if old == new:
            continue
        setattr(announcement, field, new)
        told = {} if field in ("title", "text", "is_public") else {"old": old, "new": new}
        history.record(announcement.coalition_id, actor.id, TABLE, announcement.id, field, **told)


def delete(announcement: Announcement, actor: Membership) -> KeptCopy:
    """Moves the announcement to the trash; then neither members nor the public see it."""
    lock(actor.coalition_id)
    return trash_service.put(actor, announcement)


# -- what the trash has to know


def _only_to_whom_it_was(returning: Return) -> None:
    """Refuses to restore an announcement to a group that is gone, because everyone would read it."""
    if "group_id" in returning.gone:
        raise WrongState(
            _("The group it was for is gone. Restore the group first, or post a new announcement.")
        )


kinds.register(
    Kind(
        table=TABLE,
        word=_l("Announcement"),
        back=lambda row: _("“%(title)s” is back.", title=row["title"]),
        address=lambda row: url_for("announcements.index", _anchor=f"announcements-{row['id']}"),
        permission=Permission.ANNOUNCE,
        settle=_only_to_whom_it_was,
    )
)
