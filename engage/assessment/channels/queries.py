"""Reads a round's channels and slips, and counts who answered through them, but never what anyone answered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from flask import current_app
from msgspec import Struct

from engage import tokens
from engage.assessment.channels.rules import CODE_LENGTH, TOKEN_LENGTH, Seen
from engage.assessment.models import Channel, Guest, Paper, Response, Round, Slip, Tally
from engage.assessment.queries import counts
from engage.assessment.rules import ChannelKind, WayIn
from engage.database import along
from engage.extensions import db


def channel_of(round_: Round, kind: ChannelKind) -> Channel | None:
    """Returns the round's channel of this kind that is not revoked."""
    return db.session.scalar(
        sa.select(Channel).where(
            Channel.coalition_id == round_.coalition_id,
            Channel.round_id == round_.id,
            Channel.kind == kind,
            Channel.revoked_at.is_(None),
        )
    )


def had(round_: Round, kind: ChannelKind) -> bool:
    """Returns whether the round has or once had a channel of this kind."""
    found = sa.exists().where(
        Channel.coalition_id == round_.coalition_id, Channel.round_id == round_.id, Channel.kind == kind
    )
    return bool(db.session.scalar(sa.select(found)))


def may_leave_link_out(round_: Round) -> bool:
    """Returns whether the open link's answers may be left out: there was a link, and no closing counted its answers."""
    return round_.closed_at is None and not round_.link_left_out and had(round_, ChannelKind.LINK)


def crowded_on(round_: Round) -> date | None:
    """Returns the last day on which too many people started from one network address within an hour."""
    return db.session.scalar(
        sa.select(sa.func.max(Channel.crowded_on)).where(
            Channel.coalition_id == round_.coalition_id, Channel.round_id == round_.id
        )
    )


def token_hash(token: str) -> str:
    return tokens.keyed(current_app.config["SECRET_KEY"], "answer door", token)


def code_hash(code: str) -> str:
    return tokens.keyed(current_app.config["SECRET_KEY"], "answer slip", code)


def made_token(nonce: str) -> str:
    return tokens.derived_readable(current_app.config["SECRET_KEY"], "answer", nonce, TOKEN_LENGTH)


def made_code(nonce: str) -> str:
    return tokens.derived_readable(current_app.config["SECRET_KEY"], "answer slip", nonce, CODE_LENGTH)


def token_of(channel: Channel) -> str | None:
    """Returns the token in the channel's address; None if it was made with an earlier key."""
    token = made_token(channel.nonce)
    return token if token_hash(token) == channel.token_hash else None


class Slips(Struct, frozen=True):
    """The paper slips of the last printing. `missing` is the number of those that cannot be printed again."""

    codes: list[str]
    missing: int


def slips_of(channel: Channel) -> Slips:
    """Returns the newest paper slips, used or not: a list of unused slips would reveal who has used theirs."""
    rows = db.session.execute(
        sa.select(Slip.nonce, Slip.code_hash)
        .where(Slip.coalition_id == channel.coalition_id, Slip.door_id == channel.id, Slip.nonce != "")
        .order_by(Slip.code_hash)
    ).all()
    codes = [code for row in rows if code_hash(code := made_code(row.nonce)) == row.code_hash]
    return Slips(codes, len(rows) - len(codes))


class SeenOn(Struct, frozen=True):
    """What coordinators may see of the counts, and the day on which they were made."""

    day: date
    seen: Seen


def tally_of(round_: Round) -> SeenOn | None:
    row = db.session.scalar(
        sa.select(Tally).where(Tally.coalition_id == round_.coalition_id, Tally.round_id == round_.id)
    )
    return None if row is None else SeenOn(row.made_on, Seen.from_json(row.counts))


def who_came(round_: Round, sectors: Collection[str]) -> tuple[dict[WayIn, int], dict[str, int]]:
    """Counts the responses that would count now, by way; those through a channel also by sector."""
    rows = db.session.execute(
        sa.select(Guest.kind, Paper.id.is_not(None), Response.sector, sa.func.count())
        .select_from(Response)
        .outerjoin(Guest, along(Guest.response_id, Response))
        .outerjoin(Paper, along(Paper.response_id, Response))
        .where(
            Response.coalition_id == round_.coalition_id,
            Response.round_id == round_.id,
            Response.released.is_(False),
            counts(round_),
        )
        .group_by(Guest.kind, Paper.id.is_not(None), Response.sector)
    )
    ways: Counter[WayIn] = Counter()
    by_sector: Counter[str] = Counter(dict.fromkeys(sectors, 0))
    for kind, on_paper, sector, number in rows:
        ways[WayIn(kind) if kind else WayIn.PAPER if on_paper else WayIn.ACCOUNT] += number
        if kind:
            by_sector[sector] += number
    return dict(ways), dict(by_sector)
