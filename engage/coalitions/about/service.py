"""Writes what a coalition says of itself, its positions, and who accepts the statement."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from msgspec import Struct

from engage import clock, history
from engage.coalitions.about import queries
from engage.coalitions.about.models import About, Position
from engage.coalitions.about.rules import OF_COALITION, is_asked
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.service import Shape, lock, note_setting, set_shape
from engage.coalitions.trash import kinds
from engage.coalitions.trash import queries as trash_queries
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind, Return
from engage.errors import WrongState
from engage.extensions import db
from engage.kept import KeptCopy
from engage.versions import claim_version

TABLE = Position.__tablename__
PEOPLE = Membership.__tablename__
_PLACES = ("membership_id", "stand_in_id")


# -- what it says


def save(membership: Membership, version: int, texts: dict[str, str]) -> About:
    """Saves texts of About us. Raises StaleVersion if someone saved a part of it in between."""
    about = _claimed(membership, version)
    for field, text in texts.items():
        row = membership.coalition if field in OF_COALITION else about
        if getattr(row, field) == text:
            continue
        setattr(row, field, text)
        if field == "statement":
            about.statement_number += 1
        _note(membership, field)
    return about


def save_shape(membership: Membership, version: int, shape: Shape, note: str) -> None:
    """Saves how the coalition is set up, and what that means here. Raises StaleVersion."""
    save(membership, version, {"structure_note": note})
    set_shape(membership, shape)


def publish_parts(membership: Membership, version: int, parts: Collection[str]) -> None:
    """Sets which parts the public page shows. Raises StaleVersion."""
    about = _claimed(membership, version)
    if sorted(about.public_parts) != sorted(parts):
        about.public_parts = list(parts)
        _note(membership, "public_parts")


def _claimed(membership: Membership, version: int) -> About:
    lock(membership.coalition_id)
    about = queries.about_of(membership)
    if about.version:
        claim_version(about, version)
    else:
        about.version = 1
        db.session.add(about)
        db.session.flush()
    return about


def _note(membership: Membership, field: str) -> None:
    coalition_id = membership.coalition_id
    history.record(coalition_id, membership.id, "coalitions_coalition", coalition_id, field)
    note_setting(membership, field)


# -- the statement


def accept(membership: Membership, number: int) -> None:
    """Notes that this person accepts the statement with this number. Raises WrongState if the statement has changed."""
    if queries.about_of(membership).statement_number != number:
        raise WrongState(_("The statement changed while you read it. Please read it again, then accept it."))
    _accepted(membership, number, membership)


def accepted_on_paper(actor: Membership, people: Collection[int]) -> int:
    """Notes that these people signed the statement as it stands now, on paper; returns how many."""
    about = queries.about_of(actor)
    rows = sa.select(Membership).where(
        Membership.coalition_id == actor.coalition_id, Membership.id.in_(sorted(people))
    )
    asked = [
        each
        for each in db.session.scalars(rows)
        if is_asked(about.statement, about.statement_number, each.accepted_number)
    ]
    for person in asked:
        _accepted(person, about.statement_number, actor)
    return len(asked)


def _accepted(person: Membership, number: int, actor: Membership) -> None:
    if person.accepted_number != number:
        person.accepted_number = number
        person.accepted_on = clock.today(actor.coalition.time_zone)
        history.record(
            person.coalition_id, actor.id, PEOPLE, person.id, "accepted_number", new=person.accepted_number
        )


# -- positions


class Content(Struct, frozen=True):
    """The contents of a position's form; both ids are of active people of the coalition."""

    title: str
    membership_id: int | None = None
    stand_in_id: int | None = None
    since: date | None = None
    until: date | None = None


def add(actor: Membership, content: Content) -> Position:
    position = Position(coalition_id=actor.coalition_id)
    _fill(position, content)
    db.session.add(position)
    db.session.flush()
    history.record(actor.coalition_id, actor.id, TABLE, position.id, "added")
    return position


def change(position: Position, version: int, content: Content, actor: Membership) -> None:
    """Changes a position. Raises StaleVersion if someone saved it in between."""
    claim_version(position, version)
    if position.title != content.title:
        history.record(actor.coalition_id, actor.id, TABLE, position.id, "title")
    for field in (*_PLACES, "since", "until"):
        old, new = getattr(position, field), getattr(content, field)
        if old != new:
            history.record(actor.coalition_id, actor.id, TABLE, position.id, field, old=old, new=new)
    _fill(position, content)


def _fill(position: Position, content: Content) -> None:
    position.title = content.title
    position.membership_id, position.stand_in_id = content.membership_id, content.stand_in_id
    position.since, position.until = content.since, content.until


def delete(position: Position, actor: Membership) -> KeptCopy:
    """Moves the position to the trash; the people stay."""
    lock(actor.coalition_id)
    return trash_service.put(actor, position)


def hand_over(from_: Membership, to: Membership | None, actor: Membership) -> int:
    """Gives the positions this person holds or stands in for to another, or to no one; returns how many."""
    held = queries.positions_held_by(from_)
    new = to.id if to else None
    for position in held:
        for field in _PLACES:
            if getattr(position, field) == from_.id:
                history.record(actor.coalition_id, actor.id, TABLE, position.id, field, old=from_.id, new=new)
                setattr(position, field, new)
        position.version += 1
    return len(held)


def _without_who_left(returning: Return) -> None:
    """Empties a place of the position if its person has left in the meantime."""
    rows = returning.of(TABLE)
    people = {row[field] for row in rows for field in _PLACES if row[field] is not None}
    left = trash_queries.who_left(returning.coalition_id, people)
    for row in rows:
        row.update({field: None for field in _PLACES if row[field] in left})


kinds.register(
    Kind(
        table=TABLE,
        word=_l("Position"),
        back=lambda row: _("“%(name)s” is back.", name=row["title"]),
        address=lambda row: url_for("coalitions.about_us"),
        permission=Permission.MANAGE_PEOPLE,
        prepare=_without_who_left,
    )
)
