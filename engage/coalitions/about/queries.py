"""Reads what a coalition says about itself, its positions, and who has accepted the statement."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from engage.coalitions.about.models import About, Position
from engage.coalitions.about.rules import OF_COALITION, AboutPart
from engage.coalitions.models import Membership
from engage.coalitions.queries import active
from engage.coalitions.rules import Role
from engage.database import along
from engage.extensions import db


class PositionRow(NamedTuple):
    """A position with the names of its holder and of the substitute; a name is empty if there is no one."""

    id: int
    title: str
    person_id: int | None
    person: str
    is_named: bool
    stand_in: str
    is_stand_in_named: bool
    since: date | None
    until: date | None


class Signer(NamedTuple):
    """A person who is asked to accept the statement, with the number of the one they accepted last, and the day."""

    id: int
    name: str
    has_account: bool
    number: int | None
    accepted_on: date | None


def about_of(membership: Membership) -> About:
    """Returns the coalition's About row; if nothing was saved yet, an empty object that is not in the session."""
    row = db.session.scalar(sa.select(About).where(About.coalition_id == membership.coalition_id))
    return row or About(
        coalition_id=membership.coalition_id,
        structure_note="",
        joining="",
        expectations="",
        open_meetings="",
        statement="",
        statement_number=0,
        public_parts=[],
        version=0,
    )


# The statement is built once, because Home runs it.
_WAITS = sa.select(
    sa.exists().where(
        About.coalition_id == sa.bindparam("coalition_id"),
        About.statement != "",
        About.statement_number != sa.bindparam("accepted"),
    )
)


def statement_waits(membership: Membership) -> bool:
    """Returns whether this person is asked to accept the current confidentiality statement, and has not."""
    asked = {"coalition_id": membership.coalition_id, "accepted": membership.accepted_number or 0}
    return membership.role is not Role.VIEWER and bool(db.session.scalar(_WAITS, asked))


def positions(membership: Membership) -> list[PositionRow]:
    """Returns the positions in the order in which they were added. People who left hold none."""
    holder, other = aliased(Membership), aliased(Membership)
    rows = (
        sa.select(
            Position.id,
            Position.title,
            holder.id.label("person_id"),
            sa.func.coalesce(holder.name, "").label("person"),
            sa.func.coalesce(holder.named_in_public, sa.false()).label("is_named"),
            sa.func.coalesce(other.name, "").label("stand_in"),
            sa.func.coalesce(other.named_in_public, sa.false()).label("is_stand_in_named"),
            Position.since,
            Position.until,
        )
        .outerjoin(holder, sa.and_(along(Position.membership_id, holder), holder.left_on.is_(None)))
        .outerjoin(other, sa.and_(along(Position.stand_in_id, other), other.left_on.is_(None)))
        .where(Position.coalition_id == membership.coalition_id)
        .order_by(Position.id)
    )
    return [PositionRow(**row._mapping) for row in db.session.execute(rows)]


def shows_anything(membership: Membership) -> bool:
    """Returns whether a part that is marked public has any text or position to show."""
    about, coalition = about_of(membership), membership.coalition
    for part in about.public_parts:
        if part == AboutPart.POSITIONS:
            said: object = positions(membership)
        elif part == AboutPart.STRUCTURE:
            said = (
                about.structure_note
                or coalition.structure
                or coalition.leadership
                or coalition.membership_style
            )
        else:
            said = getattr(coalition if part in OF_COALITION else about, part)
        if said:
            return True
    return False


def position_of(membership: Membership, position_id: int) -> Position | None:
    """Returns one of the coalition's positions."""
    return db.session.scalar(
        sa.select(Position).where(
            Position.coalition_id == membership.coalition_id, Position.id == position_id
        )
    )


def positions_held_by(person: Membership) -> Sequence[Position]:
    """Returns the positions of which this person is the holder or the substitute."""
    rows = sa.select(Position).where(
        Position.coalition_id == person.coalition_id,
        sa.or_(Position.membership_id == person.id, Position.stand_in_id == person.id),
    )
    return db.session.scalars(rows.order_by(Position.id)).all()


def signers(membership: Membership) -> list[Signer]:
    """Returns everyone who is asked to accept the statement, by name: active members and coordinators."""
    rows = (
        sa.select(
            Membership.id,
            Membership.name,
            Membership.user_id.is_not(None).label("has_account"),
            Membership.accepted_number.label("number"),
            Membership.accepted_on,
        )
        .where(Membership.coalition_id == membership.coalition_id, Membership.role != Role.VIEWER, *active())
        .order_by(Membership.sort_key, Membership.id)
    )
    return [Signer(**row._mapping) for row in db.session.execute(rows)]
