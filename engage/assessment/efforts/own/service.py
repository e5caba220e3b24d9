"""Reads and writes efforts that a respondent names while a round is open: who already works on what.

Until closing, only the respondent sees them, because they would reveal who has answered.
"""

import random

import sqlalchemy as sa

from engage import clock
from engage.assessment import queries
from engage.assessment.efforts.service import Said, say
from engage.assessment.models import Effort, Response, Round
from engage.assessment.service import hold_open, own_open
from engage.coalitions.models import Membership
from engage.database import along
from engage.extensions import db
from engage.versions import claim_version


def own_efforts(response: Response, area: str | None = None) -> list[Effort]:
    """Returns the efforts that this response names, without those no longer shown to its owner."""
    rows = sa.select(Effort).where(*_shown_of(response))
    if area is not None:
        rows = rows.where(Effort.area == area)
    return list(db.session.scalars(rows.order_by(Effort.id)))


def own_effort(response: Response, effort_id: int) -> Effort | None:
    return db.session.scalar(sa.select(Effort).where(*_shown_of(response), Effort.id == effort_id))


def hides_efforts(response: Response) -> bool:
    """Returns whether the response names efforts that are no longer shown to its owner."""
    mine = (Effort.coalition_id == response.coalition_id, Effort.response_id == response.id)
    named = db.session.scalar(sa.select(sa.func.count(Effort.id)).where(*mine)) or 0
    return named > len(own_efforts(response))


def _shown_of(response: Response) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Effort.coalition_id == response.coalition_id,
        Effort.response_id == response.id,
        queries.is_shown(Effort.added_at, response),
    )


def name_effort(membership: Membership, round_: Round, said: Said) -> Effort:
    """Adds an effort to this person's response, to which it belongs until closing.

    Raises RoundIsClosed, and WrongState for someone who has not started.
    """
    response = own_open(membership, round_)
    effort = Effort(
        coalition_id=round_.coalition_id,
        round_id=round_.id,
        response_id=response.id,
        shared=False,
        added_at=clock.now(),
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


def named_in(round_: Round) -> list[dict[str, object]]:
    """Returns the efforts that submitted responses name, and those that an earlier closing could not share yet."""
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


def keep(round_: Round, named: list[dict[str, object]], *, shared: bool) -> None:
    """Writes the efforts again as new rows, linked to no one and in random order.

    If the closing released nothing, members see the efforts only after a closing that does: beside efforts
    shared earlier, those of fewer than k people would stand out.
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
