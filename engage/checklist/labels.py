"""Returns the texts of the Tips for Success: states, and changes."""

from datetime import date, datetime
from itertools import groupby
from textwrap import shorten

from msgspec import Struct

from engage.checklist.queries import ItemChange
from engage.checklist.rules import ItemState
from engage.dates import medium_day
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import lazy_pgettext

STATE_LABELS = {
    ItemState.NOT_YET: _l("Not yet"),
    ItemState.IN_PROGRESS: _l("In progress"),
    ItemState.DONE: lazy_pgettext("agenda item", "Done"),
    ItemState.NOT_FOR_US: _l("Does not apply to us"),
}


STATUS_LONGEST = 90


def after_tick(state: ItemState, text: str) -> str:
    """Returns the text of the status region, which shows only the beginning of a long item."""
    if len(text) > STATUS_LONGEST:
        text = shorten(text, STATUS_LONGEST, placeholder="…")
    if state is ItemState.DONE:
        return _("Done: %(item)s", item=text)
    if state is ItemState.IN_PROGRESS:
        return _("In progress again: %(item)s", item=text)
    return _("No longer done: %(item)s", item=text)


def change_words(change: ItemChange, names: dict[int, str]) -> str:
    """Returns one line of an item's history, which says that a text changed, but not what it says.

    `names` are the names of owners by id.
    """
    match change.field:
        case "state":
            return _("from %(old)s to %(new)s", old=_state(change.old), new=_state(change.new))
        case "owner_id":
            if change.new is None:
                return _("no owner now; before: %(old)s", old=_person(change.old, names))
            return _("owner: %(new)s", new=_person(change.new, names))
        case "due_on":
            if change.new is None:
                return _("due date removed; before: %(old)s", old=_day(change.old))
            return _("due %(new)s", new=_day(change.new))
        case "note":
            return _("note changed")
        case _:
            return _("proof changed")


class ChecklistStep(Struct, frozen=True):
    """The changes that one person made at about the same time."""

    actor: str | None
    happened_at: datetime
    said: tuple[str, ...]


def steps(changes: list[ItemChange], names: dict[int, str]) -> list[ChecklistStep]:
    """Returns an item's history, newest first; one person's changes within a minute are one step."""

    def who_and_when(change: ItemChange) -> tuple[str | None, datetime]:
        return change.actor, change.happened_at.replace(second=0, microsecond=0)

    return [
        ChecklistStep(
            actor, moment, tuple(change_words(change, names) for change in reversed(list(together)))
        )
        for (actor, moment), together in groupby(changes, who_and_when)
    ]


def people_in(changes: list[ItemChange]) -> set[int]:
    """Returns the ids of the owners in the changes."""
    return {
        int(value)
        for change in changes
        if change.field == "owner_id"
        for value in (change.old, change.new)
        if value is not None
    }


def _state(value: str | None) -> str:
    return str(STATE_LABELS[ItemState(value or ItemState.NOT_YET)])


def _person(value: str | None, names: dict[int, str]) -> str:
    return names.get(int(value), _("a former member")) if value else _("no one")


def _day(value: str | None) -> str:
    return medium_day(date.fromisoformat(value)) if value else ""
