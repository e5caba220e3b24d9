"""Builds the menu beside every page: five groups of entries. The current entry is marked."""

from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from flask import request, url_for
from msgspec import Struct

from engage.coalitions.permissions import Permission, may
from engage.coalitions.rules import Role
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


class MenuGroup(Struct, frozen=True):
    heading: str
    entries: list[MenuEntry]


class _Room(NamedTuple):
    """The target of an entry; `also` are further paths below /c/<slug>/ that mark the entry as current."""

    label: LazyString
    endpoint: str
    permission: Permission
    icon: str
    also: tuple[str, ...] = ()


_GROUPS = (
    (
        _l("Today"),
        (
            _Room(_l("Home"), "home.index", Permission.SEE, "home"),
            _Room(_l("My tasks"), "messages.index", Permission.WORK, "tasks", ("announcements/",)),
            _Room(_l("Calendar"), "calendar.index", Permission.SEE, "calendar"),
        ),
    ),
    (
        _l("How to begin"),
        (
            _Room(_l("Getting Started"), "onboarding.index", Permission.SEE, "start"),
            _Room(_l("Learn"), "toolkit.index", Permission.SEE, "learn"),
            _Room(_l("Tips"), "checklist.index", Permission.SEE, "tips"),
        ),
    ),
    (
        _l("Our community"),
        (
            _Room(_l("Assessment"), "assessment.index", Permission.SEE, "assessment"),
            _Room(_l("Strengths and needs"), "strengths.index", Permission.SEE_ALL, "strengths", ("chain/",)),
        ),
    ),
    (
        _l("Working together"),
        (
            _Room(_l("Partners"), "partners.index", Permission.SEE, "partners"),
            _Room(_l("Meetings"), "meetings.index", Permission.SEE_ALL, "meetings"),
            _Room(_l("Plan"), "plan.index", Permission.SEE, "plan"),
            _Room(_l("Documents"), "documents.index", Permission.SEE, "documents"),
        ),
    ),
    (
        _l("Our coalition"),
        (
            _Room(_l("Reports"), "reports.index", Permission.SEE, "reports"),
            _Room(_l("People"), "coalitions.people", Permission.SEE_ALL, "people"),
            _Room(_l("About us"), "coalitions.about_us", Permission.SEE, "about"),
            _Room(_l("Settings"), "coalitions.settings", Permission.EDIT_SETTINGS, "settings"),
        ),
    ),
)


def groups(role: Role, counts: Mapping[str, str]) -> list[MenuGroup]:
    """Returns the menu for this role; `counts` are texts by endpoint."""
    home = url_for("home.index")
    return [
        MenuGroup(
            heading,
            [
                MenuEntry(
                    label, url, _is_here(url, home, target.also), target.icon, counts.get(target.endpoint)
                )
                for label, url, target in places
            ],
        )
        for heading, places in _places(role, home, language())
    ]


# Every page shows the menu, so its addresses are built once: all of them begin with Home's address.
@lru_cache(maxsize=500)
def _places(role: Role, _home: str, _language: str) -> list[tuple[str, list[tuple[str, str, _Room]]]]:
    """Returns the menu's headings with the entries that this role sees: label, URL and target."""
    return [
        (
            str(heading),
            [
                (str(target.label), url_for(target.endpoint), target)
                for target in targets
                if may(role, target.permission)
            ],
        )
        for heading, targets in _GROUPS
    ]


def _is_here(url: str, home: str, also: tuple[str, ...]) -> bool:
    if url == home:
        return request.path == home
    return request.path.startswith((url, *(home + each for each in also)))
