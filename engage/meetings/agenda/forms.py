"""Forms of an agenda: a line, moving a line, and choosing lines of a draft."""

from collections.abc import Iterable

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings.agenda.labels import output_of, title_of
from engage.meetings.agenda.rules.about import LARGEST, AboutKind, AgendaAbout, about, read
from engage.meetings.models import AgendaItem
from engage.numbers import whole_number
from engage.web.forms import (
    ConfirmForm,
    EngageForm,
    FreeLine,
    NameLine,
    Number,
    RowSelect,
    SeveralOf,
    VersionedForm,
)

# The kinds of things that people can name by number.
NUMBERED = {
    AboutKind.ACTION: _l("An action in the plan"),
    AboutKind.NEED: _l("A need"),
    AboutKind.AGREEMENT: _l("An agreement"),
    AboutKind.DECISION: _l("A decision"),
}
_AS_IT_IS = "same"


class AgendaLineForm(VersionedForm):
    """The form of a line. People give its subject by kind and number."""

    title = FreeLine(
        _l("Title"),
        required=_l("Write what the item is."),
        description=_l("The way people should read it on the agenda."),
    )
    minutes = Number(_l("Minutes"), least=0, most=600, default=10)
    output = FreeLine(
        _l("Aim"),
        description=_l("A decision, a name, a list: so that everyone knows when the item is done."),
    )
    lead_id = RowSelect(
        _l("Led by"),
        nothing=_l("No one yet"),
        description=_l("People without an account can lead too."),
    )
    about_kind = SelectField(
        _l("Linked record"),
        choices=[],
        default="",
        description=_l(
            "The item then links there. Enter the number of the action, need, agreement, or decision."
        ),
    )
    about_number = NameLine(_l("Number"), longest=10)

    @classmethod
    def of(
        cls,
        item: AgendaItem | None,
        label: str = "",
        *,
        typed: bool,
        people: Iterable[tuple[int, str]] = (),
    ) -> "AgendaLineForm":
        """Returns the form: as posted if `typed`, else filled from the row, or empty.

        `label` is the name of the row's subject. `people` are those who can lead the line.
        """
        found = read(item.about) if item is not None else None
        values = {"about_kind": "", "about_number": ""}
        if found is not None and found.kind in NUMBERED:
            values = {"about_kind": found.kind.value, "about_number": found.key}
        elif found is not None:
            values["about_kind"] = AboutKind.BREAK.value if found.kind is AboutKind.BREAK else _AS_IT_IS
        form = cls() if typed else cls(formdata=None, obj=item, data=values)
        if item is not None and not typed:
            form.title.data, form.output.data = title_of(item), output_of(item)
        form.lead_id.offer(people)
        form.offer(label if values["about_kind"] == _AS_IT_IS else "")
        return form

    def offer(self, label: str) -> None:
        choices = [("", _("Nothing in particular")), (AboutKind.BREAK.value, _("This is a break"))]
        if label:
            choices.insert(0, (_AS_IT_IS, label))
        numbered = [(kind.value, str(words)) for kind, words in NUMBERED.items()]
        self.about_kind.choices = [SelectChoice(*each) for each in (*choices, *numbered)]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        text = (self.about_number.data or "").lstrip("#")
        if self.names_by_number and not (text.isdecimal() and text.isascii() and 0 < int(text) <= LARGEST):
            self.refuse("about_number", _("Enter its number, such as 14."))
            return False
        return valid

    @property
    def names_by_number(self) -> bool:
        return self.about_kind.data in {kind.value for kind in NUMBERED}

    def about(self, before: str) -> str:
        """Returns the subject in the form that the database stores; `before` is the earlier subject."""
        kind = self.about_kind.data
        if kind == _AS_IT_IS:
            return before
        if kind == AboutKind.BREAK.value:
            return about(AboutKind.BREAK)
        return str(AgendaAbout(AboutKind(kind), (self.number,))) if kind else ""

    @property
    def number(self) -> str:
        return str(int((self.about_number.data or "").lstrip("#")))

    def fields(self, item: AgendaItem | None = None) -> dict[str, object]:
        """Returns the line's columns by name. Drafted texts that no one changed keep their stored wording."""
        title, output = self.title.data, self.output.data or ""
        if item is not None:
            title = item.title if title == title_of(item) else title
            output = item.output if output == output_of(item) else output
        return {
            "title": title,
            "minutes": self.minutes.data,
            "output": output,
            "lead_id": self.lead_id.row_id,
            "about": self.about(item.about if item is not None else ""),
        }


class MoveLineForm(ConfirmForm):
    """The form that moves a line before the line with this id; 0 means to the end."""

    before = HiddenField()

    @property
    def before_id(self) -> int | None:
        """Returns the id of the line that follows the new place; None if the field holds no number."""
        return whole_number(self.before.data or "")


class DraftForm(EngageForm):
    """The form for choosing lines of a draft. Lines that are no longer proposed are reported, not refused."""

    keep = SeveralOf(_l("Items to keep"), validate_choice=False)
    minutes = HiddenField()

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(self.keep.data or [])

    @property
    def asks_for_minutes(self) -> bool:
        """Returns whether the button asks only how the time would be spread, without saving."""
        return bool(self.minutes.data)
