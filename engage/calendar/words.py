"""Words the calendar."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_time
from flask_babel import format_datetime
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.calendar.rules import Kind, Mark
from engage.dates import full_day, in_parts, month_names
from engage.extensions import locale_name
from engage.meetings.moments import comes_twice

# These are the choices of the filter.
KIND_WORDS = {
    Kind.MEETING: _l("Meetings"),
    Kind.EVENT: _l("Events"),
    Kind.PLAN: _l("Plan"),
    Kind.TASK: _l("Tips and reading"),
    Kind.REVIEW: _l("Reviews"),
    Kind.AGREEMENT: _l("Agreements"),
    Kind.ROUND: _l("Assessment"),
}
# These are the names of single entries.
ONE_WORDS = {
    Kind.MEETING: _l("Meeting"),
    Kind.EVENT: _l("Event"),
    Kind.PLAN: _l("Due"),
    Kind.TASK: _l("Due"),
    Kind.REVIEW: _l("Review"),
    Kind.AGREEMENT: _l("Agreement"),
    Kind.ROUND: _l("Assessment"),
}
MARK_WORDS = {Mark.DONE: _l("Done"), Mark.CALLED_OFF: _l("Canceled")}
MARK_TAGS = {Mark.DONE: "done", Mark.CALLED_OFF: "notstarted"}


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
    """Returns words such as "6:00 PM"; with the zone if the clock shows this hour twice: "1:30 AM CST"."""
    local = moment.astimezone(ZoneInfo(time_zone))
    shown = _clock(local.hour, local.minute, locale_name())
    if not comes_twice(moment, time_zone):
        return shown
    return _("%(time)s %(zone)s", time=shown, zone=format_datetime(moment, "z"))


def span_words(moment: datetime, minutes: int, time_zone: str) -> str:
    """Returns words such as "6:00 PM to 7:30 PM"."""
    begins = time_words(moment, time_zone)
    if not minutes:
        return begins
    return _(
        "%(start)s to %(end)s", start=begins, end=time_words(moment + timedelta(minutes=minutes), time_zone)
    )


def month_words(first: date, *, with_year: bool = True) -> str:
    """Returns words such as "November 2026"."""
    return in_parts(first, "yMMMM") if with_year else month_names()[first.month]


def day_words(day: date, *, with_year: bool = False) -> str:
    """Returns words such as "Saturday, November 28"."""
    return full_day(day, with_year=with_year)


def weekdays() -> list[str]:
    """Returns "Sun" to "Sat"."""
    return [in_parts(date(2023, 1, 1 + n), "E") for n in range(7)]


@lru_cache(maxsize=2000)
def _clock(hour: int, minute: int, locale: str) -> str:
    return str(format_time(time(hour, minute), "short", locale=locale))
