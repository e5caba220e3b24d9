"""Does the daily work (`engage tick`): changes that depend on time and must be stored. Can be repeated.

The server does it at its start and after the response to the first POST of a day. Each part checks whether
anything is left to do. The run is recorded for the health page.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from threading import Lock

from flask import Flask, Response, request
from msgspec import Struct

from engage import clock
from engage.assessment.channels import service as channels_service
from engage.extensions import db
from engage.operations.daily import retention, runs
from engage.operations.network import service as network_service
from engage.operations.redaction import service as redaction_service
from engage.operations.rules import RunKind
from engage.plan.actions import renewals
from engage.plan.repeats import daily
from engage.web.answers import trace_of


class DailyDone(Struct, frozen=True):
    """The number of new rows, and the number of rows that each rule deleted, by the rule's key."""

    renewals: int
    repeats: int
    erased: dict[str, int]


def run() -> DailyDone:
    """Does everything that is due: first the deletions, then each coalition in its own transaction.

    A failure does not stop the rest. The first error is raised after everything was tried.
    """
    failed: list[Exception] = []
    erased = retention.prune(clock.now(), failed)
    waiting = renewals.coalitions_to_look_at(clock.today())
    db.session.commit()
    made = _each(waiting, renewals.make_renewals, failed)
    waiting = daily.coalitions_to_look_at(clock.today())
    db.session.commit()
    again = _each(waiting, daily.make_due, failed)
    waiting = channels_service.coalitions_to_count()
    db.session.commit()
    _each(waiting, channels_service.keep_tally_of, failed)
    _each([0], lambda _all: network_service.count(), failed)
    _each([0], lambda _all: redaction_service.empty_log(db.engine), failed)
    done = DailyDone(made, again, erased)
    if failed:
        raise failed[0]
    _remember(done)
    db.session.commit()
    return done


def _remember(done: DailyDone) -> None:
    """Records a run without failures, in one statement, because two runs may end at the same time."""
    counts = {"renewals": done.renewals, "repeats": done.repeats, **done.erased}
    db.session.execute(runs.noting(db.engine.dialect.name, RunKind.TICK, clock.now(), counts))


def _each(coalition_ids: Iterable[int], work: Callable[[int], int | None], failed: list[Exception]) -> int:
    made = 0
    for coalition_id in coalition_ids:
        try:
            made += work(coalition_id) or 0
            db.session.commit()
        except Exception as error:  # the caller raises the first error after all coalitions
            db.session.rollback()
            failed.append(error)
    return made


def run_quietly(app: Flask) -> None:
    """Does the daily work in the server; a failure is logged without any text that people wrote."""
    with app.app_context():
        try:
            run()
        except Exception as error:  # the server must go on
            db.session.rollback()
            app.logger.error("the day's work failed:\n%s", "\n".join(trace_of(error)))


class _Days:
    """Remembers the day for which this process has done the daily work."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: date | None = None

    def begins(self, today: date) -> bool:
        """Returns whether a new day has begun. Only one thread gets True."""
        with self._lock:
            if self._last == today:
                return False
            self._last = today
            return True


def init_app(app: Flask) -> None:
    """Registers the daily work, to run after the response to the first POST of a day."""
    if not app.config["DAILY"]:
        return
    days = _Days()

    @app.after_request
    def begin(response: Response) -> Response:
        if request.method == "POST" and days.begins(clock.today()):
            response.call_on_close(partial(run_quietly, app))
        return response
