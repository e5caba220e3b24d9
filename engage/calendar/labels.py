"""Defines the texts of the calendar."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_time

from engage.calendar.rules import CalendarMark, LineKind
from engage.dates import full_day, in_parts, month_names
from engage.extensions import locale_name
from engage.i18n import format_datetime
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings.moments import comes_twice

# The choices of the filter.
KIND_LABELS = {
    LineKind.MEETING: _l("Meetings"),
    LineKind.EVENT: _l("Events"),
    LineKind.PLAN: _l("Plan"),
    LineKind.TASK: _l("Tips and reading"),
    LineKind.REVIEW: _l("Reviews"),
    LineKind.AGREEMENT: _l("Agreements"),
    LineKind.ROUND: _l("Assessment"),
}
# The kind of a single entry.
ONE_LABELS = {
    LineKind.MEETING: _l("Meeting"),
    LineKind.EVENT: _l("Event"),
    LineKind.PLAN: _l("Due"),
    LineKind.TASK: _l("Due"),
    LineKind.REVIEW: _l("Review"),
    LineKind.AGREEMENT: _l("Agreement"),
    LineKind.ROUND: _l("Assessment"),
}
MARK_LABELS = {CalendarMark.DONE: _l("Done"), CalendarMark.CALLED_OFF: _l("Canceled")}
MARK_TAGS = {CalendarMark.DONE: "done", CalendarMark.CALLED_OFF: "notstarted"}


def decision_to_review(number: int) -> str:
    return _("Review decision %(number)s", number=number)


def group_to_review(group: str) -> str:
    return _("Review the group “%(group)s”", group=group)


def agreement_to_review(agreement: str) -> str:
    return _("Review: %(agreement)s", agreement=agreement)


def agreement_ends(agreement: str) -> str:
    return _("%(agreement)s ends", agreement=agreement)


def round_opens(title: str) -> str:
    return _("%(title)s opens", title=title)


def round_takes_answers(title: str) -> str:
    return _("%(title)s: last day to answer", title=title)


def round_closed(title: str) -> str:
    return _("%(title)s closed", title=title)


def time_words(moment: datetime, time_zone: str) -> str:
    """Returns a text such as "6:00 PM"; if a clock change repeats this hour, with the zone: "1:30 AM CST"."""
    local = moment.astimezone(ZoneInfo(time_zone))
    shown = _clock(local.hour, local.minute, locale_name())
    if not comes_twice(moment, time_zone):
        return shown
    return _("%(time)s %(zone)s", time=shown, zone=format_datetime(moment, "z"))


def span_words(moment: datetime, minutes: int, time_zone: str) -> str:
    """Returns a text such as "6:00 PM to 7:30 PM"."""
    begins = time_words(moment, time_zone)
    if not minutes:
        return begins
    return _(
        "%(start)s to %(end)s", start=begins, end=time_words(moment + timedelta(minutes=minutes), time_zone)
    )


def month_words(first: date, *, with_year: bool = True) -> str:
    """Returns a text such as "November 2026"."""
    return in_parts(first, "yMMMM") if with_year else month_names()[first.month]


def day_words(day: date, *, with_year: bool = False) -> str:
    """Returns a text such as "Saturday, November 28"."""
    return full_day(day, with_year=with_year)


def weekdays() -> list[str]:
    """Returns the names of the days, "Sun" to "Sat"."""
    return [in_parts(date(2023, 1, 1 + n), "E") for n in range(7)]


@lru_cache(maxsize=2000)
def _clock(hour: int, minute: int, locale: str) -> str:
    return str(format_time(time(hour, minute), "short", locale=locale))
