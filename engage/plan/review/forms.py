"""Forms of a review: when and at which meeting, what was agreed for next time, and notes on each goal."""

from collections.abc import Iterable, Mapping
from datetime import date

from wtforms import Field
from wtforms.validators import ValidationError

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings.forms import AtMeeting
from engage.web.forms import Day, FreeText, VersionedForm

_NOTE = "note_"


class ReviewForm(VersionedForm):
    meeting_id = AtMeeting()
    held_on = Day(_l("Held on"), required=_l("Enter the day of the review."))
    next_on = Day(_l("Next review"), description=_l("Usually a quarter later."))
    assess_on = Day(
        _l("Next assessment by"),
        description=_l("Once a year is usual."),
    )
    today: date

    def validate_held_on(self, field: Day) -> None:
        if field.data is not None and field.data > self.today:
            raise ValidationError(_("This day is in the future. Record the review after it was held."))

    def validate_next_on(self, field: Day) -> None:
        self._after(field)

    def validate_assess_on(self, field: Day) -> None:
        self._after(field)

    def _after(self, field: Day) -> None:
        if field.data is not None and self.held_on.data is not None and field.data <= self.held_on.data:
            raise ValidationError(_("Choose a day after the review."))

    @property
    def notes(self) -> dict[int, str]:
        """Returns the notes on goals, by the goal's id."""
        found = {field.name: field.data or "" for field in self if field.name.startswith(_NOTE)}
        return {int(name.removeprefix(_NOTE)): text for name, text in found.items()}

    @property
    def note_fields(self) -> list[Field]:
        return [field for field in self if field.name.startswith(_NOTE)]

    def fields(self) -> dict[str, object]:
        return {
            "meeting_id": self.meeting_id.row_id,
            "held_on": self.held_on.data,
            "next_on": self.next_on.data,
            "assess_on": self.assess_on.data,
        }


def review_form(
    goals: Iterable[tuple[int, str]], notes: Mapping[int, str], today: date, **settings: object
) -> ReviewForm:
    """Returns the form with a field for each goal, given as (id, title)."""
    fields = {
        f"{_NOTE}{key}": FreeText(title, longest=1000, default=notes.get(key, "")) for key, title in goals
    }
    form: ReviewForm = type("ReviewFormOfGoals", (ReviewForm,), {**fields, "today": today})(**settings)
    return form
