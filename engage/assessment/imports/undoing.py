"""Says what an import of answers made, so that it can be undone as a whole."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage.assessment.imports import service
from engage.assessment.models import AnswersImport, Round
from engage.coalitions.trash.branches import hanging_on
from engage.coalitions.undo_imports import kinds, labels
from engage.coalitions.undo_imports.kinds import ImportKind, Rows
from engage.coalitions.undo_imports.rules import Key
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.web.labels import listed

KEY = "answers"
_TABLE = AnswersImport.__tablename__
# These go with a round that an import made; whatever else refers to the round was built on it.
_OF_THE_ROUND = frozenset(
    f"assessment_{each}"
    for each in (
        "import",
        "response",
        "guest",
        "release",
        "participant",
        "paper",
        "door",
        "tally",
        "reopening",
    )
)


def _stays(coalition_id: int, rows: Rows) -> Mapping[Key, str]:
    """Returns why imports cannot be undone: the round was closed since then, or something was built on its results."""
    reasons = {}
    for found in _imports(coalition_id, rows):
        if not service.may_be_taken_back(found):
            reasons[_TABLE, found.id] = service.closed_words()
        elif found.made_round and (built := _built_on(found)):
            reasons[_TABLE, found.id] = _(
                "Since then, someone added or changed: %(what)s.", what=listed(built)
            )
    return reasons


def _built_on(found: AnswersImport) -> list[str]:
    others = (each for each in hanging_on(Round.__tablename__) if each.table.name not in _OF_THE_ROUND)
    there = {
        each.table.name
        for each in others
        if db.session.scalar(
            sa.select(
                sa.exists().where(
                    each.table.c.coalition_id == found.coalition_id,
                    each.table.c[each.column] == found.round_id,
                )
            )
        )
    }
    return [labels.word_of(name) for name in sorted(there)]


def _prepare(coalition_id: int, going: Rows) -> None:
    for found in _imports(coalition_id, going):
        try:
            service.take_back(found)
        except IntegrityError:
            raise WrongState(
                _("Someone added something to it a moment ago. Nothing was undone. Look again, then decide.")
            ) from None


def _imports(coalition_id: int, rows: Rows) -> list[AnswersImport]:
    mine = AnswersImport.coalition_id == coalition_id, AnswersImport.id.in_(rows.get(_TABLE, {}))
    return list(db.session.scalars(sa.select(AnswersImport).where(*mine)))


kinds.register(
    ImportKind(
        key=KEY,
        word=_l("Answers of a survey"),
        logged=Round.__tablename__,
        counted={_TABLE: lambda n: ngettext("%(num)s file of answers", "%(num)s files of answers", n)},
        stays=_stays,
        prepare=_prepare,
    )
)
