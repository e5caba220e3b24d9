"""Shows an item that two people saved: what is saved now beside what the second one typed."""

from dataclasses import dataclass
from typing import Any

from flask_babel import format_date, format_datetime
from flask_babel import gettext as _
from wtforms import Field

from engage.checklist.forms import ItemForm
from engage.checklist.models import Item
from engage.checklist.queries import Change
from engage.checklist.rules import ItemState
from engage.checklist.words import STATE_WORDS


@dataclass(frozen=True, slots=True)
class SavedNow:
    """The saved state: who saved and when, and for each field that differs, its stored and its typed text."""

    who: str
    when: str
    differing: tuple[tuple[Field, str, str], ...]


def saved_now(form: ItemForm, row: Item, last: Change | None) -> SavedNow:
    """Returns the saved state; `last` is the newest line of the item's history."""
    owners = {key: str(label) for key, label, *_rest in form.owner.iter_choices()}
    stored: dict[str, Any] = {
        "state": row.state.value,
        "owner": row.owner_id or 0,
        "due_on": row.due_on,
        "proof": row.proof,
        "note": row.note,
    }

    def said(name: str, value: Any) -> str:
        if name == "state":
            return str(STATE_WORDS[ItemState(value)])
        if name == "owner":
            return owners.get(value, "")
        return format_date(value, "medium") if name == "due_on" and value else str(value or "")

    return SavedNow(
        who=(last.actor if last else None) or _("Somebody"),
        when=format_datetime(last.happened_at, "medium") if last else "",
        differing=tuple(
            (form[name], said(name, value), said(name, form[name].data))
            for name, value in stored.items()
            if form[name].data != value
        ),
    )
