"""Selects the list of organizations: the filters in the address, and the matching rows."""

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from msgspec import Struct

from engage.clock import start_of_day
from engage.coalitions.inactive_rules import inactive_since
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.database import Selection, UtcDateTime, along, folded
from engage.extensions import db
from engage.partners.labels import level_words
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.rules import ContactPlace, Level, TagKind, year_before
from engage.web.lists import ListFilters, asked, enum_asked, key_asked, one_line, text_asked

PAGE_ROWS = 50
# The filter on levels uses this value for organizations without a level.
NO_LEVEL = "none"
_TAGS = {
    "discipline": TagKind.DISCIPLINE,
    "area": TagKind.AREA,
    "county": TagKind.COUNTY,
    "language": TagKind.LANGUAGE,
}


class OrganizationOrder(StrEnum):
    NAME = "name"
    LEVEL = "level"


class OrganizationFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored."""

    text: str = text_asked()
    group: str = key_asked(lambda: {each.key for each in content().sector_groups})
    sector: str = key_asked(lambda: {each.key for each in content().sectors})
    discipline: str = key_asked(lambda: {each.key for each in content().organization_disciplines()})
    area: str = key_asked(lambda: {each.key for each in content().areas})
    level: str = key_asked(lambda: {NO_LEVEL, *(str(each.value) for each in Level)})
    county: str = asked("", lambda text: folded(one_line(text)[:100]))
    language: str = asked("", lambda text: folded(one_line(text)[:100]))
    # These filters select organizations that no one has checked for a year, and those without a main contact.
    old: str = key_asked(lambda: {"yes"})
    alone: str = key_asked(lambda: {"yes"})
    # This selects organizations that no one, neither their people nor others, has heard from for the number
    # of days that the coalition set.
    quiet: str = key_asked(lambda: {"yes"})
    sort: OrganizationOrder = enum_asked(OrganizationOrder, OrganizationOrder.NAME)

    def without_people(self) -> "OrganizationFilters":
        """Returns the filters without those that reveal who has no contact, for readers who may not see people."""
        return self.with_(alone="", quiet="")

    @property
    def is_open(self) -> bool:
        """Returns whether any filter is set, apart from the search words."""
        return bool(self.args().keys() - {"text"})

    @property
    def is_narrow(self) -> bool:
        """Returns whether any filter is set, apart from the order."""
        return bool(self.args().keys() - {"sort"})


class OrganizationRow(Struct, frozen=True):
    """An organization in the list. `contact` is its main contact's name; `joined` are its counties."""

    id: int
    name: str
    sector: str
    level: int | None
    verified_on: date | None
    created_at: datetime
    contact: str | None
    joined: str | None

    @property
    def sector_name(self) -> str:
        return next((each.name for each in content().sectors if each.key == self.sector), self.sector)

    @property
    def level_words(self) -> str:
        return level_words(self.level)

    @property
    def counties(self) -> str:
        return ", ".join(sorted((self.joined or "").split(BETWEEN), key=folded))


# This separates the counties that the database joins; no form accepts it in a text.
BETWEEN = "\x1f"


# -- the filters as conditions of one statement

# The page number in the address is checked against this many rows, as long as the real number is unknown.
_ENOUGH = 10**9
# From this many conditions on, two queries for count and page took longer than one (measured with 5,000
# rows).
_SEVERAL = 3
# This expression is the same as in the index on places, so that SQLite answers from that index alone.
_IN_A_PLACE = Contact.place != sa.literal_column(f"'{ContactPlace.OTHER}'")
_Condition = sa.ColumnElement[bool]


def _tagged(coalition_id: int, filters: OrganizationFilters) -> list[Selection]:
    """Returns a subquery of organization ids for each tag in the filters."""
    return [
        sa.select(OrganizationTag.organization_id).where(
            OrganizationTag.coalition_id == coalition_id,
            OrganizationTag.kind == kind,
            OrganizationTag.sort_key == value,
        )
        for name, kind in _TAGS.items()
        if (value := getattr(filters, name))
    ]


def _conditions(
    membership: Membership, filters: OrganizationFilters, today: date, lively: Collection[int] = ()
) -> list[_Condition]:
    """Returns the filters' conditions; the slow one, which reads another table for each row, is last."""
    found: list[_Condition] = [
        Organization.id.in_(tagged) for tagged in _tagged(membership.coalition_id, filters)
    ]
    if filters.group:
        sectors = [each.key for each in content().sectors if each.group == filters.group]
        found.append(Organization.sector.in_(sectors))
    if filters.sector:
        found.append(Organization.sector == filters.sector)
    if filters.level:
        level = None if filters.level == NO_LEVEL else int(filters.level)
        found.append(Organization.level.is_(None) if level is None else Organization.level == level)
    if filters.old:
        day = year_before(today)
        found.append(_is_old(day, start_of_day(day, membership.coalition.time_zone)))
    if filters.quiet:
        found.append(_is_inactive(membership, today, lively))
    for word in folded(filters.text).split()[:8]:
        found.append(Organization.search_key.contains(word, autoescape=True))
    if filters.alone:
        main = sa.exists().where(
            Contact.organization_id == Organization.id, Contact.place == ContactPlace.MAIN, _IN_A_PLACE
        )
        found.append(~main)
    return found


def _is_old(day: date | sa.BindParameter[date], begins: datetime | sa.BindParameter[datetime]) -> _Condition:
    """Returns the condition that an entry was last checked, or else added, before this day."""
    return sa.or_(
        Organization.verified_on < day,
        sa.and_(Organization.verified_on.is_(None), Organization.created_at < begins),
    )


def _is_inactive(membership: Membership, today: date, lively: Collection[int]) -> _Condition:
    """Returns the condition that an organization was not heard from; recently added ones are left out."""
    first = inactive_since(today, membership.coalition.quiet_days) + timedelta(days=1)
    return sa.and_(
        Organization.created_at < start_of_day(first, membership.coalition.time_zone),
        Organization.id.not_in(lively),
    )


def _count(membership: Membership, filters: OrganizationFilters, asked: list[_Condition]) -> int:
    count = sa.select(sa.func.count(Organization.id)).where(
        Organization.coalition_id == membership.coalition_id, *asked
    )
    match _tagged(membership.coalition_id, filters):
        case [tagged] if len(asked) == 1:
            # Each organization has a tag only once, so the tags' index alone gives the count.
            count = sa.select(sa.func.count()).select_from(tagged.subquery())
    return db.session.scalar(count) or 0


def _rows(
    coalition_id: int,
    asked: list[_Condition],
    order: OrganizationOrder,
    place: tuple[int, int] = (_ENOUGH, 0),
    *,
    counted: bool = False,
) -> Any:
    """Returns rows; `place` is how many and after how many.

    `counted` adds the number of all matches to each row, for orders in which the database reads every
    organization anyway.
    """
    most, skip = place
    by: tuple[Any, ...] = (Organization.sort_key, Organization.id)
    if order is OrganizationOrder.LEVEL:
        by = (sa.func.coalesce(Organization.level, -1).desc(), *by)
    # The limit is applied first, so that contacts and counties are looked up only for the rows of one page.
    page = (
        sa.select(Organization.id, *((sa.func.count().over().label("found"),) if counted else ()))
        .where(Organization.coalition_id == coalition_id, *asked)
        .order_by(*by)
        .limit(most)
        .offset(skip)
        .subquery()
    )
    counties = (
        sa.select(sa.func.aggregate_strings(OrganizationTag.value, BETWEEN))
        .where(OrganizationTag.organization_id == Organization.id, OrganizationTag.kind == TagKind.COUNTY)
        .scalar_subquery()
    )
    main = sa.and_(along(Contact.organization_id, Organization), Contact.place == ContactPlace.MAIN)
    rows = (
        sa.select(
            Organization.id,
            Organization.name,
            Organization.sector,
            Organization.level,
            Organization.verified_on,
            Organization.created_at,
            Contact.name.label("contact"),
            counties.label("joined"),
        )
        .outerjoin(Contact, main)
        .join(page, page.c.id == Organization.id)
        .order_by(*by)
    )
    return db.session.execute(rows.add_columns(page.c.found) if counted else rows)


# -- reads


def page_of(
    membership: Membership,
    filters: OrganizationFilters,
    today: date,
    page: Callable[[int], int],
    lively: Collection[int] = (),
) -> tuple[int, list[OrganizationRow]]:
    """Returns how many organizations match, and those of one page; `page` gives the page for that number.

    `lively` holds the ids of organizations that were heard from, for the filter on inactive ones.
    """
    coalition_id, asked = membership.coalition_id, _conditions(membership, filters, today, lively)
    if asked and (len(asked) >= _SEVERAL or filters.sort is OrganizationOrder.LEVEL):
        # No index has this order, and few have several conditions, so the database reads every organization
        # anyway; therefore one query gives both the page and the count. A page beyond the end has no row that
        # holds the count.
        read = _rows(coalition_id, asked, filters.sort, _place(page(_ENOUGH)), counted=True)
        lines = [dict(row._mapping) for row in read]
        counts = [line.pop("found") for line in lines]
        if lines:
            return counts[0], [OrganizationRow(**line) for line in lines]
    found = _count(membership, filters, asked)
    if not found:
        return 0, []
    rows = _rows(coalition_id, asked, filters.sort, _place(page(found)))
    return found, [OrganizationRow(**row._mapping) for row in rows]


def _place(page: int) -> tuple[int, int]:
    return PAGE_ROWS, (page - 1) * PAGE_ROWS


def everybody(membership: Membership) -> list[OrganizationRow]:
    """Returns every organization by name, for a printed list, in one query."""
    return [
        OrganizationRow(**row._mapping) for row in _rows(membership.coalition_id, [], OrganizationOrder.NAME)
    ]


# The statement is built once, because Home runs it.
_OLD_COUNT = sa.select(sa.func.count(Organization.id)).where(
    Organization.coalition_id == sa.bindparam("coalition_id"),
    _is_old(sa.bindparam("day", type_=sa.Date), sa.bindparam("begins", type_=UtcDateTime)),
)


def old_count(membership: Membership, today: date) -> int:
    """Returns the number of organizations that no one has checked for more than a year."""
    day = year_before(today)
    asked = {
        "coalition_id": membership.coalition_id,
        "day": day,
        "begins": start_of_day(day, membership.coalition.time_zone),
    }
    return db.session.scalar(_OLD_COUNT, asked) or 0


def values_of(membership: Membership, kind: TagKind) -> list[tuple[str, str]]:
    """Returns every county, language and so on that some organization has: (key for the search, text as written).

    It selects each once by jumping through the index; with thousands of tags, a DISTINCT would read them all.
    """
    of_kind = OrganizationTag.coalition_id == membership.coalition_id, OrganizationTag.kind == kind
    least = sa.func.min(OrganizationTag.sort_key)
    keys = sa.select(least.label("key")).where(*of_kind).cte("keys", recursive=True)
    following = sa.select(least).where(*of_kind, OrganizationTag.sort_key > keys.c.key).scalar_subquery()
    keys = keys.union_all(sa.select(following).where(keys.c.key.is_not(None)))
    as_written = (
        sa.select(OrganizationTag.value)
        .where(*of_kind, OrganizationTag.sort_key == keys.c.key)
        .limit(1)
        .scalar_subquery()
    )
    rows = sa.select(keys.c.key, as_written).where(keys.c.key.is_not(None)).order_by(keys.c.key).limit(300)
    return [(key, value) for key, value in db.session.execute(rows)]
