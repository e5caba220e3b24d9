"""Writes votes on which needs come first."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from engage import clock, history, tokens, versions
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.coalitions.trash import service as trash_service
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.snapshots import Snapshot
from engage.strengths import service
from engage.strengths.rules import RatingSource
from engage.strengths.votes import queries
from engage.strengths.votes import results as votes_results
from engage.strengths.votes.models import Ballot, BallotRating, Vote, VoteCode, VoteNeed, new_vote_token
from engage.strengths.votes.rules import KEPT_FOR, MOST_BALLOTS, VoteResult, VoteState, may_move, may_reopen
from engage.versions import claim_version

CODE_LENGTH = 10
# The audit log has these events for changes of state.
EVENTS = {
    (VoteState.PREPARED, VoteState.OPEN): AuditEvent.VOTE_OPENED,
    (VoteState.OPEN, VoteState.CLOSED): AuditEvent.VOTE_CLOSED,
    (VoteState.CLOSED, VoteState.OPEN): AuditEvent.VOTE_REOPENED,
    (VoteState.OPEN, VoteState.PREPARED): AuditEvent.VOTE_STARTED_OVER,
}
# These are the needs chosen for a vote, each with whether hands are counted for it.
Chosen = Sequence[tuple[int, bool]]


def prepare(membership: Membership, values: Mapping[str, object], needs: Chosen) -> Vote:
    """Prepares a vote, in which no one can take part yet. `values` are the vote's columns by name."""
    erase_old_ballots(clock.now(), membership.coalition_id)
    vote = Vote(
        coalition_id=membership.coalition_id,
        token=new_vote_token(),
        created_at=clock.now(),
        created_by_id=membership.id,
        **values,
    )
    db.session.add(vote)
    db.session.flush()
    _choose(vote, needs)
    history.note(membership, vote, "state", new=VoteState.PREPARED)
    return vote


def edit(
    membership: Membership, vote: Vote, version: int, values: Mapping[str, object], needs: Chosen
) -> None:
    """Edits a vote. Raises StaleVersion, and WrongState once it was opened."""
    still_prepared(vote)
    versions.change(membership, vote, version, values)
    of_it = (VoteNeed.coalition_id == vote.coalition_id, VoteNeed.vote_id == vote.id)
    db.session.execute(sa.delete(VoteNeed).where(*of_it))
    _choose(vote, needs)


def _choose(vote: Vote, needs: Chosen) -> None:
    for position, (need_id, by_hand) in enumerate(needs, 1):
        db.session.add(
            VoteNeed(
                coalition_id=vote.coalition_id,
                vote_id=vote.id,
                need_id=need_id,
                position=position,
                by_hand=by_hand,
            )
        )
    db.session.flush()


def again(membership: Membership, vote: Vote) -> Vote:
    """Prepares the same vote again, without needs that have been closed."""
    columns = ("title", "meeting_id", "method", "access", "dots", "dots_each", "shows_order")
    needs = queries.needs_of_vote(vote.coalition_id, vote.id)
    chosen = [(need.need_id, need.by_hand) for need in needs if not need.closed]
    return prepare(membership, {name: getattr(vote, name) for name in columns}, chosen)


def still_prepared(vote: Vote) -> Vote:
    """Returns the vote. Raises WrongState once it was opened."""
    if vote.state is not VoteState.PREPARED:
        raise WrongState(_("This vote has begun. Start it over to change what it asks."))
    return vote


def still_open(vote: Vote) -> Vote:
    """Returns the vote. Raises WrongState before it was opened and after it was closed."""
    if vote.state is not VoteState.OPEN:
        raise WrongState(_("This vote is not open."))
    return vote


# -- changes of state


def _move(membership: Membership, vote: Vote, to: VoteState, **values: object) -> bool:
    """Changes the vote's state by one conditional UPDATE; of two people who press at once, the second gets False."""
    before = vote.state
    moved = (
        sa.update(Vote)
        .where(Vote.coalition_id == vote.coalition_id, Vote.id == vote.id, Vote.state == before)
        .values(state=to, version=Vote.version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if not may_move(before, to) or db.session.execute(moved).rowcount != 1:  # type: ignore[attr-defined]
        db.session.refresh(vote)
        return False
    db.session.refresh(vote)
    history.note(membership, vote, "state", old=before, new=to)
    audit_service.record(membership, EVENTS[before, to], vote)
    return True


def open_vote(membership: Membership, vote: Vote) -> bool:
    """Opens the vote for ballots. Returns False if it was opened already.

    Raises WrongState once it was closed: only `reopen` knows whether its ballots still exist.
    """
    if vote.state is VoteState.CLOSED:
        raise WrongState(_("This vote has ended. On its page you can vote again on the same needs."))
    if not queries.needs_of_vote(vote.coalition_id, vote.id):
        raise WrongState(_("Choose at least one need to vote on first."))
    return _move(membership, vote, VoteState.OPEN, opened_at=clock.now())


def start_over(membership: Membership, vote: Vote) -> bool:
    """Goes back to preparing; deletes every ballot and every counted hand. Returns False if the vote is not open."""
    if not _move(membership, vote, VoteState.PREPARED, opened_at=None):
        return False
    _erase_ballots(Vote.id == vote.id)
    of_it = (VoteNeed.coalition_id == vote.coalition_id, VoteNeed.vote_id == vote.id)
    db.session.execute(sa.update(VoteNeed).where(*of_it).values(hands=sa.null()))
    return True


def close(membership: Membership, vote: Vote) -> bool:
    """Counts the ballots, stores the result, and rates the needs by it.

    Returns False if the vote was closed already. Ballots lock the vote's row while they are saved, so that
    none is counted in part.
    """
    ballots = queries.ballots_of
    if not _move(membership, vote, VoteState.CLOSED, closed_at=clock.now(), ballots=0):
        return False
    vote.ballots = ballots(vote.coalition_id, vote.id)
    needs = queries.needs_of_vote(vote.coalition_id, vote.id)
    results = votes_results.counted_now(vote.coalition_id, vote.id, vote.method, needs)
    rows = {row.id: row for row in db.session.scalars(sa.select(VoteNeed).where(VoteNeed.vote_id == vote.id))}
    for key, result in results.items():
        _write_down(rows[key], result)
    _rate(membership, vote, {need.need_id: results[need.id] for need in needs})
    return True


def _write_down(row: VoteNeed, result: VoteResult) -> None:
    row.voters, row.dots = result.voters, result.dots
    row.importance, row.feasibility = result.importance, result.feasibility


def _rate(membership: Membership, vote: Vote, results: Mapping[int, VoteResult]) -> None:
    """Sets the needs' ratings to the medians.

    Dots rank needs but say nothing about importance or feasibility.
    """
    today = clock.today(membership.coalition.time_zone)
    for need in queries.needs_by_id(membership, results):
        result = results[need.id]
        if need.closed_on is None and result.importance is not None and result.feasibility is not None:
            service.rate(need, result.importance, result.feasibility, RatingSource.VOTE, today, membership)


def reopen(membership: Membership, vote: Vote) -> bool:
    """Accepts ballots again; existing ones can be changed. Returns False if the vote is not closed.

    The needs keep the result until the vote is closed again. Raises WrongState once its ballots are deleted.
    """
    if vote.state is not VoteState.CLOSED:
        return False
    if not may_reopen(vote.closed_at, clock.now()):
        raise WrongState(_("Its ballots are erased, a day after it was closed. Vote again instead."))
    if not _move(membership, vote, VoteState.OPEN, closed_at=None, ballots=None):
        return False
    for row in db.session.scalars(sa.select(VoteNeed).where(VoteNeed.vote_id == vote.id)):
        row.voters = row.importance = row.feasibility = row.dots = None
    return True


def delete(membership: Membership, vote: Vote) -> Snapshot:
    """Moves a vote that never began to the trash, with its questions and slips. Raises WrongState."""
    return trash_service.put(membership, still_prepared(vote))


# -- while a vote is open


def count_people(membership: Membership, vote: Vote, people: int) -> None:
    """Saves the number of people that the facilitator counted."""
    if vote.people_here != people:
        history.note(membership, vote, "people_here", old=vote.people_here, new=people)
        vote.people_here = people


def count_hands(
    membership: Membership, vote: Vote, version: int, hands: Mapping[int, dict[str, object] | None]
) -> None:
    """Saves hands by the vote's own id of each need; None if they were not counted.

    Raises WrongState, StaleVersion.
    """
    still_open(vote)
    claim_version(vote, version)
    rows = sa.select(VoteNeed).where(VoteNeed.vote_id == vote.id, VoteNeed.by_hand.is_(True))
    for row in db.session.scalars(rows):
        if row.id in hands:
            row.hands = hands[row.id]
    history.note(membership, vote, "hands")


def make_slips(membership: Membership, vote: Vote, count: int) -> None:
    """Makes more slips of paper. Raises WrongState if there would be more slips than ballots allowed."""
    if vote.state is VoteState.CLOSED:
        raise WrongState(_("This vote is closed."))
    there = db.session.scalar(sa.select(sa.func.count(VoteCode.id)).where(VoteCode.vote_id == vote.id)) or 0
    if there + count > MOST_BALLOTS:
        raise WrongState(
            _("A vote has at most %(most)s slips; %(there)s already exist.", most=MOST_BALLOTS, there=there)
        )
    for _slip in range(count):
        nonce = tokens.new_token()
        db.session.add(
            VoteCode(
                coalition_id=vote.coalition_id,
                vote_id=vote.id,
                nonce=nonce,
                token_hash=tokens.hashed(_code(nonce)),
            )
        )
    db.session.flush()
    history.note(membership, vote, "slips", new=count)


def code_of(slip: VoteCode) -> str | None:
    """Returns the slip's code; None if it was made with an earlier key."""
    code = _code(slip.nonce)
    return code if tokens.hashed(code) == slip.token_hash else None


def _code(nonce: str) -> str:
    return tokens.derived_readable(current_app.config["SECRET_KEY"], "slip", nonce, CODE_LENGTH)


# -- later


def erase_old_ballots(now: datetime, coalition_id: int | None = None) -> int:
    """Deletes ballots a day after their vote was closed, and returns how many; the counts stay.

    It works for one coalition, or for all, and is safe to repeat.
    """
    old = [Vote.closed_at < now - KEPT_FOR]
    if coalition_id is not None:
        old.append(Vote.coalition_id == coalition_id)
    return _erase_ballots(*old)


def _erase_ballots(*of_votes: sa.ColumnElement[bool]) -> int:
    votes = sa.select(Vote.id).where(*of_votes)
    ballots = sa.select(Ballot.id).where(Ballot.vote_id.in_(votes))
    db.session.execute(sa.delete(BallotRating).where(BallotRating.ballot_id.in_(ballots)))
    gone = db.session.execute(sa.delete(Ballot).where(Ballot.vote_id.in_(votes)))
    return int(gone.rowcount)  # type: ignore[attr-defined]
