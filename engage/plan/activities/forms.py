"""The form of an activity."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from engage.numbers import Problem
from engage.plan.activities.rules import HOURS_MOST, REACHED_MOST, ActivityKind
from engage.plan.activities.words import KIND_WORDS
from engage.web.forms import Amount, Day, FreeLine, RowSelect, VersionedForm
from engage.web.number_words import NUMBER_WORDS


class ActivityForm(VersionedForm):
    """The form of an activity, short enough for a phone at the door: what, when and how many. The rest is optional."""

    title = FreeLine(
        _l("What was done"),
        longest=200,
        required=_l("Say what was done."),
        description=_l("In a few words: Training for night clerks."),
    )
    kind = SelectField(
        _l("Kind"),
        choices=[
            SelectChoice("", _l("Choose")),
            *(SelectChoice(kind.value, KIND_WORDS[kind]) for kind in ActivityKind),
        ],
        validators=[DataRequired(_l("Choose what kind it was."))],
    )
    happened_on = Day(_l("Date"), required=_l("Choose the date."))
    reached = Amount(_l("People reached"), description=_l("How many came or heard it. No lists of names."))
    hours = Amount(
        _l("Volunteer and staff hours"),
        description=_l("Total hours of everyone who prepared and ran it. For an hour and a half, write 1.5."),
    )
    discipline = SelectField(_l("Audience"), choices=[], default="")
    goal_id = RowSelect(_l("Goal it serves"), nothing=_l("None"))
    action_number = Amount(
        _l("Action number"),
        description=_l(
            "The number in the plan’s list, if it was part of an action. Its goal then counts too."
        ),
    )

    def __init__(self, today: date, *args: Any, **settings: Any) -> None:
        self.today = today
        super().__init__(*args, **settings)

    def offer(self, disciplines: Iterable[tuple[str, str]], goals: Iterable[tuple[int, str]]) -> None:
        self.discipline.choices = [
            SelectChoice("", _("Several, or everyone")),
            *(SelectChoice(*each) for each in disciplines),
        ]
        self.goal_id.offer(goals)

    def validate_happened_on(self, field: Day) -> None:
        if field.data is not None and field.data > self.today:
            raise ValidationError(_("This day is in the future. Log the activity after it took place."))

    def validate_reached(self, field: Amount) -> None:
        _whole(field, REACHED_MOST)

    def validate_hours(self, field: Amount) -> None:
        _counted(field, HOURS_MOST)

    def validate_action_number(self, field: Amount) -> None:
        _whole(field, REACHED_MOST)

    @property
    def action(self) -> int | None:
        """Returns the number of the action, or None if none was written."""
        number = self.action_number.number
        return int(number) if number is not None else None

    def fields(self, action_id: int | None) -> dict[str, Any]:
        """Returns the activity's columns by name. An action already implies its goal."""
        reached = self.reached.number
        return {
            "title": self.title.data,
            "kind": ActivityKind(self.kind.data),
            "happened_on": self.happened_on.data,
            "reached": int(reached) if reached is not None else None,
            "hours": self.hours.number,
            "discipline": self.discipline.data or "",
            "goal_id": self.goal_id.row_id if action_id is None else None,
            "action_id": action_id,
        }


def _counted(field: Amount, most: int) -> None:
    if field.number is not None and field.number < 0:
        raise ValidationError(str(NUMBER_WORDS[Problem.NEGATIVE]))
    if field.number is not None and field.number > most:
        raise ValidationError(str(NUMBER_WORDS[Problem.TOO_LARGE]))


def _whole(field: Amount, most: int) -> None:
    _counted(field, most)
    if field.number is not None and field.number != int(field.number):
        raise ValidationError(str(NUMBER_WORDS[Problem.NOT_WHOLE]))
