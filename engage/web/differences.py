"""Compares two texts of one thing, side by side: what is saved now and what someone else typed."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from msgspec import Struct

from engage.dates import long_day
from engage.web.forms import NOBODY, RowSelect, VersionedForm


class Difference(Struct, frozen=True):
    """A field of the form with both texts, as a person reads them."""

    field: Any
    saved: str
    typed: str


def differences(form: VersionedForm, saved: VersionedForm, version: int) -> list[Difference]:
    """Returns the fields in which the typed form differs from the row, and readies the form to be saved over it."""
    form.version.data = str(version)
    pairs = [
        Difference(field, _shown(saved[field.short_name]), _shown(field))
        for field in form
        if field.short_name not in {"version", "csrf_token"}
    ]
    return [each for each in pairs if each.saved != each.typed]


def _shown(field: Any) -> str:
    value = NOBODY if field.data is None and isinstance(field, RowSelect) else field.data
    if getattr(field, "choices", None) is not None:
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(str(choice.label) for choice in field.choices if choice.value in chosen)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, date):
        return long_day(value)
    return str(value or "")
