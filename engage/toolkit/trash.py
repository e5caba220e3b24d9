"""Registers notes, replies and sections with the trash."""

import sqlalchemy as sa
from flask import url_for

from engage.coalitions.permissions import Permission
from engage.coalitions.trash import kinds
from engage.coalitions.trash.kinds import Kind, Return, Row
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.toolkit import labels, service
from engage.toolkit.models import Note, NoteReply, Section


def _address(row: Row) -> str:
    section = db.session.get_one(Section, row["section_id"]).key if row["section_id"] is not None else ""
    return labels.place_url(row["area"], section, row["id"])


def _agree(table: str, row: Row) -> None:
    """Refuses to restore a note on a section that no longer exists."""
    if table == Note.__tablename__ and row["area"] == "" and row["section_id"] is None:
        raise WrongState(_("The section it was on was deleted."))


def _address_of_reply(row: Row) -> str:
    note = db.session.get_one(Note, row["note_id"])
    return _address({"area": note.area, "section_id": note.section_id, "id": note.id})


def _find_key(returning: Return) -> None:
    """Gives a restored section another key if a newer section has its key."""
    row = returning.head
    has_it = sa.exists().where(Section.coalition_id == returning.coalition_id, Section.key == row["key"])
    if db.session.scalar(sa.select(has_it)):
        row["key"] = service.free_key(returning.coalition_id)


kinds.register(
    Kind(
        table=Note.__tablename__,
        word=_l("Note"),
        back=lambda _row: _("The note is back."),
        address=_address,
        permission=Permission.WORK,
        title="text",
        # History records nothing about notes that only their authors can read.
        noted=False,
        agree=_agree,
        gone_words={
            "action_id": _l("the action it became"),
            "need_id": _l("the need it became"),
            "strength_id": _l("the strength it became"),
        },
    ),
    Kind(
        table=NoteReply.__tablename__,
        word=_l("Reply"),
        back=lambda _row: _("The reply is back."),
        address=_address_of_reply,
        permission=Permission.WORK,
        title="text",
    ),
    Kind(
        table=Section.__tablename__,
        word=_l("Section"),
        back=lambda row: _("“%(title)s” is back.", title=row["title"]),
        address=lambda row: url_for("toolkit.section", key=row["key"]),
        permission=Permission.WORK,
        prepare=_find_key,
    ),
)
