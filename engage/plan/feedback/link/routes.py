"""Serves feedback by its link, without an account: one short page that each browser answers once.

Opening the page writes nothing; one button sends everything. No account is loaded.
"""

from datetime import timedelta

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from engage.assessment.channels.rules import WAIT
from engage.assessment.guests import pacing
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan.activities.labels import when_words
from engage.plan.feedback import labels, pages, queries, service
from engage.plan.feedback.forms import FeedbackForm
from engage.plan.feedback.queries import FeedbackEntrance
from engage.plan.feedback.rules import Moment
from engage.plan.feedback.service import MustWait
from engage.plan.public_links import opened
from engage.web.access import button, public
from engage.web.browser_values import BrowserValue, fresh

bp = Blueprint("feedback", __name__, url_prefix="/feedback")
# A round's answers use another cookie, which must stay with the person when this one is renewed.
BROWSER = BrowserValue("feedback", timedelta(days=60))


@bp.get("/<token>")
@public
def show_questions(token: str) -> Response:
    found = _found(token)
    moment = found.moment
    if moment is None:
        return make_response(_page(found))
    if queries.has_answered(found, moment, BROWSER.read()):
        return make_response(_page(found, done=True))
    return BROWSER.give(make_response(_page(found, _form(found, moment))))


@bp.post("/<token>")
@public
def send_answers(token: str) -> BaseResponse:
    """Saves what this browser answers, once."""
    found, browser = _found(token), BROWSER.read()
    moment = found.moment
    if moment is None:
        return make_response(_page(found), 409)
    form = _form(found, moment)
    if browser is None or not form.validate_on_submit():
        lost = browser is None
        return BROWSER.give(make_response(_page(found, form, lost=lost), 422))
    left = pacing.seconds_left(form.place.data or "", browser)
    try:
        service.answer(found, moment, browser, form.given, request.remote_addr or "", waited=left == 0)
    except MustWait:
        return _wait(found, form, browser, left)
    db.session.commit()
    return redirect(url_for(".show_questions", token=token), 303)


@bp.post("/<token>/start-over")
@public
@button
def start_over(token: str) -> BaseResponse:
    """Lets the next person at a shared phone answer; the earlier answers were sent and cannot be opened again."""
    _found(token)
    response = make_response(redirect(url_for(".show_questions", token=token), 303))
    return BROWSER.set(response, fresh())


def _wait(found: FeedbackEntrance, form: FeedbackForm, browser: str, left: int | None) -> Response:
    """Says that many people answered from this network; keeps the choices and the browser's place in line."""
    db.session.rollback()
    if left is None:
        form.place.data, left = pacing.place_in_line(browser), WAIT.seconds
    said = ngettext(
        "Many people have answered from here within an hour. You have a place in line: press the button again in "
        "%(num)s second. Nothing you chose is lost.",
        "Many people have answered from here within an hour. You have a place in line: press the button again in "
        "%(num)s seconds. Nothing you chose is lost.",
        left,
    )
    response = make_response(_page(found, form, waits=said), 429)
    response.headers["Retry-After"] = str(left)
    return response


def _form(found: FeedbackEntrance, moment: Moment) -> FeedbackForm:
    return FeedbackForm([labels.question_of(each) for each in found.asked(moment)], moment)


def _found(token: str) -> FeedbackEntrance:
    what_to_do = _(
        "Part of it may be missing, or the questions are being changed. Ask the coalition for the link."
    )
    return opened(queries.entrance, token, what_to_do)


def _page(
    found: FeedbackEntrance,
    form: FeedbackForm | None = None,
    *,
    done: bool = False,
    lost: bool = False,
    waits: str = "",
) -> str:
    activity = found.activity
    when = when_words(activity.happened_on, activity.starts_at, activity.minutes, found.coalition.time_zone)
    return render_template(
        "plan/feedback/answer.html",
        event=pages.public(found, when),
        form=form,
        notice="" if form is not None or done else pages.notice(found),
        done=done,
        lost=lost,
        waits=waits,
    )
