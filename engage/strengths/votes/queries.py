"""Reads votes: within one coalition, or without an account by the link's token."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage import tokens
from engage.coalitions.models import Coalition, Membership
from engage.database import SelectedRow, Selection, along
from engage.extensions import db
from engage.meetings.models import Attendance, Meeting
from engage.meetings.rules import Mode
from engage.strengths.models import Need
from engage.strengths.votes.models import Ballot, BallotRating, Vote, VoteCode, VoteNeed
from engage.strengths.votes.rules import LEVELS, VoteAccess, VoteCounts, VoteMark, VoteMethod, VoteState

_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_VOTE: sa.BindParameter[int] = sa.bindparam("vote_id")
_BALLOTS = sa.select(sa.func.count(Ballot.id)).where(Ballot.vote_id == Vote.id).scalar_subquery()
_CHANGES = (
    sa.select(sa.func.coalesce(sa.func.sum(Ballot.revision), 0))
    .where(Ballot.vote_id == Vote.id)
    .scalar_subquery()
)
_ATTENDED = (
    sa.select(sa.func.count(Attendance.id))
    .where(Attendance.meeting_id == Vote.meeting_id, Attendance.mode.in_((Mode.HERE, Mode.ONLINE)))
    .scalar_subquery()
)


def vote_of(membership: Membership, vote_id: int) -> Vote | None:
    return db.session.scalar(
        sa.select(Vote).where(Vote.coalition_id == membership.coalition_id, Vote.id == vote_id)
    )


# -- the state of a vote


class RunningVote(Struct, frozen=True):
    """The state of a running vote, for a screen and a phone.

    `people` is the meeting's attendance, or the facilitator's count; None if unknown. `changes` grows with
    each ballot and each change of one.
    """

    id: int
    coalition_id: int
    title: str
    method: VoteMethod
    access: VoteAccess
    dots: int | None
    dots_each: int | None
    shows_order: bool
    state: VoteState
    token: str
    ballots: int
    changes: int
    people: int | None
    version: int
    coalition: str
    time_zone: str
    language: str

    @property
    def mark(self) -> str:
        """Returns a text that differs whenever there is something new to show."""
        return f"{self.state}-{self.version}-{self.ballots}-{self.changes}-{self.people}"

    @property
    def is_open(self) -> bool:
        return self.state is VoteState.OPEN


def _standing() -> Selection:
    return sa.select(
        Vote.id,
        Vote.coalition_id,
        Vote.title,
        Vote.method,
        Vote.access,
        Vote.dots,
        Vote.dots_each,
        Vote.shows_order,
        Vote.state,
        Vote.token,
        sa.func.coalesce(Vote.ballots, _BALLOTS).label("ballots"),
        _CHANGES.label("changes"),
        sa.func.coalesce(sa.func.nullif(_ATTENDED, 0), Vote.people_here).label("people"),
        Vote.version,
        Coalition.name.label("coalition"),
        Coalition.time_zone,
        Coalition.language,
    ).join(Coalition, Coalition.id == Vote.coalition_id)


# The statements are built once, because forty phones run them every few seconds.
@cache
def _standing_of_token() -> Selection:
    return _standing().where(Coalition.closed_at.is_(None), Vote.token == sa.bindparam("token"))


@cache
def _standing_of_code() -> Selection:
    return (
        _standing()
        .add_columns(VoteCode.id.label("code_id"))
        .join(VoteCode, along(VoteCode.vote_id, Vote))
        .where(Coalition.closed_at.is_(None), VoteCode.token_hash == sa.bindparam("token_hash"))
    )


def standing_of(membership: Membership, vote_id: int) -> RunningVote | None:
    here = Vote.coalition_id == membership.coalition_id, Vote.id == vote_id
    row = db.session.execute(_standing().where(*here)).one_or_none()
    return None if row is None else RunningVote(**row._mapping)


def standing_by_token(token: str) -> RunningVote | None:
    """Returns the vote with this link."""
    row = db.session.execute(_standing_of_token(), {"token": token}).one_or_none()
    return None if row is None else RunningVote(**row._mapping)


def standing_by_code(code: str) -> tuple[RunningVote, int] | None:
    """Returns the vote of a slip of paper, and the slip's id."""
    row = db.session.execute(_standing_of_code(), {"token_hash": tokens.hashed(code)}).one_or_none()
    if row is None:
        return None
    values = dict(row._mapping)
    slip = values.pop("code_id")
    return RunningVote(**values), slip


# -- needs of a vote


class VotedNeed(Struct, frozen=True):
    """A need in a vote. `id` is its id within the vote; `need_id` and `number` are the need's."""

    id: int
    need_id: int
    number: int
    title: str
    area: str
    closed: bool
    by_hand: bool
    hands: Mapping[str, Any] | None
    voters: int | None
    importance: float | None
    feasibility: float | None
    dots: int | None


def needs_of_vote(coalition_id: int, vote_id: int) -> list[VotedNeed]:
    """Returns the needs in the order in which they were chosen."""
    rows = (
        sa.select(
            VoteNeed.id,
            VoteNeed.need_id,
            Need.number,
            Need.title,
            Need.area,
            Need.closed_on.is_not(None).label("closed"),
            VoteNeed.by_hand,
            VoteNeed.hands,
            VoteNeed.voters,
            VoteNeed.importance,
            VoteNeed.feasibility,
            VoteNeed.dots,
        )
        .join(Need, along(VoteNeed.need_id, Need))
        .where(VoteNeed.coalition_id == coalition_id, VoteNeed.vote_id == vote_id)
        .order_by(VoteNeed.position, VoteNeed.id)
    )
    return [VotedNeed(**row._mapping) for row in db.session.execute(rows)]


@cache
def _phone_needs() -> Selection:
    return (
        sa.select(VoteNeed.id, Need.title)
        .join(Need, along(VoteNeed.need_id, Need))
        .where(VoteNeed.coalition_id == _HERE, VoteNeed.vote_id == _VOTE, VoteNeed.by_hand.is_(False))
        .order_by(VoteNeed.position, VoteNeed.id)
    )


def phone_needs(coalition_id: int, vote_id: int) -> dict[int, str]:
    """Returns the titles of the needs that phones vote on, by the vote's own id of each need."""
    rows = db.session.execute(_phone_needs(), {"coalition_id": coalition_id, "vote_id": vote_id})
    return {row.id: row.title for row in rows}


# -- ballots of a vote
@cache
def _own_marks() -> Selection:
    return (
        sa.select(
            BallotRating.vote_need_id, BallotRating.importance, BallotRating.feasibility, BallotRating.dots
        )
        .join(Ballot, along(BallotRating.ballot_id, Ballot))
        .where(Ballot.vote_id == _VOTE, Ballot.key_hash == sa.bindparam("key_hash"))
    )


def marks_of(vote_id: int, key_hash: str) -> dict[int, VoteMark]:
    """Returns this browser's marks so far; empty if there are none."""
    rows = db.session.execute(_own_marks(), {"vote_id": vote_id, "key_hash": key_hash})
    return {row.vote_need_id: VoteMark(row.importance, row.feasibility, row.dots) for row in rows}


def ballot_of_code(code_id: int) -> str | None:
    """Returns the key of the browser that used the slip."""
    return db.session.scalar(sa.select(Ballot.key_hash).where(Ballot.code_id == code_id))


def tallies(coalition_id: int, vote_id: int) -> dict[int, VoteCounts]:
    """Adds up the ballots, by the vote's own id of each need; for dots without `voters`.

    The database groups them: at most 25 rows per need, however many ballots there are.
    """
    importance: dict[int, list[int]] = defaultdict(lambda: [0] * len(LEVELS))
    feasibility: dict[int, list[int]] = defaultdict(lambda: [0] * len(LEVELS))
    dots: dict[int, int] = {}
    rows = (
        sa.select(
            BallotRating.vote_need_id,
            BallotRating.importance,
            BallotRating.feasibility,
            sa.func.count(BallotRating.id),
            sa.func.coalesce(sa.func.sum(BallotRating.dots), 0),
        )
        .join(Ballot, along(BallotRating.ballot_id, Ballot))
        .where(Ballot.coalition_id == coalition_id, Ballot.vote_id == vote_id)
        .group_by(BallotRating.vote_need_id, BallotRating.importance, BallotRating.feasibility)
    )
    for need, important, feasible, count, given in db.session.execute(rows):
        if important is None or feasible is None:
            dots[need] = int(given or 0)
        else:
            importance[need][important - 1] += count
            feasibility[need][feasible - 1] += count
    return {
        **{
            key: VoteCounts(tuple(levels), tuple(feasibility[key]), voters=sum(levels))
            for key, levels in importance.items()
        },
        **{key: VoteCounts(dots=given) for key, given in dots.items()},
    }


def ballots_of(coalition_id: int, vote_id: int) -> int:
    """Returns how many ballots there are now."""
    rows = sa.select(sa.func.count(Ballot.id)).where(
        Ballot.coalition_id == coalition_id, Ballot.vote_id == vote_id
    )
    return db.session.scalar(rows) or 0


# -- lists


_IN_IT = sa.select(sa.func.count(VoteNeed.id)).where(VoteNeed.vote_id == Vote.id).scalar_subquery()


def _lines(*where: sa.ColumnElement[bool]) -> Selection:
    return (
        sa.select(
            Vote.id,
            Vote.title,
            Vote.method,
            Vote.state,
            _IN_IT.label("needs"),
            sa.func.coalesce(Vote.ballots, _BALLOTS).label("ballots"),
            Vote.meeting_id,
            Meeting.title.label("meeting"),
            Vote.created_at,
            Vote.opened_at,
            Vote.closed_at,
        )
        .outerjoin(Meeting, along(Vote.meeting_id, Meeting))
        .where(*where)
        .order_by(Vote.id.desc())
    )


def votes_of(membership: Membership) -> Sequence[SelectedRow]:
    """Returns all votes, newest first."""
    return db.session.execute(_lines(Vote.coalition_id == membership.coalition_id)).all()


def votes_of_meeting(membership: Membership, meeting_id: int) -> Sequence[SelectedRow]:
    """Returns the votes that are part of this meeting, newest first."""
    rows = _lines(Vote.coalition_id == membership.coalition_id, Vote.meeting_id == meeting_id)
    return db.session.execute(rows).all()


MEETING_CHOICES = 60


def meeting_choices(membership: Membership) -> list[tuple[int, str, datetime]]:
    """Returns meetings in which a vote can be held: those not closed, latest first."""
    rows = (
        sa.select(Meeting.id, Meeting.title, Meeting.starts_at)
        .where(Meeting.coalition_id == membership.coalition_id, Meeting.closed_at.is_(None))
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
        .limit(MEETING_CHOICES)
    )
    return [(row.id, row.title, row.starts_at) for row in db.session.execute(rows)]


def meeting_of_vote(vote: Vote) -> tuple[int, str, datetime] | None:
    """Returns the meeting where the vote is held."""
    if vote.meeting_id is None:
        return None
    row = db.session.execute(
        sa.select(Meeting.id, Meeting.title, Meeting.starts_at).where(
            Meeting.coalition_id == vote.coalition_id, Meeting.id == vote.meeting_id
        )
    ).one_or_none()
    return None if row is None else (row.id, row.title, row.starts_at)


def votes_on_need(need: Need) -> Sequence[SelectedRow]:
    """Returns the closed votes, newest first."""
    rows = (
        sa.select(Vote.id, Vote.title, Vote.closed_at, VoteNeed.dots)
        .join(VoteNeed, along(VoteNeed.vote_id, Vote))
        .where(
            Vote.coalition_id == need.coalition_id,
            VoteNeed.need_id == need.id,
            Vote.state == VoteState.CLOSED,
        )
        .order_by(Vote.closed_at.desc(), Vote.id.desc())
    )
    return db.session.execute(rows).all()


def needs_by_id(membership: Membership, ids: Collection[int]) -> list[Need]:
    """Returns these needs of the coalition, in the order of their numbers."""
    rows = sa.select(Need).where(Need.coalition_id == membership.coalition_id, Need.id.in_(ids))
    return list(db.session.scalars(rows.order_by(Need.number)))


# -- slips


def slips_of(vote: Vote) -> tuple[list[VoteCode], int]:
    """Returns the unused slips, in random order, and how many were used."""
    used = sa.exists().where(Ballot.code_id == VoteCode.id)
    mine = (VoteCode.coalition_id == vote.coalition_id, VoteCode.vote_id == vote.id)
    unused = db.session.scalars(sa.select(VoteCode).where(*mine, ~used).order_by(VoteCode.token_hash))
    count = db.session.scalar(sa.select(sa.func.count(VoteCode.id)).where(*mine, used))
    return list(unused), count or 0
