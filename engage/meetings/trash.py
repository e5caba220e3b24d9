"""Registers meetings, agenda lines and decisions with the trash."""

import sqlalchemy as sa
from flask import url_for

from engage.coalitions.permissions import Permission
from engage.coalitions.trash import kinds
from engage.coalitions.trash.kinds import Kind, Numbered, Return
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.meetings.decisions import service as decisions_service
from engage.meetings.models import AgendaItem, Decision, Meeting

MEETINGS, LINES, DECISIONS = (model.__tablename__ for model in (Meeting, AgendaItem, Decision))
_GONE = {
    "group_id": _l("the workgroup"),
    "carried_from_id": _l("the item it was carried over from"),
    "item_id": _l("the agenda item"),
}


def _to_open_meeting(returning: Return) -> None:
    """Locks the meeting. Raises WrongState if it is closed, because its minutes must not change."""
    open_ = (
        sa.select(Meeting.closed_at)
        .where(Meeting.coalition_id == returning.coalition_id, Meeting.id == returning.head["meeting_id"])
        .with_for_update(read=True)
    )
    if db.session.scalar(open_) is not None:
        raise WrongState(
            _(
                "Its meeting is closed, and the minutes stay as they are. Reopen the meeting, then restore this."
            )
        )


def _carried_once(returning: Return) -> None:
    """Clears the origin of restored lines if that origin was carried over to another line meanwhile."""
    rows = returning.of(LINES)
    carried = sa.select(AgendaItem.carried_from_id).where(
        AgendaItem.coalition_id == returning.coalition_id,
        AgendaItem.carried_from_id.in_([row["carried_from_id"] for row in rows if row["carried_from_id"]]),
    )
    taken = set(db.session.scalars(carried))
    for row in rows:
        if row["carried_from_id"] in taken:
            row["carried_from_id"] = None
            returning.gone["carried_from_id"] = None


def _line_back(returning: Return) -> None:
    _to_open_meeting(returning)
    _carried_once(returning)


kinds.register(
    Kind(
        table=MEETINGS,
        word=_l("Meeting"),
        back=lambda row: _("“%(title)s” is back on the list.", title=row["title"]),
        address=lambda row: url_for("meetings.meeting", meeting_id=row["id"]),
        permission=Permission.CLOSE_MEETINGS,
        parts=(MEETINGS, LINES),
        counted={LINES: lambda n: ngettext("%(num)s agenda item", "%(num)s agenda items", n)},
        gone_words=_GONE,
        led_by={LINES: "lead_id"},
        prepare=_carried_once,
    ),
    Kind(
        table=LINES,
        word=_l("Agenda item"),
        back=lambda row: _("“%(title)s” is back.", title=row["title"]),
        address=lambda row: url_for("meetings.meeting", meeting_id=row["meeting_id"]),
        permission=Permission.WORK,
        gone_words=_GONE,
        led_by={LINES: "lead_id"},
        prepare=_line_back,
    ),
    Kind(
        table=DECISIONS,
        word=_l("Decision"),
        back=lambda row: _("Decision %(number)s is back.", number=row["number"]),
        address=lambda row: url_for("meetings.decision", number=row["number"]),
        permission=Permission.CLOSE_MEETINGS,
        title="text",
        number=Numbered(
            table=DECISIONS,
            free=decisions_service.free_number,
            taken=_l("Number %(old)s is taken, so this is now decision %(new)s."),
            key=decisions_service.NUMBERS,
        ),
        gone_words=_GONE,
        led_by={DECISIONS: "owner_id"},
        prepare=_to_open_meeting,
    ),
)
