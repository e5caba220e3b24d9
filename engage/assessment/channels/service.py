"""Opens and revokes channels, makes slips, leaves out answers of the open link, and counts once a day who came."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa

from engage import clock, history, tokens
from engage.assessment import queries as assessment_queries
from engage.assessment.channels import queries
from engage.assessment.channels.rules import CODE_LENGTH, MOST_SLIPS, hour_of, seen
from engage.assessment.models import Channel, Guest, Response, Round, Slip, StartCount, Tally
from engage.assessment.rules import ChannelKind, WayIn
from engage.assessment.service import hold_open
from engage.coalitions.models import Coalition, Membership
from engage.content.loader import content
from engage.database import along, insert
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _


def open_channel(membership: Membership, round_: Round, kind: ChannelKind) -> Channel:
    """Opens a channel of this kind, or returns the one that is open.

    Raises RoundIsClosed, and WrongState for a link whose answers the round leaves out.
    """
    hold_open(round_, alone=True)
    there = queries.channel_of(round_, kind)
    if there is not None:
        return there
    if kind is ChannelKind.LINK and round_.link_left_out:
        raise WrongState(
            _("This round leaves out the answers from its open link, so the link cannot be opened again.")
        )
    nonce = tokens.new_token()
    channel = Channel(
        coalition_id=round_.coalition_id,
        round_id=round_.id,
        kind=kind,
        nonce=nonce,
        token_hash=queries.token_hash(queries.made_token(nonce)),
        opened_at=clock.now(),
        opened_by_id=membership.id,
    )
    db.session.add(channel)
    db.session.flush()
    history.note(membership, round_, "door", new=kind)
    return channel


def revoke(membership: Membership, round_: Round, kind: ChannelKind) -> None:
    """Revokes a channel: no one can start with it. People who have started can go on; unused slips become invalid."""
    channel = queries.channel_of(round_, kind)
    if channel is not None:
        channel.revoked_at = clock.now()
        history.note(membership, round_, "door", old=kind)


def leave_out(membership: Membership, round_: Round) -> None:
    """Leaves out all earlier and later answers from the open link; closing deletes them.

    Raises RoundIsClosed. Raises WrongState once a closing has counted them, because then it is unknown which
    they are.
    """
    _before_first_closing(round_)
    round_.link_left_out = True
    revoke(membership, round_, ChannelKind.LINK)
    history.note(membership, round_, "link_left_out", new=True)


def count_again(membership: Membership, round_: Round) -> None:
    """Makes answers from the open link count after all. Raises the errors of `leave_out`."""
    _before_first_closing(round_)
    round_.link_left_out = False
    history.note(membership, round_, "link_left_out", new=False)


def _before_first_closing(round_: Round) -> None:
    hold_open(round_, alone=True)
    if round_.closed_at is not None:
        raise WrongState(
            _("This is decided before a round is closed for the first time, and cannot be changed later.")
        )


# -- slips


def make_slips(membership: Membership, channel: Channel, count: int) -> None:
    """Makes more paper slips. Earlier slips still work, but can no longer be printed.

    Raises WrongState if there would be too many.
    """
    _room_for(channel, count)
    before = sa.update(Slip).where(Slip.coalition_id == channel.coalition_id, Slip.door_id == channel.id)
    db.session.execute(before.values(nonce="").execution_options(synchronize_session=False))
    nonces = [tokens.new_token() for _slip in range(count)]
    for nonce in nonces:
        _add(channel, queries.made_code(nonce), nonce)
    history.record(
        channel.coalition_id, membership.id, Round.__tablename__, channel.round_id, "slips", new=count
    )


def draw_for_mail(channel: Channel) -> str:
    """Makes a new code for one mail and returns it; only its hash is stored, and not the recipient.

    Call it while sending, and never store the code. Raises WrongState if there would be too many.
    """
    _room_for(channel, 1)
    code = tokens.readable_token(CODE_LENGTH)
    _add(channel, code, "")
    return code


def _room_for(channel: Channel, count: int) -> None:
    if channel.revoked_at is not None:
        raise WrongState(_("These slips are turned off. Turn on slips again first."))
    there = db.session.scalar(sa.select(sa.func.count(Slip.id)).where(Slip.door_id == channel.id)) or 0
    if there + count > MOST_SLIPS:
        raise WrongState(
            _("A round has at most %(most)s slips; %(there)s already exist.", most=MOST_SLIPS, there=there)
        )


def _add(channel: Channel, code: str, nonce: str) -> None:
    """Adds a slip with a random id, because ids in order would reveal with which mail the code was sent."""
    number = secrets.randbelow(2**31 - 1) + 1
    while db.session.get(Slip, number) is not None:
        number = secrets.randbelow(2**31 - 1) + 1
    db.session.add(
        Slip(
            id=number,
            coalition_id=channel.coalition_id,
            door_id=channel.id,
            nonce=nonce,
            code_hash=queries.code_hash(code),
            used=False,
        )
    )
    db.session.flush()


# -- closing, and the daily count


def settle(round_: Round) -> None:
    """Deletes the open link's answers if the round leaves them out; otherwise counts them.

    Closing calls it after it has submitted every response that counts. It also records the way of each
    response, and deletes the daily counts.
    """
    _note_ways(round_)
    by_link = sa.select(Guest.response_id).where(
        Guest.coalition_id == round_.coalition_id, Guest.round_id == round_.id, Guest.kind == ChannelKind.LINK
    )
    mine = (Response.coalition_id == round_.coalition_id, Response.id.in_(by_link))
    if round_.link_left_out:
        db.session.execute(sa.delete(Response).where(*mine))
    else:
        submitted = sa.select(sa.func.count(Response.id)).where(*mine, Response.submitted.is_(True))
        round_.by_link += db.session.scalar(submitted) or 0
    db.session.execute(
        sa.delete(Tally).where(Tally.coalition_id == round_.coalition_id, Tally.round_id == round_.id)
    )


def _note_ways(round_: Round) -> None:
    """Records which responses came with an account and which by the open link, before closing deletes this."""
    mine = (Response.coalition_id == round_.coalition_id, Response.round_id == round_.id)
    by_link = sa.exists().where(along(Guest.response_id, Response), Guest.kind == ChannelKind.LINK)
    for way, came in (
        (WayIn.ACCOUNT, Response.respondent_id.is_not(None)),
        (WayIn.LINK, by_link.correlate(Response)),
    ):
        noted = sa.update(Response).where(*mine, came).values(way=way)
        db.session.execute(noted.execution_options(synchronize_session=False))


def keep_tally(round_: Round, time_zone: str) -> None:
    """Counts who came, unless that was done today: two counts a day would reveal single people."""
    today = clock.today(time_zone)
    row = db.session.scalar(
        sa.select(Tally).where(Tally.coalition_id == round_.coalition_id, Tally.round_id == round_.id)
    )
    if row is not None and row.made_on >= today:
        return
    ways, sectors = queries.who_came(round_, [each.key for each in content().sectors_of_people])
    counted = seen(ways, sectors, round_.k).to_json()
    if row is not None:
        row.made_on, row.counts = today, counted
        return
    new = insert(Tally, db.engine.dialect.name).values(
        coalition_id=round_.coalition_id, round_id=round_.id, made_on=today, counts=counted
    )
    db.session.execute(new.on_conflict_do_nothing(index_elements=["round_id"]))  # both may be first


def coalitions_to_count() -> list[int]:
    """Returns the coalitions with an open round that has a channel to answer without an account."""
    rounds = sa.select(Round.coalition_id).where(_has_channel()).distinct()
    return list(db.session.scalars(rounds))


def keep_tally_of(coalition_id: int) -> int:
    """Counts who came to each of the coalition's open rounds that has a channel, once a day; returns their number."""
    found = db.session.execute(
        sa.select(Round, Coalition.time_zone)
        .join(Coalition, Coalition.id == Round.coalition_id)
        .where(Round.coalition_id == coalition_id, _has_channel())
    ).all()
    for round_, time_zone in found:
        keep_tally(round_, time_zone)
    return len(found)


def _has_channel() -> sa.ColumnElement[bool]:
    return sa.and_(assessment_queries.takes_answers(), sa.exists().where(along(Channel.round_id, Round)))


def forget_addresses(now: datetime) -> int:
    """Deletes the counts of starts by network address of earlier hours; returns the number of deleted rows."""
    old = sa.delete(StartCount).where(StartCount.hour < hour_of(now))
    return int(db.session.execute(old).rowcount)  # type: ignore[attr-defined]
