"""Says in plain words how an action repeats."""

from datetime import date
from functools import lru_cache
from typing import Any, Protocol

from babel.dates import format_date

from engage.dates import in_parts, long_day
from engage.extensions import locale_name
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.plan.repeats.rules import LAST, LAST_DAY, RepeatUnit, Rule, Series

NTH_LABELS = {
    1: _l("first"),
    2: _l("second"),
    3: _l("third"),
    4: _l("fourth"),
    LAST: _l("last"),
}
# Some months have no such day, so the last day of the month takes its place.
_SHORT_FROM = 29


def weekday_name(weekday: int) -> str:
    """Returns the weekday's name: "Tuesday" for 1."""
    # January 1, 2024 was a Monday.
    return str(format_date(date(2024, 1, 1 + weekday), "EEEE", locale=locale_name()))


def often(unit: RepeatUnit, every: int) -> str:
    """Returns words such as "every 2 weeks", "every month", "every year"."""
    return _often(unit, every, locale_name())


@lru_cache(maxsize=200)
def _often(unit: RepeatUnit, every: int, _locale: str) -> str:
    if unit is RepeatUnit.WEEK:
        return ngettext("every week", "every %(num)s weeks", every)
    if every % 12 == 0:
        return ngettext("every year", "every %(num)s years", every // 12)
    return ngettext("every month", "every %(num)s months", every)


def rule_words(rule: Rule, anchor: date) -> str:
    """Returns words such as "every month on the second Tuesday", "every year on February 29 (or the last day
    of the month)".
    """
    how_often = often(rule.unit, rule.every)
    if rule.unit is RepeatUnit.WEEK:
        return _("%(often)s on %(weekday)s", often=how_often, weekday=weekday_name(anchor.weekday()))
    is_yearly = rule.every % 12 == 0
    if rule.nth is not None and rule.weekday is not None:
        said = {"nth": NTH_LABELS[rule.nth], "weekday": weekday_name(rule.weekday), "often": how_often}
        if is_yearly:
            month = str(format_date(anchor, "LLLL", locale=locale_name()))
            return _("%(often)s on the %(nth)s %(weekday)s of %(month)s", month=month, **said)
        return _("%(often)s on the %(nth)s %(weekday)s", **said)
    day = rule.day or anchor.day
    if is_yearly:
        return _yearly(how_often, anchor, day)
    if day == LAST_DAY:
        return _("%(often)s on the last day", often=how_often)
    words = _("%(often)s on day %(day)s", often=how_often, day=day)
    return _("%(words)s (or the last day of the month)", words=words) if day >= _SHORT_FROM else words


def _yearly(how_often: str, anchor: date, day: int) -> str:
    # The year 2024 was a leap year, so every day exists in it; only the month is shown.
    named = Series(Rule(RepeatUnit.MONTH_DAY, 12, day), anchor.replace(year=2023, day=1)).after(
        date(2023, 12, 31)
    )
    assert named is not None
    words = _("%(often)s on %(day)s", often=how_often, day=in_parts(named, "MMMMd"))
    is_leap_day = (named.month, named.day) == (2, 29)
    return _("%(words)s (or the last day of the month)", words=words) if is_leap_day else words


def series_words(series: Series) -> str:
    """Returns the rule and its end: "every month on the last day, until December 31, 2027"."""
    words = rule_words(series.rule, series.anchor)
    if series.times is not None:
        return ngettext(
            "%(words)s, %(num)s time starting %(day)s",
            "%(words)s, %(num)s times starting %(day)s",
            series.times,
            words=words,
            day=long_day(series.anchor),
        )
    if series.until is not None:
        return _("%(words)s, until %(day)s", words=words, day=long_day(series.until))
    return words


def sentence(words: str) -> str:
    """Returns the words with a capital letter and a period."""
    return f"{words[:1].upper()}{words[1:]}."


class Following(Protocol):
    """The action that follows another."""

    number: Any
    due_on: Any


def and_next(words: str, made: Following | None) -> str:
    """Says what was saved, and which action follows."""
    if made is None:
        return words
    day = long_day(made.due_on)
    following = _("The next one is action %(number)s, due %(day)s.", number=made.number, day=day)
    return f"{words} {following}"
