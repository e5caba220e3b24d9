"""Forms to set and to withdraw an agreed value."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from wtforms import SelectField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from engage.assessment.models import AgreedValue
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings.forms import AtMeeting
from engage.meetings.held import MeetingRef
from engage.web.forms import NOBODY, Day, FreeText, VersionedForm

REASON_LONGEST = 2000


class AgreedForm(VersionedForm):
    """The form of an agreed value. `row` is the current or withdrawn value; None if there never was one."""

    value = SelectField(_l("Agreed value"), validators=[DataRequired(_l("Choose the value you agreed on."))])
    reason = FreeText(
        _l("Why this value"),
        longest=REASON_LONGEST,
        required=_l("Say in a sentence why you settled on it."),
        description=_l("What the group knew or found out, so that next year's group understands the value."),
    )
    agreed_on = Day(_l("Agreed on"), required=_l("Enter the day you agreed."))
    meeting_id = AtMeeting()

    def __init__(
        self,
        scale: Sequence[str],
        today: date,
        held: Sequence[MeetingRef],
        row: AgreedValue | None = None,
        **settings: object,
    ) -> None:
        kept: dict[str, object] = {"agreed_on": today, "version": "0"}
        if row is not None:
            kept["version"] = str(row.version)
        if row is not None and row.value is not None:
            kept |= {"value": _half(row.value), "reason": row.reason, "agreed_on": row.agreed_on}
            kept["meeting_id"] = row.meeting_id or NOBODY
        super().__init__(data=kept, **settings)
        self.today = today
        self.value.choices = [SelectChoice("", _("Choose")), *_halves(scale)]
        self.meeting_id.offer_held(held)

    def validate_agreed_on(self, field: Day) -> None:
        if field.data is not None and field.data > self.today:
            raise ValidationError(_("Choose today or an earlier day."))

    def fields(self) -> dict[str, Any]:
        return {
            "value": float(self.value.data),
            "reason": self.reason.data or "",
            "agreed_on": self.agreed_on.data,
            "meeting_id": self.meeting_id.row_id,
        }


class TakeBackForm(VersionedForm):
    """The form with the button that withdraws an agreed value."""


def _half(value: float) -> str:
    """Returns the number as a choice's value: "2" for 2.0 and "2.5" for 2.5."""
    return f"{value:g}"


def _halves(scale: Sequence[str]) -> Iterator[SelectChoice]:
    """Yields the levels and the half steps between them as the choices of a select field."""
    for level, name in enumerate(scale):
        yield SelectChoice(str(level), _("%(number)s %(label)s", number=level, label=name))
        if level < len(scale) - 1:
            between = _(
                "%(number)s between %(low)s and %(high)s", number=level + 0.5, low=name, high=scale[level + 1]
            )
            yield SelectChoice(_half(level + 0.5), between)
