"""Puts activities into words."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from engage.content.loader import content
from engage.dates import long_day
from engage.plan.activities.rules import ActivityKind, Totals
from engage.plan.measures.rules import NumberKind
from engage.plan.measures.words import number_words

KIND_WORDS = {
    ActivityKind.TRAINING: _l("Training"),
    ActivityKind.OUTREACH: _l("Outreach"),
    ActivityKind.POLICY: _l("Policy"),
    ActivityKind.FUND_RAISING: _l("Fundraising"),
    ActivityKind.OTHER: _l("Other"),
}


def discipline_name(key: str) -> str:
    """Returns the discipline's name, an empty text for several, or the key if the content no longer knows it."""
    if not key:
        return ""
    try:
        return content().discipline(key).name
    except KeyError:
        return key


def count_words(value: float | None) -> str:
    """Returns the count in words, or an empty text if it was not written down."""
    return "" if value is None else number_words(value, NumberKind.AMOUNT)


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
