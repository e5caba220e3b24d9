"""Brings in answers from the file of another maker's form: choose it, match its columns, check each row, confirm."""

from flask import g, request, url_for

from engage import clock
from engage.assessment import bp, undo_imports
from engage.assessment.imports import queries, service
from engage.assessment.imports.forms import AnswersColumnsForm, AnswersUploadForm
from engage.assessment.imports.service import AnswersComparison, Survey
from engage.assessment.imports.target import AnswersTarget, fields_of
from engage.assessment.questions import QuestionSet
from engage.assessment.sets import pages as sets_pages
from engage.assessment.sets.rules import Offer
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.undo_imports.saving import undoable
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.imports.forms import ColumnsForm, SaveForm
from engage.imports.import_wizard import Import

# The value of the choice that stands for the questions of the open round.
OPEN = "open"


def _target() -> AnswersTarget:
    here = queries.brought_in(g.membership)
    round_ = queries.open_for_anyone(g.membership)
    offers = sets_pages.offers(g.membership)
    if round_ is not None:
        asked = QuestionSet.from_json(round_.questions)
        offers = [
            Offer(OPEN, _("Those of “%(title)s”, which is open", title=round_.title), asked, ""),
            *offers,
        ]
    wanted = request.values.get("questions", "")
    offer = next((each for each in offers if each.value == wanted), offers[0])
    return AnswersTarget(
        fields=fields_of(offer.asked, here.words),
        offers=tuple(offers),
        chosen=offer.value,
        today=clock.today(g.coalition.time_zone),
        open_round=queries.as_destination(round_) if round_ is not None else None,
        with_texts=bool(request.values.get("texts")),
        memory=here.columns,
    )


def _compared(form: ColumnsForm) -> AnswersComparison:
    wanted = form.read.target
    assert isinstance(wanted, AnswersTarget)
    assert isinstance(form, AnswersColumnsForm)
    return AnswersComparison(
        queries.brought_in(g.membership),
        form.lines,
        wanted,
        Survey(form.round_id, form["title"].data or "", form["ended_on"].data),
        *form.meanings,
    )


def _write(comparison: AnswersComparison, _form: SaveForm) -> tuple[str, str]:
    round_ = service.write(g.membership, comparison)
    brought = len(comparison.taken)
    left = len(comparison.planned) - brought
    said = [
        ngettext(
            "%(num)s person’s answers are brought in.", "%(num)s people’s answers are brought in.", brought
        )
    ]
    if left:
        said.append(ngettext("%(num)s row was left out.", "%(num)s rows were left out.", left))
    return " ".join(said), url_for(".channels" if round_.is_open else ".results", round_id=round_.id)


def _chosen() -> dict[str, str]:
    return {key: said for key in ("questions", "texts") if (said := request.values.get(key))}


Import(
    folder="assessment/imports",
    target=_target,
    compared=_compared,
    write=undoable(undo_imports.KEY, _write),
    overtaken=_l("Others are bringing in answers right now. Nothing was saved. Try again in a minute."),
    views=("import_answers", "read_answers", "check_answers", "bring_in_answers"),
    title=_l("Answers from a file"),
    above=(_l("Assessment"), ".index"),
    chosen=_chosen,
    upload=AnswersUploadForm,
    columns=AnswersColumnsForm,
).serve(bp, "/import/", allows(Permission.IMPORT))
