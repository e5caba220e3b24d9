"""Forms of the attendance sheet: one row for each person, and room for a guest."""

from collections.abc import Iterable, Mapping, Sequence

from flask import request
from msgspec import Struct
from msgspec.structs import replace
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from engage.content.loader import content
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings.attendance.service import PersonLine
from engage.meetings.labels import MODE_LABELS
from engage.meetings.rules import AttendanceChange, Mode
from engage.web.forms import ConfirmForm, EngageForm, NameLine, RowSelect

NOTHING = ""
_LONGEST = 20


class AttendanceLine(Struct, frozen=True):
    """A person on the sheet: the current mark, and the mark that was saved when the page was opened."""

    line: PersonLine
    was: str
    now: str

    @property
    def change(self) -> AttendanceChange | None:
        if self.was == self.now:
            return None
        return AttendanceChange(Mode(self.was) if self.was else None, Mode(self.now) if self.now else None)


class HereForm(ConfirmForm):
    """The form with which a person says that they are there; each way to attend is a button."""

    mode = SelectField(choices=[Mode.HERE.value, Mode.ONLINE.value])


class AttendanceForm(EngageForm):
    """The form of the sheet.

    It reads the marks from the request itself, because three hundred WTForms fields would take a small server
    a second.
    """

    guest = NameLine(
        _l("Name of a guest"), longest=120, description=_l("Someone who came and is not a member yet.")
    )
    guest_organization_id = RowSelect(
        _l("Organization they represented"), nothing=_l("None, or not in the directory")
    )
    guest_sector = SelectField(
        _l("Sector, if there is no organization"), choices=[], default="", validate_choice=True
    )
    guest_mode = SelectField(_l("Attendance"), choices=[], default=Mode.HERE.value)

    # People's answers from before the meeting, by the row's key. They fill in rows that are not marked yet.
    said: Mapping[str, Mode] = {}

    def offer(self, people: Iterable[PersonLine], organizations: Iterable[tuple[int, str]]) -> None:
        """Sets the people on the sheet, and the choices for a guest."""
        self.people = list(people)
        self.guest_organization_id.offer(organizations)
        self.guest_sector.choices = [
            SelectChoice("", _("Not given")),
            *(SelectChoice(sector.key, sector.name) for sector in content().sectors_of_people),
        ]
        self.guest_mode.choices = [SelectChoice(mode.value, str(MODE_LABELS[mode])) for mode in Mode]

    @property
    def marked(self) -> set[str]:
        """Returns the keys of the rows that are already saved."""
        return {line.key for line in self.people if line.mode is not None}

    @property
    def rows(self) -> list[AttendanceLine]:
        """Returns the saved rows; if the form was sent, the rows as sent."""
        if request.method != "POST":
            return [
                AttendanceLine(line, line.mode or NOTHING, line.mode or self.said.get(line.key) or NOTHING)
                for line in self.people
            ]
        everybody = _sent("everybody")
        return [_row(line, everybody) for line in self.people]

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        known = {NOTHING, *Mode}
        sent = [_sent(f"{kind}-{line.key}") for line in self.people for kind in ("was", "now")]
        if any(value not in known for value in [*sent, _sent("everybody")]):
            self.form_errors = [_("One of your choices could not be read. Choose it again.")]
            return False
        return valid

    @property
    def changes(self) -> dict[str, AttendanceChange]:
        """Returns the changes to save, from a valid form."""
        return {row.line.key: change for row in self.rows if (change := row.change) is not None}


def _sent(name: str) -> str:
    """Returns the value sent for a field. A text that is too long stays too long to be a valid choice."""
    return request.form.get(name, NOTHING)[: _LONGEST + 1]


def _row(line: PersonLine, everybody: str) -> AttendanceLine:
    saved = line.mode or NOTHING
    known = {NOTHING, *Mode}
    was = request.form.get(f"was-{line.key}", saved)
    was = was if was in known else saved
    # A person who was not on the sent page, or was added since then, keeps the saved mark.
    now = request.form.get(f"now-{line.key}", was)
    now = now if now in known else was
    if not now and everybody in set(Mode) and line.is_expected and not line.is_guest:
        now = everybody
    return AttendanceLine(line, was, now)


def conflicts(rows: Sequence[AttendanceLine], lost: Sequence[str]) -> list[tuple[str, str, str]]:
    """Returns the person, the saved mark and the mark sent, for each mark that someone else set meanwhile."""
    nothing = _("nothing")
    words: dict[str, str] = {
        NOTHING: nothing,
        **{mode.value: str(label) for mode, label in MODE_LABELS.items()},
    }
    return [
        (row.line.name, words[row.line.mode or NOTHING], words[row.now])
        for row in rows
        if row.line.key in set(lost)
    ]


def fresh(rows: Sequence[AttendanceLine]) -> list[AttendanceLine]:
    """Returns the same marks, so that saving them replaces what is saved now."""
    return [replace(row, was=row.line.mode or NOTHING) for row in rows]
