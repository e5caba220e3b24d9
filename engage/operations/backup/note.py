"""Shows coordinators and admins a note if no backup was made for a week.

Pages run no query for the note. Each process reads the time of the last backup after a response: rarely while
it is less than a week ago, otherwise once a minute.
"""

from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
from flask import Flask, Response, current_app

from engage import clock
from engage.accounts.models import User
from engage.extensions import db
from engage.operations.backup.rules import is_ahead
from engage.operations.models import Run
from engage.operations.rules import BACKUP_AGE, RunKind

_AGAIN = timedelta(minutes=1)


class _LastBackup:
    """What this process knows. `since` is the last backup or, without one, the first account's creation."""

    def __init__(self) -> None:
        self.since: datetime | None = None
        self._looked_at: datetime | None = None

    @property
    def overdue(self) -> bool:
        return self.since is not None and is_too_old(self.since, clock.now())

    def begins(self) -> bool:
        """Returns whether to check now: at most once a minute, and never while the last backup is recent."""
        if self.since is not None and not self.overdue:
            return False
        now = clock.now()
        # Checks also if the clock was set back.
        if self._looked_at is not None and abs(now - self._looked_at) < _AGAIN:
            return False
        self._looked_at = now
        return True


def is_too_old(made_at: datetime, now: datetime) -> bool:
    """Returns whether the last backup is over a week old, or dated in the future and thus unreliable."""
    return now - made_at > BACKUP_AGE or is_ahead(made_at, now)


def is_overdue() -> bool:
    known: _LastBackup | None = current_app.extensions.get("backup_note")
    return known is not None and known.overdue


def _look(app: Flask, known: _LastBackup) -> None:
    with app.app_context():
        try:
            last = sa.select(sa.func.max(Run.ended_at)).where(Run.kind == RunKind.BACKUP).scalar_subquery()
            first = sa.select(sa.func.min(User.created_at)).scalar_subquery()
            known.since = db.session.execute(sa.select(sa.func.coalesce(last, first))).scalar()
        except sa.exc.DBAPIError:  # the check is repeated in a minute
            pass
        finally:
            db.session.remove()


def init_app(app: Flask) -> None:
    """Registers the check, except in the demo and in tests."""
    if app.config["DEMO"] or not app.config["DAILY"]:
        return
    known = app.extensions["backup_note"] = _LastBackup()

    @app.after_request
    def look(response: Response) -> Response:
        if known.begins():
            response.call_on_close(partial(_look, app, known))
        return response
