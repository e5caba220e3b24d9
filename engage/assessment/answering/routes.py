"""Serves answering an open round: the introduction, task list, one question or one area per page, check, submit."""

from flask import abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.assessment import bp, queries, rules
from engage.assessment import service as assessment_service
from engage.assessment.answering import pages, service
from engage.assessment.answering.forms import AnswerAreaForm, AnswerForm
from engage.assessment.languages import translated
from engage.assessment.lookups import round_or_404
from engage.assessment.models import Round
from engage.assessment.questions import QuestionArea, QuestionSet
from engage.coalitions.permissions import Permission, allows
from engage.extensions import db, language
from engage.i18n import gettext as _
from engage.web.access import button
from engage.web.htmx import wants_fragment


@bp.get("/rounds/<id:round_id>/")
@allows(Permission.ANSWER)
def show_round(round_id: int) -> str | Response:
    round_, questions = _asking(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    return pages.round_page(round_, questions)


@bp.post("/rounds/<id:round_id>/start")
@allows(Permission.ANSWER)
@button
def start(round_id: int) -> Response:
    round_, questions = _asking(round_id)
    response = service.start(g.membership, round_, questions.language)
    first = rules.next_unanswered(questions.for_rules, queries.answered_keys(response))
    db.session.commit()
    return redirect(pages.where_left(pages.place_of(round_), first), 303)


@bp.get("/rounds/<id:round_id>/questions/<key>")
@allows(Permission.ANSWER)
def question(round_id: int, key: str) -> str | Response:
    asked = _asked(round_id, key)
    response = queries.own_response(g.membership, asked.round)
    if response is None:
        return redirect(url_for(".show_round", round_id=round_id), 303)
    saved = queries.answers_of(response, [key]).get(key)
    form = AnswerForm(asked.question, asked.questions.scale, saved)
    answered = queries.answered_keys(response)
    return pages.question_page(asked, form, saved, answered, set() if saved else {key} & answered)


@bp.post("/rounds/<id:round_id>/questions/<key>")
@allows(Permission.ANSWER)
def answer(round_id: int, key: str) -> Response | tuple[str, int]:
    asked = _asked(round_id, key)
    form = AnswerForm(asked.question, asked.questions.scale, None)
    if form.validate_on_submit() and form.said is not None:
        try:
            response = service.save_answers(g.membership, asked.round, {key: form.said})
        except (assessment_service.RoundIsClosed, assessment_service.NotAsked) as refusal:
            return pages.too_late(asked.place, asked.round, [form], refusal)
        following = None if wants_fragment() else pages.after(asked, queries.answered_keys(response))
        db.session.commit()
        return redirect(following, 303) if following else pages.saved(in_view=True)
    if wants_fragment():
        return pages.not_saved([form])
    own = queries.own_response(g.membership, asked.round)
    answered = queries.answered_keys(own) if own is not None else set()
    return pages.question_page(asked, form, None, answered), 422


@bp.get("/rounds/<id:round_id>/areas/<key>")
@allows(Permission.ANSWER)
def area(round_id: int, key: str) -> str | Response:
    round_, questions, area_ = _area(round_id, key)
    response = queries.own_response(g.membership, round_)
    if response is None:
        return redirect(url_for(".show_round", round_id=round_id), 303)
    saved = queries.answers_of(response, [each.key for each in area_.questions])
    form = AnswerAreaForm(area_.questions, questions.scale, saved)
    return pages.area_page(pages.place_of(round_), area_, form, queries.hidden_keys(response))


@bp.post("/rounds/<id:round_id>/areas/<key>")
@allows(Permission.ANSWER)
def answer_area(round_id: int, key: str) -> Response | tuple[str, int]:
    round_, questions, area_ = _area(round_id, key)
    form = AnswerAreaForm(area_.questions, questions.scale, {})
    if form.validate_on_submit():
        try:
            service.save_answers(g.membership, round_, form.said)
        except (assessment_service.RoundIsClosed, assessment_service.NotAsked) as refusal:
            return pages.too_late(pages.place_of(round_), round_, form.parts, refusal)
        db.session.commit()
        return (
            pages.saved()
            if wants_fragment()
            else redirect(url_for(".check", round_id=round_id, key=key), 303)
        )
    if wants_fragment():
        return pages.not_saved(form.parts)
    return pages.area_page(pages.place_of(round_), area_, form), 422


@bp.get("/rounds/<id:round_id>/areas/<key>/check")
@allows(Permission.ANSWER)
def check(round_id: int, key: str) -> str | Response:
    round_, questions, area_ = _area(round_id, key)
    response = queries.own_response(g.membership, round_)
    if response is None:
        return redirect(url_for(".show_round", round_id=round_id), 303)
    return pages.check_page(pages.place_of(round_), round_, questions, area_, response)


@bp.post("/rounds/<id:round_id>/submit")
@allows(Permission.ANSWER)
@button
def submit(round_id: int) -> Response:
    round_, questions = _asking(round_id)
    service.submit(g.membership, round_, questions.language)
    db.session.commit()
    return redirect(url_for(".submitted", round_id=round_id), 303)


@bp.post("/rounds/<id:round_id>/take-back")
@allows(Permission.ANSWER)
@button
def take_answers_back(round_id: int) -> Response:
    round_, _questions = _asking(round_id)
    service.take_back(g.membership, round_)
    db.session.commit()
    flash(_("Your answers are withdrawn and do not count. You can submit them again until the round closes."))
    return redirect(url_for(".show_round", round_id=round_id), 303)


@bp.get("/rounds/<id:round_id>/submitted")
@allows(Permission.ANSWER)
def submitted(round_id: int) -> str | Response:
    round_ = round_or_404(round_id)
    response = queries.own_response(g.membership, round_)
    if response is None or not response.submitted:
        return redirect(url_for(".show_round", round_id=round_id), 303)
    return render_template("assessment/answering/submitted.html", place=pages.place_of(round_), round=round_)


def _asking(round_id: int) -> tuple[Round, QuestionSet]:
    """Returns the coalition's own round and its questions; aborts with 404 for another's."""
    found = queries.asking(g.membership, round_id)
    if found is None:
        abort(404)
    round_, questions = found
    return round_, translated(questions, language())


def _asked(round_id: int, key: str) -> pages.Asked:
    round_, questions = _asking(round_id)
    pair = questions.find(key)
    if pair is None:
        abort(404)
    return pages.Asked(pages.place_of(round_), round_, questions, *pair)


def _area(round_id: int, key: str) -> tuple[Round, QuestionSet, QuestionArea]:
    round_, questions = _asking(round_id)
    area_ = questions.area(key)
    if area_ is None:
        abort(404)
    return round_, questions, area_
