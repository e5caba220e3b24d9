"""Replaces the reader's membership in a statement that is built once for all readers of a role."""

import sqlalchemy as sa
from msgspec import Struct, field

from engage.coalitions.models import Membership
from engage.coalitions.rules import Role


class Reader(Struct, frozen=True):
    """The reader of a prebuilt statement: a role, and SQL parameters for everything else."""

    role: Role
    id: sa.BindParameter[int] = field(default_factory=lambda: sa.bindparam("me", type_=sa.Integer))
    coalition_id: sa.BindParameter[int] = field(
        default_factory=lambda: sa.bindparam("here", type_=sa.Integer)
    )


def in_place(membership: Membership) -> dict[str, object]:
    """Returns the values for the parameters of a `Reader`, to run the statement with."""
    return {"here": membership.coalition_id, "me": membership.id}
