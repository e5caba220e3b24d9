"""Does the daily work, `engage tick`: changes that come with time and must be written. It may run any number of times.

`serve` does it at its start, and each worker after the answer to the first POST of a day. Each part checks
whether anything is left to do; the run is recorded for the health page.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from threading import Lock

from flask import Flask, Response, request
from msgspec import Struct

from engage import clock
from engage.assessment.doors import service as doors_service
from engage.extensions import db
from engage.operations.daily import retention, runs
from engage.operations.network import service as network_service
from engage.operations.redaction import service as redaction_service
from engage.operations.rules import RunKind
from engage.plan.actions import renewals
from engage.plan.repeats import daily
from engage.web.answers import trace_of


class Done(Struct, frozen=True):
    """The number of new rows, and the number of rows deleted by each rule's key."""

    renewals: int
    repeats: int
    erased: dict[str, int]


def run() -> Done:
    """Does everything that is due: first the deletions, then a transaction for each coalition.

    A failure does not stop the rest; the first one is raised after everything was tried.
    """
    failed: list[Exception] = []
    erased = retention.prune(clock.now(), failed)
    waiting = renewals.coalitions_to_look_at(clock.today())
    db.session.commit()
    made = _each(waiting, renewals.make_renewals, failed)
    waiting = daily.coalitions_to_look_at(clock.today())
    db.session.commit()
    again = _each(waiting, daily.make_due, failed)
    waiting = doors_service.coalitions_to_count()
    db.session.commit()
    _each(waiting, doors_service.keep_tally_of, failed)
    _each([0], lambda _all: network_service.count(), failed)
    _each([0], lambda _all: redaction_service.empty_log(db.engine), failed)
    done = Done(made, again, erased)
    if failed:
        raise failed[0]
    _remember(done)
    db.session.commit()
    return done


def _remember(done: Done) -> None:
    """Records the last run without a failure, in one statement, because two runs may end at once."""
    counts = {"renewals": done.renewals, "repeats": done.repeats, **done.erased}
    db.session.execute(runs.noting(db.engine.dialect.name, RunKind.TICK, clock.now(), counts))


def _each(coalition_ids: Iterable[int], work: Callable[[int], int | None], failed: list[Exception]) -> int:
    made = 0
    for coalition_id in coalition_ids:
        try:
            made += work(coalition_id) or 0
            db.session.commit()
        except Exception as error:  # the caller raises them after collecting all
            db.session.rollback()
            failed.append(error)
    return made


def run_quietly(app: Flask) -> None:
    """Does the same while pages are served; a failure is logged without any text that people wrote."""
    with app.app_context():
        try:
            run()
        except Exception as error:  # pages are served anyway
            db.session.rollback()
            app.logger.error("the day's work failed:\n%s", "\n".join(trace_of(error)))


class _Days:
    """The day for which this process has already done the work."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: date | None = None

    def begins(self, today: date) -> bool:
        """Returns whether a new day has begun; it is True for one thread only."""
        with self._lock:
            if self._last == today:
                return False
            self._last = today
            return True


def init_app(app: Flask) -> None:
    """Registers the work after the answer to the first POST of a day."""
    if not app.config["DAILY"]:
        return
    days = _Days()

    @app.after_request
    def begin(response: Response) -> Response:
        if request.method == "POST" and days.begins(clock.today()):
            response.call_on_close(partial(run_quietly, app))
        return response
