"""Writes the questions about an event, stores answers until feedback closes, and then results only."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from sqlalchemy.exc import IntegrityError

from engage import clock, history, tokens
from engage.assessment.guests import pacing
from engage.assessment.rules import Answer
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.trash import kinds
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind, Return
from engage.database import along
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState
from engage.plan.feedback import labels, queries
from engage.plan.feedback.models import Feedback, FeedbackQuestion, FeedbackResponse
from engage.plan.feedback.queries import FeedbackEntrance
from engage.plan.feedback.rules import (
    QUESTIONS_MOST,
    FeedbackState,
    Moment,
    is_over,
    packed,
    summary,
    unpacked,
)
from engage.snapshots import Snapshot
from engage.versions import claim_version

TABLE = FeedbackQuestion.__tablename__


class MustWait(WrongState):
    """Many people began from this network address within the hour."""


# -- what is asked


def add_question(
    membership: Membership, activity: Activity, fields: Mapping[str, object]
) -> FeedbackQuestion:
    """Adds a question. Raises WrongState once people are asked, and for an eleventh."""
    feedback = _draft(activity) or _begun(activity)
    numbers = [each.number for each in queries.questions_of(feedback)]
    _must_have_room(len(numbers))
    row = FeedbackQuestion(
        coalition_id=feedback.coalition_id,
        feedback_id=feedback.id,
        number=max(numbers, default=0) + 1,
        **fields,
    )
    db.session.add(row)
    db.session.flush()
    history.note(membership, activity, "feedback_question")
    return row


def edit_question(
    membership: Membership,
    activity: Activity,
    question: FeedbackQuestion,
    version: int,
    fields: Mapping[str, object],
) -> None:
    """Changes a question. Raises WrongState once people are asked, and StaleVersion."""
    _draft(activity)
    claim_version(question, version)
    for name, value in fields.items():
        setattr(question, name, value)
    history.note(membership, activity, "feedback_question")


def delete_question(membership: Membership, activity: Activity, question: FeedbackQuestion) -> Snapshot:
    """Moves a question to the trash. Raises WrongState once people are asked."""
    _draft(activity)
    return trash_service.put(membership, question)


def move_question(membership: Membership, activity: Activity, number: int, steps: int) -> None:
    """Swaps a question with the one before or after it. Raises WrongState once people are asked."""
    feedback = _draft(activity)
    rows = queries.questions_of(feedback) if feedback is not None else []
    at = next((place for place, each in enumerate(rows) if each.number == number), None)
    if at is None:
        raise WrongState(_("This question is no longer here. Load the page again."))
    if not 0 <= at + steps < len(rows):
        return
    mine, other = rows[at], rows[at + steps]
    numbers = other.number, mine.number
    mine.number = -mine.number  # the database never allows two questions with one number
    db.session.flush()
    other.number = numbers[1]
    db.session.flush()
    mine.number = numbers[0]
    for each in (mine, other):
        each.version += 1  # a form opened earlier has the earlier number
    history.note(membership, activity, "feedback_question")


def _draft(activity: Activity) -> Feedback | None:
    """Returns the feedback, locked, while its questions may change; None if there is none."""
    feedback = queries.held_feedback_of(activity)
    if feedback is not None and feedback.opened_at is not None:
        raise WrongState(_("People are already answering these questions, so they stay as they are."))
    return feedback


def _begun(activity: Activity) -> Feedback:
    feedback = Feedback(coalition_id=activity.coalition_id, activity_id=activity.id)
    _give_link(feedback)
    db.session.add(feedback)
    try:
        db.session.flush()
    except IntegrityError:  # someone else added the first question at the same moment
        raise WrongState(_("Someone else changed this event a moment ago. Look at it again.")) from None
    return feedback


def _must_have_room(there: int) -> None:
    if there >= QUESTIONS_MOST:
        raise WrongState(_("There are already %(most)s questions. Delete one first.", most=QUESTIONS_MOST))


# -- asking


def open_feedback(membership: Membership, activity: Activity) -> None:
    """Lets people answer by the link; the questions cannot change from now on. Raises WrongState."""
    feedback = _draft(activity)
    if feedback is None or not queries.questions_of(feedback):
        raise WrongState(_("Add a question first."))
    today = clock.today(membership.coalition.time_zone)
    if activity.state is ActivityState.CALLED_OFF or is_over(activity.happened_on, today):
        raise WrongState(_("It is too late to ask about this event."))
    feedback.k = queries.smallest_group(activity.coalition_id)
    feedback.opened_at, feedback.opened_by_id = clock.now(), membership.id
    _renew_dead(feedback)
    history.note(membership, activity, "feedback", new=FeedbackState.OPEN)


def renew_link(membership: Membership, activity: Activity) -> None:
    """Replaces a link that was made with an earlier key and opens nothing; a working link stays. Raises WrongState."""
    _renew_dead(_open(activity))
    history.note(membership, activity, "feedback_link")


def _renew_dead(feedback: Feedback) -> None:
    if queries.public_token(feedback) is None:
        _give_link(feedback)


def _give_link(feedback: Feedback) -> None:
    feedback.nonce = tokens.new_token()
    feedback.token_hash = queries.new_token_hash(feedback.nonce)


def start_over(membership: Membership, activity: Activity) -> None:
    """Deletes all answers so far without results, so that the questions can change. Raises WrongState."""
    feedback = _open(activity)
    _delete_answers(feedback)
    feedback.opened_at = feedback.opened_by_id = None
    # The link that people have opens nothing until they are asked again.
    history.note(membership, activity, "feedback", old=FeedbackState.OPEN)


def close(membership: Membership, activity: Activity) -> None:
    """Counts the answers for good and deletes them. Raises WrongState."""
    _close(_open(activity))
    history.note(membership, activity, "feedback", old=FeedbackState.OPEN, new=FeedbackState.CLOSED)


def _open(activity: Activity) -> Feedback:
    feedback = queries.held_feedback_of(activity)
    if feedback is None or feedback.opened_at is None or feedback.closed_at is not None:
        raise WrongState(_("Someone else changed this event a moment ago. Look at it again."))
    return feedback


def _close(feedback: Feedback) -> None:
    questions = queries.questions_of(feedback)
    rows = sa.select(FeedbackResponse.moment, FeedbackResponse.answers).where(
        FeedbackResponse.coalition_id == feedback.coalition_id, FeedbackResponse.feedback_id == feedback.id
    )
    answers = list(db.session.execute(rows))
    found = {}
    for moment in queries.moments_of(questions):
        asked = [labels.indicator_of(each) for each in questions if each.asked.has(moment)]
        given = [unpacked(each.answers) for each in answers if each.moment is moment]
        result = summary(asked, given, feedback.k)
        if result is not None:
            found[moment.value] = result.to_json()
    feedback.told, feedback.closed_at = found, clock.now()
    _delete_answers(feedback)


def _delete_answers(feedback: Feedback) -> int:
    gone = sa.delete(FeedbackResponse).where(
        FeedbackResponse.coalition_id == feedback.coalition_id, FeedbackResponse.feedback_id == feedback.id
    )
    return int(db.session.execute(gone.execution_options(synchronize_session=False)).rowcount)  # type: ignore[attr-defined]


def close_old(now: datetime) -> int:
    """Closes feedback whose time is over; returns how many answers were counted and deleted."""
    rows = (
        sa.select(Feedback, Activity.happened_on, Coalition.time_zone)
        .join(Activity, along(Feedback.activity_id, Activity))
        .join(Coalition, Coalition.id == Feedback.coalition_id)
        .where(Feedback.opened_at.is_not(None), Feedback.closed_at.is_(None))
        .order_by(Feedback.id)
    )
    gone = 0
    for feedback, day, time_zone in db.session.execute(rows).all():
        if is_over(day, clock.local_day(now, time_zone)):
            gone += sum(queries.counts_of(feedback, list(Moment)).values())
            _close(feedback)
    return gone


# -- answering


def answer(
    found: FeedbackEntrance,
    moment: Moment,
    browser: str,
    given: Mapping[str, Answer],
    address: str,
    *,
    waited: bool,
) -> None:
    """Stores a browser's answers; a button that is pressed twice answers once.

    Raises MustWait if many people answer from this network address, and WrongState if nothing is asked.
    """
    held = sa.select(Feedback).where(Feedback.id == found.feedback.id).with_for_update(read=True)
    feedback = db.session.scalar(held.execution_options(populate_existing=True))
    db.session.refresh(found.activity)
    if feedback is None or found.moment is not moment:
        raise WrongState(_("Answers are no longer accepted. Thank you for your interest."))
    if queries.has_answered(found, moment, browser):
        return
    if not waited and not pacing.counted(address):
        raise MustWait(_("Many people answered from here."))
    row = FeedbackResponse(
        id=_free_number(),
        coalition_id=feedback.coalition_id,
        feedback_id=feedback.id,
        moment=moment,
        key_hash=queries.key_hash(browser, feedback, moment),
        answers=packed(given),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:  # a second press of the same button was faster
        return


def _free_number() -> int:
    """Returns a random id for a row, because ids in order would reveal who answered when."""
    number = secrets.randbelow(2**31 - 1) + 1
    while db.session.get(FeedbackResponse, number) is not None:
        number = secrets.randbelow(2**31 - 1) + 1
    return number


# -- what the trash has to know


def _find_room(returning: Return) -> None:
    """Puts a restored question after the existing ones."""
    feedback = db.session.get(Feedback, returning.head["feedback_id"])
    if feedback is None:
        return
    if feedback.opened_at is not None:
        raise WrongState(_("People are already answering these questions, so they stay as they are."))
    numbers = [each.number for each in queries.questions_of(feedback)]
    _must_have_room(len(numbers))
    if returning.head["number"] in numbers:
        returning.head["number"] = max(numbers) + 1


def _address(row: Mapping[str, object]) -> str:
    feedback = db.session.get_one(Feedback, row["feedback_id"])
    return url_for("plan.feedback", activity_id=feedback.activity_id)


kinds.register(
    Kind(
        table=TABLE,
        word=_l("Feedback question"),
        back=lambda _row: _("The question is back."),
        address=_address,
        permission=Permission.PUBLISH,
        title="text",
        gone_words={"feedback_id": _l("the event")},
        prepare=_find_room,
    )
)
