"""Tables of votes on needs: the vote, its needs, slips of paper, and anonymous ballots."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from engage.columns import CODE, Search, opens, own_data, written
from engage.database import Base, Tenant, tenant_key, within
from engage.i18n import lazy_gettext as _l
from engage.strengths.votes.rules import MOST_DOTS, MOST_PEOPLE, VoteAccess, VoteMethod, VoteState
from engage.tokens import readable_token


def new_vote_token() -> str:
    return readable_token(8)


class Vote(Tenant, Base):
    """A vote on some needs by everyone in the room at once, by importance and feasibility or by dots."""

    __tablename__ = "strengths_vote"
    __label__ = _l("Vote")
    __table_args__ = (
        tenant_key(),
        within("meeting_id", "meetings_meeting"),
        within("created_by_id", "coalitions_membership"),
        sa.UniqueConstraint("token"),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.CheckConstraint("(method = 'dots') = (dots IS NOT NULL)", name="dots_have_number"),
        sa.CheckConstraint("(dots IS NULL) = (dots_each IS NULL)", name="dots_have_limit"),
        sa.CheckConstraint(
            f"dots IS NULL OR (dots_each >= 1 AND dots_each <= dots AND dots <= {MOST_DOTS})", name="dots"
        ),
        sa.CheckConstraint(
            f"people_here IS NULL OR (people_here >= 0 AND people_here <= {MOST_PEOPLE})", name="people_here"
        ),
        sa.CheckConstraint("(state = 'prepared') = (opened_at IS NULL)", name="opened_has_time"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        sa.CheckConstraint("(state = 'closed') = (ballots IS NOT NULL)", name="closed_has_count"),
    )

    title: Mapped[str] = written(_l("Title"), Search.NO, longest=120, of="created_by_id")
    meeting_id: Mapped[int | None] = mapped_column(index=True)
    method: Mapped[VoteMethod]
    access: Mapped[VoteAccess]
    # These are the number of dots on a ballot, and how many one need can get.
    dots: Mapped[int | None]
    dots_each: Mapped[int | None]
    # This says whether the screen shows the ranking while ballots still come in.
    shows_order: Mapped[bool] = mapped_column(default=False)
    # This is the number of people that the facilitator counted; a meeting's attendance is used instead if
    # there is one.
    people_here: Mapped[int | None]
    state: Mapped[VoteState] = mapped_column(default=VoteState.PREPARED)
    # This token is part of the vote's address. It is stored in plain text, because the address is shown to
    # everyone on the wall.
    token: Mapped[str] = mapped_column(sa.String(16), info=opens(new_vote_token))
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    # This many ballots existed when the vote was closed; the ballots themselves are deleted a day later.
    ballots: Mapped[int | None]
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(
        index=True, info=own_data("votes_prepared", "created_at")
    )
    version: Mapped[int] = mapped_column(default=1)


class VoteNeed(Tenant, Base):
    """A need in a vote, by phones or by hands but never both, and, once the vote is closed, its result."""

    __tablename__ = "strengths_vote_need"
    __table_args__ = (
        tenant_key(),
        sa.UniqueConstraint("vote_id", "need_id"),
        within("vote_id", "strengths_vote", "CASCADE"),
        within("need_id", "strengths_need"),
        sa.CheckConstraint("hands IS NULL OR by_hand", name="hands_counted_by_hand"),
        sa.CheckConstraint("voters IS NULL OR voters >= 0", name="voters"),
        sa.CheckConstraint("importance IS NULL OR (importance >= 1 AND importance <= 5)", name="importance"),
        sa.CheckConstraint(
            "feasibility IS NULL OR (feasibility >= 1 AND feasibility <= 5)", name="feasibility"
        ),
        sa.CheckConstraint("(importance IS NULL) = (feasibility IS NULL)", name="rated_whole"),
        sa.CheckConstraint("dots IS NULL OR (dots >= 0 AND importance IS NULL)", name="dots"),
    )

    vote_id: Mapped[int] = mapped_column(index=True)
    need_id: Mapped[int] = mapped_column(index=True)
    position: Mapped[int]
    by_hand: Mapped[bool] = mapped_column(default=False)
    # These are the raised hands that the facilitator counted: {"importance": [1 to 5], "feasibility": [1 to
    # 5]} or {"dots": n}.
    hands: Mapped[dict[str, object] | None] = mapped_column(sa.JSON(none_as_null=True), info=CODE)
    # This is the need's result, stored when the vote is closed.
    voters: Mapped[int | None]
    importance: Mapped[float | None]
    feasibility: Mapped[float | None]
    dots: Mapped[int | None]


class VoteCode(Tenant, Base):
    """A slip of paper that gives one ballot. It has no number, so no one can tell who got which slip."""

    __tablename__ = "strengths_vote_code"
    __table_args__ = (
        tenant_key(),
        within("vote_id", "strengths_vote", "CASCADE"),
        sa.UniqueConstraint("token_hash"),
    )

    vote_id: Mapped[int] = mapped_column(index=True)
    # The slip's code is derived from this nonce and the installation's key, so that an unused slip can be
    # printed again.
    nonce: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    token_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)


class Ballot(Tenant, Base):
    """The ballot of one browser or one slip.

    It stores no person, address or time, and nothing about the device.
    """

    __tablename__ = "strengths_ballot"
    __table_args__ = (
        tenant_key(),
        within("vote_id", "strengths_vote", "CASCADE"),
        within("code_id", "strengths_vote_code"),
        sa.UniqueConstraint("vote_id", "key_hash"),
        sa.UniqueConstraint("code_id"),
        sa.CheckConstraint("revision >= 1", name="revision"),
    )

    vote_id: Mapped[int] = mapped_column(index=True)
    code_id: Mapped[int | None] = mapped_column(index=True)
    # This is the hash of a random value in the browser's cookie, which differs for each vote.
    key_hash: Mapped[str] = mapped_column(sa.String(64), info=CODE)
    # This number grows with each change of the ballot, so that a screen notices changes.
    revision: Mapped[int] = mapped_column(default=1)


class BallotRating(Tenant, Base):
    """A ballot's mark on one need."""

    __tablename__ = "strengths_ballot_rating"
    __table_args__ = (
        sa.UniqueConstraint("ballot_id", "vote_need_id"),
        within("ballot_id", "strengths_ballot", "CASCADE"),
        within("vote_need_id", "strengths_vote_need", "CASCADE"),
        sa.CheckConstraint("importance IS NULL OR (importance >= 1 AND importance <= 5)", name="importance"),
        sa.CheckConstraint(
            "feasibility IS NULL OR (feasibility >= 1 AND feasibility <= 5)", name="feasibility"
        ),
        sa.CheckConstraint("(importance IS NULL) = (feasibility IS NULL)", name="rated_whole"),
        sa.CheckConstraint("(dots IS NULL) = (importance IS NOT NULL)", name="rated_or_dots"),
        sa.CheckConstraint("dots IS NULL OR dots >= 1", name="dots"),
    )

    ballot_id: Mapped[int] = mapped_column(index=True)
    vote_need_id: Mapped[int] = mapped_column(index=True)
    importance: Mapped[int | None]
    feasibility: Mapped[int | None]
    dots: Mapped[int | None]
