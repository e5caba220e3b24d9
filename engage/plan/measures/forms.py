"""Forms of measures and their readings."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms.validators import ValidationError

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.numbers import NumberRefused
from engage.plan.measures import labels
from engage.plan.measures.rules import Direction, MeasureKind, NumberKind, check_number
from engage.web.forms import Amount, Day, FreeLine, OneOf, VersionedForm
from engage.web.labels import NUMBER_LABELS


def _values(words: Mapping[Any, str]) -> dict[str, str]:
    return {key.value: text for key, text in words.items()}


def _refuse_future(day: date | None, today: date) -> None:
    if day is not None and day > today:
        raise ValidationError(_("This day is in the future. Enter the day the number was read."))


class MeasureForm(VersionedForm):
    title = FreeLine(
        _l("What is measured"),
        longest=200,
        required=_l("Say what is measured."),
        description=_l("In a few words: licensed foster families. Only totals, never about one person."),
    )
    kind = OneOf(
        _l("Kind of measure"),
        _values(labels.KIND_LABELS),
        descriptions=_values(labels.KIND_MEANINGS),
        default=MeasureKind.HOW_MUCH.value,
        required=_l("Choose one."),
    )
    number_kind = OneOf(
        _l("What kind of number"),
        _values(labels.NUMBER_KIND_LABELS),
        descriptions=_values(labels.NUMBER_KIND_MEANINGS),
        default=NumberKind.COUNT.value,
        required=_l("Choose one."),
    )
    unit = FreeLine(_l("Unit"), longest=40, description=_l("What is counted: beds, days, schools."))
    direction = OneOf(
        _l("Better direction"),
        _values(labels.DIRECTION_LABELS),
        default=Direction.UP.value,
        required=_l("Choose one."),
    )
    baseline_value = Amount(_l("Starting value"), description=_l("The number before you began."))
    baseline_on = Day(_l("Date"), description=_l("The date of the starting value."))
    target_value = Amount(_l("Target"), description=_l("The number you want to reach."))
    target_on = Day(_l("By when"), description=_l("The day you want to reach it."))

    def __init__(self, today: date, offered: date | None, *args: object, **settings: object) -> None:
        """Sets up the form. The target day of a new measure starts as `offered`, the objective's own day."""
        self.today, self.offered = today, offered
        super().__init__(*args, **settings)

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        # An empty field runs no validators, so related fields are checked here.
        for name, message in self._missing():
            self.refuse(name, message)
            valid = False
        return valid

    def _missing(self) -> list[tuple[str, str]]:
        value, day = bool(self.baseline_value.data), self.baseline_on.data is not None
        found = []
        if value and not day and not self.baseline_on.errors:
            found.append(("baseline_on", _("Enter the date of the starting value.")))
        if day and not value:
            found.append(("baseline_value", _("Enter the starting value for that date, or remove the date.")))
        # A target's day that was only offered does not require a target.
        if self.target_on.data not in {None, self.offered} and not self.target_value.data:
            found.append(("target_value", _("Enter the target for that date, or remove the date.")))
        return found

    def validate_baseline_value(self, field: Amount) -> None:
        self._check(field)

    def validate_target_value(self, field: Amount) -> None:
        self._check(field)

    def _check(self, field: Amount) -> None:
        if field.number is None or self.number_kind.data not in set(NumberKind):
            return
        try:
            check_number(field.number, NumberKind(self.number_kind.data))
        except NumberRefused as refused:
            raise ValidationError(str(NUMBER_LABELS[refused.problem])) from None

    def validate_baseline_on(self, field: Day) -> None:
        _refuse_future(field.data, self.today)

    def validate_target_on(self, field: Day) -> None:
        if field.data and self.baseline_on.data and field.data <= self.baseline_on.data:
            raise ValidationError(_("This is not after the starting date. Choose a later day."))

    def fields(self) -> dict[str, object]:
        return {
            "title": self.title.data,
            "kind": MeasureKind(self.kind.data),
            "number_kind": NumberKind(self.number_kind.data),
            "unit": self.unit.data or "",
            "direction": Direction(self.direction.data),
            "baseline_value": self.baseline_value.number,
            "baseline_on": self.baseline_on.data,
            "target_value": self.target_value.number,
            "target_on": self.target_on.data if self.target_value.data else None,
        }


class ReadingForm(VersionedForm):
    value = Amount(_l("The number"), required=_l("Enter the number."))
    taken_on = Day(_l("Date of reading"), required=_l("Enter the date of the reading."))
    source = FreeLine(
        _l("Source"),
        longest=200,
        description=_l("Such as: the shelters’ monthly count. Only totals, never about one person."),
    )

    def __init__(self, today: date, number: NumberKind, *args: object, **settings: object) -> None:
        self.today, self.number_kind = today, number
        super().__init__(*args, **settings)

    def validate_value(self, field: Amount) -> None:
        assert field.number is not None
        try:
            check_number(field.number, self.number_kind)
        except NumberRefused as refused:
            raise ValidationError(str(NUMBER_LABELS[refused.problem])) from None

    def validate_taken_on(self, field: Day) -> None:
        _refuse_future(field.data, self.today)

    def fields(self) -> dict[str, object]:
        return {"value": self.value.number, "taken_on": self.taken_on.data, "source": self.source.data or ""}
