"""Reads a channel by its token, and a guest's own response by the browser's cookie, and nothing else."""

from __future__ import annotations

import sqlalchemy as sa
from flask import current_app
from msgspec import Struct
from sqlalchemy.orm import defer

from engage import clock, tokens
from engage.assessment.channels.queries import code_hash, token_hash
from engage.assessment.languages import stored_questions
from engage.assessment.models import Channel, Guest, Response, Round, Slip
from engage.assessment.queries import takes_answers
from engage.assessment.questions import QuestionSet
from engage.assessment.rules import ChannelKind, RoundState, round_state
from engage.coalitions.models import Coalition
from engage.database import along
from engage.extensions import db


class GuestEntrance(Struct, frozen=True):
    """A channel as people with its link see it. Of the coalition it holds only the name."""

    token: str
    door_id: int
    kind: ChannelKind
    is_revoked: bool
    coalition: str
    time_zone: str
    language: str
    round: Round
    questions: QuestionSet

    @property
    def lets_in(self) -> bool:
        """Returns whether someone may start here."""
        return self.round.is_open and not self.is_revoked and not self.is_left_out

    @property
    def is_left_out(self) -> bool:
        """Returns whether answers given here do not count."""
        return self.kind is ChannelKind.LINK and self.round.link_left_out

    @property
    def is_over(self) -> bool:
        """Returns whether the last day for answers has passed while the round still takes them."""
        today = clock.today(self.time_zone)
        closed_at = None if self.round.is_open else self.round.closed_at
        return round_state(closed_at, self.round.closes_on, today) is RoundState.OVER


# These statements are built once, because every answer runs them and building one takes longer than running
# it.
_ENTRANCE = (
    sa.select(
        Channel.id,
        Channel.kind,
        Channel.revoked_at,
        Coalition.name,
        Coalition.time_zone,
        Coalition.language,
        Round,
        sa.cast(Round.questions, sa.Text),
    )
    .options(defer(Round.questions))
    .join(Round, along(Channel.round_id, Round))
    .join(Coalition, Coalition.id == Channel.coalition_id)
    .where(Channel.token_hash == sa.bindparam("token_hash"), Coalition.closed_at.is_(None))
)
_OWN = (
    sa.select(Response)
    .join(Guest, along(Guest.response_id, Response))
    .where(Guest.round_id == sa.bindparam("round_id"), Guest.key_hash == sa.bindparam("key_hash"))
)
_OWN_OPEN = (
    _OWN.join(Round, along(Response.round_id, Round))
    .where(takes_answers())
    .with_for_update(read=True, of=Round)
)


def entrance(token: str) -> GuestEntrance | None:
    """Returns the channel with this token, even if its round is closed or it is revoked."""
    row = db.session.execute(_ENTRANCE, {"token_hash": token_hash(token)}).one_or_none()
    if row is None:
        return None
    door_id, kind, revoked_at, coalition, time_zone, language, round_, questions = row
    return GuestEntrance(
        token,
        door_id,
        kind,
        revoked_at is not None,
        coalition,
        time_zone,
        language,
        round_,
        stored_questions(questions),
    )


def lets_in_now(channel: GuestEntrance) -> bool:
    """Returns whether someone may still start here; call it after the round was locked as open until the commit."""
    row = db.session.execute(
        sa.select(Channel.revoked_at, Round.link_left_out)
        .join(Round, along(Channel.round_id, Round))
        .where(Channel.id == channel.door_id)
    ).one()
    is_left_out = channel.kind is ChannelKind.LINK and row.link_left_out
    return row.revoked_at is None and not is_left_out


def knows_slip(channel: GuestEntrance, code: str) -> bool:
    """Returns whether a slip of this channel has the code, used or not."""
    found = sa.exists().where(Slip.door_id == channel.door_id, Slip.code_hash == code_hash(code))
    return bool(db.session.scalar(sa.select(found)))


def key_hash(browser: str, round_: Round) -> str:
    """Returns the hash of the browser's value as the database stores it; it differs for each round."""
    return tokens.keyed(current_app.config["SECRET_KEY"], "answers", f"{browser}|{round_.id}")


def resume_hash(code: str, round_: Round) -> str:
    """Returns the hash of a code to come back as the database stores it."""
    return tokens.keyed(current_app.config["SECRET_KEY"], "answers again", f"{code}|{round_.id}")


def own_response(round_: Round, browser: str | None) -> Response | None:
    """Returns the response that belongs to this browser, and no other."""
    if browser is None:
        return None
    return db.session.scalar(_OWN, {"round_id": round_.id, "key_hash": key_hash(browser, round_)})


def own_open_response(round_: Round, browser: str | None) -> Response | None:
    """Returns this browser's response if the round takes answers; the round cannot be closed until the commit."""
    if browser is None:
        return None
    return db.session.scalar(_OWN_OPEN, {"round_id": round_.id, "key_hash": key_hash(browser, round_)})


def guest_of(response: Response) -> Guest:
    """Returns the row that marks a response as given without an account."""
    return db.session.scalars(
        sa.select(Guest).where(Guest.coalition_id == response.coalition_id, Guest.response_id == response.id)
    ).one()


def guest_by_code(round_: Round, code: str) -> Guest | None:
    """Returns the guest row of a code to come back."""
    return db.session.scalar(
        sa.select(Guest)
        .join(Round, along(Guest.round_id, Round))
        .where(Guest.round_id == round_.id, Guest.resume_hash == resume_hash(code, round_), takes_answers())
        .with_for_update(read=True, of=Round)
    )
