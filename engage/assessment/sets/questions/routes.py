"""Serves one question and one focus area of a coalition's own set: adding, rewording, resetting, removing."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.assessment import bp
from engage.assessment.models import DraftSet
from engage.assessment.questions import Question, QuestionArea
from engage.assessment.sets import pages
from engage.assessment.sets import service as sets_service
from engage.assessment.sets.forms import QuestionForm, SetAreaForm
from engage.assessment.sets.questions import service
from engage.assessment.sets.routes import set_or_404
from engage.assessment.sets.rules import QuestionChange, SetDraft, change
from engage.coalitions.permissions import Permission, allows
from engage.content.loader import content
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import button
from engage.web.differences import differences


@bp.get("/questions/<id:set_id>/add-question")
@allows(Permission.RUN_ROUNDS)
def new_question(set_id: int) -> str:
    set_ = set_or_404(set_id)
    form = _question_form(set_, formdata=None, data={"area": request.args.get("area")})
    return _question_page(set_, form)


@bp.post("/questions/<id:set_id>/add-question")
@allows(Permission.RUN_ROUNDS)
def add_question(set_id: int) -> Response | tuple[str, int]:
    set_ = set_or_404(set_id)
    form = _question_form(set_)
    if form.validate_on_submit():
        question = service.add_question(set_, form.words, g.membership)
        db.session.commit()
        flash(_("The question is added."))
        return _back_to(set_, f"question-{question.key}")
    return _question_page(set_, form), 422


@bp.get("/questions/<id:set_id>/questions/<key>")
@allows(Permission.RUN_ROUNDS)
def edit_question(set_id: int, key: str) -> str:
    set_ = set_or_404(set_id)
    return _question_page(set_, _saved_question(set_, key), key)


@bp.post("/questions/<id:set_id>/questions/<key>")
@allows(Permission.RUN_ROUNDS)
def save_question(set_id: int, key: str) -> Response | tuple[str, int]:
    set_ = set_or_404(set_id)
    _area, question = _found(sets_service.draft_of(set_), key)
    form = _question_form(set_, question)
    if form.validate_on_submit():
        try:
            service.reword(
                set_,
                key,
                form.opened_version,
                form.words,
                new=form.asks_for_something_else,
                actor=g.membership,
            )
        except StaleVersion:
            return _question_page(set_, form, key, is_stale=True), 409
        db.session.commit()
        flash(_("The question is saved."))
        return _back_to(set_, f"question-{key}")
    return _question_page(set_, form, key), 422


@bp.post("/questions/<id:set_id>/questions/<key>/reset")
@allows(Permission.RUN_ROUNDS)
@button
def reset_question(set_id: int, key: str) -> Response:
    set_ = set_or_404(set_id)
    _found(sets_service.draft_of(set_), key)
    service.reset_question(set_, key, g.membership)
    db.session.commit()
    flash(_("The question has the words from Engage again."))
    return _back_to(set_, f"question-{key}")


@bp.get("/questions/<id:set_id>/questions/<key>/delete")
@allows(Permission.RUN_ROUNDS)
def confirm_delete_question(set_id: int, key: str) -> str:
    set_ = set_or_404(set_id)
    _area, question = _found(sets_service.draft_of(set_), key)
    return render_template("assessment/sets/delete_question.html", set=set_, question=question)


@bp.post("/questions/<id:set_id>/questions/<key>/delete")
@allows(Permission.RUN_ROUNDS)
@button
def delete_question(set_id: int, key: str) -> Response:
    set_ = set_or_404(set_id)
    area, _question = _found(sets_service.draft_of(set_), key)
    service.take_out(set_, key, g.membership)
    db.session.commit()
    flash(_("The question is deleted from this set."))
    return _back_to(set_, f"assessment-set-{area.key}")


# -- focus areas


@bp.get("/questions/<id:set_id>/add-area")
@allows(Permission.RUN_ROUNDS)
def new_area(set_id: int) -> str:
    return _area_page(set_or_404(set_id), SetAreaForm(formdata=None))


@bp.post("/questions/<id:set_id>/add-area")
@allows(Permission.RUN_ROUNDS)
def add_area(set_id: int) -> Response | tuple[str, int]:
    set_ = set_or_404(set_id)
    form = SetAreaForm()
    if form.validate_on_submit():
        area = service.add_area(set_, form.words, g.membership)
        db.session.commit()
        flash(_("The focus area is added. It is asked as soon as it has a question."))
        return _back_to(set_, f"assessment-set-{area.key}")
    return _area_page(set_, form), 422


@bp.get("/questions/<id:set_id>/areas/<key>")
@allows(Permission.RUN_ROUNDS)
def edit_area(set_id: int, key: str) -> str:
    set_ = set_or_404(set_id)
    draft = sets_service.draft_of(set_)
    area = _found_area(draft, key)
    return _area_page(set_, _saved_area(draft, area), area)


@bp.post("/questions/<id:set_id>/areas/<key>")
@allows(Permission.RUN_ROUNDS)
def save_area(set_id: int, key: str) -> Response | tuple[str, int]:
    set_ = set_or_404(set_id)
    area = _found_area(sets_service.draft_of(set_), key)
    form = SetAreaForm()
    if form.validate_on_submit():
        try:
            service.reword_area(set_, key, form.opened_version, form.words, g.membership)
        except StaleVersion:
            return _area_page(set_, form, area, is_stale=True), 409
        db.session.commit()
        flash(_("The focus area is saved."))
        return _back_to(set_, f"assessment-set-{key}")
    return _area_page(set_, form, area), 422


@bp.post("/questions/<id:set_id>/areas/<key>/delete")
@allows(Permission.RUN_ROUNDS)
@button
def delete_area(set_id: int, key: str) -> Response:
    """Deletes an area without questions; an area with questions can only be hidden."""
    set_ = set_or_404(set_id)
    _found_area(sets_service.draft_of(set_), key)
    service.take_out_area(set_, key, g.membership)
    db.session.commit()
    flash(_("The focus area is deleted from this set."))
    return redirect(url_for(".question_set", set_id=set_id), 303)


def _back_to(set_: DraftSet, anchor: str) -> Response:
    return redirect(url_for(".question_set", set_id=set_.id, _anchor=anchor), 303)


def _found(draft: SetDraft, key: str) -> tuple[QuestionArea, Question]:
    pair = draft.questions.find(key)
    if pair is None:
        abort(404)
    return pair


def _found_area(draft: SetDraft, key: str) -> QuestionArea:
    area = draft.questions.area(key)
    if area is None:
        abort(404)
    return area


def _question_form(set_: DraftSet, question: Question | None = None, **settings: object) -> QuestionForm:
    draft = sets_service.draft_of(set_)
    areas = [(area.key, area.name) for area in draft.questions.areas]
    form = QuestionForm(areas, draft.questions.scale, **settings)
    known = (each for group in content().discipline_groups for each in group.disciplines)
    form.offer((each.key, each.name) for each in known)
    form.edited = question
    if question is not None and sets_service.may_be_answered(g.membership, question):
        form.compare_with(question)
    return form


def _saved_question(set_: DraftSet, key: str, **further: object) -> QuestionForm:
    draft = sets_service.draft_of(set_)
    area, question = _found(draft, key)
    saved = {**QuestionForm.kept(area.key, question), "version": draft.edit_of(key), **further}
    return _question_form(set_, question, formdata=None, data=saved)


def _question_page(
    set_: DraftSet, form: QuestionForm, key: str | None = None, *, is_stale: bool = False
) -> str:
    draft = sets_service.draft_of(set_)
    question = _found(draft, key)[1] if key else None
    mine = sets_service.ours_beside(draft.questions).get(key) if key else None
    found = None
    if is_stale and key is not None:
        # Whether the new texts ask the same question is not stored, so it is not compared.
        saved = _saved_question(set_, key, kind=form.kind.data)
        found = differences(form, saved, draft.edit_of(key))
    return render_template(
        "assessment/sets/edit_question.html",
        set=set_,
        form=form,
        others=pages.other_languages(draft, key),
        question=question,
        differs=question is not None
        and mine is not None
        and change(question, mine) not in {QuestionChange.NONE, QuestionChange.ADDED},
        ours=mine,
        differences=found,
    )


def _saved_area(draft: SetDraft, area: QuestionArea) -> SetAreaForm:
    return SetAreaForm(
        formdata=None, data={**SetAreaForm.kept(area), "version": draft.edit_of_area(area.key)}
    )


def _area_page(
    set_: DraftSet, form: SetAreaForm, area: QuestionArea | None = None, *, is_stale: bool = False
) -> str:
    found = None
    if is_stale and area is not None:
        draft = sets_service.draft_of(set_)
        area = _found_area(draft, area.key)
        found = differences(form, _saved_area(draft, area), draft.edit_of_area(area.key))
    return render_template(
        "assessment/sets/edit_area.html",
        set=set_,
        form=form,
        others=pages.other_languages(sets_service.draft_of(set_), area.key if area else None),
        area=area,
        differences=found,
    )
