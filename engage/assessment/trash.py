"""Registers known efforts and question sets as kinds of things that the trash can hold.

Efforts that a respondent names while a round is open are never put into the trash, because a copy would still
exist after closing, which erases the link to the respondent.
"""

from flask import url_for

from engage.assessment.models import DraftSet, Effort
from engage.assessment.sets import service as sets_service
from engage.coalitions.permissions import Permission
from engage.coalitions.trash import kinds
from engage.coalitions.trash.kinds import Kind, Return
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l


def _room_for_one_more(returning: Return) -> None:
    sets_service.room_for_one_more(returning.coalition_id)


kinds.register(
    Kind(
        table=Effort.__tablename__,
        word=_l("Known effort"),
        back=lambda _row: _("The effort is back."),
        address=lambda row: url_for("assessment.effort", effort_id=row["id"]),
        permission=Permission.WORK,
        title="who",
        gone_words={
            "organization_id": _l("the organization"),
            "round_id": _l("the assessment round"),
        },
    ),
    Kind(
        table=DraftSet.__tablename__,
        word=_l("Question set"),
        back=lambda row: _("“%(title)s” is back.", title=row["title"]),
        address=lambda row: url_for("assessment.question_set", set_id=row["id"]),
        permission=Permission.RUN_ROUNDS,
        prepare=_room_for_one_more,
    ),
)
