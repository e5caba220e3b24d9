"""Stores in a form the state in which it was opened: the row's version, and a fingerprint of each field.

Two people's texts are compared with these, so that no one has to choose for a field that only one person
changed.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any
from zlib import crc32

from markupsafe import Markup
from wtforms import Field, Form, HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import HiddenInput

from engage.dates import long_day
from engage.i18n import gettext as _


def shown(field: Field) -> str:
    """Returns the value of a field as a person reads it."""
    value = getattr(field, "none_is", None) if field.data is None else field.data
    if getattr(field, "choices", None) is not None:
        chosen = value if isinstance(value, list) else [value]
        pairs = (
            (each.value, each.label) if isinstance(each, SelectChoice) else each for each in field.choices
        )
        return ", ".join(str(label) for key, label in pairs if key in chosen)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return long_day(value)
    return str(value or "")


def mark(text: str) -> str:
    return f"{crc32(text.encode()):08x}"


class _VersionInput(HiddenInput):
    """The hidden field of the version, followed by one with the fingerprints."""

    def __call__(self, field: Field, **settings: object) -> Markup:
        # Both are written here: Home has a form for each of one's actions, and WTForms takes long over an attribute.
        hidden = Markup('<input type="hidden" name="{}" value="{}">')
        return hidden.format(field.name, field.data or "") + hidden.format(field.marks_name, field.marks())


class VersionField(HiddenField):
    """The version with which a form was opened."""

    widget = _VersionInput()

    def __init__(self, *args: object, **settings: object) -> None:
        self.form: Form = settings["_form"]
        super().__init__(*args, **settings)

    @property
    def marks_name(self) -> str:
        return f"{self.name}-opened"

    def process(self, formdata: Any, *args: object, **settings: object) -> None:
        super().process(formdata, *args, **settings)
        self.opened_with(self.data, formdata.get(self.marks_name, "") if formdata else None)

    def opened_with(self, version: Any, marks: str | None) -> None:
        self.data = self._marked = version
        self._marks = marks

    def marks(self) -> str:
        """Returns the fingerprints that the form sent; those of its values if it was just opened or saved."""
        if self._marks is not None and self.data == self._marked:
            return self._marks
        others = (each for each in self.form if each is not self and each.short_name != "csrf_token")
        return " ".join(f"{each.short_name}:{mark(shown(each))}" for each in others)

    def opened(self) -> Mapping[str, str]:
        """Returns the fingerprints by the field's name."""
        return dict(each.split(":", 1) for each in self.marks().split() if ":" in each)
