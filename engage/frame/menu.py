"""Builds the menu beside every page: eight entries, then those that came up, and *More* with the rest.

The current entry is marked. If it stands in *More*, that is open.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple, Protocol

from flask import request, url_for
from msgspec import Struct

from engage.coalitions.permissions import Permission, may
from engage.coalitions.rules import ComesUp, Role
from engage.extensions import language
from engage.i18n import LazyString
from engage.i18n import lazy_gettext as _l


class MenuEntry(Struct, frozen=True):
    """An entry of the menu; `count` is shown only on Home, which reads the counts anyway."""

    label: str
    url: str
    current: bool
    icon: str
    count: str | None = None


class Menu(Struct, frozen=True):
    """The menu's own entries, those folded in *More*, and those beside the coalition's name."""

    entries: list[MenuEntry]
    more: list[MenuEntry]
    beside: list[MenuEntry]

    @property
    def is_in_more(self) -> bool:
        return any(each.current for each in self.more)


class HasMenu(Protocol):
    """A coalition, or another object that has what it keeps of its menu."""

    @property
    def menu_entries(self) -> list[str]: ...
    @property
    def menu_is_short(self) -> bool: ...


class _Room(NamedTuple):
    """The target of an entry; `also` are further paths below /c/<slug>/ that mark the entry as current.

    An entry that `comes_up` stands in *More* until then.
    """

    label: LazyString
    endpoint: str
    permission: Permission
    icon: str
    also: tuple[str, ...] = ()
    comes_up: ComesUp | None = None


_ENTRIES = (
    _Room(_l("Home"), "home.index", Permission.SEE, "home"),
    _Room(_l("My tasks"), "messages.index", Permission.WORK, "tasks", ("announcements/",)),
    _Room(_l("Calendar"), "calendar.index", Permission.SEE, "calendar", (), ComesUp.CALENDAR),
    _Room(_l("Begin"), "onboarding.index", Permission.SEE, "start", ("checklist/", "toolkit/")),
    _Room(_l("Assessment"), "assessment.index", Permission.SEE, "assessment"),
    _Room(
        _l("Strengths and needs"),
        "strengths.index",
        Permission.SEE_ALL,
        "strengths",
        ("chain/",),
        ComesUp.STRENGTHS,
    ),
    _Room(_l("Partners"), "partners.index", Permission.SEE, "partners"),
    _Room(_l("Meetings"), "meetings.index", Permission.SEE_ALL, "meetings"),
    _Room(_l("Plan"), "plan.index", Permission.SEE, "plan"),
    _Room(_l("Documents"), "documents.index", Permission.SEE, "documents", (), ComesUp.DOCUMENTS),
    _Room(_l("Reports"), "reports.index", Permission.SEE, "reports", (), ComesUp.REPORTS),
    _Room(_l("People"), "coalitions.people", Permission.SEE_ALL, "people"),
)
_ABOUT_US = _Room(_l("About us"), "coalitions.about_us", Permission.SEE, "about")
# Who may edit these two finds them beside the coalition's name.
_BESIDE = (_Room(_l("Settings"), "coalitions.settings", Permission.EDIT_SETTINGS, "settings"), _ABOUT_US)


def of(role: Role, coalition: HasMenu, counts: Mapping[str, str]) -> Menu:
    """Returns the menu for this role; `counts` are texts by endpoint."""
    home = url_for("home.index")
    up = _came_up(coalition)
    edits = may(role, Permission.EDIT_SETTINGS)
    found = Menu([], [], [])
    for label, url, room in _places(role, home, language()):
        entry = MenuEntry(label, url, _is_here(url, home, room.also), room.icon, counts.get(room.endpoint))
        if room in _BESIDE:
            (found.beside if edits else found.more).append(entry)
        else:
            (found.entries if room.comes_up is None or room.comes_up in up else found.more).append(entry)
    return found


def _came_up(coalition: HasMenu) -> list[str]:
    """Returns what came up; nothing while the first evening goes on, or if the coalition keeps its menu short."""
    entries = coalition.menu_entries
    return [] if coalition.menu_is_short or ComesUp.EVENING_IS_PAST not in entries else entries


# Every page shows the menu, so its addresses are built once: all of them begin with Home's address.
@lru_cache(maxsize=500)
def _places(role: Role, _home: str, _language: str) -> list[tuple[str, str, _Room]]:
    """Returns the entries that this role sees: label, URL and target."""
    return [
        (str(room.label), url_for(room.endpoint), room)
        for room in (*_ENTRIES, *_BESIDE)
        if may(role, room.permission)
    ]


def _is_here(url: str, home: str, also: tuple[str, ...]) -> bool:
    if url == home:
        return request.path == home
    return request.path.startswith((url, *(home + each for each in also)))
