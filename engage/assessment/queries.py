"""Reads rounds and a person's own response, within one coalition.

Nothing here gives one person's answers to another. `released.py` reads what closings released, and
`agreed.py` reads what the group agreed on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import defer

from engage import clock
from engage.assessment.languages import stored_questions
from engage.assessment.models import Answer, Guest, Participant, Reopening, Response, Round, StoredRelease
from engage.assessment.questions import QuestionSet
from engage.assessment.rules import (
    Asked,
    DoorKind,
    Filled,
    Progress,
    RespondentState,
    RoundState,
    round_state,
    standing,
    whole_progress,
)
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import Selection, along
from engage.extensions import db


def state_of(round_: Round, membership: Membership) -> RoundState:
    """Returns the state of the round today, in the coalition's time zone."""
    today = clock.today(membership.coalition.time_zone)
    return round_state(None if round_.is_open else round_.closed_at, round_.closes_on, today)


def takes_answers() -> sa.ColumnElement[bool]:
    """Returns the condition for a round that is open, for the first time or again."""
    return sa.or_(Round.closed_at.is_(None), Round.reopened_at.is_not(None))


_IN: sa.BindParameter[int] = sa.bindparam("coalition_id")


# These are built once, because building a statement takes longer than running it and every answer runs them.
@cache
def _round() -> Selection:
    return sa.select(Round).where(Round.coalition_id == _IN, Round.id == sa.bindparam("round_id"))


@cache
def _open_round() -> Selection:
    return sa.select(Round).where(Round.coalition_id == _IN, takes_answers())


@cache
def _asking() -> Selection:
    return _round().add_columns(sa.cast(Round.questions, sa.Text)).options(defer(Round.questions))


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
    """Returns a round and its questions, without reading the questions again for every answer."""
    row = db.session.execute(
        _asking(), {"coalition_id": membership.coalition_id, "round_id": round_id}
    ).one_or_none()
    return None if row is None else (row[0], stored_questions(row[1]))


def open_round(membership: Membership) -> Round | None:
    """Returns the one round that takes answers."""
    return db.session.scalar(_open_round(), {"coalition_id": membership.coalition_id})


def is_over(round_: Round, membership: Membership) -> bool:
    """Returns whether the last day has passed while the round still takes answers."""
    return state_of(round_, membership) is RoundState.OVER


class Reopened(Struct, frozen=True):
    """A reopening of a round: when, why, and who did it."""

    at: datetime
    by: str | None
    reason: str


@cache
def _reopenings() -> Selection:
    return (
        sa.select(Reopening.reopened_at, Membership.name, Reopening.reason)
        .outerjoin(Membership, along(Reopening.reopened_by_id, Membership))
        .where(
            Reopening.coalition_id == sa.bindparam("coalition_id"),
            Reopening.round_id == sa.bindparam("round_id"),
        )
        .order_by(Reopening.id.desc())
    )


@cache
def _later_exists() -> Selection:
    return sa.select(
        sa.exists().where(
            Round.coalition_id == sa.bindparam("coalition_id"),
            Round.id != sa.bindparam("round_id"),
            Round.opened_at > sa.bindparam("opened_at"),
        )
    )


def reopenings_of(round_: Round) -> list[Reopened]:
    """Returns the reopenings, latest first."""
    asked = {"coalition_id": round_.coalition_id, "round_id": round_.id}
    return [Reopened(*row) for row in db.session.execute(_reopenings(), asked)]


def is_latest(round_: Round) -> bool:
    """Returns whether no later round of the coalition exists."""
    asked = {"coalition_id": round_.coalition_id, "round_id": round_.id, "opened_at": round_.opened_at}
    return not db.session.scalar(_later_exists(), asked)


class ClosedRound(Struct, frozen=True):
    """A line in the list of rounds.

    `respondents` is 0 if fewer than k answered. `is_open` says that the round takes answers again; its
    results come from its last closing.
    """

    id: int
    title: str
    k: int
    closed_at: datetime
    is_open: bool
    respondents: int


# This subquery returns a round's newest release number, inside a statement that reads rounds.
NEWEST_RELEASE = (
    sa.select(sa.func.max(StoredRelease.number))
    .where(StoredRelease.round_id == Round.id)
    .correlate(Round)
    .scalar_subquery()
)


# This is built once, because the report of counts and the pages of results run it.
@cache
def _closed_rounds() -> Selection:
    return (
        sa.select(Round, StoredRelease.respondents)
        .options(defer(Round.questions))
        .join(StoredRelease, along(StoredRelease.round_id, Round))
        .where(
            Round.coalition_id == sa.bindparam("coalition_id"),
            Round.closed_at.is_not(None),
            StoredRelease.number == NEWEST_RELEASE,
        )
        .order_by(Round.closed_at.desc(), Round.id.desc())
    )


def closed_rounds(membership: Membership) -> list[ClosedRound]:
    """Returns the closed rounds, latest first, each with the newest of its releases."""
    return [
        ClosedRound(row.id, row.title, row.k, row.closed_at, row.is_open, respondents)
        for row, respondents in db.session.execute(
            _closed_rounds(), {"coalition_id": membership.coalition_id}
        )
        if row.closed_at is not None
    ]


def answers_given() -> sa.ScalarSelect[int]:
    """Counts the answers of a response, inside a statement that selects it."""
    return (
        sa.select(sa.func.count(Answer.id))
        .where(along(Answer.response_id, Response))
        .correlate(Response)
        .scalar_subquery()
    )


def counts(round_: Round) -> sa.ColumnElement[bool]:
    """Returns whether a response would count if the round closed now.

    It was submitted, or it answers everything and was not taken back. Rounds opened before that rule count
    only submitted responses.
    """
    if not round_.counts_answered:
        return sa.and_(Response.submitted.is_(True), is_not_left_out(round_))
    asked = QuestionSet.from_json(round_.questions).count
    everything = answers_given() == asked
    done = sa.or_(Response.submitted, sa.and_(Response.taken_back.is_(False), everything))
    return sa.and_(done, is_not_left_out(round_))


def is_not_left_out(round_: Round) -> sa.ColumnElement[bool]:
    """Returns whether a response counts in this respect: a round may leave out answers from its open link."""
    if not round_.link_left_out:
        return sa.true()
    by_link = sa.exists().where(along(Guest.response_id, Response), Guest.kind == DoorKind.LINK)
    return sa.not_(by_link.correlate(Response))


def own_response(membership: Membership, round_: Round) -> Response | None:
    """Returns this person's own response, and no one else's."""
    return db.session.scalar(_own_response(), _own(membership, round_))


def own_open_response(membership: Membership, round_: Round) -> Response | None:
    """Returns this person's response while the round takes answers, and locks the round open until the commit."""
    return db.session.scalar(_own_open_response(), _own(membership, round_))


def _own(membership: Membership, round_: Round) -> dict[str, int]:
    return {
        "coalition_id": membership.coalition_id,
        "round_id": round_.id,
        "respondent_id": membership.id,
    }


def standing_of(membership: Membership, round_: Round, response: Response | None) -> RespondentState:
    """Returns this person's part in the round; `response` is their own response."""
    took_part = db.session.scalar(
        sa.select(Participant.took_part).where(
            Participant.coalition_id == membership.coalition_id,
            Participant.round_id == round_.id,
            Participant.membership_id == membership.id,
        )
    )
    return standing(
        is_asked=round_.asked is Asked.EVERYONE or took_part is not None,
        took_part=bool(took_part),
        submitted=response.submitted if response is not None else None,
    )


def answers_of(response: Response, keys: Sequence[str] | None = None) -> dict[str, Answer]:
    """Returns the response's answers by indicator: all of them, or those of `keys`."""
    rows = sa.select(Answer).where(
        Answer.coalition_id == response.coalition_id, Answer.response_id == response.id
    )
    if keys is not None:
        rows = rows.where(Answer.indicator.in_(keys))
    return {answer.indicator: answer for answer in db.session.scalars(rows)}


def answered_keys(response: Response) -> set[str]:
    mine = {"coalition_id": response.coalition_id, "response_id": response.id}
    return set(db.session.scalars(_answered_keys(), mine))


class OpenRound(Struct, frozen=True):
    """The open round as one person sees it.

    A person who took part before it was reopened has submitted, and can no longer change anything. `minutes`
    is about how long all of its questions take.
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
    progress: Progress
    minutes: int

    @property
    def waits(self) -> bool:
        """Returns whether the person still has something to do; not if they took their answers back on purpose."""
        return not self.submitted and not self.taken_back

    @property
    def to_submit(self) -> bool:
        """Returns whether everything is answered and only submitting is left."""
        return self.waits and self.progress.filled is Filled.ALL


def open_round_for(membership: Membership) -> OpenRound | None:
    """Returns the open round and how far this person is; None if the round does not ask them."""
    round_ = open_round(membership) if may(membership.role, Permission.ANSWER) else None
    if round_ is None:
        return None
    response = own_response(membership, round_)
    standing = standing_of(membership, round_, response)
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
    )
