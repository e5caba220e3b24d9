"""Reads and writes efforts that a respondent names while a round is open: who already works on what.

Until closing, only the respondent sees them, because they would tell others who has answered.
"""

import random
from typing import Any

import sqlalchemy as sa

from engage.assessment.efforts.service import Said, say
from engage.assessment.models import Effort, Response, Round
from engage.assessment.service import hold_open, own_open
from engage.coalitions.models import Membership
from engage.database import along
from engage.extensions import db
from engage.versions import claim_version


def own_efforts(response: Response, area: str | None = None) -> list[Effort]:
    """Returns the efforts that this response names, and no one else's."""
    rows = sa.select(Effort).where(
        Effort.coalition_id == response.coalition_id, Effort.response_id == response.id
    )
    if area is not None:
        rows = rows.where(Effort.area == area)
    return list(db.session.scalars(rows.order_by(Effort.id)))


def own_effort(response: Response, effort_id: int) -> Effort | None:
    row = sa.select(Effort).where(
        Effort.coalition_id == response.coalition_id,
        Effort.response_id == response.id,
        Effort.id == effort_id,
    )
    return db.session.scalar(row)


def name_effort(membership: Membership, round_: Round, said: Said) -> Effort:
    """Adds the effort to this person's response until closing.

    Raises RoundIsClosed, and WrongState for someone who has not started.
    """
    response = own_open(membership, round_)
    effort = Effort(
        coalition_id=round_.coalition_id, round_id=round_.id, response_id=response.id, shared=False
    )
    say(effort, said)
    db.session.add(effort)
    return effort


def rename_effort(round_: Round, effort: Effort, version: int, said: Said) -> None:
    """Changes the effort. Raises RoundIsClosed, and StaleVersion if another window saved it in between."""
    hold_open(round_)
    claim_version(effort, version)
    say(effort, said)


def withdraw_effort(round_: Round, effort: Effort) -> None:
    """Deletes the effort. Raises RoundIsClosed."""
    hold_open(round_)
    db.session.delete(effort)


_KEPT = ("area", "who", "sort_key", "what", "for_whom", "place")


def named_in(round_: Round) -> list[dict[str, Any]]:
    """Returns what submitted responses name, and what an earlier closing could not yet share."""
    rows = (
        sa.select(*(getattr(Effort, name) for name in _KEPT))
        .outerjoin(Response, along(Effort.response_id, Response))
        .where(
            Effort.coalition_id == round_.coalition_id,
            Effort.round_id == round_.id,
            Effort.shared.is_(False),
            sa.or_(Effort.response_id.is_(None), Response.submitted.is_(True)),
        )
    )
    return [dict(row._mapping) for row in db.session.execute(rows)]


def keep(round_: Round, named: list[dict[str, Any]], *, shared: bool) -> None:
    """Writes the efforts again as new rows, linked to no one and in random order.

    If the closing released nothing, they wait for a closing that does: beside efforts shared earlier, those
    of fewer than k people would stand out.
    """
    db.session.execute(
        sa.delete(Effort).where(
            Effort.coalition_id == round_.coalition_id,
            Effort.round_id == round_.id,
            Effort.shared.is_(False),
        )
    )
    random.SystemRandom().shuffle(named)
    tied = {"coalition_id": round_.coalition_id, "round_id": round_.id, "shared": shared, "version": 1}
    if named:
        db.session.execute(sa.insert(Effort), [{**row, **tied} for row in named])
