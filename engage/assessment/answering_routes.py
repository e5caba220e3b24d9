"""Answering an open round: who sees what, the task list, one question or one area a page, check, submit."""

from dataclasses import dataclass

from flask import abort, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.access import allows
from engage.assessment import naming, queries, rules, service, words
from engage.assessment.forms import AnswerForm, AreaForm
from engage.assessment.models import Answer, Round
from engage.assessment.questions import Question, QuestionArea, QuestionSet
from engage.assessment.routes import bp, round_or_404
from engage.coalitions.permissions import Permission
from engage.content.loader import content
from engage.errors import WrongState
from engage.extensions import db
from engage.forms import ConfirmForm
from engage.htmx import fragments, wants_fragment
from engage.partners import queries as partners

__all__ = ["bp"]

# In an address: the question was reached from the check, and leads back there.
CHECKING = "check"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question in its round, as an address names it."""

    round: Round
    questions: QuestionSet
    area: QuestionArea
    question: Question


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area's line in the task list."""

    area: QuestionArea
    state: str
    tag: str
    url: str


@bp.get("/rounds/<id:round_id>/")
@allows(Permission.ANSWER)
def show_round(round_id: int) -> str | Response:
    round_, questions = _asking(round_id)
    if not round_.is_open:
        return redirect(url_for(".results", round_id=round_id), 303)
    return _round_page(round_, questions, ConfirmForm())


@bp.post("/rounds/<id:round_id>/start")
@allows(Permission.ANSWER)
def start(round_id: int) -> Response | tuple[str, int]:
    round_, questions = _asking(round_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        response = service.start(g.membership, round_)
        first = rules.next_unanswered(questions.for_rules, queries.answered_keys(response))
        db.session.commit()
        return redirect(_where_left(round_, first), 303)
    return _round_page(round_, questions, form), 422


@bp.get("/rounds/<id:round_id>/questions/<key>")
@allows(Permission.ANSWER)
def question(round_id: int, key: str) -> str | Response:
    asked = _asked(round_id, key)
    response = queries.own_response(g.membership, asked.round)
    if response is None:
        return redirect(url_for(".show_round", round_id=round_id), 303)
    saved = queries.answers_of(response, [key]).get(key)
    return _question_page(asked, AnswerForm(asked.question, asked.questions.scale, saved), saved)


@bp.post("/rounds/<id:round_id>/questions/<key>")
@allows(Permission.ANSWER)
def answer(round_id: int, key: str) -> Response | tuple[str, int]:
    asked = _asked(round_id, key)
    form = AnswerForm(asked.question, asked.questions.scale, None)
    if form.validate_on_submit() and form.said is not None:
        try:
            response = service.save_answers(g.membership, asked.round, {key: form.said})
        except (service.RoundIsClosed, service.NotAsked) as refusal:
            return _too_late(asked.round, [form], refusal)
        following = None if wants_fragment() else _after(asked, queries.answered_keys(response))
        db.session.commit()
        return redirect(following, 303) if following else _saved()
    if wants_fragment():
        return _not_saved([form])
    return _question_page(asked, form, None), 422


@bp.get("/rounds/<id:round_id>/areas/<key>")
@allows(Permission.ANSWER)
def area(round_id: int, key: str) -> str | Response:
    round_, questions, area = _area(round_id, key)
    response = queries.own_response(g.membership, round_)
    if response is None:
        return redirect(url_for(".show_round", round_id=round_id), 303)
    saved = queries.answers_of(response, [each.key for each in area.questions])
    return _area_page(round_, area, AreaForm(area.questions, questions.scale, saved))


@bp.post("/rounds/<id:round_id>/areas/<key>")
@allows(Permission.ANSWER)
def answer_area(round_id: int, key: str) -> Response | tuple[str, int]:
    round_, questions, area = _area(round_id, key)
    form = AreaForm(area.questions, questions.scale, {})
    if form.validate_on_submit():
        try:
            service.save_answers(g.membership, round_, form.said)
        except (service.RoundIsClosed, service.NotAsked) as refusal:
            return _too_late(round_, form.parts, refusal)
        db.session.commit()
        return _saved() if wants_fragment() else redirect(url_for(".check", round_id=round_id, key=key), 303)
    if wants_fragment():
        return _not_saved(form.parts)
    return _area_page(round_, area, form), 422


@bp.get("/rounds/<id:round_id>/areas/<key>/check")
@allows(Permission.ANSWER)
def check(round_id: int, key: str) -> str | Response:
    round_, questions, area = _area(round_id, key)
    response = queries.own_response(g.membership, round_)
    if response is None:
        return redirect(url_for(".show_round", round_id=round_id), 303)
    saved = queries.answers_of(response, [each.key for each in area.questions])
    return render_template(
        "assessment/check.html",
        round=round_,
        area=area,
        rows=[_check_row(round_, each, saved.get(each.key), questions) for each in area.questions],
        answered=len(saved),
        named=naming.own_efforts(response, key),
        following=questions.area_after(key),
    )


@bp.post("/rounds/<id:round_id>/submit")
@allows(Permission.ANSWER)
def submit(round_id: int) -> Response | tuple[str, int]:
    round_, questions = _asking(round_id)
    form = ConfirmForm()
    if form.validate_on_submit():
        service.submit(g.membership, round_)
        db.session.commit()
        return redirect(url_for(".submitted", round_id=round_id), 303)
    return _round_page(round_, questions, form), 422


@bp.get("/rounds/<id:round_id>/submitted")
@allows(Permission.ANSWER)
def submitted(round_id: int) -> str | Response:
    round_ = round_or_404(round_id)
    response = queries.own_response(g.membership, round_)
    if response is None or not response.submitted:
        return redirect(url_for(".show_round", round_id=round_id), 303)
    return render_template("assessment/submitted.html", round=round_)


def _spoken(questions: QuestionSet) -> QuestionSet:
    """In the words of the browser's language, where the set has them."""
    if len(languages := questions.languages) == 1:
        return questions
    return questions.in_language(request.accept_languages.best_match(languages) or questions.language)


def _asking(round_id: int) -> tuple[Round, QuestionSet]:
    """The coalition's own round and its questions; another's does not exist."""
    found = queries.asking(g.membership, round_id)
    if found is None:
        abort(404)
    return found[0], _spoken(found[1])


def _asked(round_id: int, key: str) -> Asked:
    round_, questions = _asking(round_id)
    pair = questions.find(key)
    if pair is None:
        abort(404)
    return Asked(round_, questions, *pair)


def _area(round_id: int, key: str) -> tuple[Round, QuestionSet, QuestionArea]:
    round_, questions = _asking(round_id)
    area = questions.area(key)
    if area is None:
        abort(404)
    return round_, questions, area


def _round_page(round_: Round, questions: QuestionSet, form: ConfirmForm) -> str:
    """Who sees what, before somebody starts; the task list after."""
    response = queries.own_response(g.membership, round_)
    standing = queries.standing_of(g.membership, round_, response)
    if standing in {rules.Standing.NOT_ASKED, rules.Standing.COUNTED}:
        took_part = standing is rules.Standing.COUNTED
        return render_template("assessment/not_asked.html", round=round_, took_part=took_part)
    if response is None:
        sector = partners.sector_of(g.membership.id)
        named = {each.key: each.name for each in content().sectors}
        return render_template(
            "assessment/start.html", round=round_, form=form, sector=named.get(sector or "", sector)
        )
    answered = queries.answered_keys(response)
    first = rules.next_unanswered(questions.for_rules, answered)
    return render_template(
        "assessment/round.html",
        round=round_,
        form=form,
        submitted=response.submitted,
        progress=rules.whole_progress(questions.for_rules, answered),
        rows=[_area_row(round_, area, answered) for area in questions.areas],
        continue_url=_where_left(round_, first) if first else None,
        is_over=queries.is_over(round_, g.membership),
    )


def _area_row(round_: Round, area: QuestionArea, answered: set[str]) -> AreaRow:
    keys = [each.key for each in area.questions]
    progress = rules.Progress(sum(key in answered for key in keys), len(keys))
    first = next((key for key in keys if key not in answered), None)
    url = (
        url_for(".question", round_id=round_.id, key=first)
        if first
        else url_for(".check", round_id=round_.id, key=area.key)
    )
    return AreaRow(area, words.filled_words(progress), words.FILLED_TAGS[progress.filled], url)


def _where_left(round_: Round, key: str | None) -> str:
    if key is None:
        return url_for(".show_round", round_id=round_.id)
    return url_for(".question", round_id=round_.id, key=key)


def _after(asked: Asked, answered: set[str]) -> str:
    """Where Continue leads: the next question of the area that is unanswered, behind it the check."""
    rest = asked.area.questions[asked.area.position(asked.question.key) :]
    following = next((each.key for each in rest if each.key not in answered), None)
    if following is None or request.args.get("back") == CHECKING:
        return url_for(".check", round_id=asked.round.id, key=asked.area.key)
    return url_for(".question", round_id=asked.round.id, key=following)


def _question_parts(asked: Asked, form: AnswerForm, saved: Answer | None) -> dict[str, object]:
    """What the form of one question shows."""
    checking = request.args.get("back") == CHECKING
    following = asked.area.after(asked.question.key)
    check_url = url_for(".check", round_id=asked.round.id, key=asked.area.key)
    skip_url = check_url
    if following is not None and not checking:
        skip_url = url_for(".question", round_id=asked.round.id, key=following.key)
    return {
        "form": form,
        "action": url_for(
            ".answer", round_id=asked.round.id, key=asked.question.key, back=CHECKING if checking else None
        ),
        "skip_url": skip_url,
        "checking": checking,
        "is_saved": saved is not None,
    }


def _question_page(asked: Asked, form: AnswerForm, saved: Answer | None) -> str:
    before = asked.area.before(asked.question.key)
    back_url = url_for(".show_round", round_id=asked.round.id)
    if request.args.get("back") == CHECKING:
        back_url = url_for(".check", round_id=asked.round.id, key=asked.area.key)
    elif before is not None:
        back_url = url_for(".question", round_id=asked.round.id, key=before.key)
    return render_template(
        "assessment/question.html",
        asked=asked,
        position=asked.area.position(asked.question.key),
        back_url=back_url,
        **_question_parts(asked, form, saved),
    )


def _area_page(round_: Round, area: QuestionArea, form: AreaForm) -> str:
    return render_template("assessment/area.html", round=round_, area=area, form=form, is_saved=False)


def _check_row(
    round_: Round, question: Question, answer: Answer | None, questions: QuestionSet
) -> dict[str, object]:
    return {
        "question": question,
        "answer": words.answer_words(answer, questions.scale),
        "is_answered": answer is not None,
        "note": answer.note if answer is not None else "",
        "url": url_for(".question", round_id=round_.id, key=question.key, back=CHECKING),
    }


def _saved() -> Response:
    """To htmx: the line beside Continue, and the word in the status region."""
    return fragments(("assessment/_saved.html", {"is_saved": True}), ("_status.html", {"text": _("Saved")}))


def _not_saved(forms: list[AnswerForm]) -> Response:
    """To htmx: why nothing was saved, in the status region. The form stays as it is, to be mended."""
    reason = next((reason for form in forms for reason in form.reasons), "")
    text = _("Not saved yet. %(reason)s", reason=reason)
    return fragments(
        ("assessment/_saved.html", {"is_saved": False}), ("_status.html", {"text": text}), status=422
    )


def _too_late(round_: Round, forms: list[AnswerForm], refusal: WrongState) -> tuple[str, int]:
    """The round closed meanwhile, or does not ask this person any more: nothing is saved, and what was typed
    stays on the screen."""
    db.session.rollback()
    if wants_fragment():
        raise refusal
    kept = [form for form in forms if form.answer.data or form.note.data]
    is_closed = isinstance(refusal, service.RoundIsClosed)
    return render_template("assessment/too_late.html", round=round_, kept=kept, is_closed=is_closed), 409
