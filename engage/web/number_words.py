"""Words numbers up to ten."""

from flask_babel import lazy_gettext as _l

from engage.numbers import Problem

NUMBER_WORDS = {
    Problem.NO_NUMBER: _l("Enter a number, such as 12 or 12.5."),
    Problem.TOO_LARGE: _l("That number is too large."),
    Problem.TOO_FINE: _l("Use at most two decimals."),
    Problem.NEGATIVE: _l("This cannot be below zero."),
    Problem.NOT_WHOLE: _l("Enter a whole number."),
    Problem.OVER_HUNDRED: _l("A percentage cannot be more than 100."),
}
