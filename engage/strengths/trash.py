"""Registers needs, strengths and votes with the trash."""

from flask import url_for

from engage.coalitions.permissions import Permission
from engage.coalitions.trash import kinds
from engage.coalitions.trash.kinds import Kind, Numbered
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.strengths import service
from engage.strengths.models import Need, Strength
from engage.strengths.votes.models import Vote

NEEDS, STRENGTHS, VOTES = Need.__tablename__, Strength.__tablename__, Vote.__tablename__

kinds.register(
    Kind(
        table=NEEDS,
        word=_l("Need"),
        back=lambda row: _("Need %(number)s is back.", number=row["number"]),
        address=lambda row: url_for("strengths.need", number=row["number"]),
        permission=Permission.WORK,
        number=Numbered(
            table=NEEDS,
            free=service.free_number,
            taken=_l("Number %(old)s is taken, so this is now need %(new)s."),
            key=service.NEED_NUMBERS,
        ),
        refused=_l("Someone already made this gap a need again. See that need."),
    ),
    Kind(
        table=STRENGTHS,
        word=_l("Strength"),
        back=lambda row: _("“%(title)s” is back on the list.", title=row["title"]),
        address=lambda row: url_for("strengths.strength", strength_id=row["id"]),
        permission=Permission.WORK,
    ),
    Kind(
        table=VOTES,
        word=_l("Vote"),
        back=lambda row: _("“%(title)s” is back.", title=row["title"]),
        address=lambda row: url_for("strengths.vote", vote_id=row["id"]),
        permission=Permission.RUN_VOTES,
        gone_words={"need_id": _l("a need that it asks about")},
    ),
)
