"""Says what an import of answers made, so that it can be undone as a whole."""

from collections.abc import Mapping

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage import clock
from engage.assessment.imports import service
from engage.assessment.models import AnswersImport, Round
from engage.assessment.results.queries.released import release_of
from engage.assessment.rules import BroughtIn
from engage.assessment.service import hold_open
from engage.coalitions.trash.branches import hanging_on
from engage.coalitions.undo_imports import kinds, labels
from engage.coalitions.undo_imports.kinds import ImportKind, Rows
from engage.coalitions.undo_imports.rules import Key
from engage.database import text_is_gone
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
        if not _may_be_taken_back(found):
            reasons[_TABLE, found.id] = _(
                "This round is closed: no one can tell anymore which answers came from the file."
            )
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
            _take_back(found)
        except IntegrityError:
            raise WrongState(
                _("Someone added something to it a moment ago. Nothing was undone. Look again, then decide.")
            ) from None


def _imports(coalition_id: int, rows: Rows) -> list[AnswersImport]:
    mine = AnswersImport.coalition_id == coalition_id, AnswersImport.id.in_(rows.get(_TABLE, {}))
    return list(db.session.scalars(sa.select(AnswersImport).where(*mine)))


def _may_be_taken_back(found: AnswersImport) -> bool:
    """Returns whether the rows of an import can still be told from others. Closing an open round ends that."""
    return found.taken_back_at is None and (found.made_round or _round(found).closed_at is None)


def _take_back(found: AnswersImport) -> None:
    """Removes exactly what an import brought in: the whole round that it made, or its responses in an open round.

    In place of the import, which its caller deletes, stays what a later file needs: what its words meant, and what
    the round showed. Raises RoundIsClosed, and IntegrityError if something refers to the round.
    """
    round_, shown = _round(found), {}
    text_is_gone()
    if found.made_round:
        stored = release_of(round_)
        if stored is not None and stored.respondents:
            shown = {"results": stored.results, "sets": stored.sets}
    else:
        hold_open(round_, alone=True)
        service.delete_responses(round_, set(found.rows))
    found.round_id = None
    db.session.add(
        AnswersImport(
            coalition_id=found.coalition_id,
            made_round=found.made_round,
            rows=found.rows if shown else [],
            crowd=found.crowd,
            columns=found.columns,
            words=found.words,
            brought_by_id=found.brought_by_id,
            brought_at=found.brought_at,
            taken_back_at=clock.now(),
            shown=shown,
        )
    )
    db.session.flush()
    if found.made_round:
        gone = sa.delete(Round).where(Round.coalition_id == found.coalition_id, Round.id == round_.id)
        db.session.execute(gone)
    elif not service.imports_of(round_):
        round_.brought_in = BroughtIn.NONE


def _round(found: AnswersImport) -> Round:
    return db.session.scalars(
        sa.select(Round).where(Round.coalition_id == found.coalition_id, Round.id == found.round_id)
    ).one()


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
