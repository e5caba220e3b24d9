"""The forms of an activity: one to plan it, one to log what was done."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import lazy_pgettext
from engage.meetings.moments import moment_of
from engage.meetings.planning.forms import Time, check_clock
from engage.numbers import Problem
from engage.plan.activities.labels import KIND_LABELS, too_many_words
from engage.plan.activities.rules import (
    AUDIENCES_MOST,
    HOURS_MOST,
    MINUTES_MOST,
    REACHED_MOST,
    ActivityKind,
    ActivityState,
    Audience,
)
from engage.web.forms import (
    Amount,
    Day,
    EngageForm,
    FreeLine,
    FreeText,
    RowSelect,
    SeveralOf,
    VersionedForm,
    WebAddress,
)
from engage.web.labels import NUMBER_LABELS


class _AboutForm(VersionedForm):
    """What both forms ask: what, when, where, for whom, with whom, and which part of the plan it serves."""

    title = FreeLine(_l("Title"), longest=200, required=_l("Give it a title."))
    kind = SelectField(
        _l("Kind"),
        choices=[
            SelectChoice("", _l("Choose")),
            *(SelectChoice(kind.value, KIND_LABELS[kind]) for kind in ActivityKind),
        ],
        validators=[DataRequired(_l("Choose the kind of event."))],
    )
    happened_on = Day(_l("Date"), required=_l("Choose the date."))
    time = Time(_l("Begins at"))
    minutes = Amount(_l("Minutes"))
    place = FreeLine(
        _l("Place"),
        longest=200,
        description=_l("A public place people can find. Never the address of a shelter."),
    )
    link = WebAddress(_l("Link to join online"), description=_l("The full address, starting with https://."))
    county = FreeLine(_l("County"), longest=80)
    language = FreeLine(_l("Language"), longest=80, description=_l("The language spoken, such as: Spanish."))
    presenters = FreeLine(_l("Presenters"), longest=300, description=_l("Names, or what they do."))
    partners = SeveralOf(_l("Partner organizations"))
    goal_id = RowSelect(_l("Goal it serves"), nothing=lazy_pgettext("goal", "None"))
    objective_id = RowSelect(_l("Objective it serves"), nothing=_l("None"))
    action_number = Amount(
        _l("Action number"),
        description=_l(
            "If this was part of an action, enter the action’s number from the plan. It then counts toward "
            "that goal, too."
        ),
    )

    def __init__(self, today: date, time_zone: str, *args: object, **settings: object) -> None:
        self.today, self.time_zone = today, time_zone
        super().__init__(*args, **settings)

    def offer(
        self,
        disciplines: Iterable[tuple[str, str]],
        goals: Iterable[tuple[int, str]],
        objectives: Iterable[tuple[int, str]],
        organizations: Iterable[tuple[int, str]],
    ) -> None:
        """Sets the choices, from queries within the coalition."""
        choices = [SelectChoice(*each) for each in disciplines]
        for number, (audience, _people) in enumerate(self.audience_rows):
            nothing = _("None") if number else _("Several, or everyone")
            audience.choices = [SelectChoice("", nothing), *choices]
        self.goal_id.offer(goals)
        self.objective_id.offer(objectives)
        self.partners.choices = [SelectChoice(str(key), name) for key, name in organizations]

    @property
    def audience_rows(self) -> list[tuple[SelectField, Amount | None]]:
        """Returns the select of each audience with the field for its number of people, if this form has one."""
        return [
            (self[f"audience_{number}"], self._fields.get(f"people_{number}")) for number in AUDIENCE_NUMBERS
        ]

    def validate_time(self, field: Time) -> None:
        check_clock(self.happened_on, field, self.time_zone)

    def validate_minutes(self, field: Amount) -> None:
        _whole(field, MINUTES_MOST)
        if field.number == 0:
            field.data = ""

    def validate_action_number(self, field: Amount) -> None:
        _whole(field, REACHED_MOST)

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        chosen = [field.data for field, _people in self.audience_rows if field.data]
        for field, people in self.audience_rows:
            if field.data and chosen.count(field.data) > 1 and field.data in chosen[1:]:
                self.refuse(field.name, _("This audience is chosen twice."))
                return False
            if people is not None and people.data and not people.errors:
                try:
                    _whole(people, REACHED_MOST)
                except ValidationError as refused:
                    self.refuse(people.name, str(refused))
                    valid = False
        return valid

    @property
    def action(self) -> int | None:
        """Returns the number of the action, or None if none was written."""
        number = self.action_number.number
        return int(number) if number is not None else None

    @property
    def audiences(self) -> Sequence[Audience]:
        return tuple(
            Audience(field.data, _count(people) if people is not None else None)
            for field, people in self.audience_rows
            if field.data
        )

    @property
    def organizations(self) -> list[int]:
        return [int(key) for key in self.partners.data or ()]

    @property
    def _starts_at(self) -> datetime | None:
        if self.time.data is None:
            return None
        return moment_of(self.happened_on.data, self.time.data, self.time_zone)

    def fields(self, action_id: int | None) -> dict[str, object]:
        """Returns the activity's columns by name. The goal is left out if an action or objective implies it."""
        objective_id = self.objective_id.row_id if action_id is None else None
        return {
            "kind": ActivityKind(self.kind.data),
            "happened_on": self.happened_on.data,
            "starts_at": self._starts_at,
            "minutes": _count(self.minutes),
            **{
                name: self[name].data or ""
                for name in ("title", "place", "link", "county", "language", "presenters")
            },
            "goal_id": self.goal_id.row_id if action_id is None and objective_id is None else None,
            "objective_id": objective_id,
            "action_id": action_id,
        }


AUDIENCE_NUMBERS = range(1, AUDIENCES_MOST + 1)
for _number in AUDIENCE_NUMBERS:
    # Each field has its own label, because screen readers read fields one by one.
    _named = _l("Audience %(number)s", number=_number) if _number > 1 else _l("Audience")
    setattr(_AboutForm, f"audience_{_number}", SelectField(_named, choices=[], default=""))


class EventForm(_AboutForm):
    """The form of what is planned, to be counted once it has taken place."""

    about = FreeText(
        _l("Before you come"),
        longest=2000,
        description=_l(
            "What to read or bring, and who to ask about interpretation, accessibility, or child care."
        ),
    )
    is_open = BooleanField(
        _l("Open to the public"),
        description=_l("Anyone may see its title, time, and place, and where to sign up."),
    )

    def only_inside(self) -> None:
        """Removes the fields that make the event public, which only a coordinator may decide."""
        del self.is_open

    def fields(self, action_id: int | None) -> dict[str, object]:
        return {
            **super().fields(action_id),
            "about": self.about.data or "",
            **({"is_open": self.is_open.data} if self.is_open is not None else {}),
        }


class HoursForm(EngageForm):
    """The form of the person's own hours."""

    mine = Amount(
        _l("Your hours"), description=_l("To prepare and run it. For an hour and a half, enter 1.5.")
    )

    def validate_mine(self, field: Amount) -> None:
        _counted(field, HOURS_MOST)


class ActivityForm(_AboutForm):
    """The form of what was done, short enough for a phone; only what, when and how many are required."""

    title = FreeLine(
        _l("What was done"),
        longest=200,
        required=_l("Say what was done."),
        description=_l("In a few words: Training for night clerks."),
    )
    reached = Amount(_l("People reached"), description=_l("How many came or heard it. No lists of names."))
    hours = Amount(
        _l("Volunteer and staff hours"),
        description=_l("Total hours of everyone who prepared and ran it. For an hour and a half, enter 1.5."),
    )
    materials = Amount(
        _l("Materials handed out"), description=_l("How many flyers, cards, and similar items in total.")
    )

    def validate_happened_on(self, field: Day) -> None:
        if field.data is not None and field.data > self.today:
            raise ValidationError(_("This day is in the future. Log the activity after it took place."))

    def validate_reached(self, field: Amount) -> None:
        _whole(field, REACHED_MOST)

    def validate_hours(self, field: Amount) -> None:
        _counted(field, HOURS_MOST)

    def validate_materials(self, field: Amount) -> None:
        _whole(field, REACHED_MOST)

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if not valid:
            return False
        people = sum(each.people or 0 for each in self.audiences)
        if people > (_count(self.reached) or 0):
            self.refuse(
                "reached",
                too_many_words(people),
            )
            return False
        return True

    def fields(self, action_id: int | None) -> dict[str, object]:
        return {
            **super().fields(action_id),
            "state": ActivityState.HELD,
            "reached": _count(self.reached),
            "hours": self.hours.number,
            "materials": _count(self.materials),
        }


for _number in AUDIENCE_NUMBERS:
    _named = _l("People in audience %(number)s", number=_number) if _number > 1 else _l("People")
    setattr(ActivityForm, f"people_{_number}", Amount(_named))


def _count(field: Amount) -> int | None:
    return int(field.number) if field.number is not None else None


def _counted(field: Amount, most: int) -> None:
    if field.number is not None and field.number < 0:
        raise ValidationError(str(NUMBER_LABELS[Problem.NEGATIVE]))
    if field.number is not None and field.number > most:
        raise ValidationError(str(NUMBER_LABELS[Problem.TOO_LARGE]))


def _whole(field: Amount, most: int) -> None:
    _counted(field, most)
    if field.number is not None and field.number != int(field.number):
        raise ValidationError(str(NUMBER_LABELS[Problem.NOT_WHOLE]))
