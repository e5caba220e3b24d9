"""Puts numbers that are refused, and names in a sentence, into words."""

from collections.abc import Iterable

from babel.lists import format_list

from engage.i18n import get_locale
from engage.i18n import lazy_gettext as _l
from engage.numbers import Problem

NUMBER_LABELS = {
    Problem.NO_NUMBER: _l("Enter a number, such as 12 or 12.5."),
    Problem.TOO_LARGE: _l("That number is too large."),
    Problem.TOO_FINE: _l("Use at most two decimals."),
    Problem.NEGATIVE: _l("This cannot be below zero."),
    Problem.NOT_WHOLE: _l("Enter a whole number."),
    Problem.OVER_HUNDRED: _l("A percentage cannot be more than 100."),
}


def listed(names: Iterable[str]) -> str:
    """Returns words such as "A, B, and C", by the rules of the language."""
    return format_list(list(names), locale=get_locale())


def either(names: Iterable[str]) -> str:
    """Returns words such as "A, B, or C"."""
    return format_list(list(names), style="or", locale=get_locale())
