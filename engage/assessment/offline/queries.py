"""Finds the key of a phone, with the response and the round for which it was made."""

from datetime import datetime

import sqlalchemy as sa
from flask_login import current_user
from msgspec import Struct

from engage.assessment import queries as assessment_queries
from engage.assessment.guests import cookie
from engage.assessment.guests import queries as guest_queries
from engage.assessment.models import Answer, Guest, OfflineKey, Response, Round
from engage.assessment.offline.rules import MOST_KEYS, Standing
from engage.assessment.rules import ChannelKind
from engage.coalitions import queries as coalitions
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.permissions import Permission, may
from engage.database import along
from engage.extensions import db
from engage.tokens import hashed


class KeptResponse(Struct, frozen=True):
    """A phone's key, and the response for which it was made; `membership` is the respondent's, None for a guest."""

    key: OfflineKey
    response: Response
    round: Round
    coalition: Coalition
    membership: Membership | None


def kept(handle: str, *, to_take: bool = False) -> KeptResponse | Standing:
    """Returns what belongs to the name that a phone was given, if the same respondent asks and the round is open.

    With `to_take`, the round cannot be closed until the commit, and no other request takes answers of this phone.
    """
    rows = (
        sa.select(OfflineKey, Response, Round, Coalition)
        .join(Response, along(OfflineKey.response_id, Response))
        .join(Round, along(Response.round_id, Round))
        .join(Coalition, Coalition.id == OfflineKey.coalition_id)
        .where(OfflineKey.handle_hash == hashed(handle), Coalition.closed_at.is_(None))
    )
    row = db.session.execute(rows).one_or_none()
    if row is None or not row.Round.is_open:
        return Standing.CLOSED
    key, response, round_, coalition = row
    membership = None
    if response.respondent_id is None:
        own = guest_queries.own_open_response if to_take else guest_queries.own_response
        mine = own(round_, cookie.browser())
    elif not current_user.is_authenticated:
        return Standing.SIGNED_OUT
    else:
        membership = _place(response)
        own_member = assessment_queries.own_open_response if to_take else assessment_queries.own_response
        mine = own_member(membership, round_) if membership is not None else None
    if mine is not response:
        return Standing.OTHER
    if to_take:
        db.session.refresh(key, with_for_update=True)
    return KeptResponse(key, response, round_, coalition, membership)


def _place(response: Response) -> Membership | None:
    """Returns the respondent's place in the coalition, if it is that of the person who is signed in."""
    places = coalitions.memberships_of(current_user.id)
    found = next((each for each in places if each.id == response.respondent_id), None)
    return found if found is not None and may(found.role, Permission.ANSWER) else None


def may_have_a_key(response: Response) -> bool:
    """Returns whether one more phone may keep this response's questions."""
    mine = (OfflineKey.coalition_id == response.coalition_id, OfflineKey.response_id == response.id)
    count = db.session.scalar(sa.select(sa.func.count(OfflineKey.id)).where(*mine))
    return (count or 0) < MOST_KEYS


def saved_at(response: Response) -> dict[str, datetime | None]:
    """Returns when each question was last answered; a guest's answers have no time."""
    rows = sa.select(Answer.indicator, Answer.answered_at).where(
        Answer.coalition_id == response.coalition_id, Answer.response_id == response.id
    )
    return {row.indicator: row.answered_at for row in db.session.execute(rows)}


def channel_kind(response: Response) -> ChannelKind:
    """Returns the kind of channel by which a response without an account was begun."""
    rows = sa.select(Guest.kind).where(
        Guest.coalition_id == response.coalition_id, Guest.response_id == response.id
    )
    return db.session.scalars(rows).one()
