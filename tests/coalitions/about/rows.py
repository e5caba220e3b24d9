"""Rows and form fields for tests of About us."""

from typing import Any

import sqlalchemy as sa

from engage.coalitions.about.models import About, Position
from engage.coalitions.models import Coalition
from engage.extensions import db
from tests.factories import saved

ABOUT = "/c/riverbend/about/"
EDIT = f"{ABOUT}edit/"
WORDS = {
    "mission": "Every exit has a door.",
    "vision": "No one is for sale here.",
    "definitions": "What we mean.",
    "version": "0",
}
JOINING = {
    "joining": "Ask Maria for a link.",
    "expectations": "Come to three meetings a year.",
    "open_meetings": "The first Tuesday, at the library.",
    "version": "0",
}
SHAPE = {"stage": "existing", "structure": "task_force", "leadership": "", "membership_style": "formal"}
_TEXTS = ("structure_note", "joining", "expectations", "open_meetings", "statement")


def coalition() -> Coalition:
    db.session.expire_all()
    return db.session.scalars(sa.select(Coalition).where(Coalition.slug == "riverbend")).one()


def make_about(coalition_id: int, **values: Any) -> About:
    empty: dict[str, Any] = {**dict.fromkeys(_TEXTS, ""), "statement_number": 0, "public_parts": []}
    made: About = saved(About(coalition_id=coalition_id, **{**empty, "version": 1, **values}))
    return made


def make_position(coalition_id: int, title: str = "Chair", **values: Any) -> Position:
    made: Position = saved(Position(coalition_id=coalition_id, title=title, **values))
    return made
