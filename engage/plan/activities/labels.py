"""Puts activities into words."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from engage.content.loader import content
from engage.dates import long_day
from engage.i18n import format_time, ngettext
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.plan.activities.rules import ActivityKind, ActivityState, Audience, Totals
from engage.plan.measures.labels import number_words as amount_labels
from engage.plan.measures.rules import NumberKind

KIND_LABELS = {
    ActivityKind.TRAINING: _l("Training"),
    ActivityKind.OUTREACH: _l("Outreach"),
    ActivityKind.POLICY: _l("Policy"),
    ActivityKind.FUND_RAISING: _l("Fundraising"),
    ActivityKind.OTHER: _l("Other"),
}
STATE_LABELS = {
    ActivityState.PLANNED: _l("Planned"),
    ActivityState.HELD: _l("Held"),
    ActivityState.CALLED_OFF: _l("Canceled"),
}


def discipline_name(key: str) -> str:
    """Returns the discipline's name, "" for several, or the key if the content no longer has it."""
    if not key:
        return ""
    try:
        return content().discipline(key).name
    except KeyError:
        return key


def audience_words(audiences: Iterable[Audience]) -> str:
    """Returns words such as "Nurses (12), Physicians"; empty for several, or everyone."""
    return ", ".join(
        discipline_name(each.discipline)
        if each.people is None
        else _(
            "%(audience)s (%(people)s)",
            audience=discipline_name(each.discipline),
            people=count_words(each.people),
        )
        for each in audiences
    )


def too_many_words(people: int) -> str:
    """Returns why the people of an activity's audiences cannot be right."""
    return ngettext(
        "The audiences add up to %(num)s person, more than were reached.",
        "The audiences add up to %(num)s people, more than were reached.",
        people,
    )


def when_words(day: date, starts_at: datetime | None, minutes: int | None, time_zone: str) -> str:
    """Returns words such as "May 3, 2026, 6:00 PM to 7:30 PM"; only the day without a time."""
    if starts_at is None:
        return long_day(day)
    zone = ZoneInfo(time_zone)
    begins = format_time(starts_at.astimezone(zone), "short", rebase=False)
    if minutes is None:
        return _("%(day)s, %(time)s", day=long_day(day), time=begins)
    ends = format_time((starts_at + timedelta(minutes=minutes)).astimezone(zone), "short", rebase=False)
    return _("%(day)s, %(begins)s to %(ends)s", day=long_day(day), begins=begins, ends=ends)


def count_words(value: float | None) -> str:
    """Returns the count in words, or "" if it is missing."""
    return "" if value is None else amount_labels(value, NumberKind.AMOUNT)


def number_words(number: int, state: ActivityState) -> str:
    """Returns words such as "12 planned"."""
    if state is ActivityState.PLANNED:
        return ngettext("%(num)s event planned", "%(num)s events planned", number)
    return ngettext("%(num)s event canceled", "%(num)s events canceled", number)


def totals_words(totals: Totals) -> str:
    """Returns words such as "12 activities, 340 people reached, 56.5 hours"."""
    return ", ".join(
        (
            ngettext("%(num)s activity", "%(num)s activities", totals.activities),
            ngettext(
                "%(count)s person reached",
                "%(count)s people reached",
                totals.reached,
                count=count_words(totals.reached),
            ),
            ngettext(
                "%(count)s hour",
                "%(count)s hours",
                1 if totals.hours == 1 else 2,
                count=count_words(totals.hours),
            ),
        )
    )


def period_words(since: date | None, until: date | None) -> str:
    """Returns words such as "January 1, 2026 to March 31, 2026", or an empty text for all dates."""
    if since is not None and until is not None:
        return _("%(since)s to %(until)s", since=long_day(since), until=long_day(until))
    if since is not None:
        return _("since %(day)s", day=long_day(since))
    if until is not None:
        return _("until %(day)s", day=long_day(until))
    return ""
