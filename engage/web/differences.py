"""Compares two versions of a row's texts side by side: the saved one, and the one typed in a form."""

from msgspec import Struct
from wtforms import Field

from engage.web.forms import VersionedForm
from engage.web.opened import mark, shown


class Difference(Struct, frozen=True):
    """A field of the form with both texts, as a person reads them.

    `is_taken` means that the form now holds the saved text.
    """

    field: Field
    saved: str
    typed: str
    is_taken: bool = False


def differences(form: VersionedForm, saved: VersionedForm, version: int) -> list[Difference]:
    """Returns the fields in which the typed form differs from the row, and prepares the form to overwrite it.

    A field that only this form changed is no difference; one that only someone else changed is copied into
    the form.
    """
    opened, found = form.version.opened(), list[Difference]()
    for field in form:
        name = field.short_name
        if name in {"version", "csrf_token"}:
            continue
        now, typed = shown(saved[name]), shown(field)
        was = opened.get(name)
        if now == typed or was == mark(now):
            continue
        is_taken = was == mark(typed)
        if is_taken:
            field.data, field.raw_data = saved[name].data, None
        found.append(Difference(field, now, typed, is_taken))
    form.version.opened_with(str(version), saved.version.marks())
    return found
