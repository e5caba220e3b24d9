"""Forms of an action with how it repeats."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.plan.actions.forms.action import ActionForm
from engage.plan.repeats.labels import weekday_name
from engage.plan.repeats.rules import (
    LAST,
    LAST_DAY,
    MONTHS_MOST,
    TIMES_MOST,
    WEEKS_MOST,
    RepeatUnit,
    Rule,
    Series,
)
from engage.web.forms import Amount, Day

WEEKS, MONTHS = "week", "month"
# People ask for these most, by name; they type any other number of weeks or months.
_OFTEN: Mapping[str, object] = {
    "week-1": _l("Every week"),
    "week-2": _l("Every 2 weeks"),
    "month-1": _l("Every month"),
    "month-2": _l("Every 2 months"),
    "month-3": _l("Every quarter"),
    "month-6": _l("Every 6 months"),
    "month-12": _l("Every year"),
    WEEKS: _l("Every few weeks (choose)"),
    MONTHS: _l("Every few months (choose)"),
}
_ON_DATE, _ON_LAST_DAY = "date", "last_day"
_NEVER, _TIMES, _UNTIL = "never", "times", "until"


class RepeatingActionForm(ActionForm):
    """The form of an action and its series. Missing parts of a rule follow from the action's own date."""

    errors_at = "plan-repeats"

    repeats = SelectField(
        _l("Repeats"),
        choices=[
            SelectChoice("", _l("No, one time only")),
            *(SelectChoice(*each) for each in _OFTEN.items()),
        ],
        default="",
        description=_l(
            "The next one appears in the plan when this one is done or no longer needed, or on its "
            "own day at the latest."
        ),
    )
    every = Amount(_l("How many weeks or months"))
    on = SelectField(
        _l("On which day"),
        choices=[
            SelectChoice(_ON_DATE, _l("The same day of the month")),
            SelectChoice(_ON_LAST_DAY, _l("The last day of the month")),
            SelectChoice("1", _l("The first …")),
            SelectChoice("2", _l("The second …")),
            SelectChoice("3", _l("The third …")),
            SelectChoice("4", _l("The fourth …")),
            SelectChoice(str(LAST), _l("The last …")),
        ],
        default=_ON_DATE,
    )
    weekday = SelectField(_l("Weekday"), choices=[], default="")
    ends = SelectField(
        _l("Ends"),
        choices=[
            SelectChoice(_NEVER, _l("Never")),
            SelectChoice(_TIMES, _l("After a number of times")),
            SelectChoice(_UNTIL, _l("On a date")),
        ],
        default=_NEVER,
    )
    times = Amount(_l("How many times, including this one"))
    until = Day(_l("Last day"))
    from_here = BooleanField(_l("Use the new date for all later repeats"))

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        self.weekday.choices = [
            SelectChoice("", _("Same as its date")),
            *(SelectChoice(str(each), weekday_name(each)) for each in range(7)),
        ]

    def leave_series(self, *, unless_typed: bool = False) -> None:
        """Removes the fields of the series, since only its latest action decides how it continues.

        A rule that was typed while this action was the latest stays, so that it is refused instead of lost.
        """
        for name in () if unless_typed and "repeats" in request.form else _FIELDS:
            del self[name]

    def refuse(self, name: str, message: str) -> None:
        """Clears a refused series, so that the rest can be saved; the error leads to the action that continues it."""
        if name != "repeats":
            super().refuse(name, message)
            return
        self.leave_series()
        self.form_errors.append(message)

    @property
    def is_repeating(self) -> bool:
        return "repeats" in self and bool(self.repeats.data)

    def validate(self, extra_validators: object = None) -> bool:
        if "repeats" not in self:
            return super().validate(extra_validators)
        self._forget_what_is_not_asked()
        valid = super().validate(extra_validators)
        # Missing parts are reported here and not by the fields, because an empty optional field runs no
        # further validators.
        missing = self._missing()
        for name, message in missing.items():
            self.refuse(name, message)
        return valid and not missing

    def _asked(self) -> dict[str, bool]:
        """Returns which further fields some choices ask for."""
        return {
            "every": self.repeats.data in {WEEKS, MONTHS},
            "times": self.is_repeating and self.ends.data == _TIMES,
            "until": self.is_repeating and self.ends.data == _UNTIL,
        }

    def _forget_what_is_not_asked(self) -> None:
        """Clears hidden fields, so that they do not interfere."""
        for name, is_asked in self._asked().items():
            if not is_asked:
                self[name].data, self[name].raw_data, self[name].process_errors = None, [], []

    def _missing(self) -> dict[str, str]:
        words = {
            "every": _("Say how many."),
            "times": _("Say how many times, or choose another end."),
            "until": _("Choose the day it ends, or choose another end."),
        }
        asked = {**self._asked(), "due_on": self.is_repeating}
        words["due_on"] = _("A repeating action needs a date: choose the due date for this one.")
        return {
            name: words[name]
            for name, is_asked in asked.items()
            if is_asked and not self[name].data and not self[name].errors
        }

    def validate_every(self, field: Amount) -> None:
        _whole(field, WEEKS_MOST if self.repeats.data == WEEKS else MONTHS_MOST)

    def validate_times(self, field: Amount) -> None:
        _whole(field, TIMES_MOST)

    def validate_until(self, field: Day) -> None:
        if field.data and self.due_on.data and field.data < self.due_on.data:
            raise ValidationError(_("This is before the date of this one. Choose a later day."))

    def series(self, before: Series | None) -> Series | None:
        """Returns the series from this action on; None for an action that does not repeat.

        `before` is the current series.
        """
        due = self.due_on.data
        if not self.is_repeating or due is None:
            return None
        goes_on = None if self.from_here.data else before
        return Series(
            self._rule(due, goes_on),
            due if goes_on is None else goes_on.anchor,
            int(self.times.number) if self.ends.data == _TIMES and self.times.number else None,
            self.until.data if self.ends.data == _UNTIL else None,
        )

    def _rule(self, due: date, before: Series | None) -> Rule:
        unit, _dash, number = self.repeats.data.partition("-")
        every = int(number or self.every.number or 1)
        if unit == WEEKS:
            return Rule(RepeatUnit.WEEK, every)
        if self.on.data in {_ON_DATE, _ON_LAST_DAY}:
            kept = before.rule.day if before is not None and before.rule.day != LAST_DAY else None
            day = LAST_DAY if self.on.data == _ON_LAST_DAY else kept or due.day
            return Rule(RepeatUnit.MONTH_DAY, every, day)
        weekday = int(self.weekday.data) if self.weekday.data else due.weekday()
        return Rule(RepeatUnit.MONTH_WEEKDAY, every, nth=int(self.on.data), weekday=weekday)


_FIELDS = ("repeats", "every", "on", "weekday", "ends", "times", "until", "from_here")


def _whole(field: Amount, most: int) -> None:
    number = field.number
    if number is None or number != int(number) or not 1 <= number <= most:
        raise ValidationError(_("Enter a whole number from %(least)s to %(most)s.", least=1, most=most))


def values_of(series: Series | None) -> dict[str, Any]:
    """Returns the form's values for a series that continues from an action."""
    if series is None:
        return {}
    rule = series.rule
    unit = WEEKS if rule.unit is RepeatUnit.WEEK else MONTHS
    often = f"{unit}-{rule.every}"
    on = _ON_LAST_DAY if rule.day == LAST_DAY else _ON_DATE
    return {
        "repeats": often if often in _OFTEN else unit,
        "every": rule.every,
        "on": on if rule.nth is None else str(rule.nth),
        "weekday": "" if rule.weekday is None else str(rule.weekday),
        "ends": _TIMES if series.times is not None else _UNTIL if series.until is not None else _NEVER,
        "times": series.times,
        "until": series.until,
    }
