"""Reads how often something is done, which plans often write in place of a date: "monthly", "every quarter"."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from engage.i18n import lazy_gettext as _l
from engage.plan.repeats.rules import RepeatUnit, Rule, Series


class Often(StrEnum):
    """The frequencies that a table may name."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    TWICE_A_YEAR = "twice_a_year"
    YEARLY = "yearly"


OFTEN_LABELS = {
    Often.WEEKLY: _l("Every week"),
    Often.MONTHLY: _l("Every month"),
    Often.QUARTERLY: _l("Every quarter"),
    Often.TWICE_A_YEAR: _l("Twice a year"),
    Often.YEARLY: _l("Every year"),
}
_MONTHS = {Often.MONTHLY: 1, Often.QUARTERLY: 3, Often.TWICE_A_YEAR: 6, Often.YEARLY: 12}


def first_day(often: Often, today: date) -> date:
    """Returns the first due date if the file has none: the last day of this week, month, quarter, half-year or year."""
    if often is Often.WEEKLY:
        return today + timedelta(days=6 - today.weekday())
    months = _MONTHS[often]
    month = (today.month - 1) // months * months + months
    return date(today.year, month, monthrange(today.year, month)[1])


def series_of(often: Often, due_on: date) -> Series:
    """Returns the series that begins with this due date."""
    if often is Often.WEEKLY:
        return Series(Rule(RepeatUnit.WEEK), due_on)
    # The last day of a month stays the last day, also after February.
    is_last = due_on.day == monthrange(due_on.year, due_on.month)[1]
    return Series(Rule(RepeatUnit.MONTH_DAY, _MONTHS[often], day=31 if is_last else due_on.day), due_on)
