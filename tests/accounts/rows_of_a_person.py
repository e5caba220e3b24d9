"""Makes a person with something in every table: one row for each column that can point at them."""

from itertools import count
from typing import Any

import sqlalchemy as sa

from engage import clock
from engage.accounts.models import User
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.database import Base
from engage.extensions import db
from tests import rows
from tests.factories import make_coalition, make_membership, make_user

_number = count(1001)
NAME, EMAIL = "Zebulon Quartermain", "zebulon@quartermain.example.org"


def pointing_at(target: Any) -> set[str]:
    """Returns every column of every table with a foreign key to the target, as table.column."""
    return {
        f"{table.name}.{column}"
        for table in Base.metadata.sorted_tables
        for key in table.foreign_key_constraints
        if key.referred_table is target.__table__
        for column in key.column_keys
        if column != "coalition_id"
    }


def everywhere() -> list[Membership]:
    """Makes the person's places in two coalitions, among others; every column that can point at them does."""
    user = make_user(name=NAME, email=EMAIL)
    places = []
    for slug in ("riverbend", "far-hills"):
        coalition = make_coalition(slug=slug)
        make_membership(coalition=coalition, role=Role.COORDINATOR)
        place = make_membership(
            coalition=coalition,
            user=user,
            name=NAME,
            role=Role.COORDINATOR,
            phone="555-0100",
            shows_phone=True,
        )
        places.append(place)
        for name in sorted(pointing_at(Membership)):
            _insert(name, place.id, coalition.id)
    for name in sorted(pointing_at(User)):
        if not name.startswith("coalitions_membership."):
            _insert(name, user.id, None)
    db.session.commit()
    return places


def _insert(name: str, key: int, coalition_id: int | None) -> None:
    table_name, column = name.split(".")
    table = Base.metadata.tables[table_name]
    values: dict[str, Any] = {column: key}
    if table_name == "partners_contact":
        values |= {"name": NAME, "sort_key": "zebulon quartermain", "email": EMAIL}
    if table_name == "coalitions_invitation":
        values |= {"kind": "bound", "email": EMAIL, "label": NAME, "needs_approval": False}
    if table_name == "coalitions_membership":
        values |= {"approved_at": clock.now()}
    if "number" in table.c:
        values["number"] = next(_number)
    try:
        with db.session.begin_nested():
            rows.insert(table, values, coalition=coalition_id)
    except sa.exc.IntegrityError:  # the coalition has one of these alone: it names the person, too
        here = table.c.coalition_id == coalition_id
        db.session.execute(sa.update(table).where(here).values(**values))


def naming(name: str, ids: list[int]) -> int:
    """Returns how many rows point with this column at one of the ids."""
    table_name, column = name.split(".")
    table = Base.metadata.tables[table_name]
    return db.session.scalar(sa.select(sa.func.count()).where(table.c[column].in_(ids))) or 0


def everything_written() -> dict[str, str]:
    """Returns every table's rows, each table as one text."""
    return {
        table.name: repr(db.session.execute(sa.select(*table.c)).all())
        for table in Base.metadata.sorted_tables
    }
