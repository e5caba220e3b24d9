"""Notes what comes up in the menu: each entry the first time the coalition holds something of it, for good.

A model says in `comes_up` what its first row brings up. The coalition's row keeps it, so that a page shows its menu
without looking for anything, and a row of a kind that came up before costs nothing.
"""

from collections.abc import Iterable

from flask import Flask
from sqlalchemy import event
from sqlalchemy.orm import Session

from engage.coalitions.models import Coalition
from engage.extensions import db


def note(coalition: Coalition, entries: Iterable[str]) -> None:
    """Notes that these came up. Services call it where rows are written without their models."""
    new = [str(each) for each in entries if each not in coalition.menu_entries]
    if new:
        coalition.menu_entries = [*coalition.menu_entries, *new]


def _note_new(session: Session, _context: object, _instances: object) -> None:
    """Notes what the rows bring up that are about to be written. It reads the coalition only if no page has."""
    for row in list(session.new):
        entries = getattr(row, "comes_up", ())
        coalition = session.get(Coalition, row.coalition_id) if entries and row.coalition_id else None
        if coalition is not None:
            note(coalition, entries)


def init_app(_app: Flask) -> None:
    event.listen(db.session, "before_flush", _note_new)
