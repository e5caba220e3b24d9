"""Builds the series for the page of one of its actions, in words."""

from collections.abc import Sequence
from datetime import date

from msgspec import Struct

from engage.dates import long_day
from engage.i18n import gettext as _
from engage.plan.models import Action
from engage.plan.repeats import service
from engage.plan.repeats.labels import sentence, series_words
from engage.plan.repeats.rules import OPEN_MOST
from engage.plan.repeats.service import Neighbor
from engage.plan.rules import OPEN


class SeriesPart(Struct, frozen=True):
    """The series; `how` says in words how it repeats, and `latest` is the number of the action that continues it."""

    how: str
    next: str
    goes_on: bool
    latest: int
    # The actions of the series by date, if there is more than one.
    lines: Sequence[Neighbor]

    @property
    def says(self) -> str:
        return sentence(self.how)


def of(action: Action, *, plan_is_open: bool = True) -> SeriesPart | None:
    """Builds the part in three queries; None for an action that does not repeat."""
    repeat = service.repeat_of(action)
    if repeat is None:
        return None
    before, later = service.neighbors(action)
    here = Neighbor(action.number, action.due_on, action.status)
    lines = [*reversed(before), here, *later]
    if repeat.stopped_on is not None:
        said = _("It was stopped on %(day)s.", day=long_day(repeat.stopped_on))
    elif repeat.next_on is None:
        said = _("The last one was the end of the series.")
    elif not plan_is_open and service.is_latest(action, repeat):
        said = _("No next one, because its plan is closed.")
    else:
        is_latest = service.is_latest(action, repeat)
        states = [action.status, *(each.status for each in (*before, *later))]
        waits = len([each for each in states if each in OPEN]) >= OPEN_MOST
        said = _waiting(is_latest=is_latest) if waits else _next(action, repeat.next_on, is_latest=is_latest)
    return SeriesPart(
        how=series_words(service.series_of(repeat)),
        next=said,
        goes_on=repeat.stopped_on is None,
        latest=lines[-1].number,
        lines=lines if len(lines) > 1 else (),
    )


def _waiting(*, is_latest: bool) -> str:
    """Says when the next one appears while earlier ones are still open."""
    if is_latest:
        return _(
            "The next one appears when this one is done or no longer needed, because an earlier one is "
            "still open, too."
        )
    return _("The next one appears when the latest one is done or no longer needed.")


def _next(action: Action, day: date, *, is_latest: bool) -> str:
    if is_latest and action.status in OPEN:
        return _(
            "The next one is for %(day)s. It appears when this one is done or no longer needed, or "
            "on that day at the latest.",
            day=long_day(day),
        )
    return _("The next repeat, for %(day)s, is not in the plan yet.", day=long_day(day))
