"""Builds the list of organizations, with its words and addresses."""

from collections.abc import Iterable, Mapping
from datetime import date

from flask import url_for
from markupsafe import Markup
from msgspec import Struct

from engage.clock import local_day
from engage.coalitions.inactive_rules import inactive_since
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.dates import medium_day
from engage.i18n import gettext as _
from engage.partners.labels import level_words
from engage.partners.organizations import queries as organizations_queries
from engage.partners.organizations.queries import (
    NO_LEVEL,
    PAGE_ROWS,
    OrganizationFilters,
    OrganizationOrder,
    OrganizationRow,
)
from engage.partners.rules import Level, TagKind, needs_a_look
from engage.web.lists import Pages, options_of, pages_of


class DirectoryPage(Struct, frozen=True):
    rows: list[OrganizationRow]
    found: int
    filters: OrganizationFilters
    sees_people: bool
    pages: Pages
    # Each select is (name, label, options as HTML).
    selects: list[tuple[str, str, Markup]]
    # This says whether the coalition has no organizations at all.
    is_empty: bool
    today: date
    time_zone: str
    # The days on which organizations were last heard from, while the filter on inactive ones is set.
    heard: Mapping[int, date] | None

    def is_old(self, row: OrganizationRow) -> bool:
        return needs_a_look(row.verified_on or local_day(row.created_at, self.time_zone), self.today)

    def heard_words(self, row: OrganizationRow) -> str:
        day = (self.heard or {}).get(row.id)
        return _("Last contact on %(day)s", day=medium_day(day)) if day else _("No contact so far")


def directory_page(
    membership: Membership,
    filters: OrganizationFilters,
    today: date,
    asked: str,
    *,
    sees_people: bool,
    heard: Mapping[int, date],
) -> DirectoryPage:
    """Returns the page of the list that the address asks for, or the nearest one that exists.

    `heard` gives the day on which each organization was last heard from, for the filter on inactive ones.
    """
    first = inactive_since(today, membership.coalition.quiet_days)
    lively = {key for key, day in heard.items() if day >= first}

    def at(filters: OrganizationFilters, **more: object) -> str:
        return url_for("partners.index", **{**filters.args(), **more})

    def place(found: int) -> Pages:
        return pages_of(found, asked, lambda n: at(filters, page=n), PAGE_ROWS)

    found, rows = organizations_queries.page_of(
        membership, filters, today, lambda found: place(found).page, lively
    )
    return DirectoryPage(
        rows=rows,
        found=found,
        filters=filters,
        sees_people=sees_people,
        pages=place(found),
        selects=_selects(membership, filters),
        is_empty=not found and not filters.with_(sort=OrganizationOrder.NAME).args(),
        today=today,
        time_zone=membership.coalition.time_zone,
        heard=heard if filters.quiet else None,
    )


def _selects(membership: Membership, filters: OrganizationFilters) -> list[tuple[str, str, Markup]]:
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
