"""Writes about people: names, joining, roles, leaving."""

import sqlalchemy as sa

from engage.accounts.models import User
from engage.coalitions.models import Membership
from engage.database import folded
from engage.extensions import db


def rename_person(user: User, name: str) -> None:
    """A new name of the account, and in every coalition it is in."""
    user.name = name
    places = sa.update(Membership).where(Membership.user_id == user.id)
    db.session.execute(places.values(name=name, sort_key=folded(name)))
