"""Builds the list of organizations, with its words and addresses."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from msgspec import Struct

from engage.clock import local_day
from engage.coalitions.models import Membership
from engage.coalitions.quiet_rules import quiet_since
from engage.content.loader import content
from engage.database import folded
from engage.dates import medium_day
from engage.partners.organizations import queries as organizations_queries
from engage.partners.organizations.queries import BETWEEN, NO_LEVEL, PAGE_ROWS, Filters, Order
from engage.partners.rules import Level, TagKind, needs_a_look
from engage.partners.words import level_words
from engage.web.lists import Pages, options_of, pages_of


class OrganizationLine(Struct, frozen=True):
    """An organization of the list; `contact` is empty for readers who may not see people."""

    id: int
    name: str
    sector: str
    level: str
    counties: str
    contact: str
    looked: str
    # This is when something was last heard from it, for the filter on quiet organizations.
    heard: str
    is_old: bool


class DirectoryPage(Struct, frozen=True):
    lines: list[OrganizationLine]
    found: int
    filters: Filters
    sees_people: bool
    pages: Pages
    # Each of these is (name, label, options as HTML).
    selects: list[tuple[str, str, Markup]]
    # This says whether the coalition has no organizations at all.
    is_empty: bool


def directory_page(
    membership: Membership,
    filters: Filters,
    today: date,
    asked: str,
    *,
    sees_people: bool,
    heard: Mapping[int, date],
) -> DirectoryPage:
    """Returns the page of the list that the address asks for, or the nearest one that exists.

    `heard` is when something was last heard from an organization, for the filter on quiet ones.
    """
    first = quiet_since(today, membership.coalition.quiet_days)
    lively = {key for key, day in heard.items() if day >= first}

    def at(filters: Filters, **more: object) -> str:
        return url_for("partners.index", **{**filters.args(), **more})

    def place(found: int) -> Pages:
        return pages_of(found, asked, lambda n: at(filters, page=n), PAGE_ROWS)

    found, rows = organizations_queries.page_of(
        membership, filters, today, lambda found: place(found).page, lively
    )
    return DirectoryPage(
        lines=_lines(rows, membership, today, heard if filters.quiet else None, sees_people=sees_people),
        found=found,
        filters=filters,
        sees_people=sees_people,
        pages=place(found),
        selects=_selects(membership, filters),
        is_empty=not found and not filters.with_(sort=Order.NAME).args(),
    )


def _lines(
    rows: Sequence[organizations_queries.OrganizationRow],
    membership: Membership,
    today: date,
    heard: Mapping[int, date] | None,
    *,
    sees_people: bool,
) -> list[OrganizationLine]:
    time_zone = membership.coalition.time_zone
    sectors = {each.key: each.name for each in content().sectors}
    levels = {level: level_words(level) for level in (None, *Level)}
    days: dict[date | None, str] = {None: _("never")}
    lines = []
    for row in rows:
        if row.verified_on not in days and row.verified_on is not None:
            days[row.verified_on] = medium_day(row.verified_on)
        lines.append(
            OrganizationLine(
                id=row.id,
                name=row.name,
                sector=sectors.get(row.sector, row.sector),
                level=levels[row.level],
                counties=", ".join(sorted((row.counties or "").split(BETWEEN), key=folded)),
                contact=(row.contact or "") if sees_people else "",
                looked=days[row.verified_on],
                heard="" if heard is None else _heard_words(heard.get(row.id)),
                is_old=needs_a_look(row.verified_on or local_day(row.created_at, time_zone), today),
            )
        )
    return lines


def _heard_words(day: date | None) -> str:
    if day is None:
        return _("No contact so far")
    return _("Last contact on %(day)s", day=medium_day(day))


def _selects(membership: Membership, filters: Filters) -> list[tuple[str, str, Markup]]:
    """Returns (name, label, options as HTML) of each select of the filters."""
    words = content()
    levels = [(NO_LEVEL, _("Not given yet")), *((str(each.value), level_words(each)) for each in Level)]
    found: list[tuple[str, str, str, Iterable[tuple[str, str]]]] = [
        ("group", _("Sector group"), _("All"), [(each.key, each.name) for each in words.sector_groups]),
        ("sector", _("Sector"), _("All sectors"), [(each.key, each.name) for each in words.sectors]),
        ("level", _("Relationship"), _("Any"), levels),
        ("area", _("Focus area"), _("All areas"), [(each.key, each.name) for each in words.areas]),
        (
            "discipline",
            _("Discipline"),
            _("All"),
            [(d.key, d.name) for d in words.organization_disciplines()],
        ),
        ("county", _("County"), _("All"), organizations_queries.values_of(membership, TagKind.COUNTY)),
        ("language", _("Language"), _("All"), organizations_queries.values_of(membership, TagKind.LANGUAGE)),
    ]
    asked = [(each, getattr(filters, each[0])) for each in found]
    return [
        (name, label, options_of([("", nothing), *_with_own(choices, chosen)], chosen))
        for (name, label, nothing, choices), chosen in asked
    ]


def _with_own(choices: Iterable[tuple[str, str]], own: str) -> list[tuple[str, str]]:
    """Returns the choices, plus the value in the address if it is no longer one of them."""
    found = list(choices)
    return found if not own or own in dict(found) else [*found, (own, own)]
