"""Builds a respondent's pages: the task list, a question, an area, and which page follows."""

from collections.abc import Collection

from flask import current_app, g, render_template, request
from msgspec import Struct
from werkzeug.wrappers import Response

from engage import tokens
from engage.assessment import labels, queries, rules, service
from engage.assessment.answering.forms import AnswerAreaForm, AnswerForm
from engage.assessment.answering.place import RespondentPages
from engage.assessment.channels import pages as channels_pages
from engage.assessment.efforts.own import service as own_service
from engage.assessment.models import Answer, Round
from engage.assessment.models import Response as StoredResponse
from engage.assessment.questions import Question, QuestionArea, QuestionSet
from engage.content.loader import content
from engage.errors import WrongState
from engage.extensions import db, language
from engage.i18n import gettext as _
from engage.partners import queries as partners_queries
from engage.web.htmx import fragments, wants_fragment

# With this value in the address, the question leads back to the check page from which the person came.
CHECKING = "check"


def asked_language(questions: QuestionSet) -> str:
    """Returns the language of the request if the set has it, else the set's first language."""
    return language() if language() in questions.languages else questions.language


class Asked(Struct, frozen=True):
    """A question of a round, as the address names it, and the set of pages on which it is answered."""

    place: RespondentPages
    round: Round
    questions: QuestionSet
    area: QuestionArea
    question: Question


class AnsweringAreaRow(Struct, frozen=True):
    """A focus area's line in the task list."""

    area: QuestionArea
    state: str
    tag: str
    url: str


def round_page(round_: Round, questions: QuestionSet) -> str:
    """Shows who sees which answers until the person starts, then the task list."""
    place = place_of(round_)
    response = queries.own_response(g.membership, round_)
    standing = queries.respondent_state_of(g.membership, round_, response)
    if standing in {rules.RespondentState.NOT_ASKED, rules.RespondentState.COUNTED}:
        took_part = standing is rules.RespondentState.COUNTED
        path = channels_pages.path_of(round_) if round_.is_for_anyone else None
        return render_template(
            "assessment/answering/not_asked.html", round=round_, took_part=took_part, path=path
        )
    if response is None:
        sector = partners_queries.sector_of(g.membership.id)
        named = {each.key: each.name for each in content().sectors}
        return render_template(
            "assessment/answering/start.html",
            round=round_,
            sector=named.get(sector or "", sector),
            time=labels.time_to_answer(questions.minutes),
        )
    return overview(place, round_, questions, response, queries.is_over(round_, g.membership))


def place_of(round_: Round) -> RespondentPages:
    """Returns the set of pages on which a member answers."""
    return RespondentPages(
        "assessment", {"round_id": round_.id}, round_.title, mark=mark_of(f"{round_.id}|{g.membership.id}")
    )


def mark_of(respondent: str) -> str:
    return tokens.keyed(current_app.config["SECRET_KEY"], "offline mark", respondent)[:32]


def overview(
    place: RespondentPages,
    round_: Round,
    questions: QuestionSet,
    response: StoredResponse,
    is_over: bool,
    **more: object,
) -> str:
    """Shows the task list: how far the respondent is in each area, and the button to submit."""
    answered = queries.answered_keys(response)
    progress = rules.whole_progress(questions.for_rules, answered)
    is_complete = progress.filled is rules.Filled.ALL
    first = rules.next_unanswered(questions.for_rules, answered)
    return render_template(
        "assessment/answering/round.html",
        place=place,
        round=round_,
        submitted=response.submitted,
        taken_back=response.taken_back,
        is_complete=is_complete,
        counts=response.submitted or (is_complete and round_.counts_answered and not response.taken_back),
        progress=progress,
        rows=[_area_row(place, area, answered) for area in questions.areas],
        continue_url=where_left(place, first) if first else None,
        is_over=is_over,
        hides=bool(queries.hidden_keys(response)),
        **more,
    )


def _area_row(place: RespondentPages, area: QuestionArea, answered: set[str]) -> AnsweringAreaRow:
    keys = [each.key for each in area.questions]
    progress = rules.AnsweringProgress(sum(key in answered for key in keys), len(keys))
    first = next((key for key in keys if key not in answered), None)
    url = place.to("question", key=first) if first else place.to("check", key=area.key)
    return AnsweringAreaRow(area, labels.filled_words(progress), labels.FILLED_TAGS[progress.filled], url)


def where_left(place: RespondentPages, key: str | None) -> str:
    return place.to("show_round") if key is None else place.to("question", key=key)


def after(asked: Asked, answered: set[str]) -> str:
    """Returns the page after Continue: the area's next unanswered question, or the check page after the last one."""
    rest = asked.area.questions[asked.area.position(asked.question.key) :]
    following = next((each.key for each in rest if each.key not in answered), None)
    if following is None or request.args.get("back") == CHECKING:
        return asked.place.to("check", key=asked.area.key)
    return asked.place.to("question", key=following)


def _question_parts(
    asked: Asked, form: AnswerForm, earlier: Answer | None, *, is_hidden: bool
) -> dict[str, object]:
    """Returns the template's values for the form of one question."""
    checking = request.args.get("back") == CHECKING
    following = asked.area.after(asked.question.key)
    check_url = asked.place.to("check", key=asked.area.key)
    skip_url = check_url
    if following is not None and not checking:
        skip_url = asked.place.to("question", key=following.key)
    return {
        "form": form,
        "action": asked.place.to("answer", key=asked.question.key, back=CHECKING if checking else None),
        "skip_url": skip_url,
        "checking": checking,
        "is_saved": earlier is not None,
        "is_hidden": is_hidden,
    }


def question_page(
    asked: Asked,
    form: AnswerForm,
    earlier: Answer | None,
    answered: set[str],
    hidden: Collection[str] = frozenset(),
) -> str:
    """Shows one question. `hidden` are questions whose answers are kept but no longer shown."""
    before = asked.area.before(asked.question.key)
    back_url = asked.place.to("show_round")
    if request.args.get("back") == CHECKING:
        back_url = asked.place.to("check", key=asked.area.key)
    elif before is not None:
        back_url = asked.place.to("question", key=before.key)
    return render_template(
        "assessment/answering/question.html",
        place=asked.place,
        asked=asked,
        position=asked.area.position(asked.question.key),
        progress=rules.whole_progress(asked.questions.for_rules, answered),
        back_url=back_url,
        **_question_parts(asked, form, earlier, is_hidden=asked.question.key in hidden),
    )


def area_page(
    place: RespondentPages, area: QuestionArea, form: AnswerAreaForm, hidden: Collection[str] = frozenset()
) -> str:
    return render_template(
        "assessment/answering/area.html", place=place, area=area, form=form, is_saved=False, hidden=hidden
    )


def check_page(
    place: RespondentPages,
    round_: Round,
    questions: QuestionSet,
    area: QuestionArea,
    response: StoredResponse,
) -> str:
    """Shows the answers in an area for review."""
    kept = queries.answers_of(response, [each.key for each in area.questions])
    hidden = queries.hidden_keys(response) & {each.key for each in area.questions}
    return render_template(
        "assessment/answering/check.html",
        place=place,
        round=round_,
        area=area,
        rows=[check_row(place, each, kept.get(each.key), questions, hidden) for each in area.questions],
        answered=len(kept) + len(hidden),
        submitted=response.submitted,
        named=[] if place.is_guest else own_service.own_efforts(response, area.key),
        following=questions.area_after(area.key),
    )


def check_row(
    place: RespondentPages,
    question: Question,
    answer: Answer | None,
    questions: QuestionSet,
    hidden: Collection[str] = frozenset(),
) -> dict[str, object]:
    is_hidden = question.key in hidden
    said = _("Answered, not shown anymore") if is_hidden else None
    return {
        "question": question,
        "answer": said or labels.answer_words(answer, questions.scale, question),
        "is_answered": answer is not None or is_hidden,
        "note": answer.note if answer is not None else "",
        "url": place.to("question", key=question.key, back=CHECKING),
    }


def saved(*, in_view: bool = False) -> Response:
    """Returns the fragments for htmx after saving: a line beside the button, and a message in the status region.

    If the line is `in_view`, the message is only for screen readers.
    """
    return fragments(
        ("_form_saved.html", {"text": _("Saved. You can leave and come back."), "trouble": False}),
        ("_status.html", {"text": _("Saved"), "is_heard": in_view}),
    )


def not_saved(forms: list[AnswerForm]) -> Response:
    """Returns the fragments for htmx that say why nothing was saved. The form stays as it is, for correction."""
    reason = next((reason for form in forms for reason in form.reasons), "")
    text = _("Not saved yet. %(reason)s", reason=reason)
    return fragments(
        ("_form_saved.html", {"text": "", "trouble": True}),
        ("_status.html", {"text": text}),
        status=422,
    )


def too_late(
    place: RespondentPages, round_: Round, forms: list[AnswerForm], refusal: WrongState
) -> tuple[str, int]:
    """Shows that the round has closed or no longer asks this person.

    Nothing is saved, and what was typed stays on screen.
    """
    db.session.rollback()
    if wants_fragment():
        raise refusal
    kept = [form for form in forms if form.answer.data or form.written]
    is_closed = isinstance(refusal, service.RoundIsClosed)
    return render_template(
        "assessment/answering/too_late.html", place=place, round=round_, kept=kept, is_closed=is_closed
    ), 409
