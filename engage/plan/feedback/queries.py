"""Reads the questions about an event, by its page or by its link, and the results that may be shown."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date

import sqlalchemy as sa
from flask import current_app
from msgspec import Struct

from engage import clock, tokens
from engage.assessment.models import Round
from engage.coalitions.models import Coalition
from engage.database import along
from engage.extensions import db
from engage.plan.activities import queries as activities_queries
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState
from engage.plan.feedback.models import Feedback, FeedbackQuestion, FeedbackResponse
from engage.plan.feedback.rules import FeedbackSummary, Moment, is_over, moment_of
from engage.plan.measures.rules import FEWEST_SHOWN
from engage.plan.signups.queries import made_token, token_hash, token_of

# The purpose is part of the signed text, so that a link of another kind opens nothing here.
FEEDBACK = "event feedback"


def new_token_hash(nonce: str) -> str:
    return token_hash(FEEDBACK, made_token(FEEDBACK, nonce))


def public_token(feedback: Feedback) -> str | None:
    """Returns the token of the link; None while people are not asked, or if it was made with an earlier key."""
    if feedback.opened_at is None:
        return None
    return token_of(FEEDBACK, feedback.nonce, feedback.token_hash)


def feedback_of(activity: Activity) -> Feedback | None:
    return activities_queries.beside(Feedback, activity)


def held_feedback_of(activity: Activity) -> Feedback | None:
    """Returns the feedback locked until the commit, so that no one answers while it changes."""
    return activities_queries.beside(Feedback, activity, held=True)


def questions_of(feedback: Feedback) -> list[FeedbackQuestion]:
    rows = (
        sa.select(FeedbackQuestion)
        .where(
            FeedbackQuestion.coalition_id == feedback.coalition_id,
            FeedbackQuestion.feedback_id == feedback.id,
        )
        .order_by(FeedbackQuestion.number)
    )
    return list(db.session.scalars(rows))


def question_of(activity: Activity, number: int) -> FeedbackQuestion | None:
    return db.session.scalar(
        sa.select(FeedbackQuestion)
        .join(Feedback, along(FeedbackQuestion.feedback_id, Feedback))
        .where(
            Feedback.coalition_id == activity.coalition_id,
            Feedback.activity_id == activity.id,
            FeedbackQuestion.number == number,
        )
    )


def moments_of(questions: Collection[FeedbackQuestion]) -> list[Moment]:
    """Returns the moments at which something is asked."""
    return [moment for moment in Moment if any(each.asked.has(moment) for each in questions)]


def smallest_group(coalition_id: int) -> int:
    """Returns the smallest group that this coalition shows: the highest k of its rounds."""
    highest = sa.select(sa.func.max(Round.k)).where(Round.coalition_id == coalition_id)
    return max(FEWEST_SHOWN, db.session.scalar(highest) or 0)


def counts_of(feedback: Feedback, moments: Sequence[Moment]) -> dict[Moment, int]:
    """Returns how many people answered, by moment, before the answers are deleted."""
    rows = (
        sa.select(FeedbackResponse.moment, sa.func.count().label("number"))
        .where(
            FeedbackResponse.coalition_id == feedback.coalition_id,
            FeedbackResponse.feedback_id == feedback.id,
        )
        .group_by(FeedbackResponse.moment)
    )
    found = {row.moment: row.number for row in db.session.execute(rows)}
    return {moment: found.get(moment, 0) for moment in moments}


def summaries_of(feedback: Feedback) -> dict[Moment, FeedbackSummary]:
    """Returns the results since closing; a moment with too few answers is missing."""
    return {Moment(key): FeedbackSummary.from_json(each) for key, each in (feedback.told or {}).items()}


class ToldFeedback(Struct, frozen=True):
    """The closed feedback of one event with its questions."""

    feedback: Feedback
    questions: list[FeedbackQuestion]


def told_of_activities(coalition_id: int, ids: Collection[int]) -> dict[int, ToldFeedback]:
    """Returns the results of these activities, by their id, in two queries."""
    mine = (Feedback.coalition_id == coalition_id, Feedback.closed_at.is_not(None))
    rows = db.session.scalars(sa.select(Feedback).where(*mine))
    found = {each.id: each for each in rows if each.activity_id in ids}
    asked = sa.select(FeedbackQuestion).join(Feedback, along(FeedbackQuestion.feedback_id, Feedback))
    questions = defaultdict(list)
    for each in db.session.scalars(asked.where(*mine).order_by(FeedbackQuestion.number)):
        questions[each.feedback_id].append(each)
    return {each.activity_id: ToldFeedback(each, questions[each.id]) for each in found.values()}


# -- by the link


class FeedbackEntrance(Struct, frozen=True):
    """Feedback as people who open its link see it."""

    feedback: Feedback
    activity: Activity
    coalition: Coalition
    questions: list[FeedbackQuestion]

    @property
    def moments(self) -> list[Moment]:
        return moments_of(self.questions)

    @property
    def is_called_off(self) -> bool:
        return self.activity.state is ActivityState.CALLED_OFF

    @property
    def is_over(self) -> bool:
        return self.feedback.closed_at is not None or is_over(self.activity.happened_on, self._today)

    @property
    def moment(self) -> Moment | None:
        """Returns the moment for which people are asked now; None for none."""
        if self.feedback.opened_at is None or self.feedback.closed_at is not None or self.is_called_off:
            return None
        day, starts_at = self.activity.happened_on, self.activity.starts_at
        return moment_of(day, starts_at, self.moments, self._today, clock.now())

    @property
    def comes_later(self) -> bool:
        """Returns whether something will be asked after the event."""
        may = not self.is_over and not self.is_called_off and Moment.AFTER in self.moments
        return may and self.moment is not Moment.AFTER

    def asked(self, moment: Moment) -> list[FeedbackQuestion]:
        return [each for each in self.questions if each.asked.has(moment)]

    @property
    def _today(self) -> date:
        return clock.today(self.coalition.time_zone)


_ENTRANCE = (
    sa.select(Feedback, Activity, Coalition)
    .join(Activity, along(Feedback.activity_id, Activity))
    .join(Coalition, Coalition.id == Feedback.coalition_id)
    .where(Coalition.closed_at.is_(None), Feedback.opened_at.is_not(None))
)


def entrance(token: str) -> FeedbackEntrance | None:
    """Returns the feedback of a link, even if it is closed."""
    found = db.session.execute(
        _ENTRANCE.where(Feedback.token_hash == token_hash(FEEDBACK, token))
    ).one_or_none()
    return FeedbackEntrance(*found, questions_of(found[0])) if found is not None else None


def key_hash(browser: str, feedback: Feedback, moment: Moment) -> str:
    """Returns the stored hash of a browser's value; it differs before and after, so they cannot be linked."""
    secret = current_app.config["SECRET_KEY"]
    return tokens.keyed(secret, "feedback", f"{browser}|{feedback.id}|{moment}")


def has_answered(found: FeedbackEntrance, moment: Moment, browser: str | None) -> bool:
    """Returns whether this browser has answered for this moment."""
    if browser is None:
        return False
    mine = (
        FeedbackResponse.coalition_id == found.feedback.coalition_id,
        FeedbackResponse.feedback_id == found.feedback.id,
        FeedbackResponse.moment == moment,
        FeedbackResponse.key_hash == key_hash(browser, found.feedback, moment),
    )
    return bool(db.session.scalar(sa.select(sa.exists().where(*mine))))
