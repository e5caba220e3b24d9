"""Serves answering without an account: how to start, the same wizard as for members, and coming back.

Opening a page uses up nothing and writes nothing: a button starts, and each answer has a button of its own.
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
from werkzeug.wrappers import Response as BaseResponse

from engage.assessment import queries as assessment_queries
from engage.assessment import service as assessment_service
from engage.assessment.answering import pages as answering_pages
from engage.assessment.answering.forms import AnswerAreaForm, AnswerForm
from engage.assessment.channels.rules import WAIT
from engage.assessment.guests import cookie, pacing, pages, queries, service
from engage.assessment.guests.forms import GuestCodeForm, GuestStartForm
from engage.assessment.guests.queries import GuestEntrance
from engage.assessment.guests.service import AnswerRefused, CannotBegin
from engage.assessment.models import Response as StoredResponse
from engage.assessment.questions import QuestionArea, QuestionSet
from engage.assessment.rules import ChannelKind, next_unanswered
from engage.extensions import db, stand_at
from engage.i18n import gettext as _
from engage.web import language_switch
from engage.web.access import button, public
from engage.web.htmx import wants_fragment
from engage.web.slips import plain, spaced

bp = Blueprint("answer", __name__, url_prefix="/answer")


# -- starting


@bp.get("/<token>")
@public
def show_round(token: str) -> BaseResponse:
    """Shows this browser's answers so far, or how to start."""
    channel = _channel(token)
    response = queries.own_response(channel.round, cookie.browser())
    if response is not None:
        return make_response(_overview(channel, response))
    _may_begin(channel)
    if channel.kind is ChannelKind.SLIPS:
        return cookie.give(make_response(pages.code_page(channel, GuestCodeForm(formdata=None))))
    return cookie.give(make_response(pages.start_page(channel, pages.start_form(channel, formdata=None), "")))


@bp.get("/<token>/<code>")
@public
def slip(token: str, code: str) -> BaseResponse:
    """Shows the page of a slip. Opening it does not use up the slip, and does not reveal whether it was used."""
    channel, code = _channel(token), plain(code)
    if channel.kind is ChannelKind.LINK:
        return redirect(url_for(".show_round", token=channel.token), 303)
    known = queries.knows_slip(channel, code)
    if queries.own_response(channel.round, cookie.browser()) is not None:
        place = pages.place_of(channel)
        return redirect(place.to("start_over_page", code=code) if known else place.to("show_round"), 303)
    _may_begin(channel)
    if not known:
        return pages.stop(pages.unknown(), channel)
    return cookie.give(
        make_response(pages.start_page(channel, pages.start_form(channel, formdata=None), code))
    )


@bp.post("/<token>/slip")
@public
def use_slip(token: str) -> BaseResponse:
    """Redirects from the code on a slip, typed by hand, to the slip's page."""
    channel, form = _channel(token), GuestCodeForm()
    if form.validate_on_submit():
        if queries.knows_slip(channel, form.code):
            return redirect(url_for(".slip", token=channel.token, code=form.code), 303)
        form.refuse_code()
    db.session.rollback()
    return make_response(pages.code_page(channel, form), 422)


@bp.post("/<token>/start")
@public
def start(token: str) -> BaseResponse:
    """Starts a response, once, and redirects to the first question."""
    channel, browser = _channel(token), cookie.browser()
    form = pages.start_form(channel)
    code = plain(form.code.data or "")
    if browser is None or not form.validate_on_submit():
        db.session.rollback()
        return cookie.give(make_response(pages.start_page(channel, form, code, lost=browser is None), 422))
    left = pacing.seconds_left(form.place.data or "", browser)
    try:
        code_back = service.start(
            channel,
            browser,
            form.sector.data,
            form.spoken or channel.questions.language,
            code,
            request.remote_addr or "",
            waited=left == 0,
        )
    except CannotBegin as refusal:
        return _cannot_begin(channel, form, browser, refusal.why)
    db.session.commit()
    if code_back is not None:
        _show(code_back)
    first = next_unanswered(channel.questions.for_rules, ())
    begun = make_response(redirect(answering_pages.where_left(pages.place_of(channel), first), 303))
    # All pages from here on are in the chosen language.
    begun = cookie.put(begun, browser)
    return language_switch.keep(begun, form.spoken) if form.spoken else begun


def _cannot_begin(channel: GuestEntrance, form: GuestStartForm, browser: str, why: AnswerRefused) -> Response:
    """Shows why a person cannot start.

    Nothing was written, except that people had to wait, which coordinators see.
    """
    db.session.rollback()
    if why is not AnswerRefused.WAITS:
        return pages.stop(pages.REFUSALS[why](), channel)
    service.note_crowd(channel)
    db.session.commit()
    place = form.place.data or ""
    left = pacing.seconds_left(place, browser)
    if left is None:
        place, left = pacing.place_in_line(browser), WAIT.seconds
    return pages.wait_page(channel, form, plain(form.code.data or ""), place, left)


def _show(code: str) -> None:
    """Shows a code to come back, only on the next page."""
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
    return pages.resume_page(_open(token), GuestCodeForm(formdata=None))


@bp.post("/<token>/resume")
@public
def resume(token: str) -> BaseResponse:
    """Opens the response of a code to come back in this browser; the earlier browser loses access to it."""
    channel, form = _open(token), GuestCodeForm()
    if form.validate_on_submit():
        value = service.resume(channel.round, form.code) if form.code else None
        if value is not None:
            db.session.commit()
            back = make_response(redirect(url_for(".show_round", token=channel.token), 303))
            return cookie.put(back, value)
        form.refuse_code()
    db.session.rollback()
    return make_response(pages.resume_page(channel, form), 422)


@bp.post("/<token>/resume-code")
@public
@button
def new_code(token: str) -> BaseResponse:
    """Makes a new code to come back, and shows it once."""
    channel = _open(token)
    code = service.new_resume_code(channel.round, cookie.browser())
    db.session.commit()
    _show(code)
    return redirect(url_for(".show_round", token=channel.token), 303)


@bp.get("/<token>/start-over")
@public
def start_over_page(token: str) -> str:
    channel = _open(token)
    return _start_over_page(channel, plain(request.args.get("code", "")))


@bp.post("/<token>/start-over")
@public
@button
def start_over(token: str) -> BaseResponse:
    """Submits this browser's response, and lets the next person start a new one."""
    channel = _open(token)
    code = plain(request.form.get("code", ""))
    service.start_over(channel.round, cookie.browser())
    db.session.commit()
    to = (
        url_for(".slip", token=channel.token, code=code)
        if code
        else url_for(".show_round", token=channel.token)
    )
    return cookie.renew(make_response(redirect(to, 303)))


def _start_over_page(channel: GuestEntrance, code: str) -> str:
    response = _own(channel)
    answered = len(assessment_queries.answered_keys(response))
    return pages.start_over_page(channel, code, answered=answered, submitted=response.submitted)


# -- answering


@bp.get("/<token>/questions/<key>")
@public
def question(token: str, key: str) -> str:
    channel, response = _mine(token)
    asked = _asked(channel, key)
    saved = assessment_queries.answers_of(response, [key]).get(key)
    form = AnswerForm(asked.question, asked.questions.scale, saved, with_note=False)
    return answering_pages.question_page(asked, form, saved, assessment_queries.answered_keys(response))


@bp.post("/<token>/questions/<key>")
@public
def answer(token: str, key: str) -> BaseResponse | tuple[str, int]:
    channel = _channel(token)
    asked = _asked(channel, key)
    form = AnswerForm(asked.question, asked.questions.scale, None, with_note=False)
    if form.validate_on_submit() and form.said is not None:
        try:
            response = service.save_answers(channel.round, cookie.browser(), {key: form.said})
        except assessment_service.RoundIsClosed as refusal:
            return answering_pages.too_late(asked.place, channel.round, [form], refusal)
        answered = set() if wants_fragment() else assessment_queries.answered_keys(response)
        following = None if wants_fragment() else answering_pages.after(asked, answered)
        db.session.commit()
        return redirect(following, 303) if following else answering_pages.saved(in_view=True)
    if wants_fragment():
        return answering_pages.not_saved([form])
    answered = assessment_queries.answered_keys(_own(channel))
    return answering_pages.question_page(asked, form, None, answered), 422


@bp.get("/<token>/areas/<key>")
@public
def area(token: str, key: str) -> str:
    channel, response = _mine(token)
    questions, area_ = _area(channel, key)
    saved = assessment_queries.answers_of(response, [each.key for each in area_.questions])
    form = AnswerAreaForm(area_.questions, questions.scale, saved, with_notes=False)
    return answering_pages.area_page(pages.place_of(channel), area_, form)


@bp.post("/<token>/areas/<key>")
@public
def answer_area(token: str, key: str) -> BaseResponse | tuple[str, int]:
    channel = _channel(token)
    questions, area_ = _area(channel, key)
    form, place = (
        AnswerAreaForm(area_.questions, questions.scale, {}, with_notes=False),
        pages.place_of(channel),
    )
    if form.validate_on_submit():
        try:
            service.save_answers(channel.round, cookie.browser(), form.said)
        except assessment_service.RoundIsClosed as refusal:
            return answering_pages.too_late(place, channel.round, form.parts, refusal)
        db.session.commit()
        return answering_pages.saved() if wants_fragment() else redirect(place.to("check", key=key), 303)
    if wants_fragment():
        return answering_pages.not_saved(form.parts)
    return answering_pages.area_page(place, area_, form), 422


@bp.get("/<token>/areas/<key>/check")
@public
def check(token: str, key: str) -> str:
    channel, response = _mine(token)
    questions, area_ = _area(channel, key)
    return answering_pages.check_page(pages.place_of(channel), channel.round, questions, area_, response)


@bp.post("/<token>/submit")
@public
@button
def submit(token: str) -> BaseResponse:
    channel = _open(token)
    service.submit(channel.round, cookie.browser(), pages.questions_of(channel).language)
    db.session.commit()
    return redirect(url_for(".submitted", token=channel.token), 303)


@bp.post("/<token>/take-back")
@public
@button
def take_answers_back(token: str) -> BaseResponse:
    channel = _open(token)
    service.take_back(channel.round, cookie.browser())
    db.session.commit()
    flash(_("Your answers are withdrawn and do not count. You can submit them again until the round closes."))
    return redirect(url_for(".show_round", token=channel.token), 303)


@bp.get("/<token>/submitted")
@public
def submitted(token: str) -> BaseResponse:
    channel, response = _mine(token)
    if not response.submitted:
        return redirect(url_for(".show_round", token=channel.token), 303)
    place = pages.place_of(channel)
    return make_response(
        render_template("assessment/answering/submitted.html", place=place, round=channel.round)
    )


# -- looking up


def _channel(token: str) -> GuestEntrance:
    """Returns the channel of this link, however it was typed; if there is none, a page says what to do."""
    found = plain(token)
    channel = queries.entrance(found) if found else None
    if channel is None:
        _stop(pages.unknown())
    stand_at(channel)
    if channel.is_left_out:
        _stop(pages.left_out(), channel)
    return channel


def _open(token: str) -> GuestEntrance:
    """Returns a channel whose round takes answers; otherwise a page says that the round is closed."""
    channel = _channel(token)
    if not channel.round.is_open:
        _stop(pages.closed(), channel)
    return channel


def _may_begin(channel: GuestEntrance) -> None:
    if not channel.round.is_open:
        _stop(pages.closed(), channel)
    if not channel.lets_in:
        _stop(pages.off(), channel)


def _own(channel: GuestEntrance) -> StoredResponse:
    """Returns this browser's response; a person who has none is redirected to the first page."""
    response = queries.own_response(channel.round, cookie.browser())
    if response is None:
        db.session.rollback()
        abort(make_response(redirect(url_for(".show_round", token=channel.token), 303)))
    return response


def _mine(token: str) -> tuple[GuestEntrance, StoredResponse]:
    channel = _channel(token)
    return channel, _own(channel)


def _stop(sign: pages.Sign, channel: GuestEntrance | None = None) -> NoReturn:
    abort(pages.stop(sign, channel))


def _asked(channel: GuestEntrance, key: str) -> answering_pages.Asked:
    questions = pages.questions_of(channel)
    pair = questions.find(key) or abort(404)
    return answering_pages.Asked(pages.place_of(channel), channel.round, questions, *pair)


def _area(channel: GuestEntrance, key: str) -> tuple[QuestionSet, QuestionArea]:
    questions = pages.questions_of(channel)
    return questions, questions.area(key) or abort(404)


def _overview(channel: GuestEntrance, response: StoredResponse) -> str:
    place, questions = pages.place_of(channel), pages.questions_of(channel)
    return answering_pages.overview(place, channel.round, questions, response, channel.is_over)
