"""Builds a guest's pages other than the questions: how to start, and why it is not possible."""

from flask import Response, make_response, render_template
from msgspec import Struct

from engage.assessment.answering.pages import asked_language, mark_of
from engage.assessment.answering.place import RespondentPages
from engage.assessment.guests import cookie
from engage.assessment.guests.forms import GuestCodeForm, GuestStartForm
from engage.assessment.guests.queries import GuestEntrance
from engage.assessment.guests.service import AnswerRefused
from engage.assessment.labels import time_to_answer
from engage.assessment.languages import translated
from engage.assessment.questions import QuestionSet
from engage.assessment.rules import ChannelKind
from engage.content.loader import content
from engage.extensions import db, language
from engage.i18n import gettext as _
from engage.languages import own_name
from engage.web.forms import ConfirmForm
from engage.web.lists import Choice


class Sign(Struct, frozen=True):
    """A page that says why nothing can be answered here, and what to do. `resumes` adds a field for a code."""

    status: int
    title: str
    text: str
    resumes: bool = False


def place_of(channel: GuestEntrance) -> RespondentPages:
    """Returns the set of pages on which a guest answers."""
    mark = mark_of(f"{channel.round.id}|{cookie.browser()}")
    return RespondentPages("answer", {"token": channel.token}, channel.coalition, is_guest=True, mark=mark)


def questions_of(channel: GuestEntrance) -> QuestionSet:
    """Returns the questions in the page's language if they have it."""
    return translated(channel.questions, language())


def start_form(channel: GuestEntrance, **settings: object) -> GuestStartForm:
    questions = channel.questions
    words = content()
    return GuestStartForm(
        words.sectors_of_people,
        words.sector_groups,
        questions.languages,
        asked_language(questions),
        **settings,
    )


def _languages(channel: GuestEntrance, code: str) -> list[Choice]:
    """Returns links to the first page in each language of the questions; empty if there is only one."""
    if len(channel.questions.languages) == 1:
        return []
    place, spoken = place_of(channel), asked_language(channel.questions)
    page, more = ("slip", {"code": code}) if code else ("show_round", {})
    return [
        Choice(own_name(each), place.to(page, lang=each, **more), each == spoken)
        for each in channel.questions.languages
    ]


def start_page(channel: GuestEntrance, form: GuestStartForm, code: str, *, lost: bool = False) -> str:
    """Asks for the person's sector, and shows who sees which answers. `lost` says that the browser sent no cookie."""
    return render_template(
        "assessment/guests/start.html",
        channel=channel,
        place=place_of(channel),
        round=channel.round,
        form=form,
        code=code,
        languages=_languages(channel, code),
        lost=lost,
        total=channel.questions.count,
        time=time_to_answer(channel.questions.minutes),
        is_link=channel.kind is ChannelKind.LINK,
        resume=GuestCodeForm(formdata=None),
    )


def code_page(channel: GuestEntrance, form: GuestCodeForm) -> str:
    """Shows the form for the code on a slip."""
    return render_template("assessment/guests/code.html", place=place_of(channel), form=form, channel=channel)


def resume_page(channel: GuestEntrance, form: GuestCodeForm) -> str:
    """Shows the form for the code to come back."""
    return render_template(
        "assessment/guests/resume.html", place=place_of(channel), form=form, channel=channel
    )


def wait_page(channel: GuestEntrance, form: GuestStartForm, code: str, line: str, seconds: int) -> Response:
    """Shows that many people started from this network address.

    The page carries what was chosen and the place in the line.
    """
    page = render_template(
        "assessment/guests/wait.html",
        place=place_of(channel),
        form=form,
        code=code,
        line=line,
        seconds=seconds,
    )
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(seconds)
    return response


def start_over_page(channel: GuestEntrance, code: str, *, answered: int, submitted: bool) -> str:
    return render_template(
        "assessment/guests/start_over.html",
        place=place_of(channel),
        form=ConfirmForm(formdata=None),
        code=code,
        answered=answered,
        submitted=submitted,
        needs_slip=channel.kind is ChannelKind.SLIPS and not code,
    )


def unknown() -> Sign:
    text = _(
        "Check each character. If it still does not work, ask the person who gave it to you for a new one."
    )
    return Sign(404, _("This link does not lead anywhere"), text)


def closed() -> Sign:
    return Sign(
        410,
        _("The questions are closed"),
        _(
            "Thank you. Answers are no longer accepted, and no one can tell anymore who gave which answers. "
            "Ask the coalition what people said."
        ),
    )


def off() -> Sign:
    return Sign(
        410,
        _("This link is turned off"),
        _("This link no longer accepts answers. Ask the coalition for a new link, or to answer on paper."),
        resumes=True,
    )


def left_out() -> Sign:
    return Sign(
        410,
        _("Answers from this link do not count"),
        _(
            "The coalition leaves out everything that came through this link, perhaps because it was "
            "misused. Ask for a slip, or to answer on paper."
        ),
    )


def used() -> Sign:
    return Sign(
        409,
        _("This slip has been used"),
        _(
            "Someone already started with it. If it was you, open this page in the same browser, "
            "or use the code you saw after you started. If not, ask for a new slip."
        ),
        resumes=True,
    )


REFUSALS = {AnswerRefused.USED: used, AnswerRefused.OFF: off, AnswerRefused.UNKNOWN: unknown}


def stop(sign: Sign, channel: GuestEntrance | None = None) -> Response:
    """Rolls back, and returns a page that says what to do."""
    db.session.rollback()
    page = render_template(
        "assessment/guests/stop.html",
        sign=sign,
        channel=channel,
        place=place_of(channel) if channel else None,
        resume=GuestCodeForm(formdata=None) if sign.resumes else None,
    )
    return make_response(page, sign.status)
