"""Forms of the funder report: a text for each section, the coalition's own order, a copy of what was sent."""

from collections.abc import Iterable, Mapping

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings.notes.rules import fingerprint
from engage.numbers import whole_number
from engage.reports.funder.labels import PART_LABELS
from engage.reports.funder.models import FunderText
from engage.reports.funder.rules import Part
from engage.web.forms import EngageForm, FreeLine, FreeText, VersionedForm

TEXT_LONGEST = 4000
LEFT_OUT = 0


class PartTextForm(VersionedForm):
    """The box for the text about one section; the page has a box for each section."""

    # The page says once, above all boxes, not to write about people.
    text = FreeText("", longest=TEXT_LONGEST, about_people=False)
    # This is a fingerprint of the text as the page showed it, so that an unchanged text does not count as
    # written.
    was = HiddenField()
    # A person who has seen both texts sends this with the saved text's version, to overwrite it.
    settled = HiddenField()
    part: Part

    @property
    def is_here(self) -> bool:
        """Returns whether the box was sent; a page that someone leaves sends only boxes with unsaved text."""
        return bool(self.text.raw_data)

    @property
    def is_changed(self) -> bool:
        return self.is_here and fingerprint(self.text.data or "") != self.was.data

    @property
    def seen_version(self) -> int:
        settled = whole_number(str(self.settled.data or ""))
        return self.opened_version if settled is None else settled

    def show(self, row: FunderText) -> None:
        """Updates the box to the saved text."""
        self.version.data, self.was.data, self.settled.data = str(row.version), fingerprint(row.text), ""


def text_forms(
    parts: Iterable[Part], saved: Mapping[Part, FunderText], facts: Mapping[Part, str], *, typed: bool
) -> list[PartTextForm]:
    """Returns the boxes; a box without a saved text starts with the facts."""
    return [_box(part, saved.get(part), facts.get(part, ""), typed=typed) for part in parts]


def _box(part: Part, row: FunderText | None, fact: str, *, typed: bool) -> PartTextForm:
    settings = {"prefix": part.value, "meta": {"csrf": False}}
    if typed:
        form = PartTextForm(**settings)
    elif row is None:
        data = {"version": "0", "text": fact, "was": fingerprint(fact)}
        form = PartTextForm(formdata=None, data=data, **settings)
    else:
        form = PartTextForm(formdata=None, obj=row, **settings)
        form.show(row)
    form.part = part
    form.text.label.text = str(PART_LABELS[part])
    return form


class OrderForm(VersionedForm):
    """The form of the coalition's own order of sections: the position of each one, or none."""

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        choices = [SelectChoice(LEFT_OUT, _("Leave out")), *(SelectChoice(n, str(n)) for n in PLACES)]
        for part in Part:
            self[part].choices = choices

    @property
    def fields(self) -> list[SelectField]:
        return [self[part] for part in Part]

    @property
    def chosen(self) -> list[tuple[Part, int]]:
        return [(part, self[part].data) for part in Part]

    def validate(self, extra_validators: object = None) -> bool:
        valid = bool(super().validate(extra_validators))
        if valid and not any(place for _part, place in self.chosen):
            self.form_errors = [_("Leave at least one section in.")]
            return False
        return valid


PLACES = range(1, len(Part) + 1)
for _part in Part:
    setattr(OrderForm, _part.value, SelectField(PART_LABELS[_part], coerce=int, default=LEFT_OUT))


class FunderCopyForm(EngageForm):
    """The form that saves a copy of the report as it is now."""

    title = FreeLine(
        _l("Who it goes to, and what for"),
        longest=120,
        required=_l("Write who it goes to, such as the funder and the grant."),
        description=_l("Such as: State Office for Victims, 2026 grant, third quarter."),
    )
