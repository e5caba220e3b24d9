"""Writes what a coalition says about itself, its positions, and who accepts the statement."""

from collections.abc import Collection, Mapping

import sqlalchemy as sa
from flask import url_for

from engage import clock, history, versions
from engage.coalitions.about import queries
from engage.coalitions.about.models import About, Position
from engage.coalitions.about.rules import OF_COALITION, is_asked
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.service import Shape, lock, record_setting, set_shape
from engage.coalitions.trash import kinds
from engage.coalitions.trash import queries as trash_queries
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.kinds import Kind, Return
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.snapshots import Snapshot
from engage.versions import claim_version

TABLE = Position.__tablename__
_PLACES = ("membership_id", "stand_in_id")


# -- texts and choices


def save(membership: Membership, version: int, texts: dict[str, str]) -> About:
    """Saves texts of About us. Raises StaleVersion if someone saved any part of it in between."""
    about = _claimed(membership, version)
    for field, text in texts.items():
        row = membership.coalition if field in OF_COALITION else about
        if getattr(row, field) == text:
            continue
        setattr(row, field, text)
        if field == "statement":
            about.statement_number += 1
        record_setting(membership, field)
    return about


def save_shape(membership: Membership, version: int, shape: Shape, note: str) -> None:
    """Saves how the coalition is organized, and what that means for it. Raises StaleVersion."""
    save(membership, version, {"structure_note": note})
    set_shape(membership, shape)


def publish_parts(membership: Membership, version: int, parts: Collection[str]) -> None:
    """Sets which parts the public page shows. Raises StaleVersion."""
    about = _claimed(membership, version)
    if sorted(about.public_parts) != sorted(parts):
        about.public_parts = list(parts)
        record_setting(membership, "public_parts")


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


# -- the statement


def accept(membership: Membership, number: int) -> None:
    """Records that this person accepts the statement with this number. Raises WrongState if it has changed since."""
    if queries.about_of(membership).statement_number != number:
        raise WrongState(_("The statement changed while you read it. Please read it again, then accept it."))
    _accepted(membership, number, membership)


def accepted_on_paper(actor: Membership, people: Collection[int]) -> int:
    """Records that these people signed the current statement on paper; returns how many."""
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
        history.note(actor, person, "accepted_number", new=person.accepted_number)


# -- positions


def add(actor: Membership, values: Mapping[str, object]) -> Position:
    """Adds a position; the ids in `values` are of active people of the coalition."""
    return history.add(actor, Position(coalition_id=actor.coalition_id, **values))


def change(position: Position, version: int, values: Mapping[str, object], actor: Membership) -> None:
    """Changes a position. Raises StaleVersion if someone saved it in between."""
    versions.change(actor, position, version, values, kept=(*_PLACES, "since", "until"))


def delete(position: Position, actor: Membership) -> Snapshot:
    """Moves the position to the trash; the people stay."""
    lock(actor.coalition_id)
    return trash_service.put(actor, position)


def hand_over(from_: Membership, to: Membership, actor: Membership, only: Collection[int]) -> int:
    """Gives those of the positions `only` of which this person is holder or substitute to another; returns how many."""
    held = [each for each in queries.positions_held_by(from_) if each.id in only]
    for position in held:
        for field in _PLACES:
            if getattr(position, field) == from_.id:
                history.note(actor, position, field, old=from_.id, new=to.id)
                setattr(position, field, to.id)
        position.version += 1
    return len(held)


def _without_who_left(returning: Return) -> None:
    """Empties the holder or substitute of a restored position if that person has left since."""
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
