"""Builds feedback pages: what organizers see, its results as bars, and what a person with the link reads."""

from collections.abc import Mapping, Sequence

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace

from engage.assessment.questions import Question, QuestionArea
from engage.assessment.results.pages.bars import Bars, bars_of
from engage.assessment.results.rules.releases import OptionsResult
from engage.assessment.rules import QuestionKind
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.dates import long_day
from engage.i18n import gettext as _
from engage.plan.activities.models import Activity
from engage.plan.activities.queries import ActivityLine
from engage.plan.activities.rules import ActivityState
from engage.plan.feedback import labels, queries
from engage.plan.feedback.models import Feedback, FeedbackQuestion
from engage.plan.feedback.queries import FeedbackEntrance, ToldFeedback
from engage.plan.feedback.rules import OPEN_AFTER, QUESTIONS_MOST, Moment, shown_from
from engage.plan.signups.pages import SignupChannel
from engage.web import links
from engage.web.csv_files import Field


class FeedbackResult(Struct, frozen=True):
    """One question's results, before and after the event; each is None if it was not asked."""

    key: str
    text: str
    sides: Sequence[tuple[str, Bars]]


class QuestionRow(Struct, frozen=True):
    """A question as organizers see it."""

    number: int
    text: str
    how: str
    options: Sequence[str]


class FeedbackSheet(Struct, frozen=True):
    """The page for organizers: the questions, the link, how many answered, and the results once it is closed."""

    feedback: Feedback | None
    questions: Sequence[QuestionRow]
    channel: SignupChannel | None
    answered: str
    until: str
    may_add: bool
    results: Sequence[FeedbackResult]
    few: str
    held_back: str
    # This many people have to answer a question, before or after the event, for its results to be shown.
    shown_from: int

    @property
    def is_open(self) -> bool:
        return self.feedback is not None and self.feedback.opened_at is not None and not self.is_closed

    @property
    def is_closed(self) -> bool:
        return self.feedback is not None and self.feedback.closed_at is not None

    @property
    def is_draft(self) -> bool:
        return self.feedback is None or self.feedback.opened_at is None


def door_of(feedback: Feedback | None) -> SignupChannel | None:
    """Returns the link; None while no one is asked, and if the link was made with an earlier key."""
    token = queries.public_token(feedback) if feedback is not None and feedback.closed_at is None else None
    if token is None:
        return None
    link = links.external(url_for("feedback.show_questions", token=token))
    return SignupChannel(link, links.short(link), links.qr(link))


def sheet(activity: Activity) -> FeedbackSheet:
    feedback = queries.feedback_of(activity)
    rows = queries.questions_of(feedback) if feedback is not None else []
    is_open = feedback is not None and feedback.opened_at is not None and feedback.closed_at is None
    results = results_of(ToldFeedback(feedback, rows), activity.title) if feedback is not None else []
    return FeedbackSheet(
        feedback=feedback,
        questions=[_row(each) for each in rows],
        channel=door_of(feedback),
        answered=_answered(feedback, rows) if feedback is not None and is_open else "",
        until=long_day(activity.happened_on + OPEN_AFTER),
        may_add=len(rows) < QUESTIONS_MOST and activity.state is not ActivityState.CALLED_OFF,
        results=results,
        few=_few(feedback, rows) if feedback is not None else "",
        held_back=next(
            (bars.held_back for each in results for _side, bars in each.sides if bars.held_back), ""
        ),
        shown_from=shown_from(
            feedback.k
            if feedback is not None and feedback.opened_at is not None
            else queries.smallest_group(activity.coalition_id)
        ),
    )


def _answered(feedback: Feedback, rows: Sequence[FeedbackQuestion]) -> str:
    return labels.answered_words(
        queries.counts_of(feedback, queries.moments_of(rows)), shown_from(feedback.k)
    )


def _row(question: FeedbackQuestion) -> QuestionRow:
    # A question from 0 to 4 lists no answers, because they are obvious.
    options = () if question.kind is QuestionKind.LEVELS else labels.question_of(question).options
    how = _(
        "%(when)s. %(how)s.", when=labels.ASKED_LABELS[question.asked], how=labels.KIND_LABELS[question.kind]
    )
    return QuestionRow(question.number, question.text, how, options)


def results_of(found: ToldFeedback, title: str) -> list[FeedbackResult]:
    """Returns the results of closed feedback; empty before."""
    if found.feedback.closed_at is None:
        return []
    told = queries.summaries_of(found.feedback)
    results = []
    for row in found.questions:
        question = labels.question_of(row)
        area = QuestionArea("feedback", title, title, "", (question,))
        sides = [
            (str(labels.MOMENT_LABELS[moment]), _bars(area, _named(question, moment), line, found.feedback.k))
            for moment in Moment
            if moment in told and (line := told[moment].of(question.key)) is not None
        ]
        if sides:
            results.append(FeedbackResult(question.key, row.text, sides))
    return results


def _bars(area: QuestionArea, question: Question, line: OptionsResult, k: int) -> Bars:
    return bars_of(area, question, line, shown_from(k) if line.answered is None else k)


def _named(question: Question, moment: Moment) -> Question:
    """Returns the question with a title that says whether its table is about before or after the event."""
    title = _("%(question)s (%(when)s)", question=question.statement, when=labels.MOMENT_LABELS[moment])
    return replace(question, title=title)


def _few(feedback: Feedback, rows: Sequence[FeedbackQuestion]) -> str:
    """Says if too few answered before or after the event to show anything; "" while people are asked."""
    if feedback.closed_at is None:
        return ""
    told, k = queries.summaries_of(feedback), shown_from(feedback.k)
    said = {
        Moment.BEFORE: _("Fewer than %(k)s people answered before the event, so no results are shown.", k=k),
        Moment.AFTER: _("Fewer than %(k)s people answered after the event, so no results are shown.", k=k),
    }
    return " ".join(said[moment] for moment in queries.moments_of(rows) if moment not in told)


def summary(membership: Membership, activity: Activity, shown: FeedbackSheet) -> str:
    """Returns the state of the feedback for the link on the event's page; "" if there is nothing to say."""
    if shown.is_closed:
        return _("Closed: the results are on this page")
    if shown.is_open:
        return _("People are being asked now")
    may_ask = may(membership.role, Permission.PUBLISH) and activity.state is not ActivityState.CALLED_OFF
    return _("Ask for feedback") if may_ask or shown.questions else ""


# -- files


def counts_columns(
    lines: Sequence[ActivityLine], found: Mapping[int, ToldFeedback]
) -> list[tuple[int | None, int | None]]:
    """Returns, for each activity, how many people gave feedback before and after; None if that is not shown."""
    told = {key: queries.summaries_of(each.feedback) for key, each in found.items()}
    return [
        (
            told[each.id][Moment.BEFORE].people if Moment.BEFORE in told.get(each.id, {}) else None,
            told[each.id][Moment.AFTER].people if Moment.AFTER in told.get(each.id, {}) else None,
        )
        for each in lines
    ]


def table(results: Sequence[FeedbackResult]) -> tuple[list[str], list[list[Field]]]:
    """Returns the heading and rows of a file: a line for each answer, without a number if it is held back."""
    head = [_("Question"), _("When"), _("Answer"), _("Chosen by"), _("Answered by")]
    rows: list[list[Field]] = []
    for each in results:
        for when, bars in each.sides:
            if not bars.bars:
                rows.append([each.text, when, None, None, None])
            rows += [[each.text, when, bar.label, bar.count, bars.answered] for bar in bars.bars]
    return head, rows


# -- by the link


class PublicFeedback(Struct, frozen=True):
    """What a person with the link reads besides the questions."""

    coalition: str
    title: str
    when: str
    k: int
    later: str


def public(found: FeedbackEntrance, when: str) -> PublicFeedback:
    later = _("There are questions for after the event, too. Open the same link again then.")
    return PublicFeedback(
        coalition=found.coalition.name,
        title=found.activity.title,
        when=when,
        k=shown_from(found.feedback.k),
        later=later if found.comes_later else "",
    )


def notice(found: FeedbackEntrance) -> str:
    """Returns why nothing is asked now, and what to do."""
    if found.is_called_off:
        return _(
            "This event is canceled, so there are no questions to answer. You do not need to do anything."
        )
    if found.is_over:
        return _("These questions are closed. Thank you. Ask the coalition what people said.")
    if found.comes_later:
        return _(
            "The questions open on %(day)s. Open this link again then.",
            day=long_day(found.activity.happened_on),
        )
    return _("These questions were for before the event, and it has begun. Thank you for your interest.")
