"""Writes announcements: posting, changing, deleting."""

from collections.abc import Mapping

from flask import url_for

from engage import clock, history, versions
from engage.coalitions.announcements.models import Announcement
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.service import lock
from engage.coalitions.trash import kinds
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind, Return
from engage.errors import WrongState
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.snapshots import Snapshot

TABLE = Announcement.__tablename__


def post(actor: Membership, values: Mapping[str, object]) -> Announcement:
    """Posts an announcement; its audience can read it at once."""
    made = Announcement(
        coalition_id=actor.coalition_id, posted_at=clock.now(), posted_by_id=actor.id, **values
    )
    return history.add(actor, made)


def change(announcement: Announcement, version: int, values: Mapping[str, object], actor: Membership) -> None:
    """Changes an announcement. Raises StaleVersion if someone saved it in between."""
    versions.change(actor, announcement, version, values, kept=("until_on", "group_id"))


def delete(announcement: Announcement, actor: Membership) -> Snapshot:
    """Moves the announcement to the trash; then neither members nor the public see it."""
    lock(actor.coalition_id)
    return trash_service.put(actor, announcement)


# -- how the trash restores one


def _only_to_whom_it_was(returning: Return) -> None:
    """Refuses to restore an announcement whose group is gone, because everyone would be able to read it."""
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
