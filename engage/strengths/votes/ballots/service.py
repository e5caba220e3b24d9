"""Saves a ballot, one for a browser or a slip, which can change until the vote closes; all or nothing."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from engage import tokens
from engage.database import insert
from engage.extensions import db
from engage.strengths.votes.models import Ballot, BallotRating, Vote, VoteNeed
from engage.strengths.votes.rules import MOST_BALLOTS, NotCounted, VoteAccess, VoteMark, VoteState


class BallotRefused(Exception):
    """The ballot was refused with nothing written; `why` is the reason to show."""

    def __init__(self, why: NotCounted) -> None:
        super().__init__(why)
        self.why = why


def key_hash(browser: str, vote_id: int, code_id: int | None) -> str:
    """Returns the hash of a browser's random value that the database keeps.

    It differs for each vote and each slip, so that two people may share a phone and no two votes can be
    linked.
    """
    return tokens.hashed(f"{browser}|{vote_id}|{code_id or ''}")


_VOTE: sa.BindParameter[int] = sa.bindparam("vote_id")
# The vote's row is locked until the commit: closing waits for ballots that are being saved, and later ballots
# find the vote closed.
_HOLD = sa.select(Vote.state, Vote.access).where(Vote.id == _VOTE).with_for_update(read=True)
_COUNT = sa.select(sa.func.count(Ballot.id)).where(Ballot.vote_id == _VOTE)
_PHONE_NEEDS = sa.select(VoteNeed.id).where(VoteNeed.vote_id == _VOTE, VoteNeed.by_hand.is_(False))
# The statements use tables directly, because the ORM would add a fifth to the time of saving a ballot.
_BALLOT_ROWS: Any = Ballot.__table__
_RATING_ROWS: Any = BallotRating.__table__
_OLD = sa.delete(_RATING_ROWS).where(BallotRating.ballot_id == sa.bindparam("old_id"))
_RATINGS = sa.insert(_RATING_ROWS)


@cache
def _casting(dialect: str) -> sa.Executable:
    """Returns the statement that casts a ballot; it is built once, because forty ballots arrive together."""
    statement = insert(_BALLOT_ROWS, dialect).values(
        coalition_id=sa.bindparam("coalition_id"),
        vote_id=sa.bindparam("vote_id"),
        code_id=sa.bindparam("code_id"),
        key_hash=sa.bindparam("key_hash"),
        revision=1,
    )
    cast_or_changed: sa.Executable = statement.on_conflict_do_update(
        index_elements=["vote_id", "key_hash"], set_={"revision": Ballot.revision + 1}
    ).returning(Ballot.id, Ballot.revision)
    return cast_or_changed


def cast(
    coalition_id: int, vote_id: int, key: str, code_id: int | None, marks: Mapping[int, VoteMark]
) -> bool:
    """Casts the ballot, or replaces this browser's earlier one; returns whether it is new.

    `marks` are by the vote's own id of each need. Raises BallotRefused, with nothing written.
    """
    held = {"vote_id": vote_id}
    state, access = db.session.execute(_HOLD, held).one()
    if state is not VoteState.OPEN:
        raise _refused(NotCounted.CLOSED)
    if (code_id is None) is not (access is VoteAccess.OPEN):
        raise _refused(NotCounted.CHANGED)
    if not marks.keys() <= set(db.session.scalars(_PHONE_NEEDS, held)):
        raise _refused(NotCounted.CHANGED)
    values = {"coalition_id": coalition_id, "vote_id": vote_id, "code_id": code_id, "key_hash": key}
    try:
        ballot_id, revision = db.session.execute(_casting(db.engine.dialect.name), values).one()
    except IntegrityError:
        # Another browser has used the slip, earlier or at the same moment.
        raise _refused(NotCounted.USED) from None
    if revision > 1:
        db.session.execute(_OLD, {"old_id": ballot_id})
    elif (db.session.scalar(_COUNT, held) or 0) > MOST_BALLOTS:
        raise _refused(NotCounted.FULL)
    rows = [
        {
            "coalition_id": coalition_id,
            "ballot_id": ballot_id,
            "vote_need_id": need,
            "importance": mark.importance,
            "feasibility": mark.feasibility,
            "dots": mark.dots,
        }
        for need, mark in marks.items()
    ]
    db.session.execute(_RATINGS, rows)
    return bool(revision == 1)


def _refused(why: NotCounted) -> BallotRefused:
    db.session.rollback()
    return BallotRefused(why)
