"""Builds the pages that a guest reads beside the questions: how to begin, and why it is not possible."""

from flask import Response, make_response, render_template
from flask_babel import gettext as _
from msgspec import Struct

from engage.assessment.answering.pages import asked_language
from engage.assessment.answering.place import Place
from engage.assessment.guests.forms import CodeForm, StartForm
from engage.assessment.guests.queries import Entrance
from engage.assessment.guests.service import Refused
from engage.assessment.languages import translated
from engage.assessment.questions import QuestionSet
from engage.assessment.rules import DoorKind
from engage.assessment.words import time_to_answer
from engage.content.loader import content
from engage.extensions import db, language
from engage.web.forms import ConfirmForm


class Sign(Struct, frozen=True):
    """A page that says why nothing can be answered here, and what to do. `resumes` offers a field for a code."""

    status: int
    title: str
    text: str
    resumes: bool = False


def place_of(door: Entrance) -> Place:
    """Returns the place where a guest answers."""
    return Place("answer", {"token": door.token}, door.coalition, is_guest=True)


def questions_of(door: Entrance) -> QuestionSet:
    """Returns the questions in the page's language if they have it."""
    return translated(door.questions, language())


def start_form(door: Entrance, **settings: object) -> StartForm:
    questions = door.questions
    return StartForm(content().sectors_of_people, questions.languages, asked_language(questions), **settings)


def start_page(door: Entrance, form: StartForm, code: str, *, lost: bool = False) -> str:
    """Shows who sees what, and asks for the person's sector. `lost` says that the browser sent no cookie."""
    return render_template(
        "assessment/guests/start.html",
        door=door,
        place=place_of(door),
        round=door.round,
        form=form,
        code=code,
        lost=lost,
        total=door.questions.count,
        time=time_to_answer(door.questions.minutes),
        is_link=door.kind is DoorKind.LINK,
        resume=CodeForm(formdata=None),
    )


def code_page(door: Entrance, form: CodeForm) -> str:
    """Asks for the code on a slip."""
    return render_template("assessment/guests/code.html", place=place_of(door), form=form, door=door)


def resume_page(door: Entrance, form: CodeForm) -> str:
    """Asks for the code to come back."""
    return render_template("assessment/guests/resume.html", place=place_of(door), form=form, door=door)


def wait_page(door: Entrance, form: StartForm, code: str, line: str, seconds: int) -> Response:
    """Says that many people began from here. It keeps what was chosen and the browser's place in the line."""
    page = render_template(
        "assessment/guests/wait.html",
        place=place_of(door),
        form=form,
        code=code,
        line=line,
        seconds=seconds,
    )
    response = make_response(page, 429)
    response.headers["Retry-After"] = str(seconds)
    return response


def start_over_page(door: Entrance, code: str, *, answered: int, submitted: bool) -> str:
    return render_template(
        "assessment/guests/start_over.html",
        place=place_of(door),
        form=ConfirmForm(formdata=None),
        code=code,
        answered=answered,
        submitted=submitted,
        needs_slip=door.kind is DoorKind.SLIPS and not code,
    )


def unknown() -> Sign:
    text = _(
        "Check it letter by letter. If it still does not work, ask the person who gave it to you for a new one."
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


REFUSALS = {Refused.USED: used, Refused.OFF: off, Refused.UNKNOWN: unknown}


def stop(sign: Sign, door: Entrance | None = None) -> Response:
    """Answers with a page that says what to do; nothing is written."""
    db.session.rollback()
    page = render_template(
        "assessment/guests/stop.html",
        sign=sign,
        door=door,
        place=place_of(door) if door else None,
        resume=CodeForm(formdata=None) if sign.resumes else None,
    )
    return make_response(page, sign.status)
