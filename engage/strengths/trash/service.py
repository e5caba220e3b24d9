"""Says what the trash has to know of needs and strengths."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.coalitions.permissions import Permission
from engage.coalitions.trash import kinds
from engage.coalitions.trash.kinds import Kind, Numbered
from engage.strengths import service
from engage.strengths.models import Need, Strength

NEEDS, STRENGTHS = Need.__tablename__, Strength.__tablename__
_GONE = {
    "round_id": _l("the assessment round"),
    "agreement_id": _l("the agreement"),
    "note_id": _l("the note it was made from"),
    "organization_id": _l("the organization"),
}


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
            taken=_l("Number %(old)s is taken: it is now need %(new)s."),
            key=service.NEED_NUMBERS,
        ),
        gone_words=_GONE,
        refused=_l("Someone already made this gap a need again. See that need."),
    )
)
kinds.register(
    Kind(
        table=STRENGTHS,
        word=_l("Strength"),
        back=lambda row: _("“%(title)s” is back on the list.", title=row["title"]),
        address=lambda row: url_for("strengths.strength", strength_id=row["id"]),
        permission=Permission.WORK,
        gone_words=_GONE,
    )
)
