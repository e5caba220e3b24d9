"""Adds, changes and removes help lines of a coalition."""

from collections.abc import Mapping

from flask import url_for

from engage import history, versions
from engage.coalitions.help_lines.models import HelpLine
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.service import lock, note_setting
from engage.coalitions.trash import kinds
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.snapshots import Snapshot

TABLE = HelpLine.__tablename__


def add(actor: Membership, key: str, values: Mapping[str, object]) -> HelpLine:
    """Adds a line; `key` names the offered line from which it was copied, or is empty."""
    line = HelpLine(coalition_id=actor.coalition_id, key=key, **values)
    db.session.add(line)
    db.session.flush()
    _note(actor, line, "added")
    return line


def change(actor: Membership, line: HelpLine, version: int, values: Mapping[str, object]) -> None:
    """Changes a line. Raises StaleVersion if someone saved it in between."""
    versions.change(actor, line, version, values)
    note_setting(actor, "help_lines")


def delete(actor: Membership, line: HelpLine) -> Snapshot:
    """Moves the line to the trash."""
    lock(actor.coalition_id)
    note_setting(actor, "help_lines")
    return trash_service.put(actor, line)


def _note(actor: Membership, line: HelpLine, field: str) -> None:
    history.note(actor, line, field)
    note_setting(actor, "help_lines")


kinds.register(
    Kind(
        table=TABLE,
        word=_l("Help line"),
        title="name",
        back=lambda row: _("“%(name)s” is back.", name=row["name"]),
        address=lambda row: url_for("coalitions.help_lines"),
        permission=Permission.EDIT_SETTINGS,
    )
)
