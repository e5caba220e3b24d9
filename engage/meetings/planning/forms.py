"""Forms for planning a meeting: its date and time, copying it, and everything else about it."""

from datetime import datetime

from wtforms import BooleanField, TimeField
from wtforms.validators import InputRequired, Optional, ValidationError

from engage.i18n import format_time
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings.labels import KIND_LABELS, KIND_SENTENCES
from engage.meetings.moments import NoSuchTime, moment_of
from engage.meetings.rules import MeetingKind
from engage.web.forms import (
    Day,
    EngageForm,
    FreeLine,
    FreeText,
    Number,
    OneOf,
    RowSelect,
    VersionedForm,
    WebAddress,
)


class Time(TimeField):
    """A field for a time of day."""

    def __init__(self, label: str, *, required: str | None = None, **settings: object) -> None:
        rule = InputRequired(required) if required else Optional()
        # Browsers with a time field send 18:30, whatever they show. Others send the text as typed.
        formats = ["%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p"]
        super().__init__(label, validators=[rule], format=formats, **settings)

    def process_formdata(self, valuelist: list[str]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_("Enter the time as hours and minutes, such as 6:30 PM.")) from None


def check_clock(day: Day, time: Time, time_zone: str) -> None:
    """Refuses a time that does not exist on that day, because the clock skips it."""
    if day.data is None or day.errors or time.data is None:
        return
    try:
        moment_of(day.data, time.data, time_zone)
    except NoSuchTime as gap:
        raise ValidationError(
            _(
                "Clocks move forward that day and skip this time. Choose %(time)s or later.",
                time=format_time(gap.after, "short", rebase=False),
            )
        ) from None


class DateForm(EngageForm):
    """The form of a date and time in the coalition's time zone; the view sets `time_zone`."""

    day = Day(_l("Date"), required=_l("Choose the date."))
    time = Time(_l("Time"), required=_l("Choose when it begins."))
    time_zone: str = "UTC"

    def validate_time(self, field: Time) -> None:
        check_clock(self.day, field, self.time_zone)

    @property
    def starts_at(self) -> datetime:
        """Returns the start of a valid form in UTC."""
        return moment_of(self.day.data, self.time.data, self.time_zone)


class CopyMeetingForm(DateForm):
    """The form of the copy's date and time."""


class MeetingForm(DateForm, VersionedForm):
    kind = OneOf(
        _l("Kind of meeting"),
        [(kind.value, KIND_LABELS[kind]) for kind in MeetingKind],
        required=_l("Choose the kind of meeting."),
        descriptions={kind.value: KIND_SENTENCES[kind] for kind in MeetingKind},
    )
    group_id = RowSelect(
        _l("Workgroup"), nothing=_l("None"), description=_l("For a workgroup's meeting only.")
    )
    title = FreeLine(
        _l("Title"),
        longest=120,
        required=_l("Give the meeting a title."),
        description=_l("Such as: Spring planning session."),
    )
    minutes = Number(
        _l("Minutes"),
        least=5,
        most=1440,
        default=90,
        description=_l("End on time: 60 to 90 for most meetings, 180 for a planning session."),
    )
    place = FreeLine(
        _l("Place"),
        longest=200,
        description=_l("A public place people can find. Never the address of a shelter."),
    )
    link = WebAddress(_l("Link to join online"), description=_l("The full address, starting with https://."))
    about = FreeText(
        _l("Before you come"),
        longest=2000,
        description=_l(
            "What to read or bring, and who to ask about interpretation, accessibility, or child care."
        ),
    )
    is_open = BooleanField(
        _l("Open to the public"),
        description=_l("Only its title, its time, and the place below are shown on your public page."),
    )
    public_place = FreeLine(
        _l("Place for the public"),
        longest=200,
        description=_l("Strangers will read this. Never the address of a shelter or of someone's home."),
    )

    def only_inside(self) -> None:
        """Removes the fields that put the meeting on the public page, which only a coordinator may decide."""
        del self.is_open, self.public_place

    def stay_in_group(self, group_id: int | None) -> None:
        """Removes the group field. A lead who moved a meeting into their own group could close it there."""
        del self.group_id
        if group_id is not None:
            del self.kind

    def validate_is_open(self, field: BooleanField) -> None:
        if field.data and not self.public_place.data:
            raise ValidationError(_("Write where the public can come, or uncheck “Open to the public”."))

    def validate_group_id(self, field: RowSelect) -> None:
        if field.row_id is not None and self.kind.data != MeetingKind.WORKGROUP:
            raise ValidationError(
                _("Only a workgroup's meeting has a group. Choose None, or the other kind.")
            )

    def fields(self) -> dict[str, object]:
        """Returns the meeting's columns by name."""
        return {
            **({"kind": MeetingKind(self.kind.data)} if "kind" in self else {}),
            **({"group_id": self.group_id.row_id} if "group_id" in self else {}),
            "title": self.title.data or "",
            "starts_at": self.starts_at,
            "minutes": self.minutes.data,
            **{name: self[name].data or "" for name in ("place", "link", "about")},
            **(
                {"is_open": self.is_open.data, "public_place": self.public_place.data or ""}
                if "is_open" in self
                else {}
            ),
        }
