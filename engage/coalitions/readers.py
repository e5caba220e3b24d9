"""Stands for the membership of whoever reads, in a statement that is built once for all of a role."""

from typing import Any

import sqlalchemy as sa
from msgspec import Struct, field

from engage.coalitions.models import Membership
from engage.coalitions.rules import Role


class Reader(Struct, frozen=True):
    """Whoever reads, as far as such a statement can know: the role, and places for the rest."""

    role: Role
    id: Any = field(default_factory=lambda: sa.bindparam("me", type_=sa.Integer))
    coalition_id: Any = field(default_factory=lambda: sa.bindparam("here", type_=sa.Integer))


def in_place(membership: Membership) -> dict[str, object]:
    """Returns what takes the places of a `Reader` when the statement runs."""
    return {"here": membership.coalition_id, "me": membership.id}
