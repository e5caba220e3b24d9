"""Reads rounds and a person's own response, within one coalition.

Nothing here gives one person's answers to another. `results/queries/released.py` reads what closings
released, and `agreed.py` beside it reads what the group agreed on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import InstrumentedAttribute, aliased, defer

from engage import clock
from engage.assessment.languages import stored_questions
from engage.assessment.models import Answer, Guest, Participant, Reopening, Response, Round, StoredRelease
from engage.assessment.questions import QuestionSet
from engage.assessment.rules import (
    AnsweringProgress,
    Asked,
    ChannelKind,
    Filled,
    RespondentState,
    RoundState,
    respondent_state,
    round_state,
    whole_progress,
)
from engage.coalitions import queries as coalitions
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import Selection, along
from engage.extensions import db


def state_of(round_: Round, membership: Membership) -> RoundState:
    """Returns the state of the round today, in the coalition's time zone."""
    today = clock.today(membership.coalition.time_zone)
    return round_state(None if round_.is_open else round_.closed_at, round_.closes_on, today)


def takes_answers() -> sa.ColumnElement[bool]:
    """Returns the SQL condition for rounds that take answers: not closed yet, or reopened."""
    return sa.or_(Round.closed_at.is_(None), Round.reopened_at.is_not(None))


_IN: sa.BindParameter[int] = sa.bindparam("coalition_id")


# These statements are built once, because every answer runs them and building one takes longer than running
# it.
@cache
def _round() -> Selection:
    return sa.select(Round).where(Round.coalition_id == _IN, Round.id == sa.bindparam("round_id"))


@cache
def _open_rounds() -> Selection:
    return sa.select(Round).where(Round.coalition_id == _IN, takes_answers())


@cache
def _open_round() -> Selection:
    return _open_rounds().where(Round.asked != Asked.ANYONE)


@cache
def _asking() -> Selection:
    return (
        _round()
        .add_columns(sa.cast(Round.questions, sa.Text).label("stored"))
        .options(defer(Round.questions))
    )


@cache
def _own_response() -> Selection:
    return sa.select(Response).where(
        Response.coalition_id == _IN,
        Response.round_id == sa.bindparam("round_id"),
        Response.respondent_id == sa.bindparam("respondent_id"),
    )


@cache
def _own_open_response() -> Selection:
    return (
        _own_response()
        .join(Round, along(Response.round_id, Round))
        .where(takes_answers())
        .with_for_update(read=True, of=Round)
    )


@cache
def _answered_keys() -> Selection:
    return sa.select(Answer.indicator).where(
        Answer.coalition_id == _IN, Answer.response_id == sa.bindparam("response_id")
    )


def round_of(membership: Membership, round_id: int) -> Round | None:
    return db.session.scalar(_round(), {"coalition_id": membership.coalition_id, "round_id": round_id})


def asking(membership: Membership, round_id: int) -> tuple[Round, QuestionSet] | None:
    """Returns a round and its questions; parsed questions are cached, so that not every answer parses them again."""
    row = db.session.execute(
        _asking(), {"coalition_id": membership.coalition_id, "round_id": round_id}
    ).one_or_none()
    return None if row is None else (row.Round, stored_questions(row.stored))


def open_rounds(membership: Membership) -> list[Round]:
    """Returns the rounds that take answers: at most one for members, then at most one for anyone with the link."""
    found = db.session.scalars(_open_rounds(), {"coalition_id": membership.coalition_id})
    return sorted(found, key=lambda each: each.is_for_anyone)


def open_round(membership: Membership) -> Round | None:
    """Returns the one round for members that takes answers. Only this round asks people with an account."""
    return db.session.scalar(_open_round(), {"coalition_id": membership.coalition_id})


def is_over(round_: Round, membership: Membership) -> bool:
    """Returns whether the last day for answers has passed while the round still takes them."""
    return state_of(round_, membership) is RoundState.OVER


def has_begun(round_: Round) -> bool:
    """Returns whether anyone has started to answer, with an account or without."""
    mine = sa.exists().where(Response.coalition_id == round_.coalition_id, Response.round_id == round_.id)
    return bool(db.session.scalar(sa.select(mine)))


class Reopened(Struct, frozen=True):
    """A reopening of a round: when, why, and who did it."""

    at: datetime
    by: str | None
    reason: str


def reopenings_of(round_: Round) -> list[Reopened]:
    """Returns the round's reopenings, latest first."""
    rows = (
        sa.select(Reopening.reopened_at.label("at"), Membership.name.label("by"), Reopening.reason)
        .outerjoin(Membership, along(Reopening.reopened_by_id, Membership))
        .where(Reopening.coalition_id == round_.coalition_id, Reopening.round_id == round_.id)
        .order_by(Reopening.id.desc())
    )
    return [Reopened(**row._mapping) for row in db.session.execute(rows)]


def of_kind(round_: Round) -> sa.ColumnElement[bool]:
    """Returns the SQL condition for rounds of the same kind: for members, or for anyone."""
    return Round.asked == Asked.ANYONE if round_.is_for_anyone else Round.asked != Asked.ANYONE


def is_latest(round_: Round) -> bool:
    """Returns whether no later round of the same kind exists in the coalition."""
    later = sa.exists().where(
        Round.coalition_id == round_.coalition_id,
        of_kind(round_),
        Round.id != round_.id,
        Round.opened_at > round_.opened_at,
    )
    return not db.session.scalar(sa.select(later))


class ClosedRound(Struct, frozen=True):
    """A closed round in the list of rounds.

    `respondents` is 0 if fewer than k answered. `is_open` says that the round was reopened; its results are
    then those of its last closing. `is_beside` says that it is for anyone, and that results of a round for
    members lead, which was open at the same time.
    """

    id: int
    title: str
    k: int
    closed_at: datetime
    is_open: bool
    respondents: int
    is_for_anyone: bool = False
    is_beside: bool = False
    is_from_a_file: bool = False


# A subquery for statements that read rounds: the number of a round's newest release.
NEWEST_RELEASE = (
    sa.select(sa.func.max(StoredRelease.number))
    .where(StoredRelease.round_id == Round.id)
    .correlate(Round)
    .scalar_subquery()
)


_members, _stored = aliased(Round), aliased(StoredRelease)
# A condition for statements that read rounds: closed rounds for anyone that never lead. A round for members was
# open at the same time and shows results. Otherwise the short round of residents would replace the longer one, on
# which the plan is built, only because it was closed a day later. Built once: Home takes a tenth longer without.
IS_BESIDE = sa.and_(
    Round.asked == Asked.ANYONE,
    sa.exists()
    .where(
        _members.coalition_id == Round.coalition_id,
        _members.asked != Asked.ANYONE,
        _members.opened_at < Round.closed_at,
        _members.closed_at > Round.opened_at,
        sa.exists().where(along(_stored.round_id, _members), _stored.respondents > 0).correlate(_members),
    )
    .correlate(Round),
)


def leading(rounds: Iterable[ClosedRound]) -> ClosedRound | None:
    """Returns the round whose results stand for the coalition: of these, the latest that shows something."""
    shown = [each for each in rounds if each.respondents]
    return next((each for each in shown if not each.is_beside), shown[0] if shown else None)


def closed_rounds(membership: Membership) -> list[ClosedRound]:
    """Returns the closed rounds, latest first, each with the newest of its releases."""
    rows = (
        sa.select(Round, StoredRelease.respondents, IS_BESIDE)
        .options(defer(Round.questions))
        .join(StoredRelease, along(StoredRelease.round_id, Round))
        .where(
            Round.coalition_id == membership.coalition_id,
            Round.closed_at.is_not(None),
            StoredRelease.number == NEWEST_RELEASE,
        )
        .order_by(Round.closed_at.desc(), Round.id.desc())
    )
    return [
        ClosedRound(
            id=row.id,
            title=row.title,
            k=row.k,
            closed_at=row.closed_at,
            is_open=row.is_open,
            respondents=respondents,
            is_for_anyone=row.is_for_anyone,
            is_beside=beside,
            is_from_a_file=row.is_from_a_file,
        )
        for row, respondents, beside in db.session.execute(rows)
        if row.closed_at is not None
    ]


def answers_given() -> sa.ScalarSelect[int]:
    """Returns a subquery for statements that read responses: the number of a response's answers."""
    return (
        sa.select(sa.func.count(Answer.id))
        .where(along(Answer.response_id, Response))
        .correlate(Response)
        .scalar_subquery()
    )


def counts(round_: Round) -> sa.ColumnElement[bool]:
    """Returns the SQL condition for responses that would count if the round closed now.

    They were submitted, or answer everything and were not taken back. In rounds opened before that rule, only
    submitted responses count.
    """
    if not round_.counts_answered:
        return sa.and_(Response.submitted.is_(True), is_not_left_out(round_))
    asked = QuestionSet.from_json(round_.questions).count
    everything = answers_given() == asked
    done = sa.or_(Response.submitted, sa.and_(Response.taken_back.is_(False), everything))
    return sa.and_(done, is_not_left_out(round_))


def is_not_left_out(round_: Round) -> sa.ColumnElement[bool]:
    """Returns the SQL condition for responses that are not left out; a round may leave out those from its open link."""
    if not round_.link_left_out:
        return sa.true()
    by_link = sa.exists().where(along(Guest.response_id, Response), Guest.kind == ChannelKind.LINK)
    return sa.not_(by_link.correlate(Response))


def own_response(membership: Membership, round_: Round) -> Response | None:
    """Returns this person's own response, and no one else's."""
    return db.session.scalar(_own_response(), _own(membership, round_))


def own_open_response(membership: Membership, round_: Round) -> Response | None:
    """Returns this person's response if the round takes answers; the round cannot be closed until the commit."""
    return db.session.scalar(_own_open_response(), _own(membership, round_))


def _own(membership: Membership, round_: Round) -> dict[str, int]:
    return {
        "coalition_id": membership.coalition_id,
        "round_id": round_.id,
        "respondent_id": membership.id,
    }


def respondent_state_of(membership: Membership, round_: Round, response: Response | None) -> RespondentState:
    """Returns this person's state in the round; `response` is their own response."""
    took_part = db.session.scalar(
        sa.select(Participant.took_part).where(
            Participant.coalition_id == membership.coalition_id,
            Participant.round_id == round_.id,
            Participant.membership_id == membership.id,
        )
    )
    return respondent_state(
        is_asked=round_.asked is Asked.EVERYONE or took_part is not None,
        took_part=bool(took_part),
        submitted=response.submitted if response is not None else None,
    )


def answers_of(response: Response, keys: Sequence[str] | None = None) -> dict[str, Answer]:
    """Returns the answers that the response's owner may see, by indicator: all of them, or those of `keys`."""
    rows = sa.select(Answer).where(
        Answer.coalition_id == response.coalition_id,
        Answer.response_id == response.id,
        is_shown(Answer.answered_at, response),
    )
    if keys is not None:
        rows = rows.where(Answer.indicator.in_(keys))
    return {answer.indicator: answer for answer in db.session.scalars(rows)}


def is_shown(at: InstrumentedAttribute[datetime | None], response: Response) -> sa.ColumnElement[bool]:
    """Returns the SQL condition for rows of this time that the response's owner may see.

    The owner may not see rows from before someone else last got access to the owner's account: see
    `accounts.ways_in`. A response without an account has no such owner.
    """
    if response.respondent_id is None:
        return sa.true()
    since = coalitions.let_in_at(response.respondent_id)
    return sa.or_(since.is_(None), at > since)


def hidden_keys(response: Response) -> set[str]:
    """Returns the indicators whose answers are kept but no longer shown to their owner."""
    if response.respondent_id is None:
        return set()
    rows = sa.select(Answer.indicator).where(
        Answer.coalition_id == response.coalition_id,
        Answer.response_id == response.id,
        sa.not_(sa.func.coalesce(is_shown(Answer.answered_at, response), sa.false())),
    )
    return set(db.session.scalars(rows))


def answered_keys(response: Response) -> set[str]:
    mine = {"coalition_id": response.coalition_id, "response_id": response.id}
    return set(db.session.scalars(_answered_keys(), mine))


class OverRound(Struct, frozen=True):
    """An open round whose last day for answers has passed."""

    id: int
    title: str
    closes_on: date


def over_round(membership: Membership, today: date) -> OverRound | None:
    """Returns the round to close: the one whose last day passed first; None if no open round's has."""
    rows = (
        sa.select(Round.id, Round.title, Round.closes_on)
        .where(Round.coalition_id == membership.coalition_id, takes_answers(), Round.closes_on < today)
        .order_by(Round.closes_on, Round.id)
        .limit(1)
    )
    row = db.session.execute(rows).first()
    return OverRound(**row._mapping) if row is not None else None


class OpenRound(Struct, frozen=True):
    """The open round as one person sees it.

    Someone who took part before the round was reopened counts as submitted, and can no longer change
    anything. `minutes` is about how long it takes to answer all questions.
    """

    id: int
    title: str
    closes_on: date | None
    is_over: bool
    started: bool
    submitted: bool
    taken_back: bool
    counts_answered: bool
    took_part: bool
    progress: AnsweringProgress
    minutes: int
    rule_changed: bool

    @property
    def waits(self) -> bool:
        """Returns whether the person still has something to do; someone who took their answers back has not."""
        return not self.submitted and not self.taken_back

    @property
    def to_submit(self) -> bool:
        """Returns whether everything is answered and only submitting is left."""
        return self.waits and self.progress.filled is Filled.ALL


def open_round_for(membership: Membership) -> OpenRound | None:
    """Returns the open round for members and how far this person has come; None if it does not ask them."""
    round_ = open_round(membership) if may(membership.role, Permission.ANSWER) else None
    if round_ is None:
        return None
    response = own_response(membership, round_)
    standing = respondent_state_of(membership, round_, response)
    if standing is RespondentState.NOT_ASKED:
        return None
    answered = answered_keys(response) if response else set()
    questions = QuestionSet.from_json(round_.questions)
    return OpenRound(
        id=round_.id,
        title=round_.title,
        closes_on=round_.closes_on,
        is_over=state_of(round_, membership) is RoundState.OVER,
        started=standing is not RespondentState.NOT_STARTED,
        submitted=standing in {RespondentState.FINISHED, RespondentState.COUNTED},
        taken_back=response is not None and response.taken_back,
        counts_answered=round_.counts_answered,
        took_part=standing is RespondentState.COUNTED,
        progress=whole_progress(questions.for_rules, answered),
        minutes=questions.minutes,
        rule_changed=round_.rule_changed,
    )
