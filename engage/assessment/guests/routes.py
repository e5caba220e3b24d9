"""Serves answering without an account: how to begin, the same wizard as for members, and coming back.

Opening a page uses up and writes nothing: one button begins, and each answer has a button of its own.
"""

from typing import NoReturn

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from engage.assessment import queries as assessment_queries
from engage.assessment import service as assessment_service
from engage.assessment.answering import pages as answering_pages
from engage.assessment.answering.forms import AnswerForm, AreaForm
from engage.assessment.doors.rules import WAIT
from engage.assessment.guests import cookie, pacing, pages, queries, service
from engage.assessment.guests.forms import CodeForm, StartForm
from engage.assessment.guests.queries import Entrance
from engage.assessment.guests.service import CannotBegin, Refused
from engage.assessment.models import Response as StoredResponse
from engage.assessment.questions import QuestionArea, QuestionSet
from engage.assessment.rules import DoorKind, next_unanswered
from engage.extensions import db, stand_at
from engage.frame.access import public
from engage.web import spoken
from engage.web.forms import ConfirmForm
from engage.web.htmx import wants_fragment
from engage.web.slips import plain, spaced

bp = Blueprint("answer", __name__, url_prefix="/answer")


# -- beginning


@bp.get("/<token>")
@public
def show_round(token: str) -> BaseResponse:
    """Shows this browser's answers so far, or how to begin."""
    door = _door(token)
    response = queries.own_response(door.round, cookie.browser())
    if response is not None:
        return make_response(_overview(door, response, ConfirmForm(formdata=None)))
    _may_begin(door)
    if door.kind is DoorKind.SLIPS:
        return cookie.give(make_response(pages.code_page(door, CodeForm(formdata=None))))
    return cookie.give(make_response(pages.start_page(door, pages.start_form(door, formdata=None), "")))


@bp.get("/<token>/<code>")
@public
def slip(token: str, code: str) -> BaseResponse:
    """Shows the page of a slip. Opening it does not use up the slip, and does not reveal whether it was used."""
    door, code = _door(token), plain(code)
    if door.kind is DoorKind.LINK:
        return redirect(url_for(".show_round", token=door.token), 303)
    known = queries.knows_slip(door, code)
    if queries.own_response(door.round, cookie.browser()) is not None:
        place = pages.place_of(door)
        return redirect(place.to("start_over_page", code=code) if known else place.to("show_round"), 303)
    _may_begin(door)
    if not known:
        return pages.stop(pages.unknown(), door)
    return cookie.give(make_response(pages.start_page(door, pages.start_form(door, formdata=None), code)))


@bp.post("/<token>/slip")
@public
def use_slip(token: str) -> BaseResponse:
    """Leads from the code on a slip, typed by hand, to its page."""
    door, form = _door(token), CodeForm()
    if form.validate_on_submit():
        if queries.knows_slip(door, form.code):
            return redirect(url_for(".slip", token=door.token, code=form.code), 303)
        form.refuse_code()
    db.session.rollback()
    return make_response(pages.code_page(door, form), 422)


@bp.post("/<token>/start")
@public
def start(token: str) -> BaseResponse:
    """Begins a response, once, and leads to the first question."""
    door, browser = _door(token), cookie.browser()
    form = pages.start_form(door)
    code = plain(form.code.data or "")
    if browser is None or not form.validate_on_submit():
        db.session.rollback()
        return cookie.give(make_response(pages.start_page(door, form, code, lost=browser is None), 422))
    left = pacing.seconds_left(form.place.data or "", browser)
    try:
        code_back = service.start(
            door,
            browser,
            form.sector.data,
            form.spoken or door.questions.language,
            code,
            request.remote_addr or "",
            waited=left == 0,
        )
    except CannotBegin as refusal:
        return _cannot_begin(door, form, browser, refusal.why)
    db.session.commit()
    if code_back is not None:
        _show(code_back)
    first = next_unanswered(door.questions.for_rules, ())
    begun = make_response(redirect(answering_pages.where_left(pages.place_of(door), first), 303))
    # All pages from here on are in the chosen language.
    begun = cookie.put(begun, browser)
    return spoken.keep(begun, form.spoken) if form.spoken else begun


def _cannot_begin(door: Entrance, form: StartForm, browser: str, why: Refused) -> Response:
    """Answers a person who cannot begin.

    Nothing was written, except that people had to wait, which coordinators see.
    """
    db.session.rollback()
    if why is not Refused.WAITS:
        return pages.stop(pages.REFUSALS[why](), door)
    service.note_crowd(door)
    db.session.commit()
    place = form.place.data or ""
    left = pacing.seconds_left(place, browser)
    if left is None:
        place, left = pacing.place_in_line(browser), WAIT.seconds
    return pages.wait_page(door, form, plain(form.code.data or ""), place, left)


def _show(code: str) -> None:
    """Shows a code to come back, on the next page only."""
    flash(
        _(
            "To continue on another phone, write down this code: %(code)s. It is shown only now.",
            code=spaced(code).replace("-", "\u2011"),  # keeps the code on one line
        )
    )


# -- coming back, and the next person


@bp.get("/<token>/resume")
@public
def resume_page(token: str) -> str:
    return pages.resume_page(_open(token), CodeForm(formdata=None))


@bp.post("/<token>/resume")
@public
def resume(token: str) -> BaseResponse:
    """Opens the answers of a code to come back in this browser, and closes them in the one before."""
    door, form = _open(token), CodeForm()
    if form.validate_on_submit():
        value = service.resume(door.round, form.code) if form.code else None
        if value is not None:
            db.session.commit()
            back = make_response(redirect(url_for(".show_round", token=door.token), 303))
            return cookie.put(back, value)
        form.refuse_code()
    db.session.rollback()
    return make_response(pages.resume_page(door, form), 422)


@bp.post("/<token>/resume-code")
@public
def new_code(token: str) -> BaseResponse:
    """Draws a new code to come back, and shows it once."""
    door, form = _open(token), ConfirmForm()
    if form.validate_on_submit():
        code = service.new_resume_code(door.round, cookie.browser())
        db.session.commit()
        _show(code)
        return redirect(url_for(".show_round", token=door.token), 303)
    return make_response(_overview(door, _own(door), form), 422)


@bp.get("/<token>/start-over")
@public
def start_over_page(token: str) -> str:
    door = _open(token)
    return _start_over_page(door, plain(request.args.get("code", "")))


@bp.post("/<token>/start-over")
@public
def start_over(token: str) -> BaseResponse:
    """Submits what this browser holds, and lets the next person begin anew."""
    door, form = _open(token), ConfirmForm()
    code = plain(request.form.get("code", ""))
    if not form.validate_on_submit():
        return make_response(_start_over_page(door, code), 422)
    service.start_over(door.round, cookie.browser())
    db.session.commit()
    to = url_for(".slip", token=door.token, code=code) if code else url_for(".show_round", token=door.token)
    return cookie.renew(make_response(redirect(to, 303)))


def _start_over_page(door: Entrance, code: str) -> str:
    response = _own(door)
    answered = len(assessment_queries.answered_keys(response))
    return pages.start_over_page(door, code, answered=answered, submitted=response.submitted)


# -- answering


@bp.get("/<token>/questions/<key>")
@public
def question(token: str, key: str) -> str:
    door, response = _mine(token)
    asked = _asked(door, key)
    saved = assessment_queries.answers_of(response, [key]).get(key)
    form = AnswerForm(asked.question, asked.questions.scale, saved, with_note=False)
    return answering_pages.question_page(asked, form, saved, assessment_queries.answered_keys(response))


@bp.post("/<token>/questions/<key>")
@public
def answer(token: str, key: str) -> BaseResponse | tuple[str, int]:
    door = _door(token)
    asked = _asked(door, key)
    form = AnswerForm(asked.question, asked.questions.scale, None, with_note=False)
    if form.validate_on_submit() and form.said is not None:
        try:
            response = service.save_answers(door.round, cookie.browser(), {key: form.said})
        except assessment_service.RoundIsClosed as refusal:
            return answering_pages.too_late(asked.place, door.round, [form], refusal)
        answered = set() if wants_fragment() else assessment_queries.answered_keys(response)
        following = None if wants_fragment() else answering_pages.after(asked, answered)
        db.session.commit()
        return redirect(following, 303) if following else answering_pages.saved(in_view=True)
    if wants_fragment():
        return answering_pages.not_saved([form])
    answered = assessment_queries.answered_keys(_own(door))
    return answering_pages.question_page(asked, form, None, answered), 422


@bp.get("/<token>/areas/<key>")
@public
def area(token: str, key: str) -> str:
    door, response = _mine(token)
    questions, area_ = _area(door, key)
    saved = assessment_queries.answers_of(response, [each.key for each in area_.questions])
    form = AreaForm(area_.questions, questions.scale, saved, with_notes=False)
    return answering_pages.area_page(pages.place_of(door), area_, form)


@bp.post("/<token>/areas/<key>")
@public
def answer_area(token: str, key: str) -> BaseResponse | tuple[str, int]:
    door = _door(token)
    questions, area_ = _area(door, key)
    form, place = AreaForm(area_.questions, questions.scale, {}, with_notes=False), pages.place_of(door)
    if form.validate_on_submit():
        try:
            service.save_answers(door.round, cookie.browser(), form.said)
        except assessment_service.RoundIsClosed as refusal:
            return answering_pages.too_late(place, door.round, form.parts, refusal)
        db.session.commit()
        return answering_pages.saved() if wants_fragment() else redirect(place.to("check", key=key), 303)
    if wants_fragment():
        return answering_pages.not_saved(form.parts)
    return answering_pages.area_page(place, area_, form), 422


@bp.get("/<token>/areas/<key>/check")
@public
def check(token: str, key: str) -> str:
    door, response = _mine(token)
    questions, area_ = _area(door, key)
    return answering_pages.check_page(pages.place_of(door), door.round, questions, area_, response)


@bp.post("/<token>/submit")
@public
def submit(token: str) -> BaseResponse:
    door, form = _open(token), ConfirmForm()
    if form.validate_on_submit():
        service.submit(door.round, cookie.browser(), pages.questions_of(door).language)
        db.session.commit()
        return redirect(url_for(".submitted", token=door.token), 303)
    return make_response(_overview(door, _own(door), form), 422)


@bp.post("/<token>/take-back")
@public
def take_answers_back(token: str) -> BaseResponse:
    door, form = _open(token), ConfirmForm()
    if form.validate_on_submit():
        service.take_back(door.round, cookie.browser())
        db.session.commit()
        flash(
            _(
                "Your answers are withdrawn and do not count. You can submit them again until the "
                "round closes."
            )
        )
        return redirect(url_for(".show_round", token=door.token), 303)
    return make_response(_overview(door, _own(door), form), 422)


@bp.get("/<token>/submitted")
@public
def submitted(token: str) -> BaseResponse:
    door, response = _mine(token)
    if not response.submitted:
        return redirect(url_for(".show_round", token=door.token), 303)
    place = pages.place_of(door)
    return make_response(
        render_template("assessment/answering/submitted.html", place=place, round=door.round)
    )


# -- finding


def _door(token: str) -> Entrance:
    """Returns the door of this link, however it was typed; if it opens nothing, a page says what to do."""
    found = plain(token)
    door = queries.entrance(found) if found else None
    if door is None:
        _stop(pages.unknown())
    stand_at(door)
    if door.is_left_out:
        _stop(pages.left_out(), door)
    return door


def _open(token: str) -> Entrance:
    """Returns a door whose round takes answers."""
    door = _door(token)
    if not door.round.is_open:
        _stop(pages.closed(), door)
    return door


def _may_begin(door: Entrance) -> None:
    if not door.round.is_open:
        _stop(pages.closed(), door)
    if not door.lets_in:
        _stop(pages.off(), door)


def _own(door: Entrance) -> StoredResponse:
    """Returns this browser's response; a person who has none is led to the first page."""
    response = queries.own_response(door.round, cookie.browser())
    if response is None:
        db.session.rollback()
        abort(make_response(redirect(url_for(".show_round", token=door.token), 303)))
    return response


def _mine(token: str) -> tuple[Entrance, StoredResponse]:
    door = _door(token)
    return door, _own(door)


def _stop(sign: pages.Sign, door: Entrance | None = None) -> NoReturn:
    abort(pages.stop(sign, door))


def _asked(door: Entrance, key: str) -> answering_pages.Asked:
    questions = pages.questions_of(door)
    pair = questions.find(key) or abort(404)
    return answering_pages.Asked(pages.place_of(door), door.round, questions, *pair)


def _area(door: Entrance, key: str) -> tuple[QuestionSet, QuestionArea]:
    questions = pages.questions_of(door)
    return questions, questions.area(key) or abort(404)


def _overview(door: Entrance, response: StoredResponse, form: ConfirmForm) -> str:
    place, questions = pages.place_of(door), pages.questions_of(door)
    return answering_pages.overview(place, door.round, questions, response, form, door.is_over)
